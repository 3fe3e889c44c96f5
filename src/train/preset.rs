//! Named models and how they are trained.
//!
//! Two sizes: `mixtral` and its dense twin at the size of the model that the page opens with, and one of every method
//! at a common smaller size ([`methods`]), so that they can be compared: same data, same steps, same active size.

use super::step::LossCoefficients;
use crate::model::ModelConfig;
use crate::router::{
    BiasSettings, CapacitySettings, DeepseekV4Settings, HashKind, HashSettings, NoSettings, RouterConfig,
    SoftMoeSettings, SparseTreeSettings, TaskSettings, TreeSettings, dense,
};

/// What to train.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelPreset {
    /// Its name, as in `--preset` and in the checkpoint's folder.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// Width of the residual stream, d.
    pub width: usize,
    /// Blocks, L.
    pub layers: usize,
    /// Attention heads of 32 numbers each.
    pub heads: usize,
    /// Experts, E.
    pub experts: usize,
    /// Chosen, k.
    pub top_k: usize,
    /// Width inside an expert, F.
    pub inner: usize,
    /// Experts that see every token.
    pub shared: usize,
    /// The method.
    pub router: RouterConfig,
    /// Weights of the router's losses.
    pub coefficients: LossCoefficients,
    /// What the experts learn from.
    pub error: MixtureError,
}

/// What a mixture's experts learn from (Jacobs, Jordan, Nowlan and Hinton 1991).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MixtureError {
    /// The loss of the blend, as in every other model (the paper's eq. 1.1).
    Cooperative,
    /// In the last block each expert's own, weighted by its posterior (eq. 1.3); see `super::competition`. Also the
    /// model's answer is then the mixture of the experts' answers, not the answer to their blend.
    Competitive,
}

/// What most routers are trained with.
pub const COEFFICIENTS: LossCoefficients = LossCoefficients { balance: 0.01, z: 1e-4, importance: 0.1, load: 0.1 };

/// Width of the feed-forward network that a token uses in every model of the common size, and of a dense one.
const ACTIVE: usize = 192;

/// Everything that can be trained.
pub fn presets() -> Vec<ModelPreset> {
    let mut all = large();
    all.extend(methods());
    all.extend(claims());
    all
}

/// The model that the page opens with, and the dense model of the same active size.
fn large() -> Vec<ModelPreset> {
    let size = |name, summary, experts, top_k, inner| ModelPreset {
        name,
        summary,
        width: 128,
        layers: 4,
        heads: 4,
        experts,
        top_k,
        inner,
        shared: 0,
        router: RouterConfig::Mixtral(NoSettings {}),
        coefficients: COEFFICIENTS,
        error: MixtureError::Cooperative,
    };
    vec![
        size(
            "mixtral",
            "8 SwiGLU experts in every layer, the best 2 for each token, softmax over the kept logits",
            8,
            2,
            256,
        ),
        size(
            "mixtral-dense",
            "one feed-forward network as large as the two experts that a token of `mixtral` uses",
            dense::EXPERTS,
            dense::EXPERTS,
            512,
        ),
    ]
}

