//! DeepSeekMoE, without tensors: those are in `router::deepseek`.

use super::{Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// DeepSeek-AI 2024 (DeepSeek-V3): sigmoid scores, top k balanced by a bias instead of a loss, beside an expert that every token shares.
pub const DEEPSEEK: Method = Method {
    id: "deepseek",
    title: "DeepSeekMoE",
    paper: "Dai and others 2024, arXiv:2401.06066; Wang and others 2024, arXiv:2408.15664; DeepSeek-V3, arXiv:2412.19437",
    year: Some(2024),
    family: Family::TopK,
    router: "deepseek",
    convention: "sigmoid, top k with a bias, without it renormalised over the chosen",
    aliases: &[],
    ahead: None,
    scores: Scores::Sigmoid,
    weights: Weights::Shares,
    gate: Gate::Linear,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Bias],
    shared: 1,
    on_host: false,
    kind: Kind::Deepseek,
};
