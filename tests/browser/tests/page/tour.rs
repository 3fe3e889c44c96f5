//! The tour takes the keyboard when the visitor asks for it, and at no other time.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Site};

const BACKSPACE: char = '\u{e003}';
const ENTER: char = '\u{e007}';
const UNDO: [char; 2] = ['\u{e009}', 'z'];

/// Waits until that element has the keyboard.
fn wait_focus(page: &Page, testid: &str) -> Done {
    let body = "return document.activeElement?.dataset.testid === arguments[0]";
    page.wait_for(&format!("the keyboard on {testid}"), body, &[testid.into()]).map(drop)
}

/// The first visit of a browser: the tour is open, and goes and comes with the text.
#[test]
fn the_tour_leaves_the_keyboard_to_whoever_types() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let first = page.wait_ready()?.text;
    let shown = "return document.querySelector('[data-testid=tour-next]')?.checkVisibility() === true";
    page.wait_for("the tour", shown, &[])?;
    let empty = |page: &Page| {
        page.script("const field = document.querySelector('[data-testid=text]'); field.focus(); field.select()", &[])?;
        page.press(&[BACKSPACE])?;
        page.wait_for("no text", "return document.querySelector('[data-testid=empty]') != null", &[])
    };
    empty(&page)?;
    page.chord(&UNDO)?;
    page.wait_text(&first)?;
    page.wait_for("the tour", shown, &[])?;
    wait_focus(&page, "text")?;
    empty(&page)?;
    for (at, letter) in "I am".char_indices() {
        page.press(&[letter])?;
        page.wait_text(&"I am"[..=at])?;
        page.wait_for("the tour", shown, &[])?;
    }
    assert!(page.texts("tour")?.concat().starts_with("1 of 6"), "{:?}", page.texts("tour")?);
    // Asked for, it takes the keyboard, and gives it back at its end.
    page.click("tour-next")?;
    wait_focus(&page, "tour-next")?;
    for step in 3..=6 {
        page.press(&[ENTER])?;
        let there = "return document.querySelector('.tour-count').textContent.startsWith(arguments[0])";
        page.wait_for("the next step", there, &[step.to_string().into()])?;
    }
    page.press(&[ENTER])?;
    page.wait_for("the end of the tour", "return document.querySelector('[data-testid=tour]') == null", &[])?;
    wait_focus(&page, "tour-start")?;
    expect_clean_console(&page, &[])
}
