//! DeepSeekMoE, without tensors: those are in `router::deepseek`.

use super::steps::nothing;
use super::{
    Choices, Coefficient, Decision, Diagram, Family, GateKind, Lesson, Method, SIGMOID, Scores, Weights, cost,
};
use crate::format::{hundredths, thousandths};
use crate::messages::methods as say;

/// DeepSeek-AI 2024 (DeepSeek-V3): sigmoid scores, top k balanced by a bias instead of a loss, beside an expert that every token shares.
pub const DEEPSEEK: Method = Method {
    id: "deepseek",
    title: "DeepSeekMoE",
    paper: "Dai and others 2024, arXiv:2401.06066; Wang and others 2024, arXiv:2408.15664; DeepSeek-V3, arXiv:2412.19437",
    year: Some(2024),
    family: Family::TopK,
    router: "deepseek",
    convention: "sigmoid, top k with a bias, without it renormalised over the chosen",
    aliases: &[],
    ahead: None,
    scores: Scores::Each(&SIGMOID),
    weights: Weights::Shares,
    gate: GateKind::Linear,
    cost: cost::biased,
    key: None,
    first: None,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Bias],
    shared: 1,
    on_host: false,
    diagram: Diagram::Biases,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Many small experts beside a shared one that sees every token: that is DeepSeekMoE’s, which scored by softmax and balanced by losses. The rest here is later, from loss-free balancing and DeepSeek-V3: scores are sigmoids, and a bias, moved after every step towards an even load, takes part in the choice but not in the weight, so balance disturbs no gradient.",
    formula: "s = σ(x W),  choose by s + b,  w_i = s_i / Σ s of the chosen",
    score: "sigmoid",
    selection: "the k largest s + b",
    weight: "s divided by the sum of the chosen, without b",
    balance: "b += u · sign(mean load − load), no loss here (DeepSeek-V3 keeps a small one)",
    look: "Where the bias decided: dashed would have been chosen by score alone.",
    cannot: "The bias only balances what training saw; your text may still fall unevenly.",
    ahead: "",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let (score, weight) = (token.score(expert), thousandths(token.weight(0)));
    let with = match token.bias_of(expert) {
        None => say::deepseek_no_bias().to_owned(),
        Some(bias) => {
            let sum = thousandths(f64::from(score) + f64::from(bias));
            say::deepseek_bias(thousandths(score), thousandths(bias), sum)
        }
    };
    let weight = match token.scoreless() {
        true => say::deepseek_scoreless(weight),
        false => say::deepseek_weight(thousandths(score), token.scores(), weight),
    };
    let scored = say::deepseek_score(token.name(expert), hundredths(token.logit(expert)), thousandths(score));
    token.beside().into_iter().chain([scored, with, weight]).collect()
}
