//! `moescope train --plan FILE`: many runs, one after another, over days.
//!
//! Claims are decided by many seeds, and a machine is rarely left alone long enough for all of them. So a plan is a file
//! with every run's settings, written before the first result is known, and the queue can be ended at any moment: the next
//! call goes on in the middle of the run that was broken off.
//!
//! ```text
//! plan.toml -> [Planned] -> for each: finished? next : Run (resumed) -> logs in RUNS/<name>-<seed>/
//!                                                    queue.log: a line of progress and forecast
//! ```
//!
//! A run's settings are the options of `moescope train` by their names, so they are read and checked by the same code. All
//! runs of one claim must be of one build of the program: what a build changes in the last digits must not come between
//! the models that are compared.

use super::train::{self, Arguments};
use crate::train::corpus;
use crate::train::domain::Domain;
use crate::train::preset::ModelPreset;
use clap::Parser as _;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The commit that this program was built from, where whoever built it said so.
const COMMIT: Option<&str> = option_env!("MOESCOPE_COMMIT");
/// The file beside the runs that holds the queue while it exists.
const PAUSE: &str = "pause";
/// The file in a run's folder that names the build which trains it.
const BUILD: &str = "build.txt";

/// A plan: `[defaults]` and `[[run]]` tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Options of every run that does not say otherwise.
    #[serde(default)]
    defaults: toml::Table,
    /// The runs, in the order in which they are trained.
    run: Vec<Entry>,
}

/// One `[[run]]`: a preset with one or more seeds.
#[derive(Debug, Deserialize)]
struct Entry {
    /// What the run is for; all runs of a claim are of one build.
    claim: String,
    /// Begins the folder's name. [default: the preset's name]
    name: Option<String>,
    /// One run for each.
    seeds: Vec<u64>,
    /// Options of `moescope train` by name.
    #[serde(flatten)]
    options: toml::Table,
}

/// One run of a plan.
#[derive(Debug)]
struct Planned {
    claim: String,
    folder: PathBuf,
    arguments: Arguments,
    /// Training tokens.
    tokens: usize,
    /// FLOPs of the forward passes of all training tokens, for the forecast only.
    work: f64,
}

/// Arguments as on the command line.
#[derive(clap::Parser, Debug)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

