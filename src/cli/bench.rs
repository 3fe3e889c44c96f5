//! `moescope bench`: how fast the training lab's model is trained on this machine's CPU, and against PyTorch.
//!
//! The model is Mixtral's with the lab's default size, because transformers has the same one: `--folder` writes it, and
//! `tests/reference/speed.py FOLDER --batch 8 --len 64 --steps 100` trains it with PyTorch on the same machine. `--against`
//! reads what that printed and gives the ratio, above 1 where ours is faster.

use crate::engine::OpenDevice;
use crate::engine::native::block_on;
use crate::kernels::parallel;
use crate::lab::{Experiment, Method, Settings};
use crate::model::checkpoint::Precision;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Instant;

/// See `moescope bench --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Steps that are measured.
    #[arg(long, default_value_t = 200)]
    steps: usize,
    /// Another routing method of the lab; PyTorch has only the default.
    #[arg(long, default_value = "mixtral")]
    method: String,
    /// Writes the model's folder for tests/reference/speed.py.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// What tests/reference/speed.py printed: prints the ratio to its fastest way.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Print a line of JSON.
    #[arg(long)]
    json: bool,
}

/// What was measured.
#[derive(Serialize)]
struct Speed {
    method: String,
    parameters: u64,
    batch: usize,
    len: usize,
    threads: usize,
    steps: usize,
    /// Median over the steps, read-back of the routing included.
    milliseconds_per_step: f64,
    steps_per_second: f64,
    train_tokens_per_second: f64,
    /// PyTorch's fastest way to compute the experts, if known.
    pytorch: Option<Pytorch>,
    /// Ours over PyTorch's tokens a second.
    ratio: Option<f64>,
}

/// A line of tests/reference/speed.py.
#[derive(Clone, Deserialize, Serialize)]
struct Pytorch {
    experts: String,
    train_tokens_per_second: Option<f64>,
    torch: String,
    threads: usize,
}

/// Steps that are not counted.
const WARM: usize = 20;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let words = |error: crate::lab::LabError| error.to_string();
    let method = Method::named(&arguments.method).ok_or_else(|| {
        let names: Vec<&str> = Method::ALL.into_iter().map(Method::name).collect();
        format!("--method {}: there are {}", arguments.method, names.join(", "))
    })?;
    if arguments.steps == 0 {
        return Err("--steps must be at least 1".to_owned());
    }
    let settings = Settings { method, top_k: 2, inner: 48, ..Settings::default() }.fitted();
    let device = OpenDevice::cpu("The bench is for the CPU.");
    let mut run = block_on(Experiment::start(&settings, None, "", device)).map_err(words)?;
    if let Some(folder) = &arguments.folder {
        write(&run, folder)?;
    }
    let mut millis = Vec::with_capacity(arguments.steps);
    for step in 0..WARM + arguments.steps {
        let started = Instant::now();
        block_on(run.step(0)).map_err(words)?;
        if step >= WARM {
            millis.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    millis.sort_by(f64::total_cmp);
    let median = millis[millis.len() / 2];
    let tokens = settings.tokens() as f64 * 1e3 / median;
    let pytorch = arguments.against.as_deref().map(fastest).transpose()?;
    let ratio = pytorch.as_ref().and_then(|line| line.train_tokens_per_second).map(|theirs| tokens / theirs);
    let speed = Speed {
        method: method.name().to_owned(),
        parameters: crate::lab::memory::parameters(&settings),
        batch: settings.batch,
        len: settings.len,
        threads: parallel::workers(),
        steps: arguments.steps,
        milliseconds_per_step: median,
        steps_per_second: 1e3 / median,
        train_tokens_per_second: tokens,
        pytorch,
        ratio,
    };
    if arguments.json {
        return super::print_json(&speed);
    }
    println!(
        "{}, {} parameters, {} x {} tokens a step, {} threads: {:.1} ms a step, {:.0} steps and {:.0} tokens a second",
        speed.method,
        speed.parameters,
        speed.batch,
        speed.len,
        speed.threads,
        speed.milliseconds_per_step,
        speed.steps_per_second,
        speed.train_tokens_per_second
    );
    if let (Some(Pytorch { experts, torch, threads, .. }), Some(ratio)) = (&speed.pytorch, speed.ratio) {
        let verdict = if ratio >= 1.0 { "faster than" } else { "as fast as" };
        println!("{ratio:.2} times {verdict} PyTorch {torch} ({experts} experts, {threads} threads)");
    }
    Ok(())
}

fn write(run: &Experiment, folder: &std::path::Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    for (name, bytes) in block_on(run.checkpoint(0, Precision::Single)).map_err(|error| error.to_string())? {
        std::fs::write(folder.join(name), bytes).map_err(failed)?;
    }
    Ok(())
}

/// The fastest of the lines.
fn fastest(path: &std::path::Path) -> Result<Pytorch, String> {
    let text = super::read_text(path)?;
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Pytorch>(line).ok());
    let speed = |line: &Pytorch| line.train_tokens_per_second.unwrap_or(0.0);
    lines
        .max_by(|a, b| speed(a).total_cmp(&speed(b)))
        .filter(|line| speed(line) > 0.0)
        .ok_or_else(|| format!("{} holds no line of tests/reference/speed.py with a speed", path.display()))
}
