//! Nobody is shut out: axe-core finds nothing, the keyboard reaches what is shown, and a finger hits what it aims at.

use crate::{Done, SHORT};
use browser_tests::{Browser, Options, Page, Site, violations};
use serde_json::{Value, json};

/// How to come to a view from the one before, and what is there then.
type View = (&'static str, fn(&Page) -> Done, &'static str);

const VIEWS: [View; 7] = [
    ("explore", |page| page.wait_ready().map(drop), "[data-testid=formula]"),
    ("the list of models", |page| page.click("model"), "[data-testid=model-panel]:not([hidden]) .model-item"),
    (
        "the table",
        |page| {
            page.click("model")?;
            page.click("view-table")
        },
        "[data-testid=cell-1-1]",
    ),
    ("the method", |page| page.click("view-method"), "[data-testid=method-steps] li"),
    ("compare", |page| page.click("screen-compare"), "[data-testid=results] table"),
    ("compare as tables", |page| page.click("view-table"), "[data-testid=difference-table]"),
    ("train", |page| page.click("screen-train"), "[data-testid=lab-begin]"),
];

/// Two frames, so that what was asked for is laid out.
const FRAMES: &str = "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";

#[test]
fn axe_finds_nothing_in_the_main_views() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let mut found = Vec::new();
    for (name, comes, then) in VIEWS {
        comes(&page)?;
        page.wait_for(name, "return document.querySelector(arguments[0]) != null", &[json!(then)])?;
        for (dark, size) in [(false, (1440, 900)), (true, (390, 844))] {
            browser.prefer_dark(dark)?;
            browser.resize(size)?;
            page.script(FRAMES, &[])?;
            let all = violations(&page)?;
            found.extend(all.iter().map(|one| format!("{name}, {} wide, dark {dark}: {one}", size.0)));
        }
        browser.resize((1440, 900))?;
    }
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    Ok(())
}

#[test]
fn one_stop_of_the_keyboard_leads_past_the_controls() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    for (comes, then) in [("", "[data-testid=flow-canvas]"), ("screen-compare", "[data-testid=compare] canvas")] {
        if !comes.is_empty() {
            page.click(comes)?;
        }
        page.wait_for("the picture", "return document.querySelector(arguments[0]) != null", &[json!(then)])?;
        page.script("document.activeElement.blur(); window.getSelection().removeAllRanges(); document.querySelector('h1').tabIndex = -1;
            document.body.prepend(Object.assign(document.createElement('i'), { id: 'before', tabIndex: -1 })); document.getElementById('before').focus()", &[])?;
        page.press(&['\u{e004}'])?;
        let first = page.script("return document.activeElement.dataset.testid", &[])?;
        assert_eq!(first, json!("skip"), "the first stop");
        page.press(&['\u{e007}'])?;
        let there = "document.getElementById('before').remove(); return document.activeElement.matches(arguments[0])";
        assert_eq!(page.script(there, &[json!(then)])?, Value::Bool(true), "the picture has the keyboard");
    }
    Ok(())
}

/// What a key can change: the address, what has the keyboard, whether time runs, and the list of keys.
const STATE: &str = "const at = (id) => document.querySelector(`[data-testid=${id}]`);
    return [location.hash, document.activeElement.dataset.testid ?? '', at('play')?.ariaLabel ?? '', at('lab-ruler')?.ariaValueNow ?? '',
      at('lab-pause') != null, at('lab-plan') != null, document.querySelectorAll('.branch, [data-testid^=branch-]').length, at('help-panel') != null].join(' | ')";

/// The keys as the browser names them that a cap of the list stands for.
fn keys(cap: &str) -> Vec<&str> {
    match cap {
        "← →" => vec!["ArrowLeft", "ArrowRight"],
        "↑ ↓" => vec!["ArrowUp", "ArrowDown"],
        "PgUp" => vec!["PageUp"],
        "PgDn" => vec!["PageDown"],
        "Space" => vec![" ", " "],
        "1 … 9" => vec!["1", "3"],
        "Esc" => vec!["Escape"],
        "E" | "V" | "X" | "S" | "B" => vec![match cap {
            "E" => "e",
            "V" => "v",
            "X" => "x",
            "S" => "s",
            _ => "b",
        }],
        other => vec![other],
    }
}

