//! The train screen: a small model learns to route, live.

use crate::app::settings::Settings;
use crate::scene::theme::Theme;
use yew::prelude::*;

/// What [`Lab`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct LabProps {
    /// What is set.
    pub settings: Settings,
    /// Light or dark.
    pub theme: Theme,
    /// Whether things may move.
    pub reduced_motion: bool,
}

/// The screen.
#[component]
pub fn Lab(props: &LabProps) -> Html {
    let _ = props;
    html! { <main class="screen" data-testid="lab"></main> }
}
