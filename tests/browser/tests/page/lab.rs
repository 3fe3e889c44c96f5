//! The train screen: a run starts, tells its steps, is gone back in, branched and exported; bad files and settings are refused.

use crate::{Done, expect_clean_console};
use browser_tests::{Browser, Options, Page, Result, Site};
use moescope::run::archive;
use serde_json::{Value, json};
use std::fs;

/// The step that is looked at, as the slider says it.
const STEP: &str = "Number(document.querySelector('[data-testid=lab-ruler]')?.getAttribute('aria-valuenow') ?? -1)";

fn wait_steps(page: &Page, least: u64) -> Done {
    page.wait_for(&format!("step {least}"), &format!("return {STEP} >= arguments[0]"), &[json!(least)]).map(drop)
}

fn step(page: &Page) -> Result<u64> {
    page.script(&format!("return {STEP}"), &[])?.as_u64().ok_or_else(|| "there is no slider of steps".to_owned())
}

fn press(page: &Page, key: &str) -> Done {
    let body = "const ruler = document.querySelector('[data-testid=lab-ruler]'); ruler.focus();
        ruler.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }));";
    page.script(body, &[json!(key)]).map(drop)
}

fn paused(page: &Page) -> Done {
    page.click("lab-pause")?;
    // The words may be a frame behind the newest step.
    let settled = "const ruler = document.querySelector('[data-testid=lab-ruler]');
        return document.querySelector('[data-testid=lab-start]') != null && ruler.ariaValueNow === ruler.ariaValueMax;";
    page.wait_for("the pause", settled, &[]).map(drop)
}

/// Sets a number as typing does.
fn set(page: &Page, name: &str, value: &str) -> Done {
    let body =
        "const field = document.querySelector(`[data-testid=\"lab-${arguments[0]}\"]`); field.value = arguments[1];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    page.script(body, &[json!(name), json!(value)]).map(drop)
}

/// Starts the run as soon as the screen is there.
fn begin(page: &Page) -> Done {
    page.wait_for("the start", "return document.querySelector('[data-testid=lab-begin]') != null", &[])?;
    page.click("lab-begin")
}

/// A small run that is quick on any machine.
const SMALL: &str = "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5";

#[test]
fn a_run_is_trained_gone_back_in_branched_and_exported() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    begin(&page)?;
    wait_steps(&page, 30)?;
    paused(&page)?;
    let newest = step(&page)?;
    press(&page, "ArrowLeft")?;
    page.wait_for("the step before", &format!("return {STEP} === arguments[0]"), &[json!(newest - 1)])?;
    press(&page, "Home")?;
    let says = page.wait_for(
        "the beginning",
        "return document.querySelector('[data-testid=lab-says]').textContent.includes('random') &&
            document.querySelector('[data-testid=lab-probe-step]').textContent === 'at step 0'",
        &[],
    )?;
    assert_eq!(says, Value::Bool(true));
    for _ in 0..10 {
        press(&page, "ArrowRight")?;
    }
    page.wait_for("step 10", &format!("return {STEP} === 10"), &[])?;
    // What would do the same again is asked about first.
    page.click("lab-fork")?;
    page.wait_for(
        "the plan",
        "return document.querySelector('[data-testid=lab-plan]')?.textContent.includes('from step 10') &&
            document.querySelector('[data-testid=lab-plan-go]').disabled",
        &[],
    )?;
    set(&page, "lr", "0.01")?;
    page.wait_for("its way", "return !document.querySelector('[data-testid=lab-plan-go]').disabled", &[])?;
    page.click("lab-plan-go")?;
    let names = page.wait_for(
        "the second branch",
        "const name = document.querySelector('[data-testid=branch-2]')?.textContent; return name?.includes('learning rate 0.01') && name",
        &[],
    )?;
    assert!(names.as_str().is_some_and(|name| name.contains("from step 10")), "{names}");
    page.click("lab-start")?;
    wait_steps(&page, 25)?;
    paused(&page)?;
    let curves = page.download_any("lab-save-svg", ".svg")?;
    let name = curves.file_name().unwrap_or_default().to_string_lossy().into_owned();
    assert!(name.contains("seed-5-step-") && name.ends_with("-curves.svg"), "{name}");
    let picture = fs::read_to_string(&curves).map_err(|error| error.to_string())?;
    assert!(picture.matches("<svg").count() >= 4, "the ruler and the strips");
    // The probe as it is shown: its routes, or its flow with the same choices.
    let step = "return document.querySelector('[data-testid=lab-probe-step]').textContent.match(/[\\d,]+$/)[0].replace(',', '')";
    let step = page.script(step, &[])?.as_str().unwrap_or_default().to_owned();
    let chip = "return document.querySelector('[data-testid=lab-probe] td .lab-chip').textContent";
    let chip = page.script(chip, &[])?.as_str().unwrap_or_default().to_owned();
    let routes = page.download_any("lab-save-probe-csv", "-probe-routes.csv")?;
    let table = fs::read_to_string(&routes).map_err(|error| error.to_string())?;
    let row: Vec<&str> = table.lines().nth(1).unwrap_or_default().split(',').collect();
    let (head, row) = (table.lines().next().unwrap_or_default().split(','), &row[row.len() - 8..]);
    assert_eq!(
        head.skip(5).collect::<Vec<_>>(),
        ["layer", "block", "choice", "expert", "weight", "prob", "logit", "dropped"]
    );
    assert_eq!(format!("{}·E{}", row[0], row[3]), chip, "{}", table.lines().nth(1).unwrap_or_default());
    page.click("probe-flow")?;
    page.wait_for("the flow", "return document.querySelector('[data-testid=lab-probe] canvas') != null", &[])?;
    let flow = page.download_any("lab-save-probe-svg", "-probe-flow.svg")?;
    let name = flow.file_name().unwrap_or_default().to_string_lossy().into_owned();
    assert!(name.contains(&format!("seed-5-step-{step}-probe")), "{name} is not of step {step}");
    let picture = fs::read_to_string(&flow).map_err(|error| error.to_string())?;
    assert!(picture.contains("probe at step") && picture.contains(&format!(">{chip}<")), "{chip} is in the flow");
    let file = page.download_any("lab-export", ".zip")?;
    let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let files = archive::unpack(&bytes).map_err(|error| error.to_string())?;
    for ending in ["config.json", "model.safetensors", "tokenizer.json", "metrics.csv", "branches/0/model.safetensors"]
    {
        assert!(files.iter().any(|(name, _)| name.ends_with(ending)), "{ending} is missing");
    }

    // The same file is a run again, on a page that knows nothing of it.
    let kept = browser.downloads.join("kept.run.ZIP");
    fs::rename(&file, &kept).map_err(|error| error.to_string())?;
    let page = Page::open(&browser, &site.url(), "screen=train")?;
    page.wait_for("the screen", "return document.querySelector('[data-testid=lab-import]') != null", &[])?;
    page.choose_file("lab-import", &kept)?;
    page.wait_for(
        "the run",
        "return document.querySelector('[data-testid=branch-1]') != null &&
            document.querySelector('[data-testid=branch-2][aria-pressed=true]')?.textContent.includes('learning rate 0.01') &&
            document.body.textContent.includes('The run goes on at step')",
        &[],
    )?;
    expect_clean_console(&page, &[])
}

