//! The transformer: decoder blocks of causal attention and a sparse layer of SwiGLU experts, as Mixtral has them.
//!
//! [`config`] says the shape, [`transformer`] computes, [`checkpoint`] reads and writes Hugging Face folders, [`cache`]
//! keeps keys and values so that a further token costs one token. [`Compute`] decides how the heavy operations run.

mod attention;
mod block;
pub mod cache;
pub mod checkpoint;
mod compute;
pub mod config;
mod cost;
mod experts;
mod fields;
mod init;
mod input;
mod mistaken;
#[cfg(feature = "cli")]
mod per_expert;
pub mod transformer;

pub use crate::error::ModelError;
pub use block::Block;
pub use cache::Cache;
pub use compute::Compute;
pub use config::ModelConfig;
pub use cost::{Cost, experts_of_a_token};
pub use experts::Experts;
pub use input::Input;
pub use mistaken::mistaken;
#[cfg(feature = "cli")]
pub use per_expert::PerExpert;
pub use transformer::{Forward, Transformer};
