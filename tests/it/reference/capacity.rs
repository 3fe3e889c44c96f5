//! GShard's and Switch's routers: values and gradients against numpy in double precision
//! (tests/reference/capacity_fixture.py).

use crate::support;
use crate::support::capacity::{Either, marks};
use crate::support::{close, integers, tensor};
use burn::tensor::Tensor;
use moescope::error::RouterFault;
use moescope::router::{CapacitySettings, LossKind, Mode, RouterConfig, Routing};
use serde::Deserialize;

/// One set of inputs and what follows from them. `pull` weights the expert weights, so that their gradient can be seen.
#[derive(Deserialize)]
struct Case {
    method: String,
    mode: String,
    noise: u64,
    batch: usize,
    factor: f64,
    group: usize,
    capacity: usize,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    dropped: Vec<Vec<i64>>,
    unused: Vec<Vec<i64>>,
    balance: f64,
    z: f64,
    balance_gradient: Vec<Vec<f64>>,
    z_gradient: Vec<Vec<f64>>,
    pulled_gradient: Vec<Vec<f64>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("capacity.json")).unwrap()
}

fn route(case: &Case) -> (Either, Routing) {
    let mode = match case.mode.as_str() {
        "infer" => Mode::Infer,
        "published" => Mode::Published,
        _ => Mode::Train { noise: case.noise },
    };
    let router = Either::new(case.method == "gshard", tensor(&case.gate), case.factor, case.group);
    let routing = router.route(tensor(&case.x), case.batch, mode);
    (router, routing)
}

fn loss(routing: &Routing, kind: LossKind) -> Option<Tensor<1>> {
    routing.losses.iter().find(|loss| loss.kind == kind).map(|loss| loss.value.clone())
}

#[test]
fn routes_as_the_formulas_say() {
    for (number, case) in cases().iter().enumerate() {
        let (_, routing) = route(case);
        let name = format!("case {number} ({} {})", case.method, case.mode);
        let entries = case.experts.concat().len();
        close(routing.logits, &case.logits.concat(), &format!("{name}: logits"));
        close(routing.probs, &case.probs.concat(), &format!("{name}: probs"));
        close(routing.weights, &case.weights.concat(), &format!("{name}: weights"));
        assert_eq!(integers(routing.experts), case.experts.concat(), "{name}: experts");
        assert_eq!(marks(&routing.dropped, entries), case.dropped.concat(), "{name}: dropped");
        assert_eq!(marks(&routing.unused, entries), case.unused.concat(), "{name}: unused");
        assert_eq!(routing.capacity, Some(case.capacity), "{name}: capacity");
    }
}

#[test]
fn losses_and_gradients_are_those_of_the_formulas() {
    for (number, case) in cases().iter().enumerate() {
        let name = format!("case {number} ({} {})", case.method, case.mode);
        let (_, routing) = route(case);
        let kinds: Vec<_> = routing.losses.iter().map(|loss| loss.kind).collect();
        let expected: &[LossKind] = match (case.mode.as_str(), case.method.as_str()) {
            ("train", "gshard") => &[LossKind::Balance],
            ("train", _) => &[LossKind::Balance, LossKind::Z],
            _ => &[],
        };
        assert_eq!(kinds, expected, "{name}");
        let check = |what: &str, value: &dyn Fn(&Routing) -> Option<Tensor<1>>, gradient: &[Vec<f64>]| {
            let (router, routing) = route(case);
            let Some(value) = value(&routing) else { return };
            let found = router.gate().grad(&value.backward()).unwrap();
            close(found, &gradient.concat(), &format!("{name}: gradient of {what}"));
        };
        if let Some(value) = loss(&routing, LossKind::Balance) {
            close(value, &[case.balance], &format!("{name}: balance"));
        }
        if let Some(value) = loss(&routing, LossKind::Z) {
            close(value, &[case.z], &format!("{name}: z"));
        }
        check("balance", &|routing| loss(routing, LossKind::Balance), &case.balance_gradient);
        check("z", &|routing| loss(routing, LossKind::Z), &case.z_gradient);
        check("weights", &|routing| Some((routing.weights.clone() * tensor(&case.pull)).sum()), &case.pulled_gradient);
    }
}

#[test]
fn the_fixture_shows_drops_in_all_modes_and_second_choices_that_come_first() {
    let turned = |case: &&Case| {
        case.experts.iter().zip(&case.probs).any(|(row, probs)| probs.iter().any(|&p| p > probs[row[0] as usize]))
    };
    for (method, mode) in [("switch", "infer"), ("switch", "train"), ("gshard", "infer"), ("gshard", "published")] {
        let all = cases();
        assert!(
            all.iter().any(|case| case.method == method && case.mode == mode && case.dropped.concat().contains(&1))
        );
        assert!(method == "switch" || all.iter().filter(|case| case.mode == mode).filter(turned).count() > 0, "{mode}");
    }
}

#[test]
fn constants_that_make_no_sense_are_refused() {
    let refused = |capacity_factor: f64, group: usize| {
        let gshard = RouterConfig::Gshard(CapacitySettings { capacity_factor, group }).check(4, 2);
        let switch = RouterConfig::Switch(CapacitySettings { capacity_factor, group }).check(4, 1);
        assert_eq!(gshard.is_err(), switch.is_err());
        gshard.and(switch).is_err_and(|fault| matches!(fault, RouterFault::Capacity { .. }))
    };
    assert!(refused(0.0, 8) && refused(-1.0, 8) && refused(f64::NAN, 8) && refused(4.1, 8) && refused(1.0, 0));
    assert!(!refused(0.01, 1) && !refused(4.0, 8));
    assert!(RouterConfig::Gshard(CapacitySettings { capacity_factor: 1.0, group: 8 }).check(4, 1).is_err());
    assert!(RouterConfig::Switch(CapacitySettings { capacity_factor: 1.0, group: 8 }).check(4, 2).is_err());
}
