//! The screen as a component: owns state and wire, and paints the curves when something changed.

use super::action::Act;
use super::file::Chosen;
use super::leave_guard::Leave;
use super::link_echo::Echo;
use super::pace::PaintPace;
use super::paint::{Painting, SHEETS};
use super::rate::Rate;
use super::side_panel::{self, FlowNeeds};
use super::state::TrainState;
use super::trainer::act_of;
use super::{branches, keys, panel, prompts, run_store, toolbar};
use crate::app::action::Action;
use crate::app::deferred::Deferred;
use crate::app::download;
use crate::app::flow::Clock;
use crate::app::notice::Notices;
use crate::app::shared::Shared;
use crate::app::wire::Wire;
use crate::app::worker::EngineTask;
use crate::messages::lab;
use crate::protocol::DeviceChoice;
use crate::run::protocol::LabEvent;
use crate::scene::{ViewState, theme::Theme};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::{AnimationFrame, request_animation_frame};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, KeyboardEvent, ResizeObserver};
use yew::prelude::*;

/// What [`Lab`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct LabProps {
    /// Whether this is the screen that is shown.
    pub shown: bool,
    /// The settings in the address.
    pub link: String,
    /// The wanted device.
    pub device: DeviceChoice,
    /// Light or dark.
    pub theme: Theme,
    /// Whether things may move.
    pub reduced_motion: bool,
    /// What was opened last for this screen.
    pub given: Option<Shared<Chosen>>,
    /// Takes what is the page's: files to open, the settings for the address, a model to explore.
    pub dispatch: Callback<Action>,
}

/// What happens to the screen.
#[derive(Debug)]
pub enum Msg {
    /// To the state.
    Act(Act),
    /// The browser paints.
    Frame(f64),
    /// The size changed.
    Resize,
    /// The pointer went down, moved or up on the curves.
    Down(PointerEvent),
    /// It moved.
    Move(PointerEvent),
    /// It is up.
    Up,
    /// A key that no control wants.
    Key(KeyboardEvent),
    /// Selection in the probe's flow.
    View(ViewState),
    /// The browser keeps no copy of the run, for that reason.
    Refused(String),
}

/// The screen.
pub struct Lab {
    pub(super) state: TrainState,
    pub(super) wire: Wire<LabEvent>,
    clock: Clock,
    pub(super) view: ViewState,
    echo: Echo,
    /// While leaving loses something.
    leave: Option<Leave>,
    /// Whether the browser's copy of the last run was looked for.
    pub(super) looked: bool,
    /// Whether the browser refused to keep a copy.
    pub(super) refused: bool,
    pub(super) frame: NodeRef,
    /// The ruler's canvas, and those of the curves.
    pub(super) sheets: [NodeRef; SHEETS],
    pub(super) painting: Painting,
    pending: Option<AnimationFrame>,
    pace: PaintPace,
    rate: Rate,
    /// Parts of the right column that are of the run. They follow the curves one by one: all at once would hold up the page.
    beside: usize,
    dragging: bool,
    /// Whether the next frame is left to the browser, which has every colour of the page to change.
    recoloured: bool,
    pub(super) fault: Option<String>,
    /// The id of the element that gets the keyboard when it is there.
    pub(super) focus: Option<String>,
    /// The page's number, under which its run is kept.
    pub(super) page: u64,
    watch: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    /// Makes the curves for paper.
    pub(super) on_paper: Callback<(), String>,
    _listeners: [EventListener; 4],
}

