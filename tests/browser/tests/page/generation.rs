//! The model continues the text, token by token, and can be stopped.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};
use moescope::protocol::MAX_TOKENS;

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
    generate(&page, before.len() + 2, STOP)?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let after = page.trace()?;
    assert!(after.len() < before.len() + 512, "it was stopped before its end");
    Shown::read(&page)?.compare(&after)?;
    page.set_text("Twice")?;
    page.wait_text("Twice")?;
    expect_clean_console(&page, &[])
}

/// Ends the generation.
const STOP: &str = "document.querySelector('[data-testid=stop]').click()";
/// Types a key at the text's end.
const KEY: &str = "const field = document.querySelector('[data-testid=text]'); field.focus();
    field.setSelectionRange(field.value.length, field.value.length); document.execCommand('insertText', false, '%')";

/// Begins a generation, and does something in the very task in which more than so many tokens are on the screen while others are
/// on their way: a test that asks from outside may come after its end.
fn generate(page: &Page, more_than: usize, script: &str) -> Done {
    let watch = format!(
        "new MutationObserver((_, watch) => {{
           if (document.querySelector('[data-testid=stop]') == null) return;
           if (JSON.parse(window.moescope.trace()).tokens.length <= {more_than}) return;
           watch.disconnect(); {script}; window.testSeen = true;
         }}).observe(document.body, {{ subtree: true, childList: true, characterData: true, attributes: true }});"
    );
    page.script(&watch, &[])?;
    page.click("generate")?;
    page.wait_for("the first tokens", "return window.testSeen === true", &[]).map(drop)
}

#[test]
fn a_key_typed_while_generating_stops_it_and_stays() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "tokens=512&seed=5&text=Once")?;
    let before = page.wait_ready()?;
    generate(&page, before.len() + 2, KEY)?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let text = "return document.querySelector('[data-testid=text]').value";
    let typed = page.script(text, &[])?.as_str().unwrap_or_default().to_owned();
    assert!(typed.starts_with("Once") && typed.ends_with('%'), "{typed}");
    let after = page.wait_text(&typed)?;
    assert!(after.len() < before.len() + 512, "it was stopped before its end");
    assert_eq!(page.script(text, &[])?, typed.as_str(), "nothing was added after the key");
    Shown::read(&page)?.compare(&after)?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_click_right_after_the_end_begins_nothing_new() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "temperature=0&tokens=4&text=The%20cat%20sat%20on%20the")?;
    let before = page.wait_ready()?;
    // The click comes in the very task that sees the end.
    page.script(
        "new MutationObserver((_, watch) => {
           const button = document.querySelector('[data-testid=generate][aria-disabled=true]');
           if (button) { watch.disconnect(); button.click(); window.testLate = true; }
         }).observe(document.querySelector('[data-testid=generate-panel]'), { subtree: true, childList: true, attributes: true });",
        &[],
    )?;
    page.click("generate")?;
    page.wait_for("the late click", "return window.testLate === true", &[])?;
    let free = "const button = document.querySelector('[data-testid=generate]'); return button != null && !button.ariaDisabled";
    page.wait_for("the button to be free again", free, &[])?;
    assert_eq!(page.trace()?.len(), before.len() + 4, "no second generation");
    page.click("generate")?;
    let more = format!("return JSON.parse(window.moescope.trace()).tokens.length === {}", before.len() + 8);
    page.wait_for("a wanted continuation", &more, &[])?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_reload_gives_the_tokens_that_were_generated() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    // Bold enough for bytes that begin a character and go on otherwise.
    let bold = "temperature=2&top-k=0&top-p=1&seed=3&tokens=24&text=%F0%9F%90%88%20%E6%97%A5%E6%9C%AC";
    let page = Page::open(&browser, &site.url(), bold)?;
    let before = page.wait_ready()?;
    generate(&page, before.len(), "window.testTime = JSON.parse(window.moescope.trace()).device.forward_ms")?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let text = "return document.querySelector('[data-testid=text]').value";
    let text = page.script(text, &[])?.as_str().unwrap_or_default().to_owned();
    assert!(!text.contains('\u{fffd}'), "{text}");
    let again = "return JSON.parse(window.moescope.trace()).device.forward_ms !== window.testTime";
    page.wait_for("the text to be routed as a whole", again, &[])?;
    let routed = page.wait_text(&text)?;
    page.wait_for("the address to follow", "return location.hash.includes('generated')", &[])?;
    page.script("location.reload()", &[])?;
    page.wait_ready()?;
    assert!(page.wait_text(&text)?.tokens == routed.tokens, "other tokens after a reload");
    expect_clean_console(&page, &[])
}

#[test]
fn a_text_at_the_limit_cannot_be_continued_and_the_page_says_why() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=Once")?;
    page.wait_ready()?;
    page.set_text(&"lorem ipsum dolor ".repeat(700))?;
    let shut = "const button = document.querySelector('[data-testid=generate]');
        const why = document.getElementById(button?.getAttribute('aria-describedby'));
        return button?.disabled === true && why?.checkVisibility() && why.textContent";
    let why = page.wait_for("the button to say why not", shut, &[])?;
    assert!(why.as_str().is_some_and(|why| why.contains("limit") && why.contains("shorten")), "{why}");
    assert_eq!(page.trace()?.len(), MAX_TOKENS);
    page.set_text("Once again")?;
    page.wait_text("Once again")?;
    page.wait_for("the button", "return !document.querySelector('[data-testid=generate]').disabled", &[])?;
    assert_eq!(page.texts("generate-why")?, [""; 0]);
    expect_clean_console(&page, &[])
}

#[test]
fn the_picture_ends_in_step_with_the_panels() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "tokens=512&seed=5&text=Once")?;
    let before = page.wait_ready()?;
    generate(&page, before.len() + 2, STOP)?;
    page.wait_for("the end", "return document.querySelector('[data-testid=generate]') != null", &[])?;
    let step = "const [token, all] = document.querySelector('[data-testid=flow-canvas]').dataset.painted.split('/');
                return document.querySelector('[data-testid=selected-place]').textContent === `token ${token} of ${all}`";
    page.wait_for("the picture of the last token", step, &[])?;
    expect_clean_console(&page, &[])
}
