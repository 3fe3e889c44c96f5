//! What the picture of a text's flow is given.

use super::Clock;
use crate::app::shared::Shared;
use crate::scene::{ViewState, theme::Theme};
use crate::trace::Trace;
use yew::prelude::*;

/// What [`super::FlowView`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct FlowProps {
    /// The trace.
    pub trace: Shared<Trace>,
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
