//! Routing networks: policies, sampling and learning against numpy (tests/reference/routing_networks_fixture.py).

use crate::support;
use crate::support::{chunks, floats, integers};
use burn::module::Param;
use burn::tensor::{Bool, Device, Tensor, TensorData};
use moescope::random::Random;
use moescope::router::{Carry, Context, Mode, Outcome, Router, Routing, RoutingNetworks};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    policy: Vec<Vec<f64>>,
    baseline: Vec<f64>,
    tasks: Vec<usize>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    best: Vec<i64>,
    unknown_probs: Vec<f64>,
    unknown_best: i64,
    actions: Vec<usize>,
    losses: Vec<f32>,
    new_policy: Vec<Vec<f64>>,
    new_baseline: Vec<f64>,
    loss_by_action: Vec<f32>,
    expected_updates: Vec<Vec<f64>>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("routing_networks.json")).unwrap()
}

fn router(policy: &[Vec<f64>], baseline: &[f64]) -> RoutingNetworks {
    let numbers = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
    let (tasks, experts) = (policy.len(), policy[0].len());
    let policy = TensorData::new(numbers(&policy.concat()), [tasks, experts]);
    RoutingNetworks {
        policy: Param::from_tensor(Tensor::from_data(policy, &Device::flex())),
        baseline: Param::from_tensor(Tensor::from_data(TensorData::new(numbers(baseline), [tasks]), &Device::flex())),
    }
}

/// Routes sequences of `len` tokens.
fn route(router: &RoutingNetworks, batch: usize, len: usize, tasks: &[usize], mode: Mode) -> Routing {
    let ids: Vec<u32> = vec![1; batch * len];
    let previous = vec![None; ids.len()];
    let (ids, previous, mut carry) = (&ids[..], &previous[..], Carry::default());
    let mut context = Context { top_k: 1, batch, start: 0, block: 0, mode, ids, previous, tasks, carry: &mut carry };
    router.route(Tensor::ones([batch * len, 3], &Device::flex()), &mut context)
}

fn close<const D: usize>(ours: Tensor<D>, theirs: &[f64], what: &str) {
    let ours = floats(ours);
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((f64::from(*a) - b).abs() <= 2e-6 * (1.0 + b.abs()), "{what}, place {place}: {a}, numpy {b}");
    }
}

fn marks(mask: Option<Tensor<2, Bool>>) -> Vec<bool> {
    integers(mask.unwrap().int()).iter().map(|&mark| mark == 1).collect()
}

/// Every row `len` times.
fn each<T: Clone>(rows: &[T], len: usize) -> Vec<T> {
    rows.iter().flat_map(|row| vec![row.clone(); len]).collect()
}

/// Pass is marked as unused and weighs nothing; blocks weigh 1.
fn pass_is_unused(routing: &Routing, what: &str) {
    let last = routing.logits.dims()[1] as i64 - 1;
    let passes: Vec<bool> = integers(routing.experts.clone()).iter().map(|&expert| expert == last).collect();
    assert_eq!(marks(routing.unused.clone()), passes, "{what}");
    let weights: Vec<f32> = passes.iter().map(|&pass| if pass { 0.0 } else { 1.0 }).collect();
    assert_eq!(floats(routing.weights.clone()), weights, "{what}");
}

#[test]
fn takes_the_likeliest_action_of_the_task() {
    for (number, case) in cases().iter().enumerate() {
        let router = router(&case.policy, &case.baseline);
        for mode in [Mode::Infer, Mode::Published] {
            let what = format!("case {number}, {mode:?}");
            let routing = route(&router, case.tasks.len(), 4, &case.tasks, mode);
            close(routing.logits.clone(), &each(&case.logits, 4).concat(), &format!("{what}: logits"));
            close(routing.probs.clone(), &each(&case.probs, 4).concat(), &format!("{what}: probs"));
            assert_eq!(integers(routing.experts.clone()), each(&case.best, 4), "{what}");
            pass_is_unused(&routing, &what);
            // Neither no task nor a number beyond the table is a task.
            for tasks in [&[][..], &[case.policy.len(); 2]] {
                let routing = route(&router, 2, 3, tasks, mode);
                close(routing.probs, &vec![case.unknown_probs.clone(); 6].concat(), &format!("{what}: unknown"));
                assert_eq!(integers(routing.experts), [case.unknown_best; 6], "{what}: unknown");
            }
        }
    }
}

