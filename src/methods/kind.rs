//! How methods decide, as far as pictures and arithmetic differ.

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
    /// Something else.
    Other,
}
