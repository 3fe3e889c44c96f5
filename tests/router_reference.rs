//! Mixtral's router and its losses, values and gradients, against numpy in double precision
//! (tests/reference/router_fixture.py).

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod support;

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::router::{Mixtral, Routing, losses};
use serde::Deserialize;
use support::{floats, integers};

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

fn tensor(rows: &[Vec<f64>]) -> Tensor<2> {
    let values: Vec<f32> = rows.concat().iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows.len(), rows[0].len()]), &Device::flex().autodiff())
}

fn route(case: &Case) -> (Mixtral, Routing) {
    let router = Mixtral { gate: Param::from_tensor(tensor(&case.gate)) };
    let routing = support::route(&router, tensor(&case.x), case.top_k);
    (router, routing)
}

fn close<const D: usize>(ours: Tensor<D>, theirs: &[f64], what: &str) {
    let ours = floats(ours);
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((f64::from(*a) - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}, place {place}: {a}, numpy {b}");
    }
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
