//! axe-core, with which the browser tests look for what shuts people out who see, point or move otherwise, at a fixed
//! version in `target/axe`. Nothing of it is part of the page.

use crate::Result;
use crate::setup::npm;
use crate::shell::target_dir;
use std::path::PathBuf;

/// The file with the lock of its version.
const SOURCES: &str = "tests/browser/axe";

/// The script, fetched if it is missing.
///
/// # Errors
/// If there is no npm, or it cannot be fetched.
pub fn ensure() -> Result<PathBuf> {
    let folder = target_dir().join("axe");
    npm::packages(SOURCES, &folder, "axe-core (3 MB)")?;
    Ok(folder.join("node_modules/axe-core/axe.min.js"))
}
