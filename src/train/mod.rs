//! Training: from a folder of texts to a checkpoint, the same way every time.
//!
//! What happens in step `n` depends on the settings and on `n` only ([`batches`], [`schedule`]), so a run that was
//! stopped and resumed equals one that was not. [`run`] is the loop, [`evaluate`] measures on held-out text.

pub mod batches;
pub mod corpus;
pub mod evaluate;
pub mod hash_tables;
pub mod optimizer;
pub mod preset;
pub mod run;
pub mod schedule;
pub mod state;

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
