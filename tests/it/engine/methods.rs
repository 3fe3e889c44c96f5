//! What a method's picture needs beside the scores travels in the trace: constants, biases, policies, mixing.

use crate::engine::support::{config, route, sparse, tokenizer};
use moescope::engine::Session;
use moescope::engine::native::open_folder;
use moescope::model::Transformer;
use moescope::router::{
    BiasSettings, CapacitySettings, Convention, ConventionSettings, HashKind, HashSettings, NoSettings, RouterConfig,
    SoftMoeSettings, TaskSettings, TreeSettings,
};
use moescope::trace::{Trace, from_json, to_json};
use pollster::block_on;
use std::path::Path;

const TEXT: &str = "the cat sat on the mat and the other dog went home; the naïve log slept on the mat.";

/// A session with a random model of four experts.
fn session(router: RouterConfig, top_k: usize) -> Session {
    let mut config = config();
    (config.router, config.num_experts_per_tok, config.num_shared_experts) = (router, top_k, 1);
    let device = sparse();
    let model = Transformer::init(&config, 7, &device.device).unwrap();
    Session::new("random", config, model, tokenizer(), device).unwrap()
}

fn published(session: &mut Session, text: &str) -> Trace {
    let mut job = session.begin_published(text);
    while block_on(session.advance(&mut job)).unwrap() {}
    let (trace, _) = session.finish(job);
    trace.check().unwrap();
    trace
}

fn causal(router: RouterConfig, top_k: usize) -> Trace {
    let (trace, _) = route(&mut session(router, top_k), TEXT);
    trace.check().unwrap();
    assert_eq!(from_json(&to_json(&trace).unwrap()).unwrap(), trace);
    trace
}

#[test]
fn constants_are_those_of_the_settings() {
    let trace = causal(RouterConfig::Switch(CapacitySettings { capacity_factor: 1.25, group: 32 }), 1);
    assert_eq!((trace.model.constants.group, trace.model.constants.shared), (Some(32), 1));
    assert_eq!(trace.layers[0].capacity, Some(10)); // 1.25 * 32 / 4
    let trace = causal(RouterConfig::HierarchicalMixture(TreeSettings { groups: 2 }), 4);
    assert_eq!((trace.model.constants.groups, trace.model.constants.top_groups), (Some(2), None));
    let trace = causal(RouterConfig::Hash(HashSettings { kind: HashKind::Previous }), 1);
    assert_eq!(trace.model.constants.hash.as_deref(), Some("previous"));
}

/// The sample that the page offers for it fills experts, and what is dropped is what came to a full one: of every group of
/// 256 tokens as many as asked for an expert beyond its capacity.
#[test]
fn the_long_sample_overflows_experts_with_a_capacity() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = std::fs::read(root.join("assets/samples/samples.json")).unwrap();
    let samples: serde_json::Value = serde_json::from_slice(&samples).unwrap();
    let last = samples.as_array().unwrap().last().unwrap();
    assert!(last["name"].as_str().unwrap().contains("overflows"));
    for name in ["switch", "gshard"] {
        let mut session = open_folder(&root.join("assets/models").join(name), sparse()).unwrap();
        let (trace, _) = route(&mut session, last["text"].as_str().unwrap());
        let mut all = 0;
        for layer in &trace.layers {
            let capacity = layer.capacity.unwrap();
            for group in (0..trace.len()).step_by(256) {
                let (mut asked, mut dropped) = ([0; 8], [0; 8]);
                for token in group..trace.len().min(group + 256) {
                    for (slot, &expert) in layer.chosen(token).iter().enumerate() {
                        asked[usize::from(expert)] += 1;
                        dropped[usize::from(expert)] += usize::from(layer.is_dropped(token, slot));
                    }
                }
                let overflow = asked.map(|asked: usize| asked.saturating_sub(capacity));
                // Switch takes places in the order of the tokens, left to right. GShard's second choices come after.
                if name == "switch" {
                    assert_eq!(dropped, overflow, "{name}, block {}", layer.block);
                }
                assert!(dropped.iter().zip(&overflow).all(|(dropped, overflow)| dropped <= overflow));
                all += dropped.iter().sum::<usize>();
            }
        }
        assert!(all > 0, "{name} drops nothing of {} tokens", trace.len());
    }
}

