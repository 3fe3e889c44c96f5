//! What can go wrong in training.

use super::{DeviceFault, ModelError};
use crate::messages::train;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What went wrong in training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainError {
    /// The model, or one of the files.
    Model(ModelError),
    /// A tensor of the optimizer's moments is not what it should be.
    Moment {
        /// Its name.
        name: String,
        /// Why not.
        fault: MomentFault,
    },
    /// Clusters of tokens are needed, and no embeddings are there to make them of.
    NoEmbeddings,
    /// The embeddings are those of another vocabulary.
    OtherTokenizer {
        /// How many numbers there are.
        numbers: usize,
        /// Tokens of the vocabulary.
        tokens: usize,
        /// The embeddings' width.
        width: usize,
    },
    /// There are fewer tokens than clusters.
    TooFewTokens {
        /// Tokens.
        tokens: usize,
        /// Clusters.
        experts: usize,
    },
    /// Nobody can train the method, called by its title.
    Untrained(String),
    /// What only the command line meets, its folders and files, in English.
    Terminal(String),
}

/// Why a tensor is no moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MomentFault {
    /// It has numbers of another type than F32.
    Type(String),
    /// It has another number of sizes than three.
    Shape(Vec<usize>),
    /// Its name says that it is something else.
    Name,
}

impl TrainError {
    /// An error that only the command line meets, in English.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Terminal(message.into())
    }

    /// The device did not give its numbers back.
    pub fn no_results(detail: impl fmt::Display) -> Self {
        Self::Model(ModelError::Device(DeviceFault::NoResults { detail: detail.to_string() }))
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Model(error) => return error.fmt(f),
            Self::Moment { name, fault: MomentFault::Type(dtype) } => train::moment_type(name, dtype),
            Self::Moment { name, fault: MomentFault::Shape(shape) } => train::moment_shape(name, format!("{shape:?}")),
            Self::Moment { name, fault: MomentFault::Name } => train::no_moment(name),
            Self::NoEmbeddings => train::no_embeddings().to_owned(),
            Self::OtherTokenizer { numbers, tokens, width } => train::other_tokenizer(*numbers, *tokens, *width),
            Self::TooFewTokens { tokens, experts } => train::too_few_tokens(*tokens, *experts),
            Self::Untrained(method) => train::untrained(method),
            Self::Terminal(message) => return f.write_str(message),
        })
    }
}

impl std::error::Error for TrainError {}

impl From<ModelError> for TrainError {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}
