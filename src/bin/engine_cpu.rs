//! The engine for web workers that computes on the CPU; see `moescope::engine_worker`.

#[cfg(target_family = "wasm")]
pub use moescope::engine_worker::serve;

fn main() {}
