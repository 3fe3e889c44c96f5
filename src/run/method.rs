//! The routing methods that can be trained here, as names with their rules; the engine knows the mathematics.

use crate::methods::{self, Choices, Coefficient, Gate, Weights};
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
    /// DeepSeek-AI 2026: a table of tokens chooses in the first layer, the gate in the later ones.
    DeepseekV4,
}

impl Method {
    /// All of them, oldest first.
    pub const ALL: [Self; 24] = [
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
        Self::DeepseekV4,
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
            Self::DeepseekV4 => &methods::DEEPSEEK_V4,
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
        self.facts().choices
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

    /// Whether the weights of the chosen add up to the same however many they are, so that the weight of a single one is that
    /// whatever its score.
    pub fn renormalises(self) -> bool {
        self.choices() == Choices::Any
            && matches!(self.facts().weights, Weights::Shares | Weights::Scaled | Weights::SumToOne)
    }

    /// Whether the experts must be even in number.
    pub fn needs_pairs(self) -> bool {
        self.facts().gate == Gate::Tree
    }

    /// Whether a coefficient does something.
    pub fn has(self, coefficient: Coefficient) -> bool {
        self.facts().has(coefficient)
    }

    /// Experts beside the routed ones that see every token.
    pub fn shared(self) -> usize {
        self.facts().shared
    }

    /// How many of the E experts have weights and can take a load: all, unless the last of them is "pass".
    pub fn stacked(self, experts: usize) -> usize {
        experts.saturating_sub(usize::from(self.facts().gate == Gate::Policy))
    }

    /// Whether nothing about the routing is learned.
    pub fn is_fixed(self) -> bool {
        self.facts().is_fixed()
    }

    /// Whether it decides on the host in every step, which a browser cannot do for a GPU.
    pub fn needs_cpu(self) -> bool {
        self.facts().on_host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn those(is: impl Fn(Method) -> bool) -> Vec<&'static str> {
        Method::ALL.into_iter().filter(|method| is(*method)).map(Method::name).collect()
    }

    /// What each method's router has in `src/router`: losses, noise, capacity, and a bias that steps move.
    #[test]
    fn coefficients_are_those_of_the_routers() {
        let all = |coefficient| those(|method| method.has(coefficient));
        let balanced = ["shazeer", "shazeer-hierarchical", "gshard", "switch", "mixtral", "olmoe", "qwen3", "gpt-oss"];
        assert_eq!(all(Coefficient::Balance), balanced);
        assert_eq!(all(Coefficient::Z), ["switch", "mixtral", "olmoe", "qwen3", "gpt-oss"]);
        assert_eq!(all(Coefficient::Noise), ["shazeer", "shazeer-hierarchical", "switch"]);
        assert_eq!(all(Coefficient::Capacity), ["gshard", "switch", "expert-choice"]);
        assert_eq!(all(Coefficient::Bias), ["loss-free", "deepseek", "deepseek-v4"]);
    }

    #[test]
    fn choices_are_those_of_the_papers() {
        let all = |choices| those(|method| method.choices() == choices);
        assert_eq!(all(Choices::All), ["jacobs", "hierarchical-mixture", "expert-choice", "soft-moe"]);
        assert_eq!(all(Choices::Exactly(2)), ["gshard"]);
        assert_eq!(all(Choices::Exactly(1)).len(), 10, "Switch, BASE, routing networks and seven hash layers");
        assert_eq!(all(Choices::Pairs), ["shazeer-hierarchical"]);
        let any = ["shazeer", "mixtral", "olmoe", "loss-free", "deepseek", "qwen3", "gpt-oss", "deepseek-v4"];
        assert_eq!(all(Choices::Any), any);
        assert_eq!(those(Method::renormalises), any.into_iter().filter(|name| *name != "olmoe").collect::<Vec<_>>());
    }

    #[test]
    fn what_only_some_methods_are() {
        assert_eq!(those(Method::needs_pairs), ["hierarchical-mixture", "shazeer-hierarchical"]);
        assert_eq!(those(Method::needs_cpu), ["routing-networks", "base"]);
        assert_eq!(those(|method| method.shared() == 1), ["deepseek", "deepseek-v4"]);
        assert_eq!(those(|method| method.stacked(4) == 3), ["routing-networks"]);
        assert_eq!(those(Method::is_fixed).len(), 7);
        assert!(those(Method::is_fixed).iter().all(|name| name.starts_with("hash-")));
    }
}
