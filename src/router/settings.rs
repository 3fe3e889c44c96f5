//! Which method a model's routers follow, with the method's constants, as `config.json` holds it under `router`.

use crate::error::RouterFault;
use crate::methods::{self, Choices, Method};
use crate::trace::Constants;
pub use crate::trace::conventions::Convention;
use serde::{Deserialize, Serialize};

/// Most slots of an expert in Soft MoE.
const MAX_SLOTS: usize = 1 << 12;

/// A routing method and its constants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Settings {
    /// [`super::Mixtral`]
    #[default]
    Mixtral,
    /// [`super::Jacobs`]
    Jacobs,
    /// [`super::HierarchicalMixture`]
    HierarchicalMixture {
        /// Branches of the first gate; each has E / groups experts.
        groups: usize,
    },
    /// [`super::Shazeer`]
    Shazeer,
    /// [`super::ShazeerHierarchical`]
    ShazeerHierarchical {
        /// Groups that the first gate chooses among; each has E / groups experts.
        groups: usize,
        /// Groups chosen for a token; each chosen group chooses k / top_groups of its experts.
        top_groups: usize,
    },
    /// [`super::Gshard`]
    Gshard {
        /// An expert takes at most `factor * k * group / E` tokens of a group, rounded up.
        capacity_factor: f64,
        /// Tokens in a local group.
        group: usize,
    },
    /// [`super::Switch`]
    Switch {
        /// An expert takes at most `factor * group / E` tokens of a group, rounded up.
        capacity_factor: f64,
        /// Tokens that share a capacity.
        group: usize,
    },
    /// [`super::Base`]
    Base,
    /// [`super::Hash`]
    Hash {
        /// What decides.
        kind: HashKind,
    },
    /// [`super::RoutingNetworks`]
    RoutingNetworks {
        /// Tasks that the policy knows.
        tasks: usize,
    },
    /// [`super::ExpertChoice`]
    ExpertChoice {
        /// An expert takes `factor * group / E` tokens of a group: a token has `factor` experts on average.
        capacity_factor: f64,
        /// Tokens that an expert picks from.
        group: usize,
    },
    /// [`super::SoftMoe`]
    SoftMoe {
        /// Slots of an expert for each group.
        slots: usize,
        /// Tokens that are mixed with each other.
        group: usize,
    },
    /// [`super::Deepseek`]
    Deepseek {
        /// How far a step moves the bias of an expert that had too much or too little, u.
        bias_speed: f64,
    },
    /// [`super::DeepseekV4`]
    DeepseekV4 {
        /// Layers, from the first on, in which a table chooses.
        hash_layers: usize,
        /// How far a step moves the bias of an expert that had too much or too little, u.
        bias_speed: f64,
        /// What the weights of a token add up to.
        scaling: f64,
    },
    /// [`super::Conventions`]
    Conventions {
        /// Whose.
        convention: Convention,
    },
}

/// What a hash layer looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HashKind {
    /// The token, hashed at random.
    Random,
    /// The token, spread so that the experts get about the same number of tokens of the training text.
    Balanced,
    /// The token's cluster among the embeddings of a trained model: similar tokens go together.
    Clustered,
    /// The token, with similar tokens spread over different experts.
    Dispersed,
    /// The token before.
    Previous,
    /// The place in the sequence.
    Position,
    /// The token that comes next, which a model that has to predict it cannot know.
    Oracle,
}

impl HashKind {
    /// The method that it is.
    pub fn method(self) -> &'static Method {
        match self {
            Self::Random => &methods::HASH_RANDOM,
            Self::Balanced => &methods::HASH_BALANCED,
            Self::Clustered => &methods::HASH_CLUSTERED,
            Self::Dispersed => &methods::HASH_DISPERSED,
            Self::Previous => &methods::HASH_PREVIOUS,
            Self::Position => &methods::HASH_POSITION,
            Self::Oracle => &methods::HASH_ORACLE,
        }
    }

    /// Its name, as in `config.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Balanced => "balanced",
            Self::Clustered => "clustered",
            Self::Dispersed => "dispersed",
            Self::Previous => "previous",
            Self::Position => "position",
            Self::Oracle => "oracle",
        }
    }
}

impl Settings {
    /// What a picture of the method needs to know of it, beside `shared` experts that are not the router's.
    pub fn constants(&self, shared: usize) -> Constants {
        let none = Constants { shared, ..Constants::default() };
        match *self {
            Self::HierarchicalMixture { groups } => Constants { groups: Some(groups), ..none },
            Self::ShazeerHierarchical { groups, top_groups } => {
                Constants { groups: Some(groups), top_groups: Some(top_groups), ..none }
            }
            Self::Gshard { group, .. } | Self::Switch { group, .. } | Self::ExpertChoice { group, .. } => {
                Constants { group: Some(group), ..none }
            }
            Self::SoftMoe { slots, group } => Constants { group: Some(group), slots: Some(slots), ..none },
            Self::DeepseekV4 { scaling, .. } => Constants { scaling: Some(scaling), ..none },
            Self::Hash { kind } => Constants { hash: Some(kind.name().to_owned()), ..none },
            _ => none,
        }
    }

