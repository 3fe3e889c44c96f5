//! The keys, and what the picture means, in one docked panel.

use super::icon::Icon;
use yew::prelude::*;

/// What [`Help`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct HelpProps {
    /// Closes it.
    pub on_close: Callback<()>,
}

/// The keys.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let keys = [
        ("← →", "token before, token after"),
        ("↑ ↓", "layer before, layer after"),
        ("Space", "play or pause"),
        ("1 … 9", "pick out the tokens of an expert; again lets go"),
        ("E", "edit the text"),
        ("V", "picture, table or method"),
        ("Esc", "back to the page; leaves tour, menus and this list"),
        ("?", "this list"),
    ];
    html! {
        <section class="help" data-testid="help-panel" aria-label="Keys">
            <h2>{ "Keys" }</h2>
            <dl>{ for keys.iter().map(|(key, what)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></div> }) }</dl>
            <button type="button" class="quiet" aria-label="Close" data-testid="help-close" onclick={props.on_close.reform(|_| ())}><Icon name="close" /></button>
        </section>
    }
}
