//! The mixtures of experts of 1991 and 1994, values and gradients, against plain loops in double precision
//! (tests/reference/mixtures_fixture.py), and what they claim.

use crate::support;
use crate::support::mixtures::{close, normal, param, tensor};
use crate::support::{floats, integers, mixtures, route, route_in};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::error::RouterFault;
use moescope::random::Random;
use moescope::router::hierarchical_mixture::{branches, posterior};
use moescope::router::jacobs::{competitive_error, cooperative_error};
use moescope::router::{Gate, HierarchicalMixture, Jacobs, Mode, NoSettings, RouterConfig, Routing, TreeSettings};
use serde::Deserialize;

type Rows = Vec<Vec<f64>>;

#[derive(Deserialize)]
struct Fixture {
    flat: Vec<Flat>,
    tree: Vec<Tree>,
    errors: Vec<Errors>,
}

#[derive(Deserialize)]
struct Flat {
    x: Rows,
    gate: Rows,
    pull: Rows,
    logits: Rows,
    probs: Rows,
    experts: Vec<Vec<i64>>,
    weights: Rows,
    gate_gradient: Rows,
}

#[derive(Deserialize)]
struct Tree {
    groups: usize,
    x: Rows,
    group_gate: Rows,
    gate: Rows,
    pull: Rows,
    logits: Rows,
    probs: Rows,
    experts: Vec<Vec<i64>>,
    weights: Rows,
    group_gate_gradient: Rows,
    gate_gradient: Rows,
    log_likelihoods: Rows,
    branch: Rows,
    within: Rows,
    leaf: Rows,
}

#[derive(Deserialize)]
struct Errors {
    p: Rows,
    outputs: Vec<Rows>,
    target: Rows,
    cooperative: f64,
    cooperative_p: Rows,
    cooperative_outputs: Vec<Rows>,
    competitive: f64,
    competitive_p: Rows,
    competitive_outputs: Vec<Rows>,
}

fn fixture() -> Fixture {
    serde_json::from_str(&support::text("mixtures.json")).unwrap()
}

fn jacobs(gate: &[Vec<f64>]) -> Jacobs {
    Jacobs { gate: param(gate) }
}

fn tree(group_gate: &[Vec<f64>], gate: &[Vec<f64>]) -> HierarchicalMixture {
    HierarchicalMixture { group_gate: param(group_gate), gate: param(gate) }
}

fn check(routing: &Routing, expected: [&Rows; 3], experts: &[Vec<i64>], what: &str) {
    close(routing.logits.clone(), &expected[0].concat(), &format!("{what}: logits"));
    close(routing.probs.clone(), &expected[1].concat(), &format!("{what}: probs"));
    close(routing.weights.clone(), &expected[2].concat(), &format!("{what}: weights"));
    assert_eq!(integers(routing.experts.clone()), experts.concat(), "{what}: experts");
}

#[test]
fn the_flat_gate_is_the_formulas() {
    for (number, case) in fixture().flat.iter().enumerate() {
        let what = format!("case {number}");
        let router = jacobs(&case.gate);
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 3 }] {
            let routing = route_in(&router, tensor(&case.x), case.gate.len(), 1, mode);
            check(&routing, [&case.logits, &case.probs, &case.weights], &case.experts, &what);
            let gradients = (routing.weights * tensor(&case.pull)).sum().backward();
            close(router.gate.val().grad(&gradients).unwrap(), &case.gate_gradient.concat(), &what);
        }
    }
}

#[test]
fn the_tree_is_the_formulas() {
    for (number, case) in fixture().tree.iter().enumerate() {
        let what = format!("case {number}");
        let router = tree(&case.group_gate, &case.gate);
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 3 }] {
            let routing = route_in(&router, tensor(&case.x), case.gate.len(), 1, mode);
            check(&routing, [&case.logits, &case.probs, &case.weights], &case.experts, &what);
            let gradients = (routing.weights * tensor(&case.pull)).sum().backward();
            for (param, expected) in
                [(&router.group_gate, &case.group_gate_gradient), (&router.gate, &case.gate_gradient)]
            {
                close(param.val().grad(&gradients).unwrap(), &expected.concat(), &what);
            }
        }
        let posterior = posterior(tensor(&case.probs), tensor(&case.log_likelihoods), case.groups);
        close(posterior.branch, &case.branch.concat(), &format!("{what}: h_i"));
        close(posterior.within, &case.within.concat(), &format!("{what}: h_j|i"));
        close(posterior.leaf, &case.leaf.concat(), &format!("{what}: h_ij"));
    }
}

