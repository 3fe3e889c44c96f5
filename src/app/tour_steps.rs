//! The tour of the screen that is seen, each step told with the numbers that are on it while it is read.

use super::format::{choice_in, listed, paragraph, prob, quoted, visible};
use super::gate_words;
use super::settings::{Look, Screen};
use super::state::State;
use super::tour_step::TourStep;
use crate::messages::explore;
use crate::scene::{ViewState, method::blended};
use crate::trace::{Choice, LayerTrace, Trace, rules::GateKind};

/// How many steps the tour of the explorer has.
const STEPS: usize = 6;

/// How many steps the tour of a screen has.
pub fn steps(screen: Screen) -> usize {
    match screen {
        #[cfg(feature = "studio")]
        Screen::Compare => super::tour_further::STEPS.0,
        #[cfg(feature = "studio")]
        Screen::Train => super::tour_further::STEPS.1,
        _ => STEPS,
    }
}

/// A step of the tour of the screen that is seen; `None` beyond the last, or where there is nothing to explain yet.
pub fn now(index: usize, state: &State) -> Option<TourStep> {
    match state.settings.screen {
        #[cfg(feature = "studio")]
        Screen::Compare => super::tour_further::compare(index, state),
        #[cfg(feature = "studio")]
        Screen::Train => super::tour_further::train(index),
        _ => {
            let trace = state.trace.as_ref().filter(|trace| !trace.is_empty())?;
            step(index, trace, (&state.view, state.settings.look), *state.text == trace.text)
        }
    }
}

/// A step of the tour for a trace and a selection; `None` beyond the last. `own` says whether the trace is of the text in the
/// field, or a recording of another that is shown until an engine is there.
pub fn step(index: usize, trace: &Trace, (view, look): (&ViewState, Look), own: bool) -> Option<TourStep> {
    let (t, l) = (view.token, view.layer);
    let (name, target, words) = match index {
        0 => (explore::tour_tokens_name(), "text", tokens(trace, t, own)),
        1 => (explore::tour_gate_name(), "gate", gate_words::tour(trace, t, l)),
        2 => (explore::tour_experts_name(), "flow", experts(trace, (t, l), look)),
        3 => (explore::tour_weights_name(), "weights", weights(trace, (t, l), look)),
        4 => (explore::tour_balance_name(), "balance", balance(trace, l)),
        5 => (explore::tour_next_name(), "next", next(trace, t)),
        _ => return None,
    };
    Some(TourStep { name, target, words })
}

fn tokens(trace: &Trace, t: usize, own: bool) -> String {
    let (chars, tokens, token) = (trace.text.chars().count(), trace.len(), quoted(trace, t));
    match own {
        true => explore::tour_tokens(chars, tokens, token),
        false => explore::tour_tokens_recorded(chars, tokens, token),
    }
}

fn experts(trace: &Trace, (t, l): (usize, usize), look: Look) -> String {
    let (k, all) = (trace.model.top_k, trace.model.experts);
    let fewer = |layer: &LayerTrace| (0..trace.len()).any(|t| layer.chosen(t).len() < k);
    let who = match k == all {
        _ if trace.rules().gate == GateKind::Policy => explore::tour_experts_policy(all.saturating_sub(1)),
        true if trace.layers.iter().any(fewer) => explore::tour_experts_varies(all),
        true => explore::tour_experts_all(all),
        false => explore::tour_experts_some(k, all),
    };
    let chosen = trace.layers.get(l).into_iter().flat_map(|layer| layer.chosen(t));
    let names = listed(chosen.map(|&e| choice_in(trace, l, usize::from(e))));
    let (token, layers) = (quoted(trace, t), trace.layers.len());
    let way = match look {
        _ if names.is_empty() => explore::tour_experts_none(l + 1, token),
        Look::Flow => explore::tour_experts_flow(l + 1, token, names, layers),
        Look::Table => explore::tour_experts_table(l + 1, token, names, layers),
        Look::Method => explore::tour_experts_method(l + 1, token, names),
    };
    paragraph(&[&who, &way])
}

