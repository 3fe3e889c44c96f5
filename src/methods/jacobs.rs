//! Adaptive mixture, without tensors: those are in `router::jacobs`.

use super::steps::nothing;
use super::{Choices, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::{hundredths, thousandths};
use crate::messages::methods as say;

/// Jacobs, Jordan, Nowlan and Hinton 1991: a softmax gate blends all experts.
pub const JACOBS: Method = Method {
    id: "jacobs",
    title: "Adaptive mixture",
    paper: "Jacobs, Jordan, Nowlan and Hinton 1991, Neural Computation 3, pages 79 to 87",
    year: Some(1991),
    family: Family::Blend,
    router: "jacobs",
    convention: "softmax over all experts, all of them used",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    diagram: Diagram::Shares,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "A softmax gate gives every expert a share of every input, and the output is the blend. The paper is about the error that makes experts compete: each is compared with the target by itself, so whoever is closest learns most: E = −log Σ p_i exp(−½ |d − o_i|²). The co-operative error, |d − Σ p_i o_i|², only asks for a good blend.",
    formula: "p = softmax(W x),  y = Σ p_i E_i(x)",
    score: "softmax over all experts",
    selection: "none: all are used",
    weight: "p",
    balance: "none",
    look: "How unequal a token’s shares are: a gate that gave one expert everything would be a choice.",
    cannot: "It saves nothing, since all experts are computed. As a layer inside a language model its experts have no targets of their own, so here they learn together, through the blend. Compare’s list of claims has what changes when those of the last layer compete for the next token.",
    ahead: "",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let sum: f32 = token.weights.iter().sum();
    vec![
        say::jacobs_most(token.name(expert), thousandths(token.score(expert))),
        say::jacobs_blend(token.experts, hundredths(sum)),
    ]
}
