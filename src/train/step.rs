//! One training step, the same for the native trainer and for the page: forward, loss, gradient, optimizer, and what routers
//! learn without a gradient.

use super::TrainError;
use super::batches::Batch;
use super::optimizer::{self, Moments, Rule, StepInfo};
use crate::kernels::cross_entropy;
use crate::model::{Block, Compute, Input, ModelConfig, Transformer};
use crate::router::{LossKind, Mode, Outcome, Routing};
use burn::tensor::{Int, Tensor, TensorData};

/// Weights of the routers' losses in the sum that is trained on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossCoefficients {
    /// Of [`LossKind::Balance`].
    pub balance: f64,
    /// Of [`LossKind::Z`].
    pub z: f64,
    /// Of [`LossKind::Importance`].
    pub importance: f64,
    /// Of [`LossKind::Load`].
    pub load: f64,
}

impl LossCoefficients {
    fn of(&self, kind: LossKind) -> f64 {
        match kind {
            LossKind::Balance => self.balance,
            LossKind::Z => self.z,
            LossKind::Importance => self.importance,
            LossKind::Load => self.load,
        }
    }
}

/// How a step is done.
#[derive(Clone, Copy, Debug)]
pub struct StepConfig<'a> {
    /// The model's shape.
    pub config: &'a ModelConfig,
    /// How the device computes.
    pub compute: Compute,
    /// Weights of the routers' losses.
    pub coefficients: LossCoefficients,
    /// The optimizer and its peak learning rates.
    pub rule: Rule,
    /// What the schedule multiplies them by.
    pub factor: f64,
    /// Decides all random choices of the routers.
    pub noise: u64,
    /// Steps done before this one.
    pub step: usize,
}

/// What a step gives.
pub struct StepOutput {
    /// The model after it.
    pub model: Transformer,
    /// Mean loss of the batch in nats per token, before it.
    pub loss: f32,
    /// What the routers decided.
    pub routings: Vec<Routing>,
}

/// A batch on its way through the model.
pub struct Pass {
    /// Mean loss of the batch in nats per token, [1].
    pub loss: Tensor<1>,
    /// What is trained on: the same with the routers' losses, [1].
    pub total: Tensor<1>,
    /// What the routers decided.
    pub routings: Vec<Routing>,
    /// Hidden states after the final norm, [T, d].
    hidden: Tensor<2>,
    /// The sequences' tasks, [batch].
    tasks: Vec<usize>,
    /// The tokens to be predicted, [T].
    targets: Vec<i32>,
}

/// The losses of a batch.
pub fn pass(model: &Transformer, batch: Batch, how: &StepConfig<'_>) -> Pass {
    let Batch { inputs, targets, domains } = batch;
    let input = Input { ids: inputs, batch: domains.len(), mode: Mode::Train { noise: how.noise }, tasks: domains };
    let forward = model.forward(&input, how.config, how.compute);
    let embedding = model.embedding.val();
    let ids = TensorData::new(targets.clone(), [targets.len()]);
    let ids = Tensor::<1, Int>::from_data(ids, &embedding.device());
    let loss = how.compute.mean_loss(forward.hidden.clone(), embedding, ids);
    let mut total = loss.clone();
    if how.config.num_local_experts > 1 {
        for own in forward.routings.iter().flat_map(|routing| &routing.losses) {
            total = total + own.value.clone() * how.coefficients.of(own.kind);
        }
    }
    Pass { loss, total, routings: forward.routings, hidden: forward.hidden, tasks: input.tasks, targets }
}

/// Trains `model` on a batch. If the loss is not a finite number, the model is not changed and neither are the moments;
/// [`StepOutput::loss`] tells.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn step(
    model: &Transformer,
    moments: &mut Moments,
    batch: Batch,
    how: &StepConfig<'_>,
) -> Result<StepOutput, TrainError> {
    let Pass { loss, total, routings, hidden, tasks, targets } = pass(model, batch, how);
    let losses = match how.config.router.wants_losses() {
        true => sequence_losses(model, hidden, &targets, tasks.len()).await?,
        false => Vec::new(),
    };
    let loss = floats(loss).await?.first().copied().unwrap_or(f32::NAN);
    let mut model = model.clone();
    if loss.is_finite() {
        let turn = StepInfo { factor: how.factor, step: how.step, compute: how.compute };
        model = optimizer::step(model, total.backward(), moments, how.rule, turn);
        let learn = |(block, routing): (Block, &Routing)| {
            let outcome = Outcome { routing, tasks: &tasks, losses: &losses };
            Block { router: block.router.after_step(&outcome), ..block }
        };
        model.blocks = model.blocks.into_iter().zip(&routings).map(learn).collect();
    }
    Ok(StepOutput { model, loss, routings })
}

/// Mean loss of each sequence in nats per token, outside the gradient; on the host.
async fn sequence_losses(
    model: &Transformer,
    hidden: Tensor<2>,
    targets: &[i32],
    batch: usize,
) -> Result<Vec<f32>, TrainError> {
    let (width, len) = (hidden.dims()[1], targets.len() / batch.max(1));
    let (hidden, embedding) = (floats(hidden).await?, floats(model.embedding.val()).await?);
    let losses = cross_entropy::losses(&hidden, &embedding, targets, width);
    Ok(losses.chunks(len.max(1)).map(|losses| losses.iter().sum::<f32>() / losses.len() as f32).collect())
}

/// A tensor's numbers, row after row.
pub(crate) async fn floats<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.detach().into_data_async().await;
    let data = data.map_err(TrainError::no_results)?;
    Ok(data.iter::<f32>().collect())
}
