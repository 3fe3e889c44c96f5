//! The engine on the CPU with a small random model: routing a text, continuing it, and talking with a page.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod generation;
mod methods;
mod page;
mod routing;
mod service;
mod support;
