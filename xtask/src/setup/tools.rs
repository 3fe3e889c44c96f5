//! The build tools, in exactly the versions that fit: trunk, and wasm-bindgen's command, which must match the library.
//!
//! They are built from source into `target/tools`, so that nothing outside the repository changes. A command of the same
//! version that is already in `PATH` is taken instead.

use crate::Result;
use crate::shell::{command, output, root, run, say, target_dir, which};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Newest trunk that the pinned compiler builds. Its default features fetch things, which nothing here needs.
const TRUNK: &str = "0.21.14";

/// The build tools.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The trunk to run.
    pub trunk: PathBuf,
    /// Folders that must come first in `PATH`, so that trunk finds the right wasm-bindgen.
    pub path: Vec<PathBuf>,
}

/// Finds the tools, and installs what is missing.
///
/// # Errors
/// If `Cargo.lock` does not say which wasm-bindgen is used, or one cannot be built.
pub fn ensure() -> Result<Tools> {
    let bindgen = bindgen()?;
    let trunk = ensure_tool("trunk", "trunk", TRUNK, &["--no-default-features"], "4 minutes")?;
    let path = bindgen.parent().into_iter().map(Path::to_path_buf).collect();
    Ok(Tools { trunk, path })
}

/// Finds wasm-bindgen's command alone, and installs it where it is missing.
///
/// # Errors
/// As [`ensure`].
pub fn bindgen() -> Result<PathBuf> {
    let lock = root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(|error| format!("could not read {}: {error}", lock.display()))?;
    let bindgen = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen")?;
    ensure_tool("wasm-bindgen-cli", "wasm-bindgen", bindgen, &[], "2 minutes")
}

fn ensure_tool(package: &str, program: &str, version: &str, options: &[&str], takes: &str) -> Result<PathBuf> {
    let home = target_dir().join("tools");
    let ours = home.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    let fits = |path: &PathBuf| {
        output(Command::new(path).arg("--version")).is_some_and(|text| text.split(' ').nth(1) == Some(version))
    };
    if let Some(found) = std::iter::once(ours.clone()).chain(which(program)).find(fits) {
        return Ok(found);
    }
    say(&format!("building {package} {version} into {} (about {takes} on two cores, once)", home.display()));
    let build = home.join("build");
    let install = |locked: bool| {
        let mut cargo = command("cargo");
        cargo.args(["install", package, "--version", version, "--force", "--root"]).arg(&home).args(options);
        // They run for seconds, so that optimising them costs more than it gives.
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        if locked {
            cargo.arg("--locked");
        }
        // A build that was broken off goes on where it was.
        run(cargo.env("CARGO_TARGET_DIR", &build))
    };
    install(true).or_else(|error| {
        say(&format!("{error}; trying again with the newest versions of what it needs"));
        install(false)
    })?;
    if let Err(error) = fs::remove_dir_all(&build) {
        say(&format!("could not remove {}: {error}", build.display()));
    }
    if fits(&ours) { Ok(ours) } else { Err(format!("{} is not {program} {version}", ours.display())) }
}

/// A package's version in a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_locked_version_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n[[package]]\nname = \
                    \"wasm-bindgen\"\nversion = \"0.2.1\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.1"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
