//! Switch, without tensors: those are in `router::switch`.

use super::steps::{drops, nothing};
use super::{Choices, Coefficient, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;

/// Fedus, Zoph and Shazeer 2021: top 1 with a capacity.
pub const SWITCH: Method = Method {
    id: "switch",
    title: "Switch",
    paper: "Fedus, Zoph and Shazeer 2021, arXiv:2101.03961, sections 2.1 and 2.2",
    year: Some(2021),
    family: Family::Capacity,
    router: "switch",
    convention: "the largest of softmax, not renormalised",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: true,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z, Coefficient::Noise, Coefficient::Capacity],
    shared: 0,
    on_host: false,
    diagram: Diagram::Queues,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "One expert for a token, with a capacity: an expert takes factor × group / E tokens of a group, and a token that finds its expert full is dropped. A group is a large mixed batch in the paper, and less than 1 % is dropped there; here it is a stretch of one text, whose tokens want the same experts, and far more are. The weight is the probability itself.",
    formula: "p = softmax(W x),  y = p_i(x) E_i(x),  i the largest",
    score: "softmax over all experts",
    selection: "the largest, where there is room",
    weight: "p, not renormalised, 0 if dropped",
    balance: "loss E Σ f P, and the capacity",
    look: "The queues: places are given left to right, so only late tokens of a group are dropped. A text much shorter than a group seldom fills a queue: paste a few paragraphs.",
    cannot: "It cannot renormalise: one weight divided by itself is 1, and the gate would get no gradient.",
    ahead: "",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let score = token.score(expert);
    let mut steps = vec![say::switch_largest(token.name(expert), thousandths(score))];
    steps.extend(drops(token));
    if token.dropped.first() != Some(&true) {
        // The derivative of p to its score is p (1 - p).
        steps.push(match score >= 1.0 {
            true => say::switch_no_gradient(thousandths(score)),
            false => say::switch_gradient(thousandths(score)),
        });
    }
    steps
}
