//! What the training runs say: from their logs to the rows of the tables in docs/results.md and on the page.
//!
//! `moescope results` reads the logs in `results/`, makes one [`Bundle`] of them, and writes it both as tables in Markdown
//! ([`markdown`]) and as `assets/results.json`, which the page only shows. So both tell the same, and nothing in either was
//! typed in by hand.

pub mod claims;
mod evidence;
mod finding;
pub mod interval;
pub mod log;
pub mod markdown;
pub mod methods;
mod papers;
mod run;
pub mod runs;
pub mod shown;
pub mod speed;
pub mod statistic;
#[cfg(test)]
mod tests;
pub mod verdict;

pub use run::{DomainResult, LoggedEvaluation, RunResult};
pub use runs::{CostAxis, LoggedRun, Runs};

use claims::Claim;
use methods::Methods;
use serde::{Deserialize, Serialize};
use shown::Report;

/// All that is told of the runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The methods at the common size.
    pub methods: Methods,
    /// The papers' claims.
    pub claims: Vec<Claim>,
    /// Both as the page sets them, with the curves.
    #[serde(flatten)]
    pub shown: Report,
}

impl Bundle {
    /// Of these runs; `presets` are the methods that are compared at the common size.
    pub fn of(runs: &[LoggedRun], presets: &[&str]) -> Self {
        let runs = Runs(runs);
        let (methods, claims) = (Methods::of(&runs, presets), claims::claims(&runs));
        let shown = Report::of(&methods, &claims, &runs);
        Self { methods, claims, shown }
    }
}
