//! The model against transformers' `MixtralForCausalLM` on the committed fixtures (tests/reference/mixtral_fixture.py),
//! whole and chunk by chunk, and damaged folders.

use crate::support::{floats, integers, read, text};
use burn::tensor::Device;
use moescope::model::{Cache, Compute, Input, ModelConfig, Transformer, checkpoint};
use moescope::router::Routing;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How far a logit may be off.
const TOLERANCE: f32 = 1e-4;

/// What transformers computed for one sequence.
#[derive(Deserialize)]
struct Case {
    ids: Vec<u32>,
    logits: Vec<Vec<f32>>,
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    router_logits: Vec<Vec<f32>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f32>>,
}

fn folder(variant: &str) -> (ModelConfig, Transformer, BTreeMap<String, Case>) {
    let path = |name: &str| format!("tiny-mixtral/{variant}/{name}");
    let config = ModelConfig::from_json(&text(&path("config.json"))).unwrap();
    let model = checkpoint::load(&config, &read(&path("model.safetensors")), &Device::flex()).unwrap();
    (config, model, serde_json::from_str(&text(&path("expected.json"))).unwrap())
}

fn close(ours: &[f32], theirs: &[Vec<f32>], what: &str) {
    let theirs = theirs.concat();
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        assert!((a - b).abs() <= TOLERANCE, "{what}, place {place}: {a}, transformers {b}");
    }
}

/// The fixture has no ties (its script makes sure), so the choices must be the same ones in the same order.
fn same_routing(ours: &[Routing], theirs: &[Layer], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: layers");
    for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let what = format!("{what}, layer {number}");
        close(&floats(ours.logits.clone()), &theirs.router_logits, &format!("{what}: router logits"));
        close(&floats(ours.weights.clone()), &theirs.weights, &format!("{what}: weights"));
        assert_eq!(integers(ours.experts.clone()), theirs.experts.concat(), "{what}: experts");
    }
}

#[test]
fn equals_transformers_sparse_and_dense() {
    for variant in ["window", "half"] {
        let (config, model, cases) = folder(variant);
        assert_eq!(cases.len(), 3);
        for (name, case) in &cases {
            for compute in [Compute::Sparse, Compute::Dense] {
                let what = format!("{variant}, {name}, {compute:?}");
                let result = model.forward(&Input::new(case.ids.clone(), 1), &config, compute);
                close(&floats(model.logits(result.hidden)), &case.logits, &format!("{what}: logits"));
                same_routing(&result.routings, &case.layers, &what);
            }
        }
    }
}

#[test]
fn chunks_with_a_cache_equal_the_whole() {
    for variant in ["window", "half"] {
        let (config, model, cases) = folder(variant);
        let case = &cases["tokens_24"];
        for (sizes, compute) in [
            (vec![1; 24], Compute::Sparse),
            (vec![5, 1, 9, 9], Compute::Sparse),
            (vec![23, 1], Compute::Sparse),
            (vec![2, 7, 15], Compute::Dense),
        ] {
            let what = format!("{variant}, chunks {sizes:?}, {compute:?}");
            let mut cache = Cache::new(config.num_hidden_layers);
            let (mut logits, mut start) = (Vec::new(), 0);
            for size in sizes {
                let result = model.extend(&case.ids[start..start + size], &mut cache, &config, compute);
                logits.extend(floats(model.logits(result.hidden)));
                start += size;
                assert_eq!(cache.len(), start, "{what}");
            }
            close(&logits, &case.logits, &what);
        }
    }
}

#[test]
fn a_truncated_cache_forgets_the_rest() {
    let (config, model, cases) = folder("window");
    let case = &cases["tokens_24"];
    let mut cache = Cache::new(config.num_hidden_layers);
    model.extend(&case.ids, &mut cache, &config, Compute::Sparse);
    cache.truncate(11);
    let other: Vec<u32> = case.ids[11..].iter().map(|id| (id + 1) % 64).collect();
    model.extend(&other, &mut cache, &config, Compute::Sparse);
    cache.truncate(11);
    let result = model.extend(&case.ids[11..], &mut cache, &config, Compute::Sparse);
    close(&floats(model.logits(result.hidden)), &case.logits[11..], "after going back to token 11");
}

#[test]
fn sequences_of_a_batch_do_not_see_each_other() {
    let (config, model, cases) = folder("window");
    let case = &cases["tokens_24"];
    let other: Vec<u32> = case.ids.iter().map(|id| 63 - id).collect();
    let both = [other, case.ids.clone()].concat();
    for compute in [Compute::Sparse, Compute::Dense] {
        let result = model.forward(&Input::new(both.clone(), 2), &config, compute);
        let logits = floats(model.logits(result.hidden));
        close(&logits[logits.len() / 2..], &case.logits, &format!("second of two, {compute:?}"));
    }
}

#[test]
fn a_saved_folder_is_read_back_exactly() {
    for (variant, precision) in [("window", checkpoint::Precision::Single), ("half", checkpoint::Precision::Half)] {
        let (config, model, cases) = folder(variant);
        let bytes = checkpoint::save(&model, precision).unwrap();
        let config = ModelConfig::from_json(&config.to_json().unwrap()).unwrap();
        let again = checkpoint::load(&config, &bytes, &Device::flex()).unwrap();
        let case = &cases["tokens_5"];
        let logits = |model: &Transformer| {
            let result = model.forward(&Input::new(case.ids.clone(), 1), &config, Compute::Sparse);
            floats(model.logits(result.hidden))
        };
        assert_eq!(logits(&model), logits(&again), "{variant}");
    }
}
