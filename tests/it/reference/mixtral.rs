//! Mixtral's router and its losses, values and gradients, against numpy in double precision
//! (tests/reference/router_fixture.py).

use crate::support;
use crate::support::{close, floats, integers, tensor};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{Mixtral, Routing, dense, losses};
use serde::Deserialize;

/// One set of inputs and what follows from them. `pull` weights the expert weights, so that their gradient can be seen.
#[derive(Deserialize)]
struct Case {
    top_k: usize,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    balance: f64,
    z: f64,
    balance_gradient: Vec<Vec<f64>>,
    z_gradient: Vec<Vec<f64>>,
    pulled_gradient: Vec<Vec<f64>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("router.json")).unwrap()
}

fn route(case: &Case) -> (Mixtral, Routing) {
    let router = Mixtral { gate: Param::from_tensor(tensor(&case.gate)) };
    let routing = support::route(&router, tensor(&case.x), case.top_k);
    (router, routing)
}

#[test]
fn routes_as_the_formula_says() {
    for (number, case) in cases().iter().enumerate() {
        let (_, routing) = route(case);
        close(routing.logits, &case.logits.concat(), &format!("case {number}: logits"));
        close(routing.probs, &case.probs.concat(), &format!("case {number}: probs"));
        close(routing.weights, &case.weights.concat(), &format!("case {number}: weights"));
        assert_eq!(integers(routing.experts), case.experts.concat(), "case {number}: experts");
    }
}

#[test]
fn losses_and_their_gradients_are_those_of_the_formulas() {
    for (number, case) in cases().iter().enumerate() {
        let pulled = |routing: &Routing| (routing.weights.clone() * tensor(&case.pull)).sum();
        type Loss = fn(&Routing) -> Tensor<1>;
        let (balance, z): (Loss, Loss) = (losses::balance, losses::z);
        let (_, routing) = route(case);
        close(balance(&routing), &[case.balance], &format!("case {number}: balance"));
        close(z(&routing), &[case.z], &format!("case {number}: z"));
        for (what, loss, expected) in [
            ("balance", &balance as &dyn Fn(&Routing) -> Tensor<1>, &case.balance_gradient),
            ("z", &z, &case.z_gradient),
            ("weights", &pulled, &case.pulled_gradient),
        ] {
            let (router, routing) = route(case);
            let gradients = loss(&routing).backward();
            let gradient = router.gate.val().grad(&gradients).unwrap();
            close(gradient, &expected.concat(), &format!("case {number}: gradient of {what}"));
        }
    }
}

#[test]
fn even_routing_has_a_balance_of_one() {
    // Every expert gets as many choices as every other, and equal scores: the smallest value, whatever k is.
    for top_k in 1..=4 {
        let tokens = 4;
        let logits = Tensor::zeros([tokens, 4], &Device::flex());
        let chosen: Vec<i32> = (0..tokens).flat_map(|t| (0..top_k).map(move |slot| (t + slot) % 4)).collect();
        let routing = Routing::new(
            logits,
            Tensor::full([tokens, 4], 0.25, &Device::flex()),
            Tensor::from_data(TensorData::new(chosen, [tokens, top_k]), &Device::flex()),
            Tensor::full([tokens, top_k], 1.0 / top_k as f32, &Device::flex()),
        );
        close(losses::balance(&routing), &[1.0], &format!("top {top_k}"));
    }
}

/// Over thousands of random routers: the weights are a softmax over the kept logits, in falling order and adding up to 1;
/// the kept ones are the first k of all, sorted by logit and, where logits are equal, by number; rows do not know of each
/// other; other names for the experts give the same answer under those names.
#[test]
fn any_router_keeps_the_largest_logits() {
    let mut random = Random::new(31);
    let draw = |random: &mut Random, rows: usize, cols: usize| -> Vec<Vec<f64>> {
        (0..rows).map(|_| (0..cols).map(|_| random.normal()).collect()).collect()
    };
    for round in 0..2000 {
        let (experts, width, tokens) = (1 + random.below(12), 1 + random.below(6), 1 + random.below(8));
        let top_k = 1 + random.below(experts);
        let x = draw(&mut random, tokens, width);
        let mut gate = draw(&mut random, experts, width);
        let twins = experts > 1 && random.below(2) == 0;
        if twins {
            let (from, to) = (random.below(experts), random.below(experts));
            gate[to] = gate[from].clone();
        }
        let answer = |x: &[Vec<f64>], gate: &[Vec<f64>]| {
            let routing = support::route(&Mixtral { gate: Param::from_tensor(tensor(gate)) }, tensor(x), top_k);
            (floats(routing.logits), integers(routing.experts), floats(routing.weights))
        };
        let (logits, chosen, weights) = answer(&x, &gate);
        for ((logits, chosen), weights) in logits.chunks(experts).zip(chosen.chunks(top_k)).zip(weights.chunks(top_k)) {
            let mut order: Vec<i64> = (0..experts as i64).collect();
            order.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b)));
            assert_eq!(chosen, &order[..top_k], "round {round}: {logits:?}");
            let powers: Vec<f64> = chosen.iter().map(|&expert| f64::from(logits[expert as usize]).exp()).collect();
            let sum: f64 = powers.iter().sum();
            for (weight, power) in weights.iter().zip(&powers) {
                assert!((f64::from(*weight) - power / sum).abs() < 1e-5, "round {round}: {weights:?}");
            }
        }
        let first = answer(&x[..1], &gate);
        assert_eq!((&chosen[..top_k], &weights[..top_k]), (&first.1[..], &first.2[..]), "round {round}");
        if !twins {
            let turned: Vec<Vec<f64>> = gate.iter().rev().cloned().collect();
            let renamed: Vec<i64> = chosen.iter().map(|expert| experts as i64 - 1 - expert).collect();
            assert_eq!(answer(&x, &turned).1, renamed, "round {round}");
        }
    }
}

/// What `router::dense` says of a single expert: the weight is 1, and no gradient reaches the gate through it.
#[test]
fn a_single_expert_is_a_dense_network() {
    for (number, case) in cases().iter().enumerate() {
        let router = Mixtral { gate: Param::from_tensor(tensor(&case.gate[..dense::EXPERTS])) };
        let routing = support::route(&router, tensor(&case.x), dense::EXPERTS);
        assert_eq!(integers(routing.experts), vec![0; case.x.len()], "case {number}");
        close(routing.weights.clone(), &vec![1.0; case.x.len()], &format!("case {number}: weights"));
        let pull: Vec<Vec<f64>> = case.pull.iter().map(|row| row[..dense::EXPERTS].to_vec()).collect();
        let gradients = (routing.weights * tensor(&pull)).sum().backward();
        let gate = router.gate.val().grad(&gradients).unwrap();
        close(gate, &vec![0.0; case.gate[0].len()], &format!("case {number}: gradient"));
    }
}
