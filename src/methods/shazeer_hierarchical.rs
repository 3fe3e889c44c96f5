//! Hierarchical noisy top-k, without tensors: those are in `router::shazeer_hierarchical`.

use super::{Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// Shazeer et al. 2017, appendix B: noisy top k in two stages.
pub const SHAZEER_HIERARCHICAL: Method = Method {
    id: "shazeer-hierarchical",
    title: "Hierarchical noisy top-k",
    paper: "Shazeer and others 2017, arXiv:1701.06538, appendix B",
    year: Some(2017),
    family: Family::TopK,
    router: "shazeer-hierarchical",
    convention: "product of two noisy top-k gates",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::SumToOne,
    gate: Gate::Tree,
    order: None,
    choices: Choices::Pairs,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Noise],
    shared: 0,
    on_host: false,
    kind: Kind::NoisyTree,
};
