//! What can be wrong with a tokenizer.

use crate::messages::token;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a tokenizer could not be read or trained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenizerError {
    /// The text is not JSON, or not of tokenizer.json's shape.
    Json(String),
    /// It is a tokenizer.json, but of a kind that this tokenizer does not compute.
    Unsupported(String),
    /// The vocabulary contradicts itself.
    Vocabulary(String),
    /// A merge names tokens that do not exist, or repeats another.
    Merge {
        /// Which merge, counted from 0.
        index: usize,
        /// What is wrong with it.
        what: String,
    },
    /// Training cannot give the vocabulary asked for.
    Training(String),
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Json(what) => token::unreadable(what),
            Self::Unsupported(what) => token::unsupported(what),
            Self::Vocabulary(what) => token::vocabulary(what),
            Self::Merge { index, what } => token::merge(*index, what),
            Self::Training(what) => token::training(what),
        })
    }
}

impl std::error::Error for TokenizerError {}
