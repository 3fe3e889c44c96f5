//! The picture.

use super::Clock;
use crate::{
    scene::{ViewState, theme::Theme},
    trace::Trace,
};
use std::rc::Rc;
use yew::prelude::*;

/// What [`FlowView`] shows.
#[derive(Clone, Properties)]
pub struct FlowProps {
    /// The trace; compared by address, so hand the same `Rc` while it is the same trace.
    pub trace: Rc<Trace>,
    /// Selection and playback.
    pub view: ViewState,
    /// Light or dark.
    #[prop_or_default]
    pub theme: Theme,
    /// Keep ribbons, stop dots.
    #[prop_or_default]
    pub reduced_motion: bool,
    /// The playhead, shared with [`super::Playback`].
    pub clock: Clock,
    /// Called with the whole new state when somebody selects, steps or pauses.
    pub on_view: Callback<ViewState>,
}

impl PartialEq for FlowProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && self.view == other.view
            && self.theme == other.theme
            && self.reduced_motion == other.reduced_motion
            && self.clock == other.clock
            && self.on_view == other.on_view
    }
}

/// The flow picture. It fills the width and height of its parent (give the parent a height).
#[component]
pub fn FlowView(props: &FlowProps) -> Html {
    let label = format!("{} tokens through {} layers", props.trace.len(), props.trace.layers.len());
    html! {
        <figure class="flow">
            <canvas class="flow-canvas" data-testid="flow-canvas" tabindex="0" role="application" aria-label={label} />
            <figcaption class="flow-caption" data-testid="flow-caption" />
        </figure>
    }
}