impl Component for Lab {
    type Message = Msg;
    type Properties = LabProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let state = TrainState::from_link(&props.link, props.device);
        let document = gloo::utils::document();
        let (keys, tab) = (ctx.link().clone(), ctx.link().clone());
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
        let (page, window, left) = (run_store::page(), gloo::utils::window(), ctx.link().clone());
        let listeners = [
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    keys.send_message(Msg::Key(event.clone()));
                }
            }),
            EventListener::new(&document, "visibilitychange", move |_| {
                tab.send_message(Msg::Act(Act::Hidden(gloo::utils::document().hidden())));
            }),
            EventListener::new(&window, "pagehide", move |_| {
                run_store::hand_on(page);
                left.send_message(Msg::Act(Act::Hidden(true)));
            }),
            EventListener::new(&window, "pageshow", |_| run_store::take_back()),
        ];
        Self {
            echo: Echo::new(&props.link),
            leave: None,
            looked: false,
            refused: false,
            state,
            wire: Wire::new(EngineTask::Train, ctx.link().callback(|signal| Msg::Act(act_of(signal)))),
            clock: Clock::default(),
            view: ViewState { playing: !props.reduced_motion, ..ViewState::default() },
            frame: NodeRef::default(),
            sheets: Default::default(),
            painting: Painting::default(),
            pending: None,
            pace: PaintPace::default(),
            rate: Rate::default(),
            beside: 0,
            dragging: false,
            recoloured: false,
            fault: None,
            focus: None,
            page,
            watch: None,
            on_paper: Self::on_paper(ctx),
            _listeners: listeners,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &LabProps) -> bool {
        let new = ctx.props();
        if new.shown && !old.shown {
            self.act(ctx, Act::Open);
        }
        if new.device != old.device {
            self.act(ctx, Act::Device(new.device));
        }
        if new.link != old.link && self.echo.foreign(&new.link) {
            self.act(ctx, Act::Link(new.link.clone()));
        }
        if new.given != old.given {
            self.given(ctx);
        }
        self.recoloured |= new.theme != old.theme;
        self.pace.hurry();
        self.ask(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            // The trainer tells more often than anybody can read: the next painting shows it.
            Msg::Act(Act::Event(event)) if is_routine(&event) => {
                self.act(ctx, Act::Event(event));
                return false;
            }
            Msg::Act(act) => return self.act(ctx, act) && ctx.props().shown,
            Msg::Frame(now) => return self.paint(ctx, now),
            Msg::Resize => {
                // The browser also tells the size that a place begins with.
                if self.place().is_some_and(|size| !self.painting.fits(size)) {
                    self.pace.hurry();
                    self.ask(ctx);
                }
                return false;
            }
            Msg::Down(event) => {
                self.dragging = true;
                if let Some(target) = event.target_dyn_into::<Element>() {
                    let _ = target.set_pointer_capture(event.pointer_id());
                }
                self.scrub(ctx, event.offset_x());
                return false;
            }
            Msg::Move(event) => {
                if self.dragging {
                    self.scrub(ctx, event.offset_x());
                }
                return false;
            }
            Msg::Up => self.dragging = false,
            Msg::Key(event) => return ctx.props().shown && self.key(ctx, &event),
            Msg::View(view) => self.view = view,
            Msg::Refused(why) if !std::mem::replace(&mut self.refused, true) => {
                self.act(ctx, Act::Fault(lab::not_kept(why)));
            }
            Msg::Refused(_) => {}
        }
        ctx.props().shown
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let on = ctx.link().callback(Msg::Act);
        let on_files = props.dispatch.reform(Action::Files);
        if !props.shown {
            return html! { <main class="screen" hidden={true} /> };
        }
        let flow = FlowNeeds {
            theme: props.theme,
            reduced_motion: props.reduced_motion,
            clock: &self.clock,
            view: self.view,
            on_view: ctx.link().callback(Msg::View),
        };
        html! {
            <main class="screen lab" data-testid="lab">
                <button type="button" class="button skip" data-testid="lab-skip" onclick={|_| keys::focus(keys::MAIN)}>
                    { lab::skip() }</button>
                <Deferred frames={1}>{ panel::view(&self.state, &on, &on_files) }</Deferred>
                <section class="lab-middle" data-tour="lab-middle">
                    <div class="docks lab-docks">
                        <Notices notices={self.state.notices.clone()} on_dismiss={on.reform(Act::Dismiss)} />
                    </div>
                    { prompts::view(&self.state, &on) }
                    { branches::view(&self.state, &on) }
                    { self.curves(ctx, &on) }
                </section>
                { side_panel::view(&self.state, self.beside, &on, flow) }
                { toolbar::view(&self.state, &on, &on_files) }
            </main>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && ctx.props().shown {
            ctx.link().send_message(Msg::Act(Act::Open));
        }
        if first {
            self.given(ctx);
        }
        if let Some(id) = self.focus.take()
            && (id == keys::PLAN || keys::nobody_types())
        {
            keys::focus(&id);
        }
        match (self.frame.cast::<Element>(), &self.watch) {
            (Some(frame), None) => {
                let link = ctx.link().clone();
                let resized = Closure::new(move || link.send_message(Msg::Resize));
                if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
                    observer.observe(&frame);
                    self.watch = Some((observer, resized));
                }
            }
            (None, Some(_)) => {
                self.unwatch();
                self.painting = Painting::default();
            }
            _ => return,
        }
        self.pace.hurry();
        self.ask(ctx);
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.unwatch();
    }
}

