//! `moescope bench`: how fast the training lab's model is trained on this machine's CPU, and with `--pytorch` how fast
//! PyTorch is beside it ([`pytorch`]); with `--methods` how fast every method of the common size is ([`methods`]).
//!
//! The model is Mixtral's with the lab's default size, because transformers has the same one.

mod methods;
mod pytorch;

use crate::device::OpenDevice;
use crate::kernels::parallel;
use crate::protocol::DeviceReason;
use crate::run::Settings;
use crate::trainer::Experiment;
use pollster::block_on;
use serde::Serialize;
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
    /// A Python with tests/reference/requirements.txt: measures PyTorch too, by turns, with this shape and the shipped one.
    #[arg(long, value_name = "PYTHON")]
    pytorch: Option<PathBuf>,
    /// The folder with the shipped shape.
    #[arg(long, value_name = "DIR", default_value = "assets/models/mixtral")]
    model: PathBuf,
    /// Folder of the corpus: measures how fast every method of the common size is trained, by turns, and writes `--csv`.
    #[arg(long, value_name = "CORPUS", conflicts_with_all = ["pytorch", "json"])]
    methods: Option<PathBuf>,
    /// Where those speeds go; `moescope results` reads them there.
    #[arg(long, value_name = "FILE", default_value = "results/speed.csv")]
    csv: PathBuf,
    /// Print lines of JSON.
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
}

/// Steps that are not counted.
const WARM: usize = 20;

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if let Some(corpus) = &arguments.methods {
        return methods::measure(corpus, &arguments.csv);
    }
    let method = crate::methods::trained_named(&arguments.method).ok_or_else(|| {
        let names: Vec<&str> = crate::methods::trained().map(|method| method.id).collect();
        format!("--method {}: there are {}", arguments.method, names.join(", "))
    })?;
    if arguments.steps == 0 {
        return Err("--steps must be at least 1".to_owned());
    }
    if arguments.pytorch.is_some() && method != &crate::methods::MIXTRAL {
        return Err(format!("--method {}: transformers has only mixtral, leave one of both out", arguments.method));
    }
    let settings = Settings { method, top_k: 2, inner: 48, ..Settings::default() }.fitted();
    let device = OpenDevice::cpu(DeviceReason::CpuChosen);
    let mut run = block_on(Experiment::start(&settings, None, "", device)).map_err(|error| error.to_string())?;
    if let Some(python) = &arguments.pytorch {
        return pytorch::compare(python, &mut run, arguments.steps, &arguments.model, arguments.json);
    }
    let median = milliseconds(&mut run, arguments.steps)?;
    let speed = Speed {
        method: method.id.to_owned(),
        parameters: crate::run::memory::parameters(&settings),
        batch: settings.batch,
        len: settings.len,
        threads: parallel::workers(),
        steps: arguments.steps,
        milliseconds_per_step: median,
        steps_per_second: 1e3 / median,
        train_tokens_per_second: settings.tokens() as f64 * 1e3 / median,
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
    Ok(())
}

/// Milliseconds of a step of the first branch, median.
fn milliseconds(run: &mut Experiment, steps: usize) -> Result<f64, String> {
    let mut millis = Vec::with_capacity(steps);
    for step in 0..WARM + steps {
        let started = Instant::now();
        block_on(run.step(0)).map_err(|error| error.to_string())?;
        if step >= WARM {
            millis.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    millis.sort_by(f64::total_cmp);
    Ok(millis[millis.len() / 2])
}
