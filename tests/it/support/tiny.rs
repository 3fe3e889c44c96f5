//! What holds for every router inside a small model.

use crate::support::{floats, integers};
use burn::tensor::{Device, Tensor};
use moescope::model::{Cache, Compute, Input, ModelConfig, Transformer, checkpoint};
use moescope::random::Random;
use moescope::router::{Mode, Routing};

const VOCABULARY: usize = 40;

/// A model of two blocks whose `router` is given as in config.json.
pub fn model(router: &str, experts: usize, top_k: usize, shared: usize) -> (Transformer, ModelConfig) {
    let json = format!(
        r#"{{"model_type": "moescope", "vocab_size": {VOCABULARY}, "hidden_size": 16, "intermediate_size": 8,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2, "num_local_experts": {experts},
            "num_experts_per_tok": {top_k}, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "sliding_window": 48,
            "max_position_embeddings": 128, "tie_word_embeddings": true, "router": {router},
            "num_shared_experts": {shared}}}"#
    );
    let config = ModelConfig::from_json(&json).unwrap();
    (Transformer::init(&config, 3, &Device::flex()).unwrap(), config)
}

fn ids(tokens: usize) -> Vec<u32> {
    (0..tokens).map(|t| ((t * t * 7 + t * 3 + 1) % VOCABULARY) as u32).collect()
}

fn near(a: &[f32], b: &[f32], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-5, "{what} differ by {worst}");
}

fn first_rows(tensor: &Tensor<2>, rows: usize) -> Vec<f32> {
    floats(tensor.clone().narrow(0, 0, rows))
}

/// Left to right, later tokens change nothing, chunks do not show, nor does the company of a batch, and neither does the way of computing.
pub fn assert_causal(tiny: &(Transformer, ModelConfig)) {
    assert_untouched_by_the_future(tiny);
    let (model, config) = tiny;
    let all = ids(29);
    let whole = model.forward(&Input::new(all.clone(), 1), config, Compute::Sparse);
    for len in [1, 2, 9, 16] {
        let part = model.forward(&Input::new(all[..len].to_vec(), 1), config, Compute::Sparse);
        near(&floats(part.hidden), &first_rows(&whole.hidden, len), "hidden states of a beginning");
        for (part, whole) in part.routings.into_iter().zip(&whole.routings) {
            near(&floats(part.weights), &first_rows(&whole.weights, len), "weights of a beginning");
        }
    }
    for size in [1, 4, 13] {
        let mut cache = Cache::new(2);
        let chunks: Vec<_> =
            all.chunks(size).map(|chunk| model.extend(chunk, &mut cache, config, Compute::Sparse)).collect();
        let hidden: Vec<f32> = chunks.iter().flat_map(|chunk| floats(chunk.hidden.clone())).collect();
        near(&hidden, &floats(whole.hidden.clone()), "hidden states in chunks");
        for block in 0..2 {
            let rows = |of: fn(&Routing) -> Vec<f32>| {
                chunks.iter().flat_map(|chunk| of(&chunk.routings[block])).collect::<Vec<f32>>()
            };
            let routing = &whole.routings[block];
            near(&rows(|r| floats(r.logits.clone())), &floats(routing.logits.clone()), "logits in chunks");
            near(&rows(|r| floats(r.weights.clone())), &floats(routing.weights.clone()), "weights in chunks");
            let experts: Vec<i64> = chunks.iter().flat_map(|c| integers(c.routings[block].experts.clone())).collect();
            assert_eq!(experts, integers(routing.experts.clone()), "experts in chunks");
        }
    }
    let batch = model.forward(&Input::new([all.clone(), ids(58)[29..].to_vec()].concat(), 2), config, Compute::Sparse);
    near(&first_rows(&batch.hidden, 29), &floats(whole.hidden.clone()), "hidden states in a batch");
    let dense = model.forward(&Input::new(all, 1), config, Compute::Dense);
    near(&floats(dense.hidden), &floats(whole.hidden), "hidden states computed densely");
}

/// Of thousands of texts, whatever comes after a place leaves what is before it as it was.
pub fn assert_untouched_by_the_future((model, config): &(Transformer, ModelConfig)) {
    let mut random = Random::new(31);
    for _ in 0..2000 {
        let len = 2 + random.below(11);
        let kept = 1 + random.below(len - 1);
        let mut id = || random.below(VOCABULARY) as u32;
        let text: Vec<u32> = (0..len).map(|_| id()).collect();
        let other: Vec<u32> = text[..kept].iter().copied().chain((kept..len).map(|_| id())).collect();
        let [ours, theirs] = [text, other].map(|ids| model.forward(&Input::new(ids, 1), config, Compute::Sparse));
        near(&first_rows(&ours.hidden, kept), &first_rows(&theirs.hidden, kept), "hidden states before a change");
        for (ours, theirs) in ours.routings.iter().zip(&theirs.routings) {
            near(&first_rows(&ours.weights, kept), &first_rows(&theirs.weights, kept), "weights before a change");
        }
    }
}

/// Whether hidden states of the first tokens depend on later ones in `mode`.
pub fn looks_ahead((model, config): &(Transformer, ModelConfig), mode: Mode) -> bool {
    let all = ids(29);
    let mut changed = all.clone();
    changed.iter_mut().skip(20).for_each(|id| *id = (*id + 11) % VOCABULARY as u32);
    let hidden = |ids: Vec<u32>| {
        let input = Input { mode, ..Input::new(ids, 1) };
        first_rows(&model.forward(&input, config, Compute::Sparse).hidden, 20)
    };
    hidden(all).iter().zip(hidden(changed)).any(|(a, b)| (a - b).abs() > 1e-5)
}

/// A model that is written and read again is the same model.
pub fn assert_kept_by_a_file((model, config): &(Transformer, ModelConfig)) {
    let bytes = checkpoint::save(model, checkpoint::Precision::Single).unwrap();
    let config = &ModelConfig::from_json(&config.to_json().unwrap()).unwrap();
    let again = checkpoint::load(config, &bytes, &Device::flex()).unwrap();
    for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 5 }] {
        let input = Input { mode, ..Input::new(ids(29), 1) };
        let hidden = |model: &Transformer| floats(model.forward(&input, config, Compute::Sparse).hidden);
        assert_eq!(hidden(&again), hidden(model), "{mode:?}");
    }
}
