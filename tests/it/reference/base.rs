//! BASE's router against numpy and SciPy (tests/reference/base_fixture.py), and its assignment against brute force.

use crate::support;
use crate::support::{chunks, close, integers, route_in, tensor};
use burn::module::Param;
use burn::tensor::{Device, Tensor};
use moescope::random::Random;
use moescope::router::assignment::balanced;
use moescope::router::{
    Base, CapacitySettings, HashKind, HashSettings, Mode, NoSettings, RouterConfig, SoftMoeSettings,
};
use serde::Deserialize;

const TRAIN: Mode = Mode::Train { noise: 1 };

/// `pull` weights the expert weights, so that their gradient can be seen.
#[derive(Deserialize)]
struct Case {
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    pull: Vec<f64>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    greedy: Vec<i64>,
    greedy_weights: Vec<f64>,
    assigned: Vec<i64>,
    assigned_weights: Vec<f64>,
    assigned_by_halves: Vec<i64>,
    gate_gradient: Vec<Vec<f64>>,
    x_gradient: Vec<Vec<f64>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("base.json")).unwrap()
}

fn router(case: &Case) -> Base {
    Base { gate: Param::from_tensor(tensor(&case.gate)) }
}

#[test]
fn routes_as_the_paper_says_in_every_mode() {
    for (number, case) in cases().iter().enumerate() {
        let router = router(case);
        for (mode, batch, experts, weights) in [
            (Mode::Infer, 1, &case.greedy, Some(&case.greedy_weights)),
            (Mode::Published, 1, &case.assigned, Some(&case.assigned_weights)),
            (Mode::Published, 2, &case.assigned_by_halves, None),
            (TRAIN, 1, &case.assigned, Some(&case.assigned_weights)),
            (TRAIN, 2, &case.assigned, Some(&case.assigned_weights)),
        ] {
            let what = format!("case {number}, {mode:?}, {batch} sequences");
            let routing = route_in(&router, tensor(&case.x), 1, batch, mode);
            close(routing.logits, &case.logits.concat(), &format!("{what}: logits"));
            close(routing.probs, &case.probs.concat(), &format!("{what}: probs"));
            assert_eq!(&integers(routing.experts), experts, "{what}: experts");
            assert!(routing.losses.is_empty() && routing.dropped.is_none() && routing.unused.is_none(), "{what}");
            if let Some(weights) = weights {
                close(routing.weights, weights, &format!("{what}: weights"));
            }
        }
    }
}

#[test]
fn the_gradient_goes_through_alpha_only() {
    for (number, case) in cases().iter().enumerate() {
        let (router, x) = (router(case), tensor(&case.x).require_grad());
        let pull: Vec<Vec<f64>> = case.pull.iter().map(|&pull| vec![pull]).collect();
        let weights = route_in(&router, x.clone(), 1, 1, TRAIN).weights;
        let gradients = (weights * tensor(&pull)).sum().backward();
        let gate = router.gate.val().grad(&gradients).unwrap();
        close(gate, &case.gate_gradient.concat(), &format!("case {number}: gradient of the centroids"));
        let x = x.grad(&gradients).unwrap();
        close(x, &case.x_gradient.concat(), &format!("case {number}: gradient of the input"));
    }
}

fn total(scores: &[f32], experts: usize, chosen: &[usize]) -> f64 {
    chosen.iter().enumerate().map(|(token, &expert)| f64::from(scores[token * experts + expert])).sum()
}

fn loads(experts: usize, chosen: &[usize]) -> Vec<usize> {
    (0..experts).map(|expert| chosen.iter().filter(|&&own| own == expert).count()).collect()
}

fn even(loads: &[usize]) -> bool {
    loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1
}

/// The largest sum over all even assignments, by trying every assignment.
fn brute_force(scores: &[f32], experts: usize) -> f64 {
    let tokens = scores.len() / experts;
    let mut best = f64::MIN;
    for mut code in 0..experts.pow(tokens as u32) {
        let chosen: Vec<usize> = (0..tokens)
            .map(|_| {
                let expert = code % experts;
                code /= experts;
                expert
            })
            .collect();
        if even(&loads(experts, &chosen)) {
            best = best.max(total(scores, experts, &chosen));
        }
    }
    best
}

#[test]
fn the_assignment_is_even_and_the_best_of_all() {
    let mut random = Random::new(2);
    for round in 0..3000 {
        let (tokens, experts) = (1 + random.below(6), 1 + random.below(4));
        let scores: Vec<f32> = (0..tokens * experts)
            .map(|_| match round % 3 {
                0 => random.normal() as f32,
                // Many ties.
                1 => random.below(3) as f32 - 1.0,
                // One expert is the favourite of all.
                _ => (random.normal() * 1e-3) as f32,
            })
            .enumerate()
            .map(|(at, score)| if round % 3 == 2 && at % experts == 0 { score + 5.0 } else { score })
            .collect();
        let chosen = balanced(&scores, experts);
        assert_eq!(chosen.len(), tokens);
        assert!(even(&loads(experts, &chosen)), "round {round}: {chosen:?}");
        let (ours, best) = (total(&scores, experts, &chosen), brute_force(&scores, experts));
        assert!((ours - best).abs() < 1e-6, "round {round}, {tokens} tokens, {experts} experts: {ours}, best {best}");
    }
}

