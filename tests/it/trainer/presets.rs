//! Every preset shows what it promises, and every method trains.

use crate::trainer::support::{start, tiny, train};
use moescope::device::OpenDevice;
use moescope::methods;
use moescope::methods::Coefficient;
use moescope::protocol::DeviceReason;
use moescope::run::{Evaluation, Preset, Settings, StepRecord};
use moescope::trainer::Experiment;
use moescope::trainer::self_check::checks;
use pollster::block_on;

/// What a preset has come to.
struct Reached {
    first: f32,
    evaluation: Evaluation,
    /// The last fifty steps.
    last: Vec<StepRecord>,
}

impl Reached {
    /// The worst layer's largest over mean load on held-out text.
    fn worst(&self) -> f32 {
        self.evaluation.layers.iter().map(|layer| layer.max_over_mean).fold(0.0, f32::max)
    }

    fn dead(&self) -> u32 {
        self.evaluation.layers.iter().map(|layer| layer.dead).sum()
    }

    /// The same as [`Self::worst`] in training, in the mean over the last steps.
    fn in_training(&self) -> f32 {
        let worst = |record: &StepRecord| record.layers.iter().map(|layer| layer.max_over_mean).fold(0.0, f32::max);
        self.last.iter().map(worst).sum::<f32>() / self.last.len() as f32
    }

    /// Share of the choices that move to other experts from one step to the next, in the worst layer.
    fn moved(&self) -> f32 {
        let layer = |layer: usize| {
            let pairs = self.last.windows(2).map(|pair| (&pair[0].layers[layer].load, &pair[1].layers[layer].load));
            let moved = pairs.map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / 2.0);
            moved.sum::<f32>() / (self.last.len() - 1) as f32
        };
        (0..self.evaluation.layers.len()).map(layer).fold(0.0, f32::max)
    }
}

fn reach(run: &mut Experiment, branch: u32, steps: usize) -> Reached {
    let records = train(run, branch, steps);
    let (evaluation, _) = block_on(run.evaluate(branch)).unwrap();
    Reached { first: records[0].loss, evaluation, last: records[steps - 50..].to_vec() }
}

fn preset(name: &str, seed: u64) -> Reached {
    let preset = Preset::named(name).unwrap();
    let mut run = start(&Settings { seed, ..preset.settings });
    let reached = reach(&mut run, 0, preset.steps as usize);
    let (loss, what) = (reached.evaluation.loss, format!("{name} with seed {seed}"));
    // Untrained, every token is about equally likely.
    assert!((reached.first - 320_f32.ln()).abs() < 0.2, "{what}: {}", reached.first);
    assert!(loss < 1.8, "{what}: {loss}");
    reached
}

/// Any, and far apart.
const SEEDS: [u64; 5] = [1, 2, 20, 300, 99_999];

#[test]
fn without_balancing_the_experts_collapse() {
    for seed in SEEDS {
        let reached = preset("collapse", seed);
        assert!(reached.worst() > 3.0 && reached.dead() >= 4, "{seed}: {}, {} dead", reached.worst(), reached.dead());
    }
}

#[test]
fn with_the_balancing_loss_they_do_not() {
    for seed in SEEDS {
        let reached = preset("switch-balanced", seed);
        assert!(reached.worst() < 1.8 && reached.dead() == 0, "{seed}: {}, {} dead", reached.worst(), reached.dead());
    }
}

#[test]
fn a_slow_bias_balances_and_a_fast_one_oscillates() {
    for seed in SEEDS {
        let (slow, fast) = (preset("loss-free", seed), preset("bias-too-fast", seed));
        assert!(slow.worst() < 1.5, "{seed}: {}", slow.worst());
        assert!(slow.moved() < 0.15 && fast.moved() > 0.7, "{seed}: {} and {}", slow.moved(), fast.moved());
        assert!(fast.in_training() > 2.0, "{seed}: {}", fast.in_training());
    }
}

#[test]
fn base_gives_every_expert_the_same_number_of_tokens_in_training() {
    for seed in SEEDS {
        let reached = preset("base", seed);
        assert!((reached.in_training() - 1.0).abs() < 1e-6, "{seed}: {}", reached.in_training());
        assert!(reached.worst() > 1.1, "{seed}: in use the greedy choice is not even: {}", reached.worst());
    }
}

#[test]
fn a_hash_runs_beside_a_router_that_learns() {
    let preset = Preset::named("hash").unwrap();
    for seed in SEEDS {
        let mut run = start(&Settings { seed, ..preset.settings.clone() });
        let (hash, learned) = (reach(&mut run, 0, 100), reach(&mut run, 1, 100));
        let entropy = |reached: &Reached| reached.last[49].layers[0].router_entropy;
        assert_eq!(entropy(&hash), None, "there are no scores");
        assert!(entropy(&learned).is_some_and(|entropy| entropy > 0.01), "{seed}: {:?}", entropy(&learned));
        assert!(hash.evaluation.loss < hash.first - 1.0 && learned.evaluation.loss < learned.first - 1.0, "{seed}");
    }
}

#[test]
fn every_method_trains() {
    for method in methods::trained() {
        let settings = Settings { method, top_k: 2, ..tiny() }.fitted();
        let mut run = start(&settings);
        let records = train(&mut run, 0, 60);
        let mean = |records: &[StepRecord]| records.iter().map(|record| record.loss).sum::<f32>() / 10.0;
        let (first, last) = (mean(&records[..10]), mean(&records[50..]));
        assert!(last < first - 0.3, "{}: {first} to {last}", method.id);
        let (evaluation, trace) = block_on(run.evaluate(0)).unwrap();
        assert!(evaluation.loss.is_finite() && evaluation.bits_per_byte > 0.0);
        assert_eq!((trace.layers.len(), trace.model.experts), (2, 4), "{}", method.id);
        for layer in records.iter().flat_map(|record| &record.layers) {
            let sum: f32 = layer.load.iter().sum();
            // Where every sequence passes, or no score is large enough, nothing is chosen.
            let may_be_empty = method == &methods::ROUTING_NETWORKS || method.varies();
            assert!((may_be_empty && sum == 0.0) || (sum - 1.0).abs() < 1e-4, "{}: {sum}", method.id);
            assert_eq!(layer.router_entropy.is_none(), method.is_fixed(), "{}", method.id);
            assert!((0.0..=1.0001).contains(&layer.router_entropy.unwrap_or_default()), "{}", method.id);
            assert_eq!(layer.balance_loss.is_some() || layer.load_loss.is_some(), method.has(Coefficient::Balance));
            assert_eq!(layer.z_loss.is_some(), method.has(Coefficient::Z), "{}", method.id);
        }
    }
}

#[test]
fn gradients_equal_finite_differences_and_of_equal_experts_the_first_is_taken() {
    let device = OpenDevice::cpu(DeviceReason::CpuChosen);
    for check in checks() {
        let result = block_on(check.run(&device)).unwrap();
        assert!(result.ok, "{}: error {}, {}", result.name, result.error, result.note);
    }
}
