//! What a gate does, in words that are true for the method: not every score is a probability, and not every method has a
//! gate ([`crate::trace::rules`]).

use super::format::{choice_in, count, plural, prob, quoted};
use crate::methods::LooksAt;
use crate::scene::words::pool;
use crate::trace::Trace;
use crate::trace::rules::{Gate, Scores};

/// What the method's scores are called.
pub fn score_name(trace: &Trace) -> &'static str {
    match trace.rules().scores {
        Scores::Softmax => "probability",
        Scores::Sigmoid | Scores::RootSoftplus | Scores::Table | Scores::Unknown => "score",
    }
}

/// Whether a hash of the place decides, which needs no table.
fn by_place(trace: &Trace) -> bool {
    trace.model.constants.key().is_some_and(|key| key.looks_at == LooksAt::Place)
}

/// `128 numbers`, of which a token consists for the gate.
fn numbers(trace: &Trace) -> String {
    trace.model.hidden.map_or_else(|| "numbers".to_owned(), |hidden| plural(hidden, "number", "numbers"))
}

/// What makes the scores, in a few words.
pub fn gate(trace: &Trace) -> String {
    if trace.model.experts == 1 {
        return "none: one network takes every token".to_owned();
    }
    let experts = trace.model.experts;
    let hidden = trace.model.hidden.map(|hidden| format!("{hidden} numbers in, ")).unwrap_or_default();
    match trace.rules().gate {
        Gate::Linear => {
            let tables = trace.layers.iter().filter(|layer| trace.rules_of(layer).fixed).count();
            let chosen = match tables {
                0 => String::new(),
                tables if tables == trace.layers.len() => "; a fixed table chooses".to_owned(),
                tables => format!("; in {} a fixed table chooses", plural(tables, "layer", "layers")),
            };
            format!("one linear layer, {hidden}{experts} scores out{chosen}")
        }
        Gate::Tree => format!("two linear layers, one for groups of experts and one inside them; {experts} scores"),
        Gate::Slots => format!("likeness to learnt slots, shown as {experts} shares, one for each expert"),
        Gate::Policy => format!("a learnt list of scores for {}, the same for the whole text", pool(trace)),
        Gate::Table if by_place(trace) => "none: a hash of the token’s place".to_owned(),
        Gate::Table => "none: a fixed table".to_owned(),
        Gate::Unknown => "not recorded".to_owned(),
    }
}

/// What the gate does, as sentences.
pub fn explanation(trace: &Trace, layer: usize) -> String {
    if trace.experts(layer) == 1 {
        return "There is nothing to choose: one network takes every token.".to_owned();
    }
    let experts = trace.experts(layer);
    let numbers = numbers(trace);
    let within = trace.layers.get(layer);
    let rules = within.map_or_else(|| trace.rules(), |layer| trace.rules_of(layer));
    let scored = within.is_some_and(|layer| layer.probs.is_some());
    if rules.gate == Gate::Unknown && !scored {
        return "Recorded is which experts this token went to. What the gate is and what it scored is not.".to_owned();
    }
    let made = match rules.gate {
        Gate::Linear => format!(
            "The gate is one linear layer: from this token’s {numbers} x it makes {} s, one for each expert.",
            plural(experts, "score", "scores")
        ),
        Gate::Tree => format!(
            "The gate has two steps: one linear layer scores groups of experts, another the experts of each group. Together they give {experts} scores s."
        ),
        Gate::Slots => format!(
            "Nothing is chosen: every expert works on a few mixtures of tokens. The {experts} scores s say how much of each expert’s output this token takes."
        ),
        Gate::Policy => {
            format!(
                "There is no gate for each token: the layer has learnt {experts} scores s for the whole text, one for each of {} blocks and one for “pass”, which lets the text go by the layer.",
                experts - 1
            )
        }
        Gate::Table if by_place(trace) => {
            return "There is no gate and no table: a hash, a fixed rule of arithmetic, turns the token’s place in the text into the number of an expert. There are no scores; p is 1 for that expert and 0 for the others.".to_owned();
        }
        Gate::Table => {
            return "There is no gate: a fixed table says which expert this token goes to, so there are no scores. p is 1 for that expert and 0 for the others.".to_owned();
        }
        Gate::Unknown => "The file does not say by which known method its scores s became p.".to_owned(),
    };
    let turned = match rules.scores {
        Scores::Softmax => " Softmax turns them into probabilities p that add up to 1.",
        Scores::Sigmoid => {
            " Each becomes a score p between 0 and 1 by itself, through the sigmoid; they need not add up to 1."
        }
        Scores::RootSoftplus => {
            " Each becomes a score p of 0 or more by itself, the root of ln(1 + e^s); they need not add up to 1."
        }
        Scores::Table | Scores::Unknown => "",
    };
    let chosen = match rules.fixed {
        true => " They only weigh its experts: who those are, a fixed table says by the token alone.",
        false => "",
    };
    format!("{made}{turned}{chosen}")
}

/// The function that makes p of s, if it is known.
pub fn function(trace: &Trace) -> Option<&'static str> {
    match trace.rules().scores {
        Scores::Softmax => Some("softmax"),
        Scores::Sigmoid => Some("sigmoid"),
        Scores::RootSoftplus => Some("√softplus"),
        Scores::Table | Scores::Unknown => None,
    }
}

/// The tour's sentence about the gate, with the numbers of a token in a layer.
pub fn tour(trace: &Trace, t: usize, l: usize) -> String {
    let model = &trace.model;
    if model.experts == 1 {
        return "In this model there is no gate: one network takes every token.".to_owned();
    }
    let begin = match trace.rules().gate {
        Gate::Table => {
            let names: Vec<String> = trace
                .layers
                .get(l)
                .into_iter()
                .flat_map(|layer| layer.chosen(t))
                .map(|&e| choice_in(trace, l, usize::from(e)))
                .collect();
            let rule = match by_place(trace) {
                true => format!(
                    "the hash of its place says where a token goes. Place {}, {},",
                    count(t + 1),
                    quoted(trace, t)
                ),
                false => format!("a fixed table says where a token goes. {}", quoted(trace, t)),
            };
            return format!("This method has no gate: in every layer {rule} goes to {}.", names.join(" and "));
        }
        Gate::Policy => {
            format!("In every layer a learnt policy scores {}, for the whole text alike.", pool(trace))
        }
        Gate::Slots => format!(
            "In every layer a token’s {} decide what it takes of each of {} experts.",
            numbers(trace),
            model.experts
        ),
        Gate::Linear | Gate::Tree | Gate::Unknown => {
            format!("In every layer a gate reads the token’s {} and scores {} experts.", numbers(trace), model.experts)
        }
    };
    let end = trace.layers.get(l).and_then(|layer| {
        let (first, probs) = (usize::from(*layer.chosen(t).first()?), layer.scores(t)?);
        let (p, name) = (*probs.get(first)?, score_name(trace));
        if trace.rules_of(layer).fixed {
            let name = choice_in(trace, l, first);
            return Some(format!(
                " In this layer a fixed table says which of them work, and the scores only weigh them: {name} has most, {}.",
                prob(p)
            ));
        }
        // A bias or noise may choose another than the one with the highest score.
        Some(match probs.iter().all(|other| *other <= p) {
            true => format!(" It gives {} the highest {name} here: {}.", choice_in(trace, l, first), prob(p)),
            false => format!(" The first choice here is {}, with {name} {}.", choice_in(trace, l, first), prob(p)),
        })
    });
    begin + &end.unwrap_or_default()
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
