//! The arithmetic of a method with the numbers of one token: what the router's decision is given as, and the steps that more than one
//! method takes. What only one method does is in its own file.

use super::Method;
use crate::format::{hundredths, thousandths};
use crate::messages::methods as say;

/// What a router decided on one token in one layer.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    /// The layer's method.
    pub method: &'static Method,
    /// Experts, E.
    pub experts: usize,
    /// The chosen experts, in the order of the trace, [k].
    pub chosen: &'a [usize],
    /// Router outputs, [E].
    pub logits: &'a [f32],
    /// Scores, [E].
    pub probs: &'a [f32],
    /// Weights of the choices, [k].
    pub weights: &'a [f32],
    /// Which choices were dropped, [k].
    pub dropped: &'a [bool],
    /// What is added to logits or scores, where a method has such a bias and it is recorded, [E]; otherwise empty.
    pub bias: &'a [f32],
    /// Experts that see every token.
    pub shared: usize,
    /// What weights that are scaled add up to.
    pub scaling: Option<f64>,
    /// Slots of an expert in Soft MoE.
    pub slots: Option<usize>,
    /// The task that the text is said to be of, counted from 0.
    pub task: Option<usize>,
    /// Tasks whose policies are recorded.
    pub tasks: usize,
    /// Whether it was routed with a look at later tokens.
    pub looks_ahead: bool,
    /// What the layer and the text around the token say.
    pub around: &'a dyn Around,
}

/// What has to be looked up beyond the token's own numbers: names of experts, and what other tokens did.
pub trait Around {
    /// An expert's name.
    fn name(&self, expert: usize) -> String;

    /// How much room experts have in the token's group, as a sentence; `None` if no capacity is recorded.
    fn room(&self) -> Option<String>;

    /// The token's place in an expert's queue, from 1 on.
    fn place(&self, expert: usize) -> Option<usize>;

    /// Which of the tokens that an expert took it is, from 1 on and the best first, and how many those are.
    fn rank(&self, expert: usize) -> Option<(usize, usize)>;

    /// What a table or a hash looks the token up by.
    fn key(&self) -> String;

    /// The branch of a tree that an expert is in.
    fn branch(&self, expert: usize) -> Option<TreeBranch>;
}

/// The way to a leaf of a tree of gates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TreeBranch {
    /// The branch, counted from 0.
    pub number: usize,
    /// Its share, g(i).
    pub share: f32,
    /// The leaf's share in it, g(j|i).
    pub within: f32,
}

/// What is said where no expert has the token.
pub(super) fn nothing() -> Vec<String> {
    vec![say::nothing_chosen().to_owned()]
}

impl Decision<'_> {
    /// An expert's name.
    pub fn name(&self, expert: usize) -> String {
        self.around.name(expert)
    }

    /// The logit of an expert.
    pub fn logit(&self, expert: usize) -> f32 {
        self.logits.get(expert).copied().unwrap_or_default()
    }

    /// The score of an expert.
    pub fn score(&self, expert: usize) -> f32 {
        self.probs.get(expert).copied().unwrap_or_default()
    }

    /// The weight of a choice.
    pub fn weight(&self, choice: usize) -> f32 {
        self.weights.get(choice).copied().unwrap_or_default()
    }

    /// `E3 0.41, E6 0.27`, of the chosen.
    pub fn list(&self, of: impl Fn(usize) -> String) -> String {
        let one = |&expert: &usize| format!("{} {}", self.name(expert), of(expert));
        self.chosen.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// `0.41 + 0.27`, of the chosen.
    pub fn sum(&self, of: impl Fn(usize) -> String) -> String {
        self.chosen.iter().map(|&expert| of(expert)).collect::<Vec<_>>().join(" + ")
    }

    /// The scores of the chosen as a sum, `0.41 + 0.27`.
    pub fn scores(&self) -> String {
        self.sum(|expert| thousandths(self.score(expert)))
    }

    /// What is to be said where an expert that was not kept has the same logit as the last one that was.
    fn tie(&self) -> Option<&'static str> {
        let last = self.chosen.iter().map(|&expert| self.logit(expert)).fold(f32::INFINITY, f32::min);
        let equal = |kept: bool| {
            let all = self.logits.iter().enumerate().filter(move |(_, logit)| **logit == last);
            all.map(|(expert, _)| expert).filter(move |expert| self.chosen.contains(expert) == kept)
        };
        match (equal(true).max(), equal(false).min()) {
            (Some(kept), Some(left)) if kept < left => Some(say::tie_lower()),
            (Some(_), Some(_)) => Some(say::tie_equal()),
            _ => None,
        }
    }

    /// That an expert beside the routed ones has a part in it, where there is one.
    pub(super) fn beside(&self) -> Option<String> {
        (self.shared > 0).then(|| say::shared_expert().to_owned())
    }

    /// The bias of an expert, where it is recorded.
    pub(super) fn bias_of(&self, expert: usize) -> Option<f32> {
        self.bias.get(expert).copied()
    }

    /// Whether the scores of all chosen experts are 0, so that there is nothing to divide by.
    pub(super) fn scoreless(&self) -> bool {
        self.chosen.iter().all(|&expert| self.score(expert) == 0.0)
    }
}

