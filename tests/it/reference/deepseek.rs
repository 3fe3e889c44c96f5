//! DeepSeek's router against transformers' (tests/reference/deepseek_fixture.py), and what must hold for any input.

use crate::support;
use crate::support::{all_close, floats, integers, numbers, route_in, tensor, tiny};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{BiasSettings, Deepseek, Mode, Outcome, Router, RouterConfig, Routing};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    top_k: usize,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    bias: Vec<f64>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    gradient: Vec<Vec<f64>>,
    speed: f64,
    moved: Vec<f64>,
}

fn router(gate: Tensor<2>, bias: Tensor<1>, bias_speed: f64) -> Deepseek {
    Deepseek { gate: Param::from_tensor(gate), bias: Param::from_tensor(bias), bias_speed }
}

fn random<const D: usize>(shape: [usize; D], random: &mut Random) -> Tensor<D> {
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn none(experts: usize) -> Tensor<1> {
    Tensor::zeros([experts], &Device::flex())
}

fn learn(router: Deepseek, routing: &Routing) -> Deepseek {
    router.after_step(&Outcome { routing, tasks: &[], losses: &[] })
}

/// (largest load - mean) / mean
fn violation(routing: &Routing, experts: usize) -> f64 {
    let choices = integers(routing.experts.clone());
    let most = (0..experts as i64).map(|e| choices.iter().filter(|&&choice| choice == e).count()).max().unwrap();
    most as f64 / (choices.len() as f64 / experts as f64) - 1.0
}

#[test]
fn routes_as_transformers_does() {
    let cases: Vec<Case> = serde_json::from_str(&support::text("deepseek.json")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 2 }] {
            let what = format!("case {number}, {mode:?}");
            let router = router(tensor(&case.gate), numbers(&case.bias, [case.bias.len()]), case.speed);
            let routing = route_in(&router, tensor(&case.x), case.top_k, 1, mode);
            all_close(&floats(routing.logits.clone()), &case.logits.concat(), &what);
            all_close(&floats(routing.probs.clone()), &case.probs.concat(), &what);
            assert_eq!(integers(routing.experts.clone()), case.experts.concat(), "{what}");
            all_close(&floats(routing.weights.clone()), &case.weights.concat(), &what);
            assert!(routing.losses.is_empty() && routing.dropped.is_none() && routing.unused.is_none(), "{what}");
            let gradients = (routing.weights.clone() * tensor(&case.pull)).sum().backward();
            all_close(&floats(router.gate.val().grad(&gradients).unwrap()), &case.gradient.concat(), &what);
            assert!(router.bias.val().grad(&gradients).is_none(), "{what}: the bias has no gradient");
            let gate = floats(router.gate.val());
            let moved = learn(router, &routing);
            all_close(&floats(moved.bias.val()), &case.moved, &what);
            assert_eq!(floats(moved.gate.val()), gate, "{what}");
        }
    }
}

#[test]
fn a_bias_decides_who_is_chosen_but_not_how_much_they_count() {
    let mut numbers = Random::new(1);
    let mut changed = 0;
    for _ in 0..2000 {
        let (experts, k) = (2 + numbers.below(15), 1 + numbers.below(2));
        let (gate, x) = (random([experts, 6], &mut numbers), random([5, 6], &mut numbers));
        let bias = random([experts], &mut numbers) * 0.3;
        let plain = route_in(&router(gate.clone(), none(experts), 0.0), x.clone(), k, 1, Mode::Infer);
        let biased = route_in(&router(gate, bias.clone(), 0.0), x, k, 1, Mode::Infer);
        assert_eq!(floats(plain.probs.clone()), floats(biased.probs.clone()));
        let (scores, bias) = (floats(biased.probs), floats(bias));
        let (before, after) = (integers(plain.experts), integers(biased.experts));
        let weights = floats(biased.weights);
        for (t, (ids, weights)) in after.chunks(k).zip(weights.chunks(k)).enumerate() {
            let scores = &scores[t * experts..][..experts];
            let kept: Vec<f32> = ids.iter().map(|&e| scores[e as usize]).collect();
            let sum: f32 = kept.iter().sum();
            assert!(weights.iter().zip(&kept).all(|(weight, score)| (weight - score / sum).abs() < 1e-6));
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6 && weights.is_sorted_by(|a, b| a >= b));
            let by_choice = |e: usize| scores[e] + bias[e];
            let least = ids.iter().map(|&e| by_choice(e as usize)).fold(f32::INFINITY, f32::min);
            let better = (0..experts).filter(|&e| !ids.contains(&(e as i64)) && by_choice(e) > least).count();
            assert_eq!(better, 0, "an expert that was left out has a larger biased score");
            changed += usize::from(ids != &before[t * k..][..k]);
        }
    }
    assert!(changed > 100, "the bias changed {changed} of 1500 choices");
}

