//! Soft MoE against numpy in double precision (tests/reference/soft_moe_fixture.py), experts included, and what must hold
//! for any input.

use crate::support;
use crate::support::{floats, integers, numbers, route_in, tensor, tiny};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::model::{Compute, Experts};
use moescope::random::Random;
use moescope::router::{Mode, RouterConfig, Slots, SoftMoe, SoftMoeSettings};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    batch: usize,
    slots: usize,
    group: usize,
    x: Vec<Vec<f64>>,
    phi: Vec<Vec<f64>>,
    scale: Vec<f64>,
    pull: Vec<Vec<f64>>,
    w1: Vec<Vec<Vec<f64>>>,
    w3: Vec<Vec<Vec<f64>>>,
    w2: Vec<Vec<Vec<f64>>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    /// [groups][slots][tokens of the group]
    dispatch: Vec<Vec<Vec<f64>>>,
    published: Layer,
    causal: Layer,
}

/// A layer's output and the gradients of its sum, each number times its entry of `pull`.
#[derive(Deserialize)]
struct Layer {
    output: Vec<Vec<f64>>,
    phi_gradient: Vec<Vec<f64>>,
    scale_gradient: Vec<f64>,
}

fn stack(matrices: &[Vec<Vec<f64>>]) -> Tensor<3> {
    numbers(&matrices.concat().concat(), [matrices.len(), matrices[0].len(), matrices[0][0].len()])
}

fn router(phi: Tensor<2>, scale: Tensor<1>, slots: usize, group: usize) -> SoftMoe {
    SoftMoe { gate: Param::from_tensor(phi), scale: Param::from_tensor(scale), slots, group }
}

fn random(rows: usize, cols: usize, random: &mut Random) -> Tensor<2> {
    let values: Vec<f32> = (0..rows * cols).map(|_| random.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows, cols]), &Device::flex())
}

fn some(count: usize, experts: usize, slots: usize, group: usize, random: &mut Random) -> (SoftMoe, Tensor<2>) {
    let scale = Tensor::full([1], 1.0 + 5.0 * random.uniform() as f32, &Device::flex());
    (router(self::random(experts * slots, 6, random), scale, slots, group), self::random(count, 6, random))
}

fn experts(count: usize, numbers: &mut Random) -> Experts {
    Experts {
        gate_up: Param::from_tensor(random(count * 8, 6, numbers).reshape([count, 8, 6])),
        down: Param::from_tensor(random(count * 6, 4, numbers).reshape([count, 6, 4])),
    }
}

fn close(ours: &[f32], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((f64::from(*a) - b).abs() <= 2e-5 * (1.0 + b.abs()), "{what}, place {place}: {a}, numpy {b}");
    }
}

fn near(a: &[f32], b: &[f32], what: &str) {
    let b: Vec<f64> = b.iter().map(|&b| f64::from(b)).collect();
    close(a, &b, what);
}

fn sums_are_one(rows: &[f32], len: usize) -> bool {
    rows.chunks(len).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5 && row.iter().all(|&share| share >= 0.0))
}

#[test]
fn a_layer_computes_as_the_formulas_say() {
    let cases: Vec<Case> = serde_json::from_str(&support::text("soft_moe.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let experts = Experts {
            gate_up: Param::from_tensor(Tensor::cat(vec![stack(&case.w1), stack(&case.w3)], 1)),
            down: Param::from_tensor(stack(&case.w2)),
        };
        for (mode, expected) in [
            (Mode::Published, &case.published),
            (Mode::Train { noise: 1 }, &case.published),
            (Mode::Infer, &case.causal),
        ] {
            for compute in [Compute::Sparse, Compute::Dense] {
                let what = format!("case {number}, {mode:?}, {compute:?}");
                let router = router(tensor(&case.phi), numbers(&case.scale, [1]), case.slots, case.group);
                let x = tensor(&case.x);
                let routing = route_in(&router, x.clone(), case.w1.len(), case.batch, mode);
                close(&floats(routing.logits.clone()), &case.logits.concat(), &what);
                close(&floats(routing.probs.clone()), &case.probs.concat(), &what);
                assert!(routing.losses.is_empty() && routing.unused.is_none() && routing.capacity.is_none(), "{what}");
                assert_eq!(routing.slots.is_some(), mode != Mode::Infer, "{what}");
                let output = experts.forward(x, &routing, compute);
                close(&floats(output.clone()), &expected.output.concat(), &what);
                let gradients = (output * tensor(&case.pull)).sum().backward();
                let phi = floats(router.gate.val().grad(&gradients).unwrap());
                close(&phi, &expected.phi_gradient.concat(), &format!("{what}, Phi"));
                let scale = floats(router.scale.val().grad(&gradients).unwrap());
                close(&scale, &expected.scale_gradient, &format!("{what}, scale"));
            }
        }
    }
}

