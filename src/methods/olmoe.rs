//! OLMoE, without tensors: those are in `router::conventions`.

use super::{Choices, Coefficient, Convention, Family, Gate, Kind, Method, Scores, Weights};

/// Muennighoff et al. 2024: softmax, top k, not renormalised.
pub const OLMOE: Method = Method {
    id: "olmoe",
    title: "OLMoE",
    paper: "Muennighoff and others 2024, arXiv:2409.02060; the order is that of their code",
    year: Some(2024),
    family: Family::TopK,
    router: "conventions",
    convention: "softmax over all experts, not renormalised",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: Gate::Linear,
    order: Some(Convention::Olmoe),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    kind: Kind::Today(Convention::Olmoe),
};