/// Scores, choice and weights of a method of which nothing more is to be said than its lesson does: the scores of the chosen,
/// and their weights.
pub fn plain(token: &Decision<'_>) -> Vec<String> {
    let Some(&first) = token.chosen.first() else { return nothing() };
    let chosen = say::chosen_scores(token.list(|expert| thousandths(token.score(expert))));
    let last = match token.weight(0) == token.score(first) {
        true => say::weight_is_score(token.name(first), thousandths(token.weight(0))),
        false => say::weight_of(token.name(first), thousandths(token.weight(0))),
    };
    token.beside().into_iter().chain([chosen, last]).collect()
}

/// Softmax over the k largest logits.
pub(super) fn softmax_over_kept(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let logit = |expert: usize| hundredths(token.logit(expert));
    let kept = match token.chosen.len() {
        1 => say::kept_one(token.list(logit)),
        many => say::kept_many(many, token.list(logit)),
    };
    let powers = token.sum(|expert| format!("e^{}", logit(expert)));
    let all = token.chosen.iter().map(|&expert| token.score(expert)).sum::<f32>();
    let mut steps = vec![
        followed(kept, token.tie()),
        say::softmax_over_those(token.name(expert), logit(expert), powers, thousandths(token.weight(0))),
    ];
    if all > 0.0 {
        let score = token.score(expert);
        steps.push(say::from_probabilities(thousandths(score), token.scores(), thousandths(score / all)));
    }
    steps
}

/// Softmax over all experts before any is chosen; the weights are divided by the sum of the kept, or not.
pub(super) fn softmax_first(token: &Decision<'_>, divided: bool) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let kept = token.list(|expert| thousandths(token.score(expert)));
    let kept = match token.chosen.len() {
        1 => say::softmax_kept_one(kept),
        many => say::softmax_kept_many(many, kept),
    };
    let small = token.chosen.iter().any(|&expert| token.score(expert) == 0.0).then(say::softmax_too_small);
    let (name, weight) = (token.name(expert), thousandths(token.weight(0)));
    let last = match divided {
        true => say::divided_by_sum(name, thousandths(token.score(expert)), token.scores(), weight),
        false => {
            let sum = thousandths(token.chosen.iter().map(|&expert| token.score(expert)).sum::<f32>());
            // What is 1 to the digits shown makes nothing smaller.
            let together = match (token.chosen.len(), sum.as_str()) {
                (1, "1.000") => say::alone_whole(sum),
                (1, _) => say::alone_less(sum),
                (_, "1.000") => say::together_whole(sum),
                _ => say::together_less(sum),
            };
            followed(say::weight_is_p(name, weight), Some(&together))
        }
    };
    vec![followed(followed(kept, small), token.tie()), last]
}

/// What queues did to the choices.
pub(super) fn drops(token: &Decision<'_>) -> Vec<String> {
    let Some(room) = token.around.room() else { return vec![say::no_capacity().to_owned()] };
    let says = |(choice, &expert): (usize, &usize)| {
        let (name, place) = (token.name(expert), token.around.place(expert)?);
        Some(match token.dropped.get(choice) {
            Some(true) => say::queue_full(name, place),
            _ => say::queue_room(name, place),
        })
    };
    std::iter::once(room).chain(token.chosen.iter().enumerate().filter_map(says)).collect()
}

/// The way through a tree of gates to the first choice.
pub(super) fn tree(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return vec![say::tree_not_recorded().to_owned()] };
    let Some(TreeBranch { number, share, within }) = token.around.branch(expert) else {
        return vec![say::tree_not_recorded().to_owned()];
    };
    let product = thousandths(share * within);
    vec![say::tree_leaf(token.name(expert), number + 1, thousandths(share), thousandths(within), product)]
}

/// A sentence, and another one after it if there is one.
pub(super) fn followed(sentence: String, next: Option<&str>) -> String {
    match next {
        Some(next) => format!("{sentence} {next}"),
        None => sentence,
    }
}
