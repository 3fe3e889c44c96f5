//! What can be wrong with a model's files.

use std::fmt;

/// What was wrong, where, and what to do, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    message: String,
    lasting: bool,
}

impl ModelError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), lasting: false }
    }

    /// The same for files that are whole and of a kind that does not open here: fetching them again brings the same.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), lasting: true }
    }

    /// Whether fetching the same files again brings the same error.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ModelError {}
