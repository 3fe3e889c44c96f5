//! What can be wrong with settings.

use std::fmt;

/// What is wrong with settings: which one, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The setting's name, as in links.
    pub name: &'static str,
    /// What is wrong and what is possible, in a sentence.
    pub message: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}
