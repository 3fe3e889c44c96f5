//! The compare screen: several models route the same text.
//!
//! From top to bottom: the models; the text's way through each of them; where they differ, token by token; numbers; the
//! block of each, drawn to scale; how their losses fell; and what all trained methods reach. One selection of token and
//! layer goes through all of it.

mod curves;
mod difference;
pub mod figure;
mod flows;
mod numbers;
mod picker;
mod published;
mod results;

use super::action::Action;
use super::comparison::{Routed, With};
use super::context::{Dispatch, use_dispatch, use_page};
use super::deferred::Deferred;
use super::domain_select::{DomainSelect, is_told};
use super::flow::Clock;
use super::scene_view::Watch;
use super::settings::{self, PageSettings};
use crate::messages::compare as words;
use crate::scene::{ViewState, theme::Theme};
pub use published::{Fetch, Publish, Published};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

/// What [`Compare`] needs besides the state.
#[derive(Clone, PartialEq, Properties)]
pub struct CompareProps {
    /// Light or dark.
    pub theme: Theme,
    /// Whether things may move.
    pub reduced_motion: bool,
}

/// What the sections look at.
struct Look<'a> {
    with: &'a With,
    routed: &'a [&'a Routed],
    layer: usize,
    token: usize,
    width: f32,
    theme: Theme,
    table: bool,
    dispatch: &'a Dispatch,
}

/// Where the button of a section leads, and its name.
type Section = (&'static str, fn() -> &'static str);

/// The screen's sections.
const SECTIONS: [Section; 4] = [
    ("compare-flows", words::section_flows),
    ("figure", words::section_block),
    ("curves", words::section_curves),
    ("results", words::section_results),
];

/// The screen.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let (state, dispatch, theme) = (use_page(), use_dispatch(), props.theme);
    let comparison = &state.comparison;
    let (node, width) = use_measured();
    let clocks = use_memo((), |()| <[Clock; 3]>::default());
    let published = &state.published;
    let models: Vec<String> =
        state.models.iter().flat_map(|entries| entries.iter()).map(|entry| entry.name.clone()).collect();
    let routed = comparison.routed().into_iter().filter(|routed| !routed.trace.is_empty() && !state.text.is_empty());
    let routed: Vec<&Routed> = routed.collect();
    let view =
        ViewState { layer: state.view.layer.min(comparison.layers().saturating_sub(1)), expert: None, ..state.view };
    let look = Look {
        with: &comparison.with,
        routed: &routed,
        layer: view.layer,
        token: view.token,
        width,
        theme,
        table: state.settings.look == settings::Look::Table,
        dispatch: &dispatch,
    };
    let faults =
        comparison.with.names().iter().filter_map(|name| Some(flows::fault(name, comparison.faults.get(name)?)));
    let lead = |(target, name): Section| {
        let onclick = move |_: MouseEvent| show(target);
        html! { <button type="button" class="quiet" data-testid={format!("to-{target}")} {onclick}>{ name() }</button> }
    };
    let status = match state.text.is_empty() {
        true => words::no_text().to_owned(),
        false => picker::status(comparison, state.ready()),
    };
    html! {
        <main class="screen compare" data-testid="compare">
            <div class="compare-head">
                { picker::picker(&comparison.with, &models, status, &dispatch) }
                if routed.iter().any(|one| flows::order(&one.trace).is_some()) { { ahead(state.settings, &dispatch) } }
                if let Some(one) = routed.iter().find(|one| is_told(&one.trace)) {
                    <DomainSelect trace={one.trace.clone()} domains={one.card.domains()} settings={state.settings} />
                }
                <nav class="compare-nav" aria-label={words::sections()}>
                    { for SECTIONS.into_iter().map(lead) }
                    <super::header::ViewSwitch settings={state.settings} />
                </nav>
            </div>
            <div ref={node} />
            if !look.table {
                <Deferred frames={1}>{ flows::flows(props, (&state, &dispatch), &routed, view, &*clocks) }</Deferred>
            }
            <Deferred frames={2}>{ difference::section(&look) }</Deferred>
            <Deferred frames={3}><>{ numbers::section(&look) }if look.table { { for faults } }</></Deferred>
            <Deferred frames={4}>{ figure::section(&look, &published.files) }</Deferred>
            { match &published.results {
                None => said(words::results_loading().to_owned()),
                Some(Err(why)) => said(format!("{} {why} {}", words::results_missing(), words::results_reload())),
                Some(Ok(shown)) => html! { <>
                    <Deferred frames={5}>{ curves::section(&look, shown, published) }</Deferred>
                    <section class="part" data-testid="results" tabindex="-1" aria-label={words::section_results()}>
                        { for shown.tables.iter().zip(6..).map(|(table, frames)| html! {
                            <Deferred {frames}>{ results::told(table, look.with) }</Deferred>
                        }) }
                    </section>
                </> },
            } }
        </main>
    }
}

/// An element, and its width in pixels; 0 until it is known.
#[hook]
fn use_measured() -> (NodeRef, f32) {
    let (node, width) = (use_node_ref(), use_state(|| 0.0));
    {
        let (node, width) = (node.clone(), width.setter());
        use_effect_with((), move |()| {
            let watch = Watch::new(&node, move |now| width.set(now));
            move || drop(watch)
        });
    }
    (node, *width)
}

/// The switch between the published form of models that look ahead and their form for writing.
fn ahead(settings: PageSettings, dispatch: &Dispatch) -> Html {
    let change = dispatch.reform(move |_| Action::Set(PageSettings { ahead: !settings.ahead, ..settings }));
    html! {
        <label class="choice"><input type="checkbox" data-testid="compare-ahead" checked={settings.ahead} onchange={change} />
            <span>{ words::as_published() }<small>{ words::as_published_note() }</small></span></label>
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

/// In the place of the results.
fn said(words: String) -> Html {
    html! {
        <section class="part" data-testid="results" tabindex="-1">
            <p class="soft" data-testid="results-fault">{ words }</p></section>
    }
}
