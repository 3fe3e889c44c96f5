//! Continuing a text: the cache, the seed, the cuts, and the bytes of characters.

use crate::engine::support::{config, dense, route, session, sparse};
use moescope::device::OpenDevice;
use moescope::engine::Session;
use moescope::engine::generate::{Generation, Step};
use moescope::model::{Cache, Compute, Transformer};
use moescope::protocol::{Finish, Sampling};
use moescope::trace::{Trace, TraceStep};
use pollster::block_on;

const PROMPT: &str = "The cat sat on the mat";

fn generate(session: &mut Session, text: &str, sampling: Sampling, most: usize) -> (Trace, Vec<TraceStep>, Finish) {
    let (mut trace, _) = route(session, text);
    let mut generation = Generation::after(&trace, sampling, most);
    let mut steps = Vec::new();
    loop {
        match block_on(session.step(&mut generation)).unwrap() {
            Step::Token(step) => {
                trace.append((*step).clone()).unwrap();
                trace.check().unwrap();
                steps.push(*step);
            }
            Step::Finished(reason) => return (trace, steps, reason),
        }
    }
}

fn generated(device: OpenDevice, sampling: Sampling) -> Trace {
    generate(&mut session(device), PROMPT, sampling, 40).0
}

fn ids(trace: &Trace) -> Vec<u32> {
    trace.tokens.iter().map(|token| token.id).collect()
}

/// Hot enough that a random model says anything.
const HOT: Sampling = Sampling { temperature: 1.5, top_k: 0, top_p: 1.0, seed: 11 };

#[test]
fn the_cache_gives_what_the_whole_text_gives() {
    let trace = generated(sparse(), HOT);
    let (model, config) = (Transformer::init(&config(), 7, &sparse().device).unwrap(), config());
    let ids = ids(&trace);
    let forward = model.extend(&ids, &mut Cache::new(3), &config, Compute::Dense);
    for (layer, routing) in trace.layers.iter().zip(forward.routings) {
        let logits: Vec<f32> = routing.logits.into_data().iter::<f32>().collect();
        assert_eq!(logits.len(), layer.logits.as_ref().unwrap().as_slice().len());
        assert!(layer.logits.as_ref().unwrap().as_slice().iter().zip(logits).all(|(a, b)| (a - b).abs() < 1e-4));
        let experts: Vec<u16> = routing.experts.into_data().iter::<i64>().map(|id| id as u16).collect();
        assert_eq!(layer.experts.as_slice(), experts);
    }
    let logits: Vec<f64> = model.logits(forward.hidden).into_data().iter::<f64>().collect();
    for (t, row) in logits.chunks(config.vocab_size).enumerate().take(ids.len() - 1) {
        let sum: f64 = row.iter().map(|logit| logit.exp()).sum();
        let loss = f64::from(trace.losses[t + 1].unwrap());
        assert!((loss + (row[ids[t + 1] as usize].exp() / sum).ln()).abs() < 1e-4);
    }
}

#[test]
fn the_next_text_begins_where_the_generation_ended() {
    let mut session = session(sparse());
    let (trace, ..) = generate(&mut session, PROMPT, Sampling { temperature: 0.0, ..HOT }, 8);
    let (again, _) = route(&mut session, PROMPT);
    assert_eq!(again.device.unwrap().computed_tokens, 1);
    assert_eq!(again.losses, trace.losses[..again.losses.len()]);
}

#[test]
fn the_seed_decides() {
    let one = generated(sparse(), HOT);
    assert_eq!(ids(&one), ids(&generated(sparse(), HOT)));
    assert_ne!(ids(&one), ids(&generated(sparse(), Sampling { seed: 12, ..HOT })));
}

#[test]
fn the_devices_agree() {
    assert_eq!(ids(&generated(sparse(), HOT)), ids(&generated(dense(), HOT)));
}

#[test]
fn one_candidate_is_the_most_likely() {
    let greedy = generated(sparse(), Sampling { temperature: 0.0, ..HOT });
    assert_eq!(ids(&greedy), ids(&generated(sparse(), Sampling { top_k: 1, ..HOT })));
    // Each chosen token is the first of the candidates after the token before it that go on with the text.
    let prompt = route(&mut session(sparse()), PROMPT).0.len();
    let all = ids(&greedy);
    let go_on = |t: usize, id: u32| {
        let bytes = crate::engine::support::tokenizer().decode(&[&all[..t], &[id]].concat());
        !str::from_utf8(&bytes).is_err_and(|error| error.error_len().is_some())
    };
    for (t, &id) in all.iter().enumerate().skip(prompt) {
        let first = greedy.predictions[t - 1].iter().find(|candidate| go_on(t, candidate.id));
        assert!(first.is_none_or(|first| first.id == id) && go_on(t, id));
    }
}

#[test]
fn it_ends_at_the_limit() {
    let mut session = session(sparse());
    let (_, steps, reason) = generate(&mut session, PROMPT, HOT, 5);
    assert_eq!((steps.len(), reason), (5, Finish::Length));
    let (_, steps, reason) = generate(&mut session, PROMPT, HOT, 0);
    assert_eq!((steps.len(), reason), (0, Finish::Length));
    let (_, _, reason) = generate(&mut session, &"cat ".repeat(5000), HOT, 1000);
    assert_eq!(reason, Finish::Length);
}

#[test]
fn it_ends_with_the_document() {
    let mut session = session(sparse());
    // A random model ends a document sooner or later; the token itself never joins the text.
    let (trace, steps, reason) = (0..20)
        .map(|seed| generate(&mut session, PROMPT, Sampling { seed, ..HOT }, 400))
        .find(|(.., reason)| *reason == Finish::EndOfText)
        .unwrap();
    assert_eq!(reason, Finish::EndOfText);
    assert!(steps.len() < 400 && trace.tokens.iter().all(|token| token.id != 0));
}

#[test]
fn the_text_holds_whole_characters() {
    // A random model speaks in random bytes: most are no characters at all.
    let mut bytes = 0;
    for seed in 0..10 {
        let (trace, steps, _) = generate(&mut session(sparse()), "🐈 ", Sampling { seed, ..HOT }, 200);
        let text: String = steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(trace.text, format!("🐈 {text}"));
        let spoken: Vec<u32> = steps.iter().map(|step| step.token.id).collect();
        let spoken = crate::engine::support::tokenizer().decode(&spoken);
        let lossy = String::from_utf8_lossy(&spoken).into_owned();
        // Bytes still waiting for the rest of their character are the only difference.
        assert!(lossy == text || lossy == format!("{text}\u{fffd}"));
        assert!(!text.contains('\u{fffd}'), "nothing that was said is lost in the text");
        bytes += spoken.iter().filter(|byte| !byte.is_ascii()).count();
    }
    assert!(bytes > 100);
}
