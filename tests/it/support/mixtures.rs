//! What the tests of mixtures share: matrices, comparison, and properties that every one of those routers has.

pub use crate::support::{close, tensor};
use crate::support::{floats, integers, route, route_in};
use burn::module::Param;
use burn::tensor::{Device, Tensor};
use moescope::model::{Cache, Compute, Forward, Input, ModelConfig, Transformer};
use moescope::random::Random;
use moescope::router::{Gate, Mode, Router};

/// The same as a weight.
pub fn param(rows: &[Vec<f64>]) -> Param<Tensor<2>> {
    Param::from_tensor(tensor(rows))
}

/// Normal numbers.
pub fn normal(random: &mut Random, rows: usize, cols: usize, deviation: f64) -> Vec<Vec<f64>> {
    (0..rows).map(|_| (0..cols).map(|_| random.normal() * deviation).collect()).collect()
}

/// A token's weights add up to 1 and descend, and its experts are different ones.
pub fn rows_are_shares(router: &impl Router, x: Tensor<2>, top_k: usize, mode: Mode) {
    let routing = route_in(router, x, top_k, 1, mode);
    let (weights, experts) = (floats(routing.weights), integers(routing.experts));
    for (weights, experts) in weights.chunks(top_k).zip(experts.chunks(top_k)) {
        assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{weights:?}");
        assert!(weights.is_sorted_by(|a, b| a >= b) && weights.iter().all(|&weight| weight >= 0.0), "{weights:?}");
        let mut different = experts.to_vec();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), top_k, "{experts:?}");
    }
    let probs = floats(routing.probs);
    let experts = probs.len() / (weights.len() / top_k);
    for row in probs.chunks(experts) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{row:?}");
    }
}

/// What comes later does not touch earlier tokens, whether inferring or as published.
pub fn later_tokens_do_not_matter(router: &impl Router, top_k: usize, width: usize, random: &mut Random) {
    let (tokens, first) = (12, 5);
    let one = normal(random, tokens, width, 1.0);
    let other = [&one[..first], &normal(random, tokens - first, width, 1.0)[..]].concat();
    for mode in [Mode::Infer, Mode::Published] {
        let both = [one.clone(), other.clone()].map(|x| {
            let routing = route_in(router, tensor(&x), top_k, 1, mode);
            let begin = |values: Vec<f32>| values[..first * values.len() / tokens].to_vec();
            (
                begin(floats(routing.logits)),
                begin(floats(routing.weights)),
                integers(routing.experts)[..first * top_k].to_vec(),
            )
        });
        assert_eq!(both[0], both[1], "{mode:?}");
    }
}

/// With expert e renamed to `names[e]`, the same experts are chosen under their new names, with the same weights.
pub fn names_do_not_matter(old: &impl Router, new: &impl Router, names: &[usize], x: &[Vec<f64>], top_k: usize) {
    let (old, new) = (route(old, tensor(x), top_k), route(new, tensor(x), top_k));
    let renamed: Vec<i64> = integers(old.experts).iter().map(|&expert| names[expert as usize] as i64).collect();
    assert_eq!(renamed, integers(new.experts));
    let expected: Vec<f64> = floats(old.weights).into_iter().map(f64::from).collect();
    close(new.weights, &expected, "weights");
    let experts = names.len();
    let (old, new) = (floats(old.probs), floats(new.probs));
    for (old, new) in old.chunks(experts).zip(new.chunks(experts)) {
        for (expert, value) in old.iter().enumerate() {
            assert!((value - new[names[expert]]).abs() < 1e-6);
        }
    }
}

/// A text in chunks, or token by token, is routed as the whole text is. `router` makes random gates of width 16.
pub fn chunks_do_not_matter(settings: &str, experts: usize, top_k: usize, router: impl Fn(&mut Random) -> Gate) {
    let config = ModelConfig::from_json(&format!(
        r#"{{"model_type": "moescope", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 8,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2,
            "num_local_experts": {experts}, "num_experts_per_tok": {top_k}, "rms_norm_eps": 1e-5,
            "max_position_embeddings": 64, "tie_word_embeddings": true, "router": {settings}}}"#
    ))
    .unwrap();
    let mut random = Random::new(31);
    let mut model = Transformer::init(&config, 7, &Device::flex()).unwrap();
    for block in &mut model.blocks {
        block.router = router(&mut random);
    }
    let ids: Vec<u32> = (0..23).map(|_| random.below(40) as u32).collect();
    let numbers = |forward: Forward| -> Vec<(Vec<i64>, Vec<f32>)> {
        forward.routings.into_iter().map(|routing| (integers(routing.experts), floats(routing.weights))).collect()
    };
    let whole = numbers(model.forward(&Input::new(ids.clone(), 1), &config, Compute::Sparse));
    for chunk in [1, 4, 10] {
        let mut cache = Cache::new(2);
        let mut pieces = vec![(Vec::new(), Vec::new()); 2];
        for ids in ids.chunks(chunk) {
            let new = numbers(model.extend(ids, &mut cache, &config, Compute::Sparse));
            for (all, (experts, weights)) in pieces.iter_mut().zip(new) {
                all.0.extend(experts);
                all.1.extend(weights);
            }
        }
        for (pieces, whole) in pieces.iter().zip(&whole) {
            assert_eq!(pieces.0, whole.0, "chunks of {chunk}");
            assert!(pieces.1.iter().zip(&whole.1).all(|(a, b)| (a - b).abs() < 1e-4), "chunks of {chunk}");
        }
    }
}
