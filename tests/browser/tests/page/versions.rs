//! Where a server or a cache answers with files of another version of the page, older or newer, the page says so and is never
//! half a page: each part is whole in itself, so nothing but its build's name tells.

use crate::Done;
use browser_tests::{Browser, Options, Page, Result, Site};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Another build's name.
const OTHER: &str = "0123456789abcdef";
/// What became of the promise of a live trace.
const READY: &str = "return window.moescope.ready.then(() => 'ready', (error) => error.message ?? String(error))";

/// A copy of the page in a folder for a test, which goes with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("moescope-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Gives a file another build's name, of the same length, wherever its own stands.
pub(crate) fn rename_build(path: &Path, from: &str, to: &str) -> Result<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut bytes = fs::read(path).map_err(failed)?;
    let places = bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from.as_bytes());
    for at in places.map(|(at, _)| at).collect::<Vec<_>>() {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    fs::write(path, bytes).map_err(failed)
}

/// Makes a binary and its script those of another build.
fn replace(folder: &Folder, binary: &str, from: &str) -> Result<()> {
    rename_build(&folder.0.join(format!("{binary}.js")), from, OTHER)?;
    rename_build(&folder.0.join(format!("{binary}_bg.wasm")), from, OTHER)
}

fn said_instead(page: &Page<'_>, words: &[&str]) -> Done {
    let body = "const text = document.querySelector('#fallback')?.textContent ?? '';
                return arguments[0].every((word) => text.includes(word))";
    page.wait_for(&format!("{words:?}"), body, &[json!(words)]).map(drop)
}

#[test]
fn a_page_of_another_version_than_its_scripts_is_not_started() -> Done {
    let folder = Folder::new("app");
    let (site, build) = Site::copied(&folder.0, |_| ())?;
    replace(&folder, "app", &build)?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), "")?;
    said_instead(&page, &["app.js and app_bg.wasm are of another version than this page", "reload the page"])?;
    let ready = page.script(READY, &[])?;
    assert!(ready.as_str().is_some_and(|why| why.contains("another version")), "{ready}");
    Ok(())
}

/// The screens come later than the page: at once where the address asks for one, or when somebody goes there, which may be after
/// an update of the server.
#[test]
fn screens_of_another_version_leave_the_first_one_and_are_said_to_be() -> Done {
    let folder = Folder::new("studio");
    let (site, build) = Site::copied(&folder.0, |_| ())?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), "text=before")?;
    page.wait_for("the light page", "return typeof window.moescope?.whole === 'function'", &[])?;
    replace(&folder, "studio", &build)?;
    page.click("screen-train")?;
    let words = ["studio.js and studio_bg.wasm are of another version than this page", "reload the page"];
    let said = page.wait_message("fault", &words)?;
    assert!(said.contains("The Train screen") && !said.contains("Check the connection"), "{said}");
    let page = Page::open(&browser, &site.url(), "screen=compare")?;
    page.wait_message("fault", &[words[0], words[1], "The Compare screen"])?;
    Ok(())
}

/// A server that was updated, all of it, is no mixture: a page that the browser had kept takes what is there now.
#[test]
fn a_kept_page_takes_the_binaries_of_an_updated_server() -> Done {
    let folder = Folder::new("updated");
    let (site, build) = Site::copied(&folder.0, |_| ())?;
    replace(&folder, "app", &build)?;
    rename_build(&folder.0.join("www/engine.js"), &build, OTHER)?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_for("the page", "return window.moescopeBuild", &[])?;
    assert_eq!(page.script("return window.moescopeBuild", &[])?, json!(format!("?b={OTHER}")));
    page.wait_for("the light page", "return typeof window.moescope?.whole === 'function'", &[]).map(drop)
}

/// Counts workers, and keeps what becomes of the page's first promise of a live trace.
const WATCH: &str = "const Own = Worker; window.testWorkers = 0;
    window.Worker = class extends Own { constructor(...all) { super(...all); window.testWorkers += 1; } };
    let own; Object.defineProperty(window, 'moescope', { get: () => own, set(value) {
        own = value; window.testReady ??= value.ready.then(() => 'ready', (error) => error.message); } });";

/// Opens the page with another script for the engine's worker, and sees that it says these words and promises no trace.
fn with_engine(script: &str, words: &[&str]) -> Done {
    let site = Site::with(&[("www/engine.js", Some(script.as_bytes().to_vec()))])?;
    let browser = Browser::start(Options::default())?;
    browser.before_pages(WATCH)?;
    let page = Page::open(&browser, &site.url(), "text=mine")?;
    page.wait_message("fault", words)?;
    let ready = page.script("return window.testReady", &[])?;
    assert!(ready.as_str().is_some_and(|why| words.iter().all(|word| why.contains(word))), "{ready}");
    assert_eq!(page.script("return window.testWorkers", &[])?, json!(1), "another worker would be the same");
    Ok(())
}

/// What an engine said before it said of which version it is: its first message, “started”, is one zero byte.
#[test]
fn an_engine_that_does_not_say_its_version_is_of_another() -> Done {
    with_engine("self.postMessage(new Uint8Array([0]).buffer);", &["different versions", "reload the page"])
}

#[test]
fn an_engine_of_another_version_is_not_asked() -> Done {
    let script = "self.postMessage('version ?b=fedcba9876543210'); self.postMessage(new Uint8Array([0]).buffer);";
    with_engine(script, &["different versions", "reload the page"])
}
