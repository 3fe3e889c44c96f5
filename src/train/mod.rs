//! Training: from a folder of texts to a checkpoint, the same way every time.
//!
//! What happens in step `n` depends on the settings and on `n` only ([`batches`], [`schedule`]), so a run that was
//! stopped and resumed equals one that was not. [`step`] is one step, the same natively and in the browser, on the CPU and
//! on a GPU; [`moments`] are the optimizer's numbers as a file. Around them the native trainer has `run`, the loop,
//! `corpus`, a folder of texts, `state`, a run on disk, `evaluate`, which measures on held-out text, and `competition`,
//! the step of a mixture whose experts compete; the lab
//! ([`crate::trainer`]) has a loop of its own, which can be steered.

pub mod batches;
#[cfg(feature = "cli")]
pub mod competition;
#[cfg(feature = "cli")]
pub mod corpus;
pub mod domain;
#[cfg(feature = "cli")]
pub mod evaluate;
pub mod hash_tables;
pub mod moments;
pub mod optimizer;
pub mod preset;
#[cfg(feature = "cli")]
pub mod run;
pub mod schedule;
#[cfg(feature = "cli")]
pub mod state;
pub mod step;

use std::fmt;

/// What went wrong in training, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainError(String);

impl TrainError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TrainError {}

impl From<crate::model::ModelError> for TrainError {
    fn from(error: crate::model::ModelError) -> Self {
        Self(error.to_string())
    }
}
