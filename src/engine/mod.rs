//! Owns device and model, and answers the page.
//!
//! In the browser the engine lives in a worker of its own, so that the page never waits for it; natively it runs in the
//! process. A request goes this way:
//!
//! ```text
//! web ──Request──▶ inbox ──newest──▶ service ──▶ session ──chunk by chunk──▶ model on the device
//!  ▲                                   │            └─ readout: tensors to numbers, once per chunk
//!  └──────────────Event────────────────┘
//! ```
//! [`device`] chooses between WebGPU and the CPU and says why, [`session`] routes a text and keeps what it computed, so
//! that a keystroke costs only what changed, `generate` continues a text, and `native` serves the command line.

pub mod device;
mod readout;
mod rows;
pub mod session;
mod text;

#[cfg(not(target_family = "wasm"))]
pub mod native;

pub use device::OpenDevice;
pub use session::{Checkpoint, Session};
