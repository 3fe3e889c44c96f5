//! Where the models differ, token by token: the picture of [`crate::scene::difference`], or the same as a table.

use super::{Look, Routed};
use crate::app::action::Action;
use crate::app::format::{self, choice_in};
use crate::app::models::catalog::title;
use crate::app::printing::{self, Paper};
use crate::app::scene_view::place;
use crate::app::shared::Shared;
use crate::app::translate::{marked, prose};
use crate::app::wide::Wide;
use crate::messages::compare as words;
use crate::scene::difference::{difference, initial, labelled, part, reference};
use crate::scene::{
    svg::{self, escape},
    theme::Theme,
};
use crate::trace::{
    Trace,
    agreement::{self, differences, first_choices, same_tokens},
};
use yew::prelude::*;

/// The section, once there is something to compare.
pub fn section(look: &Look<'_>) -> Html {
    let Some(first) = look.routed.first() else { return html! {} };
    let (shown, others): (Vec<&Routed>, Vec<&Routed>) =
        look.routed.iter().copied().partition(|one| same_tokens(&first.trace, &one.trace));
    let layers = look.routed.iter().map(|one| one.trace.layers.len()).max().unwrap_or(0);
    let tab = |l: usize| {
        let (dispatch, token) = (look.dispatch.clone(), look.token);
        let on = l == look.layer;
        html! {
            <button type="button" key={l} class={if on { "on" } else { "" }} aria-pressed={on.to_string()}
                data-testid={format!("difference-layer-{}", l + 1)} translate="no"
                onclick={move |_| dispatch.emit(Action::Place(l, token))}>{ l + 1 }</button>
        }
    };
    let tokens = first.trace.len();
    let range = part(tokens, look.token);
    let turn = |to: Option<usize>, name: &'static str, testid: &'static str| {
        let (dispatch, layer) = (look.dispatch.clone(), look.layer);
        let to = to.filter(|to| *to < tokens);
        html! {
            <button type="button" class="quiet" data-testid={testid} disabled={to.is_none()}
                onclick={move |_| dispatch.emit(Action::Place(layer, to.unwrap_or(0)))}>{ name }</button>
        }
    };
    // By their places among the chosen models: one that cannot be had keeps its letter.
    let label = |one: &&Routed| labelled(look.with.place(&one.name), title(&one.name));
    let labels: Vec<String> = shown.iter().map(label).collect();
    let models: Vec<(&str, &Trace)> =
        labels.iter().map(String::as_str).zip(shown.iter().map(|one| &*one.trace)).collect();
    let letter = |at: usize| models.get(at).map_or_else(String::new, |(label, _)| initial(label));
    let body = if look.table {
        table(&models, look)
    } else {
        let picture = difference(&models, look.layer, look.token, look.width.max(280.0));
        let svg = match look.width > 0.0 {
            true => Html::from_html_unchecked(svg::inline(&picture.scene, look.theme).into()),
            false => html! {},
        };
        let (dispatch, layer) = (look.dispatch.clone(), look.layer);
        let onclick = move |event: MouseEvent| {
            if let Some(token) = place(&event).and_then(|at| picture.hit(at)) {
                dispatch.emit(Action::Place(layer, token));
            }
        };
        html! { <div class="scene" data-testid="difference-picture" {onclick}><div class="on-screen">{ svg }</div></div> }
    };
    let paper = {
        let traces: Vec<(String, Shared<Trace>)> =
            labels.iter().cloned().zip(shown.iter().map(|one| one.trace.clone())).collect();
        let (layer, table, width) = (look.layer, look.table, look.width);
        Callback::from(move |()| on_paper(&traces, layer, (!table).then_some(width)))
    };
    html! {
        <section class="part" data-testid="difference" aria-label={words::difference()}>
            <div class="part-head"><h2>{ words::difference_head() }</h2>
                <div class="segments segments-small" role="group" aria-label={words::layer()}>
                    <span class="segments-name">{ words::layer() }</span>{ for (0..layers).map(tab) }</div>
                if tokens > range.len() {
                    <span class="soft small on-screen">
                        { prose(&words::difference_part(range.start + 1, range.end, tokens)) }</span>
                    { turn(range.start.checked_sub(1), words::earlier(), "difference-back") }
                    { turn(Some(range.end), words::later(), "difference-next") }
                }
            </div>
            <p class="part-lead">
                { prose(&match reference(&models) {
                    Some(_) if models.len() < 2 => words::difference_one().to_owned(),
                    Some(r) => words::difference_lead(letter(r)),
                    None => words::difference_dense().to_owned(),
                }) }
                if models.len() > 1 { { " " }{ prose(&words::difference_losses(letter(0))) } }
            </p>
            <div class="part-body">{ body }<Paper class="paper paper-rows" make={paper} /></div>
            { for others.iter().map(|one| html! {
                <p class="soft" data-testid="other-tokens">
                    { prose(&words::other_split(title(&one.name), one.trace.len())) }</p>
            }) }
        </section>
    }
}

/// A model's column of the table.
struct Column<'a> {
    name: &'a str,
    trace: &'a Trace,
    layer: usize,
    /// Each token's first expert.
    choices: Vec<u16>,
    /// Whether that differs from the reference; empty where the two cannot be compared.
    differs: Vec<bool>,
}

