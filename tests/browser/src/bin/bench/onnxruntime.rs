//! onnxruntime-web runs the shipped weights too: its wasm backend on one thread, in the same browser, on the same text.
//!
//! Five graphs (tests/reference/onnx_model.py) compute the experts in different ways; ours is compared with the fastest,
//! and with what people get who tune nothing: the graph that PyTorch's exporter makes of transformers' model
//! (tests/reference/onnx_export.py; it needs PyTorch, so it is measured where someone has made it).
//! That all compute the same is checked first, against transformers' logits and against our own losses.

use crate::series::{median, shown};
use crate::sized_text_after;
use browser_tests::{Browser, Options, Page, Result, Site};
use serde_json::{Value, json};
use std::fs;

/// The graphs, with what is said about them.
const WAYS: [(&str, &str); 5] = [
    ("moe", "fused attention and its fused operator MoE"),
    ("sparse", "fused attention and the chosen experts"),
    ("dense", "fused attention and all experts"),
    ("plain", "standard operators and all experts"),
    ("plain-sparse", "standard operators and the chosen experts"),
];
/// What PyTorch exports: untuned, and so not among those whose fastest counts.
const EXPORTED: (&str, &str) = ("exported", "the graph that PyTorch exports");
/// Turns, of which the first is not counted, and samples of each in a turn.
const ROUNDS: usize = 7;
const SAMPLES: usize = 3;
/// Largest difference of a logit or a loss.
const CLOSE: f64 = 1e-3;
/// How many times as fast as the peer we want to be.
const WANTED: f64 = 3.5;

/// Prints both speeds and their ratio.
///
/// # Errors
/// If something cannot be run, or the results differ.
pub fn compare(site: &Site, peers: &Site) -> Result<()> {
    let (our_browser, their_browser) = (Browser::start(Options::default())?, Browser::start(Options::default())?);
    let ours = Page::open(&our_browser, &site.url(), "device=cpu")?;
    ours.wait_ready()?;
    // The picture stands still: it would take time from both.
    ours.click("play")?;
    let theirs = Page::open(&their_browser, &format!("{}onnxruntime.html", peers.url()), "")?;
    theirs.wait_for("onnxruntime-web", "return window.peer !== undefined", &[])?;
    let ways = ways();
    for (way, words) in &ways {
        theirs.script("return window.peer.open(arguments[0])", &[json!(way)])?;
        let worst = against_transformers(&theirs, way)?;
        println!("onnxruntime-web with {words}: logits within {worst:.0e} of transformers'");
        close(&format!("onnxruntime-web's logits with {words}"), worst)?;
    }
    let (mut mine, mut yours) = (Vec::new(), vec![Vec::new(); ways.len()]);
    for round in 0..ROUNDS {
        for sample in 0..SAMPLES {
            let trace = sized_text_after(&ours, 256, &format!("{round} {sample}"))?;
            let run = trace.device.as_ref().ok_or("the trace does not say how long it took")?;
            if run.computed_tokens != 256 {
                return Err(format!("only {} of 256 tokens were computed", run.computed_tokens));
            }
            if round > 0 {
                mine.push(run.forward_ms);
            }
            let ids: Vec<u32> = trace.tokens.iter().map(|token| token.id).collect();
            for ((way, words), yours) in ways.iter().zip(&mut yours) {
                let script = "return window.peer.run(arguments[0], arguments[1])";
                let run = theirs.script(script, &[json!(way), json!(ids)])?;
                let losses = run["losses"].as_array().ok_or("onnxruntime-web gave no losses")?;
                let pairs = losses.iter().filter_map(Value::as_f64).zip(trace.losses.iter().flatten());
                let worst = pairs.map(|(a, &b)| (a - f64::from(b)).abs()).fold(0.0, f64::max);
                close(&format!("onnxruntime-web's losses with {words}"), worst)?;
                if round > 0 {
                    yours.push(run["ms"].as_f64().ok_or("onnxruntime-web gave no time")?);
                }
            }
        }
    }
    println!("256 tokens forward on one thread: {} ms here", shown(&mine));
    let mut fastest = (f64::INFINITY, "");
    for ((way, words), yours) in ways.iter().zip(&yours) {
        println!(
            "  onnxruntime-web with {words}: {} ms, {:.2} times ours",
            shown(yours),
            median(yours) / median(&mine)
        );
        if *way != EXPORTED.0 && median(yours) < fastest.0 {
            fastest = (median(yours), words);
        }
    }
    let ratio = fastest.0 / median(&mine);
    let verdict = if ratio >= WANTED { "ok" } else { "under what is wanted" };
    println!("  ratio to its fastest ({}): {ratio:.2}, wanted {WANTED}: {verdict}", fastest.1);
    Ok(())
}

/// The graphs that are there.
fn ways() -> Vec<(&'static str, &'static str)> {
    let path = xtask::shell::target_dir().join("peers/models").join(EXPORTED.0).with_extension("onnx");
    if path.is_file() {
        return WAYS.into_iter().chain([EXPORTED]).collect();
    }
    println!("onnxruntime-web with {}: not measured, for there is no {}", EXPORTED.1, path.display());
    println!("  tests/reference/onnx_export.py says how to make it");
    WAYS.to_vec()
}

/// The largest difference to what transformers computed.
fn against_transformers(page: &Page, way: &str) -> Result<f64> {
    let path = xtask::shell::root().join("tests/fixtures/shipped-mixtral.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let cases: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut worst = 0.0_f64;
    for case in cases.as_object().into_iter().flat_map(|cases| cases.values()) {
        let arguments = [json!(way), case["ids"].clone(), case["places"].clone(), case["stride"].clone()];
        let script = "return window.peer.logits(...arguments)";
        let (got, expected) = (page.script(script, &arguments)?, &case["logits"]);
        let rows = got.as_array().into_iter().flatten().zip(expected.as_array().into_iter().flatten());
        for (a, b) in rows.flat_map(|(a, b)| a.as_array().into_iter().flatten().zip(b.as_array().into_iter().flatten()))
        {
            worst = worst.max((a.as_f64().unwrap_or(f64::NAN) - b.as_f64().unwrap_or(f64::NAN)).abs());
        }
    }
    if worst > 0.0 { Ok(worst) } else { Err(format!("nothing of {} was compared", path.display())) }
}

fn close(what: &str, worst: f64) -> Result<()> {
    if worst < CLOSE { Ok(()) } else { Err(format!("{what} differ by {worst}: it does not compute the same model")) }
}
