//! Expert choice, without tensors: those are in `router::expert_choice`.

use super::{Ahead, Choices, Coefficient, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;

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
    gate: GateKind::Linear,
    cost: cost::linear,
    key: None,
    first: None,
    order: None,
    choices: Choices::All,
    blends: false,
    drops: false,
    even: true,
    coefficients: &[Coefficient::Capacity],
    shared: 0,
    on_host: false,
    diagram: Diagram::Picks,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Experts pick tokens: each takes the c = n × factor / E tokens of its group with the largest scores. Every expert has the same load; a token may have several experts, or none.",
    formula: "S = softmax(x W),  each expert the c largest of its column",
    score: "softmax over all experts",
    selection: "each expert its best tokens",
    weight: "S, not renormalised",
    balance: "exact, by construction",
    look: "How many experts a token has: as published some have none (the last row) and some many; left to right every token has as many as the capacity factor says.",
    cannot: "It cannot be used as it is to write text: whether a token is picked depends on tokens that are not there yet.",
    ahead: "As published experts pick among all tokens of a group, later ones included. Left to right, and in generation, a token takes its own best experts instead: another rule, with no balance, and the model was not trained with it.",
    steps,
};

/// Its arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let first = match (token.looks_ahead, token.chosen) {
        (true, []) => say::expert_choice_none().to_owned(),
        (true, chosen) => {
            let ranked = |&expert: &usize| {
                let (rank, of) = token.around.rank(expert)?;
                Some(say::expert_choice_rank(token.name(expert), rank, of))
            };
            say::expert_choice_taken(chosen.iter().filter_map(ranked).collect::<Vec<_>>().join(", "))
        }
        (false, chosen) => say::expert_choice_own(chosen.len(), token.list(|expert| thousandths(token.score(expert)))),
    };
    let weight = |&expert: &usize| say::expert_choice_weight(thousandths(token.weight(0)), token.name(expert));
    std::iter::once(first).chain(token.chosen.first().map(weight)).collect()
}
