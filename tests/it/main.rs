//! All integration tests in one program: Burn is linked once, and what they share is written once.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod engine;
mod files;
mod properties;
mod reference;
mod support;
mod trainer;
