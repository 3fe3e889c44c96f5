//! `cargo xtask bench`: the budgets, measured in Chromium on this machine.

use crate::build::bundle;
use crate::setup::browser;
use crate::shell::{command, run};
use crate::{Result, size};

/// Prints sizes, then what the browser measures, then, if wanted, how fast other tools are beside ours.
///
/// # Errors
/// If something is missing that cannot be installed, or a build or a measurement fails.
pub fn bench(with_peers: bool) -> Result<()> {
    let browser = browser::ensure()?;
    let dist = bundle()?;
    for part in size::parts(&dist)? {
        println!("{part}");
    }
    let measure = |arguments: &[&str]| {
        let mut bench = command("cargo");
        bench.args(["run", "--quiet", "--package", "browser-tests", "--bin", "bench", "--"]).args(arguments);
        browser.apply(bench.env("MOESCOPE_DIST", &dist));
        run(&mut bench)
    };
    measure(&[])?;
    if with_peers {
        measure(&["peers"])?;
    }
    Ok(())
}
