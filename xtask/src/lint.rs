//! `cargo xtask lint`: formatting, imports, workflows, and clippy, natively and for the web.
//!
//! For the web clippy reads another configuration, which bans what would block or panic there: a browser's thread cannot
//! wait for the GPU. A ban whose path no longer exists bans nothing, so that is an error too.

use crate::Result;
use crate::rooms;
use crate::setup::target::{self, Compiler, TRIPLE};
use crate::shell::{command, line, root, run, say};
use crate::workflows;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// What clippy says of a banned path that does not exist.
const DEAD_BAN: &str = "does not refer to";

/// Runs all lints.
///
/// # Errors
/// At the first one that finds something.
pub fn lint() -> Result<()> {
    run(command("cargo").args(["fmt", "--all", "--check"]))?;
    rooms::check()?;
    workflows::check()?;
    run(command("cargo").args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let compiler = target::ensure()?;
    compiler.with_clippy()?;
    // The light page is the whole one without some screens.
    clippy_wasm(&compiler, "studio", "studio", "clippy_wasm/page")?;
    // The engine for the CPU alone is this one without the GPU.
    clippy_wasm(&compiler, "engine_gpu", "worker,gpu", "clippy_wasm")
}

fn clippy_wasm(compiler: &Compiler, bin: &str, features: &str, config: &str) -> Result<()> {
    let mut clippy = command("cargo");
    clippy.args(["clippy", "--target", TRIPLE, "--no-default-features", "--features", features, "--bin", bin]);
    clippy.args(["--", "-D", "warnings"]).env("CLIPPY_CONF_DIR", root().join(config));
    say(&format!("CLIPPY_CONF_DIR={config} {}", line(&clippy)));
    let failed = |error: std::io::Error| format!("`{}`: {error}", line(&clippy));
    let mut command = command(&compiler.cargo().to_string_lossy());
    command.args(clippy.get_args()).envs(clippy.get_envs().filter_map(|(name, value)| Some((name, value?))));
    compiler.apply(&mut command, &[])?;
    let mut child = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
    let mut dead = Vec::new();
    for text in child.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let text = text.map_err(failed)?;
        eprintln!("{text}");
        if text.contains(DEAD_BAN) {
            dead.push(text);
        }
    }
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        return Err(format!("`{}` failed ({status})", line(&clippy)));
    }
    if dead.is_empty() {
        Ok(())
    } else {
        Err(format!("{config}/clippy.toml bans what is not there: {}", dead.join("; ")))
    }
}
