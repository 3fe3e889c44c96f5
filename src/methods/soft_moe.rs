//! Soft MoE, without tensors: those are in `router::soft_moe`.

use super::steps::nothing;
use super::{Ahead, Choices, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;

/// Puigcerver et al. 2023: experts compute mixtures of tokens.
pub const SOFT_MOE: Method = Method {
    id: "soft-moe",
    title: "Soft MoE",
    paper: "Puigcerver and others 2023, arXiv:2308.00951, section 2",
    year: Some(2023),
    family: Family::Experts,
    router: "soft-moe",
    convention: "softmax over slots; shown is each expert's share",
    aliases: &[],
    ahead: Some(Ahead::Published),
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: GateKind::Slots,
    cost: cost::slots,
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
    diagram: Diagram::Mixing,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Nothing is chosen: each expert computes a few mixtures of all tokens (slots), and each token gets a mixture of all outputs. Everything has a gradient, and nothing is dropped.",
    formula: "D = softmax over tokens,  C = softmax over slots,  Y = C f(Dᵀ X)",
    score: "product of normalised x and slot vectors",
    selection: "none",
    weight: "each expert’s share in C",
    balance: "exact, by construction",
    look: "With “as published” on: which tokens an expert’s slots are mixed of.",
    cannot: "It cannot be used as it is to write text: slots mix earlier tokens with later ones.",
    ahead: "As published the slots mix all tokens of a group. Left to right, and in generation, every token is a group of its own, so its slots hold just this token; the model was not trained so.",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let (name, share) = (token.name(expert), thousandths(token.score(expert)));
    let most = say::soft_most(&name, &share);
    if !token.looks_ahead {
        return vec![most, say::soft_alone().to_owned()];
    }
    let mixtures = match token.slots {
        Some(slots) => say::soft_mixtures(slots, name, share),
        None => say::soft_mixtures_unknown(name, share),
    };
    vec![say::soft_sum().to_owned(), most, mixtures]
}
