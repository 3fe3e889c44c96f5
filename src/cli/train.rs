//! `moescope train`: train a model, resume it, stop it with Ctrl-C.

use crate::engine::native::{named, read_weights};
use crate::model::{Cost, ModelConfig, checkpoint};
use crate::results::{RunResult, log};
use crate::token::Tokenizer;
use crate::train::domain::Domain;
use crate::train::evaluate::LoggedEvaluation;
use crate::train::hash_tables::needs_embeddings;
use crate::train::optimizer::OptimizerSettings;
use crate::train::preset::{ModelPreset, presets};
use crate::train::run::{LossCoefficients, News, Plan, TrainingRun};
use crate::train::{TrainError, corpus};
use burn::tensor::Device;
use serde::Serialize;
use std::cell::Cell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// See `moescope train --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// What to train. Without --corpus: one of the training lab's presets, as in the page (collapse, switch-balanced,
    /// loss-free, bias-too-fast, base, hash), on bundled text.
    #[arg(long, default_value = "mixtral", value_parser = names())]
    pub(super) preset: String,
    /// A file that plans many runs (TOML): they are trained one after another, and the same command goes on where it was
    /// ended. See docs/training.md.
    #[arg(long, value_name = "FILE", requires = "corpus", conflicts_with_all = ["run", "text", "set"])]
    pub(super) plan: Option<PathBuf>,
    /// With --plan: the folder of the runs. While a file named `pause` lies in it, the queue waits. [default: runs]
    #[arg(long, value_name = "DIR", requires = "plan")]
    pub(super) runs: Option<PathBuf>,
    /// Threads to compute with. [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Folder with <domain>.train.txt.zst and <domain>.valid.txt.zst files.
    #[arg(long)]
    pub(super) corpus: Option<PathBuf>,
    /// tokenizer.json to use.
    #[arg(long, default_value = "assets/models/mixtral/tokenizer.json")]
    pub(super) tokenizer: PathBuf,
    /// Checkpoint folder with the embeddings that hash-clustered and hash-dispersed are made from.
    #[arg(long, value_name = "DIR", default_value = "assets/models/mixtral")]
    embeddings: PathBuf,
    /// Folder for state and log; a run that lies there is resumed. [default: runs/<preset>-<seed>] For a lab preset:
    /// where checkpoint, curves and traces go, and what is resumed; Ctrl-C saves. [default: nowhere]
    #[arg(long)]
    pub(super) run: Option<PathBuf>,
    /// Decides the initial weights and the order of the texts.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Steps in all. [default: 5000; the lab's presets say their own]
    #[arg(long)]
    pub(super) steps: Option<usize>,
    /// Sequences a step.
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Tokens a sequence; also the attention window.
    #[arg(long, default_value_t = 512)]
    len: usize,
    /// Peak learning rate of Muon (matrices).
    #[arg(long, default_value_t = 0.02)]
    muon_lr: f64,
    /// Peak learning rate of AdamW (embedding, gates, norms).
    #[arg(long, default_value_t = 0.004)]
    adam_lr: f64,
    /// Weight decay of the matrices.
    #[arg(long, default_value_t = 0.05)]
    weight_decay: f64,
    /// Steps of rising learning rate.
    #[arg(long, default_value_t = 100)]
    warmup: usize,
    /// Share of the steps with falling learning rate, at the end.
    #[arg(long, default_value_t = 0.4)]
    decay: f64,
    /// Weight of each layer's load-balancing loss. [default: the preset's]
    #[arg(long)]
    balance: Option<f64>,
    /// Weight of each layer's z-loss. [default: the preset's]
    #[arg(long)]
    z: Option<f64>,
    /// Weight of each layer's importance loss. [default: the preset's]
    #[arg(long)]
    importance: Option<f64>,
    /// Weight of each layer's load loss. [default: the preset's]
    #[arg(long)]
    load: Option<f64>,
    /// Steps between evaluations and saves. [default: 250; 25 for the lab's presets]
    #[arg(long)]
    pub(super) every: Option<usize>,
    /// Tokens of each domain in the evaluations on the way; the last one uses all.
    #[arg(long, default_value_t = 8192)]
    eval_tokens: usize,
    /// Tokens of each domain in the last evaluation. [default: all]
    #[arg(long)]
    final_tokens: Option<usize>,
    /// Print a line of JSON for each evaluation.
    #[arg(long)]
    pub(super) json: bool,
    /// A setting of a lab preset, by its name in links: for example --set experts=16 or --set lr=0.01.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// For a lab preset: a text file to train on instead of the bundled text.
    #[arg(long, value_name = "FILE", conflicts_with = "corpus")]
    pub(super) text: Option<PathBuf>,
}

