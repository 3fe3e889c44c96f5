//! Where things lie: nothing moves when something is said, everything can be reached and read at every size, on paper too.

use crate::Done;
use browser_tests::{Browser, Options, Page, Result, Site};
use moescope::trace::{
    Computed, Constants, LayerInfo, LayerTrace, Matrix, ModelInfo, SCHEMA, Token, Trace, conventions::Convention,
    to_json,
};
use serde_json::{Value, json};
use std::fs;

/// Functions for what follows: whether something is seen, and where.
const SEEN: &str = "const at = (id) => { const e = document.querySelector(`[data-testid=\"${id}\"]`);
    if (!e || !e.checkVisibility({ visibilityProperty: true })) return null; const r = e.getBoundingClientRect();
    return r.width && r.height ? [r.left, r.top, r.right, r.bottom].map(Math.round) : null; };
  const apart = (a, b) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
  const inside = (a) => a && a[0] >= 0 && a[1] >= 0 && a[2] <= innerWidth && a[3] <= innerHeight;";

fn seen(page: &Page<'_>, body: &str) -> Result<Value> {
    page.script(&format!("{SEEN} {body}"), &[])
}

fn wait(page: &Page<'_>, what: &str, body: &str) -> Result<Value> {
    page.wait_for(what, &format!("{SEEN} {body}"), &[])
}

/// A trace as Mixtral routes, of any shape: made up, but with scores and weights that follow from its logits. `collapsed`, every
/// token goes to the first two experts.
fn made(layers: usize, experts: usize, top_k: usize, collapsed: bool) -> Result<Trace> {
    let words: Vec<String> = (0..40).map(|n| format!(" word{n}")).collect();
    let mut text = String::new();
    let tokens = words.iter().enumerate().map(|(id, word)| {
        let start = text.len();
        text.push_str(word);
        Token { id: id as u32, text: word.clone(), start, end: text.len() }
    });
    let tokens: Vec<Token> = tokens.collect();
    let liked = |e: usize| if collapsed && e < 2 { 9.0 } else { 0.0 };
    let logit = |l: usize, t: usize, e: usize| {
        ((l * 31 + t * 17 + e * 53) % 97) as f32 / 24.0 + (e % 5) as f32 / 10.0 + liked(e)
    };
    let layer = |block: usize| -> Result<LayerTrace> {
        let (mut logits, mut probs, mut ids, mut weights) = (vec![], vec![], vec![], vec![]);
        for t in 0..tokens.len() {
            let row: Vec<f32> = (0..experts).map(|e| logit(block, t, e)).collect();
            let sum: f32 = row.iter().map(|s| s.exp()).sum();
            let p: Vec<f32> = row.iter().map(|s| s.exp() / sum).collect();
            let mut order: Vec<usize> = (0..experts).collect();
            order.sort_by(|&a, &b| row[b].total_cmp(&row[a]).then(a.cmp(&b)));
            order.truncate(top_k);
            let kept: f32 = order.iter().map(|&e| p[e]).sum();
            weights.extend(order.iter().map(|&e| p[e] / kept));
            ids.extend(order.iter().map(|&e| e as u16));
            logits.extend(row);
            probs.extend(p);
        }
        let choices = ids.len();
        let matrix = |cols, data| Matrix::new(cols, data).ok_or_else(|| "a matrix has ragged rows".to_owned());
        Ok(LayerTrace {
            block,
            info: LayerInfo { method: None, experts, top_k },
            logits: Some(matrix(experts, logits)?),
            probs: Some(matrix(experts, probs)?),
            experts: Matrix::new(top_k, ids).ok_or("ragged choices")?,
            weights: Some(matrix(top_k, weights)?),
            dropped: Matrix::new(top_k, vec![false; choices]),
            capacity: None,
            extra: Matrix::default(),
            attention: None,
            counts: None,
        })
    };
    let all = (0..layers).map(layer).collect::<Result<Vec<_>>>()?;
    let model = ModelInfo {
        name: format!("made {layers}x{experts}"),
        router: "mixtral".to_owned(),
        layers,
        experts,
        top_k,
        hidden: Some(64),
        blocks: None,
        convention: Convention::Mixtral.words().to_owned(),
        computed: Computed::Sparse,
        looks_ahead: false,
        task: None,
        checkpoint: None,
        constants: Constants::default(),
    };
    let trace = Trace {
        schema: SCHEMA.to_owned(),
        model,
        text,
        tokens,
        layers: all,
        next: vec![],
        predictions: vec![],
        losses: vec![],
        device: None,
        build: None,
        sampling: None,
        interventions: Vec::new(),
    };
    trace.check().map_err(|error| error.to_string())?;
    Ok(trace)
}

