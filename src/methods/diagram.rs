//! What can be drawn of a method beside its numbers.

/// What a method's picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagram {
    /// Nothing: there is no gate, or it is not known how it decides.
    None,
    /// The cut between scores that were kept and those that were not.
    Cut,
    /// Each expert's queue, with the places that it has.
    Queues,
    /// Which expert each token wanted, and which it got.
    Assignment,
    /// Scores beside the biases that are added for the choice.
    Biases,
    /// Each token's shares.
    Shares,
    /// The tokens that slots are mixed of; each token's shares where it is mixed of itself alone.
    Mixing,
    /// Two levels of gates.
    Tree,
    /// The tokens that each expert took.
    Picks,
    /// Keys and the experts that the rule has for them.
    Buckets,
    /// The policies of the tasks.
    Policy,
}
