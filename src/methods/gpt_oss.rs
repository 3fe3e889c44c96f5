//! gpt-oss, without tensors: those are in `router::conventions`.

use super::{Choices, Coefficient, Convention, Family, Gate, Kind, Method, Scores, Weights};

/// OpenAI 2025: top k of logits with a bias, softmax over those.
pub const GPT_OSS: Method = Method {
    id: "gpt-oss",
    title: "gpt-oss",
    paper: "OpenAI 2025, arXiv:2508.10925; the order is that of their code",
    year: Some(2025),
    family: Family::TopK,
    router: "conventions",
    convention: "softmax over the kept logits, which have a bias",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::Shares,
    gate: Gate::Linear,
    order: Some(Convention::GptOss),
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Z],
    shared: 0,
    on_host: false,
    kind: Kind::Today(Convention::GptOss),
};
