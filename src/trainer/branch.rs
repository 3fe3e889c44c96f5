//! One line of training: settings, the changes made to them, and the model as it is now.

use super::data::Data;
use super::{measure, neighbours, shape};
use crate::device::OpenDevice;
use crate::error::TrainError;
use crate::model::checkpoint::{self, Precision};
use crate::model::{Block, ModelConfig, Transformer};
use crate::run::fault::{Divergence, LabFault};
use crate::run::protocol::BranchInfo;
use crate::run::record::{BranchId, StepRecord};
use crate::run::settings::{Coefficients, Settings};
use crate::train::batches::batch;
use crate::train::optimizer::Moments;
use crate::train::step::{StepOutput, step};
use crate::train::{hash_tables, moments};
use burn::module::Module as _;
use burn::tensor::Tensor;
use web_time::Instant;

/// A branch.
#[derive(Clone)]
pub struct TrainedBranch {
    /// Its number, from 0; people read it from 1.
    pub id: BranchId,
    /// The branch that it begins as, and after how many steps.
    pub parent: Option<(BranchId, u64)>,
    /// The settings that it began with.
    pub settings: Settings,
    /// Changes of coefficients: from which step on, and which.
    pub changes: Vec<(u64, Coefficients)>,
    /// Where it is now.
    pub head: Head,
}

/// A model under training.
#[derive(Clone)]
pub struct Head {
    /// With gradients.
    pub model: Transformer,
    /// The optimizer's moments.
    pub moments: Moments,
    /// Steps done.
    pub step: u64,
}

/// Weights and moments in 32 bits, on the host: a model that can be gone back to.
#[derive(Clone)]
pub struct Snapshot {
    /// `model.safetensors`
    pub weights: Vec<u8>,
    /// `moments.safetensors`
    pub moments: Vec<u8>,
}

impl Snapshot {
    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        (self.weights.len() + self.moments.len()) as u64
    }
}

impl TrainedBranch {
    /// A branch that begins with random weights.
    ///
    /// # Errors
    /// If the model cannot be built.
    pub fn begin(id: BranchId, settings: Settings, data: &Data, device: &OpenDevice) -> Result<Self, LabFault> {
        let head = Head::begin(&settings, data, device)?;
        Ok(Self { id, parent: None, settings, changes: Vec::new(), head })
    }

    /// The settings with the coefficients that hold for the step after `step` steps.
    pub fn settings_at(&self, step: u64) -> Settings {
        let last = self.changes.iter().rev().find(|(from, _)| *from <= step);
        let coefficients = last.map_or(self.settings.coefficients, |(_, coefficients)| *coefficients);
        Settings { coefficients, ..self.settings.clone() }
    }

    /// Other coefficients from the next step on.
    ///
    /// # Errors
    /// If they cannot be.
    pub fn change(&mut self, coefficients: Coefficients) -> Result<(), LabFault> {
        coefficients.check(&self.settings)?;
        let step = self.head.step;
        if self.settings_at(step).coefficients == coefficients {
            return Ok(());
        }
        self.changes.retain(|(from, _)| *from < step);
        self.changes.push((step, coefficients));
        Ok(())
    }

    /// The branch in numbers.
    pub fn info(&self) -> BranchInfo {
        let Self { id, parent, changes, head, .. } = self;
        let settings = self.settings_at(head.step);
        let first = self.settings.coefficients;
        BranchInfo { id: *id, parent: *parent, step: head.step, settings, first, changes: changes.clone() }
    }

    /// Trains the head by one step.
    ///
    /// # Errors
    /// [`LabFault::Diverged`] if the loss is no number; the head is then as it was before.
    pub async fn step(&mut self, data: &Data, device: &OpenDevice) -> Result<StepRecord, LabFault> {
        let settings = self.settings_at(self.head.step);
        self.head.step(self.id, &settings, data, device).await
    }
}

