//! Noisy top-k, without tensors: those are in `router::shazeer`.

use super::{Choices, Coefficient, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost, steps};

/// Shazeer et al. 2017: noisy top k.
pub const SHAZEER: Method = Method {
    id: "shazeer",
    title: "Noisy top-k",
    paper: "Shazeer and others 2017, “Outrageously Large Neural Networks”, arXiv:1701.06538",
    year: Some(2017),
    family: Family::TopK,
    router: "shazeer",
    convention: "softmax over the k largest noisy logits",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::SumToOne,
    gate: GateKind::Linear,
    cost: cost::noisy,
    key: None,
    first: None,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Noise],
    shared: 0,
    on_host: false,
    diagram: Diagram::Cut,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Only the k experts with the largest scores are computed. In training noise of a learnt size is added to the scores, so that others get a chance, and two losses keep importance and load even. Outside training there is no noise.",
    formula: "H = x W + N(0, 1) · softplus(x W_noise),  G = softmax(top k of H)",
    score: "logit, with learnt noise in training",
    selection: "the k largest",
    weight: "softmax over the kept, Σ = 1",
    balance: "squared variation of importance and of load",
    look: "The dashed cut: what lies below it costs nothing. Then importance and load: two experts may be chosen as often, and one still weigh more.",
    cannot: "Without its balancing losses a few experts take nearly everything: the paper measured a largest load of 17.8 times the mean (table 6).",
    ahead: "",
    steps: steps::softmax_over_kept,
};
