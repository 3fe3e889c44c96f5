//! `cargo xtask bench`: the budgets, measured in Chromium on this machine.

use crate::build::{Mode, bundle};
use crate::setup::browser;
use crate::shell::{command, run};
use crate::{Result, size};

/// Prints sizes, then what the browser measures.
///
/// # Errors
/// If something is missing that cannot be installed, or a build or a measurement fails.
pub fn bench() -> Result<()> {
    let browser = browser::ensure()?;
    let dist = bundle(Mode::Release)?;
    for part in size::parts(&dist)? {
        println!("{part}");
    }
    let mut bench = command("cargo");
    bench.args(["run", "--quiet", "--package", "browser-tests", "--bin", "bench"]).env("MOESCOPE_DIST", dist);
    browser.apply(&mut bench);
    run(&mut bench)
}