/// Reads a plan and checks every run in it before the first is trained.
fn read(path: &Path, own: &Arguments, corpus: &Path, runs: &Path) -> Result<Vec<Planned>, String> {
    let named = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let file: File = toml::from_str(&super::read_text(path)?).map_err(|error| named(&error))?;
    let mut planned: Vec<Planned> = Vec::new();
    for (number, entry) in file.run.iter().enumerate() {
        let here = |what: &dyn std::fmt::Display| named(&format!("run {} ({}): {what}", number + 1, entry.claim));
        let mut options = file.defaults.clone();
        options.extend(entry.options.clone());
        let mut words = vec!["moescope train".to_owned()];
        for (name, value) in &options {
            if matches!(name.as_str(), "seed" | "run" | "runs" | "plan" | "corpus" | "json" | "threads") {
                return Err(here(&format!("`{name}` is not a run's to set (seeds are a list named `seeds`)")));
            }
            let value = match value {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            words.push(format!("--{name}={value}"));
        }
        if entry.seeds.is_empty() {
            return Err(here(&"`seeds` is empty: name at least one"));
        }
        for seed in &entry.seeds {
            let mut words = words.clone();
            words.push(format!("--seed={seed}"));
            let mut arguments = Line::try_parse_from(&words)
                .map_err(|error| here(&error.to_string().lines().next().unwrap_or_default()))?
                .arguments;
            let name = entry.name.as_deref().unwrap_or(&arguments.preset);
            let folder = runs.join(format!("{name}-{seed}"));
            if planned.iter().any(|other| other.folder == folder) {
                return Err(here(&format!("{} is another run's folder too: give one a `name`", folder.display())));
            }
            arguments.run = Some(folder.clone());
            arguments.corpus = Some(corpus.to_path_buf());
            own.tokenizer.clone_into(&mut arguments.tokenizer);
            let plan = train::plan(&arguments).map_err(|error| here(&error))?;
            let tokens = plan.steps * plan.batch * plan.len;
            let work = tokens as f64 * flops(&plan.preset, plan.len);
            planned.push(Planned { claim: entry.claim.clone(), folder, arguments, tokens, work });
        }
    }
    if planned.is_empty() {
        return Err(named(&"there is no [[run]] in it"));
    }
    Ok(planned)
}

/// FLOPs of a token's way through a preset.
fn flops(preset: &ModelPreset, len: usize) -> f64 {
    /// About what the shipped tokenizer has; a few per cent of a model's cost hang on it.
    const VOCABULARY: usize = 3328;
    crate::model::Cost::of(&preset.config(VOCABULARY, 0, len)).flops()
}

/// A line in `queue.log` and on standard error.
fn say(runs: &Path, line: &str) -> Result<(), String> {
    eprintln!("{line}");
    let path = runs.join("queue.log");
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    writeln!(file, "{now} {line}").map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// What tells this program from another build of it: the commit, and a hash of the program's own file.
fn build() -> Result<&'static str, String> {
    static BUILD: OnceLock<Result<String, String>> = OnceLock::new();
    let named = BUILD.get_or_init(|| {
        let read = std::env::current_exe().and_then(std::fs::read);
        let bytes = read.map_err(|error| format!("this program's own file cannot be read: {error}"))?;
        // FNV-1a: tells builds apart, guards nothing.
        let hash = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Ok(format!("{} {hash:016x}", COMMIT.unwrap_or("commit unknown")))
    });
    named.as_deref().map_err(Clone::clone)
}

/// The builds that trained a claim's runs so far.
fn builds(planned: &[Planned]) -> BTreeMap<&str, String> {
    let of = |run: &Planned| std::fs::read_to_string(run.folder.join(BUILD)).ok();
    planned.iter().filter_map(|run| Some((run.claim.as_str(), of(run)?.trim().to_owned()))).collect()
}

/// The share of a run that is done, from 0 to 1.
fn done(run: &Planned) -> f64 {
    if run.folder.join("result.json").exists() {
        return 1.0;
    }
    let progress = std::fs::read_to_string(run.folder.join("progress.json")).ok();
    let step = progress
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
        .and_then(|json| json["step"].as_u64())
        .unwrap_or(0);
    let steps = run.arguments.steps.unwrap_or(usize::MAX);
    (step as f64 / steps as f64).min(1.0)
}

/// Trains what a plan asks for and is not finished yet.
pub fn run(arguments: &Arguments, path: &Path) -> Result<(), String> {
    let corpus_folder =
        arguments.corpus.as_deref().ok_or("--plan trains on a corpus: name its folder with --corpus")?;
    let runs = arguments.runs.as_deref().unwrap_or(Path::new("runs"));
    let planned = read(path, arguments, corpus_folder, runs)?;
    std::fs::create_dir_all(runs).map_err(|error| format!("{} cannot be made: {error}", runs.display()))?;
    let build = build()?;
    let work: f64 = planned.iter().map(|run| run.work).sum();
    let finished = || planned.iter().map(|run| run.work * done(run)).sum::<f64>() / work;
    say(
        runs,
        &format!(
            "plan {}: {} runs, {:.0} million tokens, {:.1} % done; build {build}",
            path.display(),
            planned.len(),
            planned.iter().map(|run| run.tokens as f64).sum::<f64>() / 1e6,
            100.0 * finished()
        ),
    )?;
    let stop = train::stop_at_ctrl_c()?;
    let tokenizer = super::read_tokenizer(&arguments.tokenizer)?;
    let words = |error: crate::train::TrainError| error.to_string();
    let texts = |split: &str| corpus::read(corpus_folder, split, &tokenizer).map_err(words);
    let (train_texts, valid_texts): (Vec<Domain>, Vec<Domain>) = (texts("train")?, texts("valid")?);
    for run in &planned {
        if done(run) >= 1.0 && run.folder.join("result.json").exists() {
            continue;
        }
        if let Some(other) = builds(&planned).get(run.claim.as_str()).filter(|other| *other != build) {
            return Err(format!(
                "{}: the runs of “{}” were begun by the build {other}, and this is {build}: go on with that one, or remove \
                 the claim's folders and begin again",
                run.folder.display(),
                run.claim
            ));
        }
        std::fs::create_dir_all(&run.folder)
            .and_then(|()| std::fs::write(run.folder.join(BUILD), format!("{build}\n")))
            .map_err(|error| format!("{}: {error}", run.folder.display()))?;
        let (start, before) = (std::time::Instant::now(), finished());
        let pause = runs.join(PAUSE);
        let (asked, mut paused) = (Arc::clone(&stop), Duration::ZERO);
        let hold = || {
            let mut held = Duration::ZERO;
            while pause.exists() && !asked.load(Ordering::SeqCst) {
                const WAIT: Duration = Duration::from_millis(500);
                std::thread::sleep(WAIT);
                held += WAIT;
            }
            held
        };
        let mut at_save = |step: usize, steps: usize, bits: f64, held: Duration| {
            paused += held;
            let seconds = (start.elapsed() - paused.min(start.elapsed())).as_secs_f64();
            let (now, gained) = (finished(), finished() - before);
            let left = if gained > 0.0 { seconds * (1.0 - now) / gained / 3600.0 } else { f64::NAN };
            say(
                runs,
                &format!(
                    "{} step {step} of {steps}: {bits:.3} bits per byte; {:.1} % of the plan, {left:.1} hours left at this pace",
                    run.folder.display(),
                    100.0 * now
                ),
            )
        };
        let news = train::Reporter { stop: &stop, hold: &hold, at_save: &mut at_save };
        train::train_on(&run.arguments, &tokenizer, &train_texts, &valid_texts, news)?;
        if stop.load(Ordering::SeqCst) {
            return say(runs, &format!("stopped at {:.1} % of the plan; the same command goes on", 100.0 * finished()));
        }
    }
    say(runs, "the plan is finished")
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::cli::train::Arguments;
    use clap::Parser as _;
    use std::path::Path;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn plan(text: &str) -> Result<Vec<super::Planned>, String> {
        use std::hash::{Hash as _, Hasher as _};
        let mut hash = std::hash::DefaultHasher::new();
        text.hash(&mut hash);
        let path = std::env::temp_dir().join(format!("moescope-plan-{}-{:x}.toml", std::process::id(), hash.finish()));
        std::fs::write(&path, text).unwrap();
        let own = Line::parse_from(["train"]).arguments;
        let planned = read(&path, &own, Path::new("corpus"), Path::new("runs"));
        std::fs::remove_file(&path).unwrap();
        planned
    }

    #[test]
    fn a_plan_gives_each_seed_a_run_of_its_own_with_the_plans_options() {
        let planned = plan(
            "[defaults]\nsteps = 300\nbatch = 8\nlen = 256\n\
             [[run]]\nclaim = \"experts\"\npreset = \"small-switch-8\"\nseeds = [1, 2]\n\
             [[run]]\nclaim = \"experts\"\npreset = \"small-switch-8\"\nname = \"longer\"\nseeds = [3]\nsteps = 600\nmuon-lr = 0.01\n",
        )
        .unwrap();
        let folders: Vec<String> = planned.iter().map(|run| run.folder.display().to_string()).collect();
        assert_eq!(folders, ["runs/small-switch-8-1", "runs/small-switch-8-2", "runs/longer-3"]);
        let tokens: Vec<usize> = planned.iter().map(|run| run.tokens).collect();
        assert_eq!(tokens, [614_400, 614_400, 1_228_800]);
        assert_eq!(planned[2].work, 2.0 * planned[0].work);
    }

    #[test]
    fn a_plan_that_cannot_be_trained_is_refused_before_the_first_step() {
        let run = "[[run]]\nclaim = \"c\"\npreset = \"switch\"\nseeds = [1]\n";
        for (text, fault) in [
            ("", "run"),
            ("[[run]]\nclaim = \"c\"\npreset = \"switch\"\nseeds = []\n", "seeds"),
            ("[[run]]\nclaim = \"c\"\npreset = \"swich\"\nseeds = [1]\n", "swich"),
            (&format!("{run}learning = 1\n"), "learning"),
            (&format!("{run}steps = 0\n"), "steps"),
            (&format!("{run}seed = 4\n"), "seed"),
            (&format!("{run}{run}"), "name"),
            (&format!("more = 1\n{run}"), "more"),
        ] {
            let error = plan(text).unwrap_err();
            assert!(error.contains(fault), "{text}: {error}");
        }
    }
}