#[test]
fn slots_take_from_the_tokens_of_their_group_only() {
    let cases: Vec<Case> = serde_json::from_str(&support::text("soft_moe.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let router = router(tensor(&case.phi), numbers(&case.scale, [1]), case.slots, case.group);
        let routing = route_in(&router, tensor(&case.x), case.w1.len(), case.batch, Mode::Published);
        let Slots { dispatch, sequences, .. } = routing.slots.unwrap();
        let [groups, slots, n] = dispatch.dims();
        assert_eq!((sequences, groups), (case.batch, case.dispatch.len()), "case {number}");
        let ours = floats(dispatch);
        for (ours, theirs) in ours.chunks(n).zip(case.dispatch.concat()) {
            let (tokens, filling) = ours.split_at(theirs.len());
            close(tokens, &theirs, &format!("case {number}"));
            assert!(filling.iter().all(|&share| share == 0.0), "case {number}");
        }
        assert_eq!(ours.len(), groups * slots * n);
    }
}

#[test]
fn mixtures_are_shares() {
    let mut numbers = Random::new(1);
    for _ in 0..2000 {
        let (batch, len, count) = (1 + numbers.below(3), 1 + numbers.below(20), 2 + numbers.below(5));
        let (slots, group) = (1 + numbers.below(4), 1 + numbers.below(12));
        let (router, x) = some(batch * len, count, slots, group, &mut numbers);
        let routing = route_in(&router, x, count, batch, Mode::Published);
        let mixing = routing.slots.unwrap();
        let [_, all, n] = mixing.dispatch.dims();
        assert_eq!((all, n), (count * slots, group.min(len)));
        assert!(sums_are_one(&floats(mixing.dispatch), n));
        assert!(sums_are_one(&floats(mixing.combine), all));
        assert!(sums_are_one(&floats(routing.probs), count));
        let (weights, ids) = (floats(routing.weights), integers(routing.experts));
        assert!(sums_are_one(&weights, count));
        assert!(weights.chunks(count).all(|row| row.is_sorted_by(|a, b| a >= b)));
        assert!(ids.chunks(count).all(|row| (0..count as i64).all(|e| row.contains(&e))), "a row names all experts");
    }
}

#[test]
fn groups_of_one_token_are_the_causal_variant() {
    let mut numbers = Random::new(2);
    for _ in 0..2000 {
        let ((router, x), experts) = (some(12, 3, 2, 1, &mut numbers), experts(3, &mut numbers));
        let output = |mode| experts.forward(x.clone(), &route_in(&router, x.clone(), 3, 2, mode), Compute::Sparse);
        near(&floats(output(Mode::Published)), &floats(output(Mode::Infer)), "groups of one token");
    }
}

#[test]
fn a_groups_tokens_have_no_order() {
    let mut numbers = Random::new(3);
    let order: Vec<i32> = vec![4, 2, 0, 5, 1, 3];
    let places = || Tensor::from_data(TensorData::new(order.clone(), [6]), &Device::flex());
    for _ in 0..2000 {
        let ((router, x), experts) = (some(6, 3, 2, 6, &mut numbers), experts(3, &mut numbers));
        let output =
            |x: Tensor<2>| experts.forward(x.clone(), &route_in(&router, x, 3, 1, Mode::Published), Compute::Sparse);
        near(&floats(output(x.clone().select(0, places()))), &floats(output(x).select(0, places())), "order");
    }
}

#[test]
fn a_sequence_is_mixed_the_same_in_a_batch_and_alone() {
    let mut numbers = Random::new(4);
    let ((router, x), experts) = (some(3 * 17, 4, 2, 7, &mut numbers), experts(4, &mut numbers));
    let output = |x: Tensor<2>, batch| {
        floats(experts.forward(x.clone(), &route_in(&router, x, 4, batch, Mode::Published), Compute::Sparse))
    };
    let together = output(x.clone(), 3);
    for sequence in 0..3 {
        let alone = output(x.clone().narrow(0, sequence * 17, 17), 1);
        near(&alone, &together[sequence * 17 * 6..][..17 * 6], "alone");
    }
}

#[test]
fn permuting_experts_permutes_the_shares() {
    let mut numbers = Random::new(5);
    let order = [2_i32, 0, 3, 1];
    let rows: Vec<i32> = order.iter().flat_map(|&e| [2 * e, 2 * e + 1]).collect();
    for round in 0..2000 {
        let mode = if round % 2 == 0 { Mode::Published } else { Mode::Infer };
        let (ours, x) = some(20, 4, 2, 8, &mut numbers);
        let gate = ours.gate.val().select(0, Tensor::from_data(TensorData::new(rows.clone(), [8]), &Device::flex()));
        let permuted = route_in(&router(gate, ours.scale.val(), 2, 8), x.clone(), 4, 1, mode);
        let ours = route_in(&ours, x, 4, 1, mode);
        let renamed = integers(permuted.experts).into_iter().map(|e| i64::from(order[e as usize]));
        let by_expert = |experts: Vec<i64>, weights: Vec<f32>| {
            let mut shares = vec![0.0; weights.len()];
            for (at, (expert, weight)) in experts.into_iter().zip(weights).enumerate() {
                shares[at / 4 * 4 + expert as usize] += weight;
            }
            shares
        };
        let permuted = by_expert(renamed.collect(), floats(permuted.weights));
        near(&permuted, &by_expert(integers(ours.experts), floats(ours.weights)), "shares by expert");
    }
}

#[test]
fn equal_shares_are_listed_in_the_experts_order() {
    let (_, x) = some(9, 8, 2, 4, &mut Random::new(6));
    let router = router(Tensor::zeros([16, 6], &Device::flex()), Tensor::ones([1], &Device::flex()), 2, 4);
    for mode in [Mode::Published, Mode::Infer] {
        let routing = route_in(&router, x.clone(), 8, 1, mode);
        assert!(integers(routing.experts).chunks(8).all(|row| row == [0, 1, 2, 3, 4, 5, 6, 7]));
        assert!(floats(routing.weights).iter().all(|weight| (weight - 0.125).abs() < 1e-6));
    }
}

#[test]
fn only_the_causal_variant_is_causal() {
    let model = tiny::model(r#"{"method": "soft-moe", "slots": 3, "group": 16}"#, 4, 4, 0);
    tiny::assert_causal(&model);
    tiny::assert_kept_by_a_file(&model);
    assert!(!tiny::looks_ahead(&model, Mode::Infer));
    assert!(tiny::looks_ahead(&model, Mode::Published));
}

#[test]
fn bad_constants_are_named() {
    let check = |slots, group, k| RouterConfig::SoftMoe(SoftMoeSettings { slots, group }).check(8, k);
    assert_eq!(check(64, 256, 8), Ok(()));
    for (slots, group, k, what) in
        [(64, 256, 2, "k must be 8"), (0, 256, 8, "slots"), (1 << 40, 256, 8, "slots"), (64, 0, 8, "group")]
    {
        let message = check(slots, group, k).unwrap_err().to_string();
        assert!(message.contains(what), "{message}");
    }
}
