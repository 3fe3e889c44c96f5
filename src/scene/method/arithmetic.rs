//! The method's formula with the numbers of the selected token in the selected layer, step by step.

use super::weights::{expected, hold};
use super::{Kind, Place, buckets, matrix, number, picks, policy, queues, short, tree};
use crate::scene::words::{choice, expert, thousands};

/// The steps from scores to output, each a sentence with its numbers. The last one says so if the weights of the trace do
/// not follow from them.
pub fn steps(at: &Place<'_>) -> Vec<String> {
    let token = Token::of(at);
    let mut steps = match Kind::of(&at.trace.model) {
        Kind::Dense => vec!["There is one network and no gate: nothing is scored, and the weight is 1.".to_owned()],
        Kind::Mixtral | Kind::Shazeer => token.softmax_over_kept(),
        Kind::Gshard => token.gshard(),
        Kind::Switch => token.switch(),
        Kind::Base => token.base(),
        Kind::Hash => token.hash(),
        Kind::Jacobs => token.jacobs(),
        Kind::Tree | Kind::NoisyTree => token.tree(),
        Kind::Policy => token.policy(),
        Kind::ExpertChoice => token.expert_choice(),
        Kind::SoftMoe => token.soft(),
        Kind::Deepseek => token.deepseek(),
        Kind::Other => Vec::new(),
    };
    if expected(at).is_none() {
        steps.push("How these weights follow from the scores is not known for this method.".to_owned());
    } else if !hold(at) {
        steps.push("The weights are as recorded; they do not follow from these scores alone.".to_owned());
    }
    steps
}

/// What is known of the selected token.
struct Token<'a> {
    at: &'a Place<'a>,
    chosen: Vec<usize>,
    logits: &'a [f32],
    probs: &'a [f32],
    weights: &'a [f32],
    dropped: &'a [bool],
}

impl<'a> Token<'a> {
    fn of(at: &'a Place<'a>) -> Self {
        let (layer, t) = (at.layer, at.token);
        Self {
            at,
            chosen: layer.chosen(t).iter().map(|&e| usize::from(e)).collect(),
            logits: layer.logits.row(t),
            probs: layer.probs.row(t),
            weights: layer.weights.row(t),
            dropped: layer.dropped.row(t),
        }
    }

    fn s(&self, e: usize) -> f32 {
        self.logits.get(e).copied().unwrap_or_default()
    }

    fn p(&self, e: usize) -> f32 {
        self.probs.get(e).copied().unwrap_or_default()
    }

    fn w(&self, choice: usize) -> f32 {
        self.weights.get(choice).copied().unwrap_or_default()
    }

    /// `0.41 + 0.27`, of the chosen.
    fn sum(&self, of: impl Fn(usize) -> String) -> String {
        self.chosen.iter().map(|&e| of(e)).collect::<Vec<_>>().join(" + ")
    }

    fn softmax_over_kept(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let powers = self.sum(|e| format!("e^{}", short(self.s(e))));
        vec![
            format!("Kept are the {} largest scores: {}.", self.chosen.len(), self.list(|e| short(self.s(e)))),
            format!(
                "Softmax over those: w of {} = e^{} / ({powers}) = {}.",
                expert(e),
                short(self.s(e)),
                number(self.w(0))
            ),
            format!(
                "From the probabilities: {} / ({}) = {}. Divided by the sum of the kept, the weights add up to 1.",
                number(self.p(e)),
                self.sum(|e| number(self.p(e))),
                number(self.p(e) / self.chosen.iter().map(|&e| self.p(e)).sum::<f32>())
            ),
        ]
    }

    fn gshard(&self) -> Vec<String> {
        let mut best = self.chosen.clone();
        best.sort_by(|&a, &b| self.p(b).total_cmp(&self.p(a)));
        let [first, second] = best[..] else { return nothing() };
        let (a, b) = (self.p(first), self.p(second));
        let mut steps = vec![format!(
            "p = softmax(s): the two largest are {} {} and {} {}.",
            expert(first),
            number(a),
            expert(second),
            number(b)
        )];
        steps.push(format!(
            "Divided by their sum: {} / ({} + {}) = {}, and {}.",
            number(a),
            number(a),
            number(b),
            number(a / (a + b)),
            number(b / (a + b))
        ));
        steps.extend(self.drops());
        steps
    }

