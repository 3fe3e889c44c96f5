//! What is saved can be opened again, and what is no trace cannot.

use crate::{Done, SHORT, expect_clean_console};
use browser_tests::{Browser, Options, Page, Shown, Site};
use moescope::trace::from_json;
use std::fs;
use std::path::Path;

fn read(path: &Path) -> browser_tests::Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[test]
fn a_saved_trace_opens_again_and_looks_the_same() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=table&{SHORT}"))?;
    let trace = page.wait_ready()?;
    page.click("cell-3-2")?;
    let shown = Shown::read(&page)?;
    let json = page.download("save-json", "moescope-trace.json")?;
    let picture = read(&page.download("save-svg", "moescope-flow.svg")?)?;
    assert!(from_json(&read(&json)?).map_err(|error| error.to_string())? == trace, "what is saved is what is shown");
    let kept = browser.downloads.join("kept.json");
    fs::rename(&json, &kept).map_err(|error| error.to_string())?;

    let page = Page::open(&browser, &site.url(), "view=table&text=something%20else%20of%20some%20length")?;
    page.wait_ready()?;
    page.choose_file("open", &kept)?;
    assert!(page.wait_text(&trace.text)? == trace, "what is opened is what was saved");
    page.click("cell-3-2")?;
    assert_eq!(Shown::read(&page)?, shown);
    assert!(read(&page.download("save-svg", "moescope-flow.svg")?)? == picture, "the picture is the same");
    expect_clean_console(&page, &[])
}

#[test]
fn the_table_has_a_line_for_every_choice() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "text=plain%20words%20only")?;
    let trace = page.wait_ready()?;
    let table = read(&page.download("save-csv", "moescope-trace.csv")?)?;
    assert_eq!(table.trim_end().lines().count(), 1 + trace.len() * trace.model.layers * trace.model.top_k);
    let png = fs::read(page.download("save-png", "moescope-flow.png")?).map_err(|error| error.to_string())?;
    assert_eq!(png.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]));
    expect_clean_console(&page, &[])
}

#[test]
fn a_file_that_is_no_trace_is_refused_with_the_reason() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let trace = page.wait_ready()?;
    let json = read(&page.download("save-json", "moescope-trace.json")?)?;
    let truncated = json.get(..json.len() / 2).unwrap_or_default().to_owned();
    let other = json.replace("moescope.trace/1", "something.else/9");
    let files = [
        ("empty.json", String::new()),
        ("list.json", "[1, 2]".into()),
        ("half.json", truncated),
        ("other.json", other),
    ];
    for (name, content) in files {
        let file = browser.downloads.join(name);
        fs::write(&file, content).map_err(|error| error.to_string())?;
        page.choose_file("open", &file)?;
        page.wait_message("fault", &[name, "not a trace"])?;
        assert!(page.trace()? == trace, "what was on the screen stays");
    }
    expect_clean_console(&page, &[])
}