#[test]
fn training_samples_one_action_for_a_sequence_from_the_policy() {
    let policy = [vec![0.0, 1.0, -1.0, 0.5], vec![2.0, 0.0, 0.0, 0.0]];
    let router = router(&policy, &[0.0, 0.0]);
    let (batch, steps) = (40, 100);
    let tasks: Vec<usize> = (0..batch).map(|sequence| sequence % 2).collect();
    let mut counts = [[0.0; 4]; 2];
    for noise in 0..steps {
        let routing = route(&router, batch, 2, &tasks, Mode::Train { noise });
        pass_is_unused(&routing, "training");
        let actions = integers(routing.experts);
        assert_eq!(actions, integers(route(&router, batch, 2, &tasks, Mode::Train { noise }).experts));
        for (pair, &task) in actions.chunks(2).zip(&tasks) {
            assert_eq!(pair[0], pair[1]);
            counts[task][pair[0] as usize] += 1.0 / f64::from((batch as u32 / 2) * steps as u32);
        }
    }
    for (task, row) in policy.iter().enumerate() {
        let sum: f64 = row.iter().map(|logit: &f64| logit.exp()).sum();
        for (action, logit) in row.iter().enumerate() {
            // 2000 draws: a standard deviation of at most 0.011.
            assert!((counts[task][action] - logit.exp() / sum).abs() < 0.045, "{task} {action}: {counts:?}");
        }
    }
}

/// A routing in which sequence i took `actions[i]`, with three tokens each.
fn took(actions: &[usize], experts: usize) -> Routing {
    let rows = actions.len() * 3;
    let device = Device::flex();
    let chosen: Vec<i32> = each(actions, 3).into_iter().map(|action| action as i32).collect();
    let scores = Tensor::zeros([rows, experts], &device);
    let chosen = Tensor::from_data(TensorData::new(chosen, [rows, 1]), &device);
    Routing::new(scores.clone(), scores, chosen, Tensor::ones([rows, 1], &device))
}

fn learn(router: RoutingNetworks, tasks: &[usize], actions: &[usize], losses: &[f32]) -> RoutingNetworks {
    let routing = took(actions, router.policy.dims()[1]);
    router.after_step(&Outcome { routing: &routing, tasks, losses })
}

#[test]
fn a_step_updates_policy_and_baseline_as_the_formula_says() {
    for (number, case) in cases().iter().enumerate() {
        let next = learn(router(&case.policy, &case.baseline), &case.tasks, &case.actions, &case.losses);
        close(next.policy.val(), &case.new_policy.concat(), &format!("case {number}: policy"));
        close(next.baseline.val(), &case.new_baseline, &format!("case {number}: baseline"));
    }
}

#[test]
fn the_expected_update_is_the_gradient_of_the_expected_reward() {
    for (number, case) in cases().iter().enumerate() {
        let experts = case.policy[0].len();
        for (task, expected) in case.expected_updates.iter().enumerate() {
            let sum: f64 = case.policy[task].iter().map(|logit| logit.exp()).sum();
            let mut mean = vec![0.0; experts];
            for (action, &loss) in case.loss_by_action.iter().enumerate() {
                let next = learn(router(&case.policy, &case.baseline), &[task], &[action], &[loss]);
                let moved = floats(next.policy.val());
                for (place, mean) in mean.iter_mut().enumerate() {
                    let change = f64::from(moved[task * experts + place]) - case.policy[task][place];
                    *mean += case.policy[task][action].exp() / sum * change;
                }
            }
            for (ours, theirs) in mean.iter().zip(expected) {
                assert!((ours - theirs).abs() < 1e-6, "case {number}, task {task}: {mean:?}, gradient {expected:?}");
            }
        }
    }
}

#[test]
fn losses_that_are_no_numbers_and_unknown_tasks_teach_nothing() {
    let policy = [vec![0.5, 0.0, -0.5]];
    let next = learn(router(&policy, &[-1.0]), &[0, 7, 0], &[0, 1, 2], &[f32::NAN, 1.0, f32::INFINITY]);
    assert_eq!((floats(next.policy.val()), floats(next.baseline.val())), (vec![0.5, 0.0, -0.5], vec![-1.0]));
    let still = learn(router(&policy, &[-1.0]), &[], &[0], &[]);
    assert_eq!(floats(still.policy.val()), [0.5, 0.0, -0.5]);
}

#[test]
fn each_task_finds_its_best_arm_of_a_bandit() {
    let (tasks, experts, best) = (3, 5, [1, 4, 2]);
    let mut router = router(&vec![vec![0.0; experts]; tasks], &vec![-3.0; tasks]);
    let mut noise = Random::new(3);
    let batch: Vec<usize> = (0..12).map(|sequence| sequence % tasks).collect();
    for step in 0..600 {
        let routing = route(&router, batch.len(), 1, &batch, Mode::Train { noise: step });
        let loss = |(&action, &task): (&i64, &usize)| {
            (if action == best[task] { 1.0 } else { 2.0 }) + 0.3 * noise.normal() as f32
        };
        let losses: Vec<f32> = integers(routing.experts.clone()).iter().zip(&batch).map(loss).collect();
        router = router.after_step(&Outcome { routing: &routing, tasks: &batch, losses: &losses });
    }
    let routing = route(&router, tasks, 1, &[0, 1, 2], Mode::Infer);
    assert_eq!(integers(routing.experts), best);
    let probs = floats(routing.probs);
    assert!((0..tasks).all(|task| probs[task * experts + best[task] as usize] > 0.9), "{probs:?}");
}

