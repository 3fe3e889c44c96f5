//! Tensors to numbers: one read-back for everything that a chunk of tokens gave.
//!
//! The vocabulary's logits would be by far the most of it. On a GPU they stay there: the loss and the few most likely tokens
//! are picked by the device. On the CPU they are computed a few rows at a time and looked at while they are in the cache.

use crate::error::DeviceFault;
use crate::kernels::matrix::{View, product};
use crate::kernels::vector;
use crate::model::{Compute, Forward, ModelError, Transformer};
use crate::router::Routing;
use crate::trace::Matrix;
use burn::tensor::activation::log_softmax;
use burn::tensor::{ExecutionError, Int, Tensor, TensorData, Transaction};

/// How many of the most likely tokens are kept for every position.
pub(super) const KEPT: usize = 10;

/// What the model said about a chunk of T tokens.
pub(super) struct Readout {
    /// One for each layer.
    pub layers: Vec<LayerReadout>,
    /// What may follow each token, [T].
    pub successors: Vec<Successors>,
    /// Logits after the last token, up to a constant, [V].
    pub last: Vec<f32>,
}

/// Routing of T tokens in one layer, row after row.
pub(super) struct LayerReadout {
    pub logits: Vec<f32>,
    pub probs: Vec<f32>,
    pub experts: Vec<u16>,
    pub weights: Vec<f32>,
    pub dropped: Vec<bool>,
    /// Tokens that an expert may take, if there is a limit.
    pub capacity: Option<usize>,
    /// What else the method decides with, rows of E.
    pub extra: Matrix<f32>,
}

/// What may follow a token.
pub(super) struct Successors {
    /// The most likely ids with their probabilities, most likely first; the lower id first where they are equal.
    pub top: Vec<(u32, f32)>,
    /// `-ln p` of the token that did follow, where it is known.
    pub loss: Option<f32>,
}

/// Rows of logits that are looked at together on the CPU.
const ROWS: usize = 64;

/// Reads a chunk back. `targets` are the tokens that follow each of the chunk's, as far as they are known. Rows of the output
/// matrix from `known` on are no tokens: they have their share of the probability, and are never among the most likely.
/// `embedding` keeps the output matrix [V, d] for the CPU; the first call fills it.
pub(super) async fn read(
    model: &Transformer,
    forward: Forward,
    targets: &[u32],
    known: usize,
    compute: Compute,
    embedding: &mut Option<Vec<f32>>,
) -> Result<Readout, ModelError> {
    let mut transaction = Transaction::default();
    let facts = |routing: &Routing| {
        let columns = routing.extra.as_ref().map(|extra| extra.dims()[1]);
        (routing.dropped.is_some(), routing.capacity, columns)
    };
    let limits: Vec<_> = forward.routings.iter().map(facts).collect();
    for routing in forward.routings {
        transaction = transaction
            .register(routing.logits)
            .register(routing.probs)
            .register(routing.experts)
            .register(routing.weights);
        if let Some(dropped) = routing.dropped {
            transaction = transaction.register(dropped.int());
        }
        if let Some(extra) = routing.extra {
            transaction = transaction.register(extra);
        }
    }
    let wanted = compute == Compute::Sparse && embedding.is_none();
    transaction = match compute {
        Compute::Sparse => transaction.register(forward.hidden),
        Compute::Dense => register_picked(transaction, model.logits(forward.hidden), targets, known),
    };
    if wanted {
        transaction = transaction.register(model.embedding.val());
    }
    let mut data = transaction.execute_async().await.map_err(|error| unreadable(&error))?.into_iter();
    let mut read_layers = Vec::with_capacity(limits.len());
    for (drops, capacity, columns) in limits {
        let (logits, probs) = (floats(data.next())?, floats(data.next())?);
        let experts: Vec<u16> = ids(data.next())?.into_iter().map(|id| id as u16).collect();
        let weights = floats(data.next())?;
        let dropped = match drops {
            true => ids(data.next())?.into_iter().map(|flag| flag != 0).collect(),
            false => vec![false; experts.len()],
        };
        let extra = match columns {
            Some(columns) => Matrix::new(columns, floats(data.next())?).ok_or_else(missing)?,
            None => Matrix::default(),
        };
        read_layers.push(LayerReadout { logits, probs, experts, weights, dropped, capacity, extra });
    }
    let (successors, last) = match compute {
        Compute::Sparse => {
            let hidden = floats(data.next())?;
            if wanted {
                *embedding = Some(floats(data.next())?);
            }
            scan(&hidden, embedding.as_deref().unwrap_or_default(), model.embedding.dims(), targets, known)?
        }
        Compute::Dense => picked(&mut data, targets.len())?,
    };
    Ok(Readout { layers: read_layers, successors, last })
}