/// Types into a field, a letter at a time, while the page goes on; what the field holds then.
fn typed(page: &Page, testid: &str, text: &str) -> Result<Value> {
    let field = "document.querySelector(`[data-testid=\"${arguments[0]}\"]`)";
    page.script(&format!("{field}.focus(); {field}.select();"), &[json!(testid)])?;
    for letter in text.chars() {
        let before = step(page)?;
        page.press(&[letter])?;
        wait_steps(page, before + 2)?;
    }
    page.script(&format!("return {field}.value"), &[json!(testid)])
}

/// A run that redraws the page all the time does not take away what is being typed.
#[test]
fn numbers_and_the_probe_can_be_typed_while_a_run_goes_on() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    begin(&page)?;
    wait_steps(&page, 5)?;
    assert_eq!(typed(&page, "lab-lr", "0.003")?, "0.003");
    page.press(&['\u{e007}'])?;
    let before = step(&page)?;
    wait_steps(&page, before + 5)?;
    let value = "return document.querySelector('[data-testid=lab-lr]').value === '0.003'";
    page.wait_for("the learning rate in force", value, &[])?;
    // A long probe shows its first tokens, and all of them when asked.
    let rows = "return document.querySelectorAll('.lab-routes tbody tr').length";
    let first = page.script(rows, &[])?.as_u64().ok_or("no rows")?;
    let said = page.texts("probe-whole")?.concat();
    page.click("probe-whole")?;
    page.wait_for("every token", &format!("{rows} > {first}"), &[])?;
    let all = page.script(rows, &[])?.as_u64().ok_or("no rows")?;
    assert_eq!(said, format!("Show all {all} tokens"));
    assert_eq!(typed(&page, "lab-probe-text", "A cat")?, "A cat");
    page.press(&['\u{e004}'])?;
    let routed = "const cells = [...document.querySelectorAll('.lab-routes tbody th')].map((cell) => cell.textContent);
        return cells.join('').replaceAll('\u{2423}', ' ') === 'A cat'";
    page.wait_for("the probe", routed, &[])?;
    paused(&page)?;
    expect_clean_console(&page, &[])
}

