//! Which fields of a `config.json` may be there.
//!
//! A field that changes the computation and is passed over gives wrong numbers without a word. So every field is one of
//! these:
//! - read by [`super::ModelConfig`] ([`READ`]);
//! - known to change nothing of what is computed here ([`PLAIN`]);
//! - known to change something: then it must have the value that is computed here ([`computed`]);
//! - unknown: refused, for nobody here can say what it does. `false` or 0 may be what changes something (`use_rope`).
//!
//! `null` is like a field that is absent, and names that begin with `_` are notes.

use super::ModelError;
use crate::error::{ConfigFault, Only};
use serde_json::{Map, Value};

/// Fields that [`super::ModelConfig`] reads.
const READ: [&str; 24] = [
    "architectures",
    "model_type",
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "num_local_experts",
    "num_experts_per_tok",
    "rms_norm_eps",
    "rope_theta",
    "rope_parameters",
    "sliding_window",
    "max_position_embeddings",
    "tie_word_embeddings",
    "hidden_act",
    "bos_token_id",
    "eos_token_id",
    "dtype",
    "router",
    "num_shared_experts",
    "shared_tokenizer",
];

/// Fields that change nothing here, whatever their value: how a model was or would be trained, how others generate with it,
/// what their programs give back, and notes. Most are what transformers 4 and 5 write.
const PLAIN: [&str; 65] = [
    "attention_dropout",
    "attn_implementation",
    "auto_map",
    "bad_words_ids",
    "begin_suppress_tokens",
    "chunk_size_feed_forward",
    "classifier_dropout",
    "decoder_start_token_id",
    "diversity_penalty",
    "do_sample",
    "early_stopping",
    "embd_pdrop",
    "encoder_no_repeat_ngram_size",
    "exponential_decay_length_penalty",
    "finetuning_task",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "gradient_checkpointing",
    "hidden_dropout",
    "id2label",
    "initializer_range",
    "is_decoder",
    "label2id",
    "length_penalty",
    "max_length",
    "max_new_tokens",
    "min_length",
    "model_max_length",
    "name_or_path",
    "no_repeat_ngram_size",
    "num_beam_groups",
    "num_beams",
    "num_labels",
    "num_return_sequences",
    "output_attentions",
    "output_hidden_states",
    "output_router_logits",
    "output_scores",
    "pad_token_id",
    "prefix",
    "problem_type",
    "remove_invalid_values",
    "repetition_penalty",
    "resid_pdrop",
    "return_dict",
    "return_dict_in_generate",
    "router_aux_loss_coef",
    "router_jitter_noise",
    "router_z_loss_coef",
    "sep_token_id",
    "suppress_tokens",
    "task_specific_params",
    "temperature",
    "tf_legacy_loss",
    "tokenizer_class",
    "top_k",
    "top_p",
    "torch_dtype",
    "torchscript",
    "transformers_version",
    "typical_p",
    "unsloth_fixed",
    "unsloth_version",
    "use_bfloat16",
    "use_cache",
];

