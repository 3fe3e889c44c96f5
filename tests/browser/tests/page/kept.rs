//! A reload and the way back lose nothing of a text, however long and however new it is.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Site};
use moescope::protocol::MAX_TOKENS;
use serde_json::json;

const LONG: &str = "The gate reads the sum, 17 times, and nobody counts the gulls. ";

/// A text that no link can hold, for nothing makes it shorter.
fn noise() -> String {
    let mut number = 1_u32;
    let letter = |_| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + (number >> 24) as u8 % 95)
    };
    LONG.chars().chain((0..20_000).map(letter)).collect()
}

/// The text in the field.
fn written(page: &Page) -> browser_tests::Result<String> {
    let text = page.script("return document.querySelector('[data-testid=text]').value", &[])?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Waits until the field holds a text.
fn wait_written(page: &Page, text: &str) -> Done {
    let body = "return document.querySelector('[data-testid=text]')?.value === arguments[0]";
    page.wait_for("the text in the field", body, &[text.into()]).map(drop)
}

#[test]
fn a_reload_right_after_typing_keeps_every_letter() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let before = page.wait_ready()?.text;
    // The reload follows the last letter as closely as a browser's next task can.
    page.script(
        "const field = document.querySelector('[data-testid=text]');
         for (const letter of ' and 17 more') {
           field.value += letter; field.dispatchEvent(new InputEvent('input', { bubbles: true }));
         }
         setTimeout(() => location.reload());",
        &[],
    )?;
    let typed = format!("{before} and 17 more");
    wait_written(&page, &typed)?;
    page.wait_text(&typed)?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_text_too_long_for_a_link_outlives_a_reload_and_the_way_back() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let first = page.wait_ready()?.text;
    let long = noise();
    page.set_text(&long)?;
    page.wait_for("the address to follow", "return location.hash.includes('long=1')", &[])?;
    page.script("location.reload()", &[])?;
    wait_written(&page, &long)?;
    let trace = page.wait_ready()?;
    assert!(long.starts_with(&trace.text) && trace.len() == MAX_TOKENS, "the kept text is routed");
    let said = page.texts("notice")?.concat();
    assert!(!said.contains("link"), "nothing is missing, so nothing is said of links: {said}");
    page.set_text("short again")?;
    page.wait_text("short again")?;
    page.script("history.back()", &[])?;
    wait_written(&page, &long)?;
    page.script("history.back()", &[])?;
    wait_written(&page, &first)?;
    page.script("history.go(2)", &[])?;
    wait_written(&page, "short again")?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_link_opened_elsewhere_says_that_it_lacks_the_text() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    page.set_text(&noise())?;
    let address = page.wait_for(
        "the address to follow",
        "return location.hash.includes('long=1') && location.hash.slice(1)",
        &[],
    )?;
    let address = address.as_str().unwrap_or_default().to_owned();
    let elsewhere = Browser::start(Options::default())?;
    let other = Page::open(&elsewhere, &site.url(), &address)?;
    other.wait_message("notice", &["does not hold the text", "saved trace"])?;
    assert!(!written(&other)?.contains("nobody counts"), "another browser has no such text");
    other.script("location.reload()", &[])?;
    other.wait_message("notice", &["does not hold the text"])?;
    // Prose of that length is held.
    let prose: String = LONG.repeat(300).chars().take(12_000).collect();
    page.set_text(&prose)?;
    let address = "return location.hash.includes('packed=') && location.hash.slice(1)";
    let address = page.wait_for("the address to follow", address, &[])?;
    let other = Page::open(&elsewhere, &site.url(), address.as_str().unwrap_or_default())?;
    wait_written(&other, &prose)?;
    assert_eq!(other.texts("notice")?.concat().matches("link").count(), 0);
    expect_clean_console(&other, &[])
}

/// Where a page may not copy, its address bar holds the very link; and how a model continued a text is known after a reload.
#[test]
fn the_address_bar_holds_the_link_and_how_a_text_was_continued() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    browser.before_pages(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => { throw new Error('no'); } } })",
    )?;
    let page = Page::open(&browser, &site.url(), "tokens=3&seed=5&text=Once%20upon")?;
    page.wait_ready()?;
    page.click("generate")?;
    let told = "if (document.querySelector('[data-testid=stop]')) return false; \
                const trace = JSON.parse(window.moescope?.trace() ?? '{}'); return trace.sampling?.seed === 5 && trace.text";
    let text = page.wait_for("how it was continued", told, &[])?;
    // The page writes what it shows into the address bar a moment later.
    let written = "const hash = location.hash, at = window.hashAt ?? 0; \
                   if (hash !== window.hashSeen) { window.hashSeen = hash; window.hashAt = performance.now(); return false; } \
                   return hash.includes('drawn=') && performance.now() - at > 1500";
    page.wait_for("the address", written, &[])?;
    page.click("share")?;
    page.wait_message("fault", &["did not allow copying", "address bar holds the link"])?;
    let link = page.script("return location.hash", &[])?.as_str().unwrap_or_default().to_owned();
    let here = page.trace()?.model.checkpoint.unwrap_or_default();
    let short = here.trim_start_matches("sha256:").get(..12).unwrap_or_default().to_owned();
    assert!(link.contains(&format!("checkpoint={short}&")) && link.contains("text=Once%20upon"), "{link}");
    page.script("location.reload()", &[])?;
    assert_eq!(page.wait_for("the same after a reload", told, &[])?, text);
    let said = page.texts("notice")?.concat();
    assert!(!said.contains("checkpoint"), "it is the same one: {said}");
    // Another model did not write it, and its link and trace do not say so.
    page.click("model-base")?;
    let of = "const trace = JSON.parse(window.moescope.trace()); return trace.model.name === arguments[0] && [trace.sampling?.seed]";
    assert_eq!(page.wait_for("the other model", of, &["base".into()])?, json!([null]));
    let other = "return location.hash.includes('model=base&checkpoint=') && location.hash";
    let other = page.wait_for("its address", other, &[])?.as_str().unwrap_or_default().to_owned();
    assert!(!other.contains("drawn=") && other.contains("generated="), "{other}");
    page.click("model-mixtral")?;
    assert_eq!(page.wait_for("the one that wrote", of, &["mixtral".into()])?, json!([5]));
    expect_clean_console(&page, &[])
}

/// Over a reload too, for whoever looks away while it is said.
#[test]
fn a_link_made_with_another_checkpoint_is_said_to_be_so_after_a_reload() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "checkpoint=bbbbbbbbbbbb&token=2&text=Rain%20again")?;
    page.wait_message("notice", &["another checkpoint of mixtral (bbbbbbbbbbbb… there"])?;
    page.click("layer-2")?;
    page.wait_for("the address to follow", "return location.hash.includes('layer=2')", &[])?;
    let hash = page.script("return location.hash", &[])?;
    assert_eq!(hash, "#checkpoint=bbbbbbbbbbbb&layer=2&token=2&text=Rain%20again");
    page.script("location.reload()", &[])?;
    page.wait_message("notice", &["another checkpoint of mixtral (bbbbbbbbbbbb… there"])?;
    let here = page.trace()?.model.checkpoint.unwrap_or_default();
    page.type_keys(".")?;
    let own = format!("return location.hash.includes('checkpoint={}&')", &here["sha256:".len()..][..12]);
    page.wait_for("the checkpoint of what is shown", &own, &[])?;
    expect_clean_console(&page, &[])
}
