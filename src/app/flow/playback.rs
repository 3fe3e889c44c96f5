//! Play, pause, step, scrub, speed.
//!
//! The scrubber has a place for each token, and its knob is on the selected one, whatever flies meanwhile. With reduced
//! motion nothing flies: playing then steps from stop to stop, a token in a layer at a time.

use super::Clock;
use crate::app::shared::Shared;
use crate::messages::explore;
use crate::{
    scene::{ViewState, select},
    trace::Trace,
};
use gloo::timers::callback::Interval;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Milliseconds between two stops with reduced motion, at speed 1.
const STOP: f32 = 1_200.0;
/// Speeds to choose from, with their names.
const SPEEDS: [(f32, &str); 5] = [(0.25, "¼×"), (0.5, "½×"), (1.0, "1×"), (2.0, "2×"), (4.0, "4×")];

/// What [`Playback`] controls.
#[derive(Clone, PartialEq, Properties)]
pub struct PlaybackProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// Selection and playback.
    pub view: ViewState,
    /// The playhead, shared with [`super::FlowView`].
    pub clock: Clock,
    /// Dots do not move: playing steps from token to token instead.
    #[prop_or_default]
    pub reduced_motion: bool,
    /// Called with the whole new state.
    pub on_view: Callback<ViewState>,
}

/// What somebody does to a control, or time does.
#[derive(Debug)]
pub enum Msg {
    /// Play or pause.
    Toggle,
    /// One token back.
    Back,
    /// One token on.
    Token,
    /// One layer on.
    Layer,
    /// The knob was moved to another token.
    Scrub(InputEvent),
    /// A speed was chosen.
    Speed(Event),
    /// Time for the next stop.
    Tick,
}

/// The controls, for a tool bar.
pub struct Playback {
    scrub: NodeRef,
    timer: Option<Interval>,
}

impl Component for Playback {
    type Message = Msg;
    type Properties = PlaybackProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { scrub: NodeRef::default(), timer: timer(ctx) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &PlaybackProps) -> bool {
        let (new, old) = ((ctx.props().view, ctx.props().reduced_motion), (old.view, old.reduced_motion));
        if (new.0.playing, new.0.speed, new.1) != (old.0.playing, old.0.speed, old.1) {
            self.timer = timer(ctx);
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let PlaybackProps { trace, clock, on_view, .. } = ctx.props();
        let view = ViewState { playhead: clock.get(), ..ctx.props().view };
        let next = match msg {
            Msg::Toggle => Some(ViewState { playing: !view.playing, ..view }),
            Msg::Back => Some(select::last_token(trace, view)),
            Msg::Token => Some(select::next_token(trace, view)),
            Msg::Layer => Some(select::next_stop(trace, view)),
            Msg::Scrub(event) => {
                let value = event.target_dyn_into::<HtmlInputElement>().map(|input| input.value_as_number());
                // A float becomes the nearest whole number, and what is none becomes 0.
                value.map(|value| select::token(trace, view, value.round() as usize))
            }
            Msg::Speed(event) => {
                let select = event.target_dyn_into::<HtmlSelectElement>();
                let speed = select.and_then(|select| select.value().parse().ok());
                speed.map(|speed| ViewState { speed, ..view })
            }
            Msg::Tick => Some(ViewState { playing: true, ..select::next_stop(trace, view) }),
        };
        if let Some(next) = next {
            // The state may hold this playhead already, while the clock went on from it.
            clock.set(next.playhead);
            on_view.emit(next);
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let PlaybackProps { trace, view, .. } = ctx.props();
        let link = ctx.link();
        let button = |id: &'static str, name: &'static str, sign: &'static str, msg: fn() -> Msg| {
            html! {
                <button type="button" class="playback-button" data-testid={id} aria-label={name} title={name}
                    disabled={trace.is_empty()} onclick={link.callback(move |_: MouseEvent| msg())}>
                    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={sign} fill="currentColor"/></svg>
                </button>
            }
        };
        let play = if view.playing {
            button("play", explore::playback_pause(), "M4 3h3v10H4zM9 3h3v10H9z", || Msg::Toggle)
        } else {
            button("play", explore::playback_play(), "M4 2.5v11l9-5.5z", || Msg::Toggle)
        };
        let said = explore::token_of(view.token + 1, trace.len());
        html! {
            <div class="playback" role="group" aria-label={explore::playback()}>
                { play }
                { button("step-back", explore::playback_back(), "M12 3v10L5 8zM3 3h2v10H3z", || Msg::Back) }
                { button("step-token", explore::playback_token(), "M4 3v10l7-5zM11 3h2v10h-2z", || Msg::Token) }
                { button("step-layer", explore::playback_layer(), "M2 3v10l5-5zM8 3v10l5-5zM13 3h1.5v10H13z", || Msg::Layer) }
                <input type="range" class="playback-scrub" data-testid="scrub" ref={&self.scrub} aria-label={explore::playback_place()}
                    aria-valuetext={said} min="0" max={trace.len().saturating_sub(1).to_string()} step="1" disabled={trace.is_empty()}
                    oninput={link.callback(Msg::Scrub)} />
                <select class="playback-speed" translate="no" data-testid="speed"
                    aria-label={explore::playback_speed()} onchange={link.callback(Msg::Speed)}>
                    { for SPEEDS.iter().map(|(speed, name)| html! {
                        <option value={speed.to_string()} selected={*speed == view.speed}>{ *name }</option>
                    }) }
                </select>
            </div>
        }
    }

    /// Puts the knob on the selection: only now does the scrubber have the length of this trace.
    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if let Some(input) = self.scrub.cast::<HtmlInputElement>() {
            input.set_value_as_number(ctx.props().view.token as f64);
        }
    }
}

/// A timer while playing steps: what moves is the picture's own.
fn timer(ctx: &Context<Playback>) -> Option<Interval> {
    let PlaybackProps { view, reduced_motion, .. } = ctx.props();
    let pause = (STOP / view.speed.clamp(0.1, 10.0)) as u32;
    let link = ctx.link().clone();
    (view.playing && *reduced_motion).then(|| Interval::new(pause, move || link.send_message(Msg::Tick)))
}
