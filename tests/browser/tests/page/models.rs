//! Other models: chosen, linked to, missing; and what the method view says of them.

use crate::{Done, SHORT, expect_clean_console, expect_same_routing};
use browser_tests::{Browser, Options, Page, Result, Shown, Site};
use moescope::trace::Trace;
use serde_json::Value;

/// What the browser itself writes for a file that is missing.
const MISSING: &[&str] = &["Failed to load resource"];
/// Long enough that a capacity is reached: more than a group of 256 tokens, most of them the same.
const SAME: &str = "0 ";

/// Waits until the trace on the screen is of a model.
fn wait_model(page: &Page<'_>, name: &str) -> Result<Trace> {
    let body = "const trace = window.moescope?.trace(); return trace != null && JSON.parse(trace).model.name === arguments[0];";
    page.wait_for(&format!("a trace of {name}"), body, &[Value::from(name)])?;
    page.trace()
}

/// Chooses a model from the list.
fn choose(page: &Page<'_>, name: &str) -> Result<Trace> {
    page.click("model")?;
    page.click(&format!("model-{name}"))?;
    wait_model(page, name)
}

/// The rows of the method's table, cell by cell.
fn method_table(page: &Page<'_>) -> Result<Vec<Vec<String>>> {
    let body = "const rows = [...document.querySelectorAll('[data-testid=method-table] tbody tr')];
        return rows.length > 0 && rows.map((row) => [...row.cells].map((cell) => cell.textContent));";
    let rows = page.wait_for("the method's table", body, &[])?;
    serde_json::from_value(rows).map_err(|error| error.to_string())
}

#[test]
fn queues_capacity_and_drops_are_those_of_the_exported_trace() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    choose(&page, "switch")?;
    let text = SAME.repeat(220);
    page.click("view-method")?;
    page.wait_for("the method", "return document.querySelector('[data-testid=method-title]') != null", &[])?;
    // On a short text nobody queues; the way to one on which some do is a button.
    page.click("load-long")?;
    let full =
        "return JSON.parse(window.moescope.trace()).layers.some((layer) => layer.dropped.flat().includes(true));";
    page.wait_for("a text on which experts are full", full, &[])?;
    page.set_text(&text)?;
    let trace = page.wait_text(&text)?;
    assert_eq!((trace.model.name.as_str(), trace.model.router.as_str()), ("switch", "switch"));
    for (number, layer) in trace.layers.iter().enumerate() {
        page.click(&format!("layer-{}", number + 1))?;
        page.wait_for(
            "the layer's queues",
            &format!(
                "return document.querySelector('[data-testid=method-title]')?.textContent.includes('layer {},')",
                number + 1
            ),
            &[],
        )?;
        let capacity = layer.capacity.ok_or("the trace has no capacity")?;
        let group = trace.model.constants.group.ok_or("the trace has no group")?;
        let place = page.texts("selected-place")?.concat();
        let token = place.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).ok_or(place)? - 1;
        let (first, last) = (token / group * group, (token / group * group + group).min(trace.len()));
        let mut expected = vec![(0, 0); trace.model.experts];
        for t in first..last {
            let entry = &mut expected[usize::from(layer.experts.row(t)[0])];
            if layer.is_dropped(t, 0) { entry.1 += 1 } else { entry.0 += 1 }
        }
        assert!(expected.iter().all(|&(taken, out)| taken <= capacity && (out == 0 || taken == capacity)));
        for (row, (taken, out)) in method_table(&page)?.iter().zip(expected) {
            assert_eq!(row[1], format!("{taken} of {capacity}"), "{row:?}");
            assert_eq!(row[3].split(", ").filter(|word| !word.is_empty()).count(), out, "{row:?}");
        }
    }
    let dropped =
        trace.layers.iter().map(|layer| (0..trace.len()).map(|t| layer.drops(t)).sum::<usize>()).sum::<usize>();
    assert!(dropped > 0, "so many equal tokens find their expert full");
    expect_clean_console(&page, &[])
}

#[test]
fn a_dense_model_has_one_network_and_no_gate() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=method&{SHORT}"))?;
    page.wait_ready()?;
    let trace = choose(&page, "dense-active")?;
    assert_eq!((trace.model.experts, trace.model.top_k), (1, 1));
    assert!(page.texts("method-none")?.concat().contains("no token has a choice"));
    let both = "return document.querySelectorAll('[data-testid=dense-dense-active] svg, [data-testid=dense-shazeer] svg').length === 2;";
    page.wait_for("the dense block beside a sparse one", both, &[])?;
    assert!(page.texts("method-steps")?.concat().contains("no gate"));
    for view in ["view-flow", "view-table", "view-method"] {
        page.click(view)?;
    }
    Shown::read(&page)?.compare(&trace)?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_hash_sends_the_same_token_to_the_same_expert() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(
        &browser,
        &site.url(),
        "model=hash-balanced&view=method&text=a%20cat%20and%20a%20cat%20and%20a%20cat",
    )?;
    let trace = wait_model(&page, "hash-balanced")?;
    assert_eq!(trace.model.constants.hash.as_deref(), Some("balanced"));
    for layer in &trace.layers {
        for (a, token) in trace.tokens.iter().enumerate() {
            for (b, _) in trace.tokens.iter().enumerate().filter(|(_, other)| other.id == token.id) {
                assert_eq!(layer.experts.row(a), layer.experts.row(b), "one table");
            }
        }
    }
    // The counts of all buckets are the tokens of the text.
    let counts = method_table(&page)?.iter().map(|row| row[1].parse::<usize>().unwrap_or(0)).sum::<usize>();
    assert_eq!(counts, trace.len());
    expect_clean_console(&page, &[])
}

