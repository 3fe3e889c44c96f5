//! Which method a trace is of.

pub use crate::methods::Kind;
use crate::trace::ModelInfo;
use crate::trace::conventions::Convention;

impl Kind {
    /// The method behind a trace.
    pub fn of(model: &ModelInfo) -> Self {
        match model.router.as_str() {
            _ if model.experts == 1 => Self::Dense,
            "mixtral" => Self::Mixtral,
            "jacobs" => Self::Jacobs,
            "hierarchical-mixture" => Self::Tree,
            "shazeer" => Self::Shazeer,
            "shazeer-hierarchical" => Self::NoisyTree,
            "gshard" => Self::Gshard,
            "switch" => Self::Switch,
            "base" => Self::Base,
            "hash" => Self::Hash,
            "routing-networks" => Self::Policy,
            "expert-choice" => Self::ExpertChoice,
            "soft-moe" => Self::SoftMoe,
            "deepseek" => Self::Deepseek,
            // Whatever the router is called, its convention may be known.
            _ => {
                let named = |convention: &Convention| convention.words() == model.convention;
                match Convention::ALL.into_iter().find(named) {
                    Some(Convention::Mixtral) => Self::Mixtral,
                    Some(other) => Self::Today(other),
                    None => Self::Other,
                }
            }
        }
    }

    /// The order of softmax, choice and normalisation, where it is one of today's.
    pub fn convention(self) -> Option<Convention> {
        match self {
            Self::Mixtral => Some(Convention::Mixtral),
            Self::Today(convention) => Some(convention),
            _ => None,
        }
    }

    /// Whether the method as published looks at later tokens, so that generation needs a causal variant of it.
    pub fn looks_ahead(self, model: &ModelInfo) -> bool {
        match self {
            Self::Base | Self::Gshard | Self::ExpertChoice | Self::SoftMoe => true,
            Self::Hash => model.constants.hash.as_deref() == Some("oracle"),
            _ => false,
        }
    }

    /// Whether all experts are used for every token, so that nothing is cut off.
    pub fn blends(self) -> bool {
        matches!(self, Self::Dense | Self::Jacobs | Self::Tree | Self::SoftMoe)
    }
}
