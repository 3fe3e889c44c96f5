//! The compare screen: several models route the same text.

use crate::app::state::State;
use crate::scene::theme::Theme;
use std::rc::Rc;
use yew::prelude::*;

/// What [`Compare`] shows.
#[derive(Clone, Properties)]
pub struct CompareProps {
    /// The state.
    pub state: Rc<State>,
    /// Light or dark.
    pub theme: Theme,
    /// Whether things may move.
    pub reduced_motion: bool,
}

impl PartialEq for CompareProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
            && (self.theme, self.reduced_motion) == (other.theme, other.reduced_motion)
    }
}

/// The screen.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let _ = props;
    html! { <main class="screen" data-testid="compare"></main> }
}
