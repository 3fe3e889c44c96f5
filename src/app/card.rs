//! A model's card in words: what it is and is not, what it was trained on, and what was measured of it.
//!
//! Everything here is read from the card (`card.json` beside the weights); what a card does not say is left out.

use super::format::{count, plural};
use super::scores::Bar;
use super::translate::prose;
use crate::order;
use serde_json::Value;
use std::rc::Rc;
use yew::prelude::*;

/// What [`ModelCard`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ModelCardProps {
    /// The card as JSON; nothing is shown of what is not.
    pub card: Rc<String>,
}

/// The card.
#[component]
pub fn ModelCard(props: &ModelCardProps) -> Html {
    let Ok(card) = serde_json::from_str::<Value>(&props.card) else { return html! {} };
    if !card.is_object() {
        return html! {};
    }
    let (training, measured) = (&card["training"], &card["measured"]);
    html! {
        <div class="card-facts" data-testid="model-card">
            if let Some(summary) = card["summary"].as_str() { <p class="card-summary">{ prose(&sentence(summary)) }</p> }
            { for size(&card).map(|words| html! { <p>{ prose(&words) }</p> }) }
            { for trained(training).map(|words| html! { <p>{ prose(&words) }</p> }) }
            { domains(measured) }
            { balance(measured) }
            { compared(&card["compared_with"], measured) }
            { for limits(training).map(|words| html! { <p class="soft small">{ prose(&words) }</p> }) }
        </div>
    }
}

/// With a capital and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.trim_end_matches('.').chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

fn whole(value: &Value) -> Option<usize> {
    value.as_f64().filter(|n| n.is_finite() && *n >= 0.0).map(|n| n as usize)
}

/// A large number in millions.
fn millions(n: usize) -> String {
    if n >= 100_000 { format!("{:.1} million", n as f64 / 1e6) } else { count(n) }
}

fn size(card: &Value) -> Option<String> {
    let all = whole(&card["parameters"])?;
    let weights = card["weights"].as_str().map(|words| format!(", kept as {words}")).unwrap_or_default();
    Some(match whole(&card["active_parameters"]).filter(|used| *used < all) {
        Some(used) => {
            format!("{} parameters{weights}; a token uses {} of them.", millions(all), millions(used))
        }
        None => format!("{} parameters{weights}; every token uses all of them.", millions(all)),
    })
}

fn trained(training: &Value) -> Option<String> {
    let tokens = whole(&training["tokens"])?;
    let steps = whole(&training["steps"]).map(|n| format!(" in {}", plural(n, "step", "steps"))).unwrap_or_default();
    let corpus = training["corpus"].as_str().map(|words| format!(": {words}")).unwrap_or_default();
    Some(format!("Trained from scratch on {} tokens{steps}{corpus}.", millions(tokens)))
}

/// What it is not, as far as its training says.
fn limits(training: &Value) -> Option<String> {
    let sequence = whole(&training["sequence"])?;
    Some(format!(
        "It is no assistant: it continues text, and was trained on little of it, so it writes words and syntax, not sense. It has learnt from pieces of {} tokens.",
        count(sequence)
    ))
}

/// Bits per byte by domain, as bars on one scale.
fn domains(measured: &Value) -> Html {
    let named = measured["domains"].as_array().into_iter().flatten();
    let mut rows: Vec<(String, f64)> =
        named.filter_map(|d| Some((domain(d["name"].as_str()?), d["bits_per_byte"].as_f64()?))).collect();
    order::sort(&mut rows, |a, b| a.1.total_cmp(&b.1));
    let most = rows.iter().map(|row| row.1).fold(0.0, f64::max);
    if most <= 0.0 {
        return html! {};
    }
    let mean = measured["bits_per_byte"].as_f64();
    let row = |name: String, value: f64, class: &'static str| {
        html! { <li key={name.clone()} class={class}><span>{ prose(&name) }</span><Bar share={(value / most) as f32} /><span translate="no">{ format!("{value:.2}") }</span></li> }
    };
    html! {
        <>
            <h2>{ "Bits per byte on held-out text" }</h2>
            <ul class="card-bars">
                { for rows.into_iter().map(|(name, value)| row(name, value, "")) }
                { for mean.map(|mean| row("mean".into(), mean, "card-mean")) }
            </ul>
            <p class="soft small">{ prose("How many bits it takes to write a byte of such text with the model’s help; lower is better, and 8 is no help.") }</p>
        </>
    }
}

/// A domain's name as one writes it.
fn domain(name: &str) -> String {
    match name {
        "c" => "C".into(),
        "javascript" => "JavaScript".into(),
        "python" | "rust" | "english" | "french" | "german" | "spanish" | "japanese" => {
            sentence(name).trim_end_matches('.').to_owned()
        }
        other => other.to_owned(),
    }
}

/// Each layer's largest load, and what was dropped, on that text.
fn balance(measured: &Value) -> Html {
    let list = |name: &str| -> Vec<f64> {
        measured[name].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    };
    let (largest, dropped) = (list("max_over_mean_by_layer"), list("dropped"));
    let most = largest.iter().copied().fold(1.0, f64::max);
    if largest.is_empty() {
        return html! {};
    }
    let drops = dropped.iter().any(|share| *share > 0.0);
    let row = |(l, value): (usize, &f64)| {
        let lost = dropped.get(l).filter(|_| drops).map(|share| format!(" · {:.1} % dropped", share * 100.0));
        html! { <li key={l}><span>{ prose(&format!("layer {}{}", l + 1, lost.unwrap_or_default())) }</span><Bar share={(value / most) as f32} /><span translate="no">{ format!("{value:.2}") }</span></li> }
    };
    html! {
        <>
            <h2>{ "Balance: the largest load of an expert over the mean" }</h2>
            <ul class="card-bars">{ for largest.iter().enumerate().map(row) }</ul>
            <p class="soft small">{ prose("1 is even.") }</p>
        </>
    }
}

/// What the same training gives another model.
fn compared(other: &Value, measured: &Value) -> Html {
    let words = || {
        let (name, theirs) = (other["name"].as_str()?, other["bits_per_byte"].as_f64()?);
        let ours = measured["bits_per_byte"].as_f64()?;
        let what = other["summary"].as_str().map(|words| format!(" ({words})")).unwrap_or_default();
        Some(format!("Trained alike, “{name}”{what} reaches {theirs:.2} bits per byte; this model {ours:.2}."))
    };
    words().map(|words| html! { <p>{ prose(&words) }</p> }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_become_words() {
        let card = json!({ "parameters": 3839104, "active_parameters": 1479808.0, "weights": "16-bit floats" });
        assert_eq!(
            size(&card).unwrap(),
            "3.8 million parameters, kept as 16-bit floats; a token uses 1.5 million of them."
        );
        let dense = json!({ "parameters": 604000, "active_parameters": 604000 });
        assert_eq!(size(&dense).unwrap(), "0.6 million parameters; every token uses all of them.");
        let training = json!({ "tokens": 7782400, "steps": 1, "corpus": "novels" });
        assert_eq!(trained(&training).unwrap(), "Trained from scratch on 7.8 million tokens in 1 step: novels.");
        assert_eq!(sentence("the best 2"), "The best 2.");
    }

    #[test]
    fn what_a_card_does_not_say_is_left_out() {
        for card in [json!({}), json!({ "parameters": "many", "training": 3 }), json!({ "training": { "tokens": [] } })]
        {
            assert_eq!((size(&card), trained(&card["training"]), limits(&card["training"])), (None, None, None));
        }
    }
}
