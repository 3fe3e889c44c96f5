//! Damaged checkpoints: every fault is an error that names the tensor or the setting, never a panic.

use crate::support::{read, text};
use burn::tensor::Device;
use moescope::format::thousands;
use moescope::model::{ModelConfig, checkpoint};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;

type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

const CONFIG: &str = "tiny-mixtral/window/config.json";
const WEIGHTS: &str = "tiny-mixtral/window/model.safetensors";

fn config() -> ModelConfig {
    ModelConfig::from_json(&text(CONFIG)).unwrap()
}

/// The fixture's weights after a change, as a file.
fn changed(change: impl FnOnce(&mut Tensors)) -> Vec<u8> {
    let bytes = read(WEIGHTS);
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors: Tensors = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    change(&mut tensors);
    let views = tensors
        .iter()
        .map(|(name, (dtype, shape, data))| (name.clone(), TensorView::new(*dtype, shape.clone(), data).unwrap()));
    serialize(views, None).unwrap()
}

fn fault(config: &ModelConfig, weights: &[u8]) -> String {
    match checkpoint::load(config, weights, &Device::flex()) {
        Ok(_) => panic!("a damaged checkpoint was loaded"),
        Err(error) => error.to_string(),
    }
}

fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let bytes = read(WEIGHTS);
    for len in [0, 1, 7, 8, 9, 500, 5000, bytes.len() / 2, bytes.len() - 1] {
        says(&fault(&config(), &bytes[..len]), &["model.safetensors", &format!("{} bytes", thousands(len))]);
    }
}

#[test]
fn something_else_than_weights_is_refused() {
    for bytes in [b"<!doctype html><title>404</title>".as_slice(), &[0xff; 64], &[0; 64], text(CONFIG).as_bytes()] {
        says(&fault(&config(), bytes), &["model.safetensors"]);
    }
}

#[test]
fn a_missing_tensor_is_named() {
    for name in [
        "model.embed_tokens.weight",
        "model.norm.weight",
        "model.layers.1.self_attn.k_proj.weight",
        "model.layers.0.block_sparse_moe.gate.weight",
        "model.layers.1.block_sparse_moe.experts.3.w2.weight",
    ] {
        let weights = changed(|tensors| drop(tensors.remove(name).unwrap()));
        says(&fault(&config(), &weights), &[name, "missing"]);
    }
}

#[test]
fn numbers_that_are_not_finite_are_named() {
    for (name, value) in [
        ("model.layers.1.block_sparse_moe.experts.2.w3.weight", f32::NAN),
        ("model.layers.0.input_layernorm.weight", f32::INFINITY),
        ("model.embed_tokens.weight", f32::NEG_INFINITY),
    ] {
        let weights = changed(|tensors| {
            let data = &mut tensors.get_mut(name).unwrap().2;
            let last = data.len() - 4;
            data[last..].copy_from_slice(&value.to_le_bytes());
        });
        says(&fault(&config(), &weights), &[name, "finite"]);
    }
}

#[test]
fn weights_of_another_shape_are_named() {
    let wide = ModelConfig { intermediate_size: 24, ..config() };
    says(&fault(&wide, &read(WEIGHTS)), &["experts.0.w1.weight", "[20, 32]", "[24, 32]"]);
    let words = ModelConfig { vocab_size: 65, ..config() };
    says(&fault(&words, &read(WEIGHTS)), &["model.embed_tokens.weight", "[64, 32]", "[65, 32]"]);
    let heads = ModelConfig { num_key_value_heads: 4, ..config() };
    says(&fault(&heads, &read(WEIGHTS)), &["self_attn.k_proj.weight"]);
    let gates = ModelConfig { num_local_experts: 5, ..config() };
    says(&fault(&gates, &read(WEIGHTS)), &["block_sparse_moe.gate.weight", "[4, 32]", "[5, 32]"]);
    let deep = ModelConfig { num_hidden_layers: 3, ..config() };
    says(&fault(&deep, &read(WEIGHTS)), &["model.layers.2.", "missing"]);
}

#[test]
fn weights_that_the_config_does_not_ask_for_are_refused() {
    let shallow = ModelConfig { num_hidden_layers: 1, ..config() };
    says(&fault(&shallow, &read(WEIGHTS)), &["config.json", "model.layers.1."]);
    let weights = changed(|tensors| {
        let norm = tensors["model.norm.weight"].clone();
        tensors.insert("model.extra.weight".to_owned(), norm);
    });
    says(&fault(&config(), &weights), &["model.extra.weight"]);
}

