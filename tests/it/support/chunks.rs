//! A tiny model with a router, fed whole and in pieces.

use crate::support::{floats, integers};
use burn::tensor::Device;
use moescope::model::{Cache, Compute, Input, ModelConfig, Transformer};
use moescope::random::Random;
use moescope::router::{Mode, Routing};

/// Tokens in the vocabulary of a tiny model.
pub const VOCABULARY: u32 = 50;

/// A model of two blocks of width 16, whose embedding is large enough to make tokens differ.
pub fn tiny(router: &str, experts: usize, seed: u64) -> (ModelConfig, Transformer) {
    let config = ModelConfig::from_json(&format!(
        r#"{{"model_type":"moescope","vocab_size":{VOCABULARY},"hidden_size":16,"intermediate_size":8,
            "num_hidden_layers":2,"num_attention_heads":2,"num_key_value_heads":2,"num_local_experts":{experts},
            "num_experts_per_tok":1,"rms_norm_eps":1e-5,"rope_theta":10000.0,"max_position_embeddings":64,
            "tie_word_embeddings":true,"hidden_act":"silu","router":{router}}}"#
    ))
    .unwrap();
    let model = Transformer::init(&config, seed, &Device::flex()).unwrap();
    (config, model)
}

/// Random token ids.
pub fn ids(random: &mut Random, len: usize) -> Vec<u32> {
    (0..len).map(|_| random.below(VOCABULARY as usize) as u32).collect()
}

/// Everything that a routing says, rows of numbers one after another.
fn all(routing: &Routing) -> (Vec<f32>, Vec<i64>) {
    let marks = routing.unused.iter().map(|unused| unused.clone().int()).flat_map(integers);
    let numbers = [&routing.logits, &routing.probs, &routing.weights].map(|tensor| floats(tensor.clone())).concat();
    (numbers, integers(routing.experts.clone()).into_iter().chain(marks).collect())
}

/// The rows `range` of a routing.
fn rows(routing: &Routing, range: std::ops::Range<usize>) -> Routing {
    let (start, len) = (range.start, range.len());
    Routing {
        logits: routing.logits.clone().narrow(0, start, len),
        probs: routing.probs.clone().narrow(0, start, len),
        experts: routing.experts.clone().narrow(0, start, len),
        weights: routing.weights.clone().narrow(0, start, len),
        unused: routing.unused.clone().map(|unused| unused.narrow(0, start, len)),
        ..routing.clone()
    }
}

fn same(a: &Routing, b: &Routing, what: &str) {
    let ((a, a_whole), (b, b_whole)) = (all(a), all(b));
    assert_eq!(a_whole, b_whole, "{what}: experts");
    assert_eq!(a.len(), b.len(), "{what}");
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4), "{what}: {a:?} {b:?}");
}

/// Feeds random texts whole, in random pieces, and cut off: the routing of a token must be the same every time.
pub fn causal_and_chunked(router: &str, experts: usize, tasks: &[usize]) {
    let mut random = Random::new(17);
    let (mut config, mut model) = tiny(router, experts, 0);
    for round in 0..2000 {
        if round % 100 == 99 {
            (config, model) = tiny(router, experts, round / 100);
        }
        let ids = ids(&mut random, 9);
        let input = Input { ids: ids.clone(), batch: 1, mode: Mode::Infer, tasks: tasks.to_vec() };
        let whole = model.forward(&input, &config, Compute::Sparse).routings;
        let short = Input { ids: ids[..5].to_vec(), ..input };
        for (whole, short) in whole.iter().zip(&model.forward(&short, &config, Compute::Sparse).routings) {
            same(&rows(whole, 0..5), short, "without the future");
        }
        let mut cache = Cache::new(2);
        cache.tasks = tasks.to_vec();
        let mut at = 0;
        while at < ids.len() {
            let next = (at + 1 + random.below(3)).min(ids.len());
            let pieces = model.extend(&ids[at..next], &mut cache, &config, Compute::Sparse).routings;
            for (whole, piece) in whole.iter().zip(&pieces) {
                same(&rows(whole, at..next), piece, &format!("tokens {at} to {next}"));
            }
            at = next;
        }
    }
}
