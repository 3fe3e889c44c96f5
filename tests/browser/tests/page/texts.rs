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
    let hint = page.texts("text-hint")?.concat();
    assert!(hint.contains("underlined") && !hint.contains("Type or paste"), "spaces are a text: {hint}");
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

/// Puts a text of 200,016 characters, of which the field shows a part, in the place of another.
fn put_long(page: &Page) -> Done {
    let long = "lorem ipsum dolor ".repeat(11_112);
    page.set_text(&long)?;
    page.wait_message("notice", &["200,016", "left out", "select all"])?;
    assert!(page.texts("folded")?.concat().contains("180,016"), "the page says what it does not show");
    page.script("document.querySelector('[data-testid=text]').select()", &[]).map(drop)
}

#[test]
fn a_very_long_text_can_be_replaced_and_deleted() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    let value = "return document.querySelector('[data-testid=text]').value";
    put_long(&page)?;
    page.press(&['S'])?;
    page.wait_text("S")?;
    page.press(&['h'])?;
    page.wait_text("Sh")?;
    assert_eq!(page.script(value, &[])?, "Sh", "what was not shown does not come in behind the first key");
    put_long(&page)?;
    // The same first letter as before: what the field holds does not tell that all was replaced.
    page.press(&['l'])?;
    page.wait_text("l")?;
    put_long(&page)?;
    page.press(&['\u{e017}'])?; // Delete
    page.wait_for("no text", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    assert_eq!(page.script(value, &[])?, "");
    put_long(&page)?;
    page.script(
        "const field = document.querySelector('[data-testid=text]');
         field.value = 'a value'; field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
        &[],
    )?;
    page.wait_text("a value")?;
    expect_clean_console(&page, &[])
}

/// Control, Shift, and the keys of undo and redo.
const UNDO: [char; 2] = ['\u{e009}', 'z'];
const REDO: [char; 3] = ['\u{e009}', '\u{e008}', 'z'];
const BACKSPACE: char = '\u{e003}';

#[test]
fn what_the_page_or_a_paste_replaced_comes_back_by_undo() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let first = page.wait_ready()?.text;
    page.chord(&UNDO)?;
    let own = "My own dear sentence.";
    page.set_text(own)?;
    page.wait_text(own)?;
    put_long(&page)?;
    page.chord(&UNDO)?;
    page.wait_text(own)?;
    page.chord(&REDO)?;
    page.wait_for("the long text", "return document.querySelector('[data-testid=folded]') != null", &[])?;
    assert!(page.texts("folded")?.concat().contains("180,016"), "nothing of it is lost or doubled");
    page.chord(&UNDO)?;
    page.wait_text(own)?;
    page.chord(&UNDO)?;
    page.wait_text(&first)?;
    // A script's way in, and dictation's.
    page.set_text(own)?;
    page.wait_text(own)?;
    page.script("document.querySelector('[data-testid=text]').select(); document.execCommand('insertText', false, 'lorem ipsum '.repeat(20000))", &[])?;
    page.wait_message("notice", &["240,000", "left out"])?;
    page.chord(&UNDO)?;
    page.wait_text(own)?;
    expect_clean_console(&page, &[])
}

#[test]
fn what_was_typed_over_a_sample_is_undone_and_redone() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "temperature=0&tokens=12&text=The%20cat%20sat%20on%20the")?;
    let first = page.wait_ready()?.text;
    page.click("samples")?;
    page.click("sample-1")?;
    page.wait_for("the sample", "return document.querySelector('[data-testid=text]').value.length > 50", &[])?;
    let sample = page.script(
        "const field = document.querySelector('[data-testid=text]'); field.focus(); field.select(); return field.value",
        &[],
    )?;
    let sample = sample.as_str().unwrap_or_default().to_owned();
    page.press(&['S'])?;
    page.wait_text("S")?;
    for _ in 0..2 {
        page.chord(&UNDO)?;
        page.wait_text(&sample)?;
        page.chord(&['\u{e009}', 'y'])?;
        page.wait_text("S")?;
    }
    page.chord(&UNDO)?;
    page.wait_text(&sample)?;
    page.chord(&UNDO)?;
    page.wait_text(&first)?;
    page.click("generate")?;
    let end = "return document.querySelector('[data-testid=generate]') != null && document.querySelector('[data-testid=text]').value.length > arguments[0]";
    page.wait_for("the end of the continuation", end, &[first.len().into()])?;
    page.script("document.querySelector('[data-testid=text]').focus()", &[])?;
    page.chord(&UNDO)?;
    let back = "return document.querySelector('[data-testid=text]').value";
    page.wait_for(
        "the text before the continuation, in one step",
        &format!("{back} === arguments[0]"),
        &[first.into()],
    )?;
    expect_clean_console(&page, &[])
}

