//! A visit: the page comes, text is typed, panels follow each other.

use crate::{Done, SHORT, expect_clean_console, expect_same_routing};
use browser_tests::{Browser, Options, Page, Shown, Site};
use serde_json::json;

#[test]
fn a_first_visit_ends_in_a_live_trace_and_asks_nobody_else() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    let trace = page.wait_ready()?;
    assert!(!trace.is_empty() && trace.device.is_some(), "the first live trace is of the recording's text");
    let hosts = page.script(
        "return [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]",
        &[],
    )?;
    assert_eq!(hosts, json!([site.url().trim_end_matches("/some/where/")]));
    Shown::read(&page)?.compare(&trace)?;
    let why = page.texts("device-why")?.concat();
    assert!(why.contains("CPU") && why.contains("WebGPU"), "without a GPU the page says so: {why}");
    expect_clean_console(&page, &[])
}

#[test]
fn typing_routes_what_was_typed_and_the_inspector_shows_the_trace() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let before = page.wait_ready()?;
    page.type_keys(" and adds 17")?;
    let text = format!("{} and adds 17", before.text);
    let trace = page.wait_text(&text)?;
    assert!(trace.len() > before.len());
    assert_eq!(trace.tokens.last().map(|token| token.end), Some(text.len()));
    for layer in 0..trace.model.layers {
        page.click(&format!("layer-{}", layer + 1))?;
        let selected =
            format!("return document.querySelector('[data-testid=layer-{}]').ariaPressed === 'true'", layer + 1);
        page.wait_for("the layer", &selected, &[])?;
        let shown = Shown::read(&page)?;
        assert_eq!(shown.place.1, layer);
        shown.compare(&trace)?;
    }
    expect_clean_console(&page, &[])
}

#[test]
fn the_table_shows_every_choice_and_selects_for_all_panels() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=table&{SHORT}"))?;
    let trace = page.wait_ready()?;
    let (last, middle) = (trace.len() - 1, trace.len() / 2);
    for (token, layer) in [(last, 0), (middle, trace.model.layers - 1), (0, 1)] {
        page.click(&format!("cell-{}-{}", token + 1, layer + 1))?;
        let place = format!(
            "return document.querySelector('[data-testid=selected-place]').textContent.startsWith('token {} of')
               && document.querySelector('.layer-tabs [aria-pressed=true]').textContent === '{}'",
            token + 1,
            layer + 1
        );
        page.wait_for("the cell's place in the inspector", &place, &[])?;
        Shown::read(&page)?.compare(&trace)?;
        let cell = page.texts(&format!("cell-{}-{}", token + 1, layer + 1))?.concat();
        for (expert, weight) in
            trace.layers[layer].experts.row(token).iter().zip(trace.layers[layer].weights(token).unwrap_or_default())
        {
            assert!(cell.contains(&format!("E{} {weight:.2}", expert + 1)), "{cell} lacks E{}", expert + 1);
        }
    }
    expect_clean_console(&page, &[])
}

#[test]
fn the_address_restores_the_screen() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("layer=2&token=4&theme=dark&{SHORT}"))?;
    let trace = page.wait_ready()?;
    let shown = Shown::read(&page)?;
    assert_eq!(shown.place, (3, 1));
    shown.compare(&trace)?;
    page.type_keys(" more")?;
    let longer = page.wait_text(&format!("{} more", trace.text))?;
    page.click("layer-1")?;
    let address = page.wait_for(
        "the address to follow",
        "const words = location.hash; return words.includes('more') && !words.includes('layer=') ? words.slice(1) : false;",
        &[],
    )?;
    let shown = Shown::read(&page)?;
    let again = Page::open(&browser, &site.url(), address.as_str().unwrap_or_default())?;
    again.wait_ready()?;
    let restored = again.wait_text(&longer.text)?;
    expect_same_routing(&restored, &longer, 1e-5)?;
    let restored_shown = Shown::read(&again)?;
    assert_eq!(restored_shown.place, shown.place);
    restored_shown.compare(&restored)?;
    expect_clean_console(&again, &[])
}

#[test]
fn every_control_has_a_name() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    let nameless = page.script(
        "return [...document.querySelectorAll('button, input, select, textarea, [role=application]')]
           .filter((e) => !(e.ariaLabel || e.title || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)",
        &[],
    )?;
    assert_eq!(nameless, json!([]));
    Ok(())
}
