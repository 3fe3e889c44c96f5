//! The keys, and what the picture means, in one docked panel.

use super::icon::Icon;
use super::translate::prose;
use yew::prelude::*;

/// What [`Help`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct HelpProps {
    /// Whether the train screen is shown, which has keys of its own.
    pub train: bool,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// Keys and what they do.
type Keys = &'static [(&'static str, &'static str)];

const ROUTES: Keys = &[
    ("← →", "token before, token after"),
    ("↑ ↓", "layer before, layer after"),
    ("Space", "play or pause"),
    ("1 … 9", "pick out the tokens of an expert, 1 2 those of E12; again lets go"),
    ("E", "edit the text"),
    ("V", "picture, table or method"),
    ("Esc", "back to the page; leaves tour, menus and this list"),
    ("?", "this list"),
];

const TRAINING: Keys = &[
    ("Space", "train or pause"),
    ("S", "train by one step"),
    ("← →", "recorded step before, after; with Shift, ten of them"),
    ("Home", "look at the beginning"),
    ("End", "follow the newest step"),
    ("B", "branch from the step that is looked at; again begins it"),
    ("Esc", "no branch; leaves menus and this list"),
    ("?", "this list"),
];

/// The keys.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let keys = if props.train { TRAINING } else { ROUTES };
    html! {
        <section class="help" data-testid="help-panel" aria-label="Keys">
            <h2>{ "Keys" }</h2>
            <dl>{ for keys.iter().map(|(key, what)| html! { <div><dt translate="no"><kbd>{ *key }</kbd></dt><dd>{ prose(what) }</dd></div> }) }</dl>
            <button type="button" class="quiet" aria-label="Close" data-testid="help-close" onclick={props.on_close.reform(|_| ())}><Icon name="close" /></button>
        </section>
    }
}
