//! Qwen3-MoE, without tensors: those are in `router::conventions`.

use super::{Choices, Coefficient, Convention, Family, Gate, Kind, Method, Scores, Weights};

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
    gate: Gate::Linear,
    order: Some(Convention::Qwen3Moe),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    kind: Kind::Today(Convention::Qwen3Moe),
};