#[derive(Serialize)]
struct Line<'a> {
    preset: &'a str,
    seed: u64,
    step: usize,
    tokens: usize,
    seconds: f64,
    loss: f64,
    bits_per_byte: f64,
    max_over_mean: f64,
    max_over_mean_by_layer: &'a [f64],
    dead_experts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_bits_per_byte: Option<f64>,
}

/// The presets' names, for the help text.
fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = presets().into_iter().map(|preset| preset.name).collect();
    names.extend(crate::run::presets().into_iter().map(|preset| preset.name));
    names.sort_unstable();
    names.dedup();
    names
}

/// What the arguments ask for, on a corpus.
pub(super) fn plan(arguments: &Arguments) -> Result<Plan, String> {
    let preset = ModelPreset::named(&arguments.preset)
        .ok_or_else(|| format!("`{}` is a preset of the training lab: leave --corpus out", arguments.preset))?;
    let (steps, every) = (arguments.steps.unwrap_or(5000), arguments.every.unwrap_or(250));
    if steps == 0 || arguments.batch == 0 || arguments.len == 0 || every == 0 {
        return Err("--steps, --batch, --len and --every must be at least 1".to_owned());
    }
    let tokens = arguments.batch * arguments.len;
    if preset.router.method() == &crate::methods::BASE && !tokens.is_multiple_of(preset.experts) {
        return Err(format!(
            "BASE gives every expert the same number of tokens: --batch times --len, {tokens}, must divide by the {} experts",
            preset.experts
        ));
    }
    let folder = arguments.run.clone().unwrap_or_else(|| format!("runs/{}-{}", preset.name, arguments.seed).into());
    let embeddings = match needs_embeddings(&preset.router) {
        true => Some(embeddings(&arguments.embeddings)?),
        false => None,
    };
    Ok(Plan {
        embeddings,
        seed: arguments.seed,
        steps,
        batch: arguments.batch,
        len: arguments.len,
        optimizer: OptimizerSettings {
            muon_lr: arguments.muon_lr,
            adam_lr: arguments.adam_lr,
            weight_decay: arguments.weight_decay,
        },
        warmup: arguments.warmup,
        decay: arguments.decay,
        coefficients: LossCoefficients {
            balance: arguments.balance.unwrap_or(preset.coefficients.balance),
            z: arguments.z.unwrap_or(preset.coefficients.z),
            importance: arguments.importance.unwrap_or(preset.coefficients.importance),
            load: arguments.load.unwrap_or(preset.coefficients.load),
        },
        preset,
        every,
        eval_tokens: arguments.eval_tokens,
        final_tokens: arguments.final_tokens.unwrap_or(usize::MAX),
        folder,
    })
}

/// Width and numbers of a checkpoint's embedding matrix.
fn embeddings(folder: &Path) -> Result<(usize, Vec<f32>), String> {
    let wrong = |what: &dyn std::fmt::Display| format!("--embeddings {}: {what}", folder.display());
    let json = super::read_text(&folder.join("config.json")).map_err(|error| wrong(&error))?;
    let config = ModelConfig::from_json(&json).map_err(|error| wrong(&error))?;
    let weights = read_weights(folder).map_err(|error| wrong(&error))?;
    let model = checkpoint::load_files(&config, &named(&weights), &Device::flex()).map_err(|error| wrong(&error))?;
    Ok((config.hidden_size, model.embedding.val().into_data().iter::<f32>().collect()))
}