#[test]
fn the_bias_balances_a_skewed_stream() {
    let mut numbers = Random::new(2);
    let (experts, k) = (8, 2);
    // All tokens lean the same way, so a few experts win nearly all of them.
    let lean = random([1, 12], &mut numbers);
    let x = random([256, 12], &mut numbers) * 0.5 + lean.expand([256, 12]);
    let mut router = router(random([experts, 12], &mut numbers) * 0.3, none(experts), 0.002);
    let first = violation(&route_in(&router, x.clone(), k, 1, Mode::Infer), experts);
    for _ in 0..2000 {
        let routing = route_in(&router, x.clone(), k, 1, Mode::Train { noise: 0 });
        router = learn(router, &routing);
    }
    let last = violation(&route_in(&router, x, k, 1, Mode::Infer), experts);
    assert!(first > 1.0 && last < 0.15, "(largest - mean) / mean goes from {first} to {last}");
}

#[test]
fn even_load_moves_nothing_and_no_speed_moves_nothing() {
    let device = Device::flex();
    let routing = |choice: Vec<i32>| {
        let experts = Tensor::from_data(TensorData::new(choice, [4, 2]), &device);
        let scores = Tensor::full([4, 4], 0.5, &device);
        Routing::new(scores.clone(), scores, experts, Tensor::full([4, 2], 0.5, &device))
    };
    let even = routing(vec![0, 1, 2, 3, 1, 0, 3, 2]);
    let skewed = routing(vec![0, 1, 0, 1, 0, 2, 0, 3]);
    let bias = |speed: f64, routing: &Routing| {
        floats(learn(router(Tensor::zeros([4, 3], &device), none(4), speed), routing).bias.val())
    };
    assert_eq!(bias(0.5, &even), [0.0; 4]);
    assert_eq!(bias(0.0, &skewed), [0.0; 4]);
    assert_eq!(bias(0.5, &skewed), [-0.5, 0.0, 0.5, 0.5]);
}

#[test]
fn permuting_experts_permutes_the_choice() {
    let mut numbers = Random::new(3);
    let order = [3_i32, 0, 4, 1, 2];
    let places = || Tensor::from_data(TensorData::new(order.to_vec(), [5]), &Device::flex());
    for _ in 0..2000 {
        let (gate, bias) = (random([5, 6], &mut numbers), random([5], &mut numbers) * 0.2);
        let x = random([10, 6], &mut numbers);
        let ours = route_in(&router(gate.clone(), bias.clone(), 0.0), x.clone(), 3, 1, Mode::Infer);
        let permuted = router(gate.select(0, places()), bias.select(0, places()), 0.0);
        let permuted = route_in(&permuted, x, 3, 1, Mode::Infer);
        let renamed: Vec<i64> = integers(permuted.experts).into_iter().map(|e| i64::from(order[e as usize])).collect();
        assert_eq!(renamed, integers(ours.experts));
        let pairs = floats(permuted.weights).into_iter().zip(floats(ours.weights));
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn of_equal_experts_the_first_are_chosen() {
    let x = random([6, 4], &mut Random::new(4));
    for k in [1, 3, 16] {
        let routing =
            route_in(&router(Tensor::zeros([16, 4], &Device::flex()), none(16), 0.0), x.clone(), k, 1, Mode::Infer);
        let first: Vec<i64> = (0..k as i64).collect();
        assert!(integers(routing.experts).chunks(k).all(|row| row == first));
    }
}

#[test]
fn scores_of_zero_have_no_weight_and_make_no_hole() {
    let x = Tensor::ones([2, 1], &Device::flex());
    let routing = route_in(&router(Tensor::full([4, 1], -1e4, &Device::flex()), none(4), 0.0), x, 2, 1, Mode::Infer);
    assert_eq!(integers(routing.experts), [0, 1, 0, 1]);
    assert_eq!(floats(routing.weights), [0.0; 4]);
}

#[test]
fn it_is_causal_beside_shared_experts() {
    let model = tiny::model(r#"{"method": "deepseek", "bias_speed": 0.001}"#, 6, 3, 1);
    tiny::assert_causal(&model);
    tiny::assert_kept_by_a_file(&model);
    assert!(!tiny::looks_ahead(&model, Mode::Published));
}

#[test]
fn bad_constants_are_named() {
    let check = |bias_speed| RouterConfig::Deepseek(BiasSettings { bias_speed }).check(8, 2);
    assert_eq!((check(0.0), check(0.001)), (Ok(()), Ok(())));
    for speed in [-0.1, f64::NAN, f64::INFINITY] {
        assert!(check(speed).unwrap_err().to_string().contains("bias_speed"));
    }
}
