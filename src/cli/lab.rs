//! `moescope train --preset collapse` and its like: the training lab's presets natively, step for step what the page does.

use super::lab_folder;
use super::train::Arguments;
use crate::device::OpenDevice;
use crate::protocol::DeviceReason;
use crate::run::bounds::{bounds, misread};
use crate::run::notes::notes;
use crate::run::protocol::{MAX_TEXT, OwnText};
use crate::run::record::BranchId;
use crate::run::{Evaluation, Preset, Settings, StepRecord, TextChoice};
use crate::trainer::Experiment;
use crate::utf16;
use pollster::block_on;
use serde::Serialize;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Least time between two saves on the way.
const SAVE: Duration = Duration::from_secs(15);

/// A line of `--json`: what a branch has reached.
#[derive(Serialize)]
struct Line<'a> {
    preset: &'a str,
    branch: BranchId,
    method: &'a str,
    seed: u64,
    step: u64,
    tokens: u64,
    seconds: f64,
    steps_per_second: f64,
    /// On held-out text, in nats per token.
    loss: f32,
    bits_per_byte: f32,
    /// Of the worst layer on held-out text.
    max_over_mean: f32,
    max_over_mean_by_layer: Vec<f32>,
    dead_experts: u32,
    /// Of the last training step's batch, in nats per token.
    train_loss: f32,
    /// In the training steps since the last line: the mean over steps of the worst layer's largest over mean load.
    train_max_over_mean: f32,
    /// In the same steps: the share of the choices that moved to another expert from one step to the next, mean over
    /// steps, worst layer.
    load_change: f32,
}

/// Trains a preset.
pub fn run(arguments: &Arguments, preset: &Preset) -> Result<(), String> {
    let mut settings = Settings { seed: arguments.seed, ..preset.settings.clone() };
    for pair in &arguments.set {
        let understood = pair.split_once('=').is_some_and(|(name, value)| settings.set(name, value));
        if !understood {
            let names: Vec<&str> = settings.fields().into_iter().map(|(name, _)| name).collect();
            let listed = |name: &&str| names.iter().find(|own| *own == name).copied();
            return Err(match pair.split_once('=').and_then(|(name, value)| Some((listed(&name)?, value))) {
                Some((name, value)) if bounds(name).is_some() => format!("--set {pair}: {}", misread(name, value)),
                Some((name, value)) => format!("--set {pair}: {value} is no value for {name}"),
                _ => format!("--set {pair}: write NAME=VALUE, where the name is one of {}", names.join(", ")),
            });
        }
    }
    // A method that imposes a number of experts has it, unless another one was asked for.
    let sets = |name: &str| arguments.set.iter().any(|pair| pair.split_once('=').is_some_and(|(set, _)| set == name));
    let mut settings = if sets("method") && !sets("k") { settings.fitted() } else { settings };
    let text = arguments.text.as_deref().map(own).transpose()?;
    if text.is_some() {
        settings.text = TextChoice::Own;
    }
    let (steps, every) =
        (arguments.steps.map_or(preset.steps, |steps| steps as u64), arguments.every.unwrap_or(25) as u64);
    if steps == 0 || every == 0 {
        return Err("--steps and --every must be at least 1".to_owned());
    }
    let words = |error: crate::run::LabFault| error.to_string();
    let device = OpenDevice::cpu(DeviceReason::CpuChosen);
    let mut run = block_on(Experiment::start(&settings, text, "", device.clone())).map_err(words)?;
    let folder = arguments.run.as_deref();
    if let Some(folder) = folder
        && let Some(kept) = lab_folder::read(folder, device)?
    {
        lab_folder::check_same(&kept, &run, folder)?;
        run = kept;
    }
    let info = &run.data().info;
    eprintln!("{}: {}", (preset.title)(), (preset.watch)());
    notes(&settings).iter().for_each(|note| eprintln!("Note: {note}"));
    eprintln!("{} tokens to train on, {} held out, a vocabulary of {}", info.train, info.held_out, info.vocabulary);
    // The main branch comes last, so that its line is the last one.
    let ids: Vec<BranchId> = run.infos().iter().rev().map(|branch| branch.id).collect();
    let first = run.infos().iter().map(|branch| branch.step).min().unwrap_or(0);
    if first >= steps {
        eprintln!("The run has done its {steps} steps already; ask for more with --steps.");
        return Ok(());
    }
    // The last step that was told of is where the next change begins.
    let told = first - first % every;
    let since = |id: &BranchId| run.steps(*id).iter().filter(|record| record.step >= told).cloned().collect();
    let mut recent: Vec<Vec<StepRecord>> = ids.iter().map(since).collect();
    let before = ids.iter().flat_map(|&id| run.steps(id)).map(|record| f64::from(record.millis) / 1e3).sum::<f64>();
    let stop = Arc::new(AtomicBool::new(false));
    if folder.is_some() {
        let asked = Arc::clone(&stop);
        ctrlc::set_handler(move || asked.store(true, Ordering::SeqCst))
            .map_err(|error| format!("Ctrl-C cannot be caught: {error}"))?;
    }
    let bar = super::bar(steps, "steps").with_position(first);
    let (started, mut saved) = (Instant::now(), Instant::now());
    for step in first + 1..=steps {
        if let Some(folder) = folder.filter(|_| stop.load(Ordering::SeqCst)) {
            bar.abandon();
            lab_folder::write(&run, folder)?;
            eprintln!("Stopped and saved after step {}; the same command goes on from there.", step - 1);
            return Ok(());
        }
        for (&id, recent) in ids.iter().zip(&mut recent) {
            if run.branch(id).map_err(words)?.head.step < step {
                recent.push(block_on(run.step(id)).map_err(words)?);
            }
        }
        bar.set_position(step);
        if !step.is_multiple_of(every) && step != steps {
            continue;
        }
        for (&id, recent) in ids.iter().zip(&mut recent) {
            let (evaluation, _) = block_on(run.evaluate(id)).map_err(words)?;
            let method = run.branch(id).map_err(words)?.settings.method.id;
            let seconds = started.elapsed().as_secs_f64();
            let pace = (step - first) as f64 / seconds;
            let line = line((preset.name, method), &settings, &evaluation, recent, (before + seconds, pace));
            if arguments.json {
                super::print_json(&line)?;
            }
            bar.println(format!(
                "step {step}, {method}: {:.3} nats a token on held-out text, largest load over mean {:.2}",
                line.loss, line.max_over_mean
            ));
            recent.drain(..recent.len().saturating_sub(1));
        }
        if let Some(folder) = folder.filter(|_| saved.elapsed() >= SAVE) {
            lab_folder::write(&run, folder)?;
            saved = Instant::now();
        }
    }
    bar.abandon();
    folder.map_or(Ok(()), |folder| lab_folder::write(&run, folder))
}

