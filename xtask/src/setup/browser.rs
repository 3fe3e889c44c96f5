//! Chromium and its driver for the browser tests: `$CHROME` and `$CHROMEDRIVER`, what is in `PATH`, or Debian's packages.

use crate::Result;
use crate::shell::{apt_install, output, say, which};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Fonts that the tests' texts need, with a language each that tells whether one is there.
const FONTS: [(&str, &str); 2] = [("ja", "fonts-noto-cjk"), ("ar", "fonts-dejavu-core")];

/// The browser and the program that steers it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Chromium or Chrome.
    pub chrome: PathBuf,
    /// Its chromedriver.
    pub driver: PathBuf,
}

impl Browser {
    /// Tells a test program which ones to use.
    pub fn apply(&self, command: &mut Command) {
        command.env("CHROME", &self.chrome).env("CHROMEDRIVER", &self.driver);
    }
}

/// Finds browser and driver, and installs what is missing.
///
/// # Errors
/// If a path in the environment is wrong, or the packages cannot be installed.
pub fn ensure() -> Result<Browser> {
    let named = |variable: &str| match env::var_os(variable).map(PathBuf::from) {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(format!("{variable} is {}, which is not a file", path.display())),
        None => Ok(None),
    };
    let (chrome, driver) = (named("CHROME")?, named("CHROMEDRIVER")?);
    let find = || {
        let chrome = chrome.clone().or_else(|| ["chromium", "google-chrome", "chrome"].into_iter().find_map(which))?;
        Some(Browser { chrome, driver: driver.clone().or_else(|| which("chromedriver"))? })
    };
    let browser = match find() {
        Some(browser) => browser,
        None => {
            say("there is no Chromium with its driver (or set CHROME and CHROMEDRIVER)");
            apt_install(&["chromium", "chromium-driver"])?;
            find().ok_or("the packages chromium and chromium-driver brought no chromium and chromedriver")?
        }
    };
    let missing: Vec<_> = FONTS.iter().filter(|(lang, _)| !has_font(lang)).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        // Without them the tests pass all the same; only the screenshots show boxes.
        if let Err(error) = apt_install(&missing) {
            say(&format!("screenshots will lack some characters: {error}"));
        }
    }
    Ok(browser)
}

fn has_font(lang: &str) -> bool {
    output(Command::new("fc-list").arg(format!(":lang={lang}"))).is_none_or(|fonts| !fonts.is_empty())
}
