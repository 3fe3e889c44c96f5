//! What the tasks need on the machine: a compiler for WebAssembly, two build tools, a browser.

pub mod browser;
pub mod target;
pub mod tools;