fn cube(rows: &[Rows]) -> Tensor<3> {
    let values: Vec<f32> = rows.concat().concat().iter().map(|&value| value as f32).collect();
    let shape = [rows.len(), rows[0].len(), rows[0][0].len()];
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

#[test]
fn errors_and_their_gradients_are_those_of_the_formulas() {
    type Error = fn(Tensor<2>, Tensor<3>, Tensor<2>) -> Tensor<1>;
    for (number, case) in fixture().errors.iter().enumerate() {
        for (what, error, value, in_p, in_outputs) in [
            (
                "co-operative",
                cooperative_error as Error,
                case.cooperative,
                &case.cooperative_p,
                &case.cooperative_outputs,
            ),
            ("competitive", competitive_error, case.competitive, &case.competitive_p, &case.competitive_outputs),
        ] {
            let (p, outputs) = (tensor(&case.p).require_grad(), cube(&case.outputs).require_grad());
            let ours = error(p.clone(), outputs.clone(), tensor(&case.target));
            let gradients = ours.backward();
            let what = format!("case {number}, {what}");
            close(ours, &[value], &what);
            close(p.grad(&gradients).unwrap(), &in_p.concat(), &format!("{what}: gradient in p"));
            let gradient = outputs.grad(&gradients).unwrap();
            close(gradient, &in_outputs.concat().concat(), &format!("{what}: gradient in outputs"));
        }
    }
}

#[test]
fn errors_are_finite_where_a_share_is_zero_or_experts_are_far_away() {
    let p = tensor(&[vec![0.0, 1.0]]).require_grad();
    let outputs = cube(&[vec![vec![3e3], vec![-2e3]]]).require_grad();
    let error = competitive_error(p.clone(), outputs.clone(), tensor(&[vec![0.0]]));
    let gradients = error.backward();
    assert_eq!(floats(error), [2e6]);
    assert!(floats(p.grad(&gradients).unwrap()).iter().all(|value| value.is_finite()));
    assert_eq!(floats(outputs.grad(&gradients).unwrap()), [0.0, -2e3], "only the second can have produced it");
}

#[test]
fn every_token_is_shared_out_and_ties_go_to_the_lower_expert() {
    let mut random = Random::new(1);
    for _ in 0..2000 {
        let x = normal(&mut random, 10, 5, 2.0);
        let (flat, groups) = (normal(&mut random, 8, 5, 1.0), normal(&mut random, 4, 5, 1.0));
        mixtures::rows_are_shares(&jacobs(&flat), tensor(&x), 8, Mode::Infer);
        mixtures::rows_are_shares(&tree(&groups, &flat), tensor(&x), 8, Mode::Infer);
    }
    let zeros = |rows| vec![vec![0.0; 5]; rows];
    let x = tensor(&normal(&mut random, 3, 5, 1.0));
    let order: Vec<i64> = (0..3).flat_map(|_| 0..8).collect();
    assert_eq!(integers(route(&jacobs(&zeros(8)), x.clone(), 8).experts), order);
    assert_eq!(integers(route(&tree(&zeros(4), &zeros(8)), x, 8).experts), order);
}

#[test]
fn the_first_gate_can_be_read_from_what_is_shown() {
    let mut random = Random::new(2);
    for _ in 0..2000 {
        let (x, groups, gate) =
            (normal(&mut random, 6, 5, 1.0), normal(&mut random, 4, 5, 1.0), normal(&mut random, 8, 5, 1.0));
        let routing = route(&tree(&groups, &gate), tensor(&x), 8);
        let first: Rows =
            x.iter().map(|x| groups.iter().map(|w| x.iter().zip(w).map(|(a, b)| a * b).sum()).collect()).collect();
        let shares = |row: &Vec<f64>| row.iter().map(|a| a.exp() / row.iter().map(|b| b.exp()).sum::<f64>()).collect();
        close(
            branches(routing.probs, 4),
            &first.iter().flat_map(|row| -> Vec<f64> { shares(row) }).collect::<Vec<_>>(),
            "g_i",
        );
        close(branches(routing.logits.exp(), 4).log(), &first.concat(), "a_i");
    }
}

#[test]
fn names_of_experts_do_not_matter() {
    let mut random = Random::new(3);
    for _ in 0..2000 {
        let (x, groups, gate) =
            (normal(&mut random, 6, 5, 1.0), normal(&mut random, 2, 5, 1.0), normal(&mut random, 6, 5, 1.0));
        let moved = |names: &[usize]| {
            let mut moved = gate.clone();
            names.iter().enumerate().for_each(|(expert, &name)| moved[name] = gate[expert].clone());
            moved
        };
        let names = [3, 0, 5, 1, 2, 4];
        mixtures::names_do_not_matter(&jacobs(&gate), &jacobs(&moved(&names)), &names, &x, 6);
        // In a tree branches change places, and leaves inside their branch.
        let names = [5, 3, 4, 1, 0, 2];
        let swapped: Rows = groups.iter().rev().cloned().collect();
        mixtures::names_do_not_matter(&tree(&groups, &gate), &tree(&swapped, &moved(&names)), &names, &x, 6);
    }
}

#[test]
fn only_the_token_itself_decides() {
    let mut random = Random::new(4);
    let gates = |random: &mut Random, width| (normal(random, 2, width, 1.0), normal(random, 6, width, 1.0));
    for _ in 0..2000 {
        let (first, second) = gates(&mut random, 5);
        mixtures::later_tokens_do_not_matter(&jacobs(&second), 6, 5, &mut random);
        mixtures::later_tokens_do_not_matter(&tree(&first, &second), 6, 5, &mut random);
    }
    mixtures::chunks_do_not_matter(r#"{"method": "jacobs"}"#, 6, 6, |random| {
        Gate::Jacobs(jacobs(&gates(random, 16).1))
    });
    mixtures::chunks_do_not_matter(r#"{"method": "hierarchical-mixture", "groups": 2}"#, 6, 6, |random| {
        let (first, second) = gates(random, 16);
        Gate::HierarchicalMixture(tree(&first, &second))
    });
}

