//! Soft MoE, without tensors: those are in `router::soft_moe`.

use super::{Ahead, Choices, Family, Gate, Kind, Method, Scores, Weights};

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
    gate: Gate::Slots,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    kind: Kind::SoftMoe,
};
