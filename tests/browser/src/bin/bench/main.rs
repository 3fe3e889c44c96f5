//! The budgets, measured in Chromium on this machine; `cargo xtask bench` builds the page and runs this. With `peers` it
//! compares with other tools instead, in one run and by turns, so that a busy machine slows both.

mod onnxruntime;
mod series;
mod tensorflow;

use browser_tests::{Browser, Options, Page, Result, Site};
use moescope::trace::{Computed, Constants, LayerInfo, LayerTrace, Matrix, ModelInfo, SCHEMA, Token, Trace, to_json};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Duration;
use std::{fs, thread};

/// Samples of everything that is quick; the middle one is printed.
const SAMPLES: usize = 9;
/// Runs before anything: notes when something first moves, every pause of the main thread, and when frames come.
const OBSERVER: &str = "
  window.bench = { motion: null, ready: null, long: [], frames: [] };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.bench.long.push([e.startTime, e.duration]); })
    .observe({ type: 'longtask', buffered: true });
  (function frame(now) {
    window.bench.frames.push(now);
    const canvas = document.querySelector('[data-testid=flow-canvas]');
    if (window.bench.motion === null && canvas && canvas.width > 1 && window.moescope?.trace() != null) window.bench.motion = now;
    if (window.bench.ready === null && window.moescope) {
      window.bench.ready = false;
      window.moescope.ready.then(() => { window.bench.ready = performance.now(); });
    }
    requestAnimationFrame(frame);
  })(performance.now());";
