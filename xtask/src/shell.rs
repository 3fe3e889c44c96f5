//! Running other programs: said before it happens, with their own output shown, and never waited for without end.

use crate::Result;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Says what comes next.
pub fn say(message: &str) {
    eprintln!("xtask: {message}");
}

/// A program to be run in the repository's root.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs a program with its output shown.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run(command: &mut Command) -> Result<()> {
    say(&line(command));
    let status = command.status().map_err(|error| format!("could not start `{}`: {error}", line(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(command))) }
}

/// Runs a program with its output shown, and ends it after `limit`.
///
/// # Errors
/// If it cannot be started, fails, or takes longer.
pub fn run_for(command: &mut Command, limit: Duration) -> Result<()> {
    say(&format!("{} (at most {} s)", line(command), limit.as_secs()));
    let mut child = command.spawn().map_err(|error| format!("could not start `{}`: {error}", line(command)))?;
    let end = Instant::now() + limit;
    loop {
        match child.try_wait().map_err(|error| format!("`{}`: {error}", line(command)))? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("`{}` failed ({status})", line(command))),
            None if Instant::now() < end => thread::sleep(Duration::from_millis(100)),
            None => {
                child.kill().map_err(|error| format!("`{}` does not end: {error}", line(command)))?;
                let _ = child.wait();
                return Err(format!("`{}` took longer than {} s", line(command), limit.as_secs()));
            }
        }
    }
}

/// What a program prints on standard output, or nothing if it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program lies, looked for as a shell would.
pub fn which(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&name)).find(|path| path.is_file())
}

/// `PATH` with folders in front of it.
///
/// # Errors
/// If a folder's name cannot be part of it.
pub fn path_with(first: &[PathBuf]) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&rest));
    env::join_paths(all).map_err(|error| format!("the repository's folder cannot be in PATH: {error}"))
}

/// `apt-get install` for the packages, as root or through sudo.
///
/// # Errors
/// If this is no Debian, there are no rights, or apt fails.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("install them yourself: {}", packages.join(" "));
    if which("apt-get").is_none() {
        return Err(format!("there is no apt-get on this machine; {by_hand}"));
    }
    let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !is_root && which("sudo").is_none() {
        return Err(format!("installing packages needs root or sudo; {by_hand}"));
    }
    let apt = |args: &[&str]| {
        let mut command = command(if is_root { "apt-get" } else { "sudo" });
        if !is_root {
            command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        command
    };
    say(&format!("installing Debian packages: {}", packages.join(" ")));
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    // The lists of a fresh machine may be empty or old: then they are fetched, once.
    run(&mut apt(&install)).or_else(|_| {
        run(&mut apt(&["update"]))?;
        run(&mut apt(&install)).map_err(|error| format!("{error}; {by_hand}"))
    })
}
