//! Broken files: each gives a message that names what is wrong, and the text and the recording stay.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Checkpoint, Options, Page, Site};
use serde_json::{Value, json};

/// What the browser itself writes for a file that is missing.
const MISSING: &[&str] = &["Failed to load resource"];
const TEXT: &str = "text=my%20own%20words";

/// Opens the page with files replaced, waits for a fault that holds all of `words`, and sees that nothing is lost.
fn expect_fault(instead: &[(&str, Option<Vec<u8>>)], words: &[&str]) -> Done {
    let (site, browser) = (Site::with(instead)?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), TEXT)?;
    page.wait_message("fault", words)?;
    let text = page.script("return document.querySelector('[data-testid=text]').value", &[])?;
    assert_eq!(text, "my own words");
    page.wait_for("the recording", "return window.moescope.trace() != null", &[])?;
    expect_clean_console(&page, MISSING)
}

#[test]
fn a_truncated_model() -> Done {
    let model = Checkpoint::shipped()?;
    let mut weights = model.read("model.safetensors")?;
    weights.truncate(weights.len() / 2);
    expect_fault(&[(&model.path("model.safetensors"), Some(weights))], &["model.safetensors"])
}

#[test]
fn a_model_that_is_something_else() -> Done {
    let model = Checkpoint::shipped()?;
    let page = b"<!doctype html><title>404</title>".to_vec();
    expect_fault(&[(&model.path("model.safetensors"), Some(page))], &["model.safetensors"])
}

#[test]
fn a_missing_model() -> Done {
    let model = Checkpoint::shipped()?;
    expect_fault(&[(&model.path("model.safetensors"), None)], &["model.safetensors", "404"])
}

#[test]
fn weights_that_are_not_numbers() -> Done {
    let model = Checkpoint::shipped()?;
    let weights = model.weights_with_nan("model.norm.weight")?;
    expect_fault(&[(&model.path("model.safetensors"), Some(weights))], &["model.norm.weight"])
}

#[test]
fn a_config_that_does_not_fit_its_weights() -> Done {
    let model = Checkpoint::shipped()?;
    let mut config: Value =
        serde_json::from_slice(&model.read("config.json")?).map_err(|error| format!("config.json: {error}"))?;
    let experts = config["num_local_experts"].as_u64().ok_or("config.json has no num_local_experts")?;
    config["num_local_experts"] = json!(experts * 2);
    expect_fault(&[(&model.path("config.json"), Some(config.to_string().into_bytes()))], &["block_sparse_moe"])
}

#[test]
fn a_tokenizer_that_is_none() -> Done {
    let model = Checkpoint::shipped()?;
    expect_fault(&[(&model.path("tokenizer.json"), Some(b"{}".to_vec()))], &["tokenizer.json"])
}

#[test]
fn no_engine() -> Done {
    expect_fault(&[("engine_cpu_bg.wasm", None)], &["reload"])
}

/// Who asks for the trace after the engine failed is told so too, and after another try waits for that.
#[test]
fn whoever_asks_late_is_told_as_well() -> Done {
    let site = Site::with(&[("engine_cpu_bg.wasm", Some(b"no engine".to_vec()))])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), TEXT)?;
    let asked = "return window.moescope.ready.then(() => 'ready', (error) => error.message)";
    for _ in 0..2 {
        page.wait_for("the end", "return document.querySelector('[data-testid=try-again]') != null", &[])?;
        let told = page.script(asked, &[])?;
        assert!(told.as_str().is_some_and(|told| told.contains("engine")), "{told}");
        page.click("try-again")?;
    }
    Ok(())
}

#[test]
fn a_gpu_that_is_not_there() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("device=gpu&{TEXT}"))?;
    page.wait_message("fault", &["WebGPU"])?;
    page.click("device")?;
    page.click("device-cpu")?;
    page.wait_ready()?;
    page.wait_text("my own words")?;
    expect_clean_console(&page, &[])
}

#[test]
fn no_recording() -> Done {
    let site = Site::with(&[("assets/traces/first.json", None)])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), TEXT)?;
    page.wait_ready()?;
    page.wait_text("my own words")?;
    expect_clean_console(&page, MISSING)
}

