//! Underlines stand below their tokens' letters at every width.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site, Underlines};

const PROSE: &str = "The gate reads the sum of what came before it, weighs eight experts, and sends each token to two; naïve façades, long-hyphenated-words and antidisestablishmentarianism wrap where they must. ";
const OTHERS: &str = "日本語のテキスト、長い行。 e\u{301} 👩‍🚀🇫🇷 end\n\n\tindented  double   spaces   \nlast line ";

/// Looks at widths from 320 to 1,500 pixels.
fn look(browser: &Browser, page: &Page<'_>, what: &str, step: usize, zoom: f32) -> Done {
    let mut wrong = Vec::new();
    for width in (320..=1_500_u32).step_by(step) {
        browser.zoom((width, 3_600), zoom)?;
        let found = Underlines::read(page)?;
        if !found.wrong.is_empty() || found.drawn != found.tokens {
            wrong.push(format!("{what}, {width} px, zoom {zoom}: {found:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} widths: {}", wrong.len(), wrong[0])) }
}

#[test]
fn underlines_stand_below_their_letters_at_every_width() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    look(&browser, &page, "the text that the page opens with", 1, 1.0)?;
    let word = format!("A word: {} and its end.", "abcdefghij".repeat(30));
    let texts = [("prose", PROSE.repeat(4), 1), ("a long word", word, 3), ("other scripts", OTHERS.repeat(4), 3)];
    for (what, text, step) in texts {
        page.set_text(&text)?;
        page.wait_text(&text)?;
        look(&browser, &page, what, step, 1.0)?;
        for zoom in [1.25, 1.5, 2.0] {
            look(&browser, &page, what, 13, zoom)?;
        }
    }
    // A reader's own fonts, of other widths.
    page.set_text(&PROSE.repeat(4))?;
    page.wait_text(&PROSE.repeat(4))?;
    for font in ["sans-serif", "monospace", "cursive"] {
        page.script("document.documentElement.style.setProperty('--serif', arguments[0])", &[font.into()])?;
        look(&browser, &page, font, 13, 1.0)?;
    }
    Ok(())
}
