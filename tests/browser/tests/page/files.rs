//! What is saved can be opened again, and what is no trace cannot.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};
use moescope::trace::{Computed, Counts, Matrix, Trace, from_json, to_json};
use std::fs;
use std::path::Path;

fn read(path: &Path) -> browser_tests::Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The trace with scores that are none.
fn with_logits_for_scores(json: &str) -> browser_tests::Result<String> {
    let mut trace: serde_json::Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    trace["layers"][0]["probs"] = trace["layers"][0]["logits"].clone();
    Ok(trace.to_string())
}

#[test]
fn a_saved_trace_opens_again_and_looks_the_same() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=table&{SHORT}"))?;
    let trace = page.wait_ready()?;
    page.click("cell-3-2")?;
    let shown = Shown::read(&page)?;
    let json = page.download("save-json", "moescope-mixtral-trace.json")?;
    page.click("view-flow")?;
    let picture = read(&page.download("save-svg", "moescope-mixtral-flow.svg")?)?;
    // Opened elsewhere, the picture has no fonts but those it brings, and says by itself what it shows.
    assert_eq!(
        picture.matches("src:url(data:font/woff2;base64,d09GMg").count(),
        2,
        "two fonts, by their signature wOF2"
    );
    assert!(picture.contains(" selected</text>") && picture.contains(">moescope"));
    assert!(from_json(&read(&json)?).map_err(|error| error.to_string())? == trace, "what is saved is what is shown");
    let kept = browser.downloads.join("kept.json");
    // In the encoding in which PowerShell writes what a program prints.
    let wide =
        std::iter::once(0xfeff).chain(read(&json)?.encode_utf16().collect::<Vec<_>>()).flat_map(u16::to_le_bytes);
    fs::write(&kept, wide.collect::<Vec<u8>>()).map_err(|error| error.to_string())?;

    let page = Page::open(&browser, &site.url(), "view=table&text=something%20else%20of%20some%20length")?;
    page.wait_ready()?;
    page.choose_file("open", &kept)?;
    assert!(page.wait_text(&trace.text)? == trace, "what is opened is what was saved");
    assert_eq!(Shown::read(&page)?, shown, "the same token is selected in the same layer");
    page.click("view-flow")?;
    assert!(read(&page.download("save-svg", "moescope-mixtral-flow.svg")?)? == picture, "the picture is the same");
    expect_clean_console(&page, &[])
}

#[test]
fn the_generated_part_is_marked_again() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "tokens=5&seed=3&text=Once%20upon%20a%20time")?;
    page.wait_ready()?;
    page.click("generate")?;
    let made = "return document.querySelector('[data-testid=stop]') == null
                  && JSON.parse(window.moescope.trace()).text !== 'Once upon a time'";
    page.wait_for("the continuation", made, &[])?;
    let marked = "const trace = JSON.parse(window.moescope.trace()), bytes = new TextEncoder().encode(trace.text);
        const made = new Set([...document.querySelectorAll('.tk-made [data-t]')].map((e) => Number(e.dataset.t)));
        return trace.tokens.filter((_, t) => made.has(t)).map(({ start, end }) => new TextDecoder().decode(bytes.slice(start, end))).join('')";
    let before = page.script(marked, &[])?;
    let json = page.download("save-json", "moescope-mixtral-trace.json")?;
    let page = Page::open(&browser, &site.url(), "text=something%20else")?;
    page.wait_ready()?;
    page.choose_file("open", &json)?;
    let trace = from_json(&read(&json)?).map_err(|error| error.to_string())?;
    page.wait_text(&trace.text)?;
    let part = trace.text.strip_prefix("Once upon a time").ok_or("the text does not begin as it did")?;
    assert_eq!(page.script(marked, &[])?, before);
    assert_eq!(before, part);
    expect_clean_console(&page, &[])
}

#[test]
fn the_table_has_a_line_for_every_choice() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=plain%20words%20only")?;
    let trace = page.wait_ready()?;
    let table = read(&page.download("save-csv", "moescope-mixtral-choices.csv")?)?;
    assert_eq!(table.trim_end().lines().count(), 1 + trace.len() * trace.model.layers * trace.model.top_k);
    assert!(table.starts_with("\u{feff}token,") && table.contains("\r\n1,"), "for spreadsheets, counted from 1");
    let png = fs::read(page.download("save-png", "moescope-mixtral-flow.png")?).map_err(|error| error.to_string())?;
    assert_eq!(png.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]));
    expect_clean_console(&page, &[])
}

/// Drops files on the page, each a name and what it holds.
fn drop_files(page: &Page, files: &[(&str, &str)]) -> Done {
    let body = "const data = new DataTransfer();
        for (const [name, content] of arguments[0]) data.items.add(new File([content], name));
        document.querySelector('[data-testid=page]').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
    page.script(body, &[serde_json::json!(files)]).map(drop)
}

const SOURCE: &str = "return document.querySelector('[data-testid=source]')?.textContent.includes(arguments[0])
    && !location.hash.includes('screen=')";

