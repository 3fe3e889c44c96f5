//! What the picture of a text's flow is given.

use super::Clock;
use crate::scene::{ViewState, theme::Theme};
use crate::trace::Trace;
use std::rc::Rc;
use yew::prelude::*;

/// What [`super::FlowView`] shows.
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
    /// Its name for tests and for its caption; more than one picture on a screen need names of their own.
    #[prop_or(AttrValue::Static("flow"))]
    pub name: AttrValue,
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
