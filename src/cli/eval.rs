//! `moescope eval`: bits per byte and balance by domain.

use crate::engine::native::{named, read_weights};
use crate::model::{ModelConfig, checkpoint};
use crate::token::Tokenizer;
use crate::train::preset::MixtureError;
use crate::train::{corpus, evaluate};
use burn::tensor::Device;
use std::path::{Path, PathBuf};

/// See `moescope eval --help`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Checkpoint folder with config.json, model.safetensors and tokenizer.json (or that in the folder above).
    #[arg(long)]
    model: PathBuf,
    /// Folder with <domain>.valid.txt.zst files.
    #[arg(long)]
    corpus: PathBuf,
    /// At most this many tokens of each domain.
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    tokens: usize,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let result = measure(&arguments.model, &arguments.corpus, arguments.tokens)?;
    if arguments.json {
        return super::print_json(&result);
    }
    println!("{:<12} {:>10} {:>12}", "domain", "bits/byte", "nats/token");
    for domain in &result.domains {
        println!("{:<12} {:>10.3} {:>12.3}", domain.name, domain.bits_per_byte, domain.loss);
    }
    println!("{:<12} {:>10.3} {:>12.3}", "mean", result.bits_per_byte, result.loss);
    let layers: Vec<String> = result.max_over_mean_by_layer.iter().map(|value| format!("{value:.2}")).collect();
    println!("largest load over mean load, by layer: {}", layers.join(", "));
    Ok(())
}

/// Measures a checkpoint on the valid files.
fn measure(model: &Path, folder: &Path, tokens: usize) -> Result<evaluate::LoggedEvaluation, String> {
    let config =
        ModelConfig::from_json(&super::read_text(&model.join("config.json"))?).map_err(|error| error.to_string())?;
    let tokenizer = super::read_tokenizer(&model.join(config.tokenizer_file()))?;
    measure_files(&config, &tokenizer, &read_weights(model).map_err(|error| error.to_string())?, folder, tokens)
}

/// The same for a checkpoint that need not lie in a folder: weight files by name.
pub(super) fn measure_files(
    config: &ModelConfig,
    tokenizer: &Tokenizer,
    weights: &[(String, Vec<u8>)],
    folder: &Path,
    tokens: usize,
) -> Result<evaluate::LoggedEvaluation, String> {
    config.check_tokens(tokenizer.vocab_size()).map_err(|error| error.to_string())?;
    let network =
        checkpoint::load_files(config, &named(weights), &Device::flex()).map_err(|error| error.to_string())?;
    let valid = corpus::read(folder, "valid", tokenizer).map_err(|error| error.to_string())?;
    let total: usize = valid.iter().map(|domain| domain.ids.len().min(tokens)).sum();
    let bar = super::bar(total as u64, "tokens");
    let count = |done| bar.inc(done as u64);
    let result = evaluate::evaluate(&network, config, &valid, tokens, MixtureError::Cooperative, count);
    bar.finish_and_clear();
    Ok(result)
}