#[test]
fn blocks_that_other_tasks_use_are_rewarded() {
    // Same loss, same probability for the task itself: only the other task's taste differs.
    let policy = [vec![0.0, 0.0, 0.0], vec![3.0, 0.0, 0.0]];
    let gain = |action: usize| {
        let next = learn(router(&policy, &[-1.0, -1.0]), &[0], &[action], &[1.0]);
        floats(next.policy.val())[action]
    };
    assert!(gain(0) > gain(1) && gain(1) > 0.0 && gain(1) == gain(2));
}

#[test]
fn ties_go_to_the_lower_block_and_permuting_the_blocks_permutes_the_answer() {
    let even = router(&[vec![0.3; 4]], &[0.0]);
    assert_eq!(integers(route(&even, 1, 3, &[0], Mode::Infer).experts), [0; 3]);
    assert_eq!(integers(route(&even, 1, 3, &[], Mode::Infer).experts), [0; 3]);
    for case in cases() {
        let turned: Vec<Vec<f64>> = case.policy.iter().map(|row| row.iter().rev().copied().collect()).collect();
        let last = case.policy[0].len() as i64 - 1;
        let routing = route(&router(&turned, &case.baseline), case.tasks.len(), 1, &case.tasks, Mode::Infer);
        assert_eq!(integers(routing.experts), case.best.iter().map(|best| last - best).collect::<Vec<_>>());
    }
}

#[test]
fn inference_is_causal_and_the_same_in_pieces() {
    for tasks in [&[][..], &[1]] {
        chunks::causal_and_chunked(r#"{"method":"routing-networks","tasks":3}"#, 4, tasks);
    }
}

#[cfg(feature = "cli")]
mod training {
    use super::floats;
    use moescope::router::Gate;
    use moescope::train::corpus::Domain;
    use moescope::train::optimizer::OptimizerSettings;
    use moescope::train::preset::ModelPreset;
    use moescope::train::run::{Plan, TrainingRun};
    use std::cell::Cell;
    use std::path::Path;

    fn plan(name: &str) -> Plan {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let preset = ModelPreset::named("routing-networks").unwrap();
        Plan {
            seed: 3,
            steps: 4,
            batch: 3,
            len: 16,
            optimizer: OptimizerSettings { muon_lr: 0.02, adam_lr: 0.004, weight_decay: 0.05 },
            warmup: 1,
            decay: 0.5,
            coefficients: preset.coefficients,
            preset,
            every: 100,
            eval_tokens: 48,
            final_tokens: usize::MAX,
            embeddings: None,
            folder,
        }
    }

    /// Trains at most `most` steps and gives policies and baselines of all blocks.
    fn train(plan: &Plan, most: usize) -> Vec<f32> {
        let domain = |name: &str, step: u16| {
            let ids: Vec<u16> = (0..400_u16).map(|n| n * step % 50).collect();
            Domain { name: name.to_owned(), bytes: ids.len(), ids }
        };
        let data = [domain("ones", 1), domain("threes", 3)];
        let mut run = TrainingRun::open(plan, 50, 0, &data).unwrap();
        let done = Cell::new(0);
        let mut news = |_: moescope::train::run::News<'_>| {
            done.set(done.get() + 1);
            Ok(())
        };
        run.train(plan, &data, &data, &|| done.get() >= most, &mut news).unwrap();
        let numbers = |gate: &Gate| match gate {
            Gate::RoutingNetworks(router) => [floats(router.policy.val()), floats(router.baseline.val())].concat(),
            other => panic!("{other:?}"),
        };
        run.model.blocks.iter().flat_map(|block| numbers(&block.router)).collect()
    }

    #[test]
    fn the_policy_learns_while_the_model_trains_and_a_resumed_run_equals_a_whole_one() {
        let (whole, parts) = (plan("policy-whole"), plan("policy-parts"));
        let learned = train(&whole, 9);
        train(&parts, 1);
        train(&parts, 2);
        assert_eq!(learned, train(&parts, 9));
        // 11 tasks with 9 actions, of which 2 tasks occur; every block's own policy has moved.
        for block in learned.chunks(11 * 9 + 11) {
            assert!(block[..18].iter().any(|&logit| logit != 0.0), "{block:?}");
            assert!(block[18..99].iter().all(|&logit| logit == 0.0), "{block:?}");
        }
    }
}
