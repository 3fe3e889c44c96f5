//! The shipped model against transformers on six texts (tests/reference/shipped_fixture.py), one of them longer than
//! the attention window. If weights or tokenizer change, that script writes the fixture anew.

use crate::support;
use crate::support::{floats, integers};
use burn::tensor::Device;
use moescope::model::{Cache, Compute, Forward, Input, ModelConfig, Transformer, checkpoint};
use moescope::token::Tokenizer;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How far a logit or a weight may be off.
const TOLERANCE: f32 = 1e-3;
/// Two experts whose router logits are closer than this may change places by rounding.
const TIE: f32 = 1e-4;

/// Samples of what transformers computed for one text.
#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    /// The tokens after which `logits`, `router_logits` and `weights` were taken.
    places: Vec<usize>,
    /// Every so many entries of the vocabulary are in `logits`.
    stride: usize,
    logits: Vec<Vec<f32>>,
    top_ids: Vec<usize>,
    top_logits: Vec<f32>,
    router_logits: Vec<Vec<Vec<f32>>>,
    /// Chosen experts of all tokens in each layer.
    experts: Vec<Vec<Vec<i64>>>,
    weights: Vec<Vec<Vec<f32>>>,
}

struct Shipped {
    config: ModelConfig,
    model: Transformer,
    tokenizer: Tokenizer,
    cases: BTreeMap<String, Case>,
}

fn shipped() -> Shipped {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/mixtral");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let config = ModelConfig::from_json(&text("config.json")).unwrap();
    let model = checkpoint::load(&config, &read("model.safetensors"), &Device::flex()).unwrap();
    let tokenizer = Tokenizer::from_json(&text("tokenizer.json")).unwrap();
    Shipped { config, model, tokenizer, cases: serde_json::from_str(&support::text("shipped-mixtral.json")).unwrap() }
}

fn close(ours: f32, theirs: f32, what: &str) {
    assert!((ours - theirs).abs() <= TOLERANCE, "{what}: {ours}, transformers {theirs}");
}

/// Which of a layer's tokens have two experts so close at the cut that either choice is right.
fn ties(router_logits: &[f32], experts: usize, top_k: usize) -> BTreeSet<usize> {
    let close_call = |row: &[f32]| {
        let mut sorted = row.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        top_k < experts && sorted[top_k - 1] - sorted[top_k] < TIE
    };
    router_logits.chunks(experts).enumerate().filter(|(_, row)| close_call(row)).map(|(t, _)| t).collect()
}

/// Compares all samples of one text.
fn compare(shipped: &Shipped, case: &Case, result: Forward, what: &str) {
    let Shipped { config, model, .. } = shipped;
    let (experts, top_k) = (config.num_local_experts, config.num_experts_per_tok);
    let logits = floats(model.logits(result.hidden));
    assert_eq!(result.routings.len(), case.experts.len(), "{what}: layers");
    for (number, routing) in result.routings.into_iter().enumerate() {
        let what = format!("{what}, layer {number}");
        let router_logits = floats(routing.logits);
        let (chosen, weights) = (integers(routing.experts), floats(routing.weights));
        let ties = ties(&router_logits, experts, top_k);
        for (t, theirs) in case.experts[number].iter().enumerate().filter(|(t, _)| !ties.contains(t)) {
            let set = |experts: &[i64]| experts.iter().copied().collect::<BTreeSet<_>>();
            assert_eq!(set(&chosen[t * top_k..][..top_k]), set(theirs), "{what}, token {t}: experts");
        }
        for (row, &t) in case.places.iter().enumerate() {
            for (e, theirs) in case.router_logits[number][row].iter().enumerate() {
                close(router_logits[t * experts + e], *theirs, &format!("{what}, token {t}, router logit {e}"));
            }
            for (slot, theirs) in case.weights[number][row].iter().enumerate() {
                close(weights[t * top_k + slot], *theirs, &format!("{what}, token {t}, weight {slot}"));
            }
        }
    }
    let rows: Vec<&[f32]> = logits.chunks(config.vocab_size).collect();
    for (row, &t) in case.places.iter().enumerate() {
        for (ours, theirs) in rows[t].iter().step_by(case.stride).zip(&case.logits[row]) {
            close(*ours, *theirs, &format!("{what}, token {t}, logits"));
        }
    }
    for (&id, theirs) in case.top_ids.iter().zip(&case.top_logits) {
        close(rows[rows.len() - 1][id], *theirs, &format!("{what}, last logit of id {id}"));
    }
}

#[test]
fn the_shipped_model_equals_transformers() {
    let shipped = shipped();
    assert_eq!(shipped.cases.len(), 6);
    assert!(shipped.cases.values().any(|case| case.ids.len() > shipped.config.window()));
    for (name, case) in &shipped.cases {
        let ids: Vec<u32> = shipped.tokenizer.encode(&case.text).iter().map(|token| token.id).collect();
        assert_eq!(ids, case.ids, "{name}: the tokens changed; write the fixture anew");
        let whole = shipped.model.forward(&Input::new(ids.clone(), 1), &shipped.config, Compute::Sparse);
        compare(&shipped, case, whole, &format!("{name}, whole"));
        let mut cache = Cache::new(shipped.config.num_hidden_layers);
        let cached = shipped.model.extend(&ids, &mut cache, &shipped.config, Compute::Sparse);
        compare(&shipped, case, cached, &format!("{name}, through the cache"));
    }
}

#[test]
fn the_shipped_model_computed_densely_equals_transformers() {
    let shipped = shipped();
    for name in ["Japanese", "Rust", "emoji"] {
        let case = &shipped.cases[name];
        let result = shipped.model.forward(&Input::new(case.ids.clone(), 1), &shipped.config, Compute::Dense);
        compare(&shipped, case, result, &format!("{name}, dense"));
    }
}
