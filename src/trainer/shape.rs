//! Settings as the engine's own: a model's shape, a method's constants, a step's coefficients.

use crate::error::TrainError;
use crate::model::config::RopeParameters;
use crate::model::{Compute, ModelConfig};
use crate::router::{RouterConfig, Tuning};
use crate::run::settings::{Coefficients, Settings, WARMUP};
use crate::train::optimizer::Rule;
use crate::train::step;

/// Longest text that the model routes.
const POSITIONS: usize = 4096;

/// The router's constants.
///
/// # Errors
/// If nobody can train the method.
pub fn router(settings: &Settings) -> Result<RouterConfig, TrainError> {
    let trained = settings.method.is_trained().then(|| RouterConfig::of_run(settings)).flatten();
    trained.ok_or_else(|| TrainError::Untrained(settings.method.dated()))
}

/// The model's shape, for a vocabulary whose token 0 ends a document.
///
/// # Errors
/// As [`router`].
pub fn config(settings: &Settings, vocabulary: usize) -> Result<ModelConfig, TrainError> {
    let router = router(settings)?;
    let plain = router.is_mixtral();
    Ok(ModelConfig {
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
        num_shared_experts: settings.method.shared,
        shared_tokenizer: false,
    })
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
pub fn how<'a>(config: &'a ModelConfig, settings: &Settings, step: u64, compute: Compute) -> step::StepConfig<'a> {
    let Coefficients { learning_rate, balance, z, .. } = settings.coefficients;
    step::StepConfig {
        config,
        compute,
        coefficients: step::LossCoefficients { balance, z, importance: balance, load: balance },
        rule: Rule::Adam(learning_rate),
        factor: ((step + 1) as f64 / WARMUP as f64).min(1.0),
        noise: crate::random::Random::new(settings.seed ^ step << 32).bits(),
        step: step as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::config;
    use crate::methods;
    use crate::model::{ModelConfig, Transformer};
    use crate::run::Settings;
    use crate::run::memory::parameters;
    use burn::module::Module as _;
    use burn::tensor::Device;

    #[test]
    fn what_the_settings_allow_is_a_model_of_the_size_that_was_estimated() {
        let mut allowed = 0;
        for method in methods::trained() {
            for (experts, top_k) in [(1, 1), (2, 1), (2, 2), (4, 2), (6, 4), (7, 3), (8, 8), (5, 6)] {
                let settings = Settings { method, experts, top_k, width: 16, inner: 8, ..Settings::default() };
                if settings.validate().is_err() {
                    continue;
                }
                allowed += 1;
                let config = config(&settings, settings.vocabulary).unwrap();
                let what = format!("{} with {top_k} of {experts}", method.id);
                let json = config.to_json().unwrap();
                assert_eq!(ModelConfig::from_json(&json).unwrap_or_else(|error| panic!("{what}: {error}")), config);
                let model = Transformer::init(&config, 1, &Device::flex()).unwrap();
                assert_eq!(parameters(&settings), model.num_params() as u64, "{what}");
            }
        }
        assert!(allowed > 60, "{allowed}");
    }
}
