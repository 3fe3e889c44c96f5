//! The train screen by keyboard, what is written into its fields, and what the browser keeps of a run.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Options, Page, Result, Site};
use serde_json::{Value, json};

/// A small run that is quick on any machine.
const SMALL: &str = "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5";
const ENTER: char = '\u{e007}';

fn wait_focus(page: &Page, testid: &str) -> Done {
    let body = "return document.activeElement?.dataset.testid === arguments[0]";
    page.wait_for(&format!("the keyboard on {testid}"), body, &[json!(testid)]).map(drop)
}

fn wait_there(page: &Page, testid: &str) -> Done {
    let body = "return document.querySelector(`[data-testid=\"${arguments[0]}\"]`) != null";
    page.wait_for(testid, body, &[json!(testid)]).map(drop)
}

fn wait_steps(page: &Page, least: u64) -> Done {
    let body = "return Number(document.querySelector('[data-testid=lab-ruler]')?.ariaValueNow ?? -1) >= arguments[0]";
    page.wait_for(&format!("step {least}"), body, &[json!(least)]).map(drop)
}

fn pause(page: &Page) -> Done {
    page.click("lab-pause")?;
    wait_there(page, "lab-start")
}

/// The list of keys is that of the screen, and the system's theme is followed by the page alone.
#[test]
fn the_train_screen_lists_its_own_keys_and_follows_the_system() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { dark: true, ..Options::default() })?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    wait_there(&page, "lab-begin")?;
    page.click("help")?;
    wait_there(&page, "help-panel")?;
    let words = page.script("return document.querySelector('[data-testid=help-panel]').textContent", &[])?;
    let words = words.as_str().unwrap_or_default();
    assert!(words.contains("branch from the step") && !words.contains("token before"), "{words}");
    let colours = "return [getComputedStyle(document.body).backgroundColor, document.getElementById('first-dark')]";
    assert_eq!(page.script(colours, &[])?, json!(["rgb(17, 19, 24)", null]));
    browser.prefer_dark(false)?;
    let light = "return getComputedStyle(document.body).backgroundColor === 'rgb(250, 249, 246)'";
    page.wait_for("the light theme", light, &[]).map(drop)
}

/// From the screen's first stop one key leads to the run, and what was made gets the keyboard.
#[test]
fn the_keyboard_reaches_the_run_and_follows_what_it_makes() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    wait_there(&page, "lab-begin")?;
    let first = "return document.querySelector('main').querySelector('a, button, input, select').dataset.testid";
    assert_eq!(page.script(first, &[])?, json!("lab-skip"));
    // How it looks with the keyboard cannot be asked of a window that nobody looks at.
    let hidden = "const skip = document.querySelector('[data-testid=lab-skip]');
        const hidden = getComputedStyle(skip).clipPath !== 'none'; skip.focus(); return hidden";
    assert_eq!(page.script(hidden, &[])?, json!(true));
    page.press(&[ENTER])?;
    wait_focus(&page, "lab-start")?;
    page.press(&[ENTER])?;
    wait_steps(&page, 12)?;
    pause(&page)?;
    page.script("document.activeElement.blur()", &[])?;
    page.press(&['b'])?;
    wait_focus(&page, "lab-plan")?;
    page.click("lab-plan-copy")?;
    wait_focus(&page, "branch-2")?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_number_out_of_bounds_stays_in_its_field_with_the_bounds_beside_it() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    wait_there(&page, "lab-begin")?;
    page.click("lab-begin")?;
    wait_steps(&page, 5)?;
    for (name, value, said) in
        [("lr", "5", "from 0 to 1, not 5"), ("seed", "-3", "from 0 to 18446744073709551615, not “-3”")]
    {
        let write =
            "const field = document.querySelector(`[data-testid=\"lab-${arguments[0]}\"]`); field.value = arguments[1];
            field.dispatchEvent(new Event('change', { bubbles: true }));";
        page.script(write, &[json!(name), json!(value)])?;
        let body = "const field = document.querySelector(`[data-testid=\"lab-${arguments[0]}\"]`);
            const why = document.getElementById(field.getAttribute('aria-describedby') ?? '');
            return field.value === arguments[1] && field.ariaInvalid === 'true' && why?.textContent.includes(arguments[2])";
        page.wait_for(said, body, &[json!(name), json!(value), json!(said)])?;
    }
    expect_clean_console(&page, &[])
}

/// The pages whose runs the browser keeps, and what a page is offered.
fn kept(page: &Page) -> Result<Vec<String>> {
    let body = "const keys = await (await caches.open('moescope.run')).keys();
        return keys.map((key) => new URL(key.url).searchParams.get('page'));";
    let pages = page.script(&format!("return (async () => {{ {body} }})()"), &[])?;
    let text = |page: &Value| page.as_str().unwrap_or_default().to_owned();
    Ok(pages.as_array().into_iter().flatten().map(text).collect())
}

fn train(page: &Page) -> Done {
    wait_there(page, "lab-begin")?;
    page.click("lab-begin")?;
    wait_steps(page, 5)?;
    pause(page)
}

/// A reload finds the tab's run again, and another tab keeps its own beside it.
#[test]
fn every_tab_keeps_its_own_run() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    let count = |page: &Page, n: usize| -> Result<Vec<String>> {
        let body = "return caches.open('moescope.run').then((cache) => cache.keys()).then((keys) => keys.length === arguments[0])";
        page.wait_for(&format!("{n} kept runs"), body, &[json!(n)])?;
        kept(page)
    };
    train(&page)?;
    let first = count(&page, 1)?;
    let page = Page::open(&browser, &site.url(), SMALL)?;
    wait_there(&page, "lab-go-on")?;
    page.click("lab-go-on")?;
    wait_steps(&page, 5)?;
    page.click("lab-step")?;
    wait_steps(&page, 6)?;
    assert_eq!(count(&page, 1)?, first, "the same tab, the same place");
    // As another tab, which has no number yet.
    browser.before_pages("try { sessionStorage.removeItem('moescope.tab'); } catch { /* about:blank has none */ }")?;
    let page = Page::open(&browser, &site.url(), SMALL)?;
    train(&page)?;
    let both = count(&page, 2)?;
    assert!(both.contains(&first[0]) && both[0] != both[1], "{both:?}");
    expect_clean_console(&page, &["beforeunload"])
}
