//! DeepSeek-V4's routers against their formulas in double precision and the released code
//! (tests/reference/deepseek_v4_fixture.py), and what must hold for any input.

use crate::support;
use crate::support::{all_close, floats, integers, numbers, tensor, tiny};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::model::{Compute, Cost, Input, checkpoint};
use moescope::random::Random;
use moescope::router::{
    Carry, ChoiceRule, Context, DeepseekV4, DeepseekV4Settings, Gate, Mode, Outcome, Router, RouterConfig, Routing,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    top_k: usize,
    scaling: f64,
    x: Vec<Vec<f64>>,
    ids: Vec<u32>,
    gate: Vec<Vec<f64>>,
    /// Of a hash layer; empty in a later one.
    table: Vec<Vec<f64>>,
    /// Of a later layer; empty in a hash layer.
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

/// Two blocks, the first a hash layer.
const MIXED: &str = r#"{"method": "deepseek-v4", "hash_layers": 1, "bias_speed": 0.001, "scaling": 1.5}"#;

fn route(router: &DeepseekV4, x: Tensor<2>, ids: &[u32], top_k: usize, mode: Mode) -> Routing {
    let previous: Vec<Option<u32>> = std::iter::once(None).chain(ids.iter().copied().map(Some)).collect();
    let mut carry = Carry::default();
    let (previous, tasks) = (&previous[..ids.len()], &[][..]);
    router.route(x, &mut Context { top_k, batch: 1, start: 0, block: 0, mode, ids, previous, tasks, carry: &mut carry })
}

fn router(case: &Case) -> DeepseekV4 {
    let choice = match case.table.is_empty() {
        true => ChoiceRule::Bias(Param::from_tensor(numbers(&case.bias, [case.bias.len()]))),
        false => ChoiceRule::Table(Param::from_tensor(tensor(&case.table))),
    };
    let gate = Param::from_tensor(tensor(&case.gate));
    DeepseekV4 { gate, choice, bias_speed: case.speed, scaling: case.scaling }
}

#[test]
fn both_kinds_of_layers_route_as_the_released_code_does() {
    let cases: Vec<Case> = serde_json::from_str(&support::text("deepseek_v4.json")).unwrap();
    assert!(cases.iter().any(|case| case.table.is_empty()) && cases.iter().any(|case| case.bias.is_empty()));
    for (number, case) in cases.iter().enumerate() {
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 2 }] {
            let what = format!("case {number}, {mode:?}");
            let router = router(case);
            let routing = route(&router, tensor(&case.x), &case.ids, case.top_k, mode);
            all_close(&floats(routing.logits.clone()), &case.logits.concat(), &what);
            all_close(&floats(routing.probs.clone()), &case.probs.concat(), &what);
            assert_eq!(integers(routing.experts.clone()), case.experts.concat(), "{what}");
            all_close(&floats(routing.weights.clone()), &case.weights.concat(), &what);
            assert!(routing.losses.is_empty() && routing.dropped.is_none() && routing.unused.is_none(), "{what}");
            let gradients = (routing.weights.clone() * tensor(&case.pull)).sum().backward();
            all_close(&floats(router.gate.val().grad(&gradients).unwrap()), &case.gradient.concat(), &what);
            match router.after_step(&Outcome { routing: &routing, tasks: &[], losses: &[] }).choice {
                ChoiceRule::Table(table) => {
                    assert!(table.val().grad(&gradients).is_none(), "{what}: the table has no gradient");
                    all_close(&floats(table.val()), &case.table.concat(), &what);
                }
                ChoiceRule::Bias(bias) => {
                    assert!(bias.val().grad(&gradients).is_none(), "{what}: the bias has no gradient");
                    all_close(&floats(bias.val()), &case.moved, &what);
                }
            }
        }
    }
}

/// `sqrt(ln(1 + e^z))` and its derivative over 2 s, the sigmoid of z, in double precision, from logits where single precision
/// keeps nothing of 1 + e^z to those where e^z is beyond it. Below -80 the score stays that of -80, which is below 1e-17.
#[test]
fn scores_are_exact_and_can_be_learnt_from_at_any_logit() {
    let logits: Vec<f64> = vec![-1e4, -200.0, -80.0, -50.0, -17.0, -8.5, -7.5, -1.0, 0.0, 1.0, 20.0, 90.0, 1e4];
    let gate: Vec<Vec<f64>> = logits.iter().map(|&logit| vec![logit]).collect();
    let choice = ChoiceRule::Bias(Param::from_tensor(Tensor::zeros([logits.len()], &Device::flex())));
    let router = DeepseekV4 { gate: Param::from_tensor(tensor(&gate)), choice, bias_speed: 0.0, scaling: 1.0 };
    let routing = route(&router, tensor(&[vec![1.0]]), &[0], 1, Mode::Train { noise: 1 });
    let gradients = routing.probs.clone().sum().backward();
    let (scores, slopes) = (floats(routing.probs), floats(router.gate.val().grad(&gradients).unwrap()));
    for ((&z, &score), &slope) in logits.iter().zip(&scores).zip(&slopes) {
        let s = (z.max(0.0) + (-z.abs()).exp().ln_1p()).sqrt();
        let near = |ours: f32, exact: f64| (f64::from(ours) - exact).abs() <= 2e-4 * exact;
        assert!(slope.is_finite(), "{z}: {slope}");
        if z >= -80.0 {
            assert!(near(score, s), "{z}: {score} for {s}");
        } else {
            assert!(score < 1e-17, "{z}: {score}");
        }
        if z > -80.0 {
            assert!(near(slope, 1.0 / (1.0 + (-z).exp()) / (2.0 * s)), "{z}: {slope}");
        }
    }
}

