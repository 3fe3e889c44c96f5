//! Noisy top-k, without tensors: those are in `router::shazeer`.

use super::{Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// Shazeer et al. 2017: noisy top k.
pub const SHAZEER: Method = Method {
    id: "shazeer",
    title: "Noisy top-k",
    paper: "Shazeer and others 2017, “Outrageously Large Neural Networks”, arXiv:1701.06538",
    year: Some(2017),
    family: Family::TopK,
    router: "shazeer",
    convention: "softmax over the k largest noisy logits",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::SumToOne,
    gate: Gate::Linear,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Noise],
    shared: 0,
    on_host: false,
    kind: Kind::Shazeer,
};
