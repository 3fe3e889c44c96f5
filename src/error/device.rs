//! What can be wrong with a device.

use super::Advice;
use crate::messages::device;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why no GPU can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoGpu {
    /// The browser has no WebGPU.
    NoWebGpu,
    /// There is no adapter.
    NoAdapter,
    /// The adapter computes on the CPU, more slowly than our kernels.
    Software,
    /// The adapter lacks timestamps; Burn's runtime stops the program without them.
    NoTimestamps,
    /// The adapter or Burn refused, in its own words.
    Refused(String),
    /// The build that can use one could not be fetched.
    NotFetched,
    /// This build cannot use one.
    NotBuilt,
}

impl NoGpu {
    /// What `www/engine.js` found before it chose a build; `None` for a word that it does not say.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "no-webgpu" => Some(Self::NoWebGpu),
            "no-adapter" => Some(Self::NoAdapter),
            "software" => Some(Self::Software),
            "no-timestamps" => Some(Self::NoTimestamps),
            "not-fetched" => Some(Self::NotFetched),
            _ => None,
        }
    }
}

impl fmt::Display for NoGpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::NoWebGpu => device::no_webgpu().to_owned(),
            Self::NoAdapter => device::no_adapter().to_owned(),
            Self::Software => device::software().to_owned(),
            Self::NoTimestamps => device::no_timestamps().to_owned(),
            Self::Refused(why) => device::refused(why),
            Self::NotFetched => device::not_fetched().to_owned(),
            Self::NotBuilt => device::not_built().to_owned(),
        })
    }
}

/// Why a device does not do its part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceFault {
    /// The GPU that was asked for cannot be had.
    NoGpu(NoGpu),
    /// It does not give its results back.
    NoResults {
        /// What Burn says.
        detail: String,
    },
    /// It gave back something else than was asked for.
    OtherResults,
    /// It gave back results of another shape.
    OtherShape,
    /// It does not give the weights back.
    NoWeights {
        /// What Burn says.
        detail: String,
    },
}

impl DeviceFault {
    pub(super) fn advice(&self) -> Option<Advice> {
        matches!(self, Self::NoGpu(_)).then_some(Advice::ChooseCpu)
    }
}

impl fmt::Display for DeviceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::NoGpu(why) => return why.fmt(f),
            Self::NoResults { detail } => device::no_results(detail),
            Self::OtherResults => device::other_results().to_owned(),
            Self::OtherShape => device::other_shape().to_owned(),
            Self::NoWeights { detail } => device::no_weights(detail),
        })
    }
}
