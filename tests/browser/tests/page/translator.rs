//! The page under a browser's translator, which takes the page's text nodes away: all screens go on, show what they show
//! without it, keep numbers, names and tokens out of its reach, and leave it the sentences.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};
use serde_json::{Value, json};

const TRANSLATOR: &str = include_str!("translator.js");

/// All visible words of the page but for those that hold times; without white space and the translator's dots.
const WORDS: &str = "
    const walk = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
    let words = '';
    while (walk.nextNode()) {
      const parent = walk.currentNode.parentElement;
      if (parent.checkVisibility() && !parent.closest('[data-testid=device], [data-testid=device-panel], [data-testid^=compare-ms-]')) words += walk.currentNode.data;
    }
    return words.replace(/[·\\s]/g, '');";

/// Words in sentences of the page (beginnings of samples are none), and those of them that the translator had; and what it had that no language has words for: digits, signs
/// of formulas and names of one letter, wherever in a text they stand.
const REACH: &str = "
    const walk = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
    const reach = { all: 0, reached: 0, missed: [], numbers: [] };
    while (walk.nextNode()) {
      const { data, parentElement: parent } = walk.currentNode;
      if (!parent.checkVisibility() || parent.closest('textarea, .underlay, select, svg, [data-testid^=sample-] small')) continue;
      const font = parent.closest('font');
      const said = font ? data.slice(0, -1).trim() : '';
      if (/\\d|[=+−×÷%√Σ∑≤≥<>≈±_^|²³]|(?<![\\p{L}’'])[B-HJ-Zb-hj-z](?![\\p{L}’'])/u.test(said)) reach.numbers.push(`${said} in ${parent.closest(':not(font)').outerHTML.slice(0, 200)}`);
      const block = parent.closest('p, li, dd, figcaption, caption, summary, legend, small, h2, h3, label, button, td, th, article, section');
      const words = (text) => text.match(/\\p{L}{2,}/gu)?.length ?? 0;
      if (!block || words(block.textContent) < 5) continue;
      reach.all += words(data);
      if (font) reach.reached += words(data); else if (words(data) > 1) reach.missed.push(data);
    }
    return reach;";

/// Waits until the words stand still, and returns them.
fn settled(page: &Page) -> browser_tests::Result<String> {
    let body = format!(
        "const words = (() => {{ {WORDS} }})();
         const same = window.wordsBefore === words ? (window.wordsStood ?? 0) + 1 : 0;
         [window.wordsBefore, window.wordsStood] = [words, same];
         return same >= 6 && words.length > 0 ? words : false;"
    );
    let words = page.wait_for("the words to stand still", &body, &[])?;
    Ok(words.as_str().unwrap_or_default().to_owned())
}

/// Something that a visitor does, and what must be there afterwards.
struct Act {
    name: &'static str,
    does: fn(&Page) -> Done,
    then: &'static str,
}

const ACTS: [Act; 13] = [
    Act { name: "opens the page", does: |page| page.wait_ready().map(drop), then: "[data-testid=formula]" },
    Act {
        name: "selects another token",
        does: |page| {
            page.script("document.querySelector('[data-testid=flow-canvas]').focus()", &[])?;
            page.press(&['\u{e014}', '\u{e014}'])
        },
        then: "[data-testid=selected-token]",
    },
    Act {
        name: "selects another layer",
        does: |page| page.click("layer-3"),
        then: "[data-testid=layer-3][aria-pressed=true]",
    },
    Act { name: "picks out an expert", does: |page| page.click("pick-expert"), then: ".strip-filtered" },
    Act {
        name: "types",
        does: |page| {
            page.type_keys(" 17.")?;
            page.wait_for("the text", "return window.moescope.trace().includes('17.\"')", &[]).map(drop)
        },
        then: "[data-testid=selected-token]",
    },
    Act { name: "looks at the models", does: |page| page.click("model"), then: "[data-testid=model-panel]" },
    Act { name: "looks at the samples", does: |page| page.click("samples"), then: "[data-testid=samples-panel]" },
    Act { name: "looks at the sampling", does: |page| page.click("sampling"), then: "[data-testid=sampling-panel]" },
    Act { name: "reads the table", does: |page| page.click("view-table"), then: "[data-testid=cell-1-1]" },
    Act { name: "asks for the keys", does: |page| page.click("help"), then: "[data-testid=help-panel]" },
    Act { name: "reads the method", does: |page| page.click("view-method"), then: "[data-testid=method-steps]" },
    Act { name: "compares", does: |page| page.click("screen-compare"), then: "[data-testid=results] table" },
    Act { name: "goes to train", does: |page| page.click("screen-train"), then: "[data-testid=lab-begin]" },
];

