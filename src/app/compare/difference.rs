//! Where the models differ, token by token: the picture of [`crate::scene::difference`], or the same as a table.

use super::{Look, Routed};
use crate::app::action::Action;
use crate::app::format::{self, choice_in, count};
use crate::app::models::catalog::title;
use crate::app::scene_view::{drawn, place};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::scene::difference::{difference, initial, labelled, part, reference};
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
        let svg = if look.width > 0.0 {
            drawn(&picture.scene, look.theme)
        } else {
            html! {}
        };
        let (dispatch, layer) = (look.dispatch.clone(), look.layer);
        let onclick = move |event: MouseEvent| {
            if let Some(token) = place(&event).and_then(|at| picture.hit(at)) {
                dispatch.emit(Action::Place(layer, token));
            }
        };
        html! { <div class="scene" data-testid="difference-picture" {onclick}>{ svg }</div> }
    };
    html! {
        <section class="part" data-testid="difference" aria-label="Differences, token by token">
            <div class="part-head"><h2>{ "Token by token" }</h2>
                <div class="segments segments-small" role="group" aria-label="Layer">
                    <span class="segments-name">{ "Layer" }</span>{ for (0..layers).map(tab) }</div>
                if tokens > range.len() {
                    <span class="soft small">{ prose(&format!("tokens {} to {} of {}", count(range.start + 1), count(range.end), count(tokens))) }</span>
                    { turn(range.start.checked_sub(1), "Earlier", "difference-back") }{ turn(Some(range.end), "Later", "difference-next") }
                }
            </div>
            <p class="part-lead">
                { prose(&match reference(&models) {
                    Some(_) if models.len() < 2 => "The model’s first expert for each token. ".to_owned(),
                    Some(r) => format!("Each model’s first expert for each token. Expert numbers of different models mean nothing to each other, so a token is outlined where a model sends it elsewhere than most tokens that share its expert in {}. ", letter(r)),
                    None => "These models are dense: every token uses the whole network. ".to_owned(),
                }) }
                if models.len() > 1 { { prose(&format!("The bars are losses: what exceeds that of {} is in ink, what it saves is left open.", letter(0))) } }
            </p>
            <div class="part-body">{ body }</div>
            { for others.iter().map(|one| html! {
                <p class="soft" data-testid="other-tokens">
                    { prose(&split_otherwise(title(&one.name), one.trace.len())) }</p>
            }) }
        </section>
    }
}

/// The same in rows: each token, each model's first expert and loss.
fn table(models: &[(&str, &Trace)], look: &Look<'_>) -> Html {
    let Some((_, first)) = models.first() else { return html! {} };
    let layer = look.layer;
    let base =
        reference(models).and_then(|r| models.get(r)).map(|(_, trace)| first_choices(trace, layer)).unwrap_or_default();
    let columns: Vec<(&str, &Trace, Vec<u16>, Vec<bool>)> = models
        .iter()
        .map(|(name, trace)| {
            let choices = first_choices(trace, layer);
            let comparable = trace.model.experts > 1 && choices.len() == base.len();
            let differs = if comparable { differences(&base, &choices) } else { vec![] };
            (*name, *trace, choices, differs)
        })
        .collect();
    let row = |t: usize| {
        let dispatch = look.dispatch.clone();
        let cells = columns.iter().map(|(_, trace, choices, differs)| {
            let expert = match choices.get(t) {
                _ if trace.model.experts < 2 => "all".to_owned(),
                Some(&agreement::NONE) => "none".to_owned(),
                Some(&expert) => choice_in(trace, layer, usize::from(expert)),
                None => "–".to_owned(),
            };
            let differs = differs.get(t) == Some(&true);
            let loss = trace.losses.get(t).copied().flatten().map_or_else(|| "–".to_owned(), format::signed);
            html! {
                <>
                    <td class={if differs { "cell-differs" } else { "" }}>
                        { prose(&expert) }if differs { <small>{ " differs" }</small> }</td>
                    <td translate="no">{ loss }</td>
                </>
            }
        });
        html! {
            <tr key={t} class={if t == look.token { "row-on" } else { "" }} data-testid={format!("difference-row-{}", t + 1)}>
                <th scope="row" translate="no">
                    <button type="button" onclick={move |_| dispatch.emit(Action::Place(layer, t))}>
                        { format::token(first, t) }</button></th>
                { for cells }
            </tr>
        }
    };
    html! {
        <Wide label="First experts and losses"><table class="numbers-table" data-testid="difference-table">
            <thead><tr><th scope="col">{ "Token" }</th>{ for columns.iter().map(|(name, ..)| html! {
                <><th scope="col">{ *name }</th><th scope="col">{ "loss, nats" }</th></>
            }) }</tr></thead>
            <tbody>{ for part(first.len(), look.token).map(row) }</tbody>
        </table></Wide>
    }
}

/// Of a model whose tokens are not those of the others.
fn split_otherwise(title: &str, tokens: usize) -> String {
    let tokens = count(tokens);
    format!("{title} splits the text into {tokens} other tokens, so its choices cannot be set beside the others’.")
}
