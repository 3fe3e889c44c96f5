//! Texts that break things elsewhere.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};
use moescope::protocol::{MAX_CHARS, MAX_TOKENS};

#[test]
fn no_text_and_only_white_space_are_fine() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    page.set_text("")?;
    page.wait_for("word that there is no text", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    page.set_text(" \t\n  \n")?;
    let trace = page.wait_text(" \t\n  \n")?;
    assert_eq!(trace.tokens.last().map(|token| token.end), Some(6));
    Shown::read(&page)?.compare(&trace)?;
    page.click("clear")?;
    page.wait_for("word that there is no text", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    page.set_text("x")?;
    page.wait_text("x")?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_very_long_text_is_cut_and_the_page_says_what_was_cut() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    let long = "The gate reads the sum, 17 times. ".repeat(6_000)[..200_000].to_owned();
    page.set_text(&long)?;
    page.wait_message("notice", &["200,000", "left out", "4,096 tokens"])?;
    let trace = page.trace()?;
    assert!(long.starts_with(&trace.text) && trace.text.len() <= MAX_CHARS && trace.len() <= MAX_TOKENS);
    assert!(trace.len() > 1_000, "as much as the limits allow is routed");
    assert_eq!(trace.len(), MAX_TOKENS, "this text reaches the tokens first");
    let room = page.texts("room")?.concat();
    assert!(room.contains("4,096 tokens") && !room.contains("20,000"), "{room}");
    let value = "return document.querySelector('[data-testid=text]').value";
    let shown = page.script(value, &[])?.as_str().unwrap_or_default().to_owned();
    assert!(long.starts_with(&shown) && shown.len() >= MAX_CHARS, "the field holds all that can be routed");
    assert!(page.texts("folded")?.concat().contains("180,000"), "the page says what it does not show");
    page.script("const field = document.querySelector('[data-testid=text]'); field.focus(); field.setSelectionRange(3, 3); document.execCommand('insertText', false, '!')", &[])?;
    let caret = page.script("return document.querySelector('[data-testid=text]').selectionStart", &[])?;
    assert_eq!(caret, 4, "the caret stays where one writes");
    page.click("unfold")?;
    page.wait_for("the rest", "return document.querySelector('[data-testid=folded]') == null", &[])?;
    let whole = page.script(value, &[])?;
    assert!(whole == format!("The! {}", &long[4..]).as_str(), "nothing of the text is lost");
    page.set_text("short again")?;
    page.wait_text("short again")?;
    expect_clean_console(&page, &[])
}

#[test]
fn emoji_right_to_left_and_control_characters_are_routed_as_they_are() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    for text in ["👩‍🚀🇫🇷 emoji 🙂", "שלום عالم — מוּכָן", "日本語のテキスト\n\u{3000}二行目", "e\u{301} ﬁ \u{feff}Ω"]
    {
        page.set_text(text)?;
        let trace = page.wait_text(text)?;
        assert_eq!(trace.tokens.last().map(|token| token.end), Some(text.len()));
        Shown::read(&page)?.compare(&trace)?;
    }
    expect_clean_console(&page, &[])
}

#[test]
fn a_nul_is_text_and_half_a_character_is_replaced() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    let put = |script_text: &str| {
        let body = format!(
            "const field = document.querySelector('[data-testid=text]'); field.value = {script_text};
             field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));"
        );
        page.script(&body, &[]).map(drop)
    };
    put(r"'a\0b'")?;
    page.wait_text("a\0b")?;
    put(r"'a\ud83d z'")?;
    page.wait_text("a\u{fffd} z")?;
    page.wait_message("notice", &["unpaired surrogate"])?;
    page.set_text("whole again")?;
    page.wait_text("whole again")?;
    assert_eq!(page.texts("notice")?, [""; 0], "what is over is not said any more");
    expect_clean_console(&page, &[])
}
