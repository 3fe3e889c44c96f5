//! Hash layers, without tensors: those are in `router::hash`.

use super::steps::nothing;
use super::{
    Ahead, Choices, Decision, Diagram, Family, GateKind, HashKey, Lesson, LooksAt, Method, Scores, Weights, cost,
};
use crate::messages::methods as say;

/// Roller, Sukhbaatar, Szlam and Weston 2021: a rule fixed before training decides. Its kinds follow.
pub const HASH: Method = Method {
    id: "hash",
    title: "Hash layers",
    paper: "Roller, Sukhbaatar, Szlam and Weston 2021, arXiv:2106.04426",
    year: Some(2021),
    family: Family::Hash,
    router: "hash",
    convention: "1: no router",
    aliases: &[],
    ahead: None,
    scores: Scores::Table,
    weights: Weights::One,
    gate: GateKind::Table,
    cost: cost::tokens,
    key: None,
    first: None,
    order: None,
    choices: Choices::Exactly(1),
    blends: false,
    drops: false,
    even: false,
    coefficients: &[],
    shared: 0,
    on_host: false,
    diagram: Diagram::Buckets,
};

/// Hash layers: a random table of tokens.
pub const HASH_RANDOM: Method = Method {
    id: "hash-random",
    title: "Hash, random",
    key: Some(HashKey {
        looks_at: LooksAt::Token,
        words: "This kind goes by the token: its expert was drawn at random.",
    }),
    ..HASH
};

/// Hash layers: a table of tokens, balanced by how often they occur.
pub const HASH_BALANCED: Method = Method {
    id: "hash-balanced",
    title: "Hash, balanced",
    key: Some(HashKey {
        looks_at: LooksAt::Token,
        words: "This kind goes by the token: tokens were dealt out so that, counted over the training text, every expert has about as many.",
    }),
    ..HASH
};

/// Hash layers: a table that sends similar tokens to the same expert.
pub const HASH_CLUSTERED: Method = Method {
    id: "hash-clustered",
    title: "Hash, clustered",
    key: Some(HashKey {
        looks_at: LooksAt::Token,
        words: "This kind goes by the token: tokens with like embeddings in another model share an expert.",
    }),
    ..HASH
};

/// Hash layers: a table that sends similar tokens to different experts.
pub const HASH_DISPERSED: Method = Method {
    id: "hash-dispersed",
    title: "Hash, dispersed",
    key: Some(HashKey {
        looks_at: LooksAt::Token,
        words: "This kind goes by the token: tokens with like embeddings in another model were dealt out to different experts.",
    }),
    ..HASH
};

/// Hash layers: the token before decides.
pub const HASH_PREVIOUS: Method = Method {
    id: "hash-previous",
    title: "Hash, previous token",
    key: Some(HashKey { looks_at: LooksAt::Previous, words: "This kind goes by the token before." }),
    ..HASH
};

/// Hash layers: the place in the text decides.
pub const HASH_POSITION: Method = Method {
    id: "hash-position",
    title: "Hash, position",
    cost: cost::nothing,
    key: Some(HashKey {
        looks_at: LooksAt::Place,
        words: "This kind goes by the place in the text, whatever stands there.",
    }),
    ..HASH
};

/// Hash layers: the token that comes next decides, which is cheating.
pub const HASH_ORACLE: Method = Method {
    id: "hash-oracle",
    title: "Hash, next token",
    ahead: Some(Ahead::Published),
    key: Some(HashKey {
        looks_at: LooksAt::Next,
        words: "This kind goes by the token that comes next, where it may see it; left to right it goes by the token itself.",
    }),
    ..HASH
};

/// Hash layers, taught: what is said holds for every kind.
pub(super) const LESSON: Lesson = Lesson {
    what: "No gate at all: a rule fixed before training says which expert a token goes to. The kinds differ in the key that it looks at: the token itself (its expert drawn at random, dealt out evenly, or shared with tokens of similar meaning), the token before, the place, or (cheating) the token that comes next.",
    formula: "y = E_h(x),  h = hash(key)",
    score: "none",
    selection: "by the key",
    weight: "1",
    balance: "by how the rule is made",
    look: "The same key always has the same expert, in every layer. The line of arithmetic names the key: only where that is the token itself does a token always go the same way.",
    cannot: "It cannot learn to route. Of the context it sees the key, and no more.",
    ahead: "Only the oracle looks ahead: as published it routes by the token that has to be predicted. Left to right, and in generation, it can only use the token itself.",
    steps,
};

/// Their arithmetic.
fn steps(token: &Decision<'_>) -> Vec<String> {
    let Some(&expert) = token.chosen.first() else { return nothing() };
    let (by, name, rule) = (token.around.key(), token.name(expert), token.method.key);
    let looked_up = match rule.map(|key| key.looks_at) {
        Some(LooksAt::Place) => say::hash_of(by, name),
        _ => say::hash_table(by, name),
    };
    let made = token.method.rule().map(str::to_owned);
    made.into_iter().chain([looked_up, say::hash_weight().to_owned()]).collect()
}
