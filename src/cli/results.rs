//! `moescope results`: from the logs of training runs to the tables of docs/results.md and of the page.

mod models;

use crate::results::{Bundle, LoggedRun, RunResult, log, markdown, speed};
use crate::train::preset::presets;
use std::path::{Path, PathBuf};

/// See `moescope results --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Folder with one folder for each run, each holding the result.json, steps.csv and evaluations.csv that `moescope
    /// train` wrote, and beside them speed.csv from `moescope bench --methods`, if the seconds are to compare.
    #[arg(long, default_value = "results")]
    logs: PathBuf,
    /// Put the tables into this file, for example docs/results.md, between the lines `<!-- results -->` and
    /// `<!-- /results -->`.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Write what the page shows here, for example assets/results.json.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Only write the list of models that the page offers, index.json, into this folder, for example assets/models.
    #[arg(long)]
    models: Option<PathBuf>,
}

const BEGIN: &str = "<!-- results -->";
const END: &str = "<!-- /results -->";

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if let Some(folder) = &arguments.models {
        return models::write(folder);
    }
    let mut runs = read(&arguments.logs)?;
    let measured = arguments.logs.join("speed.csv");
    if measured.is_file() {
        speed::apply(&speed::from_csv(&super::read_text(&measured)?)?, &mut runs);
    }
    let presets = presets();
    let common: Vec<&str> = presets.iter().filter(|preset| preset.is_common()).map(|preset| preset.name).collect();
    let bundle = Bundle::of(&runs, &common);
    let tables = markdown::tables(&bundle);
    match &arguments.markdown {
        None => println!("{tables}"),
        Some(path) => replace(path, &tables)?,
    }
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string(&bundle).map_err(|error| format!("the results cannot be written: {error}"))?;
        std::fs::write(path, json + "\n").map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

/// All finished runs, in order of preset and seed.
fn read(folder: &Path) -> Result<Vec<LoggedRun>, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut runs = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.join("result.json").is_file() {
            runs.push(read_run(&path)?);
        }
    }
    if runs.is_empty() {
        return Err(format!("{} holds no <run>/result.json; `moescope train` writes one", folder.display()));
    }
    runs.sort_by(|a, b| (&a.result.preset, a.result.seed).cmp(&(&b.result.preset, b.result.seed)));
    Ok(runs)
}

fn read_run(folder: &Path) -> Result<LoggedRun, String> {
    let text = |name: &str| super::read_text(&folder.join(name));
    let named = |error: String| format!("{}: {error}", folder.display());
    let result: RunResult =
        serde_json::from_str(&text("result.json")?).map_err(|error| named(format!("result.json: {error}")))?;
    let tokens = result.tokens as f64 / result.steps.max(1) as f64;
    let trained = log::trained(&text("steps.csv")?, tokens).map_err(named)?;
    let unevenness = log::unevenness(&text("steps.csv")?).map_err(named)?;
    let evaluated = log::evaluated(&text("evaluations.csv")?).map_err(named)?;
    let result = result.of_experts();
    Ok(LoggedRun { result, trained, evaluated, unevenness, measured: false })
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
