//! A compiler for `wasm32-unknown-unknown`: rustup's target, or Debian's packages where rustup cannot fetch it.
//!
//! Debian's rustc has no standard library for the web, so there cargo builds it from Debian's sources along with the rest
//! (`-Z build-std`, which a stable compiler allows under `RUSTC_BOOTSTRAP=1`).

use crate::Result;
use crate::shell::{apt_install, command, output, path_with, run_for, say, target_dir, which};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

/// The target's name.
pub const TRIPLE: &str = "wasm32-unknown-unknown";
/// Set to `debian` to take Debian's packages even where rustup has the target.
pub const CHOICE: &str = "MOESCOPE_WASM";

/// The last has the link to the linker.
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
/// Its linter, which only `cargo xtask lint` needs.
const DEBIAN_CLIPPY: (&str, &str) = ("rust-web-clippy", "/usr/bin/cargo-clippy");
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std";
/// Oldest minor version of Debian's compiler that will do (`rust-version` of the workspace).
const OLDEST: u32 = 95;
const LIMIT: Duration = Duration::from_secs(120);

/// How WebAssembly is compiled on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The toolchain in use has the target.
    Toolchain,
    /// Debian's cargo, which lies in this folder alone.
    Debian(PathBuf),
}

impl Compiler {
    /// Makes `command` and what it starts compile with this compiler, and find the tools in `tools` first.
    ///
    /// # Errors
    /// If `PATH` cannot be written.
    pub fn apply(&self, command: &mut Command, tools: &[PathBuf]) -> Result<()> {
        let mut first = tools.to_vec();
        if let Self::Debian(dir) = self {
            first.insert(0, dir.clone());
            // Without these, rustup's stand-ins for cargo and rustc would answer.
            command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env("RUSTC", DEBIAN_RUSTC);
            command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
        }
        command.env("PATH", path_with(&first)?);
        Ok(())
    }
}

impl Compiler {
    /// Its cargo.
    pub fn cargo(&self) -> PathBuf {
        match self {
            Self::Toolchain => "cargo".into(),
            Self::Debian(dir) => dir.join("cargo"),
        }
    }

    /// Finds this compiler's linter, and installs it where it is missing.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn with_clippy(&self) -> Result<()> {
        let Self::Debian(dir) = self else { return Ok(()) };
        let (package, program) = DEBIAN_CLIPPY;
        if !Path::new(program).exists() {
            apt_install(&[package])?;
        }
        link(Path::new(program), &dir.join("cargo-clippy"))
    }
}

/// Finds a compiler for the web, and installs what is missing.
///
/// # Errors
/// If neither rustup nor Debian has one.
pub fn ensure() -> Result<Compiler> {
    match env::var(CHOICE).as_deref() {
        Ok("debian") => return debian(),
        Ok("rustup" | "") | Err(env::VarError::NotPresent) => {}
        _ => return Err(format!("{CHOICE} can be `debian` or `rustup`")),
    }
    if toolchain_has_it() {
        return Ok(Compiler::Toolchain);
    }
    say(&format!("the compiler has no target {TRIPLE}; asking rustup for it"));
    let asked = match which("rustup") {
        Some(_) => run_for(command("rustup").args(["target", "add", TRIPLE]), LIMIT),
        None => Err("there is no rustup".to_owned()),
    };
    match asked {
        Ok(()) if toolchain_has_it() => return Ok(Compiler::Toolchain),
        Ok(()) => say("rustup added it to another toolchain than the one in use"),
        Err(error) => say(&error),
    }
    debian().map_err(|error| {
        format!("no compiler for {TRIPLE}: rustup could not add the target, and Debian's packages: {error}")
    })
}

/// Whether the toolchain in use has a standard library for the target.
fn toolchain_has_it() -> bool {
    output(command("rustc").args(["--print", "target-libdir", "--target", TRIPLE]))
        .is_some_and(|dir| Path::new(&dir).is_dir())
}

fn debian() -> Result<Compiler> {
    if !Path::new("/etc/debian_version").exists() {
        return Err("this is no Debian".to_owned());
    }
    let is_there = |path: &&str| fs::symlink_metadata(path).is_ok();
    if ![DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCES, DEBIAN_LINKER].iter().all(is_there) {
        apt_install(&DEBIAN)?;
    }
    let version = output(Command::new(DEBIAN_RUSTC).arg("--version")).unwrap_or_default();
    if minor(&version).is_none_or(|minor| minor < OLDEST) {
        return Err(format!("`{DEBIAN_RUSTC} --version` says “{version}”, but 1.{OLDEST} or newer is needed"));
    }
    if !Path::new(DEBIAN_LINKER).exists() {
        // The link names the linker of the compiler's own LLVM, which comes in a package of that name.
        let package = fs::read_link(DEBIAN_LINKER).map_or("lld".into(), |link| link.to_string_lossy().into_owned());
        apt_install(&[&package])?;
    }
    let dir = target_dir().join("tools/debian");
    link(Path::new(DEBIAN_CARGO), &dir.join("cargo"))?;
    say(&format!("compiling for the web with Debian's {version}"));
    Ok(Compiler::Debian(dir))
}

/// The 96 of `rustc 1.96.0 (...)`.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("rustc 1.")?.split('.').next()?.parse().ok()
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result<()> {
    if at.exists() {
        return Ok(());
    }
    let made = at.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| std::os::unix::fs::symlink(to, at));
    made.map_err(|error| format!("could not make the link {}: {error}", at.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    Err("Debian's packages need Debian".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_minor_version() {
        assert_eq!(minor("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some(96));
        assert_eq!(minor("rustc 2.0.0"), None);
        assert_eq!(minor(""), None);
    }
}
