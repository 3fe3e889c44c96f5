//! A branch's curves in bounded memory. When there are too many steps, half of them go, and from then on only half come.
//!
//! What goes and stays are pairs of neighbours, and of two pairs now the first and now the second stays. So what changes
//! from one step to the next can be seen however long the run is; one step of every so many would show a load that swings
//! always at the same point of its swing, and so as if it stood still.

use super::record::{Evaluation, StepRecord};
use std::fmt::Write as _;

/// Most steps, and most evaluations, that are kept of a branch.
pub const MOST: usize = 8192;

/// The curves of a branch.
#[derive(Clone, Debug, Default)]
pub struct History {
    steps: Vec<StepRecord>,
    evaluations: Vec<Evaluation>,
    /// How often half of the steps went: of 2^thinned pairs, one is kept.
    thinned: u32,
}

/// Whether a step stays after so many thinnings. What stays after one more is a part of what stays now: of two blocks of
/// pairs, one goes on.
fn stays(step: u64, thinned: u32) -> bool {
    let pair = step.saturating_sub(1) / 2;
    (0..thinned).all(|level| {
        let block = pair >> level;
        block & 1 == side(block >> 1, level)
    })
}

/// Which of two blocks goes on, 0 or 1, by multiples of the golden ratio, which keep time with no period.
fn side(block: u64, level: u32) -> u64 {
    (block + u64::from(level)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 63
}

impl History {
    /// Adds a step.
    pub fn push(&mut self, record: StepRecord) {
        if self.steps.len() >= MOST {
            self.thinned += 1;
            let thinned = self.thinned;
            self.steps.retain(|record| stays(record.step, thinned));
        }
        if stays(record.step, self.thinned) {
            self.steps.push(record);
        }
    }

    /// Adds an evaluation; one of the same step is replaced.
    pub fn evaluated(&mut self, evaluation: Evaluation) {
        self.evaluations.retain(|old| old.step != evaluation.step);
        if self.evaluations.len() >= MOST {
            let mut keep = false;
            self.evaluations.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.evaluations.push(evaluation);
    }

    /// Forgets what comes after a step.
    pub fn cut(&mut self, step: u64) {
        self.steps.retain(|record| record.step <= step);
        self.evaluations.retain(|evaluation| evaluation.step <= step);
    }

    /// The steps that are kept, oldest first.
    pub fn steps(&self) -> &[StepRecord] {
        &self.steps
    }

    /// The evaluations that are kept, oldest first.
    pub fn evaluations(&self) -> &[Evaluation] {
        &self.evaluations
    }

    /// Lines of `metrics.csv`: one for each step and layer.
    pub fn write_steps(&self, out: &mut String) {
        for record in &self.steps {
            let StepRecord { branch, step, loss, millis, layers } = record;
            for (number, layer) in layers.iter().enumerate() {
                let optional = |value: Option<f32>| value.map_or_else(String::new, |value| value.to_string());
                let load: Vec<String> = layer.load.iter().map(f32::to_string).collect();
                let _ = writeln!(
                    out,
                    "{branch},{step},{loss},{millis},{number},{},{},{},{},{},{},{},{},{}",
                    layer.max_over_mean,
                    layer.load_entropy,
                    optional(layer.router_entropy),
                    layer.dropped,
                    optional(layer.balance_loss),
                    optional(layer.z_loss),
                    optional(layer.importance_loss),
                    optional(layer.load_loss),
                    load.join(" ")
                );
            }
        }
    }

    /// Lines of `evaluations.csv`: one for each evaluation and layer.
    pub fn write_evaluations(&self, out: &mut String) {
        for Evaluation { branch, step, loss, bits_per_byte, layers } in &self.evaluations {
            for (number, layer) in layers.iter().enumerate() {
                let unchanged = layer.unchanged.map_or_else(String::new, |value| value.to_string());
                let load: Vec<String> = layer.load.iter().map(f32::to_string).collect();
                let _ = writeln!(
                    out,
                    "{branch},{step},{loss},{bits_per_byte},{number},{},{},{unchanged},{}",
                    layer.max_over_mean,
                    layer.dead,
                    load.join(" ")
                );
            }
        }
    }
}

/// The first line of `metrics.csv`.
pub const STEPS: &str = "branch,step,loss_nats_per_token,milliseconds,layer,max_over_mean,load_entropy,router_entropy,dropped,balance_loss,z_loss,importance_loss,load_loss,load\n";
/// The first line of `evaluations.csv`.
pub const EVALUATIONS: &str =
    "branch,step,loss_nats_per_token,bits_per_byte,layer,max_over_mean,dead_experts,unchanged,load\n";

#[cfg(test)]
mod tests {
    use super::{History, MOST};
    use crate::run::StepRecord;

    fn after(steps: u64) -> (History, Vec<u64>) {
        let mut history = History::default();
        for step in 1..=steps {
            history.push(StepRecord { branch: 0, step, loss: 1.0, millis: 1.0, layers: Vec::new() });
            assert!(history.steps().len() <= MOST);
        }
        let steps = history.steps().iter().map(|record| record.step).collect();
        (history, steps)
    }

    #[test]
    fn of_long_runs_pairs_of_neighbours_stay_spread_over_the_run() {
        let (mut history, steps) = after(3 * MOST as u64);
        // One pair of every four, each block of eight steps having one.
        let blocks: Vec<u64> = steps.iter().step_by(2).map(|step| (step - 1) / 8).collect();
        assert_eq!(blocks, (0..3 * MOST as u64 / 8).collect::<Vec<_>>());
        assert!(steps.chunks(2).all(|pair| pair[1] == pair[0] + 1), "{:?}", &steps[..8]);
        history.cut(8);
        assert_eq!(history.steps().len(), 2);
    }

    /// Something that repeats itself every few steps is seen at each of its points about equally often.
    #[test]
    fn thinning_keeps_time_with_no_period() {
        let (_, steps) = after(20 * MOST as u64);
        for period in 2..=8 {
            for phase in 0..period {
                let share = steps.iter().filter(|&&step| step % period == phase).count() as f64 / steps.len() as f64;
                assert!((share * period as f64 - 1.0).abs() < 0.15, "period {period}, phase {phase}: {share}");
            }
        }
    }
}
