//! The trainer: a small mixture-of-experts language model is trained from scratch, in the page or natively, and every step of
//! its routing is recorded.
//!
//! ```text
//! page ──Request──▶ service (a worker of its own) ──▶ experiment: branches, snapshots ──▶ `train::step` on the device
//!   ▲                                                     │
//!   └───────────Event: steps, evaluations, traces, samples┘
//! ```
//! [`experiment`] is a run ([`crate::run`]) in memory, with its branches and snapshots; [`service`] is the loop around it;
//! [`export`] and `import` make it one file and open it again; and [`self_check`] holds gradients against finite differences, and
//! choices among equals against what they must be, on whatever device is open.

pub mod branch;
mod checked;
mod curves;
pub mod data;
pub mod experiment;
pub mod export;
mod fork;
mod import;
mod mail;
mod measure;
mod neighbours;
mod pace;
pub mod self_check;
pub mod service;
pub mod shape;
mod telling;
mod tie_check;
pub mod warm;
#[cfg(all(target_family = "wasm", feature = "worker"))]
pub mod web;

pub use experiment::Experiment;