/// Where picture, text, balance and a phone's sheet lie; what is scrolled to inside the sheet does not move in it.
const STILL: &str = "const sheet = document.querySelector('[data-testid=sheet]'), balance = at('balance-panel');
    if (balance) { balance[1] += sheet.scrollTop; balance[3] += sheet.scrollTop; }
    return JSON.stringify([at('flow'), at('text-panel'), at('sheet'), balance]);";

/// Whether the docks lie off the picture.
const OFF: &str = "return apart(at('docks'), at('flow'))";

/// Whether what the tour tells of is seen, and the docks lie off that.
const TOLD: &str = "const on = document.querySelector('.tour-on'), r = on.getBoundingClientRect(), sheet = at('sheet') && on.closest('.sheet') ? at('sheet') : [0, 0, innerWidth, innerHeight];
    const part = [Math.max(r.left, sheet[0]), Math.max(r.top, sheet[1]), Math.min(r.right, sheet[2]), Math.min(r.bottom, sheet[3])].map(Math.round);
    return part[3] - part[1] >= Math.min(60, Math.floor(r.height)) && apart(at('docks'), part)";

/// Whether what the tour tells of begins in sight, with much of it or all above the tour: parts of Compare are higher than a phone.
const BEGINS: &str = "const r = document.querySelector('.tour-on').getBoundingClientRect(), pane = document.querySelector('.compare').getBoundingClientRect();
    return r.top >= pane.top && Math.min(r.bottom, at('docks')[1]) - r.top >= Math.min(r.height, 300)";

#[test]
fn notices_keys_tour_and_glossary_move_nothing() -> Done {
    let site = Site::whole()?;
    for size in [(1440, 900), (390, 844)] {
        let browser = Browser::start(Options { size, ..Options::default() })?;
        // A browser without a screen does not let a page copy.
        browser.before_pages(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => undefined } })",
        )?;
        browser.emulate("", &[("prefers-reduced-motion", "reduce")])?;
        let page = Page::open(&browser, &site.url(), "text=Lighthouse%20keepers%20count%20gulls")?;
        page.wait_ready()?;
        let phone = size.0 < 760;
        let docked = ["notice", "help-panel", "tour"].map(|id| format!("!!at('{id}')")).join(" + ");
        if seen(&page, "return !!at('tour')")? == Value::Bool(true) {
            page.click("tour-close")?;
        }
        wait(&page, "nothing docked", &format!("return ({docked}) === 0"))?;
        let before = seen(&page, STILL)?;
        let check = |what: &str, free: &str| -> Done {
            assert_eq!(seen(&page, STILL)?, before, "{what} moves something at {size:?}");
            let count = seen(&page, &format!("return {docked}"))?;
            assert_eq!(count, json!(1), "{what} at {size:?}: one thing at a time");
            assert_eq!(seen(&page, free)?, Value::Bool(true), "{what} at {size:?} lies over what is needed");
            let whole = "const a = at('docks'), tour = at('tour'); return inside(a) && (!tour || tour[1] >= a[1] && tour[3] <= a[3])";
            assert_eq!(seen(&page, whole)?, Value::Bool(true), "{what} at {size:?} is cut");
            Ok(())
        };
        page.script("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))", &[])?;
        wait(&page, "the keys", "return at('help-panel')")?;
        check("the list of keys", OFF)?;
        page.click(if phone { "more-tour" } else { "tour-start" })?;
        wait(&page, "the tour", "return at('tour')")?;
        for step in 0..6 {
            check(&format!("step {step} of the tour"), TOLD)?;
            page.click("tour-next")?;
            page.script("return new Promise((done) => setTimeout(done, 60))", &[])?;
        }
        wait(&page, "the end of the tour", "return !at('tour')")?;
        page.click(if phone { "more-share" } else { "share" })?;
        wait(&page, "the notice", "return at('notice')")?;
        check("a notice", OFF)?;
        page.wait_for("it goes by itself", &format!("{SEEN} return !at('notice')"), &[])?;
        page.script("document.querySelector('.meanings summary').click()", &[])?;
        assert_eq!(seen(&page, STILL)?, before, "the glossary moves something at {size:?}");
        let open = "const r = document.querySelector('.meanings dl').getBoundingClientRect();
            return r.height > 60 && apart([r.left, r.top, r.right, r.bottom], at('flow'))";
        assert_eq!(seen(&page, open)?, Value::Bool(true), "the glossary is off the picture at {size:?}");
    }
    Ok(())
}