/// Trains one model on a corpus.
pub(super) fn run(arguments: &Arguments, folder: &Path) -> Result<(), String> {
    // Checked before the corpus is read, which takes a while.
    plan(arguments)?;
    let words = |error: TrainError| error.to_string();
    let tokenizer = super::read_tokenizer(&arguments.tokenizer)?;
    eprintln!("Reading and tokenising {}", folder.display());
    let train = corpus::read(folder, "train", &tokenizer).map_err(words)?;
    let valid = corpus::read(folder, "valid", &tokenizer).map_err(words)?;
    let tokens: usize = train.iter().map(|domain| domain.ids.len()).sum();
    eprintln!("{} domains, {:.1} million tokens", train.len(), tokens as f64 / 1e6);
    let stop = stop_at_ctrl_c()?;
    let reporter = Reporter { stop: &stop, hold: &|| Duration::ZERO, at_save: &mut |_, _, _, _| Ok(()) };
    train_on(arguments, &tokenizer, &train, &valid, reporter)
}

/// A flag that Ctrl-C sets; may be called once.
pub(super) fn stop_at_ctrl_c() -> Result<Arc<AtomicBool>, String> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::SeqCst))
        .map_err(|error| format!("Ctrl-C cannot be caught: {error}"))?;
    Ok(stop)
}

/// What a run on a corpus asks of whoever started it, and tells.
pub(super) struct Reporter<'a> {
    /// Set when the run should save and end.
    pub stop: &'a AtomicBool,
    /// Called before each step; may wait, and says how long it did.
    pub hold: &'a dyn Fn() -> Duration,
    /// Called when the state was saved and measured: the step, the last step, bits per byte, and the time held so far
    /// since the call before.
    pub at_save: &'a mut dyn FnMut(usize, usize, f64, Duration) -> Result<(), String>,
}

/// Experts of all layers that no held-out token chose, of the first `stacked` of each: "pass" is no expert.
fn dead(load: &[Vec<f64>], stacked: usize) -> usize {
    load.iter().flat_map(|layer| layer.iter().take(stacked)).filter(|&&share| share == 0.0).count()
}

/// Trains one run on a corpus that is read already, from where it was left.
pub(super) fn train_on(
    arguments: &Arguments,
    tokenizer: &Tokenizer,
    train: &[Domain],
    valid: &[Domain],
    reporter: Reporter<'_>,
) -> Result<(), String> {
    let plan = plan(arguments)?;
    let words = |error: TrainError| error.to_string();
    let mut run = TrainingRun::open(&plan, tokenizer.vocab_size(), tokenizer.end_of_text(), train).map_err(words)?;
    let bar = super::bar(plan.steps as u64, "steps").with_position(run.progress.step as u64);
    let mut log = Log::open(&plan, run.progress.step).map_err(words)?;
    let (preset, seed, step_tokens) = (plan.preset.name, plan.seed, plan.batch * plan.len);
    let held = Cell::new(Duration::ZERO);
    let mut news = |news: News<'_>| -> Result<(), TrainError> {
        match news {
            News::Step { step, loss, speed } => {
                bar.set_position(step as u64);
                bar.set_message(format!("loss {loss:.3}, {speed:.0} tokens/s"));
                log.step(step, loss, speed)
            }
            News::Evaluation { step, seconds, result } => {
                let line = Line {
                    preset,
                    seed,
                    step,
                    tokens: step * step_tokens,
                    seconds,
                    loss: result.loss,
                    bits_per_byte: result.bits_per_byte,
                    max_over_mean: result.max_over_mean,
                    max_over_mean_by_layer: &result.max_over_mean_by_layer,
                    dead_experts: dead(&result.load, plan.preset.router.stacked(plan.preset.experts)),
                    published_bits_per_byte: result.published_bits_per_byte,
                };
                if arguments.json {
                    super::print_json(&line).map_err(TrainError::new)?;
                }
                let said = format!(
                    "step {step}: {:.3} bits per byte on held-out text, largest load over mean {:.2}",
                    result.bits_per_byte, result.max_over_mean
                );
                // A bar that nobody sees prints nothing.
                match bar.is_hidden() {
                    true => eprintln!("{said}"),
                    false => bar.println(said),
                }
                (reporter.at_save)(step, plan.steps, result.bits_per_byte, held.take()).map_err(TrainError::new)?;
                log.evaluation(&line)
            }
        }
    };
    let stop = || {
        held.set(held.get() + (reporter.hold)());
        reporter.stop.load(Ordering::SeqCst)
    };
    let result = run.train(&plan, train, valid, &stop, &mut news).map_err(words)?;
    bar.abandon();
    let tokenizer_json = plan.folder.join("tokenizer.json");
    std::fs::write(&tokenizer_json, tokenizer.to_json())
        .map_err(|error| format!("{} cannot be written: {error}", tokenizer_json.display()))?;
    if run.progress.step == plan.steps {
        // A run that was ended between its last step and its last evaluation has none.
        let missing = || (!plan.folder.join("result.json").exists()).then(|| run.measure(&plan, valid));
        if let Some(result) = result.or_else(missing) {
            log.result(&plan, &run, result).map_err(words)?;
        }
    }
    let (step, folder) = (run.progress.step, plan.folder.display());
    match step < plan.steps {
        true => eprintln!("Stopped and saved after step {step}; the same command goes on from there."),
        false => eprintln!("Finished after step {step}: weights, logs and result.json are in {folder}"),
    }
    Ok(())
}

