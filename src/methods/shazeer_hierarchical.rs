//! Hierarchical noisy top-k, without tensors: those are in `router::shazeer_hierarchical`.

use super::steps::tree;
use super::{Choices, Coefficient, Decision, Diagram, Family, GateKind, Lesson, Method, Scores, Weights, cost};
use crate::format::thousandths;
use crate::messages::methods as say;

/// Shazeer et al. 2017, appendix B: noisy top k in two stages.
pub const SHAZEER_HIERARCHICAL: Method = Method {
    id: "shazeer-hierarchical",
    title: "Hierarchical noisy top-k",
    paper: "Shazeer and others 2017, arXiv:1701.06538, appendix B",
    year: Some(2017),
    family: Family::TopK,
    router: "shazeer-hierarchical",
    convention: "product of two noisy top-k gates",
    aliases: &[],
    ahead: None,
    scores: Scores::Softmax,
    weights: Weights::SumToOne,
    gate: GateKind::Tree,
    cost: cost::noisy_tree,
    key: None,
    first: None,
    order: None,
    choices: Choices::Pairs,
    blends: false,
    drops: false,
    even: false,
    coefficients: &[Coefficient::Balance, Coefficient::Noise],
    shared: 0,
    on_host: false,
    diagram: Diagram::Tree,
};

/// The method, taught.
pub(super) const LESSON: Lesson = Lesson {
    what: "Two levels of noisy top-k gates: the first chooses groups, and in every chosen group a gate of its own chooses experts. The weight is the product of both gates.",
    formula: "y = Σ_i Σ_j G_primary(x)_i G_i(x)_j E_ij(x)",
    score: "logits of two levels, with noise in training",
    selection: "the best groups, then the best in each",
    weight: "product of both softmaxes over the kept",
    balance: "importance and load over all experts",
    look: "A good expert in a group that was not chosen is out of reach.",
    cannot: "Every chosen group gives as many experts as the others: a third good one in it is out of reach, and a weaker one of the other group is taken instead. A gate that keeps a single choice weighs it 1 and learns nothing from the model’s loss, so two or more are kept at both levels.",
    ahead: "",
    steps,
};

/// Its arithmetic: in the sparse tree the kept shares are divided by their sum.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let mut steps = tree(token);
    if token.chosen.first().is_some_and(|&expert| token.around.branch(expert).is_some()) {
        steps.push(say::tree_kept(thousandths(token.weight(0))));
    }
    steps
}