#[test]
fn sixteen_layers_of_sixty_four_experts_can_be_read() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options::default())?;
    let file = browser.downloads.join("made.json");
    let page = Page::open(&browser, &site.url(), "text=%20")?;
    page.wait_for("the way to open a file", "return document.querySelector('[data-testid=open]')", &[])?;
    for (layers, experts, k, collapsed) in
        [(16, 64, 8, false), (4, 64, 2, true), (12, 48, 2, false), (2, 4, 2, false), (8, 8, 2, false), (5, 8, 2, false)]
    {
        let trace = made(layers, experts, k, collapsed)?;
        fs::write(&file, to_json(&trace).map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
        page.choose_file("open", &file)?;
        // All have the same text: by their shapes they are told apart.
        let there = "return JSON.parse(window.moescope.trace()).model.name === arguments[0] && document.querySelectorAll('.loads-title').length === arguments[1]";
        page.wait_for("the trace", there, &[json!(trace.model.name), json!(layers)])?;
        for width in [1440, 1024] {
            browser.resize((width, 900))?;
            // The layers' control lies in the inspector, and each of its words in its own place.
            let fits = "const pane = at('inspector'); const all = [...document.querySelectorAll('.layer-tabs button, .layer-tabs select')]
                .map((e) => e.getBoundingClientRect());
              const chip = document.querySelector('.subject .chip-token'), end = chip.getBoundingClientRect().right;
              return all.length > 0 && chip.scrollWidth <= chip.clientWidth
                && all.every((r) => r.width >= 20 && r.left >= Math.max(pane[0], end) && r.right <= pane[2] + 0.5)";
            wait(&page, "the layers' control in its panel", fits)?;
            let links =
                "return [...document.querySelectorAll('.scores > .link')].map((e) => e.getBoundingClientRect().height)";
            let heights: Vec<f64> = serde_json::from_value(seen(&page, links)?).map_err(|error| error.to_string())?;
            assert!(
                heights.len() == usize::from(experts > 8) && heights.iter().all(|&high| high >= 24.0),
                "{heights:?}"
            );
            let titles = "const all = [...document.querySelectorAll('.loads-title')].map((e) => {
                const range = document.createRange(); range.selectNodeContents(e); const r = range.getBoundingClientRect();
                return [r.left, r.top, r.right, r.bottom]; });
              return all.length === arguments[0] && all.every((a, i) => all.slice(0, i).every((b) => apart(a, b)) && (arguments[1] || a[2] <= at('balance-panel')[2]));";
            page.wait_for(
                &format!("titles of {layers} layers at {width}"),
                &format!("{SEEN} {titles}"),
                // Of five to eight layers the strip scrolls sideways.
                &[json!(layers), json!((5..=8).contains(&layers))],
            )?;
            // Nor do titles and numbers lie over each other, and the strip's edge stays free.
            let free = "const numbers = document.querySelector('.numbers'), edge = numbers.getBoundingClientRect();
              const parts = [...numbers.querySelectorAll('.numbers-title, .number dt, .number dd')].map((e) => e.getBoundingClientRect().right);
              return [...document.querySelectorAll('.loads-title')].every((e) => e.scrollWidth <= e.clientWidth) && Math.max(...parts) <= edge.right + 0.5";
            wait(&page, &format!("titles and numbers of {layers} x {experts} in their places at {width}"), free)?;
        }
        browser.resize((1440, 900))?;
        // The last layer is reached, and the names say which layer is meant.
        let last = format!("layer-{layers}");
        match layers > 4 {
            true => page.script("const list = document.querySelector('[data-testid=layer-list]'); list.value = arguments[0]; list.dispatchEvent(new Event('change', { bubbles: true }))", &[json!((layers - 1).to_string())]).map(drop)?,
            false => page.click(&last)?,
        }
        let name = format!("return document.querySelector('.score-name')?.textContent.startsWith('{layers}·E')");
        page.wait_for("names of the last layer", &name, &[])?;
    }
    Ok(())
}

