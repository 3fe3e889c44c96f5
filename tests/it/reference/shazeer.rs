//! Noisy top-k gating, flat and in two levels: values, losses and gradients against plain loops in double precision
//! (tests/reference/shazeer_fixture.py), and the properties that it is meant to have.

use crate::support;
use crate::support::mixtures::{close, normal, param, tensor};
use crate::support::{floats, integers, mixtures, route, route_in};
use burn::module::Param;
use burn::tensor::Tensor;
use moescope::random::Random;
use moescope::router::{
    Gate, LossKind, Mode, Router, RouterConfig, Routing, Shazeer, ShazeerHierarchical, SparseTreeSettings,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

type Rows = Vec<Vec<f64>>;

#[derive(Deserialize)]
struct Fixture {
    flat: Vec<Case>,
    tree: Vec<Case>,
}

/// `pull` weights the expert weights, so that their gradient can be seen. Weights and gradients go by the router's names.
#[derive(Deserialize)]
struct Case {
    top_k: usize,
    #[serde(default)]
    top_groups: usize,
    noise_seed: u64,
    x: Rows,
    pull: Rows,
    weights: BTreeMap<String, Rows>,
    trained: Expected,
    quiet: Expected,
    gradients: BTreeMap<String, BTreeMap<String, Rows>>,
}

#[derive(Deserialize)]
struct Expected {
    logits: Rows,
    probs: Rows,
    experts: Vec<Vec<i64>>,
    weights: Rows,
    #[serde(default)]
    importance: f64,
    #[serde(default)]
    load: f64,
}

fn fixture() -> Fixture {
    serde_json::from_str(&support::text("shazeer.json")).unwrap()
}

/// Both methods, for what is the same.
trait Named: Router {
    fn matrix(&self, name: &str) -> &Param<Tensor<2>>;
}

impl Named for Shazeer {
    fn matrix(&self, name: &str) -> &Param<Tensor<2>> {
        if name == "gate" { &self.gate } else { &self.noise }
    }
}

impl Named for ShazeerHierarchical {
    fn matrix(&self, name: &str) -> &Param<Tensor<2>> {
        match name {
            "group_gate" => &self.group_gate,
            "group_noise" => &self.group_noise,
            "gate" => &self.gate,
            _ => &self.noise,
        }
    }
}

fn flat(case: &Case) -> Shazeer {
    Shazeer { gate: param(&case.weights["gate"]), noise: param(&case.weights["noise"]), noise_scale: 1.0 }
}

fn tree(case: &Case) -> ShazeerHierarchical {
    let of = |name: &str| param(&case.weights[name]);
    ShazeerHierarchical {
        group_gate: of("group_gate"),
        group_noise: of("group_noise"),
        gate: of("gate"),
        noise: of("noise"),
        top_groups: case.top_groups,
        noise_scale: 1.0,
    }
}

fn loss(routing: &Routing, kind: LossKind) -> Tensor<1> {
    routing.losses.iter().find(|loss| loss.kind == kind).unwrap().value.clone()
}

fn check(routing: &Routing, expected: &Expected, what: &str) {
    close(routing.logits.clone(), &expected.logits.concat(), &format!("{what}: logits"));
    close(routing.probs.clone(), &expected.probs.concat(), &format!("{what}: probs"));
    close(routing.weights.clone(), &expected.weights.concat(), &format!("{what}: weights"));
    assert_eq!(integers(routing.experts.clone()), expected.experts.concat(), "{what}: experts");
}

fn check_case<R: Named>(case: &Case, router: impl Fn() -> R, what: &str) {
    let routed = |mode| {
        let router = router();
        let routing = route_in(&router, tensor(&case.x), case.top_k, 1, mode);
        (router, routing)
    };
    for mode in [Mode::Infer, Mode::Published] {
        let (_, routing) = routed(mode);
        check(&routing, &case.quiet, &format!("{what}, {mode:?}"));
        assert!(routing.losses.is_empty());
    }
    let train = Mode::Train { noise: case.noise_seed };
    let (_, routing) = routed(train);
    check(&routing, &case.trained, &format!("{what}, training"));
    close(loss(&routing, LossKind::Importance), &[case.trained.importance], &format!("{what}: importance"));
    close(loss(&routing, LossKind::Load), &[case.trained.load], &format!("{what}: load"));
    for (kind, gradients) in &case.gradients {
        let (router, routing) = routed(train);
        let pulled = (routing.weights.clone() * tensor(&case.pull)).sum();
        let value = match kind.as_str() {
            "importance" => loss(&routing, LossKind::Importance),
            "load" => loss(&routing, LossKind::Load),
            _ => pulled.clone(),
        };
        // Times 0, so that every matrix has a gradient where all experts are kept and the load is constant.
        let found = (value + pulled * 0.0).backward();
        for (name, expected) in gradients {
            let gradient = router.matrix(name).val().grad(&found).unwrap();
            close(gradient, &expected.concat(), &format!("{what}: gradient of {kind} in {name}"));
        }
    }
}

#[test]
fn the_flat_gate_is_the_formulas() {
    for (number, case) in fixture().flat.iter().enumerate() {
        check_case(case, || flat(case), &format!("case {number}"));
    }
}

#[test]
fn the_two_levels_are_the_formulas() {
    for (number, case) in fixture().tree.iter().enumerate() {
        check_case(case, || tree(case), &format!("case {number}"));
    }
}

fn random_flat(random: &mut Random, experts: usize, width: usize) -> Shazeer {
    let mut matrix = || param(&normal(random, experts, width, 0.7));
    Shazeer { gate: matrix(), noise: matrix(), noise_scale: 1.0 }
}

fn random_tree(
    random: &mut Random,
    groups: usize,
    experts: usize,
    top_groups: usize,
    width: usize,
) -> ShazeerHierarchical {
    let mut matrix = |rows| param(&normal(random, rows, width, 0.7));
    ShazeerHierarchical {
        group_gate: matrix(groups),
        group_noise: matrix(groups),
        gate: matrix(experts),
        noise: matrix(experts),
        top_groups,
        noise_scale: 1.0,
    }
}

#[test]
fn every_token_is_shared_out() {
    let mut random = Random::new(1);
    for round in 0..2000 {
        let x = tensor(&normal(&mut random, 20, 5, 1.0));
        for mode in [Mode::Infer, Mode::Train { noise: round }] {
            let top_k = 1 + random.below(8);
            mixtures::rows_are_shares(&random_flat(&mut random, 8, 5), x.clone(), top_k, mode);
            let router = random_tree(&mut random, 4, 8, 2, 5);
            let top_k = 2 * (1 + random.below(2));
            mixtures::rows_are_shares(&router, x.clone(), top_k, mode);
            let experts = integers(route_in(&router, x.clone(), top_k, 1, mode).experts);
            for row in experts.chunks(top_k) {
                let groups: BTreeSet<i64> = row.iter().map(|expert| expert / 2).collect();
                assert_eq!(groups.len(), 2, "{row:?} are of two groups");
            }
        }
    }
}

#[test]
fn noise_is_drawn_in_training_only_and_the_same_for_the_same_step() {
    let mut random = Random::new(2);
    let x = tensor(&normal(&mut random, 50, 5, 1.0));
    let seen = |router: &dyn Fn(Mode) -> Routing, mode| {
        let routing = router(mode);
        (integers(routing.experts), floats(routing.weights), floats(routing.logits), floats(routing.probs))
    };
    let (flat, tree) = (random_flat(&mut random, 8, 5), random_tree(&mut random, 4, 8, 2, 5));
    for router in [&(|mode| route_in(&flat, x.clone(), 2, 1, mode)) as &dyn Fn(Mode) -> Routing, &|mode| {
        route_in(&tree, x.clone(), 2, 1, mode)
    }] {
        let (quiet, one) = (seen(router, Mode::Infer), seen(router, Mode::Train { noise: 1 }));
        assert_eq!(quiet, seen(router, Mode::Published));
        assert_eq!(one, seen(router, Mode::Train { noise: 1 }));
        assert_ne!(one.0, seen(router, Mode::Train { noise: 2 }).0);
        assert_ne!(one.0, quiet.0);
        assert_eq!((one.2, one.3), (quiet.2, quiet.3), "what is shown is without noise");
    }
}

fn zeros(rows: usize, width: usize) -> Param<Tensor<2>> {
    param(&vec![vec![0.0; width]; rows])
}

fn new_tree(width: usize) -> ShazeerHierarchical {
    ShazeerHierarchical {
        group_gate: zeros(4, width),
        group_noise: zeros(4, width),
        gate: zeros(8, width),
        noise: zeros(8, width),
        top_groups: 2,
        noise_scale: 1.0,
    }
}

#[test]
fn without_noise_ties_go_to_the_lower_expert() {
    let x = tensor(&normal(&mut Random::new(3), 3, 5, 1.0));
    let flat = Shazeer { gate: zeros(6, 5), noise: zeros(6, 5), noise_scale: 1.0 };
    assert_eq!(integers(route(&flat, x.clone(), 3).experts), [0, 1, 2].repeat(3));
    let tree = |top_k| integers(route(&new_tree(5), x.clone(), top_k).experts);
    assert_eq!(tree(2), [0, 2].repeat(3));
    assert_eq!(tree(4), [0, 1, 2, 3].repeat(3));
}

#[test]
fn gates_that_begin_as_zero_spread_the_load() {
    let tokens = 2000;
    let x = tensor(&normal(&mut Random::new(4), tokens, 5, 1.0));
    let flat = Shazeer { gate: zeros(8, 5), noise: zeros(8, 5), noise_scale: 1.0 };
    let mode = Mode::Train { noise: 5 };
    for routing in [route_in(&flat, x.clone(), 2, 1, mode), route_in(&new_tree(5), x.clone(), 2, 1, mode)] {
        let mut load = [0_usize; 8];
        integers(routing.experts.clone()).iter().for_each(|&expert| load[expert as usize] += 1);
        // 500 each, with a standard deviation of about 20.
        assert!(load.iter().all(|count| count.abs_diff(500) < 100), "{load:?}");
        for kind in [LossKind::Importance, LossKind::Load] {
            assert!(floats(loss(&routing, kind))[0] < 0.01);
        }
    }
}

#[test]
fn losses_are_zero_where_all_is_even_and_largest_where_one_expert_has_all() {
    let (large, mode) = (1e4, Mode::Train { noise: 1 });
    let unit =
        |rows: usize| -> Rows { (0..rows).map(|i| (0..4).map(|j| f64::from(u8::from(i == j))).collect()).collect() };
    let scaled = |rows: Rows| -> Rows { rows.into_iter().map(|row| row.iter().map(|v| v * large).collect()).collect() };
    // Token t has the expert t; in the tree, two groups of two.
    let flat = Shazeer { gate: param(&scaled(unit(4))), noise: zeros(4, 4), noise_scale: 1.0 };
    let halves = vec![vec![large, large, 0.0, 0.0], vec![0.0, 0.0, large, large]];
    let tree = ShazeerHierarchical {
        group_gate: param(&halves),
        group_noise: zeros(2, 4),
        gate: param(&scaled(unit(4))),
        noise: zeros(4, 4),
        top_groups: 1,
        noise_scale: 1.0,
    };
    let same = vec![unit(1)[0].clone(); 4];
    for kind in [LossKind::Importance, LossKind::Load] {
        for (x, expected) in [(unit(4), 0.0), (same.clone(), 3.0)] {
            let name = format!("{kind:?}");
            close(loss(&route_in(&flat, tensor(&x), 1, 1, mode), kind), &[expected], &name);
            close(loss(&route_in(&tree, tensor(&x), 1, 1, mode), kind), &[expected], &name);
        }
    }
}

#[test]
fn names_of_experts_do_not_matter() {
    let mut random = Random::new(6);
    for _ in 0..2000 {
        let (x, groups, gate) =
            (normal(&mut random, 6, 5, 1.0), normal(&mut random, 2, 5, 1.0), normal(&mut random, 6, 5, 1.0));
        let moved = |names: &[usize]| {
            let mut moved = gate.clone();
            names.iter().enumerate().for_each(|(expert, &name)| moved[name] = gate[expert].clone());
            moved
        };
        let flat = |gate: &Rows| Shazeer { gate: param(gate), noise: zeros(6, 5), noise_scale: 1.0 };
        let names = [3, 0, 5, 1, 2, 4];
        mixtures::names_do_not_matter(&flat(&gate), &flat(&moved(&names)), &names, &x, 3);
        let tree = |first: &Rows, gate: &Rows| ShazeerHierarchical {
            group_gate: param(first),
            group_noise: zeros(2, 5),
            gate: param(gate),
            noise: zeros(6, 5),
            top_groups: 1,
            noise_scale: 1.0,
        };
        // Groups change places, and experts inside their group.
        let names = [5, 3, 4, 1, 0, 2];
        let swapped: Rows = groups.iter().rev().cloned().collect();
        mixtures::names_do_not_matter(&tree(&groups, &gate), &tree(&swapped, &moved(&names)), &names, &x, 2);
    }
}

#[test]
fn only_the_token_itself_decides() {
    let mut random = Random::new(7);
    for _ in 0..2000 {
        let (flat, tree) = (random_flat(&mut random, 8, 5), random_tree(&mut random, 4, 8, 2, 5));
        mixtures::later_tokens_do_not_matter(&flat, 3, 5, &mut random);
        mixtures::later_tokens_do_not_matter(&tree, 4, 5, &mut random);
    }
    mixtures::chunks_do_not_matter(r#"{"method": "shazeer"}"#, 8, 2, |random| {
        Gate::Shazeer(random_flat(random, 8, 16))
    });
    let settings = r#"{"method": "shazeer-hierarchical", "groups": 4, "top_groups": 2}"#;
    mixtures::chunks_do_not_matter(settings, 8, 2, |random| {
        Gate::ShazeerHierarchical(random_tree(random, 4, 8, 2, 16))
    });
}

#[test]
fn constants_that_make_no_groups_are_refused() {
    let check = |groups, top_groups, top_k| {
        RouterConfig::ShazeerHierarchical(SparseTreeSettings { groups, top_groups }).check(8, top_k)
    };
    assert!(check(4, 2, 2).is_ok() && check(4, 2, 4).is_ok() && check(1, 1, 8).is_ok() && check(8, 2, 2).is_ok());
    for (groups, top_groups, top_k) in [(0, 1, 2), (3, 1, 2), (4, 0, 2), (4, 5, 5), (4, 2, 3), (4, 2, 6)] {
        assert!(
            check(groups, top_groups, top_k).unwrap_err().to_string().contains("top_groups"),
            "{groups} {top_groups} {top_k}"
        );
    }
}
