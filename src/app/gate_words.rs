//! What a gate does, in words that are true for the method: not every score is a probability, and not every method has a
//! gate ([`crate::trace::rules`]).

use super::format::{choice_in, listed, paragraph, prob, quoted};
use crate::messages::{explore, scene};
use crate::methods::LooksAt;
use crate::trace::Trace;
use crate::trace::rules::{GateKind, Scores};

/// Whether the method's scores are probabilities.
pub fn has_probabilities(trace: &Trace) -> bool {
    trace.rules().scores == Scores::Softmax
}

/// Whether a hash of the place decides, which needs no table.
fn by_place(trace: &Trace) -> bool {
    trace.model.constants.key().is_some_and(|key| key.looks_at == LooksAt::Place)
}

/// How many blocks a policy chooses from: its last choice is to pass the layer by.
fn blocks(experts: usize) -> usize {
    experts.saturating_sub(1)
}

/// What makes the scores, in a few words.
pub fn gate(trace: &Trace) -> String {
    let experts = trace.model.experts;
    if experts == 1 {
        return explore::gate_one_network().to_owned();
    }
    match trace.rules().gate {
        GateKind::Linear => linear(trace),
        GateKind::Tree => explore::gate_tree(experts),
        GateKind::Slots => explore::gate_slots(experts),
        GateKind::Policy => explore::gate_policy(blocks(experts)),
        GateKind::Table if by_place(trace) => explore::gate_hash().to_owned(),
        GateKind::Table => explore::gate_table().to_owned(),
        GateKind::Unknown => scene::not_recorded().to_owned(),
    }
}

/// The same for one linear layer, in a model that may have layers in which a table chooses.
fn linear(trace: &Trace) -> String {
    let (scores, hidden) = (trace.model.experts, trace.model.hidden);
    let tables = trace.layers.iter().filter(|layer| trace.rules_of(layer).fixed).count();
    match (tables, hidden) {
        (0, Some(hidden)) => explore::gate_linear(hidden, scores),
        (0, None) => explore::gate_linear_unsized(scores),
        (all, Some(hidden)) if all == trace.layers.len() => explore::gate_linear_table(hidden, scores),
        (all, None) if all == trace.layers.len() => explore::gate_linear_table_unsized(scores),
        (some, Some(hidden)) => explore::gate_linear_tables(hidden, scores, some),
        (some, None) => explore::gate_linear_tables_unsized(scores, some),
    }
}

/// What the gate does, as sentences.
pub fn explanation(trace: &Trace, layer: usize) -> String {
    let experts = trace.experts(layer);
    if experts == 1 {
        return explore::explained_one_network().to_owned();
    }
    let within = trace.layers.get(layer);
    let rules = within.map_or_else(|| trace.rules(), |layer| trace.rules_of(layer));
    let scored = within.is_some_and(|layer| layer.probs.is_some());
    if rules.gate == GateKind::Unknown && !scored {
        return explore::explained_choices_only().to_owned();
    }
    let made = match rules.gate {
        GateKind::Linear => match trace.model.hidden {
            Some(hidden) => explore::explained_linear(hidden, experts),
            None => explore::explained_linear_unsized(experts),
        },
        GateKind::Tree => explore::explained_tree(experts),
        GateKind::Slots => explore::explained_slots(experts),
        GateKind::Policy => explore::explained_policy(experts, blocks(experts)),
        GateKind::Table if by_place(trace) => return explore::explained_hash().to_owned(),
        GateKind::Table => return explore::explained_table().to_owned(),
        GateKind::Unknown => explore::explained_unknown().to_owned(),
    };
    let turned = match rules.scores {
        Scores::Softmax => explore::explained_softmax().to_owned(),
        Scores::Each(function) => match function.most {
            Some(most) => explore::explained_each(most, function.name, function.formula),
            None => explore::explained_each_unbound(function.name, function.formula),
        },
        Scores::Table | Scores::Unknown => String::new(),
    };
    let chosen = if rules.fixed { explore::explained_weighed_only() } else { "" };
    paragraph(&[&made, &turned, chosen])
}

/// The function that makes p of s, if it is known.
pub fn function(trace: &Trace) -> Option<&'static str> {
    match trace.rules().scores {
        Scores::Softmax => Some("softmax"),
        Scores::Each(function) => Some(function.name),
        Scores::Table | Scores::Unknown => None,
    }
}

/// The tour's sentence about the gate, with the numbers of a token in a layer.
pub fn tour(trace: &Trace, t: usize, l: usize) -> String {
    let (experts, hidden) = (trace.model.experts, trace.model.hidden);
    if experts == 1 {
        return explore::tour_gate_one_network().to_owned();
    }
    let begin = match (trace.rules().gate, hidden) {
        (GateKind::Table, _) => {
            let chosen = trace.layers.get(l).into_iter().flat_map(|layer| layer.chosen(t));
            let names = listed(chosen.map(|&e| choice_in(trace, l, usize::from(e))));
            return match by_place(trace) {
                true => explore::tour_gate_hash(t + 1, quoted(trace, t), names),
                false => explore::tour_gate_table(quoted(trace, t), names),
            };
        }
        (GateKind::Policy, _) => explore::tour_gate_policy(blocks(experts)),
        (GateKind::Slots, Some(hidden)) => explore::tour_gate_slots(hidden, experts),
        (GateKind::Slots, None) => explore::tour_gate_slots_unsized(experts),
        (GateKind::Linear | GateKind::Tree | GateKind::Unknown, Some(hidden)) => {
            explore::tour_gate_scores(hidden, experts)
        }
        (GateKind::Linear | GateKind::Tree | GateKind::Unknown, None) => explore::tour_gate_scores_unsized(experts),
    };
    paragraph(&[&begin, &first_choice(trace, t, l).unwrap_or_default()])
}