#[test]
fn a_phone_has_everything_within_a_tap() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options { size: (390, 720), ..Options::default() })?;
    let page = Page::open(&browser, &site.url(), "screen=train")?;
    wait(&page, "the offers", "return at('offer-collapse') && at('lab-begin')")?;
    let offers = "const all = [...document.querySelectorAll('[data-testid^=offer-]')];
        return all.length >= 6 && all.every((e) => inside(at(e.dataset.testid))) && inside(at('lab-begin')) && inside(at('lab-bar'))";
    assert_eq!(seen(&page, offers)?, Value::Bool(true), "every preset and Start are in the window");
    page.click("offer-base")?;
    wait(
        &page,
        "the preset",
        "return document.querySelector('[data-testid=offer-base]').getAttribute('aria-pressed') === 'true' && !at('lab-settings')",
    )?;
    page.click("lab-begin")?;
    wait(&page, "the run", "return at('lab-plots') && at('lab-ruler')")?;
    for screen in ["explore", "compare", "train"] {
        let place = format!("return inside(at('screen-{screen}'))");
        assert_eq!(seen(&page, &place)?, Value::Bool(true), "{screen} is one tap away");
    }
    page.click("screen-compare")?;
    wait(&page, "the results", "return at('results') && at('compare')")?;
    for section in ["curves", "results", "figure"] {
        page.click(&format!("to-{section}"))?;
        page.script("const pane = document.querySelector('[data-testid=compare]'); pane.scrollTop += 900", &[])?;
        let reach = "return ['compare-flows', 'figure', 'curves', 'results'].every((id) => { const a = at('to-' + id); return a && a[1] >= 0 && a[3] <= innerHeight / 2; })";
        assert_eq!(seen(&page, reach)?, Value::Bool(true), "below {section} the sections' buttons are in reach");
    }
    Ok(())
}

/// Before a run every beginning and a start, then the curves and the pause: in the window, which does not scroll.
#[test]
fn a_phone_held_either_way_starts_a_run_and_sees_it() -> Done {
    const SIZES: [(u32, u32); 8] =
        [(844, 390), (915, 412), (667, 375), (320, 568), (360, 640), (390, 664), (375, 667), (390, 844)];
    let (site, browser) = (Site::whole()?, Browser::start(Options { size: SIZES[0], ..Options::default() })?);
    browser.touch(true)?;
    let run = "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5";
    let page = Page::open(&browser, &site.url(), run)?;
    let still = "document.documentElement.scrollHeight <= innerHeight && scrollY === 0";
    for size in SIZES {
        browser.resize(size)?;
        let begins = format!(
            "const all = [...document.querySelectorAll('[data-testid^=offer-]')];
             return all.length >= 6 && all.every((e) => inside(at(e.dataset.testid))) && inside(at('lab-begin')) && inside(at('lab-start')) && !at('lab-settings') && {still}
                 && [...document.querySelectorAll('.docks')].every((e) => e.offsetHeight > 0 || getComputedStyle(e).boxShadow === 'none')"
        );
        wait(&page, &format!("presets and Start in a window of {size:?}"), &begins)?;
    }
    page.click("lab-begin")?;
    for size in SIZES {
        browser.resize(size)?;
        let seen = format!(
            "const bar = at('lab-bar'), curves = document.querySelector('.lab-frame')?.getBoundingClientRect();
             return at('lab-plots') && inside(at('lab-pause')) && inside(at('screen-explore')) && curves.top >= 0
                 && Math.min(curves.bottom, bar[1]) - curves.top >= 150 && {still}"
        );
        wait(&page, &format!("curves and Pause in a window of {size:?}"), &seen)?;
    }
    page.click("lab-pause")?;
    Ok(())
}

