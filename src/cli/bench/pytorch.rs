//! `moescope bench --pytorch PYTHON`: ours and PyTorch by turns, with the same number of threads, so that whatever else the
//! machine does slows both.
//!
//! `tests/reference/speed.py` is the other side. It tries transformers' ways to compute experts, and ours is compared with
//! the fastest. Both sides train with AdamW on random tokens, forward to update.

use crate::kernels::parallel;
use crate::model::checkpoint::Precision;
use crate::model::{Compute, Input, ModelConfig, Transformer};
use crate::random::Random;
use crate::train::batches::Batch;
use crate::train::optimizer::{Moments, Rule};
use crate::train::step::{self, LossCoefficients, StepConfig};
use crate::trainer::Experiment;
use burn::tensor::Device;
use pollster::block_on;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const SCRIPT: &str = "tests/reference/speed.py";
/// transformers' ways to compute experts that are tried. Its third, `batched_mm`, copies an expert's weights for every token:
/// training with it is more than forty times slower.
const WAYS: [&str; 2] = ["eager", "grouped_mm"];
/// Turns.
const ROUNDS: usize = 3;
/// Steps of the shipped shape in a turn, after two that are not counted, and its batch: that of `moescope train`.
const STEPS: usize = 6;
const BATCH: usize = 8;
const LEN: usize = 512;
/// The forward pass, which the page does most: tokens, and times in a turn after two that are not counted.
const FORWARD: usize = 256;
const TIMES: usize = 13;

/// Tokens a second, one for each turn.
#[derive(Default, Serialize)]
struct Contest {
    what: String,
    ours: Vec<f64>,
    /// By the way to compute experts.
    pytorch: BTreeMap<String, Vec<f64>>,
    /// The fastest of these.
    fastest: String,
    /// Our median over its median: above 1 where ours is faster.
    ratio: f64,
}

/// A line of the script.
#[derive(Deserialize)]
struct Line {
    experts: String,
    train_tokens_per_second: Option<f64>,
    forward_256_ms: Option<f64>,
    torch: String,
    threads: usize,
}

/// Trains the lab's model, and trains and runs the shipped shape.
pub fn compare(python: &Path, lab: &mut Experiment, steps: usize, model: &Path, json: bool) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("moescope-bench-{}", std::process::id()));
    let compared = write(lab, &folder).and_then(|()| turns(python, lab, steps, (&folder, model), json));
    // What remains in the system's folder for temporary files is a nuisance, not a fault.
    let _ = std::fs::remove_dir_all(&folder);
    compared
}

/// `folders` hold the lab's shape and the shipped one.
fn turns(python: &Path, lab: &mut Experiment, steps: usize, folders: (&Path, &Path), json: bool) -> Result<(), String> {
    let (small, model) = folders;
    let config =
        ModelConfig::from_json(&super::super::read_text(&model.join("config.json"))?).map_err(|e| e.to_string())?;
    let settings = lab.branch(0).map_err(|error| error.to_string())?.settings.clone();
    let contest = |what: String| Contest { what, ..Contest::default() };
    let mut contests = [
        contest(format!("training the lab's shape, {} x {} tokens", settings.batch, settings.len)),
        contest(format!("training the shipped shape, {BATCH} x {LEN} tokens")),
        contest(format!("running the shipped shape, {FORWARD} tokens")),
    ];
    let mut torch = String::new();
    for round in 0..ROUNDS {
        eprintln!("turn {} of {ROUNDS}", round + 1);
        let [training, shipped, forward] = &mut contests;
        training.ours.push(settings.tokens() as f64 * 1e3 / super::milliseconds(lab, steps)?);
        for line in script(python, small, settings.batch, settings.len, steps)? {
            training.add(&line.experts, line.train_tokens_per_second);
        }
        shipped.ours.push(train(&config)?);
        forward.ours.push(run(&config)?);
        for line in script(python, model, BATCH, LEN, STEPS)? {
            shipped.add(&line.experts, line.train_tokens_per_second);
            forward.add(&line.experts, line.forward_256_ms.map(|millis| FORWARD as f64 * 1e3 / millis));
            torch = format!("PyTorch {} on {} threads, ours on {}", line.torch, line.threads, parallel::workers());
        }
    }
    if !json {
        println!("{torch}; medians of {ROUNDS} turns, and from least to most, in tokens a second");
    }
    for contest in &mut contests {
        contest.judge()?;
        if json {
            super::super::print_json(contest)?;
        } else {
            let Contest { what, ours, pytorch, fastest, ratio } = contest;
            let verdict = if *ratio >= 1.0 { "ours is faster" } else { "ours is slower" };
            let theirs = pytorch.get(fastest).map_or_else(String::new, |values| shown(values));
            println!("{what}: {} here, {theirs} in PyTorch ({fastest}); ratio {ratio:.2}, {verdict}", shown(ours));
        }
    }
    Ok(())
}

