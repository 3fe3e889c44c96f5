//! What went wrong in a run, in words.

use crate::run::SettingsError;
use crate::run::protocol::LabFault;
use crate::run::record::BranchId;
use std::fmt;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabError {
    /// What could not be done.
    pub kind: LabFault,
    /// What was wrong, where, and what to do.
    pub message: String,
    /// For [`LabFault::Diverged`]: the branch, the step that failed, and the newest step to go back to.
    pub at: Option<(BranchId, u64, u64)>,
}

impl LabError {
    /// An error in words.
    pub fn new(kind: LabFault, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), at: None }
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LabError {}

impl From<SettingsError> for LabError {
    fn from(error: SettingsError) -> Self {
        Self::new(LabFault::Settings, error.message)
    }
}

impl From<crate::model::ModelError> for LabError {
    fn from(error: crate::model::ModelError) -> Self {
        Self::new(LabFault::Request, error.to_string())
    }
}

impl From<crate::train::TrainError> for LabError {
    fn from(error: crate::train::TrainError) -> Self {
        Self::new(LabFault::Request, error.to_string())
    }
}
