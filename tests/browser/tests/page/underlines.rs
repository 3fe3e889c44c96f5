//! Underlines stand below their tokens' letters. `cargo xtask test --full` looks at every width.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Options, Page, Site, misplaced};

/// Prose, a word longer than a line, other scripts, clusters of several characters, and white space where lines end.
fn text() -> String {
    let prose = "The gate weighs eight experts, and sends each token to two; naïve façades and long-hyphenated-words wrap where they must. ";
    let others = "日本語のテキスト、長い行。 e\u{301} 👩‍🚀 end\n\n\tindented  double   spaces   \nlast line ";
    format!("{}{}{}", prose.repeat(4), "antidisestablishment".repeat(12), others)
}

/// Lines from right to left and from left to right, each with words and brackets of the other direction.
const TURNING: &str =
    "سلام (MoE 8x7B) ١٢٣٤ مُدَرِّس.\nהנתב שולח כל אסימון לשני מומחים, בְּרֵאשִׁית 1234.\nThe word שלום and (אבג) end this. ";

#[test]
fn underlines_stand_below_their_letters_at_many_widths() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_for("the recording's tokens", "return document.querySelectorAll('[data-t]').length > 9", &[])?;
    let look = |widths: &[u32], zoom: f32| -> Done {
        for &width in widths {
            let wrong = misplaced(&page, (width, 2_400), zoom)?;
            if !wrong.is_empty() {
                return Err(format!("{width} px, zoom {zoom}: {wrong:?}"));
            }
        }
        Ok(())
    };
    look(&[320, 390, 460, 520, 986, 1440], 1.0)?;
    browser.resize((1440, 2_400))?;
    page.wait_ready()?;
    page.set_text(&text())?;
    page.wait_text(&text())?;
    look(&[320, 333, 390, 460, 520, 611, 700, 777, 850, 986, 1024, 1111, 1333, 1440], 1.0)?;
    look(&[390, 700, 986], 1.25)?;
    look(&[460, 777, 1024], 1.5)?;
    page.set_text(TURNING)?;
    page.wait_text(TURNING)?;
    look(&[320, 460, 700, 1440], 1.0)?;
    expect_clean_console(&page, &[])
}

#[test]
fn the_selected_token_is_scrolled_to_and_what_is_not_routed_yet_is_marked() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=Once")?;
    page.wait_ready()?;
    let long = "The gate reads the sum of what came before it. ".repeat(80);
    page.set_text(&long)?;
    let last = page.wait_text(&long)?.len() - 1;
    page.script("const scrub = document.querySelector('[data-testid=scrub]'); scrub.value = arguments[0]; scrub.dispatchEvent(new InputEvent('input', { bubbles: true }))", &[last.into()])?;
    let seen = "const pane = document.querySelector('.strip-scroll').getBoundingClientRect();
        const part = document.querySelector('.tk-on [data-t]')?.getBoundingClientRect();
        return part && document.querySelector('.tk-on [data-t]').dataset.t == arguments[0] && part.top >= pane.top - 2 && part.bottom <= pane.bottom + 2";
    page.wait_for("the last token in the strip", seen, &[last.into()])?;
    let knob = "const scrub = document.querySelector('[data-testid=scrub]'); return [scrub.value, scrub.max].join('/')";
    assert_eq!(page.script(knob, &[])?, format!("{last}/{last}").as_str(), "the knob is the selection");
    page.click("play")?;
    page.wait_for(
        "some time of the motion",
        "window.testFrom ??= performance.now(); return performance.now() - window.testFrom > 400",
        &[],
    )?;
    assert_eq!(page.script(knob, &[])?, format!("{last}/{last}").as_str(), "also while it plays");
    // Typed at the beginning: until the answer is here nothing is known of what follows.
    let rest = "const field = document.querySelector('[data-testid=text]'); field.focus(); field.setSelectionRange(0, 0);
        document.querySelector('.strip-scroll').scrollTop = 0;
        return new Promise((done) => {
          new MutationObserver((_, watch) => { if (document.querySelector('.rest')) { watch.disconnect(); done(true); } })
            .observe(document.querySelector('.underlines'), { subtree: true, childList: true });
          document.execCommand('insertText', false, 'x');
        })";
    assert_eq!(page.script(rest, &[])?, true);
    expect_clean_console(&page, &[])
}

/// What the browser was asked for and what it holds after a letter was typed into a text of so many equal ones.
fn cost(page: &Page, letter: &str, letters: usize) -> browser_tests::Result<(u64, u64)> {
    let text = letter.repeat(letters);
    page.script(
        "const field = document.querySelector('[data-testid=text]'); field.focus(); field.value = arguments[0];
         field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
        &[text.as_str().into()],
    )?;
    page.wait_text(&text)?;
    page.script("window.testAsked = 0; document.querySelector('[data-testid=text]').setSelectionRange(9, 9); document.execCommand('insertText', false, 'x')", &[])?;
    page.wait_text(&format!("{}x{}", &text[..9], &text[9..]))?;
    page.wait_for("the underlines", "return document.querySelector('.rest') == null", &[])?;
    let cost = page.script("return [window.testAsked, document.querySelectorAll('.underlay *').length]", &[])?;
    let number = |at: usize| cost[at].as_u64().ok_or_else(|| format!("no number: {cost}"));
    Ok((number(0)?, number(1)?))
}

#[test]
fn long_texts_of_newlines_or_tabs_ask_the_browser_for_no_more_than_short_ones() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    browser.before_pages(
        "const own = Range.prototype.getClientRects;
         Range.prototype.getClientRects = function () { window.testAsked = (window.testAsked ?? 0) + 1; return own.call(this); };",
    )?;
    let page = Page::open(&browser, &site.url(), "text=Once")?;
    page.wait_ready()?;
    for letter in ["\n", "\t"] {
        let ((asked, held), (asked_of_long, held_of_long)) = (cost(&page, letter, 1_000)?, cost(&page, letter, 4_000)?);
        // A search that halves what is left asks a few times more.
        assert!(asked > 0 && asked_of_long < asked + 100, "{letter:?}: {asked}, then {asked_of_long}");
        assert!(held_of_long < held + 100, "{letter:?}: {held}, then {held_of_long}");
    }
    // With either of these Chromium needs time that grows with the square of the lines, or ten times as long.
    let plain = "const field = document.querySelector('[data-testid=text]'); return field.dir === '' && getComputedStyle(field).unicodeBidi";
    assert_eq!(page.script(plain, &[])?, "normal");
    page.set_text("שלום")?;
    page.wait_text("שלום")?;
    assert_eq!(page.script(plain, &[])?, "plaintext", "each line in its own direction where one turns");
    expect_clean_console(&page, &[])
}

#[test]
fn paper_has_the_text_with_its_underlines() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_for("the recording's tokens", "return document.querySelectorAll('[data-t]').length > 9", &[])?;
    let text = page.trace()?.text;
    // Read at once, as the browser prints at once: nothing may wait for a timer.
    let printed = "window.dispatchEvent(new Event('beforeprint')); const paper = document.querySelector('.printed');
        return paper.querySelectorAll('.tk-printed').length > 9 && document.querySelector('.paper svg') != null && paper.textContent";
    assert_eq!(page.script(printed, &[])?, text.as_str());
    page.script("window.dispatchEvent(new Event('afterprint'))", &[])?;
    page.wait_for(
        "the underlines again",
        "return document.querySelector('.printed').textContent === '' && document.querySelectorAll('[data-t]').length > 9",
        &[],
    )?;
    expect_clean_console(&page, &[])
}