    fn switch(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let mut steps = vec![format!("p = softmax(s): the largest is {} with {}.", expert(e), number(self.p(e)))];
        steps.extend(self.drops());
        if self.dropped.first() != Some(&true) {
            steps.push(format!(
                "The weight is p itself, {}, and not p / p = 1: so the router gets a gradient.",
                number(self.p(e))
            ));
        }
        steps
    }

    /// What queues did to the choices.
    fn drops(&self) -> Vec<String> {
        let Some(queues) = queues::queues(self.at) else { return vec!["The capacity is not recorded.".to_owned()] };
        let says = |(choice, &e): (usize, &usize)| {
            let place = queues.of.get(e)?.iter().position(|queued| queued.token == self.at.token)? + 1;
            let place = format!("In the queue of {} this token is number {}", expert(e), thousands(place));
            Some(match self.dropped.get(choice) {
                Some(true) => format!(
                    "{place}: the expert is full, the choice is dropped and its weight is 0. The residual stream carries the token on."
                ),
                _ => format!("{place}: there is room."),
            })
        };
        std::iter::once(queues::room(self.at, &queues)).chain(self.chosen.iter().enumerate().filter_map(says)).collect()
    }

    fn base(&self) -> Vec<String> {
        let (Some(&e), Some(best)) = (self.chosen.first(), matrix::greedy(self.logits)) else { return nothing() };
        let choice = match self.at.trace.model.looks_ahead {
            true if e == best => {
                format!("The balanced assignment leaves the token with its best expert, {}.", expert(e))
            }
            true => format!(
                "By itself the token would take {} (h·w = {}); the balanced assignment sends it to {} ({}), for the sake of the others.",
                expert(best),
                short(self.s(best)),
                expert(e),
                short(self.s(e))
            ),
            false => format!("Greedy: {} has the largest affinity, h·w = {}.", expert(e), short(self.s(e))),
        };
        vec![choice, format!("The weight is σ(h·w) = σ({}) = {}.", short(self.s(e)), number(self.p(e)))]
    }

    fn hash(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let key = buckets::looked_up(self.at, self.at.token);
        let steps = [
            match self.at.trace.model.constants.hash.as_deref() {
                Some("position") => format!("No score is computed: the hash of {key} is {}.", expert(e)),
                _ => format!("No score is computed: the table has {} for {key}.", expert(e)),
            },
            "The weight is 1, and there is nothing to learn about whom to ask.".to_owned(),
        ];
        buckets::made(self.at).map(str::to_owned).into_iter().chain(steps).collect()
    }

    fn jacobs(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let sum: f32 = self.weights.iter().sum();
        vec![
            format!("p = softmax(s) is the weight of every expert: {} has most, {}.", expert(e), number(self.p(e))),
            format!(
                "All {} experts are computed and blended; their shares add up to {}.",
                self.at.experts(),
                short(sum)
            ),
        ]
    }

    fn tree(&self) -> Vec<String> {
        let (Some(&e), Some(branches)) = (self.chosen.first(), tree::branches(self.at)) else {
            return vec!["How the tree branches is not recorded.".to_owned()];
        };
        let size = (self.at.experts() / branches.len().max(1)).max(1);
        let (Some(branch), place) = (branches.get(e / size), e % size) else { return nothing() };
        let within = branch.leaves.get(place).map_or(0.0, |leaf| leaf.within);
        let mut steps = vec![format!(
            "{} is in branch {}: g = {} for the branch times {} for the leaf = {}.",
            expert(e),
            e / size + 1,
            number(branch.share),
            number(within),
            number(branch.share * within)
        )];
        if Kind::of(&self.at.trace.model) == Kind::NoisyTree {
            steps.push(format!(
                "After the cut each gate’s shares are divided by the sum of the kept ones: the weight is {}. No noise is added outside training.",
                number(self.w(0))
            ));
        }
        steps
    }