/// The tour of Compare, whose sections are as wide as the window.
#[test]
fn a_wide_windows_tour_of_compare_covers_nothing() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    browser.emulate("", &[("prefers-reduced-motion", "reduce")])?;
    let page = Page::open(&browser, &site.url(), "screen=compare&text=gulls")?;
    wait(&page, "the sections", "return at('claims') && at('difference')")?;
    page.click("tour-start")?;
    for step in 1..=6 {
        let off = "const on = document.querySelector('.tour-on'), pane = at('compare'), r = on?.getBoundingClientRect();
            return on && inside(at('tour')) && apart(at('docks'), pane) && r.top >= pane[1] && Math.min(r.bottom, pane[3]) - r.top >= Math.min(r.height, 300)
                && parseFloat(getComputedStyle(on, '::after').left) < 0";
        wait(&page, &format!("step {step} above the tour, its frame beside the letters"), off)?;
        page.click("tour-next")?;
    }
    wait(&page, "the end of the tour", "return !at('tour') && at('compare')[3] === innerHeight")?;
    Ok(())
}

/// On every screen, the first and the two that come with the rest of the page.
#[test]
fn a_phones_menu_leads_to_how_it_decides() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options { size: (390, 844), ..Options::default() })?;
    for (fragment, there) in
        [("text=gulls", "flow"), ("screen=compare&text=gulls", "compare-flows"), ("screen=train", "lab-begin")]
    {
        let page = Page::open(&browser, &site.url(), fragment)?;
        wait(&page, "the screen", &format!("return at('{there}')"))?;
        page.click("more")?;
        wait(&page, "the way there", "return inside(at('more-method'))")?;
        page.click("more-method")?;
        let shown = "const picture = at('method-picture'); return !at('more-method') && inside(at('method-title')) && picture && picture[0] >= 0";
        wait(&page, &format!("how it decides, from {fragment}"), shown)?;
        let pressed = "return document.querySelector('[data-testid=screen-explore]').ariaPressed";
        assert_eq!(page.script(pressed, &[])?, "true");
    }
    Ok(())
}

/// The tours of the screens that are made of parts below one another.
#[test]
fn a_phones_tours_lie_off_what_they_tell_of_and_end() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options { size: (390, 844), ..Options::default() })?;
    browser.emulate("", &[("prefers-reduced-motion", "reduce")])?;
    let run = "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5";
    for (fragment, there, started) in
        [("screen=compare&text=gulls", "claims", false), (run, "lab-begin", false), (run, "lab-begin", true)]
    {
        let page = Page::open(&browser, &site.url(), fragment)?;
        wait(&page, "the screen", &format!("return at('{there}')"))?;
        if started {
            page.click("lab-begin")?;
            wait(&page, "the run", "return at('lab-plots') && at('lab-numbers')")?;
            page.click("lab-pause")?;
            wait(&page, "the pause", "return at('lab-start')")?;
        }
        let off = if there == "claims" { BEGINS } else { TOLD };
        if there == "claims" {
            let drawn = "return document.querySelectorAll('.compare-flow canvas').length === document.querySelectorAll('.compare-flow').length && at('difference')";
            wait(&page, "the pictures, which push down what is below", drawn)?;
        }
        page.click("more")?;
        page.click("more-tour")?;
        for step in 1..=6 {
            let told = format!("step {step} of the tour of {fragment}, off what it tells of (a run: {started})");
            wait(
                &page,
                &told,
                &format!(
                    "const tour = at('tour'); if (!inside(tour) || !document.querySelector('.tour-on')) return false; {off}"
                ),
            )?;
            assert_eq!(seen(&page, "return inside(at('tour-next')) && inside(at('tour-close'))")?, Value::Bool(true));
            page.click("tour-next")?;
        }
        wait(&page, "the end of the tour", "return !at('tour') && !document.querySelector('.tour-on')")?;
    }
    Ok(())
}

