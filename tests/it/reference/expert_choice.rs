//! Expert choice against numpy in double precision (tests/reference/expert_choice_fixture.py), and what must hold for any
//! input.

use crate::support;
use crate::support::{all_close, floats, integers, route_in, tensor, tiny};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{CapacitySettings, ExpertChoice, Mode, RouterConfig, Routing};
use serde::Deserialize;

const TRAIN: Mode = Mode::Train { noise: 3 };

#[derive(Deserialize)]
struct Case {
    batch: usize,
    group: usize,
    factor: f64,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    capacity: usize,
    published: Picks,
    causal: Picks,
}

/// The experts that each token has, their weights, and the gradient of the weights, each times its entry of `pull`.
#[derive(Deserialize)]
struct Picks {
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    gradient: Vec<Vec<f64>>,
}

fn router(gate: Tensor<2>, capacity_factor: f64, group: usize) -> ExpertChoice {
    ExpertChoice { gate: Param::from_tensor(gate), capacity_factor, group }
}

fn random(rows: usize, cols: usize, random: &mut Random) -> Tensor<2> {
    let values: Vec<f32> = (0..rows * cols).map(|_| random.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows, cols]), &Device::flex())
}

/// For every token the experts that have a share in it, with their weights, in the order given.
fn used(routing: &Routing) -> Vec<Vec<(i64, f32)>> {
    let [_, k] = routing.experts.dims();
    let unused: Vec<i64> = integers(routing.unused.clone().unwrap().int());
    let (experts, weights) = (integers(routing.experts.clone()), floats(routing.weights.clone()));
    let entries: Vec<_> = experts.into_iter().zip(weights).zip(unused).collect();
    let row = |row: &[((i64, f32), i64)]| {
        let count = row.iter().filter(|(_, unused)| *unused == 0).count();
        assert!(row.iter().enumerate().all(|(at, (_, unused))| (*unused == 0) == (at < count)), "used ones first");
        assert!(row[count..].iter().all(|((_, weight), _)| *weight == 0.0), "unused ones have no weight");
        row[..count].iter().map(|(entry, _)| *entry).collect()
    };
    entries.chunks(k).map(row).collect()
}