/// Types a character at the end of the text and waits until its trace is on the screen.
const KEYSTROKE: &str = "
  const field = document.querySelector('[data-testid=text]');
  const text = field.value + 'x', from = performance.now();
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  return new Promise((done) => (function look() {
    const trace = window.moescope.trace();
    if (trace && JSON.parse(trace).text === text) done(performance.now() - from);
    else setTimeout(look, 1);
  })());";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure(),
        ["peers"] => compare(),
        _ => Err("usage: bench [peers]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Each of the peers on its own: if one fails, the others are measured all the same.
fn compare() -> Result<()> {
    let folder = xtask::peers::ensure()?;
    println!("machine: {}", machine());
    let (site, peers) = (Site::whole()?, Site::folder(&folder)?);
    let failed: Vec<String> = [onnxruntime::compare(&site, &peers), tensorflow::compare(&site, &peers)]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

fn measure() -> Result<()> {
    println!("machine: {}", machine());
    let site = Site::whole()?;
    let (mut motions, mut readies) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        // Every visit is the first one of its browser.
        let browser = Browser::start(Options::default())?;
        browser.before_pages(OBSERVER)?;
        let page = Page::open(&browser, &site.url(), "")?;
        page.wait_ready()?;
        let bench = page.wait_for("the times", "return window.bench.ready ? window.bench : false", &[])?;
        motions.push(number(&bench["motion"])?);
        readies.push(number(&bench["ready"])?);
    }
    report("first picture from a cold load", &mut motions, 1500.0);
    report("first live trace from a cold load", &mut readies, 5000.0);

    let browser = Browser::start(Options::default())?;
    browser.before_pages(OBSERVER)?;
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    sized_text(&page, 64)?;
    let mut strokes = Vec::new();
    for _ in 0..SAMPLES {
        strokes.push(number(&page.script(KEYSTROKE, &[])?)?);
    }
    report("keystroke to the new trace of 64 tokens on the screen", &mut strokes, 150.0);

    let budget = 180.0 / 3.5;
    report("256 tokens forward on the CPU, read-back included, while the picture plays", &mut forwards(&page)?, budget);
    page.click("play")?;
    report("the same with the picture paused", &mut forwards(&page)?, budget);
    page.click("play")?;

    // How the page itself behaves: it is watched without asking it for the trace, which would take its time.
    let text = sized_text(&page, 1024)?.text;
    page.set_text("~")?;
    page.wait_text("~")?;
    watch(&page)?;
    page.set_text(&text)?;
    page.wait_for("1,024 tokens", &shows("of 1,024"), &[])?;
    thread::sleep(Duration::from_secs(3));
    let (pauses, longest, rate) = watched(&page)?;
    println!(
        "main thread while 1,024 tokens are routed: {pauses} pauses over 50 ms, the longest {longest:.0} ms (budget: none)"
    );
    println!("animation of 1,024 tokens: {rate:.0} frames a second");

    let file = std::env::temp_dir().join("moescope-bench-trace.json");
    fs::write(&file, to_json(&big_trace()).map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    page.choose_file("open", &file)?;
    page.wait_for("the large trace", &shows("of 512"), &[])?;
    // It plays by itself; the first second belongs to reading the file.
    thread::sleep(Duration::from_secs(1));
    watch(&page)?;
    thread::sleep(Duration::from_secs(4));
    let (pauses, longest, rate) = watched(&page)?;
    let verdict = if rate >= 50.0 { "ok" } else { "under budget" };
    println!(
        "animation of 512 tokens x 8 layers x 64 experts, top 8: {rate:.0} frames a second, budget 50: {verdict}; \
         {pauses} pauses over 50 ms, the longest {longest:.0} ms"
    );
    drop(browser);
    (0..3).try_for_each(|_| training(&site))
}

/// How the page behaves in the first half minute of a run at full speed, in a browser that has seen none.
fn training(site: &Site) -> Result<()> {
    let browser = Browser::start(Options::default())?;
    browser.before_pages(OBSERVER)?;
    let page = Page::open(&browser, &site.url(), "screen=train&run=preset~switch-balanced&device=cpu")?;
    page.wait_for("the start", "return document.querySelector('[data-testid=lab-begin]') != null", &[])?;
    // A visitor reads first.
    thread::sleep(Duration::from_secs(4));
    watch(&page)?;
    page.click("lab-begin")?;
    thread::sleep(Duration::from_secs(30));
    let step = "return document.querySelector('[data-testid=lab-ruler]')?.ariaValueNow ?? '0'";
    let steps = page.script(step, &[])?;
    let (pauses, longest, _) = watched(&page)?;
    println!(
        "main thread in the first 30 s of training ({} steps): {pauses} pauses over 50 ms, the longest {longest:.0} ms (budget: none)",
        steps.as_str().unwrap_or_default()
    );
    Ok(())
}

/// Milliseconds for 256 tokens, several times.
fn forwards(page: &Page) -> Result<Vec<f64>> {
    let one = |sample: usize| {
        // Another beginning each time, so that nothing is known from the last one.
        let trace = sized_text_after(page, 256, &sample.to_string())?;
        let run = trace.device.ok_or("the trace does not say how long it took")?;
        match run.computed_tokens == trace.tokens.len() {
            true => Ok(run.forward_ms),
            false => Err(format!("only {} of {} tokens were computed", run.computed_tokens, trace.tokens.len())),
        }
    };
    (0..SAMPLES).map(one).collect()
}

/// Whether the inspector says of which text its token is one.
fn shows(words: &str) -> String {
    format!("return document.querySelector('[data-testid=selected-place]')?.textContent.includes('{words}') ?? false")
}

/// Begins to note pauses and frames.
fn watch(page: &Page) -> Result<()> {
    page.script("window.bench.long = []; window.bench.frames = [];", &[]).map(drop)
}

/// Pauses over 50 ms since [`watch`], the longest of them in milliseconds, and frames a second.
fn watched(page: &Page) -> Result<(usize, f64, f64)> {
    let bench = page.script("return window.bench", &[])?;
    let long: Vec<f64> = bench["long"].as_array().into_iter().flatten().filter_map(|task| task[1].as_f64()).collect();
    let frames: Vec<f64> = bench["frames"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let rate = match (frames.first(), frames.last()) {
        (Some(first), Some(last)) if last > first => (frames.len() - 1) as f64 / (last - first) * 1000.0,
        _ => return Err("no frame was drawn".to_owned()),
    };
    Ok((long.len(), long.iter().copied().fold(0.0, f64::max), rate))
}

/// A trace as large as the budget asks for, for timing only: what is chosen follows a fixed pattern.
fn big_trace() -> Trace {
    const TOKENS: usize = 512;
    const EXPERTS: usize = 64;
    const CHOSEN: usize = 8;
    let table = |cols: usize, value: &dyn Fn(usize, usize) -> f32| {
        let values = (0..TOKENS).flat_map(|t| (0..cols).map(move |e| (t, e))).map(|(t, e)| value(t, e)).collect();
        Matrix::new(cols, values).unwrap_or_else(|| Matrix::empty(cols))
    };
    let layer = |block: usize| {
        let first = move |t: usize| (t * 29 + block * 17) % EXPERTS;
        let rank = move |t: usize, e: usize| (e + EXPERTS - first(t)) * 11 % EXPERTS;
        let weight = |place: usize| (CHOSEN - place) as f32 / 36.0;
        let experts = (0..TOKENS).flat_map(|t| {
            let mut ids: Vec<usize> = (0..EXPERTS).collect();
            ids.sort_by_key(|&e| rank(t, e));
            ids.into_iter().take(CHOSEN).map(|e| e as u16)
        });
        LayerTrace {
            block,
            info: LayerInfo { method: None, experts: EXPERTS, top_k: CHOSEN },
            logits: Some(table(EXPERTS, &|t, e| -(rank(t, e) as f32) / 16.0)),
            probs: Some(table(EXPERTS, &|t, e| if rank(t, e) < CHOSEN { weight(rank(t, e)) } else { 0.0 })),
            experts: Matrix::new(CHOSEN, experts.collect()).unwrap_or_else(|| Matrix::empty(CHOSEN)),
            weights: Some(table(CHOSEN, &|_, place| weight(place))),
            dropped: Matrix::new(CHOSEN, vec![false; TOKENS * CHOSEN]),
            capacity: None,
            extra: Matrix::default(),
            attention: None,
            counts: None,
        }
    };
    let word = "token ";
    Trace {
        schema: SCHEMA.to_owned(),
        model: ModelInfo {
            name: "pattern".to_owned(),
            checkpoint: None,
            router: "pattern".to_owned(),
            layers: 8,
            experts: EXPERTS,
            top_k: CHOSEN,
            hidden: Some(128),
            blocks: None,
            convention: "a fixed pattern, for timing".to_owned(),
            computed: Computed::NotRecorded,
            looks_ahead: false,
            task: None,
            constants: Constants::default(),
        },
        text: word.repeat(TOKENS),
        tokens: (0..TOKENS)
            .map(|t| Token { id: 0, text: word.to_owned(), start: t * word.len(), end: (t + 1) * word.len() })
            .collect(),
        layers: (0..8).map(layer).collect(),
        next: Vec::new(),
        predictions: Vec::new(),
        losses: Vec::new(),
        device: None,
        build: None,
        sampling: None,
        interventions: Vec::new(),
    }
}

/// Routes a text of exactly so many tokens.
fn sized_text(page: &Page, tokens: usize) -> Result<Trace> {
    sized_text_after(page, tokens, "")
}

fn sized_text_after(page: &Page, tokens: usize, start: &str) -> Result<Trace> {
    let sentence = "The keeper counted 17 gulls before breakfast; then fn main() runs, and la lumière tourne. ";
    let text = format!("{start} {}", sentence.repeat(tokens / 24 + 1));
    page.set_text(&text)?;
    let long = page.wait_text(&text)?;
    let end = long.tokens.get(tokens - 1).ok_or("the text has too few tokens")?.end;
    let text = text.get(..end).ok_or("a token ends inside a character")?.to_owned();
    // Emptied first: what is routed next must not be known already.
    page.set_text("")?;
    page.wait_for("an empty page", "return document.querySelector('[data-testid=empty]') != null", &[])?;
    page.set_text("~")?;
    page.wait_text("~")?;
    page.set_text(&text)?;
    page.wait_text(&text)
}

fn report(what: &str, values: &mut [f64], budget: f64) {
    values.sort_by(f64::total_cmp);
    let middle = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
    let verdict = if middle <= budget { "ok" } else { "over budget" };
    let (least, most) = (values.first().copied().unwrap_or(f64::NAN), values.last().copied().unwrap_or(f64::NAN));
    println!(
        "{what}: {middle:.0} ms ({least:.0} to {most:.0}, {} times), budget {budget:.0} ms: {verdict}",
        values.len()
    );
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| format!("no number: {}", json!(value)))
}

/// Processor, cores and system in words.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")).and_then(|rest| rest.split(':').nth(1));
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().map_or_else(String::new, |load| format!(", load before {load}"));
    format!("{}, {cores} cores, {}{load}", name.unwrap_or("unknown processor").trim(), std::env::consts::OS)
}