fn line<'a>(
    (preset, method): (&'a str, &'a str),
    settings: &Settings,
    evaluation: &Evaluation,
    recent: &[StepRecord],
    (seconds, steps_per_second): (f64, f64),
) -> Line<'a> {
    let Evaluation { branch, step, loss, bits_per_byte, ref layers } = *evaluation;
    let by_layer: Vec<f32> = layers.iter().map(|layer| layer.max_over_mean).collect();
    let worst = |record: &StepRecord| record.layers.iter().map(|layer| layer.max_over_mean).fold(0.0, f32::max);
    Line {
        preset,
        branch,
        method,
        seed: settings.seed,
        step,
        tokens: step * settings.tokens() as u64,
        seconds,
        steps_per_second,
        loss,
        bits_per_byte,
        max_over_mean: by_layer.iter().copied().fold(0.0, f32::max),
        max_over_mean_by_layer: by_layer,
        dead_experts: layers.iter().map(|layer| layer.dead).sum(),
        train_loss: recent.last().map_or(f32::NAN, |record| record.loss),
        train_max_over_mean: recent.iter().map(worst).sum::<f32>() / recent.len().max(1) as f32,
        load_change: (0..settings.layers).map(|layer| change(recent, layer)).fold(0.0, f32::max),
    }
}

/// The share of the load that moves from one step to the next, in the mean over steps: half the sum of the differences.
fn change(recent: &[StepRecord], layer: usize) -> f32 {
    let load = |record: &StepRecord| record.layers.get(layer).map(|layer| layer.load.clone()).unwrap_or_default();
    let moved = |pair: &[StepRecord]| {
        let (before, after) = (load(&pair[0]), load(&pair[1]));
        before.iter().zip(&after).map(|(a, b)| (a - b).abs()).sum::<f32>() / 2.0
    };
    recent.windows(2).map(moved).sum::<f32>() / recent.len().saturating_sub(1).max(1) as f32
}

/// The beginning of a text file.
fn own(path: &Path) -> Result<OwnText, String> {
    let failed = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let file = std::fs::File::open(path).map_err(failed)?;
    let total = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::new();
    file.take(MAX_TEXT as u64).read_to_end(&mut bytes).map_err(failed)?;
    if total > bytes.len() as u64 {
        let [used, all] = [bytes.len() as u64, total].map(|bytes| bytes as f64 / 1e6);
        eprintln!("{} has {all:.1} MB: its first {used:.1} MB are read, the rest is not.", path.display());
    }
    if let Some(Ok(decoded)) = utf16::decode(&bytes, total > bytes.len() as u64) {
        eprintln!("{} is UTF-16 ({}) and is read as that.", path.display(), decoded.order);
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(OwnText { name, total: total.max(bytes.len() as u64), bytes })
}
