//! Hierarchical mixture, without tensors: those are in `router::hierarchical_mixture`.

use super::{Choices, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost, steps};

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
    gate: GateKind::Tree,
    cost: cost::tree,
    key: None,
    first: None,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    diagram: Diagram::Tree,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "A tree of gates: the first gives each branch a share, a gate in every branch gives each of its leaves one. A leaf’s share is the product. The paper fits the tree by expectation and maximisation; here it learns by the gradient.",
    formula: "y = Σ_i g_i Σ_j g_j|i E_ij(x)",
    score: "softmax at every node",
    selection: "none: all leaves are used",
    weight: "g_i × g_j|i",
    balance: "none",
    look: "Whether the first gate has decided already, or the leaves still differ.",
    cannot: "It saves nothing: all leaves are computed.",
    ahead: "",
    steps: steps::tree,
};
