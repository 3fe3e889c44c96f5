//! The main views at three sizes in light and dark: pictures for people in `target/screenshots/`, and no sideways scrolling.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site};
use serde_json::Value;

const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];
const PARAGRAPH: &str = "The lighthouse keeper's daughter counted 17 gulls before breakfast, and wrote each one down. \
Der Leuchtturm steht seit 1823; la lumière tourne toutes les dix secondes. fn gulls(n: u32) -> u32 { n + 17 }";

fn take(name: &str, dark: bool, text: &str) -> Done {
    let site = Site::whole()?;
    for size in SIZES {
        let browser = Browser::start(Options { dark, size, ..Options::default() })?;
        let page = Page::open(&browser, &site.url(), "text=%20")?;
        page.wait_ready()?;
        if page.script("return document.querySelector('[data-testid=tour-close]') != null", &[])? == Value::Bool(true) {
            page.click("tour-close")?;
        }
        page.set_text(text)?;
        page.wait_text(text)?;
        // Two frames, so that the canvas has been painted.
        page.script(
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
            &[],
        )?;
        let theme = if dark { "dark" } else { "light" };
        page.screenshot(&format!("{name}-{theme}-{}x{}", size.0, size.1))?;
        let wide = page.script("return document.documentElement.scrollWidth - innerWidth", &[])?;
        assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{name} at {size:?} is {wide} pixels too wide");
    }
    Ok(())
}

#[test]
fn a_paragraph_in_light() -> Done {
    take("paragraph", false, PARAGRAPH)
}

#[test]
fn a_paragraph_in_dark() -> Done {
    take("paragraph", true, PARAGRAPH)
}

#[test]
fn one_word() -> Done {
    take("word", false, "Lighthouse")
}

#[test]
fn a_long_text() -> Done {
    take("long", false, PARAGRAPH.repeat(24).as_str())
}
