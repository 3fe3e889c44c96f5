//! What the training runs say: from their logs to the rows of the README's and the page's tables.
//!
//! `moescope results` reads the logs in `results/`, makes one [`Bundle`] of them, and writes it both as the README's tables
//! ([`markdown`]) and as `assets/results.json`, which the page only shows. So both tell the same, and nothing in either was
//! typed in by hand.

pub mod claims;
pub mod log;
pub mod markdown;
pub mod methods;
mod run;
pub mod runs;
pub mod statistic;
#[cfg(test)]
mod tests;

pub use run::{DomainResult, Evaluation, RunResult};
pub use runs::{Axis, Run, Runs};

use crate::card::Cost;
use claims::Claim;
use log::{Evaluated, Trained};
use methods::Methods;
use serde::{Deserialize, Serialize};

/// What the page shows of all runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The methods at the common size.
    pub methods: Methods,
    /// The papers' claims.
    pub claims: Vec<Claim>,
    /// Steps that a point of [`Curve::trained`] is the mean of.
    pub window: usize,
    /// The runs of the methods.
    pub curves: Vec<Curve>,
}

/// One run's way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The preset's name.
    pub preset: String,
    /// The run's seed.
    pub seed: u64,
    /// Steps in all.
    pub steps: usize,
    /// Tokens in all.
    pub tokens: usize,
    /// What a token costs.
    pub cost: Cost,
    /// Whether something else seems to have used the machine during the run: its seconds then say little.
    pub shared: bool,
    /// The training loss.
    pub trained: Vec<Trained>,
    /// The evaluations on held-out text.
    pub evaluated: Vec<Evaluated>,
}

impl Bundle {
    /// Of these runs; `presets` are the methods that are compared at the common size.
    pub fn of(runs: &[Run], presets: &[&str]) -> Self {
        let all = Runs(runs);
        let curve = |run: &Run| Curve {
            preset: run.result.preset.clone(),
            seed: run.result.seed,
            steps: run.result.steps,
            tokens: run.result.tokens,
            cost: run.result.cost.clone(),
            shared: run.shared(),
            trained: run.trained.clone(),
            evaluated: run.evaluated.clone(),
        };
        Self {
            methods: Methods::of(&all, presets),
            claims: claims::claims(&all),
            window: log::WINDOW,
            curves: presets.iter().flat_map(|preset| all.of(preset)).map(curve).collect(),
        }
    }
}
