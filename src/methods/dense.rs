//! Dense, without tensors: those are in `model`.

use super::{Choices, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::messages::methods as say;

/// One network and no gate, for comparison: a layer of one expert.
pub const DENSE: Method = Method {
    id: "dense",
    title: "Dense",
    paper: "For comparison, trained by us on the same tokens",
    year: None,
    family: Family::Dense,
    router: "mixtral",
    convention: "softmax over the kept logits",
    aliases: &["dense-active", "dense-total", "mixtral-dense"],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: GateKind::Linear,
    cost: cost::linear,
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
    diagram: Diagram::None,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Every token goes through the one feed-forward network. Nothing is chosen, so nothing can be uneven, and every parameter is paid for with every token.",
    formula: "y = E_1(x)",
    score: "none",
    selection: "none",
    weight: "1",
    balance: "nothing to balance",
    look: "What each block holds, and the bars below: how much of it a token uses, and what that costs. Then compare the bits per byte.",
    cannot: "It cannot hold more than it uses: more parameters cost more for every token.",
    ahead: "",
    steps: |_| vec![say::dense().to_owned()],
};
