//! Switch, without tensors: those are in `router::switch`.

use super::{Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// Fedus, Zoph and Shazeer 2021: top 1 with a capacity.
pub const SWITCH: Method = Method {
    id: "switch",
    title: "Switch",
    paper: "Fedus, Zoph and Shazeer 2021, arXiv:2101.03961, sections 2.1 and 2.2",
    year: Some(2021),
    family: Family::Capacity,
    router: "switch",
    convention: "the largest of softmax, not renormalised",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: Gate::Linear,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: true,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z, Coefficient::Noise, Coefficient::Capacity],
    shared: 0,
    on_host: false,
    kind: Kind::Switch,
};