fn weights(trace: &Trace, (t, l): (usize, usize), look: Look) -> String {
    let layer = trace.layers.get(l);
    if layer.is_some_and(|layer| layer.weights.is_none()) {
        return explore::tour_weights_absent().to_owned();
    }
    let term = |choice: Choice| Some(format!("{:.2} × {}", choice.weight?, choice_in(trace, l, choice.expert)));
    let terms: Vec<String> = layer.into_iter().flat_map(|layer| layer.choices(t)).filter_map(term).collect();
    if terms.is_empty() {
        return explore::tour_weights_none().to_owned();
    }
    let thicker = if look == Look::Flow { explore::tour_weights_flow() } else { "" };
    paragraph(&[&explore::tour_weights(terms.join(" + ")), thicker])
}

fn balance(trace: &Trace, l: usize) -> String {
    let Some(m) = blended::metrics(trace).into_iter().nth(l) else {
        return explore::tour_balance_no_tokens().to_owned();
    };
    if m.is_passed() {
        return explore::tour_balance_passed(l + 1);
    }
    let busiest = m.share.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(e, _)| e);
    let (name, times) = (choice_in(trace, l, busiest), format!("{:.2}", m.balance.max_over_mean));
    if blended::is_blended(trace) {
        return explore::tour_balance_weight(name, l + 1, times);
    }
    let rules = trace.layers.get(l).map_or_else(|| trace.rules(), |layer| trace.rules_of(layer));
    let aim = match rules.gate {
        _ if rules.fixed => explore::tour_balance_table(),
        GateKind::Policy => explore::tour_balance_policy(),
        _ => explore::tour_balance_trained(),
    };
    let found = explore::tour_balance_busiest(l + 1, name, times, m.balance.dead, m.load.len());
    let reached = m.best().filter(|best| best.dead > 0).map(|best| explore::tour_balance_short(best.dead));
    paragraph(&[aim, &found, &reached.unwrap_or_default()])
}

fn next(trace: &Trace, t: usize) -> String {
    let list = trace.predictions.get(t).filter(|list| !list.is_empty()).unwrap_or(&trace.next);
    let best = list.first().map(|c| explore::tour_next_expected(quoted(trace, t), visible(&c.text), prob(c.prob)));
    paragraph(&[explore::tour_next_purpose(), &best.unwrap_or_default(), explore::tour_next_continue()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Matrix, sample};

    fn told(index: usize, trace: &Trace) -> String {
        step(index, trace, (&ViewState::default(), Look::Table), true).unwrap().words
    }

    #[test]
    fn the_weights_are_told_as_a_sum() {
        let mut trace = sample::trace(1, 1, 4, 2);
        trace.layers[0].experts = Matrix::new(2, vec![2, 0]).unwrap();
        trace.layers[0].weights = Matrix::new(2, vec![0.75, 0.25]);
        assert!(told(2, &trace).contains("goes to 1·E3 and 1·E1;"), "{}", told(2, &trace));
        let words =
            "What the chosen experts say is mixed by weight, 0.75 × 1·E3 + 0.25 × 1·E1, and added to the token.";
        assert_eq!(told(3, &trace), words);
    }

    /// Where experts pick tokens, nobody may pick one: its row holds experts only because every row does.
    #[test]
    fn a_token_that_no_expert_took_goes_nowhere() {
        let mut trace = sample::trace(1, 1, 2, 2);
        trace.layers[0].probs = Matrix::new(2, vec![0.6, 0.4]);
        trace.layers[0].weights = Matrix::new(2, vec![0.0, 0.0]);
        assert!(trace.layers[0].chosen(0).is_empty());
        assert!(told(2, &trace).ends_with("goes to no expert."), "{}", told(2, &trace));
        assert!(
            told(2, &trace).starts_with("How many of the 2 experts work on a token differs"),
            "{}",
            told(2, &trace)
        );
        assert!(told(3, &trace).ends_with("no expert took it."), "{}", told(3, &trace));
    }
}
