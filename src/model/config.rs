//! A model's shape, as Hugging Face's `config.json` of a Mixtral says it.

use super::{ModelError, fields, mistaken};
use crate::error::{ConfigFault, FileFault};
use crate::router::RouterConfig;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The fields of `config.json` that define the computation, under Hugging Face's names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// `["MixtralForCausalLM"]` where transformers can load it.
    #[serde(default = "architectures", deserialize_with = "or_none")]
    pub architectures: Vec<String>,
    /// `mixtral`, or `moescope` with another router.
    pub model_type: String,
    /// Tokens in the vocabulary, V.
    pub vocab_size: usize,
    /// Width of the residual stream, d.
    pub hidden_size: usize,
    /// Width inside an expert, F.
    pub intermediate_size: usize,
    /// Blocks, L.
    pub num_hidden_layers: usize,
    /// Query heads.
    pub num_attention_heads: usize,
    /// Key and value heads.
    pub num_key_value_heads: usize,
    /// Numbers a head, D; d / heads if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_dim: Option<usize>,
    /// Experts in a layer, E.
    pub num_local_experts: usize,
    /// Experts chosen for a token, k.
    pub num_experts_per_tok: usize,
    /// Added to the mean square in RMSNorm.
    pub rms_norm_eps: f64,
    /// Base of the rotary frequencies, as transformers 4 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rope_theta: Option<f64>,
    /// The same, as transformers 5 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rope_parameters: Option<RopeParameters>,
    /// Positions that a query sees, its own included; all earlier ones if absent.
    #[serde(default)]
    pub sliding_window: Option<usize>,
    /// Longest sequence the model is meant for.
    pub max_position_embeddings: usize,
    /// Whether the embedding serves as output matrix too; if not, the file must hold the same matrix twice.
    #[serde(default)]
    pub tie_word_embeddings: bool,
    /// Activation inside the experts; only `silu` is supported.
    #[serde(default = "silu")]
    pub hidden_act: String,
    /// Token that begins a document.
    #[serde(default)]
    pub bos_token_id: Option<u32>,
    /// Token that ends a document, or a list of such tokens.
    #[serde(default)]
    pub eos_token_id: Option<Value>,
    /// Type of the stored weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<String>,
    /// The routing method; Mixtral's if absent, and only then is it a checkpoint that transformers can load.
    #[serde(default, skip_serializing_if = "RouterConfig::is_mixtral")]
    pub router: RouterConfig,
    /// Experts beside the routed ones that see every token (DeepSeekMoE's shared experts).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_shared_experts: usize,
    /// Whether tokenizer.json lies in the folder above, for all models there that share it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared_tokenizer: bool,
}

/// Rotary positions in transformers 5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RopeParameters {
    /// Base of the frequencies.
    pub rope_theta: f64,
    /// `default`: nothing else can be computed here.
    #[serde(default = "default_rope")]
    pub rope_type: String,
}

fn architectures() -> Vec<String> {
    vec!["MixtralForCausalLM".to_owned()]
}

/// A list, or `null` for an empty one.
fn or_none<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or_default())
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn silu() -> String {
    "silu".to_owned()
}

fn default_rope() -> String {
    "default".to_owned()
}

impl ModelConfig {
    /// Reads `config.json` and checks it.
    ///
    /// # Errors
    /// If it is not JSON, a field is missing, or the shape cannot be computed here.
    pub fn from_json(json: &str) -> Result<Self, ModelError> {
        if let Some(other) = mistaken("config.json", json.as_bytes()) {
            return Err(other);
        }
        let unreadable = |error: serde_json::Error| match error.is_eof() {
            true => {
                let fault = FileFault::BreaksOff { have: json.len() as u64 };
                ModelError::File { name: "config.json".to_owned(), fault }
            }
            false => ModelError::Config(ConfigFault::Unreadable { detail: error.to_string() }),
        };
        let given: Map<String, Value> = serde_json::from_str(json).map_err(unreadable)?;
        check_kind(&given)?;
        fields::check(&given)?;
        let config: Self = serde_json::from_str(json).map_err(unreadable)?;
        config.check()?;
        Ok(config)
    }

    /// Writes `config.json`.
    ///
    /// # Errors
    /// If a number is not finite.
    pub fn to_json(&self) -> Result<String, ModelError> {
        serde_json::to_string_pretty(self).map(|json| json + "\n").map_err(|error| ModelError::File {
            name: "config.json".to_owned(),
            fault: FileFault::NotWritten { detail: error.to_string() },
        })
    }

