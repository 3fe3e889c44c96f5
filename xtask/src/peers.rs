//! What `cargo xtask bench --peers` compares with: other tools, at fixed versions, in `target/peers`.
//!
//! npm installs them from a lock file, which holds the hash of every package; Python writes the shipped model as ONNX
//! graphs in an environment of its own. Nothing of it is part of the page or needed for anything else.

use crate::Result;
use crate::setup::npm;
use crate::shell::{command, root, run, target_dir, which};
use std::fs;
use std::path::{Path, PathBuf};

/// Pages, scripts and the lock file.
const SOURCES: &str = "tests/browser/peers";
const REQUIREMENTS: &str = "tests/reference/onnx-requirements.txt";

/// Fetches what is missing; the folder that is to be served.
///
/// # Errors
/// If there is no npm or Python, or something cannot be fetched.
pub fn ensure() -> Result<PathBuf> {
    let folder = target_dir().join("peers");
    npm::packages(SOURCES, &folder, "the tools to compare with (450 MB)")?;
    let python = python(&folder)?;
    let mut model = command(&python.to_string_lossy());
    run(model.args(["tests/reference/onnx_model.py", "assets/models/mixtral"]).arg(folder.join("models")))?;
    Ok(folder)
}

/// A Python that can write ONNX graphs.
fn python(folder: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let (wanted, done) = (root().join(REQUIREMENTS), venv.join("installed"));
    if npm::same(&wanted, &done) {
        return Ok(python);
    }
    let system = ["python3", "python"].into_iter().find(|name| which(name).is_some());
    let system =
        system.ok_or("there is no python3, which writes the model for onnxruntime: install Python 3.11 or newer")?;
    run(command(system).args(["-m", "venv"]).arg(&venv))?;
    run(command(&python.to_string_lossy()).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&wanted))
        .map_err(|error| format!("{error}; without these packages nothing can be compared"))?;
    fs::copy(&wanted, &done).map(|_| python).map_err(|error| format!("{}: {error}", done.display()))
}
