//! Files dropped on every screen, by a real drag: each kind goes to the screen that shows it, or is refused as what it is.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Result, Site};
use moescope::run::archive::pack;
use moescope::trace::{Trace, to_json};
use std::fs;
use std::path::{Path, PathBuf};

const SCREEN: &str = "const screen = location.hash.match(/screen=(\\w+)/)?.[1] ?? 'explore';
    const pressed = document.querySelector(`[data-testid=screen-${screen}]`)?.getAttribute('aria-pressed');
    return screen === arguments[0] && pressed === 'true';";

fn written(browser: &Browser, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = browser.downloads.join(name);
    fs::write(&path, bytes).map_err(|error| error.to_string())?;
    Ok(path)
}

/// The tiny checkpoint that transformers saved in shards: its files that belong to a model.
fn checkpoint() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/saved-mixtral/sharded");
    // A browser may not read what it was given by way of a folder above.
    let folder = folder.canonicalize().map_err(|error| error.to_string())?;
    let shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    let names = ["config.json", "tokenizer.json", "model.safetensors.index.json"];
    Ok(names.into_iter().chain(shards).map(|name| folder.join(name)).collect())
}

fn go(page: &Page, screen: &str) -> Done {
    page.click(&format!("screen-{screen}"))?;
    page.wait_for(screen, SCREEN, &[screen.into()]).map(drop)
}

/// Waits for a trace of that model.
fn routed_by(page: &Page, model: &str) -> Result<Trace> {
    let body = "const trace = window.moescope?.trace(); return trace != null && JSON.parse(trace).model.name === arguments[0];";
    page.wait_for(model, body, &[model.into()])?;
    page.trace()
}

const FILE: &str = "return document.querySelector('[data-testid=source]')?.textContent.includes('one.json')";

#[test]
fn what_is_dropped_is_shown_where_it_belongs_or_refused_as_what_it_is() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_for("the recording", "return window.moescope?.trace() != null", &[])?;
    let json = to_json(&page.trace()?).map_err(|error| error.to_string())?;
    let file = |name: &str, bytes: &[u8]| written(&browser, name, bytes);
    let html = file("page.html", b"<!DOCTYPE html><html><body>Sign in to go on</body></html>")?;
    let weights = file("model.gguf", b"GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0")?;
    let other = file("settings.json", b"{\"text\": \"\", \"seed\": 7}")?;
    let run = file("run.zip", &pack(&[("run.json".to_owned(), b"{}".to_vec())]))?;
    let [one, two] = [file("one.json", json.as_bytes())?, file("two.json", json.as_bytes())?];
    let folder = browser.downloads.join("a-folder");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for screen in ["explore", "compare", "train"] {
        go(&page, screen)?;
        let refused: [(&[&PathBuf], &[&str]); 5] = [
            (&[&html], &["page.html cannot be opened: it is a web page", "paste them here", "end in .txt"]),
            (&[&weights], &["model.gguf", "a GGUF file", "safetensors"]),
            (
                &[&other],
                &["schema, model, tokens, layers and next are missing", "model_type is missing", "end in .txt"],
            ),
            (&[&one, &two], &["2 files at once", "one.json (a trace) and two.json (a trace)"]),
            (&[&folder], &["a-folder is a folder", "drop what is in it"]),
        ];
        for (files, words) in refused {
            page.drop_files(&files.iter().map(|file| file.as_path()).collect::<Vec<_>>())?;
            page.wait_message("fault", words)?;
            page.wait_for("the screen that was seen", SCREEN, &[screen.into()])?;
        }
        page.drop_files(&[&one])?;
        page.wait_for("the trace", FILE, &[])?;
        page.wait_for("the trace’s screen", SCREEN, &["explore".into()])?;
        go(&page, screen)?;
        page.drop_files(&[&run])?;
        page.wait_for("the run’s screen", SCREEN, &["train".into()])?;
        page.wait_message("fault", &["run.json"])?;
    }
    expect_clean_console(&page, &[])
}

#[test]
fn a_dropped_model_routes_the_dropped_text_and_is_kept_for_the_tab() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    for screen in ["explore", "compare", "train"] {
        go(&page, screen)?;
        let text = format!("Two gulls over {screen}.");
        page.drop_files(&[&written(&browser, "note.md", text.as_bytes())?])?;
        page.wait_text(&text)?;
        // A run needs more than this to learn from.
        page.wait_for("the text", SCREEN, &[if screen == "train" { "explore" } else { screen }.into()])?;
        if screen == "train" {
            page.wait_message("notice", &["note.md holds", "at least 2,000", "routed here instead"])?;
        }
        go(&page, screen)?;
        page.drop_files(&checkpoint()?.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
        routed_by(&page, "opened-checkpoint")?;
        page.wait_for("the model’s screen", SCREEN, &["explore".into()])?;
        page.wait_for("the address", "return location.hash.includes('model=opened-checkpoint')", &[])?;
        if screen != "train" {
            page.script("location.hash = location.hash.replace('model=opened-checkpoint', 'model=mixtral')", &[])?;
            routed_by(&page, "mixtral")?;
        }
    }
    let before = page.trace()?;
    page.script("window.testBefore = true; location.reload()", &[])?;
    page.wait_for("the reload", "return window.testBefore === undefined", &[])?;
    page.wait_ready()?;
    let after = routed_by(&page, "opened-checkpoint")?;
    assert_eq!((after.text, after.layers), (before.text, before.layers), "the files are kept for the tab");
    assert_eq!(page.texts("fault")?, [""; 0]);
    expect_clean_console(&page, &[])
}

/// Between the light page's end and the next one's start neither listens.
#[test]
fn what_is_dropped_while_a_screen_comes_is_not_lost() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_for("the recording", "return window.moescope?.trace() != null", &[])?;
    let slow = "const start = WebAssembly.instantiate;
        WebAssembly.instantiate = async (...of) => { await new Promise((wait) => setTimeout(wait, 3000)); return start(...of); };";
    page.script(slow, &[])?;
    page.click("screen-compare")?;
    page.wait_for("the light page's end", "return window.moescopeHanded !== undefined", &[])?;
    let html = written(&browser, "page.html", b"<!DOCTYPE html><html><body>Sign in to go on</body></html>")?;
    page.drop_files(&[html.as_path()])?;
    page.wait_message("fault", &["page.html cannot be opened: it is a web page"])?;
    expect_clean_console(&page, &[])
}
