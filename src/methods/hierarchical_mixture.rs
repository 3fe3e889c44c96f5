//! Hierarchical mixture, without tensors: those are in `router::hierarchical_mixture`.

use super::{Choices, Family, Gate, Kind, Method, Scores, Weights};

/// Jordan and Jacobs 1994: a tree of two gates blends all experts.
pub const HIERARCHICAL_MIXTURE: Method = Method {
    id: "hierarchical-mixture",
    title: "Hierarchical mixture",
    paper: "Jordan and Jacobs 1994, “Hierarchical Mixtures of Experts and the EM Algorithm”",
    year: Some(1994),
    family: Family::Blend,
    router: "hierarchical-mixture",
    convention: "product of two softmax gates, all experts used",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: Gate::Tree,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    kind: Kind::Tree,
};
