//! After the first live trace the page works without a network, and always with parts of one build.

use crate::Done;
use crate::versions::{Folder, rename_build};
use browser_tests::{Browser, Options, Page, Result, Shown, Site};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Waits until everything that the page needs is kept.
fn wait_kept(page: &Page<'_>) -> Done {
    page.wait_for(
        "copies of everything",
        "return (async () => {
           let kept = [];
           for (const name of await caches.keys()) kept.push(...(await (await caches.open(name)).keys()).map((r) => r.url));
           return ['model.safetensors', 'engine_cpu_bg.wasm', 'app_bg.wasm', 'tokenizer.json', '/'].every((f) => kept.some((u) => u.split('?')[0].endsWith(f)));
         })()",
        &[],
    )
    .map(drop)
}

#[test]
fn the_page_opens_again_without_a_network() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=before")?;
    page.wait_ready()?;
    wait_kept(&page)?;
    site.go_down();
    let page = Page::open(&browser, &site.url(), "text=after")?;
    page.wait_ready()?;
    let trace = page.wait_text("after")?;
    Shown::read(&page)?.compare(&trace)
}

/// Makes the page in a folder one of another build, whose largest file is not there yet.
fn update(folder: &Path, from: &str, to: &str) -> Result<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for within in [folder.to_path_buf(), folder.join("www")] {
        for entry in fs::read_dir(within).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if !["js", "wasm", "html"].iter().any(|kind| path.extension().is_some_and(|own| own == *kind)) {
                continue;
            }
            rename_build(&path, from, to)?;
        }
    }
    fs::remove_file(folder.join("app_bg.wasm")).map_err(failed)
}

#[test]
fn an_update_that_was_broken_off_leaves_the_old_page_whole() -> Done {
    let folder = Folder::new("update");
    // Like most servers, this one lets the browser show the page again without asking.
    let lasting = "text/html; charset=utf-8\r\nCache-Control: max-age=600";
    let (site, old) = Site::copied(&folder.0, |site| _ = site.kinds.insert("html".to_owned(), lasting))?;
    let browser = Browser::start(Options::default())?;
    browser.before_pages("const Own = Worker; window.testWorkers = 0; window.Worker = class extends Own { constructor(...all) { super(...all); window.testWorkers += 1; } }")?;
    let page = Page::open(&browser, &site.url(), "text=before")?;
    page.wait_ready()?;
    wait_kept(&page)?;
    let new = "0123456789abcdef";
    update(&folder.0, &old, new)?;
    // A tab that was open before asks for its files once more; the last to come is large.
    let again = "const build = `?b=${arguments[0]}`; return (async () => { const cache = await caches.open('moescope-2'); const keep = (await cache.keys()).map((r) => r.url);
        await cache.delete(keep.find((url) => url.endsWith('model.safetensors')));
        (await navigator.serviceWorker.ready).active.postMessage({ keep, build }); })()";
    page.script(again, &[json!(old)])?;
    wait_kept(&page)?;
    let mixed = "const build = arguments[0]; return (async () => { const cache = await caches.open('moescope-2'); const out = [];
        for (const { url } of await cache.keys()) if (url.endsWith(`?b=${build}`) && !(await (await cache.match(url)).text()).includes(build)) out.push(url);
        return out })()";
    assert_eq!(page.script(mixed, &[json!(old)])?, json!([]), "files of another build in the place of this one");
    // The new page, of which not all is here.
    let page = Page::open(&browser, &site.url(), "text=between")?;
    page.wait_for(
        "that it cannot start",
        "return document.querySelector('#fallback')?.textContent.includes('app_bg.wasm')",
        &[],
    )?;
    site.go_down();
    let page = Page::open(&browser, &site.url(), "text=after")?;
    page.wait_ready()?;
    let trace = page.wait_text("after")?;
    assert_eq!(page.script("return window.moescopeBuild", &[])?, json!(format!("?b={old}")));
    Shown::read(&page)?.compare(&trace)?;
    // What is mixed all the same is said at once, with what to do: another worker would find the same.
    let mix = "const [from, to] = arguments; return (async () => { const cache = await caches.open('moescope-2'); const url = (await cache.keys()).map((r) => r.url).find((u) => u.includes('engine_cpu.js'));
        const text = (await (await cache.match(url)).text()).replaceAll(from, to); await cache.put(url, new Response(text, { headers: { 'Content-Type': 'text/javascript' } })); })()";
    page.script(mix, &[json!(old), json!(new)])?;
    let page = Page::open(&browser, &site.url(), "text=mixed")?;
    page.wait_message(
        "fault",
        &["engine_cpu.js and engine_cpu_bg.wasm are of two versions", "reload the page", "Try again"],
    )?;
    assert_eq!(page.script("return window.testWorkers", &[])?, json!(1));
    Ok(())
}