#[test]
fn a_recording_that_is_none_gives_way_to_a_sample() -> Done {
    let site = Site::with(&[("assets/traces/first.json", Some(b"zzz".to_vec()))])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_message("fault", &["recording could not be read", "sample"])?;
    let trace = page.wait_ready()?;
    assert!(trace.text.starts_with("The lighthouse keeper"), "{}", trace.text);
    let text = page.script("return document.querySelector('[data-testid=text]').value", &[])?;
    assert_eq!(text, trace.text.as_str());
    assert_eq!(page.texts("fault")?.len(), 1, "it is said once, and still there to be read");
    assert_eq!(page.texts("empty")?, [""; 0]);
    expect_clean_console(&page, &[])
}

#[test]
fn without_an_engine_a_recording_is_called_one_and_another_try_is_offered() -> Done {
    let model = Checkpoint::shipped()?;
    let mut weights = model.read("model.safetensors")?;
    weights.truncate(4_000_000);
    let site = Site::with(&[(&model.path("model.safetensors"), Some(weights))])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), TEXT)?;
    page.wait_message("fault", &["model.safetensors"])?;
    page.wait_for("the recording", "return window.moescope.trace() != null", &[])?;
    let source = page.texts("source")?.concat();
    assert!(source.contains("Recording of another text") && !source.contains("until"), "{source}");
    assert!(page.texts("balance-batch")?.concat().starts_with("recorded text"));
    assert!(page.texts("computed")?.concat().starts_with("Recorded on"));
    page.script("document.querySelector('[data-testid=fault]').testOld = true", &[])?;
    page.click("try-again")?;
    let again = "const fault = document.querySelector('[data-testid=fault]'); return fault != null && !fault.testOld";
    page.wait_for("the outcome of another try", again, &[])?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_screen_that_is_missing_leaves_the_first_one() -> Done {
    let site = Site::with(&[("studio_bg.wasm", None)])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), &format!("screen=train&{TEXT}"))?;
    page.wait_message("fault", &["The Train screen could not be fetched", "studio_bg.wasm", "404"])?;
    page.wait_ready()?;
    page.wait_text("my own words")?;
    expect_clean_console(&page, MISSING)
}

#[test]
fn a_card_that_is_missing_or_none() -> Done {
    let model = Checkpoint::shipped()?;
    for card in [None, Some(b"\xff\xfe".to_vec()), Some(b"not JSON".to_vec())] {
        let site = Site::with(&[(&model.path("card.json"), card)])?;
        let browser = Browser::start(Options::default())?;
        let page = Page::open(&browser, &site.url(), TEXT)?;
        page.wait_ready()?;
        page.wait_text("my own words")?;
        assert_eq!(page.texts("model-card")?, [""; 0]);
        assert_eq!(page.texts("fault")?, [""; 0]);
        expect_clean_console(&page, MISSING)?;
    }
    Ok(())
}

#[test]
fn a_browser_without_workers() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    browser.before_pages("delete window.Worker")?;
    let page = Page::open(&browser, &site.url(), TEXT)?;
    let said = page.wait_message("fault", &["Worker is not defined", "current Chrome"])?;
    assert!(!said.contains('\n') && !said.contains("wasm"), "a message, not a stack: {said}");
    expect_clean_console(&page, &[])
}

/// Remembers the page's workers, so that a test can end one from outside, which no event tells of.
const WORKERS: &str = "const Own = window.Worker; window.testWorkers = [];
    window.Worker = class extends Own { constructor(...all) { super(...all); window.testWorkers.push(this); } };";

/// Ends the worker, waits for the message, and sees that the next one works.
fn expect_restart(browser: &Browser, words: &[&str]) -> Done {
    let site = Site::whole()?;
    browser.before_pages(WORKERS)?;
    let page = Page::open(browser, &site.url(), TEXT)?;
    page.wait_ready()?;
    page.wait_text("my own words")?;
    page.script("window.testWorkers[0].terminate()", &[])?;
    page.wait_message("notice", words)?;
    page.set_text("and it goes on")?;
    page.wait_text("and it goes on")?;
    assert_eq!(page.script("return window.testWorkers.length", &[])?, 2, "one new worker");
    expect_clean_console(&page, &[])
}

#[test]
fn a_worker_that_dies_without_a_word() -> Done {
    expect_restart(&Browser::start(Options::default())?, &["ended without a word", "starts again"])
}

#[test]
fn a_worker_that_is_silent_where_there_are_no_locks() -> Done {
    let browser = Browser::start(Options::default())?;
    // Beats come five times as fast; what is tested is that a worker which works is not taken for dead, and a dead one is.
    browser.before_pages(
        "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
         const own = window.setInterval; window.setInterval = (act, ms, ...rest) => own(act, ms / 5, ...rest);",
    )?;
    expect_restart(&browser, &["did not answer", "starts again"])
}
