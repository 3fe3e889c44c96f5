//! Routing networks: what holds for any table of policies, over thousands of random ones.

use crate::support::{floats, integers};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{Carry, Context, Mode, Outcome, Router, Routing, RoutingNetworks};

const ROUNDS: u64 = 2000;

/// Logits of `tasks` policies over `experts` actions, some of them equal.
fn table(random: &mut Random, tasks: usize, experts: usize) -> Vec<f32> {
    let coarse = random.below(2) == 0;
    let logit = |random: &mut Random| random.normal() as f32;
    (0..tasks * experts).map(|_| if coarse { (logit(random) * 2.0).round() / 2.0 } else { logit(random) }).collect()
}

fn router(table: &[f32], tasks: usize, baseline: Vec<f32>) -> RoutingNetworks {
    let tensor = TensorData::new(table.to_vec(), [tasks, table.len() / tasks]);
    RoutingNetworks {
        policy: Param::from_tensor(Tensor::from_data(tensor, &Device::flex())),
        baseline: Param::from_tensor(Tensor::from_data(TensorData::new(baseline, [tasks]), &Device::flex())),
    }
}

fn route(router: &RoutingNetworks, len: usize, tasks: &[usize], mode: Mode) -> Routing {
    let batch = tasks.len();
    let (ids, previous, mut carry) = (vec![1; batch * len], vec![None; batch * len], Carry::default());
    let (ids, previous) = (&ids[..], &previous[..]);
    let mut context = Context { top_k: 1, batch, start: 0, block: 0, mode, ids, previous, tasks, carry: &mut carry };
    router.route(Tensor::ones([batch * len, 2], &Device::flex()), &mut context)
}

/// One action for a whole sequence; a block weighs 1, pass nothing; the likeliest action is the first of the largest
/// logits of the task's own row; what is sampled can be sampled.
#[test]
fn every_sequence_takes_one_action_of_its_task() {
    let mut random = Random::new(21);
    for round in 0..ROUNDS {
        let (tasks, experts, len) = (1 + random.below(4), 2 + random.below(8), 1 + random.below(5));
        let table = table(&mut random, tasks, experts);
        let router = router(&table, tasks, vec![0.0; tasks]);
        let asked: Vec<usize> = (0..1 + random.below(5)).map(|_| random.below(tasks)).collect();
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: round }] {
            let routing = route(&router, len, &asked, mode);
            let (actions, weights) = (integers(routing.experts.clone()), floats(routing.weights.clone()));
            assert_eq!(integers(routing.computed()).len(), asked.len() * len);
            for ((task, actions), weights) in asked.iter().zip(actions.chunks(len)).zip(weights.chunks(len)) {
                assert!(actions.iter().all(|action| *action == actions[0]), "round {round}, {mode:?}: {actions:?}");
                let weight = if actions[0] == experts as i64 - 1 { 0.0 } else { 1.0 };
                assert!(weights.iter().all(|one| *one == weight), "round {round}, {mode:?}: {weights:?}");
                let row = &table[task * experts..(task + 1) * experts];
                let mut best = 0;
                for (place, logit) in row.iter().enumerate() {
                    best = if *logit > row[best] { place } else { best };
                }
                match mode {
                    Mode::Train { .. } => assert!((0..experts as i64).contains(&actions[0])),
                    _ => assert_eq!(actions[0], best as i64, "round {round}, {mode:?}: {row:?}"),
                }
            }
        }
    }
}

/// A longer sequence begins as the shorter one, whatever the mode, and a sequence's action does not depend on those that
/// come after it.
#[test]
fn what_comes_later_changes_nothing() {
    let mut random = Random::new(22);
    for round in 0..ROUNDS {
        let (tasks, experts) = (1 + random.below(4), 2 + random.below(8));
        let router = router(&table(&mut random, tasks, experts), tasks, vec![0.0; tasks]);
        let (short, long) = (1 + random.below(3), 4 + random.below(3));
        let asked: Vec<usize> = (0..3).map(|_| random.below(tasks)).collect();
        for mode in [Mode::Infer, Mode::Train { noise: round }] {
            let actions = |len, asked: &[usize]| {
                let all = integers(route(&router, len, asked, mode).experts);
                all.chunks(len).map(|sequence| sequence[0]).collect::<Vec<_>>()
            };
            let whole = actions(long, &asked);
            assert_eq!(actions(short, &asked), whole, "round {round}, {mode:?}");
            assert_eq!(actions(long, &asked[..2]), whole[..2], "round {round}, {mode:?}");
        }
    }
}

/// Other names for the blocks (pass keeps its own): the answer is the same under the new names.
#[test]
fn names_of_the_blocks_do_not_matter() {
    let mut random = Random::new(23);
    for round in 0..ROUNDS {
        let (tasks, experts) = (1 + random.below(4), 3 + random.below(7));
        let old: Vec<f32> = (0..tasks * experts).map(|_| random.normal() as f32).collect();
        let mut names: Vec<usize> = (0..experts - 1).collect();
        (1..names.len()).rev().for_each(|last| names.swap(last, random.below(last + 1)));
        names.push(experts - 1);
        let mut new = old.clone();
        for task in 0..tasks {
            names.iter().enumerate().for_each(|(place, name)| new[task * experts + name] = old[task * experts + place]);
        }
        let asked: Vec<usize> = (0..tasks).collect();
        let actions =
            |table: &[f32]| integers(route(&router(table, tasks, vec![0.0; tasks]), 1, &asked, Mode::Infer).experts);
        let renamed: Vec<i64> = actions(&old).iter().map(|action| names[*action as usize] as i64).collect();
        assert_eq!(actions(&new), renamed, "round {round}");
    }
}

/// A lesson moves probability between actions and makes none: the logits' changes of a task add up to nothing. A reward
/// above the baseline makes the action taken likelier, one below it less likely, and other tasks keep their policy.
#[test]
fn a_lesson_is_for_its_task_and_in_the_direction_of_the_reward() {
    let mut random = Random::new(24);
    for round in 0..ROUNDS {
        let (tasks, experts) = (1 + random.below(4), 2 + random.below(8));
        let table = table(&mut random, tasks, experts);
        let (task, better) = (random.below(tasks), random.below(2) == 0);
        let router = router(&table, tasks, vec![-2.0; tasks]);
        let routing = route(&router, 3, &[task], Mode::Train { noise: round });
        let action = integers(routing.experts.clone())[0] as usize;
        // The collaboration reward is at most 0.05.
        let loss = if better { 1.0 } else { 3.0 };
        let next = router.after_step(&Outcome { routing: &routing, tasks: &[task], losses: &[loss] });
        let moved: Vec<f64> =
            floats(next.policy.val()).iter().zip(&table).map(|(new, old)| f64::from(*new) - f64::from(*old)).collect();
        for (other, changes) in moved.chunks(experts).enumerate() {
            if other != task {
                assert!(changes.iter().all(|change| *change == 0.0), "round {round}: {changes:?}");
                continue;
            }
            assert!(changes.iter().sum::<f64>().abs() < 1e-5, "round {round}: {changes:?}");
            assert!((changes[action] > 0.0) == better, "round {round}: {changes:?}, action {action}, loss {loss}");
        }
        let baseline = floats(next.baseline.val());
        assert!((baseline[task] > -2.0) == better, "round {round}: {baseline:?}");
    }
}
