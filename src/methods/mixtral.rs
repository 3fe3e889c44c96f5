//! Mixtral, without tensors: those are in `router::mixtral`.

use super::{Choices, Coefficient, Convention, Family, Gate, Kind, Method, Scores, Weights};

/// Jiang et al. 2024: top k, softmax over the kept logits.
pub const MIXTRAL: Method = Method {
    id: "mixtral",
    title: "Mixtral",
    paper: "Jiang and others 2024, arXiv:2401.04088, section 2.1",
    year: Some(2024),
    family: Family::TopK,
    router: "mixtral",
    convention: "softmax over the kept logits",
    aliases: &["mixtral-small"],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: Gate::Linear,
    order: Some(Convention::Mixtral),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    kind: Kind::Mixtral,
};
