//! The page as a static folder, through trunk.

use crate::setup::{target, tools};
use crate::shell::{command, root, run, target_dir};
use crate::{Result, size, stamp, strip};
use std::path::PathBuf;

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Small and fast, into `dist/`.
    Release,
    /// Quick to build, into `target/dev/`.
    Dev,
}

/// Builds the page and says where it lies.
///
/// # Errors
/// If something is missing that cannot be installed, or the build fails.
pub fn bundle(mode: Mode) -> Result<PathBuf> {
    let compiler = target::ensure()?;
    let tools = tools::ensure()?;
    let dist = match mode {
        Mode::Release => root().join("dist"),
        Mode::Dev => target_dir().join("dev"),
    };
    let mut trunk = command(&tools.trunk.to_string_lossy());
    trunk.args(["build", "--skip-version-check", "--dist"]).arg(&dist);
    if mode == Mode::Release {
        trunk.arg("--release");
    }
    // trunk takes NO_COLOR only as `true` or `false`, and everyone else sets it to 1.
    compiler.apply(trunk.env_remove("NO_COLOR"), &tools.path)?;
    run(&mut trunk)?;
    if mode == Mode::Release {
        strip::names(&dist)?;
    }
    stamp::stamp(&dist)?;
    Ok(dist)
}

/// `cargo xtask dist`.
///
/// # Errors
/// As [`bundle`].
pub fn dist() -> Result<()> {
    let dist = bundle(Mode::Release)?;
    for part in size::parts(&dist)? {
        println!("{part}");
    }
    println!("{} can be served by any web server, under any path", dist.display());
    Ok(())
}
