//! What can go wrong with a model and its device, as types that cross from the worker to the page.
//!
//! A fault says what was wrong and where in its fields, its [`Advice`] what to do; the sentences for both are made where they are
//! read ([`crate::messages`]).

mod advice;
mod config;
mod device;
mod engine;
mod file;
mod tensor;
mod train;
mod worker;

pub use advice::Advice;
pub use config::{ConfigFault, Only, RouterFault};
pub use device::{DeviceFault, NoGpu};
pub use engine::EngineFault;
pub use file::FileFault;
pub use tensor::TensorFault;
pub use train::{MomentFault, TrainError};
pub use worker::{FetchFault, Trouble, WorkerFault};

use crate::messages::{self, model};
use crate::token::{JsonFault, TokenizerError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What can be wrong with a model, or with what is asked of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ModelError {
    /// A file is not what its name says.
    File {
        /// Its name, or its path.
        name: String,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// A tensor of the weights cannot be taken.
    Tensor {
        /// Its name.
        name: String,
        /// Why not.
        fault: TensorFault,
    },
    /// `config.json` asks for what cannot be computed.
    Config(ConfigFault),
    /// `tokenizer.json` cannot be used.
    Tokenizer(TokenizerError),
    /// `tokenizer.json` has more tokens than the model has rows.
    Tokens {
        /// Tokens of the tokenizer.
        tokens: usize,
        /// `vocab_size` of `config.json`.
        vocabulary: usize,
    },
    /// A folder without weights that open here.
    NoWeights {
        /// Its path.
        folder: String,
        /// Files of weights that it holds in other formats.
        others: Vec<String>,
    },
    /// The device does not do its part.
    Device(DeviceFault),
    /// The model computed numbers that are not finite.
    NotFinite,
    /// What is asked for cannot be.
    Request(RequestFault),
}

/// Why a request cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestFault {
    /// There is no text to continue.
    NoText,
    /// No model is loaded to route with.
    NoModel,
    /// No device is open to compare on.
    NothingOpen,
    /// BASE as published, in a browser with the model on a GPU.
    BaseOnGpu,
}

impl ModelError {
    /// What to do about it; `None` where nothing helps.
    pub fn advice(&self) -> Option<Advice> {
        match self {
            Self::File { fault, .. } => fault.advice(),
            Self::Tensor { fault, .. } => fault.advice(),
            Self::Config(fault) => fault.advice(),
            Self::Tokenizer(fault) => match fault {
                TokenizerError::Json(JsonFault::AnotherFile) => Some(Advice::FetchFile),
                TokenizerError::Json(_) | TokenizerError::Vocabulary(_) | TokenizerError::Merge { .. } => {
                    Some(Advice::FetchOrWrite)
                }
                TokenizerError::Unsupported(_) => Some(Advice::OwnTokenizer),
                TokenizerError::Training(_) => None,
            },
            Self::Tokens { .. } => Some(Advice::OtherModel),
            Self::NoWeights { .. } => Some(Advice::FetchWeights),
            Self::Device(fault) => fault.advice(),
            Self::NotFinite => Some(Advice::OtherStep),
            Self::Request(fault) => Some(match fault {
                RequestFault::NoText => Advice::Type,
                RequestFault::NoModel | RequestFault::NothingOpen => Advice::LoadFirst,
                RequestFault::BaseOnGpu => Advice::LeftToRight,
            }),
        }
    }

    /// Whether fetching the same files again brings the same error.
    pub fn is_lasting(&self) -> bool {
        self.advice().is_none_or(|advice| advice.after_a_try().is_none())
    }

    /// What is wrong, in a sentence.
    pub fn said(&self) -> String {
        match self {
            Self::File { name, fault } => fault.said(name),
            Self::Tensor { name, fault } => fault.said(name),
            Self::Config(fault) => fault.said(),
            Self::Tokenizer(fault) => fault.to_string(),
            Self::Tokens { tokens, vocabulary } => model::tokens(*tokens, *vocabulary),
            Self::NoWeights { folder, others } if others.is_empty() => model::no_weights(folder),
            Self::NoWeights { folder, others } => model::other_weights(folder, others.join(", ")),
            Self::Device(fault) => fault.to_string(),
            Self::NotFinite => model::not_finite().to_owned(),
            Self::Request(fault) => match fault {
                RequestFault::NoText => messages::engine::no_text().to_owned(),
                RequestFault::NoModel => messages::engine::no_model().to_owned(),
                RequestFault::NothingOpen => messages::engine::nothing_open().to_owned(),
                RequestFault::BaseOnGpu => messages::engine::base_on_gpu().to_owned(),
            },
        }
    }
}

/// What is wrong, and what to do.
impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said())?;
        self.advice().map_or(Ok(()), |advice| write!(f, " {advice}"))
    }
}

impl std::error::Error for ModelError {}

impl From<TokenizerError> for ModelError {
    fn from(error: TokenizerError) -> Self {
        Self::Tokenizer(error)
    }
}
