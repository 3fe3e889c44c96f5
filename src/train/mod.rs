//! Training: from a folder of texts to a checkpoint, the same way every time.
//!
//! What happens in step `n` depends on the settings and on `n` only ([`batches`], [`schedule`]), so a run that was
//! stopped and resumed equals one that was not. [`step`] is one step, the same natively and in the browser, on the CPU and
//! on a GPU; [`moments`] are the optimizer's numbers as a file. Around them the native trainer has `run`, the loop,
//! `corpus`, a folder of texts, `state`, a run on disk, `evaluate`, which measures on held-out text, and `competition`,
//! the step of a mixture whose experts compete; the lab
//! ([`crate::trainer`]) has a loop of its own, which can be steered.

pub mod batches;
#[cfg(feature = "cli")]
pub mod competition;
#[cfg(feature = "cli")]
pub mod corpus;
pub mod domain;
#[cfg(feature = "cli")]
pub mod evaluate;
pub mod hash_tables;
pub mod moments;
pub mod optimizer;
pub mod preset;
#[cfg(feature = "cli")]
pub mod run;
pub mod schedule;
#[cfg(feature = "cli")]
pub mod state;
pub mod step;

pub use crate::error::TrainError;
