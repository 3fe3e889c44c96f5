//! The compare screen: several models route the same text.
//!
//! From top to bottom: the models; the text's way through each of them; where they differ, token by token; numbers; the
//! block of each, drawn to scale; how their losses fell; and what all trained methods reach. One selection of token and
//! layer goes through all of it.

mod comparison;
mod difference;
mod flows;
mod numbers;
mod picker;
mod with;

pub use comparison::{Comparison, Routed};
pub use with::{With, is_name};

use super::figure::Figure;
use super::results::Results;
use super::settings::{Look, Settings};
use super::state::State;
use crate::scene::{ViewState, theme::Theme};
use difference::DifferenceRow;
use flows::Flows;
use numbers::Numbers;
use picker::Picker;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
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
    /// Called with other models.
    pub on_with: Callback<With>,
    /// Called with a new selection or playback state.
    pub on_view: Callback<ViewState>,
    /// Called with new settings.
    pub on_set: Callback<Settings>,
    /// Called with a layer and a token.
    pub on_layer_token: Callback<(usize, usize)>,
}

impl PartialEq for CompareProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
            && (self.theme, self.reduced_motion) == (other.theme, other.reduced_motion)
    }
}

/// The screen's sections: where their buttons lead, and their names.
const SECTIONS: [(&str, &str); 4] =
    [("compare-flows", "Side by side"), ("figure", "One block"), ("curves", "Curves"), ("results", "Results")];

/// The screen.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let (state, theme) = (&props.state, props.theme);
    let comparison = &state.comparison;
    let routed = comparison.routed().into_iter().filter(|routed| !routed.trace.is_empty() && !state.text.is_empty());
    let routed: Rc<Vec<Routed>> = Rc::new(routed.cloned().collect());
    let view =
        ViewState { layer: state.view.layer.min(comparison.layers().saturating_sub(1)), expert: None, ..state.view };
    let table = state.settings.look == Look::Table;
    let on_select = props.on_layer_token.clone();
    let faults = comparison.with.names().iter().filter_map(|name| {
        let why = comparison.faults.get(name)?;
        Some(html! { <p key={name.clone()} class="notice notice-fault" role="alert" data-testid={format!("fault-{name}")}><span>{ format!("{why} The others are shown.") }</span></p> })
    });
    let lead = |(target, name): (&'static str, &'static str)| {
        html! { <button type="button" class="quiet" data-testid={format!("to-{target}")} onclick={move |_| show(target)}>{ name }</button> }
    };
    let status = match state.text.is_empty() {
        true => "Write a text above: every model routes the same.".to_owned(),
        false => picker::status(comparison, state.ready()),
    };
    html! {
        <main class="screen compare" data-testid="compare">
            <div class="compare-head">
                <Picker with={comparison.with.clone()} {status} on_with={props.on_with.clone()} />
                <nav class="compare-nav" aria-label="Sections">
                    { for SECTIONS.into_iter().map(lead) }
                    <super::header::ViewSwitch settings={state.settings} on_set={props.on_set.clone()} />
                </nav>
            </div>
            { for faults }
            if !table { <Flows routed={routed.clone()} {view} {theme} reduced_motion={props.reduced_motion} on_view={props.on_view.clone()} /> }
            <DifferenceRow routed={routed.clone()} layer={view.layer} token={view.token} {theme} {table} on_select={on_select.clone()} />
            <Numbers routed={routed.clone()} layer={view.layer} />
            <Figure with={comparison.with.clone()} {routed} layer={view.layer} token={view.token} {theme} {table} {on_select} />
            <Results with={comparison.with.clone()} {theme} {table} />
        </main>
    }
}

/// Scrolls a section into view.
fn show(testid: &str) {
    let found = gloo::utils::document().query_selector(&format!("[data-testid=\"{testid}\"]")).ok().flatten();
    if let Some(section) = found.and_then(|section| section.dyn_into::<web_sys::HtmlElement>().ok()) {
        section.scroll_into_view();
        let _ = section.focus(); // For the keyboard; a section that takes none is no harm.
    }
}

/// Whether two lists hold the same answers.
pub(super) fn same(a: &Rc<Vec<Routed>>, b: &Rc<Vec<Routed>>) -> bool {
    let key = |one: &Routed| (one.name.clone(), Rc::as_ptr(&one.trace));
    a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| key(a) == key(b))
}
