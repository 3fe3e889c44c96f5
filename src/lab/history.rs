//! A branch's curves in bounded memory. When there are too many steps, every second one goes, and from then on only every
//! second one comes.

use super::record::{Evaluation, StepRecord};
use std::fmt::Write as _;

/// Most steps, and most evaluations, that are kept of a branch.
pub const MOST: usize = 8192;

/// The curves of a branch.
#[derive(Clone, Debug)]
pub struct History {
    steps: Vec<StepRecord>,
    evaluations: Vec<Evaluation>,
    /// Every how many-th step is kept.
    stride: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { steps: Vec::new(), evaluations: Vec::new(), stride: 1 }
    }
}

impl History {
    /// Adds a step.
    pub fn push(&mut self, record: StepRecord) {
        if self.steps.len() >= MOST {
            self.stride *= 2;
            let stride = self.stride;
            self.steps.retain(|record| record.step.is_multiple_of(stride));
        }
        if record.step.is_multiple_of(self.stride) {
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
                    layer.router_entropy,
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
    use crate::lab::StepRecord;

    #[test]
    fn long_runs_keep_every_second_step_and_then_every_fourth() {
        let mut history = History::default();
        for step in 1..=3 * MOST as u64 {
            history.push(StepRecord { branch: 0, step, loss: 1.0, millis: 1.0, layers: Vec::new() });
            assert!(history.steps().len() <= MOST);
        }
        let steps: Vec<u64> = history.steps().iter().map(|record| record.step).collect();
        assert!(steps.windows(2).all(|pair| pair[1] - pair[0] == 4), "{:?}", &steps[..8]);
        assert_eq!(steps.last(), Some(&(3 * MOST as u64)));
        history.cut(8);
        assert_eq!(history.steps().len(), 2);
    }
}
