//! Packages of npm, at the versions of a lock file, which holds the hash of each: npm refuses what differs.

use crate::Result;
use crate::shell::{apt_install, command, root, run, say, which};
use std::fs;
use std::path::Path;

/// Copies the files of `sources`, a folder of this repository with a `package-lock.json`, into `folder`, and has npm fetch
/// the packages beside them, unless those of the same lock file are there. `what` says what they are and how large.
///
/// # Errors
/// If there is no npm and none can be installed, or something cannot be fetched.
pub fn packages(sources: &str, folder: &Path, what: &str) -> Result<()> {
    let sources = root().join(sources);
    let (lock, done) = (sources.join("package-lock.json"), folder.join("node_modules/installed"));
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for entry in fs::read_dir(&sources).map_err(|error| failed(&sources, error))?.flatten() {
        let to = folder.join(entry.file_name());
        fs::copy(entry.path(), &to).map_err(|error| failed(&to, error))?;
    }
    if same(&lock, &done) {
        return Ok(());
    }
    if which("npm").is_none() {
        say(&format!("there is no npm, which fetches {what}"));
        apt_install(&["npm"])?;
    }
    say(&format!("fetching {what} into {}", folder.display()));
    let mut npm = command("npm");
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(&mut npm).map_err(|error| format!("{error}; the npm registry is needed for {what}"))?;
    fs::copy(&lock, &done).map(drop).map_err(|error| failed(&done, error))
}

/// Whether two files are there and equal.
pub fn same(a: &Path, b: &Path) -> bool {
    matches!((fs::read(a), fs::read(b)), (Ok(a), Ok(b)) if a == b)
}