#[test]
fn posteriors_are_bayes_rule() {
    // Brute force over leaves: P(leaf | target) = P(leaf) P(target | leaf) / P(target).
    let mut random = Random::new(5);
    for _ in 0..2000 {
        let (groups, size) = (1 + random.below(4), 1 + random.below(4));
        let experts = groups * size;
        let raw: Vec<f64> = (0..experts).map(|_| 0.01 + random.uniform()).collect();
        let prior: Vec<f64> = raw.iter().map(|value| value / raw.iter().sum::<f64>()).collect();
        let likelihood: Vec<f64> = (0..experts).map(|_| 0.001 + random.uniform()).collect();
        let logs: Vec<f64> = likelihood.iter().map(|value| value.ln()).collect();
        let ours = posterior(tensor(std::slice::from_ref(&prior)), tensor(&[logs]), groups);
        let evidence: f64 = (0..experts).map(|e| prior[e] * likelihood[e]).sum();
        let leaf: Vec<f64> = (0..experts).map(|e| prior[e] * likelihood[e] / evidence).collect();
        let branch: Vec<f64> = leaf.chunks(size).map(|leaves| leaves.iter().sum()).collect();
        close(ours.leaf.clone(), &leaf, "h_ij");
        close(ours.branch.clone(), &branch, "h_i");
        close(ours.within, &(0..experts).map(|e| leaf[e] / branch[e / size]).collect::<Vec<_>>(), "h_j|i");
        close(ours.leaf.sum(), &[1.0], "sum of leaves");
        close(ours.branch.sum(), &[1.0], "sum of branches");
    }
}

/// Two linear experts of one variable and a linear softmax gate, [2, 2] each: slope and intercept.
struct Toy {
    experts: Tensor<2>,
    gate: Tensor<2>,
}

