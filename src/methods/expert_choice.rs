//! Expert choice, without tensors: those are in `router::expert_choice`.

use super::{Ahead, Choices, Coefficient, Family, Gate, Kind, Method, Scores, Weights};

/// Zhou et al. 2022: experts choose tokens.
pub const EXPERT_CHOICE: Method = Method {
    id: "expert-choice",
    title: "Expert choice",
    paper: "Zhou and others 2022, arXiv:2202.09368",
    year: Some(2022),
    family: Family::Experts,
    router: "expert-choice",
    convention: "softmax over all experts, each expert picks its best tokens, not renormalised",
    aliases: &[],
    ahead: Some(Ahead::Published),
    scores: Scores::Softmax,
    weights: Weights::Own,
    gate: Gate::Linear,
    order: None,
    choices: Choices::All,
    blends: false,
    drops: false,
    even: true,
    coefficients: &[Coefficient::Capacity],
    shared: 0,
    on_host: false,
    kind: Kind::ExpertChoice,
};
