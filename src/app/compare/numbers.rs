//! The models in numbers: what they cost, how they routed this text, and how far they agree.

use super::flows::order;
use super::results::{made, sheet};
use super::{Look, Routed};
use crate::app::format::{count, millis, percent};
use crate::app::translate::prose;
use crate::format::amount;
use crate::messages::compare as words;
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
            return words::no_choice().to_owned();
        };
        if m == at {
            return if routed.len() > 1 { words::compared_with().to_owned() } else { "–".to_owned() };
        }
        if !same_tokens(&base.trace, &one.trace) {
            return words::other_tokens().to_owned();
        }
        let layers = base.trace.layers.len().min(one.trace.layers.len());
        let wanted = layer.map_or(0..layers, |layer| layer..layer + 1);
        let all: Option<Vec<f64>> = wanted.map(|layer| agreement(&base.trace, &one.trace, layer)).collect();
        let mean = all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64);
        mean.map_or_else(|| words::undefined().to_owned(), |value| format!("{value:.2}").replace('-', "−"))
    };
    let row = |name: &'static str, title: &str, value: &dyn Fn(usize, &Routed, &Summary) -> String| {
        let cells = routed.iter().zip(&summaries).enumerate().map(|(m, (one, summary))| value(m, one, summary));
        (name, std::iter::once(title.to_owned()).chain(cells).collect::<Vec<String>>())
    };
    let or = |value: Option<String>| value.unwrap_or_else(|| words::not_recorded().to_owned());
    let rows = vec![
        row("tokens", words::tokens(), &|_, _, summary| count(summary.tokens)),
        row("order", words::order(), &|_, one, _| order(&one.trace).unwrap_or_else(words::only_order).to_owned()),
        row("trained", words::trained(), &|_, one, _| or(one.card.training.tokens.map(amount))),
        row("bits", words::bits(), &|_, _, summary| or(summary.bits_per_byte.map(|bits| format!("{bits:.3}")))),
        row("agreement", &words::agreement(look.layer + 1), &|m, one, _| agrees(m, one, Some(look.layer))),
        row("agreement-all", words::agreement_all(), &|m, one, _| agrees(m, one, None)),
        row("balance", words::balance(), &|_, _, summary| {
            summary.max_over_mean.iter().map(|value| largest(*value)).collect::<Vec<_>>().join(" · ")
        }),
        row("baseline", &words::baseline(look.layer + 1), &|_, one, _| baseline(one, look.layer)),
        row("dropped", words::dropped(), &|_, _, summary| {
            or(summary
                .dropped
                .map(|share| if share > 0.0 { percent(share as f32) } else { words::none_dropped().to_owned() }))
        }),
        row("held", words::held(), &|_, one, _| or(one.card.parameters.map(amount))),
        row("used", words::used(), &|_, one, _| or(one.card.active_parameters.map(amount))),
        row("flops", words::flops(), &|_, one, _| {
            or(one.card.cost.as_ref().map(|cost| format!("{:.2}", cost.flops() / 1e6)))
        }),
        row("ms", words::time(), &|_, _, summary| {
            or(summary.measured.map(|(ms, tokens)| words::time_for(millis(ms), tokens)))
        }),
    ];
    let heads = routed.iter().map(|one| format!("{} {}", letter(look.with.place(&one.name)), one.name));
    let heads = std::iter::once(String::new()).chain(heads).collect();
    let same = routed.iter().all(|one| same_tokens(&first.trace, &one.trace));
    let alike = routed.iter().all(|one| one.card.training.tokens == first.card.training.tokens);
    let notes = [
        Some(words::note_bits()),
        (!alike).then(words::note_trained),
        Some(words::note_agreement()),
        Some(if same { words::note_same_tokens() } else { words::note_other_tokens() }),
        Some(words::note_time()),
    ];
    let notes: Vec<&str> = notes.into_iter().flatten().collect();
    html! {
        <section class="part" data-testid="numbers" aria-label={words::numbers()}>
            <h2>{ words::numbers_head() }</h2>
            { sheet(&made("compare", words::numbers_title(), heads, rows), look.with) }
            <p class="part-note">{ prose(&notes.join(" ")) }</p>
        </section>
    }
}

/// The largest over the mean load that the text can reach at best, and what random choices give.
fn baseline(one: &Routed, layer: usize) -> String {
    if is_blended(&one.trace) {
        return words::even().to_owned();
    }
    let Some(metrics) = LayerMetrics::of_trace(&one.trace).into_iter().nth(layer) else { return "–".to_owned() };
    match (metrics.best(), metrics.random_largest()) {
        (Some(best), Some(random)) => format!("{:.2}, {}", best.max_over_mean, random.words(0.0)),
        (Some(best), None) if metrics.dealing == Dealing::Evenly => {
            words::by_construction(format!("{:.2}", best.max_over_mean))
        }
        (Some(best), None) => format!("{:.2}, –", best.max_over_mean),
        (None, _) if metrics.dealing == Dealing::Table => words::by_table().to_owned(),
        (None, _) => "–".to_owned(),
    }
}