/// Each key that the page lists does something, where it lists it, with the keyboard on an element.
fn try_keys(page: &Page, on: &str) -> Done {
    page.click("help")?;
    page.wait_for("the list", "return document.querySelector('[data-testid=help-panel] kbd') != null", &[])?;
    let caps = page.script(
        "return [...document.querySelectorAll('[data-testid=help-panel] kbd')].map((e) => e.textContent)",
        &[],
    )?;
    page.click("help-close")?;
    for cap in caps.as_array().into_iter().flatten().filter_map(Value::as_str) {
        for key in keys(cap) {
            page.wait_for(
                "what has the keyboard",
                "const e = document.querySelector(arguments[0]); e?.focus(); return e != null",
                &[json!(on)],
            )?;
            let before = page.script(STATE, &[])?;
            let press = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }))";
            page.script(press, &[json!(key)])?;
            let changed = STATE.replace("return [", "return arguments[0] !== [");
            page.wait_for(&format!("what {key} of {cap} does"), &changed, &[before])?;
            if cap == "V" {
                page.click("view-flow")?;
            }
        }
    }
    Ok(())
}

#[test]
fn every_key_that_is_listed_does_something() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("token=5&layer=2&{SHORT}"))?;
    page.wait_ready()?;
    try_keys(&page, "[data-testid=flow-canvas]")?;
    page.click("help-close")?;
    // On the picture the letter that edits the text does not pick experts.
    page.script("document.querySelector('[data-testid=flow-canvas]').focus()", &[])?;
    page.press(&['e'])?;
    page.wait_for("the text field", "return document.activeElement.dataset.testid === 'text'", &[])?;
    page.script("location.hash = '#screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5'; location.reload()", &[])?;
    page.wait_for("the start", "return document.querySelector('[data-testid=lab-begin]') != null", &[])?;
    page.click("lab-begin")?;
    let far = "return Number(document.querySelector('[data-testid=lab-ruler]')?.ariaValueNow ?? -1) >= 30";
    page.wait_for("steps", far, &[])?;
    page.click("lab-pause")?;
    page.wait_for("the pause", "return document.querySelector('[data-testid=lab-start]') != null", &[])?;
    // A step that was on its way would undo what a key does.
    let rests = "const now = document.querySelector('[data-testid=lab-ruler]').ariaValueMax;
        if (window.last?.step !== now) window.last = { step: now, since: performance.now() };
        return performance.now() - window.last.since > 500";
    page.wait_for("the last step", rests, &[])?;
    try_keys(&page, "[data-testid=lab-ruler]")
}

/// What a finger may miss: controls that are less than 44 pixels high or wide, but for those in a line of words.
const SMALL: &str = "
    const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.disabled;
    const all = [...document.querySelectorAll('button, summary, select, input:not([type=file]), textarea, label.choice, label.menu-item')].filter(seen);
    return all.filter((e) => !e.closest('.skip, p, small, caption') && !(e.matches('input') && e.closest('label.choice'))).flatMap((e) => {
      const { width, height } = e.getBoundingClientRect();
      return width === 0 || (width >= 43.5 && height >= 43.5) ? [] : [`${e.dataset.testid ?? e.className ?? e.tagName} ${Math.round(width)}x${Math.round(height)}`];
    });";

#[test]
fn a_finger_has_44_pixels() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { size: (390, 844), ..Options::default() })?);
    browser.touch(true)?;
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    assert_eq!(page.script("return matchMedia('(pointer: coarse)').matches", &[])?, Value::Bool(true));
    let mut small = Vec::new();
    for (name, does, then) in VIEWS {
        // A phone has no switch of views in sight; it is there all the same.
        does(&page)?;
        page.wait_for(name, "return document.querySelector(arguments[0]) != null", &[json!(then)])?;
        for width in [390, 1024] {
            browser.resize((width, 844))?;
            page.script(FRAMES, &[])?;
            let found = page.script(SMALL, &[])?;
            let found = found.as_array().into_iter().flatten().filter_map(Value::as_str);
            small.extend(found.map(|one| format!("{name}, {width} wide: {one}")));
            let wide = page.script("return document.documentElement.scrollWidth - innerWidth", &[])?;
            assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{name} at {width} is {wide} pixels too wide");
        }
    }
    assert!(small.is_empty(), "{} controls are small:\n{}", small.len(), small.join("\n"));
    Ok(())
}
