//! The orders of softmax, choice and normalisation that are compared with each other.

use serde::{Deserialize, Serialize};

/// The order of score, choice and normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Convention {
    /// Top k of the logits, softmax over those.
    Mixtral,
    /// Softmax over all, top k, not renormalised.
    Olmoe,
    /// Softmax over all, top k, renormalised.
    Qwen3Moe,
    /// Logits with a bias, top k, softmax over those.
    GptOss,
}

impl Convention {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mixtral, Self::Olmoe, Self::Qwen3Moe, Self::GptOss];
}
