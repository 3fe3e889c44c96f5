//! Play, pause, step, scrub, speed.

use super::Clock;
use crate::{scene::ViewState, trace::Trace};
use std::rc::Rc;
use yew::prelude::*;

/// What [`Playback`] controls.
#[derive(Clone, Properties)]
pub struct PlaybackProps {
    /// The trace; compared by address.
    pub trace: Rc<Trace>,
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

impl PartialEq for PlaybackProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && self.view == other.view
            && self.clock == other.clock
            && self.reduced_motion == other.reduced_motion
            && self.on_view == other.on_view
    }
}

/// The controls, for a tool bar.
#[component]
pub fn Playback(props: &PlaybackProps) -> Html {
    let toggle = {
        let (view, clock, on_view) = (props.view, props.clock.clone(), props.on_view.clone());
        move |_| on_view.emit(ViewState { playing: !view.playing, playhead: clock.get(), ..view })
    };
    html! {
        <div class="playback" role="toolbar" aria-label="Playback">
            <button type="button" data-testid="play" onclick={toggle}>{ if props.view.playing { "Pause" } else { "Play" } }</button>
        </div>
    }
}
