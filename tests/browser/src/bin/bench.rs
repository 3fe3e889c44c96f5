//! Measures in Chromium; see `cargo xtask bench`.

fn main() {}
