//! The native command: `moescope trace|eval|train|bench|export|results|tokenizer`.
//!
//! Progress goes to standard error. With `--json`, standard output holds JSON and nothing else. Bad input ends with exit
//! code 2 and one line that says what was wrong.

mod bench;
mod eval;
mod export;
mod lab;
mod lab_folder;
mod queue;
mod results;
mod tidy;
mod tokenizer;
mod trace;
mod train;
mod training;

use crate::error::ModelError;
use crate::utf16;
use clap::{Parser, Subcommand};
use std::io::Write as _;

/// Routes texts through a mixture-of-experts model, measures it and trains it.
#[derive(Parser, Debug)]
#[command(name = "moescope", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Route a text and print the chosen experts, or the whole trace as JSON.
    Trace(trace::Arguments),
    /// Measure a model on held-out text: bits per byte and balance by domain.
    Eval(eval::Arguments),
    /// Train a model: on a corpus, or one of the training lab's small ones on bundled text.
    Train(Box<train::Arguments>),
    /// Measure how fast the training lab's model is trained here, and against PyTorch.
    Bench(bench::Arguments),
    /// Write a trained run as a checkpoint to ship: 16-bit weights, tokenizer and a card of measured results.
    Export(export::Arguments),
    /// Make the tables of docs/results.md and of the page from the logs of training runs.
    Results(results::Arguments),
    /// Train a tokenizer on a corpus.
    Tokenizer(tokenizer::Arguments),
}

/// Prints lines; quietly ends where the reader of a pipe has seen enough.
fn print_lines(lines: impl Iterator<Item = String>) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        match writeln!(out, "{line}") {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            result => result.map_err(|error| format!("standard output cannot be written: {error}"))?,
        }
    }
    Ok(())
}

/// Runs the command that the arguments ask for.
pub fn main() -> std::process::ExitCode {
    let result = match Arguments::parse().command {
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Train(arguments) => training::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Results(arguments) => results::run(&arguments),
        Command::Tokenizer(arguments) => tokenizer::run(&arguments),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("moescope: {message}");
            std::process::ExitCode::from(2)
        }
    }
}

/// Reads a file as text, in UTF-8 or UTF-16, naming it if that fails.
fn read_text(path: &std::path::Path) -> Result<String, String> {
    let failed = |why: &dyn std::fmt::Display| format!("{} cannot be read: {why}", path.display());
    utf16::whole(std::fs::read(path).map_err(|error| failed(&error))?).map_err(|why| failed(&why))
}

/// Prints `value` as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), String> {
    let line =
        serde_json::to_string(value).map_err(|error| format!("the result cannot be written as JSON: {error}"))?;
    println!("{line}");
    Ok(())
}

/// The tokenizer of a checkpoint's folder.
fn read_tokenizer(path: &std::path::Path) -> Result<crate::token::Tokenizer, String> {
    let json = read_text(path)?;
    if let Some(other) = crate::model::mistaken(&path.display().to_string(), json.as_bytes()) {
        return Err(other.to_string());
    }
    let read = crate::token::Tokenizer::from_json(&json);
    read.map_err(|error| format!("{}: {}", path.display(), ModelError::from(error)))
}

/// A progress bar on standard error.
fn bar(len: u64, unit: &str) -> indicatif::ProgressBar {
    let template = format!("{{msg}} {{wide_bar}} {{pos}}/{{len}} {unit} {{elapsed}}<{{eta}}");
    let style =
        indicatif::ProgressStyle::with_template(&template).unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    indicatif::ProgressBar::new(len).with_style(style)
}
