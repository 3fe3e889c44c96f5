//! What a method is, in the words that the page teaches it with.

use super::{Decision, Method};
use crate::messages;

/// A method, taught. What a lesson says of a paper is what the method's file in `src/router` says of it, with its section.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// What it does, in two or three sentences.
    pub what: &'static str,
    /// Its formula.
    pub formula: &'static str,
    /// What is scored.
    pub score: &'static str,
    /// How experts are chosen.
    pub selection: &'static str,
    /// What outputs are multiplied by.
    pub weight: &'static str,
    /// What keeps the load even.
    pub balance: &'static str,
    /// What to look at in the picture.
    pub look: &'static str,
    /// What it cannot do.
    pub cannot: &'static str,
    /// Where it looks at later tokens: how, and what is done instead in generation. Otherwise empty.
    pub ahead: &'static str,
    /// The way from scores to weights with a token's numbers, step by step, each in whole sentences.
    pub steps: fn(&Decision<'_>) -> Vec<String>,
}

impl Lesson {
    /// The parts that are words, beside `rule` of a method that has a table ([`Method::rule`]).
    pub const PARTS: [&'static str; 9] =
        ["what", "formula", "score", "selection", "weight", "balance", "look", "cannot", "ahead"];

    /// The same in the language that is shown, as far as that has it.
    pub(super) fn shown(&self, method: &Method) -> Self {
        let [what, formula, score, selection, weight, balance, look, cannot, ahead] = Self::PARTS;
        let of = |part, english| messages::lesson(method.id, part).unwrap_or(english);
        Self {
            what: of(what, self.what),
            formula: of(formula, self.formula),
            score: of(score, self.score),
            selection: of(selection, self.selection),
            weight: of(weight, self.weight),
            balance: of(balance, self.balance),
            look: of(look, self.look),
            cannot: of(cannot, self.cannot),
            ahead: of(ahead, self.ahead),
            steps: self.steps,
        }
    }
}