impl Head {
    /// Random weights.
    ///
    /// # Errors
    /// If the model cannot be built.
    pub fn begin(settings: &Settings, data: &Data, device: &OpenDevice) -> Result<Self, LabFault> {
        let config = config(settings, data)?;
        let model = Transformer::init(&config, settings.seed, &device.device.clone().autodiff())?;
        let counts = hash_tables::counts(&data.train, config.vocab_size);
        let similar = hash_tables::needs_embeddings(&config.router)
            .then(|| neighbours::embeddings(&data.train, config.vocab_size));
        let similar = similar.as_deref().map(|values| (neighbours::WIDTH, values));
        let model = hash_tables::prepare(model, &config.router, &counts, similar)?;
        Ok(Self { model, moments: Moments::default(), step: 0 })
    }

    /// One step.
    ///
    /// # Errors
    /// As [`TrainedBranch::step`].
    pub async fn step(
        &mut self,
        branch: BranchId,
        settings: &Settings,
        data: &Data,
        device: &OpenDevice,
    ) -> Result<StepRecord, LabFault> {
        let started = Instant::now();
        let config = config(settings, data)?;
        let tuning = shape::tuning(&settings.coefficients);
        let tune = |block: Block| Block { router: block.router.tuned(tuning), ..block };
        let blocks = std::mem::take(&mut self.model.blocks);
        self.model.blocks = blocks.into_iter().map(tune).collect();
        let how = shape::how(&config, settings, self.step, device.compute);
        let batch = batch(&data.train, self.step as usize, settings.batch, settings.len, settings.seed);
        let StepOutput { model, loss, routings } = step(&self.model, &mut self.moments, batch, &how).await?;
        if !loss.is_finite() {
            return Err(self.diverged(branch, settings, loss).await);
        }
        self.model = model;
        self.step += 1;
        let none = Tensor::<1>::zeros([1], &self.model.embedding.val().device());
        let (layers, _) = measure::read(routings, none).await?;
        Ok(StepRecord {
            branch,
            step: self.step,
            loss,
            millis: started.elapsed().as_secs_f32() * 1e3,
            layers: layers.iter().map(|layer| layer.record(settings.method)).collect(),
        })
    }

    /// The model without gradients.
    pub fn model(&self) -> Transformer {
        self.model.valid()
    }

    /// Weights and moments on the host.
    ///
    /// # Errors
    /// [`LabFault::Diverged`] if a weight is no finite number.
    pub async fn snapshot(&self, branch: BranchId, settings: &Settings) -> Result<Snapshot, LabFault> {
        let weights = checkpoint::save_async(&self.model, Precision::Single).await?;
        if largest(&weights).is_none() {
            return Err(self.diverged(branch, settings, f32::NAN).await);
        }
        Ok(Snapshot { weights, moments: moments::to_bytes(&self.moments).await? })
    }

    /// As it was when the snapshot was made.
    ///
    /// # Errors
    /// If the snapshot does not belong to these settings.
    pub fn restore(
        snapshot: &Snapshot,
        config: &ModelConfig,
        step: u64,
        device: &OpenDevice,
    ) -> Result<Self, LabFault> {
        let model = checkpoint::load(config, &snapshot.weights, &device.device)?.train();
        Ok(Self { model, moments: moments::from_bytes(&snapshot.moments, &device.device)?, step })
    }

    /// What happened to a loss that is no number, as far as the weights tell.
    async fn diverged(&self, branch: BranchId, settings: &Settings, loss: f32) -> LabFault {
        let weights = checkpoint::save_async(&self.model, Precision::Single).await.unwrap_or_default();
        LabFault::Diverged(Divergence {
            branch,
            step: self.step + 1,
            back: 0,
            loss,
            rate: settings.coefficients.learning_rate,
            largest: largest(&weights),
        })
    }
}

/// The model's shape with the real vocabulary.
///
/// # Errors
/// If nobody can train the method.
pub fn config(settings: &Settings, data: &Data) -> Result<ModelConfig, TrainError> {
    shape::config(settings, data.tokenizer.vocab_size())
}

/// The largest absolute weight of a checkpoint; `None` if one is not finite.
fn largest(weights: &[u8]) -> Option<f32> {
    let file = safetensors::SafeTensors::deserialize(weights).ok()?;
    let mut most: f32 = 0.0;
    for (_, view) in file.iter() {
        for &bytes in view.data().as_chunks().0 {
            let value = f32::from_le_bytes(bytes);
            if !value.is_finite() {
                return None;
            }
            most = most.max(value.abs());
        }
    }
    Some(most)
}
