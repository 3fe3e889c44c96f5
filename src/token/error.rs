//! What can be wrong with a tokenizer, in words that say where and what to do.

use std::fmt;

/// Why a tokenizer could not be read or trained.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        match self {
            Self::Json(what) => write!(f, "tokenizer.json cannot be read ({what}): fetch or write the file again"),
            Self::Unsupported(what) => write!(
                f,
                "tokenizer.json asks for something that moescope's tokenizer does not do ({what}): \
                 use a file written by `moescope tokenizer`"
            ),
            Self::Vocabulary(what) => {
                write!(f, "the vocabulary in tokenizer.json is damaged ({what}): fetch or write the file again")
            }
            Self::Merge { index, what } => {
                write!(f, "merge {index} in tokenizer.json is damaged ({what}): fetch or write the file again")
            }
            Self::Training(what) => write!(f, "the tokenizer cannot be trained: {what}"),
        }
    }
}

impl std::error::Error for TokenizerError {}