    fn policy(&self) -> Vec<String> {
        let experts = self.at.experts();
        let Some((e, p)) = policy::likely(self.probs) else { return nothing() };
        let tasks = self.at.layer.extra.rows();
        let mean = match tasks {
            0 => "The policies themselves are not recorded.".to_owned(),
            tasks => format!("Nobody says of which domain the text is: the mean of {tasks} policies decides."),
        };
        let end = match e + 1 == experts {
            true => "It is “pass”: nothing is computed, and the residual stream carries the text on.".to_owned(),
            false => "Its weight is 1.".to_owned(),
        };
        vec![
            mean,
            format!(
                "The most likely block is {} with {}, for every token of the text. {end}",
                choice(self.at.trace, e),
                number(p)
            ),
        ]
    }

    fn expert_choice(&self) -> Vec<String> {
        let first = match self.at.trace.model.looks_ahead {
            true => {
                let picks = picks::picks(self.at);
                let rank = |e: usize| {
                    picks
                        .get(e)?
                        .iter()
                        .position(|pick| pick.token == self.at.token)
                        .map(|rank| (rank + 1, picks[e].len()))
                };
                let each = self
                    .chosen
                    .iter()
                    .filter_map(|&e| rank(e).map(|(rank, all)| format!("{} (its number {rank} of {all})", expert(e))));
                match self.chosen.len() {
                    0 => "No expert took this token: it was among the best of none. The residual stream carries it on."
                        .to_owned(),
                    _ => format!("Taken by {}.", each.collect::<Vec<_>>().join(", ")),
                }
            }
            false => format!(
                "Left to right: the token takes its own {} best experts, {}.",
                self.chosen.len(),
                self.list(|e| number(self.p(e)))
            ),
        };
        match self.chosen.first() {
            Some(&e) => vec![
                first,
                format!("The weight is the score itself, {} for {}, not renormalised.", number(self.w(0)), expert(e)),
            ],
            None => vec![first],
        }
    }

    fn soft(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let most = format!("{} gives most, {}; the shares of all experts add up to 1.", expert(e), number(self.p(e)));
        if !self.at.trace.model.looks_ahead {
            let end =
                "Left to right every slot holds just this token, so its experts’ outputs are blended by these shares.";
            return vec![most, end.to_owned()];
        }
        let slots = self.at.trace.model.constants.slots;
        let mixtures = slots.map_or_else(|| "mixtures".to_owned(), |slots| format!("{} mixtures", thousands(slots)));
        vec![
            "What was computed is y = Σ_s C_s E(x̃_s), over all slots s.".to_owned(),
            most,
            format!(
                "No expert computed this token by itself: each computed {mixtures} x̃ of the group’s tokens, one for every slot. C says how much of each this token takes; over the slots of {} it adds up to {}.",
                expert(e),
                number(self.p(e))
            ),
        ]
    }

    fn deepseek(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let bias = self.at.layer.extra.row(0).get(e);
        let with = bias.map_or_else(
            || "The bias is not recorded.".to_owned(),
            |&bias| {
                format!(
                    "For the choice the bias counts: {} + ({}) = {}.",
                    number(self.p(e)),
                    number(bias),
                    number(self.p(e) + bias)
                )
            },
        );
        let shared = (self.at.trace.model.constants.shared > 0)
            .then(|| "The shared expert is added with weight 1, whatever the gate says.".to_owned());
        let weight = format!(
            "For the weight it does not: {} / ({}) = {}.",
            number(self.p(e)),
            self.sum(|e| number(self.p(e))),
            number(self.w(0))
        );
        let score = format!("s of {} = σ({}) = {}.", expert(e), short(self.s(e)), number(self.p(e)));
        shared.into_iter().chain([score, with, weight]).collect()
    }

