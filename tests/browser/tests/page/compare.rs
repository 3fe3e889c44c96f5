//! The compare screen: several models route the same text, and its numbers are those of the models' own traces.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Checkpoint, Options, Page, Site};
use moescope::trace::agreement::{agreement, differences, first_choices};
use moescope::trace::{Trace, summary::Summary};
use serde_json::Value;
use std::path::Path;

/// What the browser itself writes for a file that is missing.
const MISSING: &[&str] = &["Failed to load resource"];
const TEXT: &str = "The lighthouse keeper counted 17 gulls before breakfast, and wrote each one down.";
const WITH: &str = "screen=compare&with=shazeer,switch&device=cpu";

fn encoded() -> String {
    format!("{WITH}&text={}", TEXT.replace(' ', "%20").replace(',', "%2C"))
}

/// Waits until both models have routed the text.
fn wait_compared(page: &Page, names: &[&str]) -> Done {
    let body = "return arguments[0].every((name) => document.querySelector(`[data-testid=\"compare-bits-${name}\"]`));";
    page.wait_for("the compared models", body, &[names.into()]).map(drop)
}

fn text(page: &Page, testid: &str) -> browser_tests::Result<String> {
    page.texts(testid)?.into_iter().next().ok_or_else(|| format!("nothing is called {testid}"))
}

/// A shipped model's own trace: the page with that model's files in the place of the one that it opens with.
fn own_trace(name: &str) -> browser_tests::Result<Trace> {
    let shipped = Checkpoint::shipped()?;
    let other = Checkpoint { folder: format!("assets/models/{name}/") };
    let names = ["config.json", "model.safetensors", "card.json"];
    let paths: Vec<String> = names.iter().map(|file| shipped.path(file)).collect();
    let bytes: Vec<Vec<u8>> = names.iter().map(|file| other.read(file)).collect::<browser_tests::Result<_>>()?;
    let instead: Vec<(&str, Option<Vec<u8>>)> =
        paths.iter().map(String::as_str).zip(bytes.into_iter().map(Some)).collect();
    let (site, browser) = (Site::with(&instead)?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "device=cpu&text=%20")?;
    page.wait_ready()?;
    page.set_text(TEXT)?;
    page.wait_text(TEXT)
}

#[test]
fn two_models_are_compared_and_their_numbers_are_those_of_their_own_traces() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &encoded())?;
    wait_compared(&page, &["shazeer", "switch"])?;
    let traces = [own_trace("shazeer")?, own_trace("switch")?];
    for (name, trace) in ["shazeer", "switch"].iter().zip(&traces) {
        let summary = Summary::of(trace);
        assert_eq!(text(&page, &format!("compare-tokens-{name}"))?, trace.len().to_string());
        let bits = summary.bits_per_byte.ok_or("no losses")?;
        assert_eq!(text(&page, &format!("compare-bits-{name}"))?, format!("{bits:.3}"));
        let balance: Vec<String> = summary.max_over_mean.iter().map(|value| format!("{value:.2}")).collect();
        assert_eq!(text(&page, &format!("compare-balance-{name}"))?, balance.join(" · "));
    }
    let agreed = agreement(&traces[0], &traces[1], 0).ok_or("no agreement")?;
    assert_eq!(text(&page, "compare-agreement-switch")?.replace('−', "-"), format!("{agreed:.2}"));
    assert_eq!(text(&page, "compare-agreement-shazeer")?, "compared with");
    expect_clean_console(&page, MISSING)
}

#[test]
fn the_difference_row_marks_the_tokens_that_differ() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("{}&layer=2&view=table", encoded()))?;
    wait_compared(&page, &["shazeer", "switch"])?;
    let traces = [own_trace("shazeer")?, own_trace("switch")?];
    let choices = [first_choices(&traces[0], 1), first_choices(&traces[1], 1)];
    let differ = differences(&choices[0], &choices[1]);
    let rows = page.script(
        "return [...document.querySelectorAll('[data-testid^=difference-row-]')].map((row) => {
           const cells = [...row.querySelectorAll('td')];
           return [cells[0].textContent, cells[2].firstChild.textContent, cells[2].className === 'cell-differs'];
         });",
        &[],
    )?;
    let rows = rows.as_array().ok_or("no rows")?;
    assert_eq!(rows.len(), traces[0].len());
    for (t, row) in rows.iter().enumerate() {
        let expected =
            (format!("2·E{}", choices[0][t] + 1), format!("2·E{}", choices[1][t] + 1), Value::Bool(differ[t]));
        let shown = (row[0].as_str().unwrap_or_default(), row[1].as_str().unwrap_or_default(), row[2].clone());
        assert_eq!(
            (shown.0, shown.1, shown.2),
            (expected.0.as_str(), expected.1.as_str(), expected.2),
            "token {}",
            t + 1
        );
    }
    // The picture says the same in words.
    page.click("view-flow")?;
    let body =
        "return document.querySelector('[data-testid=difference-picture] svg')?.getAttribute('aria-label') ?? false;";
    let label = page.wait_for("the picture", body, &[])?;
    let count = differ.iter().filter(|differs| **differs).count();
    let words = format!("Switch sends {count} of them elsewhere");
    assert!(label.as_str().is_some_and(|label| label.contains(&words)), "{label} lacks {words:?}");
    Ok(())
}

