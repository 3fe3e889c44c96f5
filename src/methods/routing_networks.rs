//! Routing networks, without tensors: those are in `router::routing_networks`.

use super::steps::{followed, nothing};
use super::{Choices, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;

/// Rosenbaum, Klinger and Riemer 2017: a policy learned by reinforcement picks a block for each task.
pub const ROUTING_NETWORKS: Method = Method {
    id: "routing-networks",
    title: "Routing networks",
    paper: "Rosenbaum, Klinger and Riemer 2017, arXiv:1711.01239",
    year: Some(2017),
    family: Family::Assigned,
    router: "routing-networks",
    convention: "1: the policy picks one block; 0 for pass",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::One,
    gate: GateKind::Policy,
    cost: cost::policy,
    key: None,
    first: None,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: true,
    diagram: Diagram::Policy,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "A policy, learnt by reinforcement (here by REINFORCE, in the paper by a weighted policy learner for several tasks), picks one function block at every depth, or passes. There is one policy for each task; here a task is a domain of the training text. All tokens of a text take the same block. In the paper a block’s output takes the place of its input; here, as in every model of this page, it is added to it.",
    formula: "a = most likely of π_task,  y = E_a(x), or x unchanged for pass",
    score: "the policy’s probabilities π",
    selection: "sampled in training, the most likely afterwards",
    weight: "1, or 0 for pass",
    balance: "none; a reward for blocks that other tasks use too",
    look: "Whether domains have blocks of their own, or the policy has collapsed onto one.",
    cannot: "It cannot send two tokens of one text to different blocks. It has to be told the domain: below the picture you can say it. If nobody does, the mean of all policies decides.",
    ahead: "",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let likely = (0..token.probs.len()).reduce(|a, b| if token.score(b) > token.score(a) { b } else { a });
    let Some(block) = likely else { return nothing() };
    let policy = match (token.tasks, token.task) {
        (0, _) => say::policy_not_recorded().to_owned(),
        (_, Some(task)) => say::policy_domain(task + 1),
        (tasks, None) => say::policy_mean(tasks),
    };
    let end = match block + 1 == token.experts {
        true => say::policy_pass(),
        false => say::policy_weight(),
    };
    vec![policy, followed(say::policy_block(token.name(block), thousandths(token.score(block))), Some(end))]
}
