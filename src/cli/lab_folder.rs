//! A run of a lab preset in a folder: the files of the page's export, so that the page and the explorer open them too, and
//! the same command goes on from where they were written.

use crate::device::OpenDevice;
use crate::run::Settings;
use crate::run::archive::{File, pack, unpack};
use crate::run::protocol::BranchInfo;
use crate::trainer::Experiment;
use pollster::block_on;
use std::path::{Path, PathBuf};

/// What marks a run, and is written last.
const MARK: &str = "run.json";
/// Beside it, what a run goes on from; the text is there only if it was one's own.
const FILES: [&str; 6] =
    ["metrics.csv", "evaluations.csv", "tokenizer.json", "text.txt", "model.safetensors", "moments.safetensors"];
/// The same of each branch but the first.
const BRANCH: [&str; 2] = ["model.safetensors", "moments.safetensors"];

/// The run that lies in a folder, as it was; `None` if there is none.
///
/// # Errors
/// If it is not whole.
pub(super) fn read(folder: &Path, device: OpenDevice) -> Result<Option<Experiment>, String> {
    if !folder.join(MARK).exists() {
        return Ok(None);
    }
    let mut files: Vec<File> = Vec::new();
    for name in [MARK].into_iter().chain(FILES) {
        take(folder, name.to_owned(), &mut files)?;
    }
    let branches = folder.join("branches");
    if branches.is_dir() {
        let failed = |error: std::io::Error| format!("{} cannot be read: {error}", branches.display());
        for entry in std::fs::read_dir(&branches).map_err(failed)? {
            let branch = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            for name in BRANCH {
                take(folder, format!("branches/{branch}/{name}"), &mut files)?;
            }
        }
    }
    let run = block_on(Experiment::import(&pack(&files), device));
    run.map(Some).map_err(|error| format!("{} cannot be gone on with. {error}", folder.display()))
}

/// Adds a file, if it is there.
fn take(folder: &Path, name: String, files: &mut Vec<File>) -> Result<(), String> {
    let path = folder.join(&name);
    if path.is_file() {
        let bytes = std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        files.push((name, bytes));
    }
    Ok(())
}

/// Writes the branches' checkpoints, the curves and recorded routing into a folder. What was there stays whole until all
/// that is new is written.
///
/// # Errors
/// If a file cannot be written, or the weights are too many for one export.
pub(super) fn write(run: &Experiment, folder: &Path) -> Result<(), String> {
    let (archive, left_out) = block_on(run.export(0, true)).map_err(|error| error.to_string())?;
    let mut fresh: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (name, bytes) in unpack(&archive).map_err(|fault| fault.to_string())? {
        let path = folder.join(&name);
        let new = path.with_added_extension("new");
        let failed = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        std::fs::write(&new, bytes).map_err(failed)?;
        fresh.push((new, path));
    }
    fresh.sort_by_key(|(_, path)| path.ends_with(MARK));
    for (new, path) in fresh {
        std::fs::rename(&new, &path).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    match left_out {
        0 => Ok(()),
        _ => Err(format!(
            "The branches are too large together: {} holds the first one and all curves, and cannot be gone on with.",
            folder.display()
        )),
    }
}

/// Checks that a kept run is the one that is asked for.
///
/// # Errors
/// What differs.
pub(super) fn check_same(kept: &Experiment, asked: &Experiment, folder: &Path) -> Result<(), String> {
    let (there, here) = (kept.infos(), asked.infos());
    let mut differing: Vec<String> = Vec::new();
    if there.len() != here.len() {
        differing.push(format!("branches: {} there, {} here", there.len(), here.len()));
    }
    for (there, here) in there.iter().zip(&here) {
        let pairs = began(there).fields().into_iter().zip(began(here).fields());
        for ((name, there), (_, here)) in pairs.filter(|(there, here)| there != here) {
            let words = format!("{name}: {there} there, {here} here");
            if !differing.contains(&words) {
                differing.push(words);
            }
        }
        if let Some((step, _)) = there.changes.first() {
            differing.push(format!("its coefficients were changed at step {step}"));
        }
    }
    let bytes = |run: &Experiment| run.data().own.as_ref().map(|own| own.bytes.clone());
    if differing.is_empty() && bytes(kept) != bytes(asked) {
        differing.push("it reads another text".to_owned());
    }
    match differing.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{} holds another run ({}). Ask for the same to go on with it, or name another folder with --run.",
            folder.display(),
            differing.join("; ")
        )),
    }
}

/// The settings that a branch began with.
fn began(info: &BranchInfo) -> Settings {
    Settings { coefficients: info.first, ..info.settings.clone() }
}
