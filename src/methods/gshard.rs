//! GShard, without tensors: those are in `router::gshard`.

use super::steps::{drops, nothing};
use super::{Ahead, Choices, Coefficient, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;
use crate::order;

/// Lepikhin et al. 2020: top 2 with a capacity.
pub const GSHARD: Method = Method {
    id: "gshard",
    title: "GShard",
    paper: "Lepikhin and others 2020, arXiv:2006.16668, section 2.2",
    year: Some(2020),
    family: Family::Capacity,
    router: "gshard",
    convention: "the two largest of softmax, renormalised",
    aliases: &[],
    ahead: Some(Ahead::Published),
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::Exactly(2),
    blends: false,
    drops: true,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Capacity],
    shared: 0,
    on_host: false,
    diagram: Diagram::Queues,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "The two best experts of each token, and each expert takes only so many tokens of a group. Who comes too late is dropped there; if both choices are, only the residual stream carries the token on. In training the second expert is tried with probability 2 g2 only.",
    formula: "g = softmax(W x),  w = g_1 / (g_1 + g_2), g_2 / (g_1 + g_2)",
    score: "softmax over all experts",
    selection: "the two largest, each where there is room",
    weight: "divided by the sum of both, 0 if dropped",
    balance: "loss of shares times mean scores; capacity 2 N / E in a group of N tokens",
    look: "The line at capacity: what lies behind it was dropped. A text much shorter than a group seldom fills a queue: paste a few paragraphs.",
    cannot: "It cannot promise a token its expert: the loads of a text decide.",
    ahead: "As published all first choices of a group take their places before any second one, so later tokens count. Left to right, and in generation, each token takes its places as it comes.",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let mut best = token.chosen.to_vec();
    order::sort(&mut best, |&a, &b| token.logit(b).total_cmp(&token.logit(a)));
    let [first, second] = best[..] else { return nothing() };
    let (a, b) = (token.score(first), token.score(second));
    let [p, q] = [a, b].map(thousandths);
    let mut steps = vec![
        say::gshard_largest(token.name(first), &p, token.name(second), &q),
        say::gshard_divided(&p, &q, thousandths(a / (a + b)), thousandths(b / (a + b))),
    ];
    steps.extend(drops(token));
    steps
}
