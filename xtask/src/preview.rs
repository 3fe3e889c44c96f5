//! The page for `cargo xtask serve`: as soon as it can be had, where [`crate::build`] makes it as small as it can be.
//!
//! What a visitor needs first is built first: the page and the engine for the CPU. The engine with GPU takes as long again and
//! follows while the page is served already. Nothing is optimised across crates, and trunk is not needed.

use crate::Result;
use crate::setup::target::{self, Compiler, TRIPLE};
use crate::setup::tools;
use crate::shell::{command, root, run, target_dir};
use std::fs;
use std::path::{Path, PathBuf};

/// A binary, and its features.
type Binary = (&'static str, &'static str);

/// What the page needs.
const FIRST: [Binary; 3] = [("app", "app"), ("studio", "studio"), ("engine_cpu", "worker")];
/// What it uses where there may be a GPU.
const GPU: Binary = ("engine_gpu", "worker,gpu");
/// Folders of the repository that are part of the page.
const FOLDERS: [&str; 2] = ["www", "assets"];
/// Has to lie beside the page, to answer for all of it.
const SERVICE_WORKER: &str = "sw.js";

/// How quickly to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// For use.
    Preview,
    /// For work on the page: debug assertions, and only our own code is built again.
    Dev,
}

impl Speed {
    /// A profile of Cargo.toml, and the name of its folder.
    fn profile(self) -> &'static str {
        match self {
            Self::Preview => "web-preview",
            Self::Dev => "web-dev",
        }
    }
}

/// A page in the making.
#[derive(Clone, Debug)]
pub struct Preview {
    speed: Speed,
    compiler: Compiler,
    bindgen: PathBuf,
    folder: PathBuf,
}

impl Preview {
    /// Finds what is needed, and installs what is missing.
    ///
    /// # Errors
    /// If something cannot be installed.
    pub fn new(speed: Speed) -> Result<Self> {
        let (compiler, bindgen) = (target::ensure()?, tools::bindgen()?);
        Ok(Self { speed, compiler, bindgen, folder: target_dir().join("page").join(speed.profile()) })
    }

    /// Where the page lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Builds the page with the engine for the CPU.
    ///
    /// # Errors
    /// If a build fails or a file cannot be copied.
    pub fn build(&self) -> Result<()> {
        for binary in FIRST {
            self.binary(binary)?;
        }
        for name in FOLDERS {
            copy(&root().join(name), &self.folder.join(name))?;
        }
        copy(&root().join("www").join(SERVICE_WORKER), &self.folder.join(SERVICE_WORKER))?;
        let page = root().join("index.html");
        let text = fs::read_to_string(&page).map_err(|error| failed(&page, &error))?;
        let page = self.folder.join("index.html");
        fs::write(&page, without_trunk(&text)).map_err(|error| failed(&page, &error))
    }

    /// Builds the engine with GPU.
    ///
    /// # Errors
    /// If the build fails.
    pub fn build_gpu(&self) -> Result<()> {
        self.binary(GPU)
    }

    fn binary(&self, (name, features): Binary) -> Result<()> {
        let profile = self.speed.profile();
        let mut cargo = command(&self.compiler.cargo().to_string_lossy());
        cargo.args(["build", "--locked", "--target", TRIPLE, "--profile", profile, "--no-default-features"]);
        cargo.args(["--features", features, "--bin", name]);
        self.compiler.apply(&mut cargo, &[])?;
        run(&mut cargo)?;
        let module = target_dir().join(TRIPLE).join(profile).join(format!("{name}.wasm"));
        let mut bindgen = command(&self.bindgen.to_string_lossy());
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]);
        run(bindgen.arg(&self.folder).arg(module))
    }
}

/// The page without what only trunk reads.
fn without_trunk(page: &str) -> String {
    page.lines().filter(|line| !line.contains("data-trunk")).flat_map(|line| [line, "\n"]).collect()
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        return fs::copy(from, to).map(drop).map_err(|error| failed(from, &error));
    }
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| failed(from, &error))? {
        let entry = entry.map_err(|error| failed(from, &error))?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunks_lines_are_left_out_of_the_page_and_name_the_same_binaries() {
        let page = fs::read_to_string(root().join("index.html")).unwrap();
        let preview = without_trunk(&page);
        assert!(!preview.contains("data-trunk") && preview.contains("www/start.js") && preview.contains("</html>"));
        for (name, features) in FIRST.into_iter().chain([GPU]) {
            let line = page.lines().find(|line| line.contains(&format!("data-bin=\"{name}\""))).unwrap();
            assert!(line.contains(&format!("data-cargo-features=\"{features}\"")), "{line}");
        }
    }
}