impl Toy {
    /// The shares [T, 2] and the outputs [T, 2] for inputs with a column of ones, [T, 2].
    fn run(&self, x: &Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let product = |weights: &Tensor<2>| x.clone().matmul(weights.clone().swap_dims(0, 1));
        (softmax(product(&self.gate), 1), product(&self.experts))
    }

    /// Plain gradient descent on an error.
    fn train(mut self, x: &Tensor<2>, d: &Tensor<2>, error: fn(Tensor<2>, Tensor<3>, Tensor<2>) -> Tensor<1>) -> Self {
        for _ in 0..1500 {
            let (experts, gate) = (self.experts.require_grad(), self.gate.require_grad());
            self = Self { experts: experts.clone(), gate: gate.clone() };
            let (p, outputs) = self.run(x);
            let gradients = error(p, outputs.unsqueeze_dim(2), d.clone()).backward();
            let step = |at: Tensor<2>| {
                let gradient = floats(at.grad(&gradients).unwrap());
                let next =
                    floats(at).iter().zip(gradient).map(|(at, slope)| f64::from(at - 0.1 * slope)).collect::<Vec<_>>();
                tensor(&next.chunks(2).map(<[f64]>::to_vec).collect::<Rows>())
            };
            self = Self { experts: step(experts), gate: step(gate) };
        }
        self
    }

    /// How many cases have one expert with a posterior above 0.9, and how far the better expert of each case is off.
    fn separation(&self, x: &Tensor<2>, d: &[f64]) -> (f64, f64) {
        let (p, outputs) = self.run(x);
        let (p, outputs) = (floats(p), floats(outputs));
        let (mut sure, mut off) = (0.0, 0.0);
        for ((p, outputs), d) in p.chunks(2).zip(outputs.chunks(2)).zip(d) {
            let distance = |i: usize| (d - f64::from(outputs[i])).powi(2);
            let joint = [0, 1].map(|i: usize| f64::from(p[i]) * (-0.5 * distance(i)).exp());
            let winner = usize::from(joint[1] > joint[0]);
            sure += f64::from(u8::from(joint[winner] / (joint[0] + joint[1]) > 0.9));
            off += distance(winner);
        }
        (sure / d.len() as f64, off / d.len() as f64)
    }
}

#[test]
fn competing_experts_separate_what_cooperating_ones_share() {
    let inputs: Vec<f64> = (0..60).map(|place| -1.475 + 0.05 * f64::from(place)).collect();
    let targets: Vec<f64> = inputs.iter().map(|x| 3.0 * x.abs()).collect();
    let x = tensor(&inputs.iter().map(|&x| vec![x, 1.0]).collect::<Rows>());
    let d = tensor(&targets.iter().map(|&d| vec![d]).collect::<Rows>());
    for seed in 0..3 {
        let begin = |random: &mut Random| tensor(&normal(random, 2, 2, 0.3));
        let trained = |error| {
            let mut random = Random::new(seed);
            let toy = Toy { experts: begin(&mut random), gate: begin(&mut random) };
            toy.train(&x, &d, error).separation(&x, &targets)
        };
        let (competing, cooperating) = (trained(competitive_error), trained(cooperative_error));
        assert!(competing.0 > 0.8 && competing.0 > cooperating.0, "{seed}: {competing:?}, {cooperating:?}");
        assert!(3.0 * competing.1 < cooperating.1, "{seed}: {competing:?}, {cooperating:?}");
    }
}

#[test]
fn constants_that_make_no_tree_are_refused() {
    let tree = |groups| RouterConfig::HierarchicalMixture(TreeSettings { groups }).check(8, 8);
    assert!(tree(4).is_ok() && tree(1).is_ok() && tree(8).is_ok());
    assert!(tree(0).is_err() && tree(3).unwrap_err() == RouterFault::Groups { groups: 3, experts: 8 });
    assert!(
        RouterConfig::Jacobs(NoSettings {}).check(8, 8).is_ok()
            && RouterConfig::Jacobs(NoSettings {}).check(8, 2) == Err(RouterFault::All { experts: 8, k: 2 })
    );
}