#[test]
fn routes_as_the_formulas_say() {
    let cases: Vec<Case> = serde_json::from_str(&support::text("expert_choice.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let [experts, _] = tensor(&case.gate).dims();
        for (mode, expected) in
            [(Mode::Published, &case.published), (TRAIN, &case.published), (Mode::Infer, &case.causal)]
        {
            let what = format!("case {number}, {mode:?}");
            let router = router(tensor(&case.gate), case.factor, case.group);
            let routing = route_in(&router, tensor(&case.x), experts, case.batch, mode);
            all_close(&floats(routing.logits.clone()), &case.logits.concat(), &what);
            all_close(&floats(routing.probs.clone()), &case.probs.concat(), &what);
            assert_eq!(routing.capacity, (mode != Mode::Infer).then_some(case.capacity), "{what}");
            assert!(routing.losses.is_empty() && routing.dropped.is_none() && routing.slots.is_none(), "{what}");
            let (chosen, weights): (Vec<Vec<i64>>, Vec<Vec<f32>>) =
                used(&routing).into_iter().map(|row| row.into_iter().unzip()).unzip();
            assert_eq!(chosen, expected.experts, "{what}");
            all_close(&weights.concat(), &expected.weights.concat(), &what);
            let pull = tensor(&case.pull).gather(1, routing.experts.clone());
            let gradients = (routing.weights * pull).sum().backward();
            all_close(&floats(router.gate.val().grad(&gradients).unwrap()), &expected.gradient.concat(), &what);
        }
    }
}

#[test]
fn every_expert_has_the_same_load_in_every_group() {
    let mut numbers = Random::new(1);
    for round in 0..2000 {
        let (batch, len, experts) = (1 + numbers.below(3), 1 + numbers.below(40), 2 + numbers.below(7));
        let (group, factor) = (1 + numbers.below(20), 0.25 + numbers.uniform() * (experts as f64 - 0.25));
        let router = router(random(experts, 6, &mut numbers), factor, group);
        let routing = route_in(&router, random(batch * len, 6, &mut numbers), experts, batch, Mode::Published);
        let mut full = Vec::new();
        for sequence in used(&routing).chunks(len) {
            for members in sequence.chunks(group) {
                let expected = ((members.len() as f64 * factor / experts as f64).round() as usize).max(1);
                for expert in 0..experts as i64 {
                    let load = members.iter().flatten().filter(|(e, _)| *e == expert).count();
                    assert_eq!(load, expected.min(members.len()), "round {round}, expert {expert}");
                    full.push((members.len(), load));
                }
            }
        }
        let capacity = routing.capacity.unwrap();
        assert!(full.iter().all(|&(members, load)| load <= capacity && (members < group || load == capacity)));
        let ids = integers(routing.experts);
        assert!(
            ids.chunks(experts).all(|row| (0..experts as i64).all(|e| row.contains(&e))),
            "a row names all experts"
        );
    }
}

#[test]
fn a_token_has_as_many_experts_as_the_factor_says_in_the_causal_variant() {
    let mut numbers = Random::new(2);
    for (factor, count) in [(0.2, 1), (1.0, 1), (1.4, 1), (1.5, 2), (2.0, 2), (8.0, 8)] {
        let router = router(random(8, 6, &mut numbers), factor, 16);
        let routing = route_in(&router, random(50, 6, &mut numbers), 8, 1, Mode::Infer);
        let probs = floats(routing.probs.clone());
        for (row, probs) in used(&routing).iter().zip(probs.chunks(8)) {
            assert_eq!(row.len(), count);
            let least = row.last().unwrap().1;
            assert_eq!(probs.iter().filter(|&&p| p > least).count(), count - 1);
            assert!(row.iter().all(|&(e, weight)| weight == probs[e as usize]));
        }
    }
}

#[test]
fn equal_scores_go_to_the_first_tokens_and_experts() {
    for (tokens, group, factor) in [(256, 256, 2.0), (300, 128, 1.0), (64, 50, 3.0)] {
        let router = router(Tensor::zeros([8, 4], &Device::flex()), factor, group);
        let x = random(tokens, 4, &mut Random::new(4));
        let picks = used(&route_in(&router, x.clone(), 8, 1, Mode::Published));
        for members in picks.chunks(group) {
            let c = (members.len() as f64 * factor / 8.0).round() as usize;
            assert!(members.iter().enumerate().all(|(t, row)| row.len() == if t < c { 8 } else { 0 }));
            assert!(members[..c].iter().all(|row| row.iter().enumerate().all(|(at, &(e, _))| e == at as i64)));
        }
        let row: Vec<i64> = (0..factor as i64).collect();
        let causal = used(&route_in(&router, x, 8, 1, Mode::Infer));
        assert!(causal.iter().all(|used| used.iter().map(|&(e, _)| e).collect::<Vec<i64>>() == row));
    }
}

#[test]
fn some_equal_tokens_are_taken_in_order() {
    // Tokens of three kinds in random order: an expert takes a kind that it does not take whole from the front.
    let mut numbers = Random::new(5);
    for _ in 0..2000 {
        let kinds: Vec<i32> = (0..200).map(|_| numbers.below(3) as i32).collect();
        let x = random(3, 6, &mut numbers)
            .select(0, Tensor::from_data(TensorData::new(kinds.clone(), [200]), &Device::flex()));
        let picks = used(&route_in(&router(random(4, 6, &mut numbers), 1.7, 256), x, 4, 1, Mode::Published));
        for expert in 0..4 {
            let takes: Vec<bool> = picks.iter().map(|row| row.iter().any(|&(e, _)| e == expert)).collect();
            assert_eq!(takes.iter().filter(|&&taken| taken).count(), 85);
            for kind in 0..3 {
                let of_kind: Vec<bool> = (0..200).filter(|&t| kinds[t] == kind).map(|t| takes[t]).collect();
                assert!(of_kind.is_sorted_by(|a, b| a >= b), "expert {expert}, kind {kind}");
            }
        }
    }
}

#[test]
fn permuting_experts_permutes_the_picks() {
    let mut numbers = Random::new(6);
    let order = [3_i32, 0, 4, 1, 2];
    let by_order = |gate: &Tensor<2>| {
        gate.clone().select(0, Tensor::from_data(TensorData::new(order.to_vec(), [5]), &Device::flex()))
    };
    for mode in [Mode::Published, Mode::Infer] {
        for _ in 0..1000 {
            let (gate, x) = (random(5, 6, &mut numbers), random(30, 6, &mut numbers));
            let picks = |gate| used(&route_in(&router(gate, 2.0, 12), x.clone(), 5, 2, mode));
            for (ours, permuted) in picks(gate.clone()).into_iter().zip(picks(by_order(&gate))) {
                let (names, weights): (Vec<i64>, Vec<f32>) = permuted.into_iter().unzip();
                let renamed: Vec<i64> = names.into_iter().map(|e| i64::from(order[e as usize])).collect();
                assert_eq!(renamed, ours.iter().map(|(e, _)| *e).collect::<Vec<i64>>());
                assert!(weights.iter().zip(&ours).all(|(a, (_, b))| (a - b).abs() < 1e-6));
            }
        }
    }
}

#[test]
fn a_sequence_is_routed_the_same_in_a_batch_and_alone() {
    let mut numbers = Random::new(7);
    let (router, x) = (router(random(4, 6, &mut numbers), 1.5, 7), random(3 * 17, 6, &mut numbers));
    let together = used(&route_in(&router, x.clone(), 4, 3, Mode::Published));
    for sequence in 0..3 {
        let alone = used(&route_in(&router, x.clone().narrow(0, sequence * 17, 17), 4, 1, Mode::Published));
        assert_eq!(alone, together[sequence * 17..][..17]);
    }
}

#[test]
fn only_the_causal_variant_is_causal() {
    let model = tiny::model(r#"{"method": "expert-choice", "capacity_factor": 2.0, "group": 16}"#, 4, 4, 0);
    tiny::assert_causal(&model);
    tiny::assert_kept_by_a_file(&model);
    assert!(!tiny::looks_ahead(&model, Mode::Infer));
    assert!(tiny::looks_ahead(&model, Mode::Published));
}

#[test]
fn bad_constants_are_named() {
    let check =
        |capacity_factor, group, k| RouterConfig::ExpertChoice(CapacitySettings { capacity_factor, group }).check(8, k);
    assert_eq!(check(2.0, 256, 8), Ok(()));
    for (factor, group, k, what) in [
        (2.0, 256, 2, "k must be 8"),
        (0.0, 256, 8, "capacity_factor"),
        (f64::NAN, 256, 8, "capacity_factor"),
        (9.0, 256, 8, "capacity_factor"),
        (2.0, 0, 8, "group"),
    ] {
        let message = check(factor, group, k).unwrap_err().to_string();
        assert!(message.contains(what), "{message}");
    }
}
