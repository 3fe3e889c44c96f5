//! The main views at three sizes in light and dark: pictures for people in `target/screenshots/`, and no sideways scrolling.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site};
use serde_json::{Value, json};

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

/// Whether a control lies in the window.
const INSIDE: &str = "const at = document.querySelector(`[data-testid=\"${arguments[0]}\"]`).getBoundingClientRect();
    return at.width > 0 && at.left >= 0 && at.right <= innerWidth + 0.5 && at.top >= 0 && at.bottom <= innerHeight + 0.5";

#[test]
fn a_very_narrow_window_has_every_control() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options { size: (320, 640), ..Options::default() })?;
    let page = Page::open(&browser, &site.url(), "text=Lighthouse")?;
    page.wait_ready()?;
    page.wait_text("Lighthouse")?;
    for control in ["device", "save", "more", "theme", "generate", "samples"] {
        assert_eq!(page.script(INSIDE, &[control.into()])?, Value::Bool(true), "{control} is in the window");
    }
    for screen in ["screen-explore", "screen-compare", "screen-train"] {
        assert_eq!(page.script(INSIDE, &[screen.into()])?, Value::Bool(true), "{screen} is one tap away");
    }
    page.click("more")?;
    page.click("more-model")?;
    let card = "return [...document.querySelectorAll('[data-testid=model-card]')].some((e) => e.checkVisibility() && e.textContent.includes('parameters'))";
    page.wait_for("the model's card", card, &[])?;
    page.click("screen-compare")?;
    page.wait_for("the other screen", "return location.hash.includes('screen=compare')", &[])?;
    Ok(())
}

#[test]
fn a_low_window_leaves_the_picture_its_height() -> Done {
    let site = Site::whole()?;
    for size in [(720, 450), (1000, 500)] {
        let browser = Browser::start(Options { size, ..Options::default() })?;
        let page = Page::open(&browser, &site.url(), "text=Lighthouse")?;
        page.wait_ready()?;
        let height = page.script("return document.querySelector('.flow-frame').clientHeight", &[])?;
        assert!(height.as_i64().is_some_and(|height| height >= 240), "{size:?}: {height} pixels");
        let wide = page.script("return document.documentElement.scrollWidth - innerWidth", &[])?;
        assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{size:?}: {wide} pixels too wide");
        page.script("document.querySelector('[data-testid=balance-panel]').scrollIntoView()", &[])?;
    }
    Ok(())
}

/// From now on, in every frame, what is shown of a model's numbers, unless it is said to be a recording; and the text and model
/// that are named.
const WATCH: &str = "window.shown = {}; const note = (what, value) => { if (value != null) (window.shown[what] ??= new Set()).add(value); };
    requestAnimationFrame(function look() { requestAnimationFrame(look);
      const of = (id) => document.querySelector(`[data-testid=\"${id}\"]`);
      note('model', of('model')?.textContent.split(' ')[0]); note('text', of('text')?.value || null); note('tokens', of('compare-tokens-switch')?.textContent);
      note('steps', of('method-steps')?.textContent);
      if (!of('source')) note(of('selected-place')?.textContent, of('formula')?.textContent); })";

/// Something is chosen right before the light page gives way.
const LATE: &str = "const leave = window.moescope.leave;
    window.moescope.leave = () => { document.querySelector('[data-testid=theme]').click(); leave(); };";

/// The binary with every screen takes the place of the light one: nothing of another model or text is shown meanwhile, and
/// what was written can still be taken back.
#[test]
fn a_further_screen_opened_first_shows_only_what_is_named() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    for (first, there) in [
        ("view-method", "[data-testid=method-steps] li"),
        ("screen-compare", "[data-testid=compare-tokens-switch]"),
        ("screen-train", "[data-testid=lab-begin]"),
    ] {
        let page = Page::open(&browser, &site.url(), "model=switch&text=Nine%20gulls%20flew")?;
        let old = page.wait_text("Nine gulls flew")?;
        assert_eq!(old.model.name, "switch");
        page.type_keys(" home")?;
        page.wait_text("Nine gulls flew home")?;
        page.press(&['\u{e003}', '\u{e003}'])?; // Backspace, a step of its own.
        let own = page.wait_text("Nine gulls flew ho")?;
        page.script(WATCH, &[])?;
        page.script(LATE, &[])?;
        page.click(first)?;
        page.wait_for(first, "return document.querySelector(arguments[0]) != null", &[json!(there)])?;
        page.wait_for("what was chosen last", "return location.hash.includes('theme=light')", &[])?;
        if first == "screen-train" {
            page.click("screen-explore")?;
            let live = "return document.querySelector('[data-testid=formula]') && !document.querySelector('[data-testid=source]')";
            page.wait_for("the live trace", live, &[])?;
        }
        let shown = page.script(
            "return Object.fromEntries(Object.entries(window.shown).map(([what, values]) => [what, [...values]]))",
            &[],
        )?;
        // Only the explorer names one model.
        let named = &shown["model"];
        assert!(named.is_null() || *named == json!(["Switch"]), "{first}: {shown}");
        assert_eq!(shown["text"], json!([own.text]), "{first}: {shown}");
        // One model and one text: each place has one formula, and the method’s steps are those of one token.
        for (what, all) in shown.as_object().into_iter().flatten() {
            assert_eq!(all.as_array().map(Vec::len), Some(1), "{first}, {what}: {shown}");
        }
        if first == "screen-compare" {
            assert_eq!(shown["tokens"], json!([own.len().to_string()]), "{first}: {shown}");
        }
        page.script("document.querySelector('[data-testid=text]').focus()", &[])?;
        for text in ["Nine gulls flew home", "Nine gulls flew"] {
            page.chord(&['\u{e009}', 'z'])?;
            let taken = "return document.querySelector('[data-testid=text]').value === arguments[0]";
            page.wait_for(&format!("undo after {first}"), taken, &[json!(text)])?;
        }
    }
    Ok(())
}

/// The light page gives way to the one with every screen: the Train screen's address names no token, and somebody may wait for
/// the light page's trace.
#[test]
fn what_is_selected_and_promised_goes_over() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=Nine%20gulls%20flew%20home&token=2&layer=3")?;
    page.wait_for("the page", "return window.moescope?.whole != null", &[])?;
    page.script("window.early = 'waits'; window.moescope.ready.then(() => { window.early = 'ready'; })", &[])?;
    page.click("screen-train")?;
    page.wait_for("Train", "return document.querySelector('[data-testid=lab-begin]') != null", &[])?;
    page.click("screen-explore")?;
    page.wait_for(
        "the selection",
        "return /token=2(&|$)/.test(location.hash) && /layer=3(&|$)/.test(location.hash)",
        &[],
    )?;
    page.wait_for("the promise", "return window.early === 'ready'", &[])?;
    Ok(())
}
