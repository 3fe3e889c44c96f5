//! A run on disk: weights and moments in 32 bits, the step and the settings, so that resuming goes on exactly.

use super::TrainError;
use super::optimizer::Moments;
use crate::model::checkpoint::{self, Precision};
use crate::model::{ModelConfig, Transformer};
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    replace(&folder.join("moments.safetensors"), &moments_to_bytes(moments)?)?;
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
    let config = ModelConfig::from_json(&text("config.json")?)?;
    let model = checkpoint::load(&config, &bytes("model.safetensors")?, device)?;
    let moments = moments_from_bytes(&bytes("moments.safetensors")?, device)?;
    Ok(Some((model, config, moments, progress)))
}

fn moments_to_bytes(moments: &Moments) -> Result<Vec<u8>, TrainError> {
    let failed = |error: String| TrainError::new(format!("moments.safetensors cannot be written: {error}"));
    let mut data = BTreeMap::new();
    for (prefix, map) in [("first", &moments.first), ("second", &moments.second)] {
        for (path, tensor) in map {
            let values = tensor.clone().try_into_data().map_err(|error| failed(format!("{error:?}")))?;
            let bytes: Vec<u8> = values.iter::<f32>().flat_map(f32::to_le_bytes).collect();
            data.insert(format!("{prefix}.{path}"), (tensor.dims().to_vec(), bytes));
        }
    }
    let mut views = Vec::with_capacity(data.len());
    for (name, (shape, bytes)) in &data {
        views.push((
            name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|error| failed(error.to_string()))?,
        ));
    }
    safetensors::serialize(views, None).map_err(|error| failed(error.to_string()))
}

fn moments_from_bytes(bytes: &[u8], device: &Device) -> Result<Moments, TrainError> {
    let failed = |what: String| TrainError::new(format!("moments.safetensors: {what}"));
    let file = SafeTensors::deserialize(bytes).map_err(|error| failed(error.to_string()))?;
    let mut moments = Moments::default();
    for (name, view) in file.iter() {
        let values: Vec<f32> = view.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let shape: [usize; 3] =
            view.shape().try_into().map_err(|_| failed(format!("`{name}` has the shape {:?}", view.shape())))?;
        let tensor = Tensor::<3>::from_data(TensorData::new(values, shape), device);
        match name.split_once('.') {
            Some(("first", path)) => moments.first.insert(path.to_owned(), tensor),
            Some(("second", path)) => moments.second.insert(path.to_owned(), tensor),
            _ => return Err(failed(format!("`{name}` is not a moment"))),
        };
    }
    Ok(moments)
}