#[test]
fn every_screen_takes_every_file_and_a_reload_shows_an_opened_one_again() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let trace = page.wait_ready()?;
    let json = to_json(&trace).map_err(|error| error.to_string())?;
    // The light page hands files on to the whole one.
    drop_files(&page, &[("one.txt", "A text."), ("two.json", &json)])?;
    page.wait_message("fault", &["2 files at once", "one.txt (a text) and two.json (a trace)"])?;
    page.wait_ready()?;
    page.click("screen-train")?;
    page.wait_for("the screen", "return document.querySelector('[data-testid=lab]') != null", &[])?;
    drop_files(&page, &[("cat.txt", "\u{1}%PDF-1.7"), ("dog.txt", "")])?;
    page.wait_message("fault", &["a binary file", "dog.txt (empty)"])?;
    drop_files(&page, &[("kept.json", &json)])?;
    page.wait_for("the opened file", SOURCE, &["kept.json".into()])?;
    assert!(page.trace()? == trace, "what is opened is what was dropped");
    assert_eq!(page.texts("fault")?, [""; 0], "what was wrong before is over");
    page.click("layer-3")?;
    page.wait_for("the address to follow", "return location.hash.includes('layer=3')", &[])?;
    page.script("location.reload()", &[])?;
    page.wait_for("the opened file again", SOURCE, &["kept.json".into()])?;
    assert!(page.trace()? == trace, "the file’s numbers and not this engine’s");
    assert_eq!(Shown::read(&page)?.place.1, 2, "with what was selected");
    // A text goes to the screen that is seen.
    drop_files(&page, &[("note.md", "Two gulls.")])?;
    page.wait_text("Two gulls.")?;
    expect_clean_console(&page, &[])
}

#[test]
fn what_is_seen_is_what_is_saved_and_toured() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=method&layer=2&{SHORT}"))?;
    page.wait_ready()?;
    page.wait_for("the method", "return document.querySelector('[data-testid=method-picture]') != null", &[])?;
    let title = page.texts("method-title")?.concat();
    let picture = read(&page.download("save-svg", "moescope-mixtral-layer-2-method.svg")?)?;
    assert!(picture.contains("Mixtral") && picture.contains(&title), "the method’s picture");
    page.click("screen-compare")?;
    let bits = page.wait_for(
        "the models",
        "return document.querySelector('[data-testid=compare-bits-switch]')?.textContent || false",
        &[],
    )?;
    page.wait_for("the curves", "return document.querySelectorAll('[data-testid=curves] svg').length === 3", &[])?;
    let names = "moescope-dense-total-shazeer-switch";
    let picture = read(&page.download("save-curves-svg", &format!("{names}-curves.svg"))?)?;
    assert!(picture.matches("<svg").count() >= 4 && picture.contains("training TFLOP"), "three charts");
    let valid =
        "return new DOMParser().parseFromString(arguments[0], 'image/svg+xml').querySelector('parsererror') == null";
    assert_eq!(page.script(valid, &[picture.into()])?, serde_json::Value::Bool(true), "other programs can read it");
    let table = read(&page.download("save-numbers-csv", &format!("{names}-numbers.csv"))?)?;
    assert!(table.contains(bits.as_str().unwrap_or("-")) && table.starts_with('\u{feff}'), "{table}");
    let png =
        fs::read(page.download("save-flows-png", &format!("{names}-flows.png"))?).map_err(|error| error.to_string())?;
    assert_eq!(png.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]));
    assert!(page.texts("generate")?.concat().contains("Mixtral"), "it is not on the screen, but it writes");
    page.click("tour-start")?;
    let said = page.wait_for(
        "the tour",
        "return document.querySelector('[data-testid=tour-step]')?.textContent ?? false",
        &[],
    )?;
    assert!(said.as_str().is_some_and(|said| said.contains("A Dense, equal total parameters")), "{said}");
    page.click("screen-explore")?;
    page.wait_for("the end of the tour", "return document.querySelector('[data-testid=tour]') == null", &[])?;
    // The picture that this test reads has a style of its own, which the page's policy keeps from this test.
    expect_clean_console(&page, &["Applying inline style"])
}

#[test]
fn a_file_that_is_no_trace_is_refused_with_the_reason() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let trace = page.wait_ready()?;
    let json = read(&page.download("save-json", "moescope-mixtral-trace.json")?)?;
    let truncated = json.get(..json.len() / 2).unwrap_or_default().to_owned();
    let other = json.replace("moescope.trace/2", "something.else/9");
    let files = [
        ("empty.json", String::new()),
        ("scores.json", with_logits_for_scores(&json)?),
        ("list.json", "[1, 2]".into()),
        ("half.json", truncated),
        ("other.json", other),
    ];
    for (name, content) in files {
        let file = browser.downloads.join(name);
        fs::write(&file, content).map_err(|error| error.to_string())?;
        page.choose_file("open", &file)?;
        page.wait_message("fault", &[name, "cannot be opened"])?;
        // The whole page, which opens files, routes the text again: all but the time that took is the same.
        let now = Trace { device: trace.device.clone(), ..page.trace()? };
        assert!(now == trace, "what was on the screen stays");
    }
    expect_clean_console(&page, &[])
}

