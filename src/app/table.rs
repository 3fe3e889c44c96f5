//! The table: the picture's twin for those who read rather than look, with every choice of every token.
//!
//! Long texts are shown a page at a time; the page follows the selected token.

use super::action::Action;
use super::context::use_dispatch;
use super::format::{choice_in, count, hue, token as token_name};
use super::shared::Shared;
use super::translate::prose;
use super::wide::Wide;
use crate::trace::{Choice, Trace};
use yew::prelude::*;

/// Tokens on a page.
const PAGE: usize = 50;

/// What [`TableView`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TableProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// The selected layer.
    pub layer: usize,
    /// The selected token.
    pub token: usize,
    /// The selected expert.
    pub expert: Option<usize>,
}

/// The table.
#[component]
pub fn TableView(props: &TableProps) -> Html {
    let dispatch = use_dispatch();
    let (trace, page) = (&*props.trace, props.token / PAGE);
    let pages = trace.len().div_ceil(PAGE);
    let (start, end) = (page * PAGE, ((page + 1) * PAGE).min(trace.len()));
    let turn = |to: Option<usize>, name: &'static str, testid: &'static str| {
        let layer = props.layer;
        let disabled = to.is_none_or(|to| to >= pages);
        let to = to.unwrap_or(0);
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Place(layer, to * PAGE));
        html! { <button type="button" class="button" {disabled} data-testid={testid} {onclick}>{ name }</button> }
    };
    let cell = |t: usize, l: usize| {
        let Some(layer) = trace.layers.get(l) else { return html! {} };
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Place(l, t));
        let on = t == props.token && l == props.layer;
        let chosen = layer.choices(t).map(|Choice { expert: e, weight, .. }| {
            let weight = weight.map(|weight| html! { <small>{ format!(" {weight:.2}") }</small> });
            let class = classes!(
                "pick",
                hue(e, layer.info.experts),
                (props.expert == Some(e) && props.layer == l).then_some("pick-on")
            );
            html! { <span {class}><i class="swatch" />{ choice_in(trace, l, e) }{ for weight }</span> }
        });
        html! {
            <td key={l} class={if on { "cell-on" } else { "" }}>
                <button type="button" aria-pressed={on.to_string()} data-testid={format!("cell-{}-{}", t + 1, l + 1)} {onclick}>
                    { for chosen }</button>
            </td>
        }
    };
    html! {
        <div class="table-view" data-testid="table">
            <Wide class="table-scroll" label="Every token's experts and weights">
                <table>
                    <caption>{ prose(&format!("Experts and weights of tokens {} to {} of {}", count(if end > 0 { start + 1 } else { 0 }), count(end), count(trace.len()))) }</caption>
                    <thead><tr><th scope="col" translate="no">{ "#" }</th><th scope="col">{ "Token" }</th>
                        { for (0..trace.layers.len()).map(|l| html! {
                            <th key={l} scope="col" class={if l == props.layer { "col-on" } else { "" }}>
                                { prose(&format!("Layer {}", l + 1)) }</th>
                        }) }</tr></thead>
                    <tbody translate="no">
                        { for (start..end).map(|t| html! {
                            <tr key={t} class={if t == props.token { "row-on" } else { "" }} data-testid={format!("row-{}", t + 1)}>
                                <td class="soft">{ count(t + 1) }</td><th scope="row">{ token_name(trace, t) }</th>
                                { for (0..trace.layers.len()).map(|l| cell(t, l)) }
                            </tr>
                        }) }
                    </tbody>
                </table>
            </Wide>
            if pages > 1 {
                <div class="pager">{ turn(page.checked_sub(1), "Earlier", "page-back") }
                    <span>{ prose(&format!("page {} of {pages}", page + 1)) }</span>
                    { turn(Some(page + 1), "Later", "page-next") }</div>
            }
        </div>
    }
}
