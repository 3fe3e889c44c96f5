//! The page in Firefox: underlines stand below their letters, and what Chromium's tests do at length works there too.

use crate::Done;
use crate::underlines::{CLUSTERS, PROSE, TURNING, look, word};
use browser_tests::{Firefox, Page, Site};

/// Every thirtieth of the widths: forty.
const STEP: usize = 30;

fn expect_clean_console(page: &Page<'_, Firefox>) -> Done {
    let errors = page.console_errors(&[])?;
    if errors.is_empty() { Ok(()) } else { Err(format!("the console has errors: {errors:#?}")) }
}

#[test]
fn underlines_stand_below_their_letters() -> Done {
    let (site, browser) = (Site::whole()?, Firefox::start()?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    look(&page, "the first text", STEP, 1.0)?;
    for text in [PROSE.repeat(4), word(), CLUSTERS.repeat(2), TURNING.repeat(2)] {
        page.set_text(&text)?;
        page.wait_text(&text)?;
        look(&page, &text, STEP, 1.0)?;
        look(&page, &text, 4 * STEP, 1.25)?;
    }
    expect_clean_console(&page)
}

#[test]
fn the_page_routes_what_is_typed_compares_and_trains() -> Done {
    let (site, browser) = (Site::whole()?, Firefox::start()?);
    let page = Page::open(&browser, &site.url(), "text=Once")?;
    page.zoom((1440, 900), 1.0)?;
    page.wait_ready()?;
    page.script(
        "const field = document.querySelector('[data-testid=text]'); field.focus(); field.setSelectionRange(4, 4)",
        &[],
    )?;
    page.press(&[' ', 'u', 'p', 'o', 'n'])?;
    let trace = page.wait_text("Once upon")?;
    page.click("screen-compare")?;
    page.wait_for(
        "compared models",
        "return document.querySelectorAll('[data-testid^=compare-bits-]').length > 1",
        &[],
    )?;
    page.click("screen-train")?;
    page.click("lab-begin")?;
    let steps =
        "return Number(document.querySelector('[data-testid=lab-ruler]')?.getAttribute('aria-valuenow') ?? 0) >= 5";
    page.wait_for("five steps", steps, &[])?;
    page.click("lab-pause")?;
    page.click("screen-explore")?;
    assert_eq!(page.wait_text("Once upon")?.tokens, trace.tokens);
    expect_clean_console(&page)
}
