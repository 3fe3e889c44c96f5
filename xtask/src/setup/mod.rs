//! What the tasks need on the machine: a compiler for WebAssembly, two build tools, a browser, npm packages.

pub mod browser;
pub mod firefox;
pub mod npm;
pub mod target;
pub mod tools;
