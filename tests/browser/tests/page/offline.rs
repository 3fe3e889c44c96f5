//! After the first live trace the page works without a network.

use crate::Done;
use browser_tests::{Browser, Options, Page, Shown, Site};

#[test]
fn the_page_opens_again_without_a_network() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=before")?;
    page.wait_ready()?;
    page.wait_for(
        "copies of everything",
        "return (async () => {
           let kept = [];
           for (const name of await caches.keys()) kept.push(...(await (await caches.open(name)).keys()).map((r) => r.url));
           return ['model.safetensors', 'engine_cpu_bg.wasm', 'app_bg.wasm', 'tokenizer.json'].every((f) => kept.some((u) => u.split('?')[0].endsWith(f)));
         })()",
        &[],
    )?;
    site.go_down();
    let page = Page::open(&browser, &site.url(), "text=after")?;
    page.wait_ready()?;
    let trace = page.wait_text("after")?;
    Shown::read(&page)?.compare(&trace)
}
