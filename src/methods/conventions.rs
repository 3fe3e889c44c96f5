//! Linear gate, without tensors: those are in `router::conventions`.

use super::{Choices, Coefficient, Diagram, Family, GateKind, Method, Scores, Weights, cost};

/// A linear gate whose order of softmax, choice and normalisation is a setting, where the setting is not said.
pub const CONVENTIONS: Method = Method {
    id: "conventions",
    title: "Linear gate",
    paper: "Of several papers: the setting says which",
    year: None,
    family: Family::TopK,
    router: "conventions",
    convention: "as the setting says",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Unknown,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    diagram: Diagram::None,
};
