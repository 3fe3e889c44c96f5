//! Small controls of the text strip.

use super::action::Action;
use super::browser;
use super::context::use_dispatch;
use super::settings::PageSettings;
use crate::messages::explore;
use yew::prelude::*;

/// What [`TextControls`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TextControlsProps {
    /// What is set.
    pub settings: PageSettings,
    /// Whether there is no text.
    pub empty: bool,
}

/// White space and clearing.
#[component]
pub fn TextControls(props: &TextControlsProps) -> Html {
    let (settings, dispatch) = (props.settings, use_dispatch());
    let spaces = dispatch.reform(move |_| Action::Set(PageSettings { spaces: !settings.spaces, ..settings }));
    let clear = dispatch.reform(|_| {
        browser::focus("[data-testid=\"text\"]"); // The button is of no use to an empty text, and loses the keyboard.
        Action::Load(String::new())
    });
    html! {
        <>
            <button type="button" class="quiet" translate="no" data-testid="spaces" aria-pressed={settings.spaces.to_string()}
                aria-label={explore::text_white_space()} title={explore::text_white_space()} onclick={spaces}>{ "¶" }</button>
            <button type="button" class="quiet" data-testid="clear" disabled={props.empty} title={explore::text_empty()}
                onclick={clear}>{ explore::text_clear() }</button>
        </>
    }
}
