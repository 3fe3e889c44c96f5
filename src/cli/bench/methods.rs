//! `moescope bench --methods CORPUS`: how fast every method of the common size is trained, all by turns on the same idle
//! machine.
//!
//! The logs of the long runs cannot say that: each ran at another hour, beside other work. `moescope results` takes the
//! speeds from the file that is written here.

use crate::cli::train;
use crate::results::speed::{Speed, to_csv};
use crate::train::corpus::{self, Domain};
use crate::train::preset::presets;
use crate::train::run::{News, TrainingRun};
use clap::Parser as _;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

/// Turns: many short ones, so that a slower minute of the machine meets every method alike.
const ROUNDS: usize = 8;
/// Steps in a turn, and how many of them are not counted: the first fill caches and make the optimizer's state.
const STEPS: usize = 7;
const WARM: usize = 2;

#[derive(clap::Parser)]
struct Plain {
    #[command(flatten)]
    train: train::Arguments,
}

/// Trains every method for a few steps with `moescope train`'s own defaults, and writes `csv`.
pub fn measure(folder: &Path, csv: &Path) -> Result<(), String> {
    let words = |error: crate::train::TrainError| error.to_string();
    let names: Vec<&str> = presets().iter().filter(|preset| preset.is_common()).map(|preset| preset.name).collect();
    let state = std::env::temp_dir().join(format!("moescope-bench-{}", std::process::id()));
    let first = arguments("dense-active", &state)?;
    let tokenizer = super::super::read_tokenizer(&first.tokenizer)?;
    eprintln!("Reading and tokenising {}", folder.display());
    let texts = corpus::read(folder, "train", &tokenizer).map_err(words)?;
    let vocabulary = (tokenizer.vocab_size(), tokenizer.end_of_text());
    let mut speeds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let bar = super::super::bar((ROUNDS * names.len()) as u64, "turns");
    for _ in 0..ROUNDS {
        for &name in &names {
            bar.set_message(name);
            let turn = turn(name, &state, vocabulary, &texts);
            // What remains in the system's folder for temporary files is a nuisance, not a fault.
            let _ = std::fs::remove_dir_all(&state);
            speeds.entry(name).or_default().extend(turn?);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let rows: Vec<Speed> = names.iter().filter_map(|name| Speed::of(name, speeds.get(name)?)).collect();
    std::fs::write(csv, to_csv(&rows)).map_err(|error| format!("{} cannot be written: {error}", csv.display()))?;
    for Speed { preset, tokens_per_second, least, most } in &rows {
        println!("{preset}: {tokens_per_second:.0} tokens a second ({least:.0} to {most:.0})");
    }
    Ok(())
}

fn arguments(name: &str, state: &Path) -> Result<train::Arguments, String> {
    let state = state.display().to_string();
    let plain = Plain::try_parse_from(["train", "--preset", name, "--run", &state, "--steps", "800"]);
    plain.map(|plain| plain.train).map_err(|error| error.to_string())
}

/// Tokens a second of the counted steps of a fresh run.
fn turn(name: &str, state: &Path, vocabulary: (usize, u32), texts: &[Domain]) -> Result<Vec<f64>, String> {
    let words = |error: crate::train::TrainError| error.to_string();
    let plan = train::plan(&arguments(name, state)?)?;
    let mut run = TrainingRun::open(&plan, vocabulary.0, vocabulary.1, texts).map_err(words)?;
    let (done, mut speeds) = (Cell::new(0), Vec::new());
    let mut news = |news: News<'_>| {
        if let News::Step { step, speed, .. } = news {
            done.set(step);
            if step > WARM {
                speeds.push(speed);
            }
        }
        Ok(())
    };
    run.train(&plan, texts, &[], &|| done.get() >= STEPS, &mut news).map_err(words)?;
    Ok(speeds)
}