#[test]
fn a_link_opens_its_model_and_the_back_button_the_one_before() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("model=switch&{SHORT}"))?;
    let trace = wait_model(&page, "switch")?;
    Shown::read(&page)?.compare(&trace)?;
    let other = choose(&page, "deepseek")?;
    assert_eq!((other.text.as_str(), other.model.constants.shared), (trace.text.as_str(), 1));
    page.wait_for("the address to follow", "return location.hash.includes('model=deepseek')", &[])?;
    page.script("history.back()", &[])?;
    wait_model(&page, "switch")?;
    expect_clean_console(&page, &[])
}

#[test]
fn a_model_that_is_missing_leaves_the_one_in_use() -> Done {
    let site = Site::with(&[("assets/models/switch/model.safetensors", None)])?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), SHORT)?;
    let before = page.wait_ready()?;
    page.click("model")?;
    page.click("model-switch")?;
    page.wait_message("fault", &["switch could not be opened", "404", "mixtral stays in use"])?;
    expect_same_routing(&page.trace()?, &before, 1e-5)?;
    page.type_keys(" still")?;
    let after = page.wait_text(&format!("{} still", before.text))?;
    assert_eq!(after.model.name, "mixtral");
    page.wait_for("the address to follow", "return !location.hash.includes('model=')", &[])?;
    expect_clean_console(&page, MISSING)
}

#[test]
fn a_link_to_a_model_that_is_not_there_opens_the_first_one() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("model=abacus&{SHORT}"))?;
    page.wait_message("fault", &["abacus could not be opened", "mixtral is opened instead"])?;
    let trace = page.wait_ready()?;
    assert_eq!(trace.model.name, "mixtral");
    expect_clean_console(&page, MISSING)
}

/// Says the domain, and back: every layer takes the block that the shown policy gives, and the link keeps what was said.
#[test]
fn a_domain_that_is_said_picks_the_blocks() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let link = format!("model=routing-networks&view=method&device=cpu&{SHORT}");
    let page = Page::open(&browser, &site.url(), &link)?;
    let unsaid = wait_model(&page, "routing-networks")?;
    assert_eq!(unsaid.model.task, None);
    let domains = unsaid.layers[0].extra.rows();
    let say = "const select = document.querySelector('[data-testid=domain]'); select.value = arguments[0];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    let task = "return JSON.parse(window.moescope.trace()).model.task === arguments[0];";
    for domain in [0, domains - 1] {
        page.script(say, &[Value::from(domain.to_string())])?;
        page.wait_for("the domain's route", task, &[Value::from(domain)])?;
        for layer in &page.trace()?.layers {
            let policy = layer.extra.row(domain);
            let block = usize::from(layer.experts.row(0)[0]);
            assert!(policy.iter().all(|&p| p <= policy[block] + 1e-6), "block {block} of {policy:?}");
        }
        let here = "return [...document.querySelectorAll('[data-testid=method-table] tbody tr')]
            .map((row) => row.cells[0].textContent.includes('used here')).indexOf(true) === arguments[0];";
        page.wait_for("the row that is used", here, &[Value::from(domain)])?;
        let kept = format!("return location.hash.includes('domain={}');", domain + 1);
        page.wait_for("the link", &kept, &[])?;
    }
    page.script(say, &[Value::from("")])?;
    page.wait_for("the mean of all", task, &[Value::Null])?;
    assert_eq!(page.trace()?.layers, unsaid.layers);
    expect_clean_console(&page, &[])
}

#[test]
fn a_balanced_assignment_is_shown_but_never_generated_with() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("model=base&view=method&device=cpu&tokens=4&{SHORT}"))?;
    let causal = wait_model(&page, "base")?;
    assert!(!causal.model.looks_ahead);
    page.click("ahead")?;
    page.wait_for("the published form", "return JSON.parse(window.moescope.trace()).model.looks_ahead", &[])?;
    let published = page.trace()?;
    for layer in &published.layers {
        let mut loads = vec![0_usize; published.model.experts];
        layer.experts.iter().for_each(|row| loads[usize::from(row[0])] += 1);
        let (least, most) = (loads.iter().min(), loads.iter().max());
        assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "balanced: {loads:?}");
    }
    // A row for each token with its scores h·w, and at the end the counts.
    let table = method_table(&page)?;
    assert_eq!(table.len(), published.len() + 2);
    for (row, scores) in table.iter().zip(published.layers[0].logits.iter().flat_map(|logits| logits.iter())) {
        let printed = row[1..].iter().map(|cell| cell.split(' ').next().unwrap_or_default().to_owned());
        let recorded = scores.iter().map(|score| format!("{score:.2}").replace('-', "−"));
        assert_eq!(printed.collect::<Vec<_>>(), recorded.collect::<Vec<_>>());
    }
    page.click("generate")?;
    page.wait_for(
        "four more tokens",
        &format!("return JSON.parse(window.moescope.trace()).tokens.length >= {}", published.len() + 4),
        &[],
    )?;
    assert!(!page.trace()?.model.looks_ahead, "generation goes left to right");
    expect_clean_console(&page, &[])
}

