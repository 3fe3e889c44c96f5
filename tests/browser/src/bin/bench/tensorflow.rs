//! The training lab against TensorFlow.js: the same shape, batch and losses, trained in the same browser on one thread.
//!
//! Ours is the whole trainer as the page has it, with the routing that it records of every step. TensorFlow.js trains with
//! Adam, for it has no AdamW, in its wasm backend, without recording anything (tests/browser/peers/tensorflow.js).

use crate::series::{median, shown};
use browser_tests::{Browser, Options, Page, Result, Site, Trainer};
use moescope::protocol::DeviceChoice;
use moescope::run::Preset;
use serde_json::json;
use std::time::Instant;

const PRESET: &str = "switch-balanced";
/// The paper's capacity factor, in the place of the preset's.
const CAPACITY: f64 = 1.25;
/// Ways to compute experts, with what is said about them.
const WAYS: [(&str, &str); 2] = [("slots", "chosen experts only, by one-hot products"), ("all", "all experts")];
/// Turns, of which the first is not counted, and steps of each in a turn.
const ROUNDS: usize = 7;
const OURS: u64 = 100;
const THEIRS: u64 = 15;

/// Prints both speeds and their ratio.
///
/// # Errors
/// If something cannot be run, or does not learn.
pub fn compare(site: &Site, peers: &Site) -> Result<()> {
    let mut preset = Preset::named(PRESET).ok_or_else(|| format!("there is no preset {PRESET}"))?;
    preset.settings.coefficients.capacity_factor = CAPACITY;
    let (our_browser, their_browser) = (Browser::start(Options::default())?, Browser::start(Options::default())?);
    let mut trainer = Trainer::open(&our_browser, site, DeviceChoice::Cpu)?;
    trainer.page().wait_ready()?;
    // The picture stands still: it would take time from both.
    trainer.page().click("play")?;
    trainer.start(&preset.settings)?;
    let theirs = Page::open(&their_browser, &format!("{}tensorflow.html", peers.url()), "")?;
    theirs.wait_for("TensorFlow.js", "return window.peer !== undefined", &[])?;
    theirs.script("return window.peer.open('wasm', arguments[0])", &[json!(preset.settings)])?;
    let (mut mine, mut yours) = (Vec::new(), vec![Vec::new(); WAYS.len()]);
    let mut firsts = [0.0; WAYS.len()];
    for round in 0..ROUNDS {
        let from = Instant::now();
        trainer.train(vec![0], OURS)?;
        if round > 0 {
            mine.push(OURS as f64 / from.elapsed().as_secs_f64());
        }
        for (((way, words), yours), first) in WAYS.iter().zip(&mut yours).zip(&mut firsts) {
            let run = theirs.script("return window.peer.train(...arguments)", &[json!(way), json!(THEIRS)])?;
            let number = |name: &str| run[name].as_f64().ok_or_else(|| format!("TensorFlow.js gave no {name}: {run}"));
            if round == 0 {
                *first = number("first")?;
            } else if number("last")? >= *first {
                return Err(format!(
                    "TensorFlow.js ({words}) does not learn: from {first} nats a token it came to {run}"
                ));
            } else {
                yours.push(THEIRS as f64 / number("seconds")?);
            }
        }
    }
    println!("training {PRESET} on one thread: {} steps a second here", shown(&mine));
    let mut fastest = 0.0_f64;
    for ((_, words), yours) in WAYS.iter().zip(&yours) {
        fastest = fastest.max(median(yours));
        let ratio = median(&mine) / median(yours);
        println!("  TensorFlow.js, wasm backend, Adam, {words}: {} steps a second, ratio {ratio:.2}", shown(yours));
    }
    println!("  ratio to its fastest: {:.2}", median(&mine) / fastest);
    Ok(())
}