/// On the device: log-probabilities, the most likely of them, those of the targets, and the last row.
fn register_picked(transaction: Transaction, logits: Tensor<2>, targets: &[u32], known: usize) -> Transaction {
    let [tokens, vocabulary] = logits.dims();
    let known = known.min(vocabulary);
    let log_probs = log_softmax(logits, 1).narrow(1, 0, known);
    let top = log_probs.clone().argtopk(KEPT.min(known.saturating_sub(1)), 1);
    let mut rows: Vec<i32> = targets.iter().map(|&id| id as i32).collect();
    rows.resize(tokens, 0);
    let rows = Tensor::<2, Int>::from_data(TensorData::new(rows, [tokens, 1]), &log_probs.device());
    transaction
        .register(top.clone())
        .register(log_probs.clone().gather(1, top))
        .register(log_probs.clone().gather(1, rows))
        .register(log_probs.narrow(0, tokens - 1, 1))
}

fn picked(
    data: &mut impl Iterator<Item = TensorData>,
    targets: usize,
) -> Result<(Vec<Successors>, Vec<f32>), ModelError> {
    let (top, log_probs, chosen, last) =
        (ids(data.next())?, floats(data.next())?, floats(data.next())?, floats(data.next())?);
    let kept = top.len() / chosen.len().max(1);
    let pairs: Vec<(u32, f32)> = top.into_iter().zip(log_probs.iter().map(|log| log.exp())).collect();
    let successors = pairs
        .chunks(kept.max(1))
        .zip(chosen)
        .enumerate()
        .map(|(row, (top, log))| Successors { top: top.to_vec(), loss: (row < targets).then_some(-log) })
        .collect();
    Ok((successors, last))
}

/// On the CPU: the same from hidden states [T, d] and the output matrix [V, d].
fn scan(
    hidden: &[f32],
    embedding: &[f32],
    [vocabulary, width]: [usize; 2],
    targets: &[u32],
    known: usize,
) -> Result<(Vec<Successors>, Vec<f32>), ModelError> {
    let mut targets = targets.iter();
    let mut successors = Vec::with_capacity(hidden.len() / width.max(1));
    let (mut logits, mut last) = (Vec::new(), Vec::new());
    for hidden in hidden.chunks(ROWS * width) {
        let rows = hidden.len() / width;
        logits.resize(rows * vocabulary, 0.0);
        product(&mut logits, View::new(hidden, rows, width), View::new(embedding, vocabulary, width).t());
        last.clear();
        last.extend_from_slice(&logits[(rows - 1) * vocabulary..][..known.min(vocabulary)]);
        for row in logits.chunks_exact_mut(vocabulary) {
            let target = targets.next().and_then(|&id| row.get(id as usize)).copied();
            successors.push(successor(row, target, known)?);
        }
    }
    Ok((successors, last))
}

/// What a row of logits says, of which the first `known` are tokens; the row is used up.
fn successor(row: &mut [f32], target: Option<f32>, known: usize) -> Result<Successors, ModelError> {
    let (tokens, others) = row.split_at(known.min(row.len()));
    let top = largest(tokens, KEPT);
    let max = others.iter().copied().fold(top.first().map_or(0.0, |&(_, logit)| logit), f32::max);
    let sum = vector::exp_shifted(row, max);
    if !sum.is_finite() {
        return Err(ModelError::NotFinite);
    }
    let log_sum = max + sum.ln();
    let top = top.into_iter().map(|(id, logit)| (id, (logit - log_sum).exp())).collect();
    Ok(Successors { top, loss: target.map(|logit| log_sum - logit) })
}

/// The `k` largest entries, largest first, the first of equal ones first.
fn largest(row: &[f32], k: usize) -> Vec<(u32, f32)> {
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(k + 1);
    let mut threshold = f32::NEG_INFINITY;
    for (id, &value) in (0_u32..).zip(row) {
        if best.len() == k && value <= threshold {
            continue;
        }
        let place = best.partition_point(|&(_, other)| other >= value);
        best.insert(place, (id, value));
        best.truncate(k);
        threshold = best.last().map_or(f32::NEG_INFINITY, |&(_, smallest)| smallest);
    }
    best
}

fn unreadable(error: &ExecutionError) -> ModelError {
    ModelError::Device(DeviceFault::NoResults { detail: error.to_string() })
}

fn floats(data: Option<TensorData>) -> Result<Vec<f32>, ModelError> {
    let data = data.ok_or_else(missing)?;
    let values = data.convert::<f32>().try_into_vec::<f32>().map_err(|_| missing())?;
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ModelError::NotFinite),
    }
}

fn ids(data: Option<TensorData>) -> Result<Vec<u32>, ModelError> {
    Ok(data.ok_or_else(missing)?.iter::<i64>().map(|id| id as u32).collect())
}

fn missing() -> ModelError {
    ModelError::Device(DeviceFault::OtherResults)
}

#[cfg(test)]
mod tests {
    use super::largest;

    #[test]
    fn largest_are_sorted_and_stable() {
        assert_eq!(largest(&[1.0, 3.0, 2.0, 3.0, -1.0], 3), [(1, 3.0), (3, 3.0), (2, 2.0)]);
        assert_eq!(largest(&[1.0], 3), [(0, 1.0)]);
        assert!(largest(&[], 3).is_empty());
    }
}
