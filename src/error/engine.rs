//! What the engine tells its page of.

use super::{Advice, FetchFault, ModelError, NoGpu, Trouble, WorkerFault};
use crate::messages::engine;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the engine could not do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EngineFault {
    /// Open the device that was asked for.
    Device(NoGpu),
    /// Fetch a model's files.
    Fetch(FetchFault),
    /// Use a model's files.
    Files(ModelError),
    /// Route or continue a text.
    Route(ModelError),
    /// Go on, or read what the page sent.
    Worker(WorkerFault),
}

impl EngineFault {
    /// Whether the engine can answer no more, so that the page starts a new one.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Worker(fault) if fault.is_fatal())
    }

    /// What to do about it; `None` where nothing helps, or the page knows better.
    pub fn advice(&self) -> Option<Advice> {
        match self {
            Self::Device(_) => Some(Advice::ChooseCpu),
            Self::Fetch(fault) => fault.advice(),
            Self::Files(error) | Self::Route(error) => error.advice(),
            Self::Worker(WorkerFault::Unreadable) => Some(Advice::Reload),
            Self::Worker(_) => None,
        }
    }

    /// What was wrong, in one sentence or two.
    pub fn said(&self) -> String {
        match self {
            Self::Device(why) => why.to_string(),
            Self::Fetch(fault) => fault.to_string(),
            Self::Files(error) | Self::Route(error) => error.said(),
            Self::Worker(fault) => match fault {
                WorkerFault::Panicked(detail) => engine::panicked(detail),
                WorkerFault::Unreadable => engine::unreadable().to_owned(),
                WorkerFault::Unsupported(detail) => engine::unsupported(detail),
                WorkerFault::Gpu(Trouble::Lost(detail)) if detail.is_empty() => engine::gpu_lost().to_owned(),
                WorkerFault::Gpu(Trouble::Lost(detail)) => engine::gpu_lost_because(detail),
                WorkerFault::Gpu(Trouble::Uncaptured(detail)) => engine::gpu_refused(detail),
            },
        }
    }

    /// What was wrong and what to do, on a page in which another try is one press away.
    pub fn on_page(&self) -> String {
        let advice = self.advice().map(|advice| advice.after_a_try().unwrap_or_else(|| advice.to_string()));
        advice.map_or_else(|| self.said(), |advice| format!("{} {advice}", self.said()))
    }
}

/// What was wrong, and what to do.
impl fmt::Display for EngineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said())?;
        self.advice().map_or(Ok(()), |advice| write!(f, " {advice}"))
    }
}
