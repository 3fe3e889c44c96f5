//! Owns device and model, and answers the page.
//!
//! In the browser the engine lives in a worker of its own, so that the page never waits for it; natively it runs in the
//! process. A request goes this way:
//!
//! ```text
//! web ──Request──▶ mailbox ──newest──▶ service ──▶ session ──chunk by chunk──▶ model on the device
//!  ▲                                   │            └─ readout: tensors to numbers, once per chunk
//!  └──────────────Event────────────────┘
//! ```
//! [`crate::device`] chooses between WebGPU and the CPU and says why, [`session`] routes a text and keeps what it computed, so
//! that a keystroke costs only what changed, [`generate`] continues a text, [`service`] is the loop around them, and
//! `native` serves the command line.

pub mod generate;
mod mail;
mod pieces;
mod readout;
mod rows;
mod sampling;
pub mod service;
pub mod session;
mod text;

#[cfg(not(target_family = "wasm"))]
pub mod native;
#[cfg(all(target_family = "wasm", feature = "worker"))]
pub mod web;

pub use session::{Checkpoint, Session};
