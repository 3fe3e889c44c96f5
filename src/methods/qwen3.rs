//! Qwen3-MoE, without tensors: those are in `router::conventions`.

use super::{
    Choices, Coefficient, Convention, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost, steps,
};

/// Qwen Team 2025: softmax, top k, renormalised.
pub const QWEN3: Method = Method {
    id: "qwen3",
    title: "Qwen3-MoE",
    paper: "Qwen Team 2025, arXiv:2505.09388, section 2",
    year: Some(2025),
    family: Family::TopK,
    router: "conventions",
    convention: "softmax over all experts, renormalised over the kept",
    aliases: &["qwen3-moe"],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: Some(Convention::Qwen3Moe),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    diagram: Diagram::Cut,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Softmax over all experts comes first, the k largest probabilities are kept and divided by their sum. The weights are then the same numbers as Mixtral’s, which takes softmax over the kept scores alone.",
    formula: "p = softmax(x W),  w_i = p_i / Σ p of the k largest",
    score: "softmax over all experts",
    selection: "the k largest",
    weight: "p divided by the sum of the kept, Σ = 1",
    balance: "loss of shares times mean scores",
    look: "The first and the third row of the conventions: two ways, one result. Only without the division do they part.",
    cannot: "What an expert that was not kept would have done, nothing tells the gate: the division takes its share of the softmax out again.",
    ahead: "",
    steps: |token| steps::softmax_first(token, true),
};