/// Whoever says the domain gets that domain's most likely block in every layer, as the recorded policies say; whoever says
/// another one, or takes it back, gets what a session that never heard of the first would answer.
#[test]
fn a_domain_that_is_said_chooses_the_blocks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/routing-networks");
    let open = || open_folder(&folder, sparse()).unwrap();
    let (mut told, unsaid) = (open(), route(&mut open(), TEXT).0);
    assert_eq!(unsaid.model.task, None);
    let tasks = unsaid.layers[0].extra.rows();
    let mut losses = Vec::new();
    for task in 0..tasks {
        told.say_task(Some(task));
        let (trace, _) = route(&mut told, TEXT);
        trace.check().unwrap();
        assert_eq!(trace.model.task, Some(task));
        for layer in &trace.layers {
            let policy = layer.extra.row(task);
            let best = policy.iter().copied().fold(0.0, f32::max);
            for token in 0..trace.len() {
                let block = usize::from(layer.experts.row(token)[0]);
                assert!((policy[block] - best).abs() < 1e-6, "task {task}: block {block} of {policy:?}");
            }
        }
        let mut fresh = open();
        fresh.say_task(Some(task));
        assert_eq!(route(&mut fresh, TEXT).0.layers, trace.layers);
        losses.push(trace.losses);
    }
    assert!(losses.iter().any(|one| *one != losses[0]), "the domains are not all alike");
    // No such domain: as if nobody had said one.
    for none in [Some(tasks), None] {
        told.say_task(none);
        assert_eq!(route(&mut told, TEXT).0.layers, unsaid.layers);
    }
    // Others do not ask.
    let mut other = session(RouterConfig::Mixtral(NoSettings {}), 2);
    other.say_task(Some(1));
    assert_eq!(route(&mut other, TEXT).0.model.task, None);
}

#[test]
fn the_bias_of_deepseek_and_the_policies_of_routing_networks_are_there() {
    let trace = causal(RouterConfig::Deepseek(BiasSettings { bias_speed: 0.001 }), 2);
    for layer in &trace.layers {
        assert_eq!(layer.extra.as_slice(), [0.0; 4], "a new model's bias is 0");
    }
    let trace = causal(RouterConfig::RoutingNetworks(TaskSettings { tasks: 3 }), 1);
    for layer in &trace.layers {
        assert_eq!((layer.extra.rows(), layer.extra.cols()), (3, 4));
        assert!(layer.extra.as_slice().iter().all(|&p| (p - 0.25).abs() < 1e-6), "a new policy knows nothing");
    }
    assert!(causal(RouterConfig::Mixtral(NoSettings {}), 2).layers.iter().all(|layer| layer.extra.rows() == 0));
}

/// A slot's input is a mean of the tokens of a group, so its shares add up to 1 in each group, whatever the weights.
#[test]
fn the_shares_of_soft_moe_add_up_to_one_in_every_group() {
    let mut session = session(RouterConfig::SoftMoe(SoftMoeSettings { slots: 3, group: 16 }), 4);
    let trace = published(&mut session, TEXT);
    assert!(trace.len() > 32 && !trace.len().is_multiple_of(16), "{} tokens", trace.len());
    for layer in &trace.layers {
        assert_eq!((layer.extra.rows(), layer.extra.cols()), (trace.len(), 4));
        for start in (0..trace.len()).step_by(16) {
            for expert in 0..4 {
                let sum: f32 = (start..(start + 16).min(trace.len())).map(|t| layer.extra.row(t)[expert]).sum();
                assert!((sum - 1.0).abs() < 1e-5, "tokens from {start}, expert {expert}: {sum}");
            }
        }
    }
    // Left to right there is nothing to mix, and nothing is left over from before.
    let (trace, _) = route(&mut session, TEXT);
    assert!(trace.layers.iter().all(|layer| layer.extra.rows() == 0));
}

#[test]
fn the_words_of_a_convention_are_its_own() {
    for convention in [Convention::Mixtral, Convention::Olmoe, Convention::Qwen3Moe] {
        let trace = causal(RouterConfig::Conventions(ConventionSettings { convention }), 2);
        assert_eq!(trace.model.convention, convention.words());
    }
}
