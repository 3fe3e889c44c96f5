//! What a method is, in the words that the page teaches it with.

use super::Decision;

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
