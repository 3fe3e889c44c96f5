//! Settings as the engine's own: a model's shape, a method's constants, a step's coefficients.

use crate::model::config::RopeParameters;
use crate::model::{Compute, ModelConfig};
use crate::router::{self, Convention, HashKind, Tuning};
use crate::run::method::Method;
use crate::run::settings::{Coefficients, Settings, WARMUP};
use crate::train::optimizer::Rule;
use crate::train::step;

/// Longest text that the model routes.
const POSITIONS: usize = 4096;

/// What the weights of a token add up to in DeepSeek-V4, as released.
const SCALING: f64 = 1.5;

/// The router's constants.
pub fn router(settings: &Settings) -> router::Settings {
    use router::Settings as Router;
    let Settings { top_k, len: group, .. } = *settings;
    let Coefficients { capacity_factor, bias_speed, .. } = settings.coefficients;
    let convention = |convention| Router::Conventions { convention };
    let hash = |kind| Router::Hash { kind };
    match settings.method {
        Method::Jacobs => Router::Jacobs,
        Method::HierarchicalMixture => Router::HierarchicalMixture { groups: settings.groups() },
        Method::Shazeer => Router::Shazeer,
        Method::ShazeerHierarchical => Router::ShazeerHierarchical { groups: settings.groups(), top_groups: top_k / 2 },
        Method::Gshard => Router::Gshard { capacity_factor, group },
        Method::Switch => Router::Switch { capacity_factor, group },
        Method::Base => Router::Base,
        Method::HashRandom => hash(HashKind::Random),
        Method::HashBalanced => hash(HashKind::Balanced),
        Method::HashClustered => hash(HashKind::Clustered),
        Method::HashDispersed => hash(HashKind::Dispersed),
        Method::HashPrevious => hash(HashKind::Previous),
        Method::HashPosition => hash(HashKind::Position),
        Method::HashOracle => hash(HashKind::Oracle),
        Method::RoutingNetworks => Router::RoutingNetworks { tasks: settings.text.domains() },
        Method::ExpertChoice => Router::ExpertChoice { capacity_factor, group },
        Method::SoftMoe => Router::SoftMoe { slots: settings.slots(), group },
        Method::LossFree | Method::Deepseek => Router::Deepseek { bias_speed },
        Method::DeepseekV4 => Router::DeepseekV4 { hash_layers: settings.first_layers(), bias_speed, scaling: SCALING },
        Method::Mixtral => Router::Mixtral,
        Method::Olmoe => convention(Convention::Olmoe),
        Method::Qwen3 => convention(Convention::Qwen3Moe),
        Method::GptOss => convention(Convention::GptOss),
    }
}

/// The model's shape, for a vocabulary whose token 0 ends a document.
pub fn config(settings: &Settings, vocabulary: usize) -> ModelConfig {
    let router = router(settings);
    let plain = router.is_mixtral();
    ModelConfig {
        architectures: if plain { vec!["MixtralForCausalLM".to_owned()] } else { Vec::new() },
        model_type: if plain { "mixtral" } else { "moescope" }.to_owned(),
        vocab_size: vocabulary,
        hidden_size: settings.width,
        intermediate_size: settings.inner,
        num_hidden_layers: settings.layers,
        num_attention_heads: settings.heads(),
        num_key_value_heads: settings.heads(),
        head_dim: Some(16),
        num_local_experts: settings.experts,
        num_experts_per_tok: settings.top_k,
        rms_norm_eps: 1e-5,
        rope_theta: Some(10_000.0),
        rope_parameters: Some(RopeParameters { rope_theta: 10_000.0, rope_type: "default".to_owned() }),
        sliding_window: Some(settings.len),
        max_position_embeddings: POSITIONS,
        tie_word_embeddings: true,
        hidden_act: "silu".to_owned(),
        bos_token_id: Some(0),
        eos_token_id: Some(0.into()),
        dtype: Some("float32".to_owned()),
        router,
        num_shared_experts: settings.method.shared(),
        shared_tokenizer: false,
    }
}

/// The constants that may change while the run goes on.
pub fn tuning(coefficients: &Coefficients) -> Tuning {
    Tuning {
        capacity_factor: coefficients.capacity_factor,
        bias_speed: coefficients.bias_speed,
        noise_scale: coefficients.noise,
    }
}

/// How the step after `step` steps is done.
pub fn how<'a>(config: &'a ModelConfig, settings: &Settings, step: u64, compute: Compute) -> step::How<'a> {
    let Coefficients { learning_rate, balance, z, .. } = settings.coefficients;
    step::How {
        config,
        compute,
        coefficients: step::Coefficients { balance, z, importance: balance, load: balance },
        rule: Rule::Adam(learning_rate),
        factor: ((step + 1) as f64 / WARMUP as f64).min(1.0),
        noise: crate::random::Random::new(settings.seed ^ step << 32).bits(),
        step: step as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::config;
    use crate::model::{ModelConfig, Transformer};
    use crate::run::memory::parameters;
    use crate::run::{Method, Settings};
    use burn::module::Module as _;
    use burn::tensor::Device;

    #[test]
    fn what_the_settings_allow_is_a_model_of_the_size_that_was_estimated() {
        let mut allowed = 0;
        for method in Method::ALL {
            for (experts, top_k) in [(1, 1), (2, 1), (2, 2), (4, 2), (6, 4), (7, 3), (8, 8), (5, 6)] {
                let settings = Settings { method, experts, top_k, width: 16, inner: 8, ..Settings::default() };
                if settings.validate().is_err() {
                    continue;
                }
                allowed += 1;
                let config = config(&settings, settings.vocabulary);
                let what = format!("{} with {top_k} of {experts}", method.name());
                let json = config.to_json().unwrap();
                assert_eq!(ModelConfig::from_json(&json).unwrap_or_else(|error| panic!("{what}: {error}")), config);
                let model = Transformer::init(&config, 1, &Device::flex()).unwrap();
                assert_eq!(parameters(&settings), model.num_params() as u64, "{what}");
            }
        }
        assert!(allowed > 60, "{allowed}");
    }
}