    /// `E3 0.41, E6 0.27`, of the chosen.
    fn list(&self, of: impl Fn(usize) -> String) -> String {
        self.chosen.iter().map(|&e| format!("{} {}", expert(e), of(e))).collect::<Vec<_>>().join(", ")
    }
}

fn nothing() -> Vec<String> {
    vec!["No expert was chosen.".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;
    use crate::trace::{Trace, sample};

    fn words(trace: &Trace, token: usize) -> String {
        steps(&samples::place(trace, token)).join("\n")
    }

    fn has(trace: &Trace, token: usize, pieces: &[&str]) {
        let words = words(trace, token);
        for piece in pieces {
            assert!(words.contains(piece), "{}: no {piece:?} in\n{words}", trace.model.router);
        }
        assert!(!words.contains("do not follow"), "{words}");
    }

    #[test]
    fn the_numbers_are_those_of_the_trace() {
        has(
            &samples::switch(),
            0,
            &[
                "E2 with 0.731",
                "The weight is p itself, 0.731",
                "room for 1 in a group of 4",
                "number 1: there is room",
            ],
        );
        has(&samples::switch(), 1, &["number 2: the expert is full", "dropped"]);
        has(&samples::gshard(), 0, &["0.731 / (0.731 + 0.269) = 0.731, and 0.269", "room for 2", "queue of E2"]);
        has(&samples::base(), 2, &["would take E1 (h·w = 0.90)", "sends it to E2 (0.80)", "σ(0.80) = 0.690"]);
        has(&samples::hash("previous"), 1, &["the table has E2 for “a”", "weight is 1"]);
        has(&samples::hash("position"), 2, &["by the place in the text", "the hash of place 3 is E1"]);
        has(&samples::tree(), 0, &["E1 is in branch 1: g = 0.800", "times 0.750 for the leaf = 0.600"]);
        has(&samples::noisy_tree(), 0, &["g = 0.600 for the branch times 0.833", "the weight is 0.600"]);
        has(&samples::policy(), 0, &["mean of 2 policies", "E1 with 0.400"]);
        has(&samples::expert_choice(), 0, &["Taken by E1 (its number 2 of 2), E2 (its number 2 of 2)", "0.500 for E1"]);
        has(&samples::expert_choice(), 2, &["No expert took this token"]);
        has(
            &samples::deepseek(),
            0,
            &["σ(0.41) = 0.600", "0.600 + (0.100) = 0.700", "0.600 / (0.600) = 1.000", "shared expert"],
        );
    }

    #[test]
    fn what_slots_computed_is_not_told_as_an_expert_of_the_token() {
        let mut trace = samples::tree();
        (trace.model.router, trace.model.constants.slots) = ("soft-moe".to_owned(), Some(64));
        trace.model.convention = "softmax over slots; shown is each expert's share".to_owned();
        has(&trace, 0, &["every slot holds just this token"]);
        trace.model.looks_ahead = true;
        has(
            &trace,
            0,
            &["E1 gives most, 0.600", "y = Σ_s C_s E(x̃_s)", "each computed 64 mixtures", "adds up to 0.600"],
        );
    }

    #[test]
    fn the_two_ways_to_mixtrals_weight_agree() {
        let trace = sample::trace(9, 1, 8, 2);
        let (layer, token) = (&trace.layers[0], 4);
        let weight = number(layer.weights.row(token)[0]);
        assert_eq!(words(&trace, token).matches(&format!("= {weight}")).count(), 2, "{}", words(&trace, token));
    }

    #[test]
    fn weights_that_do_not_follow_are_said() {
        let mut trace = samples::switch();
        trace.layers[0].weights = crate::trace::Matrix::new(1, vec![0.5, 0.0]).unwrap();
        assert!(words(&trace, 0).contains("do not follow"));
        (trace.model.router, trace.model.convention) = ("unheard-of".to_owned(), "unheard of".to_owned());
        assert!(words(&trace, 0).contains("not known for this method"));
    }
}