#[test]
fn a_type_that_cannot_be_read_is_named() {
    let name = "model.layers.0.self_attn.o_proj.weight";
    let weights = changed(|tensors| {
        let (_, shape, _) = tensors[name].clone();
        let bytes = vec![0; 8 * shape.iter().product::<usize>()];
        tensors.insert(name.to_owned(), (Dtype::F64, shape, bytes));
    });
    says(&fault(&config(), &weights), &[name, "F64"]);
}

/// The fixture's config with one field set to another value.
fn config_with(field: &str, value: serde_json::Value) -> Result<ModelConfig, String> {
    let mut json: serde_json::Value = serde_json::from_str(&text(CONFIG)).unwrap();
    json[field] = value;
    ModelConfig::from_json(&json.to_string()).map_err(|error| error.to_string())
}

#[test]
fn a_config_that_cannot_be_run_names_the_field() {
    for (field, value) in [
        ("model_type", serde_json::json!("llama")),
        ("hidden_act", serde_json::json!("gelu")),
        ("hidden_size", serde_json::json!(0)),
        ("hidden_size", serde_json::json!(-32)),
        ("hidden_size", serde_json::json!(1_u64 << 40)),
        ("num_hidden_layers", serde_json::json!(0)),
        ("num_attention_heads", serde_json::json!(5)),
        ("num_key_value_heads", serde_json::json!(3)),
        ("num_experts_per_tok", serde_json::json!(5)),
        ("num_experts_per_tok", serde_json::json!(0)),
        ("sliding_window", serde_json::json!(0)),
        ("head_dim", serde_json::json!(7)),
        ("rms_norm_eps", serde_json::json!(-1.0)),
        ("rms_norm_eps", serde_json::json!("small")),
        ("rope_parameters", serde_json::json!({ "rope_theta": 0.0, "rope_type": "default" })),
        ("rope_parameters", serde_json::json!({ "rope_theta": 1e4, "rope_type": "yarn" })),
    ] {
        match config_with(field, value.clone()) {
            Ok(_) => panic!("{field} = {value} was accepted"),
            Err(message) => says(&message, &["config.json"]),
        }
    }
    for text in ["", "null", "[]", "{", "{}", "{\"model_type\": \"mixtral\"}"] {
        says(&ModelConfig::from_json(text).unwrap_err().to_string(), &["config.json"]);
    }
}

/// What `MixtralConfig().save_pretrained` of transformers 5.23.0 and 4.46.3 writes, and all that `to_dict` of the latter holds
/// beside it.
#[test]
fn the_defaults_of_transformers_open_unchanged() {
    let common = r#""attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096,
        "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 131072, "model_type": "mixtral",
        "num_attention_heads": 32, "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8,
        "num_local_experts": 8, "output_router_logits": false, "rms_norm_eps": 1e-05, "router_aux_loss_coef": 0.001,
        "router_jitter_noise": 0.0, "sliding_window": null, "tie_word_embeddings": false, "use_cache": true,
        "vocab_size": 32000"#;
    let five = r#""head_dim": null, "pad_token_id": null, "transformers_version": "5.23.0",
        "rope_parameters": { "rope_theta": 1000000.0, "rope_type": "default" }"#;
    let four = r#""rope_theta": 1000000.0, "transformers_version": "4.46.3""#;
    let all = r#""_attn_implementation_autoset": false, "_name_or_path": "", "add_cross_attention": false, "architectures": null,
        "bad_words_ids": null, "begin_suppress_tokens": null, "chunk_size_feed_forward": 0, "cross_attention_hidden_size": null,
        "decoder_start_token_id": null, "diversity_penalty": 0.0, "do_sample": false, "early_stopping": false,
        "encoder_no_repeat_ngram_size": 0, "exponential_decay_length_penalty": null, "finetuning_task": null,
        "forced_bos_token_id": null, "forced_eos_token_id": null, "id2label": { "0": "LABEL_0", "1": "LABEL_1" },
        "is_decoder": false, "is_encoder_decoder": false, "label2id": { "LABEL_0": 0, "LABEL_1": 1 }, "length_penalty": 1.0,
        "max_length": 20, "min_length": 0, "no_repeat_ngram_size": 0, "num_beam_groups": 1, "num_beams": 1,
        "num_return_sequences": 1, "output_attentions": false, "output_hidden_states": false, "output_scores": false,
        "pad_token_id": null, "prefix": null, "problem_type": null, "pruned_heads": {}, "remove_invalid_values": false,
        "repetition_penalty": 1.0, "return_dict": true, "return_dict_in_generate": false, "rope_theta": 1000000.0,
        "sep_token_id": null, "suppress_tokens": null, "task_specific_params": null, "temperature": 1.0,
        "tf_legacy_loss": false, "tie_encoder_decoder": false, "tokenizer_class": null, "top_k": 50, "top_p": 1.0,
        "torch_dtype": null, "torchscript": false, "typical_p": 1.0, "use_bfloat16": false"#;
    for rest in [five, four, all] {
        ModelConfig::from_json(&format!("{{ {common}, {rest} }}")).unwrap();
    }
}

