//! What a newcomer needs between a fresh machine and a running page, in one command each.
//!
//! A task first makes sure of what it needs ([`setup`]): it says what is missing and what it will do about it, does it,
//! and costs next to nothing when nothing is missing. The server is a library so that the browser tests serve the page
//! exactly as `cargo xtask serve` does.

pub mod axe;
pub mod bench;
pub mod build;
pub mod lint;
pub mod peers;
pub mod preview;
pub mod reload;
pub mod rooms;
pub mod serve;
pub mod setup;
pub mod shell;
pub mod size;
pub mod stamp;
pub mod strip;
pub mod test;
mod workflows;

/// What went wrong, in words for the person at the terminal.
pub type Result<T> = std::result::Result<T, String>;