/// Every method at the common size: 3 blocks of width 96, a token uses [`ACTIVE`] units of a layer's experts.
fn methods() -> Vec<ModelPreset> {
    use RouterConfig::{
        Base, Deepseek, DeepseekV4, ExpertChoice, Gshard, Hash, HierarchicalMixture, Jacobs, Mixtral, RoutingNetworks,
        Shazeer, ShazeerHierarchical, SoftMoe, Switch,
    };
    let method = |name, summary, experts: usize, top_k: usize, inner, router| ModelPreset {
        name,
        summary,
        width: 96,
        layers: 3,
        heads: 3,
        experts,
        top_k,
        inner,
        shared: 0,
        router,
        coefficients: COEFFICIENTS,
        error: MixtureError::Cooperative,
    };
    let hash = |name, summary, kind| method(name, summary, 8, 1, ACTIVE, Hash(HashSettings { kind }));
    vec![
        method(
            "dense-active",
            "one feed-forward network of the size that a token of the sparse models uses",
            dense::EXPERTS,
            dense::EXPERTS,
            ACTIVE,
            Mixtral(NoSettings {}),
        ),
        method(
            "dense-total",
            "one feed-forward network as large as eight experts together, all of it used",
            dense::EXPERTS,
            dense::EXPERTS,
            4 * ACTIVE,
            Mixtral(NoSettings {}),
        ),
        method(
            "mixtral-small",
            "Mixtral's router: the best 2 of 8, softmax over the kept logits",
            8,
            2,
            ACTIVE / 2,
            Mixtral(NoSettings {}),
        ),
        method(
            "jacobs",
            "the mixture of 1991: a softmax gate blends all 8 small experts",
            8,
            8,
            ACTIVE / 8,
            Jacobs(NoSettings {}),
        ),
        method(
            "hierarchical-mixture",
            "the mixture of 1994: a tree of two gates blends all 8 small experts",
            8,
            8,
            ACTIVE / 8,
            HierarchicalMixture(TreeSettings { groups: 2 }),
        ),
        method("shazeer", "noisy top 2 of 8 with importance and load losses", 8, 2, ACTIVE / 2, Shazeer(NoSettings {})),
        method(
            "shazeer-hierarchical",
            "noisy top 2 of 4 groups, then top 2 of the 4 experts in each",
            16,
            4,
            ACTIVE / 4,
            ShazeerHierarchical(SparseTreeSettings { groups: 4, top_groups: 2 }),
        ),
        method(
            "gshard",
            "top 2 of 8 with a capacity, the second expert at random",
            8,
            2,
            ACTIVE / 2,
            Gshard(CapacitySettings { capacity_factor: 1.0, group: 256 }),
        ),
        method(
            "switch",
            "top 1 of 8 with a capacity; what overflows is skipped",
            8,
            1,
            ACTIVE,
            Switch(CapacitySettings { capacity_factor: 1.25, group: 256 }),
        ),
        method(
            "base",
            "balanced assignment of tokens to 8 experts in training, the best one afterwards",
            8,
            1,
            ACTIVE,
            Base(NoSettings {}),
        ),
        hash("hash-random", "a random table of tokens decides", HashKind::Random),
        hash("hash-balanced", "a table of tokens, balanced by how often they occur, decides", HashKind::Balanced),
        hash("hash-clustered", "a table that sends similar tokens to the same expert decides", HashKind::Clustered),
        hash("hash-dispersed", "a table that sends similar tokens to different experts decides", HashKind::Dispersed),
        hash("hash-previous", "the token before decides", HashKind::Previous),
        hash("hash-position", "the place in the text decides", HashKind::Position),
        hash(
            "hash-oracle",
            "the token that has to be predicted decides: cheating, to see what it is worth",
            HashKind::Oracle,
        ),
        method(
            "routing-networks",
            "a policy learned by reinforcement picks one of 8 blocks, or none, for each domain",
            9,
            1,
            ACTIVE,
            RoutingNetworks(TaskSettings { tasks: 11 }),
        ),
        method(
            "expert-choice",
            "8 experts pick the tokens that fit them best",
            8,
            8,
            ACTIVE / 2,
            ExpertChoice(CapacitySettings { capacity_factor: 2.0, group: 256 }),
        ),
        method(
            "soft-moe",
            "8 experts compute mixtures of tokens",
            8,
            8,
            ACTIVE / 2,
            SoftMoe(SoftMoeSettings { slots: 64, group: 256 }),
        ),
        ModelPreset {
            shared: 1,
            ..method(
                "deepseek",
                "one shared and 3 of 16 fine experts, balanced by a bias instead of a loss",
                16,
                3,
                ACTIVE / 4,
                Deepseek(BiasSettings { bias_speed: 0.001 }),
            )
        },
        ModelPreset {
            shared: 1,
            ..method(
                "deepseek-v4",
                "one shared and 3 of 16 fine experts: a table of tokens chooses in the first layer, the gate in the others",
                16,
                3,
                ACTIVE / 4,
                DeepseekV4(DeepseekV4Settings { hash_layers: 1, bias_speed: 0.001, scaling: 1.5 }),
            )
        },
    ]
}