#[test]
fn a_field_that_changes_the_computation_is_refused_by_name() {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    for (field, value) in [
        ("rope_scaling", r#"{ "type": "linear", "factor": 2.0 }"#),
        ("rope_scaling", r#"{ "rope_type": "yarn", "factor": 4.0 }"#),
        ("rope_scaling", r#"{ "factor": 2.0 }"#),
        ("rope_parameters", r#"{ "rope_theta": 1e4, "rope_type": "default", "partial_rotary_factor": 0.5 }"#),
        ("rope_parameters", r#"{ "rope_theta": 1e4, "rope_type": "linear", "factor": 2.0 }"#),
        ("rope_parameters", r#"{ "rope_theta": 1e4, "factor": 2.0 }"#),
        ("partial_rotary_factor", "0.5"),
        ("attention_bias", "true"),
        ("norm_topk_prob", "false"),
        ("decoder_sparse_step", "2"),
        ("mlp_only_layers", "[0]"),
        ("first_k_dense_replace", "1"),
        ("n_shared_experts", "1"),
        ("layer_types", r#"["full_attention", "sliding_attention"]"#),
        ("use_sliding_window", "false"),
        ("final_logit_softcapping", "30.0"),
        ("logits_scaling", "8.0"),
        ("residual_multiplier", "0.22"),
        ("embedding_multiplier", "0"),
        ("attention_multiplier", "0.0156"),
        ("routed_scaling_factor", "2.5"),
        ("scoring_func", r#""sigmoid""#),
        ("quantization_config", r#"{ "quant_method": "gptq", "bits": 4 }"#),
        ("num_experts", "8"),
        ("clip_qkv", "8.0"),
        ("hidden_activation", r#""gelu_pytorch_tanh""#),
        ("a_field_of_tomorrow", "3"),
        ("a_field_of_tomorrow", r#""gelu""#),
        ("use_rope", "false"),
        ("a_field_of_tomorrow", "0"),
        ("a_field_of_tomorrow", "[]"),
    ] {
        let message = config_with(field, json(value)).expect_err(&format!("{field} = {value} was accepted"));
        says(&message, &["config.json", field]);
    }
    for (field, value) in [
        ("rope_scaling", "null"),
        ("rope_scaling", r#"{ "rope_type": "default" }"#),
        ("partial_rotary_factor", "1.0"),
        ("attention_bias", "false"),
        ("norm_topk_prob", "true"),
        ("decoder_sparse_step", "1"),
        ("mlp_only_layers", "[]"),
        ("num_experts", "4"),
        ("layer_types", r#"["sliding_attention", "sliding_attention"]"#),
        ("quantization_config", "null"),
        ("eos_token_id", "[0, 5]"),
        ("torch_dtype", r#""bfloat16""#),
        ("router_jitter_noise", "0.1"),
        ("_note", r#""ours""#),
        ("a_field_of_tomorrow", "null"),
    ] {
        config_with(field, json(value)).unwrap_or_else(|message| panic!("{field} = {value}: {message}"));
    }
    says(&config_with("rope_theta", json("500000.0")).unwrap_err(), &["rope_theta"]);
}

#[test]
fn another_architecture_is_named_with_what_opens() {
    let llama = r#"{ "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64 }"#;
    let moe = r#"{ "architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe", "num_experts": 128 }"#;
    for (json, parts) in [(llama, ["llama", "LlamaForCausalLM"]), (moe, ["qwen3_moe", "Qwen3MoeForCausalLM"])] {
        let message = ModelConfig::from_json(json).unwrap_err().to_string();
        says(&message, &parts);
        says(&message, &["another architecture", "What opens here: Mixtral", "moescope"]);
    }
    let head = config_with("architectures", serde_json::json!(["MixtralForSequenceClassification"])).unwrap_err();
    says(&head, &["MixtralForSequenceClassification", "What opens here"]);
    let shared = config_with("num_shared_experts", serde_json::json!(1)).unwrap_err();
    says(&shared, &["num_shared_experts", "moescope"]);
    assert!(!shared.contains("only `mixtral`"), "{shared}");
}
