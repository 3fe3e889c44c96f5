//! The method's formula with the numbers of the selected token in the selected layer, step by step.

use super::weights::{expected, hold};
use super::{Kind, Place, buckets, matrix, number, picks, policy, queues, short, tree};
use crate::format::thousands;
use crate::methods::LooksAt;
use crate::order;
use crate::scene::words::{choice, choice_in};
use crate::trace::conventions::Convention;

/// The steps from scores to output, each a sentence with its numbers. The last one says so if the weights of the trace do
/// not follow from them. `layered` says whether experts of other layers can be seen beside them, so that names say the layer.
pub fn steps(at: &Place<'_>, layered: bool) -> Vec<String> {
    let token = Token::of(at, layered);
    let mut steps = match at.kind() {
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
        Kind::Today(Convention::GptOss) => token.biased(),
        Kind::Today(convention) => token.softmax_first(convention == Convention::Qwen3Moe),
        Kind::Deepseek => token.deepseek(),
        Kind::DeepseekV4 => token.deepseek_v4(),
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
    layered: bool,
    chosen: Vec<usize>,
    logits: &'a [f32],
    probs: &'a [f32],
    weights: &'a [f32],
    dropped: &'a [bool],
}

impl<'a> Token<'a> {
    fn of(at: &'a Place<'a>, layered: bool) -> Self {
        let (layer, t) = (at.layer, at.token);
        Self {
            at,
            layered,
            chosen: layer.chosen(t).iter().map(|&e| usize::from(e)).collect(),
            logits: at.logits.row(t),
            probs: at.probs.row(t),
            weights: at.weights.row(t),
            dropped: at.dropped.row(t),
        }
    }

    /// An expert's name.
    fn name(&self, e: usize) -> String {
        let (trace, layer) = (self.at.trace, self.at.number);
        if self.layered { choice_in(trace, layer, e) } else { choice(trace, e) }
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
        let all = self.chosen.iter().map(|&e| self.p(e)).sum::<f32>();
        let mut steps = vec![
            match self.chosen.len() {
                1 => format!("Kept is the largest score: {}.", self.list(|e| short(self.s(e)))),
                many => format!("Kept are the {many} largest scores: {}.", self.list(|e| short(self.s(e)))),
            } + self.tie(),
            format!(
                "Softmax over those: w of {} = e^{} / ({powers}) = {}.",
                self.name(e),
                short(self.s(e)),
                number(self.w(0))
            ),
        ];
        if all > 0.0 {
            steps.push(format!(
                "From the probabilities: {} / ({}) = {}. Divided by the sum of the kept, the weights add up to 1.",
                number(self.p(e)),
                self.sum(|e| number(self.p(e))),
                number(self.p(e) / all)
            ));
        }
        steps
    }

    /// gpt-oss: a learnt bias is in the scores.
    fn biased(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let bias = self.at.layer.extra.row(0).get(e);
        let with = bias.map_or_else(
            || "A learnt bias b is in the scores; how large it is, is not recorded.".to_owned(),
            |&b| {
                let score = format!(
                    "s of {} = {} + ({}) = {}.",
                    self.name(e),
                    number(f64::from(self.s(e)) - f64::from(b)),
                    number(b),
                    number(self.s(e))
                );
                format!("A learnt bias b is added before anything is chosen: {score}")
            },
        );
        std::iter::once(with).chain(self.softmax_over_kept()).collect()
    }

    /// Softmax over all experts before any is chosen: Qwen3 divides by the sum of the kept, OLMoE does not.
    fn softmax_first(&self, divided: bool) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let sum = self.chosen.iter().map(|&e| self.p(e)).sum::<f32>();
        let kept = self.list(|e| number(self.p(e)));
        let mut first = match self.chosen.len() {
            1 => format!("p = softmax(s) over all experts: kept is the largest, {kept}."),
            many => format!("p = softmax(s) over all experts: kept are the {many} largest, {kept}."),
        };
        if self.chosen.iter().any(|&e| self.p(e) == 0.0) {
            first.push_str(" Where p is too small to be told from 0, the score s decides.");
        }
        first.push_str(self.tie());
        let weight = if divided {
            let parts = self.sum(|e| number(self.p(e)));
            format!(
                "Divided by their sum: w of {} = {} / ({parts}) = {}.",
                self.name(e),
                number(self.p(e)),
                number(self.w(0))
            )
        } else {
            let together = match self.chosen.len() {
                1 => "It is".to_owned(),
                _ => "Together they are".to_owned(),
            };
            // What is 1 to the digits shown makes nothing smaller.
            let smaller = match number(sum).as_str() {
                "1.000" => "as much as weights that add up to 1",
                _ => "the layer’s output is that much smaller than with weights that add up to 1",
            };
            format!(
                "The weight is p itself, for {} {}; nothing is divided. {together} {}: {smaller}.",
                self.name(e),
                number(self.w(0)),
                number(sum)
            )
        };
        vec![first, weight]
    }

    fn gshard(&self) -> Vec<String> {
        let mut best = self.chosen.clone();
        order::sort(&mut best, |&a, &b| self.s(b).total_cmp(&self.s(a)));
        let [first, second] = best[..] else { return nothing() };
        let (a, b) = (self.p(first), self.p(second));
        let mut steps = vec![format!(
            "p = softmax(s): the two largest are {} {} and {} {}.",
            self.name(first),
            number(a),
            self.name(second),
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
        let mut steps = vec![format!("p = softmax(s): the largest is {} with {}.", self.name(e), number(self.p(e)))];
        steps.extend(self.drops());
        if self.dropped.first() != Some(&true) {
            // The derivative of p to its score is p (1 - p).
            let gradient = match self.p(e) >= 1.0 {
                true => "the router would get a gradient by it, but where p is 1 no score changes it",
                false => "so the router gets a gradient",
            };
            steps.push(format!("The weight is p itself, {}, and not p / p = 1: {gradient}.", number(self.p(e))));
        }
        steps
    }

    /// What queues did to the choices.
    fn drops(&self) -> Vec<String> {
        let Some(queues) = queues::queues(self.at) else { return vec!["The capacity is not recorded.".to_owned()] };
        let says = |(choice, &e): (usize, &usize)| {
            let place = queues.of.get(e)?.iter().position(|queued| queued.token == self.at.token)? + 1;
            let place = format!("In the queue of {} this token is number {}", self.name(e), thousands(place));
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
                format!("The balanced assignment leaves the token with its best expert, {}.", self.name(e))
            }
            true => format!(
                "By itself the token would take {} (h·w = {}); the balanced assignment sends it to {} ({}), for the sake of the others.",
                self.name(best),
                short(self.s(best)),
                self.name(e),
                short(self.s(e))
            ),
            false => format!("Greedy: {} has the largest affinity, h·w = {}.", self.name(e), short(self.s(e))),
        };
        vec![choice, format!("The weight is σ(h·w) = σ({}) = {}.", short(self.s(e)), number(self.p(e)))]
    }

    fn hash(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let key = buckets::looked_up(self.at, self.at.token);
        let steps = [
            match buckets::looks_at(self.at) {
                Some(LooksAt::Place) => format!("No score is computed: the hash of {key} is {}.", self.name(e)),
                _ => format!("No score is computed: the table has {} for {key}.", self.name(e)),
            },
            "The weight is 1, and there is nothing to learn about whom to ask.".to_owned(),
        ];
        buckets::made(self.at).map(str::to_owned).into_iter().chain(steps).collect()
    }

    fn jacobs(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let sum: f32 = self.weights.iter().sum();
        vec![
            format!("p = softmax(s) is the weight of every expert: {} has most, {}.", self.name(e), number(self.p(e))),
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
            self.name(e),
            e / size + 1,
            number(branch.share),
            number(within),
            number(branch.share * within)
        )];
        if self.at.kind() == Kind::NoisyTree {
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
        let mean = match (tasks, self.at.trace.model.task) {
            (0, _) => "The policies themselves are not recorded.".to_owned(),
            (_, Some(task)) => format!("The text is said to be of domain {}: that policy decides.", task + 1),
            (tasks, None) => format!("Nobody says of which domain the text is: the mean of {tasks} policies decides."),
        };
        let end = match e + 1 == experts {
            true => "It is “pass”: nothing is computed, and the residual stream carries the text on.".to_owned(),
            false => "Its weight is 1.".to_owned(),
        };
        vec![
            mean,
            format!("The most likely block is {} with {}, for every token of the text. {end}", self.name(e), number(p)),
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
                let each = self.chosen.iter().filter_map(|&e| {
                    rank(e).map(|(rank, all)| format!("{} (its number {rank} of {all})", self.name(e)))
                });
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
                format!(
                    "The weight is the score itself, {} for {}, not renormalised.",
                    number(self.w(0)),
                    self.name(e)
                ),
            ],
            None => vec![first],
        }
    }

    fn soft(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let most =
            format!("{} gives most, {}; the shares of all experts add up to 1.", self.name(e), number(self.p(e)));
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
                self.name(e),
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
                    number(f64::from(self.p(e)) + f64::from(bias))
                )
            },
        );
        let shared = (self.at.trace.model.constants.shared > 0)
            .then(|| "The shared expert is added with weight 1, whatever the gate says.".to_owned());
        let weight = format!("In the weight the bias has no part: {}.", self.share(e, "", ""));
        let score = format!("s of {} = σ({}) = {}.", self.name(e), short(self.s(e)), number(self.p(e)));
        shared.into_iter().chain([score, with, weight]).collect()
    }

    fn deepseek_v4(&self) -> Vec<String> {
        let Some(&e) = self.chosen.first() else { return nothing() };
        let shared = (self.at.trace.model.constants.shared > 0)
            .then(|| "The shared expert is added with weight 1, whatever the gate says.".to_owned());
        let chosen = match self.at.method().and_then(|method| method.key) {
            Some(key) => {
                let names = self.chosen.iter().map(|&e| self.name(e)).collect::<Vec<_>>().join(", ");
                let by = buckets::looked_up(self.at, self.at.token);
                format!("{} For {by} it has {names}; their scores have no part in that.", key.words)
            }
            None => match self.at.layer.extra.row(0).get(e) {
                Some(&bias) => format!(
                    "For the choice a bias counts: {} + ({}) = {}.",
                    number(self.p(e)),
                    number(bias),
                    number(f64::from(self.p(e)) + f64::from(bias))
                ),
                None => "The bias that counts for the choice is not recorded.".to_owned(),
            },
        };
        let score = format!("s of {} = √ln(1 + e^({})) = {}.", self.name(e), short(self.s(e)), number(self.p(e)));
        let weight = match self.at.trace.model.constants.scaling {
            Some(scaling) => format!("The weight is {}.", self.share(e, &format!("{} · ", short(scaling)), "")),
            None => {
                format!("The weight is {}.", self.share(e, "", ", times a factor that is not recorded"))
            }
        };
        shared.into_iter().chain([chosen, score, weight]).collect()
    }

    /// What is to be said where an expert that was not kept has the same score as the last one that was.
    fn tie(&self) -> &'static str {
        let last = self.chosen.iter().map(|&e| self.s(e)).fold(f32::INFINITY, f32::min);
        let equal = |kept: bool| {
            let all = self.logits.iter().enumerate().filter(move |(_, s)| **s == last);
            all.map(|(e, _)| e).filter(move |e| self.chosen.contains(e) == kept)
        };
        match (equal(true).max(), equal(false).min()) {
            (Some(kept), Some(left)) if kept < left => " Of equal ones the lower number is kept.",
            (Some(_), Some(_)) => " Others are equal to the last of these.",
            _ => "",
        }
    }

    /// The weight of the first choice as the share of its score, with a factor before it or words behind it. Where all scores
    /// are 0 there is nothing to divide by.
    fn share(&self, e: usize, factor: &str, more: &str) -> String {
        let weight = number(self.w(0));
        if self.chosen.iter().all(|&e| self.p(e) == 0.0) {
            return format!("{weight}: the scores of all that were chosen are 0, so none has a share");
        }
        let (of, all) = (number(self.p(e)), self.sum(|e| number(self.p(e))));
        match more.is_empty() {
            true => format!("{factor}{of} / ({all}) = {weight}"),
            false => format!("{factor}{of} / ({all}){more}: {weight}"),
        }
    }

    /// `E3 0.41, E6 0.27`, of the chosen.
    fn list(&self, of: impl Fn(usize) -> String) -> String {
        self.chosen.iter().map(|&e| format!("{} {}", self.name(e), of(e))).collect::<Vec<_>>().join(", ")
    }
}

fn nothing() -> Vec<String> {
    vec!["No expert was chosen.".to_owned()]
}

#[cfg(test)]
#[path = "arithmetic_tests.rs"]
mod tests;
