//! Dense, without tensors: those are in `model`.

use super::{Choices, Family, Gate, Kind, Method, Scores, Weights};

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
    gate: Gate::Linear,
    order: None,
    choices: Choices::All,
    blends: true,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    kind: Kind::Dense,
};
