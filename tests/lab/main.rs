//! The training lab as a whole: what its presets show, that runs are repeatable and can be gone back to, and what it says
//! to bad input.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod agreement;
#[cfg(feature = "cli")]
mod notes;
mod presets;
#[cfg(feature = "cli")]
mod resume;
mod run;
mod service;
mod support;
mod warm_up;
