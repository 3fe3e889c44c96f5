//! `moescope export`: from a run's folder to a checkpoint to ship.

use crate::model::Cost;
use crate::model::checkpoint::{self, Precision};
use crate::train::evaluate::LoggedEvaluation;
use crate::train::preset::ModelPreset;
use crate::train::state;
use burn::tensor::Device;
use serde::Serialize;
use std::path::PathBuf;

/// See `moescope export --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The run's folder.
    #[arg(long)]
    run: PathBuf,
    /// Folder with <domain>.valid.txt.zst files, to measure what is shipped.
    #[arg(long)]
    corpus: PathBuf,
    /// The checkpoint's folder, for example assets/models/mixtral.
    #[arg(long)]
    out: PathBuf,
    /// Write no tokenizer.json, but use the one in the folder above, which must be the run's.
    #[arg(long)]
    shared_tokenizer: bool,
}

/// A checkpoint's card: what it is, how it was trained, what was measured.
#[derive(Serialize)]
struct Card<'a> {
    name: &'a str,
    summary: &'a str,
    parameters: usize,
    active_parameters: f64,
    cost: &'a Cost,
    weights: &'a str,
    training: Training<'a>,
    measured: &'a LoggedEvaluation,
}

#[derive(Serialize)]
struct Training<'a> {
    corpus: &'a str,
    steps: usize,
    tokens: usize,
    seconds: f64,
    seed: u64,
    sequence: usize,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Some((model, mut config, _, progress)) =
        state::load(&arguments.run, &Device::flex()).map_err(|error| error.to_string())?
    else {
        return Err(format!("{} holds no run (progress.json is missing)", arguments.run.display()));
    };
    let preset =
        ModelPreset::named(&progress.preset).ok_or_else(|| format!("there is no preset `{}`", progress.preset))?;
    let tokenizer = super::read_text(&arguments.run.join("tokenizer.json"))?;
    config.shared_tokenizer = arguments.shared_tokenizer;
    let weights = checkpoint::save(&model, Precision::Half).map_err(|error| error.to_string())?;
    if arguments.shared_tokenizer {
        // A folder that is not there yet has no way up through it.
        let shared = match arguments.out.parent() {
            Some(above) if !arguments.out.is_dir() => above.join("tokenizer.json"),
            _ => arguments.out.join(config.tokenizer_file()),
        };
        if super::read_text(&shared)? != tokenizer {
            return Err(format!(
                "{} is not the run's tokenizer: leave --shared-tokenizer out, so that the checkpoint gets its own",
                shared.display()
            ));
        }
    }
    let parsed = super::read_tokenizer(&arguments.run.join("tokenizer.json"))?;
    let weights = vec![(checkpoint::FILE.to_owned(), weights)];
    let measured = super::eval::measure_files(&config, &parsed, &weights, &arguments.corpus, usize::MAX)?;
    let cost = Cost::of(&config);
    let card = Card {
        name: preset.name,
        summary: preset.summary,
        parameters: cost.parameters,
        active_parameters: cost.active_parameters,
        cost: &cost,
        weights: "16-bit floats",
        training: Training {
            corpus: "eleven domains of text, about 8 MB each: five languages, four programming languages, markup, maths",
            steps: progress.step,
            tokens: progress.step * progress.batch * progress.len,
            seconds: progress.seconds,
            seed: progress.seed,
            sequence: progress.len,
        },
        measured: &measured,
    };
    let json = super::tidy::to_json(&card).map_err(|error| format!("the card cannot be written: {error}"))?;
    // Nothing is written before everything has gone well, so that no folder is left half right.
    let write = |name: &str, bytes: &[u8]| {
        let path = arguments.out.join(name);
        std::fs::write(&path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()))
    };
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| format!("{} cannot be made: {error}", arguments.out.display()))?;
    write("config.json", config.to_json().map_err(|error| error.to_string())?.as_bytes())?;
    weights.iter().try_for_each(|(name, bytes)| write(name, bytes))?;
    if !arguments.shared_tokenizer {
        write("tokenizer.json", tokenizer.as_bytes())?;
    }
    write("card.json", json.as_bytes())?;
    println!("{:.4} bits per byte, largest load over mean {:.2}", measured.bits_per_byte, measured.max_over_mean);
    Ok(())
}
