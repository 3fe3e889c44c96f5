//! What can be wrong with a tensor of a model's weights.

use super::Advice;
use crate::messages::model;
use serde::{Deserialize, Serialize};

/// Why a tensor cannot be read or written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TensorFault {
    /// No file holds it.
    Missing {
        /// The files of weights.
        files: Vec<String>,
    },
    /// Two files hold it.
    Twice {
        /// Which.
        files: [String; 2],
    },
    /// It has another shape than `config.json` gives it.
    Shape {
        /// The file that holds it.
        file: String,
        /// Its shape there.
        shape: Vec<usize>,
        /// What `config.json` makes it.
        wanted: Vec<usize>,
    },
    /// It has numbers of a type that cannot be read.
    Type {
        /// The file that holds it.
        file: String,
        /// The type, as safetensors names it.
        dtype: String,
    },
    /// It holds a number that is not finite.
    NotFinite {
        /// The file that holds it.
        file: String,
        /// The number.
        value: f32,
        /// Its place, counted from 0.
        place: usize,
    },
    /// It is the output matrix, and not the embedding.
    OtherThanEmbedding {
        /// The name of the embedding's tensor.
        embedding: String,
        /// A number of this tensor.
        value: f32,
        /// The embedding's number at the same place.
        other: f32,
        /// The place, counted from 0.
        place: usize,
    },
    /// `config.json` does not ask for it.
    Unasked {
        /// The file that holds it.
        file: String,
    },
    /// It holds a number that 16 bits cannot hold.
    TooLarge {
        /// The number.
        value: f32,
        /// Its place, counted from 0.
        place: usize,
    },
}

impl TensorFault {
    pub(super) fn advice(&self) -> Option<Advice> {
        Some(match self {
            Self::Missing { .. }
            | Self::Shape { .. }
            | Self::Type { .. }
            | Self::NotFinite { .. }
            | Self::Unasked { .. } => Advice::OtherModel,
            Self::Twice { .. } => Advice::FetchFolder,
            Self::OtherThanEmbedding { .. } => return None,
            Self::TooLarge { .. } => Advice::EarlierStep,
        })
    }

    /// A sentence of the tensor of that name.
    pub(super) fn said(&self, name: &str) -> String {
        match self {
            Self::Missing { files } => match files.as_slice() {
                [file] => model::tensor_missing(file, name),
                files => model::tensor_missing_everywhere(name, files.len()),
            },
            Self::Twice { files: [one, other] } => model::tensor_twice(one, other, name),
            Self::Shape { file, shape, wanted } => {
                model::tensor_shape(file, name, format!("{shape:?}"), format!("{wanted:?}"))
            }
            Self::Type { file, dtype } => model::tensor_type(file, name, dtype),
            Self::NotFinite { file, value, place } => model::tensor_not_finite(file, name, *value, *place),
            Self::OtherThanEmbedding { embedding, value, other, place } => {
                model::tensor_other_than_embedding(name, embedding, *value, *other, *place)
            }
            Self::Unasked { file } => model::tensor_unasked(file, name),
            Self::TooLarge { value, place } => model::tensor_too_large(name, *value, *place),
        }
    }
}
