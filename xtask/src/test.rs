//! `cargo xtask test`: every test, natively and in a browser.

use crate::Result;
use crate::axe;
use crate::build::bundle;
use crate::setup::{browser, firefox};
use crate::shell::{command, run};

/// Which tests to run.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Only those that need no browser.
    pub native: bool,
    /// Only those in the browser.
    pub browser: bool,
    /// Also those that take long: every view at every size, every model, every text.
    pub full: bool,
    /// Arguments for the test programs, such as a part of a test's name.
    pub rest: Vec<String>,
}

/// Runs the tests.
///
/// # Errors
/// If something is missing that cannot be installed, a build fails or a test does.
pub fn test(which: &Which) -> Result<()> {
    if !which.browser {
        run(command("cargo").args(["test", "--release", "--package", "moescope", "--"]).args(&which.rest))?;
        // The page's own logic needs no browser either, but is in no native program.
        let page = [
            "test",
            "--release",
            "--package",
            "moescope",
            "--lib",
            "--no-default-features",
            "--features",
            "studio",
            "--",
        ];
        run(command("cargo").args(page).args(&which.rest))?;
        run(command("cargo").args(["test", "--package", "xtask", "--"]).args(&which.rest))?;
    }
    if !which.native {
        let browser = browser::ensure()?;
        axe::ensure()?;
        let firefox = which.full.then(firefox::ensure).transpose()?;
        let dist = bundle()?;
        for target in [None, Some("full")].into_iter().take(if which.full { 2 } else { 1 }) {
            let mut tests = command("cargo");
            tests.args(["test", "--package", "browser-tests"]).env("MOESCOPE_DIST", &dist);
            tests.args(target.into_iter().flat_map(|target| ["--test", target])).arg("--").args(&which.rest);
            browser.apply(&mut tests);
            tests.envs(firefox.iter().map(|path| ("FIREFOX", path)));
            run(&mut tests)?;
        }
    }
    Ok(())
}
