//! A small random model and its tokenizer, for the engine's tests.

use moescope::device::OpenDevice;
use moescope::engine::Session;
use moescope::model::{Compute, ModelConfig, Transformer};
use moescope::protocol::{Cut, DeviceReason};
use moescope::token::Tokenizer;
use moescope::trace::Trace;
use pollster::block_on;

/// Three layers, four experts, two chosen, grouped queries and a window.
pub fn config() -> ModelConfig {
    ModelConfig::from_json(
        r#"{"model_type": "mixtral", "vocab_size": 288, "hidden_size": 32, "intermediate_size": 24, "num_hidden_layers": 3,
            "num_attention_heads": 4, "num_key_value_heads": 2, "num_local_experts": 4, "num_experts_per_tok": 2,
            "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "sliding_window": 48, "max_position_embeddings": 4096,
            "tie_word_embeddings": true}"#,
    )
    .unwrap()
}

/// 288 tokens: the bytes and a few syllables.
pub fn tokenizer() -> Tokenizer {
    let text =
        "the cat sat on the mat and the dog sat on the log; the naïve cat and the other dog went home to sleep. ";
    Tokenizer::train(&[&text.repeat(20)], 288, |_, _| ()).unwrap()
}

/// The CPU with our kernels.
pub fn sparse() -> OpenDevice {
    OpenDevice::cpu(DeviceReason::CpuChosen)
}

/// The CPU with Burn's operations and all experts.
pub fn dense() -> OpenDevice {
    OpenDevice { compute: Compute::Dense, ..OpenDevice::cpu(DeviceReason::CpuChosen) }
}

/// A session with the model of seed 7.
pub fn session(device: OpenDevice) -> Session {
    let (config, tokenizer) = (config(), tokenizer());
    let model = Transformer::init(&config, 7, &device.device).unwrap();
    Session::new("random", config, model, tokenizer, device).unwrap()
}

/// Routes a text.
pub fn route(session: &mut Session, text: &str) -> (Trace, Option<Cut>) {
    block_on(session.route(text)).unwrap()
}
