//! Damaged checkpoints: every fault is an error that names the tensor or the setting, never a panic.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod support;

use burn::tensor::Device;
use moescope::model::{ModelConfig, checkpoint};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;
use support::{read, text};

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
        says(&fault(&config(), &bytes[..len]), &["model.safetensors", &format!("{len} bytes")]);
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
        ("tie_word_embeddings", serde_json::json!(false)),
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
