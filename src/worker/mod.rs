//! The plumbing between a service and its page, the same for routing and for training.
//!
//! ```text
//! page ──bytes──▶ messages ──Request──▶ mailbox ──newest──▶ service
//!   ▲                                                          │
//!   └───────────bytes──────────────────────Event───────────────┘
//! ```
//! [`mailbox`] and [`host`] are plain Rust, so that tests run a service without a browser. In a browser `web` starts a service
//! in a web worker, with `messages`, `fetch` and `turns` around it.

pub mod host;
pub mod mailbox;

#[cfg(all(target_family = "wasm", feature = "worker"))]
mod fetch;
#[cfg(all(target_family = "wasm", feature = "worker"))]
mod messages;
#[cfg(all(target_family = "wasm", feature = "worker"))]
mod turns;
#[cfg(all(target_family = "wasm", feature = "worker"))]
pub mod web;

pub use host::Host;
pub use mailbox::{Mail, Mailbox};