/// Small models that put single claims of the papers to the test: 2 blocks of width 64, a token uses 128 units.
fn claims() -> Vec<ModelPreset> {
    use RouterConfig::{Base, Deepseek, Hash, HierarchicalMixture, Jacobs, Mixtral, Shazeer, Switch};
    let small = |name, summary, experts, top_k: usize, router| ModelPreset {
        name,
        summary,
        width: 64,
        layers: 2,
        heads: 2,
        experts,
        top_k,
        inner: 128 / top_k,
        shared: 0,
        router,
        coefficients: COEFFICIENTS,
        error: MixtureError::Cooperative,
    };
    let switch = |name, summary, experts, capacity_factor| {
        small(name, summary, experts, 1, Switch(CapacitySettings { capacity_factor, group: 256 }))
    };
    let hash = |name, summary, kind| small(name, summary, 8, 1, Hash(HashSettings { kind }));
    let unbalanced = LossCoefficients { balance: 0.0, importance: 0.0, load: 0.0, ..COEFFICIENTS };
    vec![
        ModelPreset {
            coefficients: unbalanced,
            ..small(
                "small-shazeer-unbalanced",
                "noisy top 2 of 8 without balancing losses",
                8,
                2,
                Shazeer(NoSettings {}),
            )
        },
        small("small-shazeer", "noisy top 2 of 8 with importance and load losses", 8, 2, Shazeer(NoSettings {})),
        switch("small-switch-1", "a dense network of the same active size", 1, 1.0),
        switch("small-switch-2", "top 1 of 2, nothing dropped", 2, 2.0),
        switch("small-switch-4", "top 1 of 4, nothing dropped", 4, 4.0),
        switch("small-switch-8", "top 1 of 8, nothing dropped", 8, 8.0),
        switch("small-switch-16", "top 1 of 16, nothing dropped", 16, 16.0),
        switch("small-capacity-0.5", "top 1 of 8, capacity factor 0.5", 8, 0.5),
        switch("small-capacity-1", "top 1 of 8, capacity factor 1", 8, 1.0),
        switch("small-capacity-1.25", "top 1 of 8, capacity factor 1.25", 8, 1.25),
        switch("small-capacity-2", "top 1 of 8, capacity factor 2", 8, 2.0),
        hash("small-hash-random", "a random table of tokens", HashKind::Random),
        hash("small-hash-balanced", "a balanced table of tokens", HashKind::Balanced),
        small("small-jacobs", "a softmax gate blends 8 experts, which learn together", 8, 8, Jacobs(NoSettings {})),
        ModelPreset {
            error: MixtureError::Competitive,
            ..small(
                "small-jacobs-competitive",
                "a softmax gate weighs 8 experts, which compete",
                8,
                8,
                Jacobs(NoSettings {}),
            )
        },
        small(
            "small-tree",
            "a tree of two gates blends 8 experts",
            8,
            8,
            HierarchicalMixture(TreeSettings { groups: 2 }),
        ),
        small("small-base", "balanced assignment in training", 8, 1, Base(NoSettings {})),
        small("small-aux", "top 2 of 8, balanced by a loss of 0.01", 8, 2, Mixtral(NoSettings {})),
        small(
            "small-loss-free",
            "top 2 of 8, balanced by a bias of speed 0.001",
            8,
            2,
            Deepseek(BiasSettings { bias_speed: 0.001 }),
        ),
        small(
            "small-loss-free-fast",
            "top 2 of 8, balanced by a bias of speed 0.01",
            8,
            2,
            Deepseek(BiasSettings { bias_speed: 0.01 }),
        ),
    ]
}

impl ModelPreset {
    /// The preset of that name.
    pub fn named(name: &str) -> Option<Self> {
        presets().into_iter().find(|preset| preset.name == name)
    }

    /// Whether it is one of the methods at the common size.
    pub fn is_common(&self) -> bool {
        methods().iter().any(|preset| preset.name == self.name)
    }

    /// Its shape.
    pub fn config(&self, vocabulary: usize, end_of_text: u32, context: usize) -> ModelConfig {
        let plain = self.router.is_mixtral() && self.shared == 0;
        ModelConfig {
            architectures: if plain { vec!["MixtralForCausalLM".to_owned()] } else { Vec::new() },
            model_type: if plain { "mixtral" } else { "moescope" }.to_owned(),
            vocab_size: vocabulary,
            hidden_size: self.width,
            intermediate_size: self.inner,
            num_hidden_layers: self.layers,
            num_attention_heads: self.heads,
            num_key_value_heads: self.heads,
            head_dim: Some(32),
            num_local_experts: self.experts,
            num_experts_per_tok: self.top_k,
            rms_norm_eps: 1e-5,
            rope_theta: Some(10_000.0),
            rope_parameters: Some(crate::model::config::RopeParameters {
                rope_theta: 10_000.0,
                rope_type: "default".to_owned(),
            }),
            sliding_window: Some(context),
            max_position_embeddings: 4096,
            tie_word_embeddings: true,
            hidden_act: "silu".to_owned(),
            bos_token_id: Some(end_of_text),
            eos_token_id: Some(end_of_text.into()),
            dtype: Some("float16".to_owned()),
            router: self.router.clone(),
            num_shared_experts: self.shared,
            shared_tokenizer: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::presets;
    use crate::model::ModelConfig;
    use std::collections::BTreeSet;

    #[test]
    fn every_preset_is_a_model_with_a_name_of_its_own() {
        let names: BTreeSet<_> = presets().iter().map(|preset| preset.name).collect();
        assert_eq!(names.len(), presets().len());
        for preset in presets() {
            let json = preset.config(320, 0, 64).to_json().unwrap();
            ModelConfig::from_json(&json).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        }
    }
}
