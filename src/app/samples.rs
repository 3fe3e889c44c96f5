//! Texts to try, in the languages of the corpus, and one long enough that experts with a capacity overflow; written for this
//! page.

use super::action::Action;
use super::context::use_dispatch;
use super::menu::Menu;
use super::translate::prose;
use crate::messages::explore;
use serde::Deserialize;
use yew::prelude::*;

/// Bundled with the code: they are small, and a menu must not wait.
const SAMPLES: &str = include_str!("../../assets/samples/samples.json");

/// A text to try.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sample {
    /// Its language or domain.
    pub name: String,
    /// The text.
    pub text: String,
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    serde_json::from_str(SAMPLES).unwrap_or_default()
}

/// The longest of them, long enough that experts with a capacity overflow.
pub fn longest() -> Option<Sample> {
    samples().into_iter().max_by_key(|sample| sample.text.len())
}

/// The menu.
#[component]
pub fn Samples() -> Html {
    let dispatch = use_dispatch();
    let samples = use_memo((), |()| samples());
    let item = |(i, sample): (usize, &Sample)| {
        let text = sample.text.clone();
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Load(text.clone()));
        let start: String = sample.text.chars().take_while(|c| *c != '\n').take(44).collect();
        html! {
            <button key={i} type="button" class="menu-item" data-testid={format!("sample-{}", i + 1)} {onclick}>
                { prose(&sample.name) }<small translate="no">{ start }</small></button>
        }
    };
    html! {
        <Menu testid="samples" class="quiet" label={html! { { explore::samples() } }}>
            <div class="sample-list">{ for samples.iter().enumerate().map(item) }</div>
        </Menu>
    }
}

/// The same as a row of buttons, for where there is no text yet.
#[component]
pub fn SampleRow() -> Html {
    let dispatch = use_dispatch();
    let samples = use_memo((), |()| samples());
    let item = |(i, sample): (usize, &Sample)| {
        let text = sample.text.clone();
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Load(text.clone()));
        let testid = format!("start-{}", i + 1);
        html! { <button key={i} type="button" class="button" data-testid={testid} {onclick}>{ prose(&sample.name) }</button> }
    };
    html! { <div class="sample-row">{ for samples.iter().enumerate().map(item) }</div> }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bundled_samples_can_be_read() {
        let samples = super::samples();
        assert_eq!(samples.len(), 12);
        assert!(samples.iter().all(|sample| !sample.name.is_empty() && !sample.text.trim().is_empty()));
    }
}
