//! gpt-oss, without tensors: those are in `router::conventions`.

use super::steps::{nothing, softmax_over_kept};
use super::{
    Choices, Coefficient, Convention, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost,
};
use crate::format::thousandths;
use crate::messages::methods as say;

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
    gate: GateKind::Linear,
    cost: cost::biased,
    key: None,
    first: None,
    order: Some(Convention::GptOss),
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
    what: "The linear layer that scores the experts has a bias, learnt with everything else: an expert’s head start, the same for every token. The k largest scores are kept, and softmax over those gives the weights. gpt-oss keeps four.",
    formula: "y = Σ softmax(top k of x W + b)_i E_i(x)",
    score: "logit with a learnt bias",
    selection: "the k largest",
    weight: "softmax over the kept, Σ = 1",
    balance: "loss of shares times mean scores here",
    look: "The bias under the cut: move it, and see the choice change, and the weight with it.",
    cannot: "The bias cannot balance without being felt: unlike DeepSeek’s it counts in the weight too, and the model’s loss moves it.",
    ahead: "",
    steps,
};

/// Its arithmetic: the bias is in the logits, and the rest is Mixtral's.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let logit = token.logit(expert);
    let with = match token.bias_of(expert) {
        None => say::gpt_oss_no_bias().to_owned(),
        Some(bias) => {
            let before = thousandths(f64::from(logit) - f64::from(bias));
            say::gpt_oss_bias(token.name(expert), before, thousandths(bias), thousandths(logit))
        }
    };
    std::iter::once(with).chain(softmax_over_kept(token)).collect()
}