/// For a field that is known to change the computation: what alone can be computed here, and whether that is its value. `None` for a field that is not known.
fn computed(name: &str, value: &Value, fields: &Map<String, Value>) -> Option<(Only, bool)> {
    let other = |name: &str| fields.get(name).unwrap_or(&Value::Null);
    let windowed = !other("sliding_window").is_null();
    Some(match name {
        "rope_scaling" => (Only::PlainRotary, is_plain_rope(value)),
        "partial_rotary_factor" | "rotary_pct" => (Only::WholeHeads, is(value, 1.0)),
        "embedding_multiplier"
        | "residual_multiplier"
        | "logits_scaling"
        | "logit_scale"
        | "routed_scaling_factor"
        | "decoder_sparse_step"
        | "moe_layer_freq"
        | "n_group"
        | "topk_group"
        | "pretraining_tp" => (Only::One, is(value, 1.0)),
        "norm_topk_prob" => (Only::SumOfOne, value == true),
        "scoring_func" => (Only::Softmax, value == "softmax"),
        "hidden_activation" | "activation_function" => (Only::Silu, value == "silu"),
        "use_sliding_window" => (Only::WindowWhereSet, value == true || !windowed),
        "layer_types" => {
            let kind = if windowed { "sliding_attention" } else { "full_attention" };
            let same = value.as_array().is_some_and(|types| types.iter().all(|one| one == kind));
            (Only::SameAttention, same)
        }
        "num_experts" | "n_routed_experts" => (Only::SameExperts, value == other("num_local_experts")),
        "attention_multiplier" | "query_pre_attn_scalar" => (Only::ScaledScores, false),
        "attn_logit_softcapping" | "final_logit_softcapping" | "clip_qkv" => (Only::Uncapped, false),
        "quantization_config" | "quantization" | "compression_config" => (Only::PlainWeights, false),
        "attention_bias" | "mlp_bias" | "qkv_bias" => (Only::NoBias, is_off(value)),
        "add_cross_attention"
        | "cross_attention_hidden_size"
        | "is_encoder_decoder"
        | "pruned_heads"
        | "tie_encoder_decoder" => (Only::DecoderAlone, is_off(value)),
        "use_qk_norm" | "qk_norm" => (Only::PlainQueries, is_off(value)),
        "n_shared_experts" | "first_k_dense_replace" | "mlp_only_layers" => (Only::RoutedAlone, is_off(value)),
        _ => return None,
    })
}

/// Refuses a field that changes the computation and is not computed here, or may do so.
///
/// # Errors
/// Names the field and its value.
pub(super) fn check(fields: &Map<String, Value>) -> Result<(), ModelError> {
    for (name, value) in fields {
        let known = READ.contains(&name.as_str()) || PLAIN.contains(&name.as_str());
        if known || name.starts_with('_') || value.is_null() {
            continue;
        }
        match computed(name, value, fields) {
            Some((only, false)) => return refuse(name, value, only),
            None => {
                let (field, value) = (name.clone(), shown(value));
                return Err(ModelError::Config(ConfigFault::UnknownField { field, value }));
            }
            _ => {}
        }
    }
    match fields.get("rope_parameters") {
        Some(Value::Object(rope)) => check_rope(rope, fields.get("rope_theta")),
        _ => Ok(()),
    }
}

/// The same for the fields of `rope_parameters`; `theta` is the base beside it, where there is one.
fn check_rope(rope: &Map<String, Value>, theta: Option<&Value>) -> Result<(), ModelError> {
    for (name, value) in rope {
        let (only, good) = match name.as_str() {
            "rope_theta" => {
                let same = theta.is_none_or(|theta| theta.is_null() || theta.as_f64() == value.as_f64());
                (Only::SameTheta, same)
            }
            "rope_type" | "type" => (Only::DefaultRotary, value == "default"),
            "partial_rotary_factor" => (Only::WholeHeads, is(value, 1.0)),
            _ => (Only::PlainRotary, false),
        };
        if !good && !value.is_null() {
            return refuse(&format!("rope_parameters.{name}"), value, only);
        }
    }
    Ok(())
}

/// Whether this is rotary positions as they were first published: no scaling.
fn is_plain_rope(value: &Value) -> bool {
    let kinds = ["rope_type", "type"].map(|name| value.get(name));
    let plain = kinds.iter().flatten().all(|kind| *kind == "default");
    is_off(value) || (plain && kinds.iter().any(Option::is_some))
}

fn is(value: &Value, number: f64) -> bool {
    value.as_f64() == Some(number)
}

/// Whether a value switches something off.
fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// A value in a sentence: its beginning, if it is long.
fn shown(value: &Value) -> String {
    let whole = value.to_string();
    let mut shown: String = whole.chars().take(60).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}

fn refuse(name: &str, value: &Value, only: Only) -> Result<(), ModelError> {
    let (field, value) = (name.to_owned(), shown(value));
    Err(ModelError::Config(ConfigFault::Field { field, value, only }))
}
