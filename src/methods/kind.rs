//! How methods decide, as far as arithmetic and pictures differ.

use super::Convention;

/// How a method decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One network, no gate.
    Dense,
    /// Adaptive mixtures of local experts.
    Jacobs,
    /// Hierarchical mixtures of experts.
    Tree,
    /// The noisy top-k gate.
    Shazeer,
    /// Two levels of noisy top-k gates.
    NoisyTree,
    /// GShard.
    Gshard,
    /// Switch.
    Switch,
    /// BASE.
    Base,
    /// Hash layers.
    Hash,
    /// Routing networks.
    Policy,
    /// Expert choice.
    ExpertChoice,
    /// Soft MoE.
    SoftMoe,
    /// Mixtral.
    Mixtral,
    /// The same gate under another of today's conventions.
    Today(Convention),
    /// DeepSeek.
    Deepseek,
    /// DeepSeek-V4, in both kinds of its layers.
    DeepseekV4,
    /// Something else.
    Other,
}

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