#[test]
fn an_expert_that_is_clicked_shows_its_card() -> Done {
    let site = Site::whole()?;
    for size in [(1440, 900), (390, 844)] {
        let browser = Browser::start(Options { size, ..Options::default() })?;
        let page = Page::open(&browser, &site.url(), "text=Lighthouse%20keepers%20count%20gulls%20and%20go%20home")?;
        page.wait_ready()?;
        if seen(&page, "return !!at('tour')")? == Value::Bool(true) {
            page.click("tour-close")?;
        }
        page.script("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', { key: '3', bubbles: true }))", &[])?;
        let pane = if size.0 < 760 { "sheet" } else { "inspector" };
        let shown = format!(
            "const card = at('expert-card'), pane = at('{pane}'), head = document.querySelector('[data-testid=expert-card] h2').getBoundingClientRect();
             return head.top >= pane[1] && head.bottom <= pane[3] && (card[3] <= pane[3] + 1 || card[1] <= pane[1] + 1)"
        );
        wait(&page, "the card of the expert", &shown)?;
    }
    Ok(())
}

/// Panes whose content goes on beyond them without saying so.
const CUT: &str = "return [...document.querySelectorAll('.wide')].filter((wide) => {
    const pane = wide.lastElementChild, sign = wide.querySelector('.wide-sign');
    return wide.checkVisibility() && pane.scrollWidth > pane.clientWidth + 1 && !sign.checkVisibility(); }).map((wide) => wide.lastElementChild.ariaLabel)";

#[test]
fn tables_are_whole_or_say_that_they_scroll() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options::default())?;
    let page = Page::open(&browser, &site.url(), "screen=compare&view=table&text=Lighthouse%20keepers")?;
    wait(&page, "the tables", "return at('claims') && document.querySelectorAll('.wide').length > 3")?;
    for width in [1440, 1024] {
        browser.resize((width, 900))?;
        page.script(
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
            &[],
        )?;
        page.wait_for(
            "every cut table with its sign",
            &format!("{} .length === 0", CUT.replacen("return ", "return (", 1) + ")"),
            &[],
        )?;
    }
    // Not all are whole at this width, or nothing was tested; and at the end of its way a table says the other thing.
    let cut = "return [...document.querySelectorAll('.wide-right')].length";
    assert!(page.script(cut, &[])?.as_u64() > Some(0));
    page.script("const pane = document.querySelector('.wide-right > :last-child'); pane.dataset.moved = 1; pane.scrollLeft = 1e6", &[])?;
    wait(
        &page,
        "the other sign",
        "const wide = document.querySelector('[data-moved]').parentElement; return wide.matches('.wide-left:not(.wide-right)')",
    )?;
    Ok(())
}

