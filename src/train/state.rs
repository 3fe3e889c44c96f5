//! A run on disk: weights and moments in 32 bits, the step and the settings, so that resuming goes on exactly.

use super::TrainError;
use super::moments;
use super::optimizer::Moments;
use crate::model::checkpoint::{self, Precision};
use crate::model::{ModelConfig, Transformer};
use burn::tensor::Device;
use pollster::block_on;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a run is and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The preset's name.
    pub preset: String,
    /// Decides the initial weights and the order of the texts.
    pub seed: u64,
    /// Steps done.
    pub step: usize,
    /// Sequences a step.
    pub batch: usize,
    /// Tokens a sequence.
    pub len: usize,
    /// Seconds spent in steps so far.
    pub seconds: f64,
    /// Hash of the corpus' tokens: another corpus would not continue the same run.
    pub corpus: u64,
}

impl Progress {
    /// Where two runs differ in what they are, in words; `None` if only in how far they have come.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let both = |what: &str, here: &dyn std::fmt::Display, there: &dyn std::fmt::Display| {
            format!("its {what} is {here}, not {there}")
        };
        let differences = [
            (self.preset != other.preset).then(|| both("preset", &self.preset, &other.preset)),
            (self.seed != other.seed).then(|| both("seed", &self.seed, &other.seed)),
            (self.batch != other.batch).then(|| both("batch", &self.batch, &other.batch)),
            (self.len != other.len).then(|| both("length of a sequence", &self.len, &other.len)),
            (self.corpus != other.corpus).then(|| "its texts or their tokenizer are others".to_owned()),
        ];
        let words: Vec<String> = differences.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> TrainError + '_ {
    move |error| TrainError::new(format!("{}: {error}", path.display()))
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let fresh = path.with_extension("new");
    std::fs::write(&fresh, bytes).map_err(io(&fresh))?;
    std::fs::rename(&fresh, path).map_err(io(path))
}

/// Writes the run's state into `folder`. `progress.json` comes last: it marks the state as whole.
///
/// # Errors
/// If a file cannot be written.
pub fn save(
    folder: &Path,
    model: &Transformer,
    config: &ModelConfig,
    moments: &Moments,
    progress: &Progress,
) -> Result<(), TrainError> {
    std::fs::create_dir_all(folder).map_err(io(folder))?;
    replace(&folder.join("config.json"), config.to_json()?.as_bytes())?;
    replace(&folder.join("model.safetensors"), &checkpoint::save(model, Precision::Single)?)?;
    replace(&folder.join("moments.safetensors"), &block_on(moments::to_bytes(moments))?)?;
    let json = serde_json::to_string_pretty(progress)
        .map_err(|error| TrainError::new(format!("progress.json cannot be written: {error}")))?;
    replace(&folder.join("progress.json"), json.as_bytes())
}

/// Reads a run's state; `None` if `folder` holds none.
///
/// # Errors
/// If a file is missing or is not what it should be.
pub fn load(
    folder: &Path,
    device: &Device,
) -> Result<Option<(Transformer, ModelConfig, Moments, Progress)>, TrainError> {
    let path = folder.join("progress.json");
    if !path.exists() {
        return Ok(None);
    }
    let text = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).map_err(io(&path))
    };
    let bytes = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(io(&path))
    };
    let progress: Progress = serde_json::from_str(&text("progress.json")?)
        .map_err(|error| TrainError::new(format!("{}: {error}", path.display())))?;
    let mut config = ModelConfig::from_json(&text("config.json")?)?;
    let model = checkpoint::load(&config, &bytes("model.safetensors")?, device)?;
    config.tie_word_embeddings = true; // It loaded, so they are, and are written so.
    let moments = moments::from_bytes(&bytes("moments.safetensors")?, device)?;
    Ok(Some((model, config, moments, progress)))
}