impl Column<'_> {
    /// A token's first expert in words, and whether it differs.
    fn choice(&self, token: usize) -> (String, bool) {
        let expert = match self.choices.get(token) {
            _ if self.trace.model.experts < 2 => words::all().to_owned(),
            Some(&agreement::NONE) => words::none().to_owned(),
            Some(&expert) => choice_in(self.trace, self.layer, usize::from(expert)),
            None => "–".to_owned(),
        };
        (expert, self.differs.get(token) == Some(&true))
    }

    /// A token's loss in nats.
    fn loss(&self, token: usize) -> String {
        self.trace.losses.get(token).copied().flatten().map_or_else(|| "–".to_owned(), format::signed)
    }
}

/// The columns of models in a layer.
fn columns<'a>(models: &[(&'a str, &'a Trace)], layer: usize) -> Vec<Column<'a>> {
    let base =
        reference(models).and_then(|r| models.get(r)).map(|(_, trace)| first_choices(trace, layer)).unwrap_or_default();
    let column = |(name, trace): &(&'a str, &'a Trace)| {
        let choices = first_choices(trace, layer);
        let comparable = trace.model.experts > 1 && choices.len() == base.len();
        let differs = if comparable { differences(&base, &choices) } else { vec![] };
        Column { name, trace, layer, choices, differs }
    };
    models.iter().map(column).collect()
}

/// The same in rows: each token, each model's first expert and loss.
fn table(models: &[(&str, &Trace)], look: &Look<'_>) -> Html {
    let Some((_, first)) = models.first() else { return html! {} };
    let layer = look.layer;
    let columns = columns(models, layer);
    let row = |t: usize| {
        let dispatch = look.dispatch.clone();
        let cells = columns.iter().map(|column| {
            let (expert, differs) = column.choice(t);
            html! {
                <>
                    <td class={if differs { "cell-differs" } else { "" }}>
                        { prose(&expert) }if differs { <small>{ format!(" {}", words::differs()) }</small> }</td>
                    <td translate="no">{ column.loss(t) }</td>
                </>
            }
        });
        html! {
            <tr key={t} class={if t == look.token { "row-on" } else { "" }}
                data-testid={format!("difference-row-{}", t + 1)}>
                <th scope="row" translate="no">
                    <button type="button" onclick={move |_| dispatch.emit(Action::Place(layer, t))}>
                        { format::token(first, t) }</button></th>
                { for cells }
            </tr>
        }
    };
    html! {
        <Wide class="wide-table on-screen" label={words::difference_table()}>
            <table class="numbers-table" data-testid="difference-table">
            <thead><tr><th scope="col">{ words::token() }</th>{ for columns.iter().map(|column| html! {
                <><th scope="col">{ column.name }</th><th scope="col">{ words::loss() }</th></>
            }) }</tr></thead>
            <tbody>{ for part(first.len(), look.token).map(row) }</tbody>
        </table></Wide>
    }
}

/// All tokens for paper, which has no parts to turn: pictures of that width below one another, or without one the table. It is
/// markup, with every word escaped.
fn on_paper(traces: &[(String, Shared<Trace>)], layer: usize, width: Option<f32>) -> String {
    let models: Vec<(&str, &Trace)> = traces.iter().map(|(label, trace)| (label.as_str(), &**trace)).collect();
    let Some((_, first)) = models.first() else { return String::new() };
    let tokens = first.len().min(printing::TOKENS);
    let mut out = printing::left_out(first.len());
    if let Some(width) = width {
        let mut next = 0;
        while next < tokens {
            out += &svg::inline(&difference(&models, layer, next, width.max(280.0)).scene, Theme::Light);
            next = part(first.len(), next).end;
        }
        return out;
    }
    let columns = columns(&models, layer);
    out += &format!("<table class=\"numbers-table\"><thead><tr><th>{}</th>", escape(words::token()));
    for column in &columns {
        out += &format!("<th>{}</th><th>{}</th>", marked(column.name), escape(words::loss()));
    }
    out += "</tr></thead><tbody>";
    for t in 0..tokens {
        out += &format!("<tr><th translate=\"no\">{}</th>", escape(&format::token(first, t)));
        for column in &columns {
            let (expert, differs) = column.choice(t);
            let differs = if differs { format!("<small> {}</small>", escape(words::differs())) } else { String::new() };
            out += &format!("<td>{}{differs}</td><td translate=\"no\">{}</td>", marked(&expert), column.loss(t));
        }
        out += "</tr>";
    }
    out + "</tbody></table>"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    #[test]
    fn paper_has_every_token_or_says_which_are_left_out() {
        for (tokens, rows) in [(156, 156), (2100, 2000)] {
            let trace = Shared::new(sample::trace(tokens, 2, 4, 2));
            let traces = [("A one".to_owned(), trace.clone()), ("B other".to_owned(), trace)];
            let (table, pictures) = (on_paper(&traces, 1, None), on_paper(&traces, 1, Some(900.0)));
            assert_eq!(table.matches("<tr>").count(), rows + 1, "a row each, and the heads");
            assert_eq!(pictures.matches("<svg").count(), rows.div_ceil(80), "a picture for 80 tokens each");
            for printed in [table, pictures] {
                assert_eq!(printed.contains("are not on this paper"), tokens > rows);
            }
        }
    }
}