#[test]
fn biases_that_balance_are_those_of_the_exported_trace() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let fragment = format!("model=deepseek&view=method&layer=2&token=3&device=cpu&{SHORT}");
    let page = Page::open(&browser, &site.url(), &fragment)?;
    let trace = wait_model(&page, "deepseek")?;
    page.wait_for("the table", "return document.querySelector('[data-testid=method-table]') != null", &[])?;
    let bias = trace.layers[1].extra.row(0);
    let scores = trace.layers[1].scores(2).ok_or("the scores were not recorded")?;
    assert!(bias.len() == trace.model.experts && bias.iter().any(|&b| b.abs() > 5e-4), "nothing to compare: {bias:?}");
    let rows = method_table(&page)?;
    let own: Vec<_> = rows.iter().filter(|row| row[0].starts_with('E')).collect();
    assert_eq!(own.len(), bias.len());
    let near = |cell: &str, value: f32| {
        let printed = cell.split(' ').next().unwrap_or_default().replace('−', "-").parse::<f32>();
        printed.is_ok_and(|printed| (printed - value).abs() < 6e-4)
    };
    for (e, row) in own.into_iter().enumerate() {
        let expected = [scores[e], bias[e], scores[e] + bias[e]];
        assert!(row[1..4].iter().zip(expected).all(|(cell, value)| near(cell, value)), "{row:?}, not {expected:?}");
    }
    expect_clean_console(&page, &[])
}

#[test]
fn a_chosen_model_is_kept_for_use_without_a_network() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), SHORT)?;
    page.wait_ready()?;
    choose(&page, "switch")?;
    page.wait_for(
        "copies of the chosen model",
        "return (async () => {
           let kept = [];
           for (const name of await caches.keys()) kept.push(...(await (await caches.open(name)).keys()).map((r) => r.url));
           return ['switch/model.safetensors', 'switch/config.json', 'engine_cpu_bg.wasm', 'models/index.json'].every((f) => kept.some((u) => u.split('?')[0].endsWith(f)));
         })()",
        &[],
    )?;
    site.go_down();
    let page = Page::open(&browser, &site.url(), "model=switch&text=after")?;
    let trace = wait_model(&page, "switch")?;
    assert_eq!(trace.text, "after");
    Ok(())
}

/// gpt-oss' row is the k largest of scores and bias, and softmax over those, computed here from the exported trace.
#[test]
fn a_bias_of_the_visitors_counts_in_choice_and_weight() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), &format!("view=method&layer=2&token=3&device=cpu&{SHORT}"))?;
    let trace = page.wait_ready()?;
    page.wait_for("the switch", "return document.querySelector('[data-testid=bias-on]') != null", &[])?;
    page.click("bias-on")?;
    let body = "const number = (cell) => cell.textContent === '–' ? 0 : Number(cell.textContent);
        const row = document.querySelector('[data-testid=convention-gpt-oss]'), list = document.querySelector('[data-testid=bias-expert]');
        const heads = [...row.closest('table').querySelectorAll('thead th')].slice(1, -1).map((cell) => cell.textContent);
        return list != null && [heads, [...row.cells].slice(1, -1).map(number), Number(list.value), Number(document.querySelector('[data-testid=bias-value]').textContent)];";
    let shown = page.wait_for("the bias", body, &[])?;
    let (heads, cells, own, bias): (Vec<String>, Vec<f64>, usize, f64) =
        serde_json::from_value(shown).map_err(|error| error.to_string())?;
    let mut scores: Vec<f64> =
        trace.layers[1].logits(2).unwrap_or_default().iter().map(|&score| f64::from(score)).collect();
    scores[own] += bias;
    let mut best: Vec<usize> = (0..scores.len()).collect();
    best.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    best.truncate(trace.model.top_k);
    assert!(bias > 0.0 && best.contains(&own), "b = {bias} of expert {own} is enough: {scores:?}");
    let sum: f64 = best.iter().map(|&e| scores[e].exp()).sum();
    for (head, cell) in heads.iter().zip(cells) {
        let e = head[1..].parse::<usize>().map_err(|error| error.to_string())? - 1;
        let weight = if best.contains(&e) { scores[e].exp() / sum } else { 0.0 };
        assert!((weight - cell).abs() < 2e-3, "{head}: {cell}, by hand {weight}");
    }
    assert!(best.iter().all(|e| heads.contains(&format!("E{}", e + 1))), "{heads:?}");
    expect_clean_console(&page, &[])
}
