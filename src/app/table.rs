//! The table: the picture's twin for those who read rather than look, with every choice of every token.
//!
//! Long texts are shown a page at a time; the page follows the selected token. Paper has all of them at once.

use super::action::Action;
use super::context::use_dispatch;
use super::format::{choice_in, count, hue, token as token_name};
use super::printing::{self, Paper};
use super::shared::Shared;
use super::translate::{marked, prose};
use super::wide::Wide;
use crate::messages::{explore, scene};
use crate::scene::svg::escape;
use crate::trace::{Choice, Trace};
use std::ops::Range;
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

/// What a table of these tokens holds.
fn caption(tokens: &Range<usize>, of: usize) -> String {
    let first = if tokens.is_empty() { 0 } else { tokens.start + 1 };
    explore::table_caption(first, tokens.end, of)
}

/// The table for paper, which has no pages to turn: its markup, with every word escaped.
fn on_paper(trace: &Trace) -> String {
    let tokens = 0..trace.len().min(printing::TOKENS);
    let heads = (1..=trace.layers.len()).map(|l| format!("<th>{}</th>", marked(&scene::layer(l))));
    let mut out = format!(
        "{}<table><caption>{}</caption><thead><tr><th>#</th><th>{}</th>{}</tr></thead><tbody translate=\"no\">",
        printing::left_out(trace.len()),
        marked(&caption(&tokens, trace.len())),
        marked(explore::table_token()),
        heads.collect::<String>()
    );
    for t in tokens {
        out += &format!("<tr><td class=\"soft\">{}</td><th>{}</th>", count(t + 1), escape(&token_name(trace, t)));
        for (l, layer) in trace.layers.iter().enumerate() {
            out += "<td>";
            for Choice { expert, weight, .. } in layer.choices(t) {
                let (hue, name) = (hue(expert, layer.info.experts), escape(&choice_in(trace, l, expert)));
                let weight = weight.map(|weight| format!("<small> {weight:.2}</small>")).unwrap_or_default();
                out += &format!("<span class=\"pick {hue}\"><i class=\"swatch\"></i>{name}{weight}</span> ");
            }
            out += "</td>";
        }
        out += "</tr>";
    }
    out + "</tbody></table>"
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
            <Paper class="paper paper-rows" make={let trace = props.trace.clone(); Callback::from(move |()| on_paper(&trace))} />
            <Wide class="table-scroll on-screen" label={explore::table()}>
                <table>
                    <caption>{ prose(&caption(&(start..end), trace.len())) }</caption>
                    <thead><tr><th scope="col" translate="no">{ "#" }</th><th scope="col">{ explore::table_token() }</th>
                        { for (0..trace.layers.len()).map(|l| html! {
                            <th key={l} scope="col" class={if l == props.layer { "col-on" } else { "" }}>
                                { prose(&scene::layer(l + 1)) }</th>
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
                <div class="pager">{ turn(page.checked_sub(1), explore::table_earlier(), "page-back") }
                    <span>{ prose(&explore::table_page(page + 1, pages)) }</span>
                    { turn(Some(page + 1), explore::table_later(), "page-next") }</div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    #[test]
    fn paper_has_every_token_or_says_which_are_left_out() {
        for (tokens, rows, missing) in
            [(1261, 1261, None), (2000, 2000, None), (2100, 2000, Some("Tokens 2,001 to 2,100"))]
        {
            let printed = on_paper(&sample::trace(tokens, 2, 4, 2));
            let plain = printed.replace("<span translate=\"no\">", "").replace("</span>", "");
            assert_eq!(printed.matches("<tr>").count(), rows + 1, "a row each, and the heads");
            assert!(plain.contains(&format!("tokens 1 to {} of {}", count(rows), count(tokens))));
            assert_eq!(missing.is_some(), plain.contains("are not on this paper"));
            assert!(missing.is_none_or(|missing| plain.contains(missing)));
        }
    }

    #[test]
    fn words_on_paper_are_no_markup() {
        let mut trace = sample::trace(1, 1, 2, 1);
        trace.tokens[0].text = "<b>&".into();
        let printed = on_paper(&trace);
        assert!(printed.contains("<th>&lt;b&gt;&amp;</th>"), "{printed}");
    }
}
