//! Routing networks, without tensors: those are in `router::routing_networks`.

use super::{Choices, Family, Gate, Kind, Method, Scores, Weights};

/// Rosenbaum, Klinger and Riemer 2017: a policy learned by reinforcement picks a block for each task.
pub const ROUTING_NETWORKS: Method = Method {
    id: "routing-networks",
    title: "Routing networks",
    paper: "Rosenbaum, Klinger and Riemer 2017, arXiv:1711.01239",
    year: Some(2017),
    family: Family::Assigned,
    router: "routing-networks",
    convention: "1: the policy picks one block; 0 for pass",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::One,
    gate: Gate::Policy,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: true,
    kind: Kind::Policy,
};
