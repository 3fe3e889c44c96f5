//! The keys of a screen in one docked panel, from the table by which they work ([`keymap`]).

use super::action::Action;
use super::context::use_dispatch;
use super::icon::Icon;
use super::keymap::{self, Cap};
use super::settings::Screen;
use super::translate::prose;
use crate::messages::explore;
use yew::prelude::*;

/// What [`Help`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct HelpProps {
    /// Whose keys.
    pub screen: Screen,
}

/// The keys.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let close = use_dispatch().reform(|_: MouseEvent| Action::Help(false));
    let row = |(caps, words): (&'static [Cap], &str)| {
        html! { <div><dt translate="no">{ for caps.iter().map(|cap| html! { <kbd>{ cap.shown() }</kbd> }) }</dt>
        <dd>{ prose(words) }</dd></div> }
    };
    html! {
        <section class="help" data-testid="help-panel" aria-label={explore::keys()}>
            <h2>{ explore::keys() }</h2>
            <dl>{ for keymap::help(props.screen).map(row) }</dl>
            <button type="button" class="quiet" aria-label={explore::close()} data-testid="help-close"
                onclick={close}><Icon name="close" /></button>
        </section>
    }
}
