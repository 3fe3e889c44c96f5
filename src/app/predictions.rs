//! What the model expects after the selected token, and how well it had expected the token itself.

use super::format::{prob, quoted, visible};
use super::scores::Bar;
use super::shared::Shared;
use super::translate::prose;
use crate::format::fixed;
use crate::messages::explore;
use crate::trace::{Candidate, Trace};
use yew::prelude::*;

/// Candidates listed.
const LISTED: usize = 6;

/// What [`Predictions`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct PredictionsProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// The selected token.
    pub token: usize,
}

/// The panel.
#[component]
pub fn Predictions(props: &PredictionsProps) -> Html {
    let (trace, t) = (&*props.trace, props.token);
    let Some(token) = trace.tokens.get(t) else { return html! {} };
    let last = t + 1 == trace.len();
    let candidates: Option<&[Candidate]> = match trace.predictions.get(t) {
        Some(list) if !list.is_empty() => Some(list),
        _ if last && !trace.next.is_empty() => Some(&trace.next),
        _ => None,
    };
    let actual = trace.tokens.get(t + 1);
    let row = |c: &Candidate| {
        let hit = actual.is_some_and(|a| a.id == c.id);
        html! {
            <li class={classes!("next", hit.then_some("next-hit"))} title={explore::next_probability(format!("{:.4}", c.prob))}>
                <span class="next-text">{ visible(&c.text) }</span><Bar share={c.prob} /><span class="score-p">{ prob(c.prob) }</span>
            </li>
        }
    };
    let followed = match (actual, candidates) {
        (Some(actual), Some(list)) if !list.iter().take(LISTED).any(|c| c.id == actual.id) => {
            Some(explore::next_came_unlisted(visible(&actual.text)))
        }
        (Some(actual), Some(_)) => Some(explore::next_came(visible(&actual.text))),
        _ => None,
    };
    html! {
        <section class="panel" data-testid="next-panel" data-tour="next">
            <h2>{ explore::next_token() } <small>{ prose(&explore::next_after(visible(&token.text))) }</small></h2>
            if let Some(list) = candidates {
                <ol class="nexts" translate="no" data-testid="next-list">{ for list.iter().take(LISTED).map(row) }</ol>
                if let Some(words) = followed { <p class="soft small">{ prose(&words) }</p> }
            } else {
                <p class="soft">{ explore::next_absent() }</p>
            }
            <p class="soft small" data-testid="loss">{ prose(&loss(trace, t)) }</p>
        </section>
    }
}

/// The token's own loss, in words.
fn loss(trace: &Trace, t: usize) -> String {
    let name = quoted(trace, t);
    match trace.losses.get(t) {
        None => explore::loss_absent().to_owned(),
        Some(None) => explore::loss_first(name),
        Some(Some(nats)) => {
            let chance = f64::from(-nats).exp();
            let bits = f64::from(*nats) / std::f64::consts::LN_2;
            let [nats, bits] = [(f64::from(*nats), 2), (bits, 1)].map(|(loss, digits)| fixed(loss, digits));
            match chance < 0.001 {
                true => explore::loss_of_unlikely(name, nats, bits),
                false => explore::loss_of_token(name, format!("{chance:.3}"), nats, bits),
            }
        }
    }
}
