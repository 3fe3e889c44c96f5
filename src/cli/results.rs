//! `moescope results`: from the logs of training runs to the tables of the README and of the page.

mod claims;
mod models;
mod table;

use crate::model::Cost;
use crate::train::evaluate::Evaluation;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// See `moescope results --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Folder with one folder for each run, each holding the result.json that `moescope train` wrote.
    #[arg(long, default_value = "results")]
    logs: PathBuf,
    /// Put the tables into this file, between the lines `<!-- results -->` and `<!-- /results -->`.
    #[arg(long)]
    readme: Option<PathBuf>,
    /// Write what the page shows here, for example assets/results.json.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Only write the list of models that the page offers, index.json, into this folder, for example assets/models.
    #[arg(long)]
    models: Option<PathBuf>,
}

/// What a finished run says of itself: `result.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunResult {
    /// The preset's name.
    pub preset: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// Decides the initial weights and the order of the texts.
    pub seed: u64,
    /// Steps in all.
    pub steps: usize,
    /// Tokens in all.
    pub tokens: usize,
    /// Seconds spent in training steps.
    pub seconds: f64,
    /// Over all steps, whatever else the machine did.
    pub tokens_per_second: f64,
    /// What a token costs.
    pub cost: Cost,
    /// On held-out text.
    pub measured: Evaluation,
}

const BEGIN: &str = "<!-- results -->";
const END: &str = "<!-- /results -->";

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if let Some(folder) = &arguments.models {
        return models::write(folder);
    }
    let runs = read(&arguments.logs)?;
    let tables = format!("{}\n{}", table::methods(&runs), claims::table(&runs));
    match &arguments.readme {
        None => println!("{tables}"),
        Some(path) => replace(path, &tables)?,
    }
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string(&runs).map_err(|error| format!("the results cannot be written: {error}"))?;
        std::fs::write(path, json).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

/// All results, in order of preset and seed.
fn read(folder: &Path) -> Result<Vec<RunResult>, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut runs = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path().join("result.json");
        if path.is_file() {
            let run: RunResult = serde_json::from_str(&super::read_text(&path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            runs.push(run);
        }
    }
    if runs.is_empty() {
        return Err(format!("{} holds no <run>/result.json; `moescope train` writes one", folder.display()));
    }
    runs.sort_by(|a, b| (&a.preset, a.seed).cmp(&(&b.preset, b.seed)));
    Ok(runs)
}

/// Replaces what lies between the two marks.
fn replace(path: &Path, tables: &str) -> Result<(), String> {
    let text = super::read_text(path)?;
    let (Some(begin), Some(end)) = (text.find(BEGIN), text.find(END)) else {
        return Err(format!("{} has no lines `{BEGIN}` and `{END}` to put the tables between", path.display()));
    };
    let (Some(head), Some(tail)) = (text.get(..begin + BEGIN.len()), text.get(end..)) else {
        return Err(format!("{}: `{END}` comes before `{BEGIN}`", path.display()));
    };
    let new = format!("{head}\n\n{}\n\n{tail}", tables.trim());
    std::fs::write(path, new).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
