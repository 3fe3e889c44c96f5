//! Four conventions against transformers' own routers (tests/reference/conventions_fixture.py), and what must hold for
//! any input. The plain formulas of `trace::conventions` are held to the same numbers.

use crate::support;
use crate::support::{all_close, floats, integers, numbers, route_in, tensor, tiny};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{Convention, Conventions, Deepseek, ExpertChoice, LossKind, Mode, Routing};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Case {
    convention: Convention,
    top_k: usize,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    #[serde(default)]
    bias: Vec<f64>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    gradient: Vec<Vec<f64>>,
    #[serde(default)]
    bias_gradient: Vec<f64>,
    jacobian: Vec<Vec<f64>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("conventions.json")).unwrap()
}

fn router(convention: Convention, gate: Tensor<2>, bias: Option<Tensor<1>>) -> Conventions {
    Conventions { gate: Param::from_tensor(gate), bias: bias.map(Param::from_tensor), convention }
}

/// Routes tokens whose logits these are.
fn of_logits(convention: Convention, logits: &Tensor<2>, k: usize) -> Routing {
    let [_, experts] = logits.dims();
    route_in(&router(convention, Tensor::eye(experts, &Device::flex()), None), logits.clone(), k, 1, Mode::Infer)
}

fn random(rows: usize, cols: usize, random: &mut Random) -> Tensor<2> {
    let values: Vec<f32> = (0..rows * cols).map(|_| 2.0 * random.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows, cols]), &Device::flex())
}

#[test]
fn routes_as_transformers_does() {
    for (number, case) in cases().iter().enumerate() {
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 2 }] {
            let what = format!("case {number}, {:?}, {mode:?}", case.convention);
            let bias = (!case.bias.is_empty()).then(|| numbers(&case.bias, [case.bias.len()]));
            let router = router(case.convention, tensor(&case.gate), bias);
            let routing = route_in(&router, tensor(&case.x), case.top_k, 1, mode);
            all_close(&floats(routing.logits.clone()), &case.logits.concat(), &what);
            all_close(&floats(routing.probs.clone()), &case.probs.concat(), &what);
            assert_eq!(integers(routing.experts.clone()), case.experts.concat(), "{what}");
            all_close(&floats(routing.weights.clone()), &case.weights.concat(), &what);
            all_close(&routing.extra.clone().map(floats).unwrap_or_default(), &case.bias, &what);
            let kinds: Vec<LossKind> = routing.losses.iter().map(|loss| loss.kind).collect();
            let training: &[LossKind] =
                if mode == (Mode::Train { noise: 2 }) { &[LossKind::Balance, LossKind::Z] } else { &[] };
            assert_eq!(kinds, training, "{what}");
            let gradients = (routing.weights * tensor(&case.pull)).sum().backward();
            all_close(&floats(router.gate.val().grad(&gradients).unwrap()), &case.gradient.concat(), &what);
            if let Some(bias) = &router.bias {
                all_close(&floats(bias.val().grad(&gradients).unwrap()), &case.bias_gradient, &what);
            }
        }
    }
}

#[test]
fn the_plain_formulas_are_those_of_transformers() {
    for (number, case) in cases().iter().enumerate() {
        let what = format!("case {number}, {:?}", case.convention);
        for (t, logits) in case.logits.iter().enumerate() {
            let logits: Vec<f32> = logits.iter().map(|&logit| logit as f32).collect();
            let kept = case.convention.keep(&logits, case.top_k);
            assert!(kept.experts.iter().map(|&e| e as i64).eq(case.experts[t].iter().copied()), "{what}, token {t}");
            all_close(&kept.weights, &case.weights[t], &what);
            if t == 0 {
                all_close(case.convention.jacobian(&logits, case.top_k).as_slice(), &case.jacobian.concat(), &what);
            }
        }
    }
}