    /// Whether this is what a Mixtral checkpoint without a word about it means.
    pub fn is_mixtral(&self) -> bool {
        *self == Self::Mixtral
    }

    /// What is wrong with the constants for E experts, k of them for a token, if anything.
    ///
    /// # Errors
    /// The first constant that cannot be.
    pub fn check(&self, experts: usize, top_k: usize) -> Result<(), RouterFault> {
        let (wrong, k) = (|fault: RouterFault| Err(fault), top_k);
        match self.method().choices {
            Choices::Exactly(chosen) if k != chosen => return wrong(RouterFault::Exactly { chosen, k }),
            Choices::All if k != experts => return wrong(RouterFault::All { experts, k }),
            _ => {}
        }
        match *self {
            Self::HierarchicalMixture { groups } if groups == 0 || !experts.is_multiple_of(groups) => {
                wrong(RouterFault::Groups { groups, experts })
            }
            Self::ShazeerHierarchical { groups, top_groups }
                if groups == 0
                    || !experts.is_multiple_of(groups)
                    || top_groups == 0
                    || top_groups > groups
                    || !top_k.is_multiple_of(top_groups)
                    || top_k / top_groups > experts / groups =>
            {
                wrong(RouterFault::ChosenGroups { groups, top_groups, experts, k })
            }
            Self::Gshard { capacity_factor, group }
            | Self::Switch { capacity_factor, group }
            | Self::ExpertChoice { capacity_factor, group }
                if !(capacity_factor > 0.0 && capacity_factor <= experts as f64) || group == 0 =>
            {
                wrong(RouterFault::Capacity { factor: capacity_factor, group, experts })
            }
            Self::SoftMoe { slots, group } if !(1..=MAX_SLOTS).contains(&slots) || group == 0 => {
                wrong(RouterFault::Slots { slots, group, most: MAX_SLOTS })
            }
            Self::RoutingNetworks { tasks } if tasks == 0 || experts < 2 => {
                wrong(RouterFault::Tasks { tasks, experts })
            }
            Self::Deepseek { bias_speed: speed } if !(speed.is_finite() && speed >= 0.0) => {
                wrong(RouterFault::BiasSpeed { speed })
            }
            Self::DeepseekV4 { bias_speed, scaling, .. }
                if !(bias_speed.is_finite() && bias_speed >= 0.0 && scaling.is_finite() && scaling > 0.0) =>
            {
                wrong(RouterFault::SpeedAndScaling { speed: bias_speed, scaling })
            }
            _ => Ok(()),
        }
    }

    /// What is known of the method, of a hash layer's kind and of a convention by itself.
    pub fn method(&self) -> &'static Method {
        match *self {
            Self::Mixtral => &methods::MIXTRAL,
            Self::Jacobs => &methods::JACOBS,
            Self::HierarchicalMixture { .. } => &methods::HIERARCHICAL_MIXTURE,
            Self::Shazeer => &methods::SHAZEER,
            Self::ShazeerHierarchical { .. } => &methods::SHAZEER_HIERARCHICAL,
            Self::Gshard { .. } => &methods::GSHARD,
            Self::Switch { .. } => &methods::SWITCH,
            Self::Base => &methods::BASE,
            Self::RoutingNetworks { .. } => &methods::ROUTING_NETWORKS,
            Self::ExpertChoice { .. } => &methods::EXPERT_CHOICE,
            Self::SoftMoe { .. } => &methods::SOFT_MOE,
            Self::Deepseek { .. } => &methods::DEEPSEEK,
            Self::DeepseekV4 { .. } => &methods::DEEPSEEK_V4,
            Self::Hash { kind } => kind.method(),
            Self::Conventions { convention } => convention.method(),
        }
    }

    /// What decides in a block, counted from 0: the first layers may have another method than the rest.
    pub fn method_of(&self, block: usize) -> &'static Method {
        let method = self.method();
        method.first.filter(|_| block < self.first_layers()).unwrap_or(method)
    }

    /// Layers, from the first on, that have another method than the rest.
    pub fn first_layers(&self) -> usize {
        match self {
            Self::DeepseekV4 { hash_layers, .. } => *hash_layers,
            _ => 0,
        }
    }

    /// Whether the method as published decides on a token from this and earlier tokens only. Finer than
    /// [`super::Router::CAUSAL`], which speaks of a type: among the hash layers only the oracle looks ahead.
    pub fn causal(&self) -> bool {
        self.method().ahead.is_none()
    }

    /// Whether the method learns from the loss of every sequence ([`super::Outcome::losses`]).
    pub fn wants_losses(&self) -> bool {
        matches!(self, Self::RoutingNetworks { .. })
    }

    /// How many tasks the method tells apart; 0 if it is told of none.
    pub fn tasks(&self) -> usize {
        match self {
            Self::RoutingNetworks { tasks } => *tasks,
            _ => 0,
        }
    }

    /// How many of the E experts have weights: all, unless the last of them is "pass".
    pub fn stacked(&self, experts: usize) -> usize {
        match self {
            Self::RoutingNetworks { .. } => experts.saturating_sub(1),
            _ => experts,
        }
    }
}
