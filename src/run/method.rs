//! The routing methods that can be trained here, as names with their rules; the engine knows the mathematics.

use crate::methods;
pub use crate::methods::Choices;
use serde::{Deserialize, Serialize};

/// A routing method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Jacobs et al. 1991: a softmax gate blends all experts.
    Jacobs,
    /// Jordan and Jacobs 1994: a tree of two gates blends all experts.
    HierarchicalMixture,
    /// Shazeer et al. 2017: noisy top k.
    Shazeer,
    /// Shazeer et al. 2017, appendix B: noisy top k in two stages.
    ShazeerHierarchical,
    /// Lepikhin et al. 2020: top 2 with a capacity.
    Gshard,
    /// Fedus et al. 2021: top 1 with a capacity.
    #[default]
    Switch,
    /// Lewis et al. 2021: balanced assignment.
    Base,
    /// Roller et al. 2021: a random table of tokens.
    HashRandom,
    /// Roller et al. 2021: a table of tokens, balanced by how often they occur.
    HashBalanced,
    /// Roller et al. 2021: a table that sends similar tokens to the same expert.
    HashClustered,
    /// Roller et al. 2021: a table that sends similar tokens to different experts.
    HashDispersed,
    /// Roller et al. 2021: the token before decides.
    HashPrevious,
    /// Roller et al. 2021: the place in the text decides.
    HashPosition,
    /// Roller et al. 2021: the token that comes next decides, which is cheating.
    HashOracle,
    /// Rosenbaum et al. 2017: a policy learned by reinforcement picks a block for each domain.
    RoutingNetworks,
    /// Zhou et al. 2022: experts choose tokens.
    ExpertChoice,
    /// Puigcerver et al. 2023: experts compute mixtures of tokens.
    SoftMoe,
    /// DeepSeek-AI 2024: top k balanced by a bias instead of a loss.
    LossFree,
    /// DeepSeek-AI 2024: the same beside an expert that every token shares.
    Deepseek,
    /// Jiang et al. 2024: top k, softmax over the kept logits.
    Mixtral,
    /// Muennighoff et al. 2024: softmax, top k, not renormalised.
    Olmoe,
    /// Qwen Team 2025: softmax, top k, renormalised.
    Qwen3,
    /// OpenAI 2025: top k of logits with a bias.
    GptOss,
}

impl Method {
    /// All of them, oldest first.
    pub const ALL: [Self; 23] = [
        Self::Jacobs,
        Self::HierarchicalMixture,
        Self::Shazeer,
        Self::ShazeerHierarchical,
        Self::RoutingNetworks,
        Self::Gshard,
        Self::Switch,
        Self::Base,
        Self::HashRandom,
        Self::HashBalanced,
        Self::HashClustered,
        Self::HashDispersed,
        Self::HashPrevious,
        Self::HashPosition,
        Self::HashOracle,
        Self::ExpertChoice,
        Self::SoftMoe,
        Self::Mixtral,
        Self::Olmoe,
        Self::LossFree,
        Self::Deepseek,
        Self::Qwen3,
        Self::GptOss,
    ];

