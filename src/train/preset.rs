//! Named models and how they are trained.

use crate::model::ModelConfig;

/// What to train.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name, as in `--preset` and in the checkpoint's folder.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// Experts, E.
    pub experts: usize,
    /// Chosen, k.
    pub top_k: usize,
    /// Width inside an expert, F.
    pub inner: usize,
}

/// Everything that can be trained.
pub const PRESETS: [Preset; 2] = [
    Preset {
        name: "mixtral",
        summary: "8 SwiGLU experts in every layer, the best 2 for each token, softmax over the kept logits",
        experts: 8,
        top_k: 2,
        inner: 256,
    },
    Preset {
        name: "dense-active",
        summary: "one feed-forward network as large as the two experts that a token of `mixtral` uses",
        experts: 1,
        top_k: 1,
        inner: 512,
    },
];

impl Preset {
    /// The preset of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// Its shape.
    pub fn config(&self, vocabulary: usize, end_of_text: u32, context: usize) -> ModelConfig {
        ModelConfig {
            architectures: vec!["MixtralForCausalLM".to_owned()],
            model_type: "mixtral".to_owned(),
            vocab_size: vocabulary,
            hidden_size: 128,
            intermediate_size: self.inner,
            num_hidden_layers: 4,
            num_attention_heads: 4,
            num_key_value_heads: 4,
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
            eos_token_id: Some(end_of_text),
            dtype: Some("float16".to_owned()),
        }
    }
}
