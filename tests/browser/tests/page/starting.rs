//! Where the page cannot start it says why and what to do, and never loads for ever; parts of two builds are never run together.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site};
use serde_json::json;

/// Opens an address and waits until the page, still without its binary, says all of these words.
fn says(url: &str, words: &[&str]) -> Done {
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, url, "")?;
    let body = "const said = [...document.querySelectorAll('#fallback, #help')].filter((e) => e.checkVisibility({ visibilityProperty: true }))
                  .map((e) => e.textContent).join(' ');
                return arguments[0].every((word) => said.includes(word));";
    page.wait_for(&format!("{words:?}"), body, &[json!(words)]).map(drop)
}

#[test]
fn opened_as_a_file_it_says_how_to_serve_it() -> Done {
    says(&Site::file()?, &["opened as a file", "python3 -m http.server", "http://localhost:8000/"])
}

#[test]
fn in_a_sandboxed_frame_it_says_to_open_it_outside() -> Done {
    let sandboxed = "text/html; charset=utf-8\r\nContent-Security-Policy: sandbox allow-scripts";
    let site = Site::odd(|site| _ = site.kinds.insert("html".to_owned(), sandboxed))?;
    says(&site.url(), &["in a frame", "allow-same-origin", &site.url()])
}

#[test]
fn scripts_sent_as_something_else_are_named_with_their_type() -> Done {
    let site = Site::odd(|site| _ = site.kinds.insert("js".to_owned(), "text/plain"))?;
    says(&site.url(), &["start.js", "text/plain", "text/javascript"])
}

/// Then browsers run no script at all, however simple it is.
#[test]
fn scripts_that_a_browser_may_not_guess_are_named_with_their_type() -> Done {
    let kinds = ["text/plain", "application/octet-stream"];
    for (kind, sent) in kinds.into_iter().zip([
        "text/plain\r\nX-Content-Type-Options: nosniff",
        "application/octet-stream\r\nX-Content-Type-Options: nosniff",
    ]) {
        let site = Site::odd(|site| _ = site.kinds.insert("js".to_owned(), sent))?;
        says(&site.url(), &["start.js", kind, "text/javascript"])?;
    }
    let sent = "text/plain\r\nX-Content-Type-Options: nosniff";
    let site = Site::odd(|site| _ = site.kinds.insert("www/load.js".to_owned(), sent))?;
    says(&site.url(), &["load.js", "text/plain", "text/javascript"])
}

/// One script alone, here that of the engine's worker, for which a browser gives no reason.
#[test]
fn a_workers_script_that_cannot_be_had_is_named_with_its_reason() -> Done {
    for (change, words) in [
        (None, ["www/engine.js", "404", "reload the page"]),
        (Some("text/plain"), ["www/engine.js", "sent as text/plain", "text/javascript only"]),
    ] {
        let site = Site::odd(|site| {
            let script = "www/engine.js".to_owned();
            match change {
                None => _ = site.instead.insert(script, None),
                Some(kind) => _ = site.kinds.insert(script, kind),
            }
        })?;
        let browser = Browser::start(Options::default())?;
        let page = Page::open(&browser, &site.url(), "text=mine")?;
        page.wait_message("fault", &words)?;
    }
    Ok(())
}

#[test]
fn under_an_address_without_its_slash_it_says_so() -> Done {
    let site = Site::odd(|site| site.bare = true)?;
    says(site.url().trim_end_matches('/'), &["an address that ends in a slash", "…/dist/"])
}

/// A copy of another build, as a cache may give it: the section is that of `xtask::stamp`.
#[test]
fn parts_of_two_builds_are_not_run_together() -> Done {
    let other = xtask::stamp::with_section(&Site::read("app_bg.wasm")?, "0123456789abcdef");
    let other = without_build(&other);
    let site = Site::with(&[("app_bg.wasm", Some(other))])?;
    says(&site.url(), &["app.js and app_bg.wasm are of two versions", "reload the page"])
}

/// The binary without the section that names its own build, if it has one; the one added last is left.
fn without_build(module: &[u8]) -> Vec<u8> {
    let name = b"moescope-build";
    let places: Vec<usize> =
        module.windows(name.len()).enumerate().filter(|(_, w)| w == name).map(|(at, _)| at).collect();
    let mut out = module.to_vec();
    if let [own, _] = places[..] {
        out[own..own + 4].copy_from_slice(b"none"); // Renamed, it says nothing.
    }
    out
}