/// In the first layer a token has the experts of its id whatever stands around it; in the second, somewhere, it has not.
#[test]
fn the_table_decides_in_the_first_layer_alone() {
    let (model, config) = tiny::model(MIXED, 6, 3, 1);
    let mut random = Random::new(5);
    let mut seen: [Vec<Option<Vec<i64>>>; 2] = [vec![None; 40], vec![None; 40]];
    let mut moved = [0, 0];
    for _ in 0..200 {
        let ids: Vec<u32> = (0..12).map(|_| random.below(40) as u32).collect();
        let forward = model.forward(&Input::new(ids.clone(), 1), &config, Compute::Sparse);
        for (layer, routing) in forward.routings.into_iter().enumerate() {
            for (own, &id) in integers(routing.experts).chunks(3).zip(&ids) {
                let mut own = own.to_vec();
                own.sort_unstable();
                assert!(own.windows(2).all(|pair| pair[0] < pair[1]), "different experts: {own:?}");
                let before = seen[layer][id as usize].get_or_insert_with(|| own.clone());
                moved[layer] += usize::from(*before != own);
            }
        }
    }
    assert!(moved[0] == 0 && moved[1] > 0, "{moved:?}");
}

#[test]
fn weights_are_the_scores_of_the_chosen_and_add_up_to_the_factor() {
    let (model, config) = tiny::model(MIXED, 6, 3, 1);
    let forward = model.forward(&Input::new((0..30).collect(), 1), &config, Compute::Sparse);
    for routing in forward.routings {
        let (scores, weights) = (floats(routing.probs), floats(routing.weights));
        for (t, (own, weights)) in integers(routing.experts).chunks(3).zip(weights.chunks(3)).enumerate() {
            let kept: Vec<f32> = own.iter().map(|&e| scores[t * 6 + e as usize]).collect();
            let sum: f32 = kept.iter().sum();
            assert!(weights.iter().zip(&kept).all(|(weight, score)| (weight - 1.5 * score / sum).abs() < 1e-6));
            assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
        }
    }
}

#[test]
fn it_is_causal_beside_shared_experts() {
    let model = tiny::model(MIXED, 6, 3, 1);
    tiny::assert_causal(&model);
    tiny::assert_kept_by_a_file(&model);
    assert!(!tiny::looks_ahead(&model, Mode::Published));
}

/// A file may hold anything: numbers beyond the experts become the last one, and what is not set is drawn.
#[test]
fn a_table_of_a_file_names_no_expert_that_is_not_there() {
    let (mut model, config) = tiny::model(MIXED, 6, 3, 1);
    let Gate::DeepseekV4(router) = model.blocks[0].router.clone() else { panic!("{:?}", model.blocks[0].router) };
    let odd = [[-1.0, -1.0, -1.0], [0.0, 1.0, 99.0]];
    let rows: Vec<f32> = (0..40).flat_map(|id| odd[id % 2]).collect();
    let table = Tensor::from_data(TensorData::new(rows, [40, 3]), &Device::flex());
    let router = DeepseekV4 { choice: ChoiceRule::Table(Param::from_tensor(table)), ..router };
    model.blocks[0].router = Gate::DeepseekV4(router);
    let saved = checkpoint::save(&model, checkpoint::Precision::Single).unwrap();
    let read = checkpoint::load(&config, &saved, &Device::flex()).unwrap();
    let forward = read.forward(&Input::new((0..40).collect(), 1), &config, Compute::Sparse);
    for (id, own) in integers(forward.routings[0].experts.clone()).chunks(3).enumerate() {
        let mut own = own.to_vec();
        own.sort_unstable();
        if id % 2 == 1 {
            assert_eq!(own, [0, 1, 5]);
        }
        assert!(own.windows(2).all(|pair| pair[0] < pair[1]) && own[2] < 6, "{own:?}");
    }
}

/// Two blocks of width 16 with 6 experts, 40 tokens, 3 choices: a gate and a table, then a gate and a bias.
#[test]
fn a_layer_costs_what_its_own_method_costs() {
    let (_, config) = tiny::model(MIXED, 6, 3, 1);
    let (_, later) = tiny::model(&MIXED.replace("\"hash_layers\": 1", "\"hash_layers\": 0"), 6, 3, 1);
    let (mixed, later) = (Cost::of(&config), Cost::of(&later));
    assert_eq!(mixed.parameters - later.parameters, 40 * 3 - 6);
    assert_eq!(later.active_parameters - mixed.active_parameters, f64::from(6 - 3));
    assert_eq!((mixed.router, later.router), (f64::from(2 * 2 * 6 * 16), f64::from(2 * 2 * 6 * 16)));
}

#[test]
fn bad_constants_are_named() {
    let check = |bias_speed, scaling| {
        RouterConfig::DeepseekV4(DeepseekV4Settings { hash_layers: 1, bias_speed, scaling }).check(8, 2)
    };
    assert_eq!((check(0.0, 1.0), check(0.001, 1.5)), (Ok(()), Ok(())));
    for (speed, scaling) in [(-0.1, 1.0), (f64::NAN, 1.0), (0.1, 0.0), (0.1, f64::INFINITY), (0.1, f64::NAN)] {
        let said = check(speed, scaling).unwrap_err().to_string();
        assert!(said.contains("bias_speed") && said.contains("scaling"), "{said}");
    }
}
