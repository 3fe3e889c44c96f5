//! OLMoE, without tensors: those are in `router::conventions`.

use super::{
    Choices, Coefficient, Convention, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost, steps,
};

/// Muennighoff et al. 2024: softmax, top k, not renormalised.
pub const OLMOE: Method = Method {
    id: "olmoe",
    title: "OLMoE",
    paper: "Muennighoff and others 2024, arXiv:2409.02060; the order is that of their code",
    year: Some(2024),
    family: Family::TopK,
    router: "conventions",
    convention: "softmax over all experts, not renormalised",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: Some(Convention::Olmoe),
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
    what: "Softmax over all experts comes first, the k largest probabilities are kept, and they are the weights as they are. A loss keeps the load even in training; nothing is ever dropped.",
    formula: "p = softmax(x W),  w_i = p_i of the k largest",
    score: "softmax over all experts",
    selection: "the k largest",
    weight: "p itself, Σ < 1",
    balance: "loss of shares times mean scores",
    look: "The sum of the weights: where the gate is unsure it is small, and so is what the layer adds to the stream.",
    cannot: "It cannot keep the size of a layer’s output apart from how sure the gate is: the weights say both.",
    ahead: "",
    steps: |token| steps::softmax_first(token, false),
};