    /// What is known of it.
    pub fn facts(self) -> &'static methods::Method {
        match self {
            Self::Jacobs => &methods::JACOBS,
            Self::HierarchicalMixture => &methods::HIERARCHICAL_MIXTURE,
            Self::Shazeer => &methods::SHAZEER,
            Self::ShazeerHierarchical => &methods::SHAZEER_HIERARCHICAL,
            Self::Gshard => &methods::GSHARD,
            Self::Switch => &methods::SWITCH,
            Self::Base => &methods::BASE,
            Self::HashRandom => &methods::HASH_RANDOM,
            Self::HashBalanced => &methods::HASH_BALANCED,
            Self::HashClustered => &methods::HASH_CLUSTERED,
            Self::HashDispersed => &methods::HASH_DISPERSED,
            Self::HashPrevious => &methods::HASH_PREVIOUS,
            Self::HashPosition => &methods::HASH_POSITION,
            Self::HashOracle => &methods::HASH_ORACLE,
            Self::RoutingNetworks => &methods::ROUTING_NETWORKS,
            Self::ExpertChoice => &methods::EXPERT_CHOICE,
            Self::SoftMoe => &methods::SOFT_MOE,
            Self::LossFree => &methods::LOSS_FREE,
            Self::Deepseek => &methods::DEEPSEEK,
            Self::Mixtral => &methods::MIXTRAL,
            Self::Olmoe => &methods::OLMOE,
            Self::Qwen3 => &methods::QWEN3,
            Self::GptOss => &methods::GPT_OSS,
        }
    }

    /// Its name in links, files and on the command line.
    pub fn name(self) -> &'static str {
        self.facts().id
    }

    /// Its name for people, with the year.
    pub fn title(self) -> String {
        self.facts().dated()
    }

    /// The method of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// How many experts a token has.
    pub fn choices(self) -> Choices {
        match self {
            Self::Jacobs | Self::HierarchicalMixture | Self::ExpertChoice | Self::SoftMoe => Choices::All,
            Self::Gshard => Choices::Exactly(2),
            Self::Switch | Self::Base | Self::RoutingNetworks => Choices::Exactly(1),
            Self::ShazeerHierarchical => Choices::Pairs,
            fixed if fixed.is_fixed() => Choices::Exactly(1),
            _ => Choices::Any,
        }
    }

    /// The allowed k nearest to the wish.
    pub fn top_k(self, wish: usize, experts: usize) -> usize {
        match self.choices() {
            Choices::Exactly(k) => k,
            Choices::Any => wish.clamp(1, experts.max(1)),
            Choices::Pairs => (wish.div_ceil(2) * 2).clamp(2, (experts / 2 * 2).max(2)),
            Choices::All => experts,
        }
    }

    /// Whether the weights of the chosen add up to 1, so that the weight of a single one is 1 whatever its score.
    pub fn renormalises(self) -> bool {
        matches!(self, Self::Shazeer | Self::LossFree | Self::Deepseek | Self::Mixtral | Self::Qwen3 | Self::GptOss)
    }

    /// Whether the experts must be even in number.
    pub fn needs_pairs(self) -> bool {
        matches!(self, Self::HierarchicalMixture | Self::ShazeerHierarchical)
    }

    /// Whether the balancing coefficient does something.
    pub fn has_balance(self) -> bool {
        self.has_z() || matches!(self, Self::Gshard | Self::Shazeer | Self::ShazeerHierarchical)
    }

    /// Whether the z-loss coefficient does something.
    pub fn has_z(self) -> bool {
        matches!(self, Self::Switch | Self::Mixtral | Self::Olmoe | Self::Qwen3 | Self::GptOss)
    }

    /// Whether the noise setting does something.
    pub fn has_noise(self) -> bool {
        matches!(self, Self::Shazeer | Self::ShazeerHierarchical | Self::Switch)
    }

    /// Whether experts have a capacity.
    pub fn has_capacity(self) -> bool {
        matches!(self, Self::Gshard | Self::Switch | Self::ExpertChoice)
    }

    /// Whether it is balanced by a bias.
    pub fn has_bias(self) -> bool {
        matches!(self, Self::LossFree | Self::Deepseek)
    }

    /// Experts beside the routed ones that see every token.
    pub fn shared(self) -> usize {
        usize::from(self == Self::Deepseek)
    }

    /// How many of the E experts have weights and can take a load: all, unless the last of them is "pass".
    pub fn stacked(self, experts: usize) -> usize {
        experts.saturating_sub(usize::from(self == Self::RoutingNetworks))
    }

    /// Whether nothing about the routing is learned.
    pub fn is_fixed(self) -> bool {
        matches!(
            self,
            Self::HashRandom
                | Self::HashBalanced
                | Self::HashClustered
                | Self::HashDispersed
                | Self::HashPrevious
                | Self::HashPosition
                | Self::HashOracle
        )
    }

    /// Whether it decides on the host in every step, which a browser cannot do for a GPU.
    pub fn needs_cpu(self) -> bool {
        matches!(self, Self::Base | Self::RoutingNetworks)
    }
}
