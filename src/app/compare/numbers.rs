//! The models in numbers: what they cost, how they routed this text, and how far they agree.

use super::{Look, Routed};
use crate::app::format::{count, millis, percent};
use crate::scene::{block::amount, difference::letter};
use crate::trace::{
    agreement::{agreement, same_tokens},
    summary::Summary,
};
use yew::prelude::*;

const NOT: &str = "not recorded";

/// The section.
pub fn section(look: &Look<'_>) -> Html {
    let routed = look.routed;
    let Some(first) = routed.first() else { return html! {} };
    let summaries: Vec<Summary> = routed.iter().map(|one| Summary::of(&one.trace)).collect();
    let row =
        |testid: &'static str, name: String, note: &'static str, value: &dyn Fn(usize, &Routed, &Summary) -> String| {
            let cells = routed.iter().zip(&summaries).enumerate().map(|(m, (one, summary))| {
                html! { <td key={m} data-testid={format!("{testid}-{}", one.name)}>{ value(m, one, summary) }</td> }
            });
            html! { <tr key={testid} title={note}><th scope="row">{ name }</th>{ for cells }</tr> }
        };
    // Choices are compared with those of the first model that has any.
    let base = routed.iter().position(|one| one.trace.model.experts > 1);
    let agrees = |m: usize, one: &Routed, layer: Option<usize>| -> String {
        let Some((at, base)) = base.and_then(|at| Some((at, routed.get(at)?))).filter(|_| one.trace.model.experts > 1)
        else {
            return "one expert, no choice".to_owned();
        };
        if m == at {
            return if routed.len() > 1 { "compared with".to_owned() } else { "–".to_owned() };
        }
        if !same_tokens(&base.trace, &one.trace) {
            return "other tokens".to_owned();
        }
        let layers = base.trace.layers.len().min(one.trace.layers.len());
        let wanted = layer.map_or(0..layers, |layer| layer..layer + 1);
        let all: Option<Vec<f64>> = wanted.map(|layer| agreement(&base.trace, &one.trace, layer)).collect();
        let mean = all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64);
        mean.map_or_else(|| "undefined".to_owned(), |value| format!("{value:.2}").replace('-', "−"))
    };
    let tokens = routed.iter().any(|one| one.trace.len() != first.trace.len());
    html! {
        <section class="part" data-testid="numbers" aria-label="Numbers">
            <h2>{ "In numbers" }</h2>
            <div class="wide-table" tabindex="0" role="region" aria-label="The models in numbers"><table class="numbers-table">
                <thead><tr><td />{ for routed.iter().enumerate().map(|(m, one)| html! { <th key={m} scope="col"><b>{ letter(m) }</b>{ " " }{ &one.name }</th> }) }</tr></thead>
                <tbody>
                    { row("compare-tokens", "Tokens of this text".into(), "", &|_, _, summary| count(summary.tokens)) }
                    { row("compare-bits", "Bits per byte, this text".into(), "Losses of all tokens but the first, in bits, over their bytes. Lower is better.", &|_, _, summary| summary.bits_per_byte.map_or_else(|| NOT.into(), |bits| format!("{bits:.3}"))) }
                    { row("compare-agreement", format!("Agreement, layer {}", look.layer + 1), "Adjusted Rand index of the first choices", &|m, one, _| agrees(m, one, Some(look.layer))) }
                    { row("compare-agreement-all", "Agreement, all layers".into(), "The mean over the layers that both have", &|m, one, _| agrees(m, one, None)) }
                    { row("compare-balance", "Max/mean load by layer".into(), "Largest over mean load; 1 is even", &|_, _, summary| summary.max_over_mean.iter().map(|value| format!("{value:.2}")).collect::<Vec<_>>().join(" · ")) }
                    { row("compare-dropped", "Choices dropped".into(), "Choices that found their expert full", &|_, _, summary| summary.dropped.map_or_else(|| NOT.into(), |share| if share > 0.0 { percent(share as f32) } else { "none".into() })) }
                    { row("compare-held", "Parameters held".into(), "", &|_, one, _| one.card.parameters.map_or_else(|| NOT.into(), amount)) }
                    { row("compare-used", "Parameters used for a token".into(), "", &|_, one, _| one.card.active_parameters.map_or_else(|| NOT.into(), amount)) }
                    { row("compare-flops", "MFLOP a token".into(), "Counted from the code of the model", &|_, one, _| one.card.cost.as_ref().map_or_else(|| NOT.into(), |cost| format!("{:.2}", cost.flops() / 1e6))) }
                    { row("compare-ms", "Time here".into(), "The forward pass with reading back; of a text that only grew, its end", &|_, _, summary| summary.measured.map_or_else(|| NOT.into(), |(ms, tokens)| format!("{} for {}", millis(ms), count(tokens)))) }
                </tbody>
            </table></div>
            <p class="part-note">{ "Agreement is the adjusted Rand index of the first choices: whether the same tokens go together, whatever the experts are called. 1: the same groups; 0: what shuffled choices give." }
                if tokens { { " The models split this text into different numbers of tokens." } } else { { " All models split the text into the same tokens." } }</p>
        </section>
    }
}
