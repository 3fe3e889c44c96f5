//! Which methods belong together.

use crate::messages::methods as say;

/// Methods that have something in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Mixtures without a choice.
    Blend,
    /// Top-k gates.
    TopK,
    /// Top-k gates whose experts have a capacity.
    Capacity,
    /// Something other than the token's own scores assigns it.
    Assigned,
    /// Hash layers.
    Hash,
    /// Experts choose tokens, or nothing is chosen.
    Experts,
    /// No mixture.
    Dense,
}

impl Family {
    /// All of them, oldest first, and what the others are compared with last.
    pub const ALL: [Self; 7] =
        [Self::Blend, Self::TopK, Self::Capacity, Self::Assigned, Self::Hash, Self::Experts, Self::Dense];

    /// What its methods have in common.
    pub fn title(self) -> &'static str {
        match self {
            Self::Blend => say::family_blend(),
            Self::TopK => say::family_top_k(),
            Self::Capacity => say::family_capacity(),
            Self::Assigned => say::family_assigned(),
            Self::Hash => say::family_hash(),
            Self::Experts => say::family_experts(),
            Self::Dense => say::family_dense(),
        }
    }
}
