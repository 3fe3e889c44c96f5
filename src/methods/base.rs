//! BASE, without tensors: those are in `router::base`.

use super::{Ahead, Choices, Family, Gate, Kind, Method, Scores, Weights};

/// Lewis et al. 2021: balanced assignment.
pub const BASE: Method = Method {
    id: "base",
    title: "BASE",
    paper: "Lewis, Bhosale, Dettmers, Goyal and Zettlemoyer 2021, arXiv:2103.16716",
    year: Some(2021),
    family: Family::Assigned,
    router: "base",
    convention: "sigmoid of the chosen affinity",
    aliases: &[],
    ahead: Some(Ahead::Training),
    scores: Scores::Sigmoid,
    weights: Weights::Own,
    gate: Gate::Linear,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: false,
    even: true,
    coefficients: &[],
    shared: 0,
    on_host: true,
    kind: Kind::Base,
};