/// The tour's sentence about a token's first choice in a layer and its score; none where either is not there.
fn first_choice(trace: &Trace, t: usize, l: usize) -> Option<String> {
    let layer = trace.layers.get(l)?;
    let (first, scores) = (usize::from(*layer.chosen(t).first()?), layer.scores(t)?);
    let p = *scores.get(first)?;
    let (name, told) = (choice_in(trace, l, first), prob(p));
    // A bias or noise may choose another than the one with the highest score.
    let highest = scores.iter().all(|other| *other <= p);
    Some(match (highest, has_probabilities(trace)) {
        _ if trace.rules_of(layer).fixed => explore::tour_gate_weighed_only(name, told),
        (true, true) => explore::tour_gate_highest_probability(name, told),
        (true, false) => explore::tour_gate_highest_score(name, told),
        (false, true) => explore::tour_gate_first_probability(name, told),
        (false, false) => explore::tour_gate_first_score(name, told),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    fn named(convention: &str) -> Trace {
        let mut trace = sample::trace(5, 2, 8, 2);
        trace.model.convention = convention.to_owned();
        trace
    }

    #[test]
    fn only_softmax_makes_probabilities() {
        let softmax = named("softmax over the kept logits");
        assert!(explanation(&softmax, 0).contains("probabilities p that add up to 1"));
        assert!(tour(&softmax, 3, 1).contains("the highest probability here"));
        let sigmoid = named("sigmoid, top k with a bias, without it renormalised over the chosen");
        assert!(explanation(&sigmoid, 0).contains("sigmoid") && !explanation(&sigmoid, 0).contains("probabilit"));
        assert!(!tour(&sigmoid, 3, 1).contains("probabilit"));
        assert_eq!(function(&named("something new")), None);
    }

    #[test]
    fn a_table_is_no_gate() {
        let table = named("1: no router");
        assert!(explanation(&table, 0).starts_with("There is no gate"));
        assert!(tour(&table, 0, 0).contains("a fixed table"));
        assert_eq!(gate(&table), "none: a fixed table");
    }

    #[test]
    fn a_table_may_choose_whom_a_gate_weighs() {
        let mut trace =
            named("root of softplus, top k with a bias, without it renormalised over the chosen and scaled");
        trace.layers[0].info.method = Some("deepseek-v4-hash".to_owned());
        assert!(explanation(&trace, 0).contains("a fixed table says by the token alone"), "{}", explanation(&trace, 0));
        assert!(!explanation(&trace, 1).contains("table"), "{}", explanation(&trace, 1));
        assert!(tour(&trace, 2, 0).contains("In this layer a fixed table says which of them work"));
        assert!(!tour(&trace, 2, 1).contains("table"), "{}", tour(&trace, 2, 1));
        assert_eq!(gate(&trace), "one linear layer, 128 numbers in, 8 scores out; in 1 layer a fixed table chooses");
        assert_eq!(function(&trace), Some("√softplus"));
    }

    #[test]
    fn a_gate_that_is_not_recorded_is_not_made_up() {
        let trace = sample::ids_only(5);
        assert_eq!(gate(&trace), "not recorded");
        assert!(
            explanation(&trace, 1).contains("What the gate is and what it scored is not"),
            "{}",
            explanation(&trace, 1)
        );
        for words in [explanation(&trace, 0), tour(&trace, 2, 1), gate(&trace)] {
            assert!(!words.contains(|c: char| c.is_ascii_digit() && c != '8'), "{words}");
        }
    }

    #[test]
    fn a_hash_of_the_place_has_no_table() {
        let mut place = named("1: no router");
        place.model.constants.hash = Some("position".to_owned());
        assert!(explanation(&place, 0).starts_with("There is no gate and no table"));
        assert!(tour(&place, 2, 0).contains("the hash of its place") && tour(&place, 2, 0).contains("Place 3"));
        for words in [gate(&place), tour(&place, 0, 0)] {
            assert!(words.contains("hash") && !words.contains("table"), "{words}");
        }
    }

    #[test]
    fn a_policys_last_choice_is_not_counted_as_a_block() {
        let mut policy = named("1: the policy picks one block; 0 for pass");
        policy.model.experts = 9;
        assert_eq!(gate(&policy), "a learnt list of scores for 8 blocks or pass, the same for the whole text");
        for words in [gate(&policy), tour(&policy, 0, 0)] {
            assert!(words.contains("8 blocks or pass") && !words.contains('9'), "{words}");
        }
    }

    #[test]
    fn a_bias_may_choose_another_than_the_highest() {
        let mut trace = named("sigmoid of the chosen affinity");
        let probs: Vec<f32> = (0..40).map(|at| if at % 8 == 7 { 0.9 } else { 0.1 }).collect();
        trace.layers[0].probs = crate::trace::Matrix::new(8, probs);
        trace.layers[0].experts = crate::trace::Matrix::new(2, [0, 1].repeat(5)).unwrap();
        assert!(tour(&trace, 2, 0).contains("The first choice here is 1·E1, with score 0.10"));
    }
}
