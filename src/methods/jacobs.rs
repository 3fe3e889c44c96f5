//! Adaptive mixture, without tensors: those are in `router::jacobs`.

use super::{Choices, Family, Gate, Kind, Method, Scores, Weights};

/// Jacobs, Jordan, Nowlan and Hinton 1991: a softmax gate blends all experts.
pub const JACOBS: Method = Method {
    id: "jacobs",
    title: "Adaptive mixture",
    paper: "Jacobs, Jordan, Nowlan and Hinton 1991, Neural Computation 3, pages 79 to 87",
    year: Some(1991),
    family: Family::Blend,
    router: "jacobs",
    convention: "softmax over all experts, all of them used",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: Gate::Linear,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    kind: Kind::Jacobs,
};
