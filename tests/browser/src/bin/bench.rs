//! The budgets, measured in Chromium on this machine; `cargo xtask bench` builds the page and runs this.

use browser_tests::{Browser, Options, Page, Result, Site};
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
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
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

    let mut forwards = Vec::new();
    for sample in 0..SAMPLES {
        // Another beginning each time, so that nothing is known from the last one.
        let trace = sized_text_after(&page, 256, &sample.to_string())?;
        let run = trace.device.ok_or("the trace does not say how long it took")?;
        if run.computed_tokens != trace.tokens.len() {
            return Err(format!("only {} of {} tokens were computed", run.computed_tokens, trace.tokens.len()));
        }
        forwards.push(run.forward_ms);
    }
    report("256 tokens forward on the CPU, read-back included", &mut forwards, 180.0 / 3.5);

    page.script("window.bench.long = []; window.bench.frames = []; window.bench.from = performance.now();", &[])?;
    sized_text(&page, 1024)?;
    thread::sleep(Duration::from_secs(3));
    let bench = page.script("return window.bench", &[])?;
    let long = bench["long"].as_array().map_or(&[][..], Vec::as_slice);
    let longest = long.iter().filter_map(|task| task[1].as_f64()).fold(0.0, f64::max);
    println!(
        "main thread while 1,024 tokens are routed: {} pauses over 50 ms, the longest {longest:.0} ms (budget: none)",
        long.len()
    );
    let frames: Vec<f64> = bench["frames"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if let (Some(first), Some(last)) = (frames.first(), frames.last()) {
        let rate = (frames.len() - 1) as f64 / (last - first) * 1000.0;
        println!("animation of 1,024 tokens: {rate:.0} frames a second");
    }
    Ok(())
}

/// Routes a text of exactly so many tokens.
fn sized_text(page: &Page, tokens: usize) -> Result<moescope::trace::Trace> {
    sized_text_after(page, tokens, "")
}

fn sized_text_after(page: &Page, tokens: usize, start: &str) -> Result<moescope::trace::Trace> {
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