impl Contest {
    fn add(&mut self, way: &str, speed: Option<f64>) {
        if let Some(speed) = speed {
            self.pytorch.entry(way.to_owned()).or_default().push(speed);
        }
    }

    fn judge(&mut self) -> Result<(), String> {
        let speeds = self.pytorch.iter().map(|(way, values)| (median(values), way));
        let (speed, way) = speeds
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .ok_or_else(|| format!("{SCRIPT} measured nothing for {}", self.what))?;
        (self.fastest, self.ratio) = (way.clone(), median(&self.ours) / speed);
        Ok(())
    }
}

/// What PyTorch does in a turn.
fn script(python: &Path, folder: &Path, batch: usize, len: usize, steps: usize) -> Result<Vec<Line>, String> {
    let mut command = Command::new(python);
    command.arg(SCRIPT).arg(folder).arg("--experts").args(WAYS);
    for (name, value) in [("--batch", batch), ("--len", len), ("--steps", steps), ("--threads", parallel::workers())] {
        command.arg(name).arg(value.to_string());
    }
    let output = command.output().map_err(|error| format!("{} cannot be started: {error}", python.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it said nothing");
        return Err(format!(
            "{} {SCRIPT} failed: {last}. It needs tests/reference/requirements.txt, and the repository's root as the \
             current folder.",
            python.display()
        ));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Tokens a second of training steps with the shipped shape.
fn train(config: &ModelConfig) -> Result<f64, String> {
    let mut model = Transformer::init(config, 1, &Device::flex().autodiff()).map_err(|error| error.to_string())?;
    let (mut moments, mut random, mut speeds) = (Moments::default(), Random::new(1), Vec::new());
    for number in 0..STEPS + 2 {
        let batch = Batch {
            inputs: ids(&mut random, config, BATCH * LEN),
            targets: ids(&mut random, config, BATCH * LEN).into_iter().map(|id| id as i32).collect(),
            domains: vec![0; BATCH],
        };
        let how = StepConfig {
            config,
            compute: Compute::Sparse,
            coefficients: LossCoefficients { balance: 0.01, z: 0.0, importance: 0.0, load: 0.0 },
            rule: Rule::Adam(1e-3),
            factor: 1.0,
            noise: 1,
            step: number,
        };
        let started = Instant::now();
        model = block_on(step::step(&model, &mut moments, batch, &how)).map_err(|error| error.to_string())?.model;
        if number >= 2 {
            speeds.push((BATCH * LEN) as f64 / started.elapsed().as_secs_f64());
        }
    }
    Ok(median(&speeds))
}

/// Tokens a second of forward passes with all logits.
fn run(config: &ModelConfig) -> Result<f64, String> {
    let model = Transformer::init(config, 1, &Device::flex()).map_err(|error| error.to_string())?;
    let (mut random, mut speeds) = (Random::new(1), Vec::new());
    for number in 0..TIMES + 2 {
        let input = Input::new(ids(&mut random, config, FORWARD), 1);
        let started = Instant::now();
        let logits = model.logits(model.forward(&input, config, Compute::Sparse).hidden);
        block_on(logits.into_data_async()).map_err(|error| format!("the logits cannot be read: {error}"))?;
        if number >= 2 {
            speeds.push(FORWARD as f64 / started.elapsed().as_secs_f64());
        }
    }
    Ok(median(&speeds))
}

fn ids(random: &mut Random, config: &ModelConfig, count: usize) -> Vec<u32> {
    (0..count).map(|_| (random.uniform() * config.vocab_size as f64) as u32).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn shown(values: &[f64]) -> String {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    format!("{:.0} ({least:.0} to {:.0})", median(values), values.iter().copied().fold(0.0, f64::max))
}

/// The lab's model, for the script.
fn write(run: &Experiment, folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    for (name, bytes) in block_on(run.checkpoint(0, Precision::Single)).map_err(|error| error.to_string())? {
        std::fs::write(folder.join(name), bytes).map_err(failed)?;
    }
    Ok(())
}
