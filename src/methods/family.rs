//! Which methods belong together.

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
            Self::Blend => "Every expert has a share",
            Self::TopK => "The gate picks the best k",
            Self::Capacity => "Experts take only so many",
            Self::Assigned => "Tokens are assigned",
            Self::Hash => "A hash decides",
            Self::Experts => "Experts choose, or nobody does",
            Self::Dense => "Dense, to compare with",
        }
    }
}
