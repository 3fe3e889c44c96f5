//! The model continues the text, token by token, and can be stopped.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};

#[test]
fn the_likeliest_continuation_begins_with_the_likeliest_token() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "temperature=0&tokens=6&text=The%20cat%20sat%20on%20the")?;
    let before = page.wait_ready()?;
    page.click("generate")?;
    let enough = format!("return JSON.parse(window.moescope.trace()).tokens.length >= {}", before.len() + 6);
    page.wait_for("six tokens", &enough, &[])?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let after = page.trace()?;
    assert_eq!(after.len(), before.len() + 6);
    assert_eq!(after.tokens[..before.len()], before.tokens[..]);
    assert_eq!(Some(after.tokens[before.len()].id), before.next.first().map(|candidate| candidate.id));
    assert!(after.text.starts_with(&before.text));
    Shown::read(&page)?.compare(&after)?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_generation_streams_and_stops() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "tokens=512&seed=5&text=Once")?;
    let before = page.wait_ready()?;
    page.click("generate")?;
    // Both at once: some tokens are on the screen while more are on their way.
    let some = format!(
        "return JSON.parse(window.moescope.trace()).tokens.length > {} && document.querySelector('[data-testid=stop]') != null",
        before.len() + 2
    );
    page.wait_for("the first tokens", &some, &[])?;
    page.click("stop")?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let after = page.trace()?;
    assert!(after.len() < before.len() + 512, "it was stopped before its end");
    Shown::read(&page)?.compare(&after)?;
    page.set_text("Twice")?;
    page.wait_text("Twice")?;
    expect_clean_console(&page, &[])
}
