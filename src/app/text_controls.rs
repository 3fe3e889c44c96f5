//! Small controls of the text strip.

use super::settings::Settings;
use yew::prelude::*;

/// What [`TextControls`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TextControlsProps {
    /// What is set.
    pub settings: Settings,
    /// Whether there is no text.
    pub empty: bool,
    /// Called with new settings.
    pub on_set: Callback<Settings>,
    /// Empties the text.
    pub on_clear: Callback<()>,
}

/// White space and clearing.
#[component]
pub fn TextControls(props: &TextControlsProps) -> Html {
    let (settings, on_set) = (props.settings, props.on_set.clone());
    html! {
        <>
            <button type="button" class="quiet" translate="no" data-testid="spaces" aria-pressed={settings.spaces.to_string()} aria-label="Show white space" title="Show white space"
                onclick={move |_| on_set.emit(Settings { spaces: !settings.spaces, ..settings })}>{ "¶" }</button>
            <button type="button" class="quiet" data-testid="clear" disabled={props.empty} title="Empty the text" onclick={props.on_clear.reform(|_| ())}>{ "Clear" }</button>
        </>
    }
}