/// What other programs record: who each token went to, or how often each expert was chosen. The rest is "not recorded", and
/// nothing of it becomes a number.
#[test]
fn recordings_without_scores_or_tokens_show_what_they_hold_and_say_what_they_lack() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let full = page.wait_ready()?;
    let mut ids = full.clone();
    let model = &mut ids.model;
    (model.router, model.convention, model.hidden) = (String::new(), String::new(), None);
    model.computed = Computed::NotRecorded;
    (ids.next, ids.predictions, ids.losses, ids.device) = (vec![], vec![], vec![], None);
    for layer in &mut ids.layers {
        layer.info.method = None;
        (layer.logits, layer.probs, layer.weights, layer.dropped) = (None, None, None, None);
    }
    let mut counts = ids.clone();
    (counts.text, counts.tokens) = (String::new(), vec![]);
    for layer in &mut counts.layers {
        let load = (0..8).map(|e| layer.experts.as_slice().iter().filter(|&&own| own == e).count() as u64).collect();
        layer.counts = Some(Counts { tokens: full.len() as u64, load });
        layer.experts = Matrix::empty(2);
    }
    let bars = "return [...document.querySelectorAll('[data-testid=balance-panel] .load rect:not(.load-hit)')].map((r) => r.getAttribute('height')).join(' ')";
    let before = page.script(bars, &[])?;
    let open = |name: &str, trace: &Trace| -> browser_tests::Result<Trace> {
        let file = browser.downloads.join(name);
        fs::write(&file, to_json(trace).map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
        page.choose_file("open", &file)?;
        let opened = "const trace = JSON.parse(window.moescope.trace()); return trace.layers[0].logits == null && trace.tokens.length === arguments[0]";
        page.wait_for(name, opened, &[serde_json::json!(trace.len())])?;
        page.trace()
    };
    assert!(open("ids.json", &ids)? == ids, "what is opened is what was recorded");
    assert_eq!(page.script(bars, &[])?, before, "the load is that of the routes");
    for (testid, words) in [
        ("scores-absent", "Scores: not recorded"),
        ("weights-absent", "Weights: not recorded"),
        ("next-panel", "Not recorded"),
        ("loss", "The loss was not recorded"),
        ("balance-panel", "not recorded"),
    ] {
        let said = page.texts(testid)?.join(" ");
        assert!(said.contains(words), "{testid}: {said}");
    }
    page.screenshot("ids")?;
    page.click("view-method")?;
    page.wait_for(
        "that nothing can be followed",
        "return document.querySelector('[data-testid=method-none]') != null",
        &[],
    )?;
    page.click("view-table")?;
    let cell = page.texts("cell-2-1")?.join(" ");
    assert!(cell.contains("1·E") && !cell.contains("0."), "{cell}");
    page.click("view-flow")?;
    assert!(open("counts.json", &counts)? == counts, "what is opened is what was counted");
    assert_eq!(page.script(bars, &[])?, before, "the load is that of the counts");
    let said = page.texts("balance-batch")?.join(" ");
    assert!(said.starts_with(&format!("counted: {} tokens", full.len())), "{said}");
    let said = page.texts("no-token")?.join(" ");
    assert!(said.contains("how often each expert was chosen, and no tokens"), "{said}");
    page.screenshot("counts")?;
    expect_clean_console(&page, &[])
}

#[test]
fn of_a_trace_of_20_000_tokens_only_what_can_be_seen_is_made() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    let held = "return document.querySelectorAll('*').length";
    page.wait_for("the recording", "return document.querySelectorAll('[data-t]').length > 9 && document.querySelector('.balance') && document.querySelector('[data-testid=scrub]')", &[])?;
    let before = page.script(held, &[])?.as_u64().unwrap_or_default();
    let first = page.trace()?;
    let mut long = first.clone();
    while long.len() < 20_000 {
        let (t, begin) = (long.len() % first.len(), long.text.len());
        let mut step = first.step(t).ok_or("no such token")?;
        (step.token.start, step.token.end) = (begin, begin + step.text.len());
        long.append(step).map_err(|error| error.to_string())?;
    }
    let json = to_json(&long).map_err(|error| error.to_string())?;
    let file = browser.downloads.join("long.json");
    fs::write(&file, json).map_err(|error| error.to_string())?;
    page.choose_file("open", &file)?;
    page.wait_for(
        "the opened file",
        "return document.querySelector('[data-testid=source]')?.textContent.includes('long.json')",
        &[],
    )?;
    page.wait_for("its underlines", "return document.querySelectorAll('[data-t]').length > 60", &[])?;
    assert_eq!(page.trace()?.len(), 20_000);
    let after = page.script(held, &[])?.as_u64().unwrap_or_default();
    assert!(after < before + 4_000, "{before} elements, then {after}");
    expect_clean_console(&page, &[])
}
