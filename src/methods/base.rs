//! BASE, without tensors: those are in `router::base`.

use super::steps::nothing;
use super::{Ahead, Choices, Decision, Diagram, Family, GateKind, Lesson, Method, SIGMOID, Scores, Weights, cost};
use crate::format::{hundredths, thousandths};
use crate::messages::methods as say;

/// Lewis et al. 2021: balanced assignment.
pub const BASE: Method = Method {
    id: "base",
    title: "BASE",
    paper: "Lewis, Bhosale, Dettmers, Goyal and Zettlemoyer 2021, arXiv:2103.16716",
    year: Some(2021),
    family: Family::Assigned,
    router: "base",
    convention: "sigmoid of the chosen affinity",
    aliases: &[],
    ahead: Some(Ahead::Training),
    scores: Scores::Each(&SIGMOID),
    weights: Weights::Own,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: false,
    even: true,
    coefficients: &[],
    shared: 0,
    on_host: true,
    diagram: Diagram::Assignment,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Routing as an assignment: in training every expert gets exactly T / E tokens, such that the sum of all affinities is the largest possible. No loss is needed to keep the load even. Afterwards each token takes its best expert.",
    formula: "α = σ(h · w_e),  y = α E(h)",
    score: "affinity h · w_e",
    selection: "balanced assignment in training, the largest afterwards",
    weight: "σ of the chosen affinity",
    balance: "exact in training, by construction",
    look: "With “balanced” on: dashed are the experts that tokens wanted, solid those that they got.",
    cannot: "It cannot assign a text in balance that is not finished.",
    ahead: "Balanced as in training (there over a whole batch, here over this text), a later token can push an earlier one to another expert. Left to right, in generation and in the paper’s own tests, each token takes its best expert.",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let best = (0..token.logits.len()).reduce(|a, b| if token.logit(b) > token.logit(a) { b } else { a });
    let (Some(&expert), Some(best)) = (token.chosen.first(), best) else { return nothing() };
    let (name, affinity) = (token.name(expert), hundredths(token.logit(expert)));
    let choice = match token.looks_ahead {
        true if expert == best => say::base_best(name),
        true => say::base_sent(token.name(best), hundredths(token.logit(best)), name, &affinity),
        false => say::base_greedy(name, &affinity),
    };
    vec![choice, say::base_weight(&affinity, thousandths(token.score(expert)))]
}