/// Whether training brings such an event all the time, so that it can wait for the next words.
fn is_routine(event: &LabEvent) -> bool {
    use LabEvent::{Probe, Recorded, Sample, Saved, Steps};
    matches!(event, Steps { .. } | Probe { .. } | Sample { .. } | Recorded { .. } | Saved { .. })
}

impl Lab {
    fn unwatch(&mut self) {
        if let Some((observer, _)) = self.watch.take() {
            observer.disconnect();
        }
    }

    /// Does it. Whether the words must change at once.
    pub(super) fn act(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        let visitor = !matches!(act, Act::Event(_));
        let moves = matches!(act, Act::Seek(_) | Act::Walk(_));
        match (moves, visitor) {
            (true, _) => {
                self.painting.at_once();
                self.pace.moved();
            }
            (false, true) => self.pace.hurry(),
            (false, false) => self.pace.told(),
        }
        for out in self.state.apply(act) {
            self.out(ctx, out);
        }
        if self.state.run.is_none() {
            self.beside = 0;
        }
        if !self.state.trains() {
            self.rate.forget();
            self.state.rate = None;
        }
        if visitor {
            self.state.shown = Some(self.state.newest());
        }
        let link = self.state.link();
        if self.echo.tells(&link, &ctx.props().link) {
            ctx.props().dispatch.emit(Action::Run(link));
        }
        if self.state.unsaved != self.leave.is_some() {
            self.leave = self.state.unsaved.then(Leave::new);
        }
        self.ask(ctx);
        !moves
    }

    fn scrub(&mut self, ctx: &Context<Self>, x: i32) {
        if let Some(step) = self.painting.step(x as f32) {
            self.act(ctx, Act::Seek(Some(step)));
        }
    }

    /// Whether the key was wanted and the words must change at once.
    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        let Some(act) = keys::act(&self.state, event) else { return false };
        event.prevent_default();
        self.act(ctx, act)
    }

    /// Asks for a frame, unless one is on its way.
    fn ask(&mut self, ctx: &Context<Self>) {
        if self.pending.is_none() && ctx.props().shown {
            let link = ctx.link().clone();
            self.pending = Some(request_animation_frame(move |now| link.send_message(Msg::Frame(now))));
        }
    }

    /// Paints the curves, new steps not in every frame. Whether the words must change too.
    fn paint(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.pending = None;
        if std::mem::take(&mut self.recoloured) {
            self.ask(ctx);
            return false;
        }
        let due = self.pace.frame(now, self.painting.unfinished());
        if due.news {
            self.state.shown = Some(self.state.newest());
            self.state.rate = self.rate.seen(now, self.state.done);
        }
        if due.words && self.state.run.is_some() && self.beside < side_panel::PARTS {
            self.beside += 1;
            self.pace.told();
            self.ask(ctx);
        }
        if due.paint {
            self.draw();
        }
        let fault = match self.curves_painted(ctx.props().theme) {
            Some(Err(error)) => Some(download::words(error)),
            Some(Ok(())) => None,
            None => self.fault.clone(),
        };
        if due.again || self.painting.unfinished() {
            self.ask(ctx);
        }
        let changed = fault != self.fault;
        self.fault = fault;
        due.words || changed
    }
}
