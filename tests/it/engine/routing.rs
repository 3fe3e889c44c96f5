//! Routing a text through the engine on the CPU, with a small random model.

use crate::engine::support::{config, dense, route, session, sparse, tokenizer};
use moescope::model::{Cache, Compute, Transformer};
use moescope::protocol::{MAX_CHARS, MAX_TOKENS};
use moescope::trace::{Computed, Trace};
use pollster::block_on;

const TEXT: &str = "The cat sat on the mat, and the dog sat on the log. 🐈 naïve\nfn main() { }\n";

/// Logits, scores, weights and losses to `tolerance`, choices exactly.
fn assert_same(a: &Trace, b: &Trace, tolerance: f32) {
    assert_eq!((&a.text, &a.tokens), (&b.text, &b.tokens));
    assert_eq!(a.layers.len(), b.layers.len());
    let close = |what: &str, a: &[f32], b: &[f32]| {
        assert_eq!(a.len(), b.len(), "{what}");
        let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= tolerance, "{what} differ by {worst}");
    };
    for (a, b) in a.layers.iter().zip(&b.layers) {
        close("logits", a.logits.as_ref().unwrap().as_slice(), b.logits.as_ref().unwrap().as_slice());
        close("probs", a.probs.as_ref().unwrap().as_slice(), b.probs.as_ref().unwrap().as_slice());
        close("weights", a.weights.as_ref().unwrap().as_slice(), b.weights.as_ref().unwrap().as_slice());
        assert_eq!(a.experts, b.experts);
    }
    let nats = |trace: &Trace| trace.losses.iter().map(|loss| loss.unwrap_or(-1.0)).collect::<Vec<_>>();
    close("losses", &nats(a), &nats(b));
    let ids = |trace: &Trace| trace.next.iter().map(|candidate| candidate.id).collect::<Vec<_>>();
    assert_eq!(ids(a), ids(b));
    let next = |trace: &Trace| trace.next.iter().map(|candidate| candidate.prob).collect::<Vec<_>>();
    close("next", &next(a), &next(b));
    assert_eq!(a.predictions.len(), b.predictions.len());
}

#[test]
fn a_trace_is_whole() {
    let (trace, cut) = route(&mut session(sparse()), TEXT);
    assert_eq!(cut, None);
    trace.check().unwrap();
    assert_eq!(trace.text, TEXT);
    let ids: Vec<u32> = trace.tokens.iter().map(|token| token.id).collect();
    assert_eq!(tokenizer().decode(&ids), TEXT.as_bytes());
    assert_eq!((trace.layers.len(), trace.predictions.len(), trace.next.len()), (3, trace.len(), 10));
    let run = trace.device.unwrap();
    assert_eq!((run.computed_tokens, run.device.as_str()), (trace.tokens.len(), "CPU (Flex, SIMD)"));
    assert_eq!(trace.model.computed, Computed::Sparse);
    for layer in &trace.layers {
        assert!(layer.weights.as_ref().unwrap().iter().all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-6));
        assert!(layer.probs.as_ref().unwrap().iter().all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-6));
    }
}

#[test]
fn the_known_beginning_is_not_computed_again() {
    let (whole, _) = route(&mut session(sparse()), TEXT);
    let mut warm = session(sparse());
    route(&mut warm, &TEXT[..30]);
    route(&mut warm, &format!("{}something else entirely", &TEXT[..20]));
    let (typed, _) = route(&mut warm, TEXT);
    assert!(typed.device.as_ref().unwrap().computed_tokens < whole.len());
    assert_same(&typed, &whole, 1e-5);
    let (again, _) = route(&mut warm, TEXT);
    assert_eq!(again.device.as_ref().unwrap().computed_tokens, 1);
    assert_same(&again, &whole, 1e-5);
    let (shorter, _) = route(&mut warm, &TEXT[..40]);
    assert_same(&shorter, &route(&mut session(sparse()), &TEXT[..40]).0, 1e-5);
}

#[test]
fn chunks_do_not_show() {
    let long: String = TEXT.repeat(12);
    let mut session = session(sparse());
    let mut job = session.begin(&long);
    let mut chunks = 1;
    while block_on(session.advance(&mut job)).unwrap() {
        chunks += 1;
    }
    let (trace, _) = session.finish(job);
    assert!(chunks > 1 && trace.len() > 256, "{chunks} chunks of {} tokens", trace.len());
    // The same without chunks, straight from the model.
    let (model, config) = (Transformer::init(&config(), 7, &sparse().device).unwrap(), config());
    let ids: Vec<u32> = trace.tokens.iter().map(|token| token.id).collect();
    let forward = model.extend(&ids, &mut Cache::new(3), &config, Compute::Sparse);
    for (layer, routing) in trace.layers.iter().zip(forward.routings) {
        let logits: Vec<f32> = routing.logits.into_data().iter::<f32>().collect();
        let worst = layer
            .logits
            .as_ref()
            .unwrap()
            .as_slice()
            .iter()
            .zip(logits)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-5, "{worst}");
    }
}