#[test]
fn the_plain_formulas_are_those_of_the_router() {
    let mut numbers = Random::new(1);
    for round in 0..2000 {
        let (experts, convention) = (1 + numbers.below(16), Convention::ALL[round % 4]);
        let k = 1 + numbers.below(experts);
        let logits = random(4, experts, &mut numbers);
        let routing = of_logits(convention, &logits, k);
        let (ids, weights) = (integers(routing.experts), floats(routing.weights));
        for (t, row) in floats(logits).chunks(experts).enumerate() {
            let kept = convention.keep(row, k);
            assert!(kept.experts.iter().map(|&e| e as i64).eq(ids[t * k..][..k].iter().copied()), "round {round}");
            let worst = kept.weights.iter().zip(&weights[t * k..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-6, "round {round}: {worst}");
        }
    }
}

#[test]
fn derivatives_are_finite_differences() {
    const STEP: f32 = 1.0 / 1024.0;
    let mut numbers = Random::new(2);
    let mut compared = 0;
    for round in 0..2000 {
        let (experts, convention) = (2 + numbers.below(10), Convention::ALL[round % 4]);
        let k = 1 + numbers.below(experts);
        let logits = floats(random(1, experts, &mut numbers));
        let kept = convention.keep(&logits, k);
        let jacobian = convention.jacobian(&logits, k);
        assert_eq!((jacobian.rows(), jacobian.cols()), (k, experts));
        for j in 0..experts {
            let moved = |by: f32| {
                let mut logits = logits.clone();
                logits[j] += by;
                convention.keep(&logits, k)
            };
            let (up, down) = (moved(STEP), moved(-STEP));
            if up.experts != kept.experts || down.experts != kept.experts {
                continue; // Two logits change places within the step: there is no derivative.
            }
            compared += 1;
            for i in 0..k {
                let slope = (up.weights[i] - down.weights[i]) / (2.0 * STEP);
                assert!((jacobian.row(i)[j] - slope).abs() < 2e-4, "round {round}: {} {slope}", jacobian.row(i)[j]);
            }
        }
    }
    assert!(compared > 1200, "{compared} columns compared");
}

#[test]
fn weights_add_up_as_the_convention_says() {
    let mut numbers = Random::new(3);
    for _ in 0..2000 {
        let experts = 2 + numbers.below(15);
        let k = 1 + numbers.below(experts);
        let logits = random(8, experts, &mut numbers);
        let [mixtral, olmoe, qwen, gpt] = Convention::ALL.map(|convention| of_logits(convention, &logits, k));
        for other in [&olmoe, &qwen, &gpt] {
            assert_eq!(integers(other.experts.clone()), integers(mixtral.experts.clone()));
        }
        let [mixtral, olmoe, qwen, gpt] = [mixtral, olmoe, qwen, gpt].map(|routing| floats(routing.weights));
        assert_eq!(mixtral, gpt, "without a bias gpt-oss is Mixtral");
        let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(near(&mixtral, &qwen), "{mixtral:?} {qwen:?}");
        for (mixtral, olmoe) in mixtral.chunks(k).zip(olmoe.chunks(k)) {
            let sum: f32 = olmoe.iter().sum();
            assert!((mixtral.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(if k < experts { sum < 1.0 } else { (sum - 1.0).abs() < 1e-6 }, "{k} of {experts}: {sum}");
            let scaled: Vec<f32> = olmoe.iter().map(|weight| weight / sum).collect();
            assert!(near(mixtral, &scaled), "{mixtral:?} {scaled:?}");
        }
    }
}

#[test]
fn unchosen_experts_pull_on_the_weights_under_olmoe_only() {
    let logits = [0.3, -1.0, 2.0, 0.1];
    for convention in Convention::ALL {
        let jacobian = convention.jacobian(&logits, 2);
        let pull: f32 = jacobian.iter().map(|row| row[1].abs() + row[3].abs()).sum();
        assert_eq!(pull > 0.0, convention == Convention::Olmoe, "{convention:?}");
        // Softmax does not see a shift of all logits.
        assert!(jacobian.iter().all(|row| row.iter().sum::<f32>().abs() < 1e-6));
    }
}

#[test]
fn of_equal_logits_the_first_are_kept() {
    for convention in Convention::ALL {
        let routing = of_logits(convention, &Tensor::zeros([3, 16], &Device::flex()), 5);
        assert!(integers(routing.experts).chunks(5).all(|row| row == [0, 1, 2, 3, 4]));
        assert_eq!(convention.keep(&[0.0; 100], 5).experts, [0, 1, 2, 3, 4]);
        assert_eq!(convention.keep(&[-0.0, 0.0, 1.0], 2).experts, [2, 0]);
    }
}

#[test]
fn the_plain_formulas_take_any_input() {
    for convention in Convention::ALL {
        assert_eq!(convention.keep(&[], 2).experts, [0_usize; 0]);
        assert_eq!(convention.jacobian(&[], 2).rows(), 0);
        assert_eq!(convention.keep(&[1.0, 2.0], 0).weights, [0.0_f32; 0]);
        let all = convention.keep(&[1.0, 2.0], 9);
        assert_eq!(all.experts, [1, 0]);
        let far = convention.keep(&[3e38, -3e38, 0.0], 2);
        assert_eq!((far.experts, far.weights), (vec![0, 2], vec![1.0, 0.0]));
    }
}

#[test]
fn permuting_experts_permutes_the_choice() {
    let mut numbers = Random::new(4);
    let order = [3_i32, 0, 4, 1, 2];
    let places = || Tensor::from_data(TensorData::new(order.to_vec(), [5]), &Device::flex());
    for round in 0..2000 {
        let (convention, bias) = (Convention::ALL[round % 4], random(1, 5, &mut numbers).reshape([5]));
        let (gate, x) = (random(5, 6, &mut numbers), random(10, 6, &mut numbers));
        let bias = (convention == Convention::GptOss).then_some(bias);
        let ours = route_in(&router(convention, gate.clone(), bias.clone()), x.clone(), 3, 1, Mode::Infer);
        let permuted = router(convention, gate.select(0, places()), bias.map(|bias| bias.select(0, places())));
        let permuted = route_in(&permuted, x, 3, 1, Mode::Infer);
        let renamed: Vec<i64> = integers(permuted.experts).into_iter().map(|e| i64::from(order[e as usize])).collect();
        assert_eq!(renamed, integers(ours.experts));
        let pairs = floats(permuted.weights).into_iter().zip(floats(ours.weights));
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn all_are_causal() {
    for convention in ["mixtral", "olmoe", "qwen3-moe", "gpt-oss"] {
        let model = tiny::model(&format!(r#"{{"method": "conventions", "convention": "{convention}"}}"#), 6, 2, 0);
        tiny::assert_causal(&model);
        tiny::assert_kept_by_a_file(&model);
        assert!(!tiny::looks_ahead(&model, Mode::Published));
    }
}

/// Softmax of these is 1, 0, 0, 0 in 32 bits, and the sigmoids of large logits are all 1; the order of the logits is the order
/// of the exact scores.
#[test]
fn scores_that_are_rounded_to_the_same_number_are_told_apart_by_their_logits() {
    let rows =
        |rows: &[[f32; 4]]| Tensor::<2>::from_data(TensorData::new(rows.concat(), [rows.len(), 4]), &Device::flex());
    let steep = [[0.0, 3e4, 1e4, 2e4], [-1e4, -4e4, -3e4, -2e4]];
    for convention in Convention::ALL {
        for (k, right) in [(2, [1, 3, 0, 3].as_slice()), (3, &[1, 3, 2, 0, 3, 2])] {
            let routing = of_logits(convention, &rows(&steep), k);
            assert_eq!(integers(routing.experts), right, "{convention:?}");
            let plain: Vec<usize> = steep.iter().flat_map(|row| convention.keep(row, k).experts).collect();
            assert!(plain.iter().zip(right).all(|(&ours, &right)| ours as i64 == right), "{convention:?}: {plain:?}");
        }
    }
    let gate = || Param::from_tensor(Tensor::<2>::eye(4, &Device::flex()));
    let bias = |bias: [f32; 4]| Param::from_tensor(Tensor::<1>::from_data(bias, &Device::flex()));
    for (added, right) in [([0.0; 4], [3, 0]), ([0.0, 0.0, 0.5, 0.0], [3, 2])] {
        let router = Deepseek { gate: gate(), bias: bias(added), bias_speed: 0.0 };
        let routing = route_in(&router, rows(&[[50.0, 30.0, 40.0, 60.0]]), 2, 1, Mode::Infer);
        assert_eq!(integers(routing.experts), right);
    }
    // Of four tokens each expert takes three: of the two that give it nothing the one that gives it less nothing.
    let router = ExpertChoice { gate: gate(), capacity_factor: 3.0, group: 4 };
    let x = [[9e4, 0.0, 0.0, 0.0], [8e4, 0.0, 0.0, 0.0], [0.0, 3e4, 0.0, 0.0], [0.0, 1e4, 0.0, 0.0]];
    let routing = route_in(&router, rows(&x), 4, 1, Mode::Published);
    let (experts, unused) = (integers(routing.experts), integers(routing.unused.unwrap().int()));
    let has = |t: usize, e: i64| (4 * t..4 * t + 4).any(|at| experts[at] == e && unused[at] == 0);
    assert_eq!([0, 1, 2, 3].map(|t| has(t, 0)), [true, true, false, true]);
    let router = ExpertChoice { gate: gate(), capacity_factor: 2.0, group: 4 };
    let routing = route_in(&router, rows(&steep), 4, 1, Mode::Infer);
    let (experts, unused) = (integers(routing.experts), integers(routing.unused.unwrap().int()));
    let used: BTreeSet<i64> = (0..4).filter(|&at| unused[at] == 0).map(|at| experts[at]).collect();
    assert_eq!(used, BTreeSet::from([1, 3]));
}
