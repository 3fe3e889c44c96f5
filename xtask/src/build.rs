//! The page as a static folder, through trunk.

use crate::setup::{target, tools};
use crate::shell::{command, root, run};
use crate::{Result, size, stamp, strip};
use std::path::PathBuf;

/// Builds the page into `dist/`, small and fast, and says where that is.
///
/// # Errors
/// If something is missing that cannot be installed, or the build fails.
pub fn bundle() -> Result<PathBuf> {
    let compiler = target::ensure()?;
    let tools = tools::ensure()?;
    let dist = root().join("dist");
    let mut trunk = command(&tools.trunk.to_string_lossy());
    trunk.args(["build", "--release", "--skip-version-check", "--dist"]).arg(&dist);
    // trunk takes NO_COLOR only as `true` or `false`, and everyone else sets it to 1.
    compiler.apply(trunk.env_remove("NO_COLOR"), &tools.path)?;
    run(&mut trunk)?;
    strip::names(&dist)?;
    stamp::stamp(&dist)?;
    Ok(dist)
}

/// `cargo xtask dist`.
///
/// # Errors
/// As [`bundle`].
pub fn dist() -> Result<()> {
    let dist = bundle()?;
    for part in size::parts(&dist)? {
        println!("{part}");
    }
    println!("{} can be served by any web server, under any path", dist.display());
    Ok(())
}