/// The picture has the keyboard, or the button that emptied the text had it: undo is the same there, and leads into the field.
#[test]
fn undo_takes_the_same_steps_wherever_the_keyboard_is() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "temperature=0&tokens=4&text=The%20cat%20sat%20on%20the")?;
    let first = page.wait_ready()?.text;
    let place = |wanted: usize| {
        let body = "const field = document.querySelector('[data-testid=text]');
            return document.activeElement === field && field.selectionStart === arguments[0] && field.selectionEnd === arguments[0]";
        page.wait_for(&format!("the caret behind character {wanted}"), body, &[wanted.into()])
    };
    let to_picture = || page.script("document.querySelector('[data-testid=flow-canvas]').focus()", &[]);
    page.script("const field = document.querySelector('[data-testid=text]'); field.focus(); field.select()", &[])?;
    let own = "Red fox";
    for (at, letter) in own.char_indices() {
        page.press(&[letter])?;
        page.wait_text(&own[..=at])?;
    }
    to_picture()?;
    page.chord(&UNDO)?;
    page.wait_text(&first)?;
    to_picture()?;
    page.chord(&REDO)?;
    page.wait_text(own)?;
    place(own.len())?;
    page.script("const clear = document.querySelector('[data-testid=clear]'); clear.focus(); clear.click()", &[])?;
    page.wait_for("no text", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    place(0)?;
    page.chord(&UNDO)?;
    page.wait_text(own)?;
    place(own.len())?;
    // What a model wrote: the caret is behind it when it is back.
    page.click("generate")?;
    let end = "const text = document.querySelector('[data-testid=text]').value;
        return document.querySelector('[data-testid=generate]') != null && text.length > arguments[0] && text";
    let longer = page.wait_for("the continuation", end, &[own.len().into()])?.as_str().unwrap_or_default().to_owned();
    page.wait_text(&longer)?;
    page.chord(&UNDO)?;
    page.wait_text(own)?;
    page.chord(&REDO)?;
    page.wait_text(&longer)?;
    place(longer.encode_utf16().count())?;
    expect_clean_console(&page, &[])
}

/// As in a plain field, whatever the page does with each letter: each answer removes elements, which ends a run in Chromium.
#[test]
fn what_was_typed_or_erased_at_one_place_is_one_step() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let first = page.wait_ready()?.text;
    page.script("const field = document.querySelector('[data-testid=text]'); field.focus(); field.select()", &[])?;
    for (at, letter) in "Nine".char_indices() {
        page.press(&[letter])?;
        page.wait_text(&"Nine"[..=at])?;
    }
    page.press(&[' ', 'g', 'u', 'l', 'l', 's'])?;
    page.wait_text("Nine gulls")?;
    // Before the first word, where another run begins.
    page.script("document.querySelector('[data-testid=text]').setSelectionRange(0, 0)", &[])?;
    page.press(&['O', 'h', ' '])?;
    page.wait_text("Oh Nine gulls")?;
    for _ in 0..2 {
        for text in ["Nine gulls", &first] {
            page.chord(&UNDO)?;
            page.wait_text(text)?;
        }
        for text in ["Nine gulls", "Oh Nine gulls"] {
            page.chord(&REDO)?;
            page.wait_text(text)?;
        }
    }
    // So is what was erased.
    page.script("document.querySelector('[data-testid=text]').setSelectionRange(13, 13)", &[])?;
    for kept in (7..13).rev() {
        page.press(&[BACKSPACE])?;
        page.wait_text(&"Oh Nine gulls"[..kept])?;
    }
    for text in ["Oh Nine gulls", "Nine gulls", &first] {
        page.chord(&UNDO)?;
        page.wait_text(text)?;
    }
    expect_clean_console(&page, &[])
}

#[test]
fn a_very_long_text_is_copied_and_cut_whole() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    put_long(&page)?;
    let put = "const data = new DataTransfer(), field = document.querySelector('[data-testid=text]');
        field.dispatchEvent(new ClipboardEvent(arguments[0], { clipboardData: data, bubbles: true, cancelable: true }));
        return data.getData('text/plain').length";
    assert_eq!(page.script(put, &["copy".into()])?, 200_016);
    assert_eq!(page.script(put, &["cut".into()])?, 200_016);
    page.wait_for("no text", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    expect_clean_console(&page, &[])
}

#[test]
fn the_caret_stays_where_one_writes_when_the_shown_part_slides() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    put_long(&page)?;
    // All but the first four letters, so that most of what the field shows goes and more comes in behind.
    page.script(
        "const field = document.querySelector('[data-testid=text]'); field.setSelectionRange(4, field.value.length)",
        &[],
    )?;
    page.press(&['x', 'y', 'z'])?;
    let begins = "return document.querySelector('[data-testid=text]').value.startsWith('lorexyz')";
    page.wait_for("the letters in their order", begins, &[])?;
    let caret = page.script("return document.querySelector('[data-testid=text]').selectionStart", &[])?;
    assert_eq!(caret, 7);
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