/// `steps.csv` and `evaluations.csv` in the run's folder. Rows of steps that are done again after a resume are cut.
struct Log {
    steps: std::fs::File,
    evaluations: std::fs::File,
}

impl Log {
    fn open(plan: &Plan, step: usize) -> Result<Self, TrainError> {
        let open = |name: &str, header: &str| -> Result<std::fs::File, TrainError> {
            let path = plan.folder.join(name);
            let failed = |error: std::io::Error| TrainError::new(format!("{}: {error}", path.display()));
            std::fs::create_dir_all(&plan.folder).map_err(failed)?;
            let old = std::fs::read_to_string(&path).unwrap_or_default();
            let done =
                |line: &&str| line.split(',').next().and_then(|n| n.parse().ok()).is_some_and(|n: usize| n <= step);
            let kept: String = old.lines().filter(done).map(|line| format!("{line}\n")).collect();
            let mut file = std::fs::File::create(&path).map_err(failed)?;
            write!(file, "{header}\n{kept}").map_err(failed)?;
            Ok(file)
        };
        Ok(Self {
            steps: open("steps.csv", "step,loss_nats_per_token,tokens_per_second")?,
            evaluations: open(
                "evaluations.csv",
                if plan.preset.router.causal() { log::EVALUATIONS } else { log::PUBLISHED_EVALUATIONS },
            )?,
        })
    }

    /// Writes result.json.
    fn result(&self, plan: &Plan, run: &TrainingRun, measured: LoggedEvaluation) -> Result<(), TrainError> {
        let path = plan.folder.join("result.json");
        let failed = |error: &dyn std::fmt::Display| TrainError::new(format!("{}: {error}", path.display()));
        let (tokens, seconds) = (plan.steps * plan.batch * plan.len, run.progress.seconds);
        let result = RunResult {
            preset: plan.preset.name.to_owned(),
            summary: plan.preset.summary.to_owned(),
            seed: plan.seed,
            steps: plan.steps,
            tokens,
            seconds,
            tokens_per_second: tokens as f64 / seconds,
            cost: Cost::of(&run.config),
            measured,
        };
        let json = serde_json::to_string_pretty(&result).map_err(|error| failed(&error))?;
        std::fs::write(&path, json + "\n").map_err(|error| failed(&error))
    }

    fn step(&mut self, step: usize, loss: f32, speed: f64) -> Result<(), TrainError> {
        writeln!(self.steps, "{step},{loss},{speed:.0}").map_err(|error| TrainError::new(format!("steps.csv: {error}")))
    }

    fn evaluation(&mut self, line: &Line<'_>) -> Result<(), TrainError> {
        let Line { step, tokens, seconds, loss, bits_per_byte, max_over_mean, dead_experts, .. } = line;
        let published = line.published_bits_per_byte.map_or_else(String::new, |bits| format!(",{bits}"));
        writeln!(
            self.evaluations,
            "{step},{tokens},{seconds:.1},{loss},{bits_per_byte},{max_over_mean},{dead_experts}{published}"
        )
        .map_err(|error| TrainError::new(format!("evaluations.csv: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::dead;

    /// Two layers of three blocks and "pass": E2 of the first and E1 and E3 of the second are dead.
    #[test]
    fn to_pass_is_not_dead() {
        let load = [vec![0.75, 0.0, 0.25, 0.0], vec![0.0, 0.5, 0.0, 0.5]];
        assert_eq!((dead(&load, 3), dead(&load, 4)), (3, 4));
    }
}
