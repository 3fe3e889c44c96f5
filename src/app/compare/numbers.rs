//! The models in numbers: what they cost, how they routed this text, and how far they agree.

use super::flows::order;
use super::results::{made, sheet};
use super::{Look, Routed};
use crate::app::format::{count, millis, percent};
use crate::app::translate::prose;
use crate::format::amount;
use crate::scene::difference::letter;
use crate::scene::method::blended::is_blended;
use crate::scene::words::largest;
use crate::trace::{
    agreement::{agreement, same_tokens},
    metrics::{Dealing, LayerMetrics},
    summary::Summary,
};
use yew::prelude::*;

/// The section.
pub fn section(look: &Look<'_>) -> Html {
    let routed = look.routed;
    let Some(first) = routed.first() else { return html! {} };
    let summaries: Vec<Summary> = routed.iter().map(|one| Summary::of(&one.trace)).collect();
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
    let row = |name: &'static str, title: &str, value: &dyn Fn(usize, &Routed, &Summary) -> String| {
        let cells = routed.iter().zip(&summaries).enumerate().map(|(m, (one, summary))| value(m, one, summary));
        (name, std::iter::once(title.to_owned()).chain(cells).collect::<Vec<String>>())
    };
    let or = |value: Option<String>| value.unwrap_or_else(|| "not recorded".to_owned());
    let rows = vec![
        row("tokens", "Tokens of this text", &|_, _, summary| count(summary.tokens)),
        row("order", "Routed", &|_, one, _| order(&one.trace).unwrap_or("left to right, as published").to_owned()),
        row("trained", "Trained on, tokens", &|_, one, _| or(one.card.training.tokens.map(amount))),
        row("bits", "Bits per byte, this text", &|_, _, summary| {
            or(summary.bits_per_byte.map(|bits| format!("{bits:.3}")))
        }),
        row("agreement", &format!("Agreement, layer {}", look.layer + 1), &|m, one, _| {
            agrees(m, one, Some(look.layer))
        }),
        row("agreement-all", "Agreement, all layers", &|m, one, _| agrees(m, one, None)),
        row("balance", "Max/mean load by layer", &|_, _, summary| {
            summary.max_over_mean.iter().map(|value| largest(*value)).collect::<Vec<_>>().join(" · ")
        }),
        row("baseline", &format!("At best, and at random, layer {}", look.layer + 1), &|_, one, _| {
            baseline(one, look.layer)
        }),
        row("dropped", "Choices dropped", &|_, _, summary| {
            or(summary.dropped.map(|share| if share > 0.0 { percent(share as f32) } else { "none".to_owned() }))
        }),
        row("held", "Total parameters", &|_, one, _| or(one.card.parameters.map(amount))),
        row("used", "Active parameters of a token", &|_, one, _| or(one.card.active_parameters.map(amount))),
        row("flops", "MFLOP a token", &|_, one, _| {
            or(one.card.cost.as_ref().map(|cost| format!("{:.2}", cost.flops() / 1e6)))
        }),
        row("ms", "Time here, one run", &|_, _, summary| {
            or(summary.measured.map(|(ms, tokens)| format!("{} for {}", millis(ms), count(tokens))))
        }),
    ];
    let heads = routed.iter().map(|one| format!("{} {}", letter(look.with.place(&one.name)), one.name));
    let heads = std::iter::once(String::new()).chain(heads).collect();
    let same = routed.iter().all(|one| same_tokens(&first.trace, &one.trace));
    let split = if same {
        "All models split the text into the same tokens."
    } else {
        "The models split this text into different tokens."
    };
    let alike = routed.iter().all(|one| one.card.training.tokens == first.card.training.tokens);
    let trained = if alike {
        ""
    } else {
        " These models were not trained on equally many tokens, so their losses do not tell which method is better."
    };
    html! {
        <section class="part" data-testid="numbers" aria-label="Numbers">
            <h2>{ "In numbers" }</h2>
            { sheet(&made("compare", "The models in numbers", heads, rows), look.with) }
            <p class="part-note">{ prose(&format!("Bits per byte: the losses of all tokens but the first over their bytes; a model that sees later tokens sees what it has to predict.{trained} Agreement is the adjusted Rand index of the first choices: whether the same tokens go together, whatever the experts are called. 1: the same groups; 0: what shuffled choices give. {split} Time is of the forward pass with reading back; of a text that only grew, its end. ≈: the mean of a simulation.")) }</p>
        </section>
    }
}

/// The largest over the mean load that the text can reach at best, and what random choices give.
fn baseline(one: &Routed, layer: usize) -> String {
    if is_blended(&one.trace) {
        return "even by construction".to_owned();
    }
    let Some(metrics) = LayerMetrics::of_trace(&one.trace).into_iter().nth(layer) else { return "–".to_owned() };
    match (metrics.best(), metrics.random_largest()) {
        (Some(best), Some(random)) => format!("{:.2}, {}", best.max_over_mean, random.words(0.0)),
        (Some(best), None) if metrics.dealing == Dealing::Evenly => {
            format!("{:.2}, by construction", best.max_over_mean)
        }
        (Some(best), None) => format!("{:.2}, –", best.max_over_mean),
        (None, _) if metrics.dealing == Dealing::Table => "set by the table".to_owned(),
        (None, _) => "–".to_owned(),
    }
}
