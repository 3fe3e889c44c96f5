//! DeepSeek-V4's routing, without tensors: those are in `router::deepseek_v4`.

use super::steps::nothing;
use super::{
    Choices, Coefficient, Decision, Diagram, Family, GateKind, HashKey, Lesson, LooksAt, Method, ROOT_SOFTPLUS, Scores,
    Weights, cost,
};
use crate::format::{hundredths, thousandths};
use crate::messages::methods as say;

/// The first layers of DeepSeek-V4: a table of token ids chooses, and the gate says how much each of the chosen counts.
pub const DEEPSEEK_V4_HASH: Method = Method {
    id: "deepseek-v4-hash",
    title: "DeepSeek-V4, hash layer",
    paper: "DeepSeek-AI 2026, DeepSeek-V4, section 2.1, as transformers 5.23 has it; hash layers: Roller and others 2021, arXiv:2106.04426",
    year: Some(2026),
    family: Family::TopK,
    router: "deepseek-v4",
    convention: "root of softplus, a table chooses, renormalised over the chosen and scaled",
    aliases: &[],
    ahead: None,
    scores: Scores::Each(&ROOT_SOFTPLUS),
    weights: Weights::Scaled,
    gate: GateKind::Linear,
    cost: cost::tabled,
    key: Some(HashKey {
        looks_at: LooksAt::Token,
        words: "The table goes by the token: its experts were drawn at random before training, and stay.",
    }),
    first: None,
    order: None,
    choices: Choices::Any,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 1,
    on_host: false,
    diagram: Diagram::Buckets,
};

/// DeepSeek-AI 2026: hash layers first, then a gate balanced by a bias; in both the gate's scores become the weights.
pub const DEEPSEEK_V4: Method = Method {
    id: "deepseek-v4",
    title: "DeepSeek-V4",
    convention: "root of softplus, top k with a bias, without it renormalised over the chosen and scaled",
    cost: cost::biased,
    key: None,
    first: Some(&DEEPSEEK_V4_HASH),
    coefficients: &[Coefficient::Bias],
    diagram: Diagram::Biases,
    ..DEEPSEEK_V4_HASH
};

/// The method, taught, with both kinds of its layers.
pub(super) const LESSON: Lesson = Lesson {
    what: "Two ways to choose in one model. In the first layers a fixed table says which experts a token goes to, by its id alone, as hash layers do. In the later layers the gate chooses, with a bias that keeps the load even, as DeepSeek-V3 does. In both the gate’s scores say how much each of the chosen counts, so even where the table chooses there is something to learn.",
    formula: "s = √ln(1 + e^(x W)),  choose by table[token], later by s + b,  w_i = c · s_i / Σ s of the chosen",
    score: "root of softplus",
    selection: "the table’s k; later the k largest s + b",
    weight: "s divided by the sum of the chosen, without b, times c",
    balance: "by how the table is made; later b += u · sign(mean load − load), no loss here",
    look: "In the first layers the same token always has the same experts, with other weights; in the later ones its experts change with the context, and dashed is who would have been chosen by score alone.",
    cannot: "The first layers cannot learn whom to ask: what a rare and a frequent token share, the table decided before training.",
    ahead: "",
    steps,
};

/// Its arithmetic, in both kinds of layers.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let (score, weight) = (token.score(expert), thousandths(token.weight(0)));
    let chosen = match (token.method.rule(), token.bias_of(expert)) {
        (Some(rule), _) => {
            let names = token.chosen.iter().map(|&expert| token.name(expert)).collect::<Vec<_>>().join(", ");
            say::v4_table(rule, token.around.key(), names)
        }
        (None, None) => say::v4_no_bias().to_owned(),
        (None, Some(bias)) => {
            let sum = thousandths(f64::from(score) + f64::from(bias));
            say::v4_bias(thousandths(score), thousandths(bias), sum)
        }
    };
    let scored = say::v4_score(token.name(expert), hundredths(token.logit(expert)), thousandths(score));
    let weight = match token.scaling {
        _ if token.scoreless() => say::v4_scoreless(weight),
        Some(scaling) => say::v4_weight(hundredths(scaling), thousandths(score), token.scores(), weight),
        None => say::v4_weight_unscaled(thousandths(score), token.scores(), weight),
    };
    token.beside().into_iter().chain([chosen, scored, weight]).collect()
}
