//! Mixtral, without tensors: those are in `router::mixtral`.

use super::{
    Choices, Coefficient, Convention, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost, steps,
};

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
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: Some(Convention::Mixtral),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    diagram: Diagram::Cut,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "One linear layer scores the experts, the k largest scores are kept, and softmax over those gives the weights. A loss keeps the load even in training; nothing is ever dropped.",
    formula: "y = Σ softmax(top k of x W)_i E_i(x)",
    score: "logit",
    selection: "the k largest",
    weight: "softmax over the kept, Σ = 1",
    balance: "loss of shares times mean scores",
    look: "The cut, and the conventions under it: the same scores give other weights, and other gradients, in another order of softmax and choice.",
    cannot: "What an expert that was not kept would have done, nothing tells the gate: through this token’s output only the kept scores get a gradient.",
    ahead: "",
    steps: steps::softmax_over_kept,
};