#[test]
fn an_abandoned_text_leaves_what_it_computed() {
    let long: String = TEXT.repeat(12);
    let mut session = session(sparse());
    let mut job = session.begin(&long);
    assert!(block_on(session.advance(&mut job)).unwrap());
    let (trace, _) = route(&mut session, &long[..900]);
    assert!(trace.device.as_ref().unwrap().computed_tokens < trace.len());
    assert_same(&trace, &route(&mut crate::engine::support::session(sparse()), &long[..900]).0, 1e-5);
}

#[test]
fn dense_equals_sparse() {
    let (one, _) = route(&mut session(sparse()), TEXT);
    let (all, _) = route(&mut session(dense()), TEXT);
    assert_eq!(all.model.computed, Computed::Dense);
    assert_same(&one, &all, 1e-4);
}

#[test]
fn losses_and_candidates_are_those_of_a_softmax() {
    let (trace, _) = route(&mut session(sparse()), TEXT);
    let (model, config) = (Transformer::init(&config(), 7, &sparse().device).unwrap(), config());
    let ids: Vec<u32> = trace.tokens.iter().map(|token| token.id).collect();
    let forward = model.extend(&ids, &mut Cache::new(3), &config, Compute::Dense);
    let logits: Vec<f64> = model.logits(forward.hidden).into_data().iter::<f64>().collect();
    assert_eq!(trace.losses[0], None);
    for (t, row) in logits.chunks(config.vocab_size).enumerate() {
        let sum: f64 = row.iter().map(|logit| logit.exp()).sum();
        let probs: Vec<f64> = row.iter().map(|logit| logit.exp() / sum).collect();
        if let Some(&next) = ids.get(t + 1) {
            let loss = f64::from(trace.losses[t + 1].unwrap());
            assert!((loss + probs[next as usize].ln()).abs() < 1e-4, "token {t}: {loss}");
        }
        let candidates = if t + 1 == ids.len() { &trace.next } else { &trace.predictions[t] };
        for candidate in candidates {
            assert!((f64::from(candidate.prob) - probs[candidate.id as usize]).abs() < 1e-5);
        }
        let least = f64::from(candidates.last().unwrap().prob);
        assert_eq!(probs.iter().filter(|&&p| p > least + 1e-6).count(), candidates.len() - 1);
    }
}

#[test]
fn no_text_is_a_trace_without_tokens() {
    let mut session = session(sparse());
    for text in [TEXT, ""] {
        let (trace, cut) = route(&mut session, text);
        trace.check().unwrap();
        assert_eq!((trace.is_empty(), cut), (text.is_empty(), None));
    }
    assert_eq!(route(&mut session, TEXT).0.layers[0].logits.as_ref().unwrap().cols(), 4);
}

#[test]
fn any_text_can_be_routed() {
    let mut session = session(sparse());
    for text in [
        " ",
        "\n\n\t ",
        "\0",
        "a\0b",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "שלום עולם",
        "مرحبا",
        "\u{202e}abc\u{feff}\u{fffd}",
        "<|end|>",
        "x<|end|>y",
    ] {
        let (trace, cut) = route(&mut session, text);
        trace.check().unwrap();
        assert_eq!((trace.text.as_str(), cut), (text, None));
        assert!(!trace.is_empty());
    }
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let mut session = session(sparse());
    // Characters of four bytes that the tokenizer does not know: the token limit comes first.
    for text in ["𐍈".repeat(200_000), "the cat sat ".repeat(20_000), "aé🐈".repeat(10_000)] {
        let (trace, cut) = route(&mut session, &text);
        trace.check().unwrap();
        let cut = cut.unwrap();
        assert_eq!(cut.chars, text.chars().count());
        assert_eq!(trace.text, text.chars().take(cut.kept).collect::<String>());
        assert!(cut.kept <= MAX_CHARS && trace.len() <= MAX_TOKENS);
        let most = cut.kept == MAX_CHARS || trace.len() > MAX_TOKENS - 8;
        assert!(most, "{} characters, {} tokens", cut.kept, trace.len());
        assert_eq!(trace.tokens.last().unwrap().end, trace.text.len());
        let alone = tokenizer().encode(&trace.text);
        assert!(alone.iter().map(|token| token.id).eq(trace.tokens.iter().map(|token| token.id)));
    }
}

#[test]
fn the_models_own_limit_counts_too() {
    let mut config = config();
    config.max_position_embeddings = 16;
    let device = sparse();
    let model = Transformer::init(&config, 7, &device.device).unwrap();
    let mut session = moescope::engine::Session::new("short", config, model, tokenizer(), device).unwrap();
    let (trace, cut) = route(&mut session, TEXT);
    assert!(trace.len() <= 16 && trace.len() > 8);
    assert_eq!(cut.unwrap().kept, trace.text.chars().count());
}
