//! GShard, without tensors: those are in `router::gshard`.

use super::{Ahead, Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// Lepikhin et al. 2020: top 2 with a capacity.
pub const GSHARD: Method = Method {
    id: "gshard",
    title: "GShard",
    paper: "Lepikhin and others 2020, arXiv:2006.16668, section 2.2",
    year: Some(2020),
    family: Family::Capacity,
    router: "gshard",
    convention: "the two largest of softmax, renormalised",
    aliases: &[],
    ahead: Some(Ahead::Published),
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: Gate::Linear,
    order: None,
    choices: Choices::Exactly(2),
    blends: false,
    drops: true,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Capacity],
    shared: 0,
    on_host: false,
    kind: Kind::Gshard,
};
