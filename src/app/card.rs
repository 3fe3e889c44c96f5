//! A model's card in words: what it is and is not, what it was trained on, and what was measured of it.
//!
//! Everything here is read from the card (`card.json` beside the weights); what a card does not say is left out.

use super::format::count;
use super::scores::Bar;
use super::translate::prose;
use crate::messages::explore;
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
            if let Some(summary) = card["summary"].as_str() { <p class="card-summary">{ prose(summary) }</p> }
            { for size(&card).map(|words| html! { <p>{ prose(&words) }</p> }) }
            { for trained(training).map(|words| html! { <p>{ prose(&words) }</p> }) }
            { domains(measured) }
            { balance(measured) }
            { compared(&card["compared_with"], measured) }
            { for limits(training).map(|words| html! { <p class="soft small">{ prose(&words) }</p> }) }
        </div>
    }
}

fn whole(value: &Value) -> Option<usize> {
    value.as_f64().filter(|n| n.is_finite() && *n >= 0.0).map(|n| n as usize)
}

/// A large number in millions.
fn millions(n: usize) -> String {
    if n >= 100_000 { explore::millions(format!("{:.1}", n as f64 / 1e6)) } else { count(n) }
}

fn size(card: &Value) -> Option<String> {
    let all = whole(&card["parameters"])?;
    let used = whole(&card["active_parameters"]).filter(|used| *used < all).map(millions);
    let all = millions(all);
    Some(match (card["weights"].as_str(), used) {
        (Some(kind), Some(used)) => explore::card_size_kept(all, used, kind),
        (Some(kind), None) => explore::card_size_kept_all(all, kind),
        (None, Some(used)) => explore::card_size(all, used),
        (None, None) => explore::card_size_all(all),
    })
}

fn trained(training: &Value) -> Option<String> {
    let tokens = millions(whole(&training["tokens"])?);
    Some(match (whole(&training["steps"]), training["corpus"].as_str()) {
        (Some(steps), Some(corpus)) => explore::card_trained_steps_on(tokens, steps, corpus),
        (Some(steps), None) => explore::card_trained_steps(tokens, steps),
        (None, Some(corpus)) => explore::card_trained_on(tokens, corpus),
        (None, None) => explore::card_trained(tokens),
    })
}

/// What it is not, as far as its training says.
fn limits(training: &Value) -> Option<String> {
    let sequence = whole(&training["sequence"])?;
    Some(explore::card_limits(sequence))
}

/// Bits per byte by domain, as bars on one scale.
fn domains(measured: &Value) -> Html {
    let named = measured["domains"].as_array().into_iter().flatten();
    let mut rows: Vec<(String, f64)> =
        named.filter_map(|d| Some((domain(d["name"].as_str()?).to_owned(), d["bits_per_byte"].as_f64()?))).collect();
    order::sort(&mut rows, |a, b| a.1.total_cmp(&b.1));
    let most = rows.iter().map(|row| row.1).fold(0.0, f64::max);
    if most <= 0.0 {
        return html! {};
    }
    let mean = measured["bits_per_byte"].as_f64();
    let row = |name: String, value: f64, class: &'static str| {
        html! { <li key={name.clone()} class={class}><span>{ prose(&name) }</span>
        <Bar share={(value / most) as f32} /><span translate="no">{ format!("{value:.2}") }</span></li> }
    };
    html! {
        <>
            <h2>{ explore::card_bits() }</h2>
            <ul class="card-bars">
                { for rows.into_iter().map(|(name, value)| row(name, value, "")) }
                { for mean.map(|mean| row(explore::card_mean().to_owned(), mean, "card-mean")) }
            </ul>
            <p class="soft small">{ prose(explore::card_bits_meaning()) }</p>
        </>
    }
}

/// What a domain is called; one that is not known, as its card names it.
pub fn domain(name: &str) -> &str {
    match name {
        "c" => "C",
        "javascript" => "JavaScript",
        "python" => "Python",
        "rust" => "Rust",
        "english" => explore::domain_english(),
        "french" => explore::domain_french(),
        "german" => explore::domain_german(),
        "japanese" => explore::domain_japanese(),
        "spanish" => explore::domain_spanish(),
        "markup" => explore::domain_markup(),
        "maths" => explore::domain_maths(),
        other => other,
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
        let name = match dropped.get(l).filter(|_| drops) {
            Some(share) => explore::card_layer_dropped(l + 1, format!("{:.1}", share * 100.0)),
            None => explore::card_layer(l + 1),
        };
        html! { <li key={l}><span>{ prose(&name) }</span>
        <Bar share={(value / most) as f32} /><span translate="no">{ format!("{value:.2}") }</span></li> }
    };
    html! {
        <>
            <h2>{ explore::card_balance() }</h2>
            <ul class="card-bars">{ for largest.iter().enumerate().map(row) }</ul>
            <p class="soft small">{ prose(explore::card_balance_meaning()) }</p>
        </>
    }
}

/// What the same training gives another model.
fn compared(other: &Value, measured: &Value) -> Html {
    let words = || {
        let (name, theirs) = (other["name"].as_str()?, other["bits_per_byte"].as_f64()?);
        let ours = measured["bits_per_byte"].as_f64()?;
        let (theirs, ours) = (format!("{theirs:.2}"), format!("{ours:.2}"));
        Some(match other["summary"].as_str() {
            Some(what) => explore::card_compared_with(name, what, theirs, ours),
            None => explore::card_compared(name, theirs, ours),
        })
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
    }

    #[test]
    fn what_a_card_does_not_say_is_left_out() {
        for card in [json!({}), json!({ "parameters": "many", "training": 3 }), json!({ "training": { "tokens": [] } })]
        {
            assert_eq!((size(&card), trained(&card["training"]), limits(&card["training"])), (None, None, None));
        }
    }
}