#[test]
fn no_round_of_exchanges_improves_a_large_assignment() {
    // With equal loads an assignment is optimal exactly if no cycle of moves between experts gains anything.
    let mut random = Random::new(4);
    for (tokens, experts, skew) in [(512, 8, 0.0), (512, 8, 2.0), (960, 16, 0.5), (300, 3, 10.0)] {
        let tilt: Vec<f64> = (0..experts).map(|_| random.normal() * skew).collect();
        let scores: Vec<f32> = (0..tokens * experts).map(|at| (random.normal() + tilt[at % experts]) as f32).collect();
        let chosen = balanced(&scores, experts);
        assert_eq!(loads(experts, &chosen), vec![tokens / experts; experts]);
        let mut cost = vec![vec![f64::INFINITY; experts]; experts];
        for (token, &a) in chosen.iter().enumerate() {
            for b in 0..experts {
                let row = &scores[token * experts..];
                cost[a][b] = cost[a][b].min(f64::from(row[a]) - f64::from(row[b]));
            }
        }
        for middle in 0..experts {
            for a in 0..experts {
                for b in 0..experts {
                    cost[a][b] = cost[a][b].min(cost[a][middle] + cost[middle][b]);
                }
            }
        }
        assert!((0..experts).all(|expert| cost[expert][expert] > -1e-9), "{tokens} tokens, {experts} experts");
    }
}

#[test]
fn which_of_equal_tokens_moves_does_not_hang_on_rounding() {
    let mut random = Random::new(29);
    for _ in 0..500 {
        let (tokens, experts) = (64, 2 + random.below(7));
        let mut scores: Vec<f32> = (0..tokens * experts).map(|_| (random.normal() * 0.2) as f32).collect();
        for _ in 0..16 {
            let (from, to) = (random.below(tokens) * experts, random.below(tokens) * experts);
            scores.copy_within(from..from + experts, to);
        }
        let rounded: Vec<f32> = scores.iter().map(|score| score * (1.0 + random.normal() as f32 * 1e-7)).collect();
        assert_eq!(balanced(&scores, experts), balanced(&rounded, experts));
    }
}

#[test]
fn odd_scores_have_an_assignment_too() {
    assert_eq!(balanced(&[], 3), Vec::<usize>::new());
    assert_eq!(balanced(&[], 0), Vec::<usize>::new());
    assert_eq!(balanced(&[0.5, 0.2], 1), [0, 0]);
    for value in [0.0, f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE] {
        assert!(even(&loads(4, &balanced(&[value; 40], 4))), "{value}");
    }
    let alone = balanced(&[0.1, 0.3, 0.2], 3);
    assert_eq!(alone, [1], "a single token goes to its best expert");
    assert_eq!(balanced(&[1.0; 12], 4), balanced(&[1.0; 12], 4));
}

#[test]
fn equal_affinities_go_to_the_lower_expert() {
    let device = Device::flex();
    let router = Base { gate: Param::from_tensor(Tensor::ones([4, 3], &device)) };
    let routing = route_in(&router, Tensor::ones([5, 3], &device), 1, 1, Mode::Infer);
    assert_eq!(integers(routing.experts), [0; 5]);
}

#[test]
fn permuting_the_experts_permutes_the_answer() {
    let order = [2_usize, 0, 3, 1];
    for case in cases().iter().filter(|case| case.gate.len() == order.len()) {
        let turned = Base { gate: Param::from_tensor(tensor(&order.map(|from| case.gate[from].clone()))) };
        for mode in [Mode::Infer, Mode::Published, TRAIN] {
            let one = integers(route_in(&router(case), tensor(&case.x), 1, 1, mode).experts);
            let other = integers(route_in(&turned, tensor(&case.x), 1, 1, mode).experts);
            assert_eq!(one, other.iter().map(|&expert| order[expert as usize] as i64).collect::<Vec<_>>(), "{mode:?}");
        }
    }
    let mut random = Random::new(23);
    let mut some =
        |rows: usize| -> Vec<Vec<f64>> { (0..rows).map(|_| (0..3).map(|_| random.normal()).collect()).collect() };
    for _ in 0..2000 {
        let (gate, x) = (some(4), some(8));
        let named = |gate: &[Vec<f64>], mode| {
            let base = Base { gate: Param::from_tensor(tensor(gate)) };
            integers(route_in(&base, tensor(&x), 1, 1, mode).experts)
        };
        let turned = order.map(|from| gate[from].clone());
        for mode in [Mode::Infer, Mode::Published] {
            let renamed: Vec<i64> = named(&turned, mode).iter().map(|&e| order[e as usize] as i64).collect();
            assert_eq!(named(&gate, mode), renamed, "{mode:?}");
        }
    }
}

#[test]
fn inference_is_causal_and_the_same_in_pieces() {
    chunks::causal_and_chunked(r#"{"method":"base"}"#, 4, &[]);
}

#[test]
fn settings_know_which_methods_look_ahead() {
    let hash = |kind| RouterConfig::Hash(HashSettings { kind });
    assert!(
        RouterConfig::Mixtral(NoSettings {}).causal()
            && hash(HashKind::Previous).causal()
            && hash(HashKind::Random).causal()
    );
    let ahead = [
        RouterConfig::Base(NoSettings {}),
        hash(HashKind::Oracle),
        RouterConfig::Gshard(CapacitySettings { capacity_factor: 1.0, group: 8 }),
        RouterConfig::ExpertChoice(CapacitySettings { capacity_factor: 1.0, group: 8 }),
        RouterConfig::SoftMoe(SoftMoeSettings { slots: 1, group: 8 }),
    ];
    assert!(ahead.iter().all(|settings| !settings.causal()));
}