/// Does all of it and returns what the page then says each time.
fn walk(page: &Page, translated: bool) -> browser_tests::Result<Vec<String>> {
    let mut said = Vec::new();
    for act in &ACTS {
        (act.does)(page)?;
        page.wait_for(act.name, "return document.querySelector(arguments[0]) != null", &[json!(act.then)])?;
        said.push(settled(page)?);
        if page.script("return document.querySelector('[data-testid=formula]') != null", &[])? == Value::Bool(true) {
            Shown::read(page)?.compare(&page.trace()?)?;
        }
        if translated {
            let reach = page.script(REACH, &[])?;
            assert_eq!(reach["numbers"], json!([]), "{}: a translator may change these", act.name);
            let [all, reached] = ["all", "reached"].map(|name| reach[name].as_u64().unwrap_or(0));
            assert!(
                all > 20 && reached * 10 >= all * 9,
                "{}: {reached} of {all} words, not {}",
                act.name,
                reach["missed"]
            );
        }
    }
    Ok(said)
}

#[test]
fn a_translated_page_says_on_every_screen_what_it_says_untranslated() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let plain = walk(&Page::open(&browser, &site.url(), SHORT)?, false)?;
    browser.before_pages(TRANSLATOR)?;
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let translated = walk(&page, true)?;
    for ((act, plain), translated) in ACTS.iter().zip(&plain).zip(&translated) {
        let same = plain.chars().zip(translated.chars()).take_while(|(a, b)| a == b).count();
        let around = |words: &str| words.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
        assert_eq!(around(translated), around(plain), "{}", act.name);
    }
    expect_clean_console(&page, &["Failed to load resource"])
}

/// What the page says of the recording in a layer.
fn said_of_layer(page: &Page, layer: usize) -> browser_tests::Result<String> {
    page.click(&format!("layer-{layer}"))?;
    let pressed = format!("return document.querySelector('[data-testid=layer-{layer}][aria-pressed=true]') != null");
    page.wait_for("the layer", &pressed, &[])?;
    settled(page)
}

#[test]
fn a_translator_that_is_turned_off_leaves_no_words_of_its_own() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let open = || -> browser_tests::Result<Page<'_>> {
        let page = Page::open(&browser, &site.url(), SHORT)?;
        page.wait_ready()?;
        Ok(page)
    };
    let plain = said_of_layer(&open()?, 3)?;
    browser.before_pages(TRANSLATOR)?;
    let page = open()?;
    said_of_layer(&page, 2)?;
    page.script("window.translatorOff()", &[])?;
    assert_eq!(said_of_layer(&page, 3)?, plain);
    Ok(())
}

#[test]
fn a_translated_run_goes_on_and_its_numbers_are_of_the_step_on_the_ruler() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    browser.before_pages(TRANSLATOR)?;
    let small = "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5";
    let page = Page::open(&browser, &site.url(), small)?;
    page.click("lab-begin")?;
    let at_step = "const digits = (e) => e?.textContent.replace(/\\D/g, '');
        const ruler = document.querySelector('[data-testid=lab-ruler]')?.ariaValueNow;
        return Number(ruler) >= arguments[0] && digits(document.querySelector('[data-testid=lab-numbers] h2 small')) === ruler ? ruler : false;";
    page.wait_for("the numbers of a step", at_step, &[json!(20)])?;
    page.click("lab-pause")?;
    page.wait_for("the pause", "return document.querySelector('[data-testid=lab-start]') != null", &[])?;
    page.wait_for("the numbers of the last step", at_step, &[json!(20)])?;
    page.click("lab-back")?;
    page.wait_for("the numbers of the step before", at_step, &[json!(19)])?;
    page.click("lab-table-on")?;
    page.wait_for("the table", "return document.querySelector('[data-testid=lab-table]') != null", &[])?;
    let reach = page.script(REACH, &[])?;
    assert_eq!(reach["numbers"], json!([]), "a translator may change these");
    expect_clean_console(&page, &[])
}