#[test]
fn typing_routes_in_all_models_and_the_address_keeps_them() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &encoded())?;
    wait_compared(&page, &["shazeer", "switch"])?;
    page.set_text("One gull.")?;
    let trace = page.wait_text("One gull.")?;
    for name in ["shazeer", "switch"] {
        let body = "return document.querySelector(`[data-testid=\"compare-tokens-${arguments[0]}\"]`)?.textContent === arguments[1];";
        page.wait_for("the new text in every model", body, &[name.into(), trace.len().to_string().into()])?;
    }
    page.click("without-2")?;
    page.wait_for("the address", "return location.hash.includes('with=shazeer&')", &[])?;
    assert_eq!(page.texts("compare-bits-switch")?, [""; 0]);
    expect_clean_console(&page, MISSING)
}

#[test]
fn a_model_that_is_missing_is_named_and_the_other_is_shown() -> Done {
    let site = Site::with(&[("assets/models/switch/model.safetensors", None)])?;
    let browser = Browser::start(Options::default())?;
    // Where the models' places are below the head, in every frame.
    browser.before_pages(
        "window.seen = { places: new Set(), frames: 0 };
         requestAnimationFrame(function look() { requestAnimationFrame(look);
           const of = (css) => document.querySelector(css)?.getBoundingClientRect();
           const [head, one, two] = ['.compare-head', '[data-testid=compare-shazeer]', '[data-testid=compare-switch]'].map(of);
           if (one && two) { window.seen.frames += 1; window.seen.places.add([one.top, one.height, two.top, two.height].map((y, i) => Math.round(i % 2 ? y : y - head.bottom)).join()); } })",
    )?;
    let page = Page::open(&browser, &site.url(), &encoded())?;
    wait_compared(&page, &["shazeer"])?;
    let said = page.wait_for(
        "the fault",
        "return document.querySelector('[data-testid=fault-switch]')?.textContent ?? false",
        &[],
    )?;
    let said = said.as_str().unwrap_or_default();
    assert!(said.contains("switch") && said.contains("model.safetensors") && said.contains("404"), "{said}");
    let places = page.script("return window.seen.frames > 2 ? [...window.seen.places] : 'too few frames'", &[])?;
    assert_eq!(places.as_array().map(Vec::len), Some(1), "the fault takes the picture’s place: {places}");
    let within = "return document.querySelector('[data-testid=compare-switch] .stage-picture [data-testid=fault-switch]') != null";
    assert_eq!(page.script(within, &[])?, Value::Bool(true));
    // As tables the screen says so too.
    page.click("view-table")?;
    page.wait_for("the fault below the numbers", "return document.querySelector('[data-testid=fault-switch]')", &[])?;
    assert_eq!(page.texts("compare-bits-switch")?, [""; 0]);
    expect_clean_console(&page, MISSING)
}

#[test]
fn blocks_are_drawn_for_every_chosen_model_with_the_costs_of_their_cards() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "screen=compare&with=dense-active,shazeer&device=cpu")?;
    wait_compared(&page, &["dense-active", "shazeer"])?;
    for name in ["dense-active", "shazeer"] {
        let card: Value =
            serde_json::from_slice(&Checkpoint { folder: format!("assets/models/{name}/") }.read("card.json")?)
                .map_err(|error| error.to_string())?;
        let flops: f64 =
            ["attention", "router", "experts", "output"].iter().filter_map(|part| card["cost"][part].as_f64()).sum();
        let body =
            "return document.querySelector(`[data-testid=\"block-${arguments[0]}\"] svg`)?.textContent ?? false;";
        let words = page.wait_for("a block", body, &[name.into()])?;
        let flops = format!("{:.2} MFLOP", flops / 1e6);
        assert!(words.as_str().is_some_and(|words| words.contains(&flops)), "{words} lacks {flops}");
        assert_eq!(text(&page, "compare-agreement-dense-active")?, "one expert, no choice");
    }
    Ok(())
}

/// Every number of the methods' table and every claim is in the file that the command made.
#[test]
fn results_are_those_of_the_file() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "screen=compare&device=cpu")?;
    page.wait_for("the methods", "return document.querySelector('[data-testid=methods]') != null", &[])?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/results.json");
    let json = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let bundle: Value = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let rows = bundle["methods"]["rows"].as_array().ok_or("no rows")?;
    assert!(rows.len() >= 8);
    for row in rows {
        let name = row["preset"].as_str().ok_or("no name")?;
        let shown = text(&page, &format!("method-{name}"))?;
        let bits = row["bits"]["mean"].as_f64().ok_or("no bits")?;
        assert!(shown.contains(&format!("{bits:.3}")), "{name}: {shown}");
    }
    let claims = bundle["claims"].as_array().ok_or("no claims")?;
    let shown: Vec<String> =
        (1..=claims.len()).map(|n| text(&page, &format!("claim-{n}"))).collect::<browser_tests::Result<_>>()?;

    for (shown, claim) in shown.iter().zip(claims) {
        assert!(claim["says"].as_str().is_some_and(|says| shown.contains(says)), "{shown}");
    }
    // Three curves of each chosen model, and the step that the slider names.
    assert_eq!(page.script("return document.querySelectorAll('[data-testid=curves] svg').length", &[])?, 3);
    assert!(text(&page, "curves-readout")?.starts_with("step 800"));
    Ok(())
}
