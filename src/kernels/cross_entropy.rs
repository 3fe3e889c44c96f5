//! The loss of predicting the next token with an embedding that serves as output matrix too, without ever holding the
//! whole table of logits: [T, V] would be the largest tensor of a training step by far.
//!
//! `loss = mean over t of -log softmax(h[t] E^T)[target[t]]`; its gradient `(p - onehot) / T` is at hand while a
//! chunk's probabilities are in the cache, so both are computed in one pass.

use super::matrix::{View, add_product, product};
use super::{parallel, vector};

const CHUNK: usize = 128;

/// The mean loss with gradients.
pub struct CrossEntropy {
    /// Mean of the losses, in nats.
    pub mean: f32,
    /// Gradient with respect to the hidden states, [T, d].
    pub hidden: Vec<f32>,
    /// Gradient with respect to the embedding, [V, d].
    pub embedding: Vec<f32>,
}

/// Loss of each token in nats, [T]. `hidden` [T, d], `embedding` [V, d], `targets` [T] below V.
pub fn losses(hidden: &[f32], embedding: &[f32], targets: &[i32], width: usize) -> Vec<f32> {
    let mut losses = vec![0.0; targets.len()];
    let work =
        losses.chunks_mut(CHUNK).zip(hidden.chunks(CHUNK * width)).zip(targets.chunks(CHUNK)).collect::<Vec<_>>();
    parallel::each(work, |((losses, hidden), targets)| {
        let mut logits = Vec::new();
        probabilities(hidden, embedding, targets, width, &mut logits, losses);
    });
    losses
}

/// Mean loss and gradients. Shapes as in [`losses`].
pub fn mean_loss(hidden: &[f32], embedding: &[f32], targets: &[i32], width: usize) -> CrossEntropy {
    let share = 1.0 / targets.len() as f32;
    weighted_loss(hidden, embedding, targets, width, |_| share)
}

/// The mean loss, and the gradients of the sum of all losses, each times the weight of its token. Shapes as in [`losses`].
pub fn weighted_loss(
    hidden: &[f32],
    embedding: &[f32],
    targets: &[i32],
    width: usize,
    weight: impl Fn(usize) -> f32 + Sync,
) -> CrossEntropy {
    let tokens = targets.len();
    let share = tokens.div_ceil(parallel::workers()).max(1);
    let mut d_hidden = vec![0.0; hidden.len()];
    let mut parts: Vec<(f64, Vec<f32>)> =
        (0..tokens.div_ceil(share)).map(|_| (0.0, vec![0.0; embedding.len()])).collect();
    let work = parts
        .iter_mut()
        .enumerate()
        .zip(d_hidden.chunks_mut(share * width))
        .zip(hidden.chunks(share * width))
        .zip(targets.chunks(share))
        .collect::<Vec<_>>();
    parallel::each(work, |((((part, (sum, d_embedding)), d_hidden), hidden), targets)| {
        let (mut logits, mut losses) = (Vec::new(), vec![0.0; CHUNK]);
        let vocabulary = embedding.len() / width;
        for range in parallel::ranges(targets.len(), CHUNK) {
            let (hidden, targets) = (&hidden[range.start * width..range.end * width], &targets[range.clone()]);
            let losses = &mut losses[..range.len()];
            probabilities(hidden, embedding, targets, width, &mut logits, losses);
            *sum += losses.iter().map(|&loss| f64::from(loss)).sum::<f64>();
            let first = part * share + range.start;
            for (at, (row, &target)) in logits.chunks_exact_mut(vocabulary).zip(targets).enumerate() {
                row[target as usize] -= 1.0;
                vector::scale(row, weight(first + at));
            }
            let d_logits = View::new(&logits, range.len(), vocabulary);
            let d_hidden = &mut d_hidden[range.start * width..range.end * width];
            product(d_hidden, d_logits, View::new(embedding, vocabulary, width));
            add_product(d_embedding, d_logits.t(), View::new(hidden, range.len(), width));
        }
    });
    let mut parts = parts.into_iter();
    let (mut sum, mut d_embedding) = parts.next().unwrap_or_else(|| (0.0, vec![0.0; embedding.len()]));
    for (part, d_part) in parts {
        sum += part;
        vector::add_scaled(&mut d_embedding, &d_part, 1.0);
    }
    CrossEntropy { mean: (sum / tokens.max(1) as f64) as f32, hidden: d_hidden, embedding: d_embedding }
}

/// Fills `logits` with probabilities [rows, V] and `losses` with `-log p(target)`.
fn probabilities(
    hidden: &[f32],
    embedding: &[f32],
    targets: &[i32],
    width: usize,
    logits: &mut Vec<f32>,
    losses: &mut [f32],
) {
    let vocabulary = embedding.len() / width;
    logits.resize(targets.len() * vocabulary, 0.0);
    product(logits, View::new(hidden, targets.len(), width), View::new(embedding, vocabulary, width).t());
    for ((row, &target), loss) in logits.chunks_exact_mut(vocabulary).zip(targets).zip(losses) {
        let (max, chosen) = (vector::max(row), row[target as usize]);
        let sum = vector::exp_shifted(row, max);
        vector::scale(row, 1.0 / sum);
        *loss = max + sum.ln() - chosen;
    }
}
