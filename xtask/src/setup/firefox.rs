//! Firefox for the long browser tests: `$FIREFOX`, what is in `PATH`, or Debian's package. It is steered without a driver.

use crate::Result;
use crate::shell::{apt_install, say, which};
use std::env;
use std::path::PathBuf;

/// Finds it, and installs it where it is missing.
///
/// # Errors
/// If the path in the environment is wrong, or the package cannot be installed.
pub fn ensure() -> Result<PathBuf> {
    match env::var_os("FIREFOX").map(PathBuf::from) {
        Some(path) if path.is_file() => return Ok(path),
        Some(path) => return Err(format!("FIREFOX is {}, which is not a file", path.display())),
        None => {}
    }
    let find = || ["firefox-esr", "firefox"].into_iter().find_map(which);
    if let Some(path) = find() {
        return Ok(path);
    }
    say("there is no Firefox (or set FIREFOX)");
    apt_install(&["firefox-esr"])?;
    find().ok_or_else(|| "the package firefox-esr brought no firefox-esr".to_owned())
}