/// The same link gives the same numbers.
#[test]
fn a_link_starts_the_same_run() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let mut runs = Vec::new();
    for _ in 0..2 {
        let page = Page::open(&browser, &site.url(), SMALL)?;
        page.wait_for("the settings", "return document.querySelector('[data-testid=lab-width]')?.value === '16'", &[])?;
        begin(&page)?;
        wait_steps(&page, 20)?;
        paused(&page)?;
        // However far a run came before it paused, it can be looked at where the other one is.
        press(&page, "Home")?;
        page.wait_for("the beginning", &format!("return {STEP} === 0"), &[])?;
        let mut numbers = Vec::new();
        for _ in 0..2 {
            let before = step(&page)?;
            press(&page, "PageDown")?;
            let told = "const told = document.querySelector('[data-testid=lab-numbers]');
                // Whether the table has room is found a moment later.
                const hint = told?.querySelector('.wide-sign')?.textContent ?? '';
                return at > arguments[0] && told.querySelector('h2 small').textContent === `step ${at}` && told.textContent.replace(hint, '')";
            numbers.push(page.wait_for("the numbers", &format!("const at = {STEP}; {told}"), &[json!(before)])?);
        }
        runs.push(numbers);
    }
    assert!(runs[0] == runs[1] && runs[0][0] != runs[0][1], "{runs:?}");
    Ok(())
}

#[test]
fn files_that_are_no_text_and_settings_that_do_not_fit_are_refused_with_the_reason() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    let write = |name: &str, bytes: &[u8]| {
        let path = browser.downloads.join(name);
        fs::write(&path, bytes).map(|()| path).map_err(|error| error.to_string())
    };
    let empty = write("empty.txt", b"")?;
    page.wait_for("the screen", "return document.querySelector('[data-testid=lab-file]') != null", &[])?;
    page.choose_file("lab-file", &empty)?;
    page.wait_message("fault", &["empty.txt"])?;
    page.choose_file("lab-file", &write("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0")?)?;
    page.wait_message("fault", &["picture.txt cannot be opened: it is a PNG picture"])?;
    // Too short to be learnt from, it is routed instead.
    page.choose_file("lab-file", &write("one.txt", b"a")?)?;
    page.wait_message("notice", &["one.txt holds 1 byte", "at least 2,000", "routed here instead"])?;
    page.click("screen-train")?;
    page.wait_for(
        "the screen again",
        "return document.querySelector('[data-testid=lab-file]')?.checkVisibility() === true",
        &[],
    )?;
    page.choose_file("lab-import", &write("not.zip", b"hello")?)?;
    page.wait_message("fault", &["not.zip", "a text and not a ZIP archive"])?;
    page.choose_file("lab-import", &write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0")?)?;
    page.wait_message("fault", &["picture.png", "a PNG picture"])?;
    // A file of which something is wrong takes the place of the one before.
    assert_eq!(page.texts("fault")?.len(), 1, "{:?}", page.texts("fault")?);

    // A large file costs no more than its beginning.
    let line = b"Every token has its way, and every way has its token. ".repeat(20_000);
    page.choose_file("lab-file", &write("large.txt", &line.repeat(100))?)?;
    page.wait_message("notice", &["large.txt", "108.0 MB", "2.1 MB"])?;

    for (name, value) in [("experts", "64"), ("width", "512"), ("layers", "8"), ("inner", "2048")] {
        set(&page, name, value)?;
    }
    page.wait_for(
        "the estimate",
        "return [...document.querySelectorAll('[data-testid=lab-error]')].some((e) => e.textContent.includes('MB'))",
        &[],
    )?;
    set(&page, "width", "17")?;
    page.wait_for(
        "what is wrong",
        "return [...document.querySelectorAll('[data-testid=lab-error]')].some((e) => e.textContent.includes('multiple of 16'))",
        &[],
    )?;
    expect_clean_console(&page, &[])
}

/// Also one whose control the method hides: it comes back for as long as it is wrong.
#[test]
fn a_setting_of_a_link_that_cannot_be_is_marked_and_mended() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "screen=train&run=preset~collapse_k~0")?;
    let marked = "const field = document.querySelector('[data-testid=lab-k]'), start = document.querySelector('[data-testid=lab-begin]');
        return field?.ariaInvalid === 'true' && document.getElementById(field.getAttribute('aria-describedby')).textContent.includes('so k is not 0')
            && start?.disabled && document.querySelector('[data-testid=lab-welcome] [role=status]').textContent.includes('so k is not 0')";
    page.wait_for("the mark and the reason", marked, &[])?;
    page.click("lab-mend-k")?;
    let mended = "return document.querySelector('[data-testid=lab-begin]')?.disabled === false
        && document.querySelector('[data-testid=lab-k], [data-testid=lab-error]') == null";
    page.wait_for("a run that can begin", mended, &[])?;
    expect_clean_console(&page, &[])
}

/// A trained model is shown by the explorer like any other.
#[test]
fn the_model_opens_in_the_explorer() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SMALL)?;
    begin(&page)?;
    wait_steps(&page, 5)?;
    paused(&page)?;
    page.click("lab-explore")?;
    page.wait_for(
        "its trace",
        "const trace = window.moescope.trace(); return trace != null && JSON.parse(trace).model.hidden === 16",
        &[],
    )?;
    Ok(())
}
