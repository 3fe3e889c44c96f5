//! What can be wrong with a tokenizer.

use super::other::OtherTokenizer;
use super::{END_OF_TEXT, LARGEST, SMALLEST};
use crate::messages::token;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a tokenizer could not be read or trained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenizerError {
    /// The text is not JSON, or not of tokenizer.json's shape.
    Json(JsonFault),
    /// It is a tokenizer.json, but of a kind that this tokenizer does not compute.
    Unsupported(OtherTokenizer),
    /// The vocabulary contradicts itself.
    Vocabulary(VocabularyFault),
    /// A merge names tokens that do not exist, or repeats another.
    Merge {
        /// Which merge, counted from 0.
        index: usize,
        /// What is wrong with it.
        fault: MergeFault,
    },
    /// Training cannot give the vocabulary asked for.
    Training(TrainingFault),
}

/// Why tokenizer.json cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JsonFault {
    /// It ends before its end, as half a download does.
    BreaksOff {
        /// Bytes that are here.
        bytes: usize,
    },
    /// It has no vocabulary where a tokenizer has one: another file, under this one's name.
    AnotherFile,
    /// It is not JSON, or lacks something that a tokenizer.json has.
    Wrong {
        /// What `serde_json` says.
        detail: String,
    },
}

/// What is wrong with a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VocabularyFault {
    /// Two tokens have one number.
    Twice {
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// The number.
        id: u32,
    },
    /// A token's number is not below the number of tokens.
    Beyond {
        /// The token.
        token: String,
        /// Its number.
        id: u32,
        /// How many tokens there are.
        tokens: usize,
    },
    /// The token between documents is missing.
    NoEnd,
    /// `added_tokens` is not that one token.
    Added {
        /// Its number.
        id: u32,
    },
    /// A token is empty.
    Empty,
    /// A token has a character that stands for no byte.
    NoBytes {
        /// The token.
        token: String,
    },
    /// A byte has no token.
    NoToken {
        /// The byte.
        byte: u8,
        /// The character that it is written as.
        spelled: char,
    },
}

/// What is wrong with a merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergeFault {
    /// It is not two tokens with a space between.
    NoPair {
        /// What it is.
        text: String,
    },
    /// A token of it does not exist.
    NoToken {
        /// Which.
        token: String,
    },
    /// The token between documents is part of it.
    End,
    /// An earlier one merges the same tokens.
    Twice {
        /// The left one.
        left: String,
        /// The right one.
        right: String,
    },
}

/// Why no vocabulary of a size can be trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrainingFault {
    /// The documents repeat too little.
    FewRepetitions {
        /// Tokens that they are enough for.
        tokens: usize,
        /// Tokens that were asked for.
        wanted: usize,
    },
    /// No vocabulary has that size.
    Size {
        /// Tokens that were asked for.
        wanted: usize,
    },
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Json(JsonFault::BreaksOff { bytes }) => token::breaks_off(*bytes),
            Self::Json(JsonFault::AnotherFile) => token::another_file().to_owned(),
            Self::Json(JsonFault::Wrong { detail }) => token::unreadable(detail),
            Self::Unsupported(other) => return other.fmt(f),
            Self::Vocabulary(fault) => token::vocabulary(fault.said()),
            Self::Merge { index, fault } => token::merge(*index, fault.said()),
            Self::Training(TrainingFault::FewRepetitions { tokens, wanted }) => {
                token::few_repetitions(*tokens, *wanted)
            }
            Self::Training(TrainingFault::Size { wanted }) => token::size(SMALLEST, END_OF_TEXT, LARGEST, *wanted),
        })
    }
}

impl std::error::Error for TokenizerError {}

/// A token as it can be read in a sentence.
fn read(token: &str) -> String {
    token.escape_debug().to_string()
}

impl VocabularyFault {
    fn said(&self) -> String {
        match self {
            Self::Twice { first, second, id } => token::vocabulary_twice(read(first), read(second), *id),
            Self::Beyond { token, id, tokens } => token::vocabulary_beyond(read(token), *id, *tokens),
            Self::NoEnd => token::vocabulary_no_end(END_OF_TEXT),
            Self::Added { id } => token::vocabulary_added(END_OF_TEXT, *id),
            Self::Empty => token::vocabulary_empty().to_owned(),
            Self::NoBytes { token } => token::vocabulary_no_bytes(read(token)),
            Self::NoToken { byte, spelled } => {
                token::vocabulary_no_token(u32::from(*byte), read(&String::from(*spelled)))
            }
        }
    }
}

impl MergeFault {
    fn said(&self) -> String {
        match self {
            Self::NoPair { text } => token::merge_no_pair(read(text)),
            Self::NoToken { token } => token::merge_no_token(read(token)),
            Self::End => token::merge_end(END_OF_TEXT),
            Self::Twice { left, right } => token::merge_twice(read(left), read(right)),
        }
    }
}