#[test]
fn on_paper_nothing_is_cut_pale_or_a_button() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options { dark: true, ..Options::default() })?;
    for (fragment, whole) in [
        ("text=Lighthouse%20keepers%20count%20gulls", "return at('flow')"),
        ("view=method&text=Lighthouse%20keepers%20count%20gulls", "return at('method-picture')"),
        ("screen=compare&text=Lighthouse%20keepers", "return at('claims')"),
        ("screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5", "return at('lab-begin')"),
    ] {
        browser.emulate("", &[("prefers-color-scheme", "dark")])?;
        let page = Page::open(&browser, &site.url(), fragment)?;
        wait(&page, "the screen", whole)?;
        if fragment.starts_with("screen=train") {
            // Paper is as narrow as a phone, but nobody can choose on it.
            browser.resize((700, 900))?;
            browser.emulate("print", &[("prefers-color-scheme", "dark")])?;
            let presets =
                "return [...document.querySelectorAll('.lab-preset')].filter((e) => e.checkVisibility()).length";
            assert_eq!(page.script(presets, &[])?, json!(0), "presets on paper");
            browser.emulate("", &[("prefers-color-scheme", "dark")])?;
            browser.resize((1440, 900))?;
            page.click("lab-begin")?;
            wait(&page, "the run", "return at('lab-numbers') && document.querySelector('.lab-chip')")?;
            page.click("lab-pause")?;
            wait(&page, "the pause", "return at('lab-start')")?;
        }
        browser.emulate("print", &[("prefers-color-scheme", "dark")])?;
        // Read in the same turn, as the browser prints then: nothing may wait for a rendering.
        let read = |body: &str| {
            page.script(&format!("window.dispatchEvent(new Event('beforeprint')); const read = () => {{ {body} }}; const found = read(); window.dispatchEvent(new Event('afterprint')); return found"), &[])
        };
        let drawings = "return [...document.querySelectorAll('.paper svg')].filter((e) => e.checkVisibility()).length";
        assert_ne!(read(drawings)?, json!(0), "{fragment}: no drawing on paper");
        // Controls that only say what can be done; rows of numbers may be buttons.
        let controls = "return [...document.querySelectorAll('.button, .quiet, .segments, .playback, select, input, textarea, summary')].filter((e) => e.checkVisibility()).length";
        assert_eq!(read(controls)?, json!(0), "{fragment}: controls on paper");
        let cut = "return [...document.querySelectorAll('#page *')].filter((e) => { const style = getComputedStyle(e);
            return e.checkVisibility() && e.clientWidth > 1 && e.clientHeight > 1 && style.overflow !== 'visible' && !e.closest('svg')
              && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2); }).map((e) => e.className)";
        assert_eq!(read(cut)?, json!([]), "{fragment}: something is cut");
        if fragment.starts_with("screen=compare") {
            let lines = "return [...document.querySelectorAll('.table-claim td')].filter((e) => e.textContent.trim().includes('\\n') && getComputedStyle(e).whiteSpace !== 'pre-line').length";
            assert_eq!(read(lines)?, json!(0), "values of a claim run together");
        }
        let canvases = "return [...document.querySelectorAll('canvas')].filter((e) => e.checkVisibility()).length";
        assert_eq!(read(canvases)?, json!(0), "{fragment}: a canvas keeps the screen's colours");
        // Every word is dark on white, but for those of the paper's colour on plates of ink.
        let pale = "const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          return [...document.querySelectorAll('#page *')].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
            && getComputedStyle(e).fill !== 'rgb(250, 249, 246)'
            && light(e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color) > 140).map((e) => e.className.baseVal ?? e.className)";
        assert_eq!(read(pale)?, json!([]), "{fragment}: pale words");
        // Nor has a drawing a ground of its own, or what the tour speaks of a frame.
        let tinted = "return [...document.querySelectorAll('.paper svg > rect, .paper svg > * > rect')].filter((e) => e.checkVisibility() && getComputedStyle(e).fill === 'rgb(250, 249, 246)').length
            + [...document.querySelectorAll('.tour-on')].filter((e) => getComputedStyle(e, '::after').display !== 'none').length";
        assert_eq!(read(tinted)?, json!(0), "{fragment}: not the paper’s white");
        assert_eq!(
            page.script("return document.querySelector('.paper svg')", &[])?,
            json!(null),
            "{fragment}: left behind"
        );
    }
    Ok(())
}

#[test]
fn forced_colours_show_the_main_button_and_every_mark() -> Done {
    let site = Site::whole()?;
    let browser = Browser::start(Options::default())?;
    browser.emulate("", &[("forced-colors", "active")])?;
    let page = Page::open(&browser, &site.url(), "screen=train")?;
    wait(&page, "the main button", "return at('lab-start') && at('lab-begin')")?;
    // Highlight under HighlightText, as the system has them, and neither the page's ground.
    for button in ["lab-start", "lab-begin"] {
        let told = format!("const probe = document.createElement('i'); probe.style.cssText = 'forced-color-adjust: none; color: HighlightText; background: Highlight';
            document.body.append(probe); const want = getComputedStyle(probe), is = getComputedStyle(document.querySelector('[data-testid={button}]'));
            const same = is.color === want.color && is.backgroundColor === want.backgroundColor && is.color !== is.backgroundColor; probe.remove(); return same");
        page.wait_for(&format!("{button} in the system's colours"), &told, &[])?;
    }
    // In a drawing, a tone of the text's colour that is close to the ground has a line around it.
    let page = Page::open(&browser, &site.url(), "view=method&text=gulls")?;
    wait(&page, "how it decides", "return at('method-picture')")?;
    let pale = "const toned = [...document.querySelectorAll('[data-testid=method-picture] rect[fill=CanvasText]')].filter((e) => Number(e.getAttribute('fill-opacity') ?? 1) < 0.45);
        return toned.length > 8 && toned.every((e) => e.getAttribute('stroke') === 'CanvasText')";
    assert_eq!(page.script(pale, &[])?, Value::Bool(true));
    Ok(())
}