    /// Where the tokenizer lies, from the checkpoint's folder.
    pub fn tokenizer_file(&self) -> &'static str {
        if self.shared_tokenizer { "../tokenizer.json" } else { "tokenizer.json" }
    }

    /// The same, of a `config.json` that nobody has read; one that cannot be read says why when the model is.
    pub fn tokenizer_of(json: &[u8]) -> &'static str {
        let config = std::str::from_utf8(json).ok().and_then(|json| Self::from_json(json).ok());
        config.map_or("tokenizer.json", |config| config.tokenizer_file())
    }

    /// Whether a tokenizer of so many tokens can be this model's: it may have fewer, for matrices are often filled up.
    ///
    /// # Errors
    /// If it has tokens that the model has no row for.
    pub fn check_tokens(&self, tokens: usize) -> Result<(), ModelError> {
        match tokens > self.vocab_size {
            false => Ok(()),
            true => Err(ModelError::Tokens { tokens, vocabulary: self.vocab_size }),
        }
    }

    /// Numbers a head, D.
    pub fn head(&self) -> usize {
        self.head_dim.unwrap_or(self.hidden_size / self.num_attention_heads.max(1))
    }

    /// Base of the rotary frequencies.
    pub fn theta(&self) -> f32 {
        let theta = self.rope_parameters.as_ref().map(|rope| rope.rope_theta).or(self.rope_theta);
        theta.unwrap_or(1e6) as f32
    }

    /// Experts that have weights: all, unless one of them is "pass".
    pub fn stacked_experts(&self) -> usize {
        self.router.stacked(self.num_local_experts)
    }

    /// Whether transformers' Mixtral is this model.
    pub fn is_mixtral(&self) -> bool {
        self.router.is_mixtral() && self.num_shared_experts == 0
    }

    /// Positions that a query sees.
    pub fn window(&self) -> usize {
        self.sliding_window.unwrap_or(usize::MAX >> 1)
    }

    fn check(&self) -> Result<(), ModelError> {
        let wrong = |fault: ConfigFault| Err(ModelError::Config(fault));
        match (self.is_mixtral(), self.model_type == "mixtral") {
            (false, true) if self.router.is_mixtral() => return wrong(ConfigFault::MixtralWithShared),
            (false, true) => return wrong(ConfigFault::MixtralWithRouter),
            (true, false) => return wrong(ConfigFault::PlainMoescope),
            _ => {}
        }
        if let Err(fault) = self.router.check(self.num_local_experts, self.num_experts_per_tok) {
            return wrong(ConfigFault::Router(fault));
        }
        if self.hidden_act != "silu" {
            return wrong(ConfigFault::Activation { name: self.hidden_act.clone() });
        }
        let sizes = [
            ("vocab_size", self.vocab_size, 1 << 20),
            ("hidden_size", self.hidden_size, 1 << 14),
            ("intermediate_size", self.intermediate_size, 1 << 16),
            ("num_hidden_layers", self.num_hidden_layers, 256),
            ("num_attention_heads", self.num_attention_heads, 256),
            ("num_key_value_heads", self.num_key_value_heads, 256),
            ("num_local_experts", self.num_local_experts, 1024),
            ("num_experts_per_tok", self.num_experts_per_tok, 1024),
            ("max_position_embeddings", self.max_position_embeddings, 1 << 24),
            ("sliding_window", self.window(), usize::MAX >> 1),
        ];
        for (field, value, most) in sizes {
            if value == 0 || value > most {
                return wrong(ConfigFault::Size { field: field.to_owned(), value, most });
            }
        }
        if self.num_experts_per_tok > self.num_local_experts {
            let (chosen, experts) = (self.num_experts_per_tok, self.num_local_experts);
            return wrong(ConfigFault::Choices { chosen, experts });
        }
        let (heads, key_value, width) = (self.num_attention_heads, self.num_key_value_heads, self.hidden_size);
        if !heads.is_multiple_of(key_value) {
            return wrong(ConfigFault::KeyValueHeads { key_value, heads });
        }
        if self.head_dim.is_none() && !width.is_multiple_of(heads) {
            return wrong(ConfigFault::Heads { heads, width });
        }
        if self.head() == 0 || !self.head().is_multiple_of(2) {
            return wrong(ConfigFault::HeadWidth { width: self.head() });
        }
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let eps = self.rms_norm_eps;
        if !(positive(f64::from(self.theta())) && eps.is_finite() && eps >= 0.0) {
            return wrong(ConfigFault::NotPositive);
        }
        Ok(())
    }
}

/// Refuses another architecture by its name, before anything is said of fields that it need not have.
fn check_kind(fields: &Map<String, Value>) -> Result<(), ModelError> {
    let wrong = |fault: ConfigFault| Err(ModelError::Config(fault));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let model_type = fields.get("model_type").map(text);
    let Some(model_type) = model_type else {
        return wrong(ConfigFault::NoModelType);
    };
    let classes: Vec<String> =
        fields.get("architectures").and_then(Value::as_array).into_iter().flatten().map(text).collect();
    if !matches!(model_type.as_str(), "mixtral" | "moescope") {
        return wrong(ConfigFault::OtherArchitecture { model_type, classes });
    }
    match classes.iter().any(|name| name == "MixtralForCausalLM") || classes.is_empty() {
        true => Ok(()),
        false => wrong(ConfigFault::OtherClass { classes }),
    }
}
