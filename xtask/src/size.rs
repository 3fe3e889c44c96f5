//! How many bytes a visitor downloads, and how many there may be.

use crate::Result;
use crate::build::bundle;
use std::fmt;
use std::path::Path;

/// The files with a budget: name, what it is, most bytes after gzip.
const BUDGETS: [(&str, &str, usize); 4] = [
    ("app_bg.wasm", "page", 508_000),
    ("studio_bg.wasm", "page with every screen", 765_000),
    ("engine_cpu_bg.wasm", "engine for the CPU", 1_120_000),
    ("engine_gpu_bg.wasm", "engine with GPU", 3_450_000),
];
/// What gzip adds to a deflate stream: ten bytes of header, eight of checksum and length.
const GZIP_FRAME: usize = 18;

/// A file with a budget.
#[derive(Clone, Debug)]
pub struct Part {
    what: &'static str,
    file: &'static str,
    plain: usize,
    gzip: usize,
    budget: usize,
}

impl Part {
    fn fits(&self) -> bool {
        self.gzip <= self.budget
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kilo = |bytes: usize| format!("{:.1} kB", bytes as f64 / 1000.0);
        let verdict = if self.fits() { "ok" } else { "too large" };
        write!(
            f,
            "{} ({}): {} gzip of at most {}, {} plain: {verdict}",
            self.what,
            self.file,
            kilo(self.gzip),
            kilo(self.budget),
            kilo(self.plain)
        )
    }
}

/// The sizes in a built folder.
///
/// # Errors
/// If a file is missing.
pub fn parts(dist: &Path) -> Result<Vec<Part>> {
    let measure = |&(file, what, budget): &(&'static str, &'static str, usize)| {
        let path = dist.join(file);
        let bytes = std::fs::read(&path).map_err(|error| format!("could not read {}: {error}", path.display()))?;
        let gzip = miniz_oxide::deflate::compress_to_vec(&bytes, 9).len() + GZIP_FRAME;
        Ok(Part { what, file, plain: bytes.len(), gzip, budget })
    };
    BUDGETS.iter().map(measure).collect()
}

/// `cargo xtask size`.
///
/// # Errors
/// If the build fails or a file is over its budget.
pub fn check() -> Result<()> {
    let parts = parts(&bundle()?)?;
    for part in &parts {
        println!("{part}");
    }
    if parts.iter().all(Part::fits) { Ok(()) } else { Err("the bundle is over its budget".to_owned()) }
}
