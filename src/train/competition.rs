//! Experts that compete, as in the paper that began it all (Jacobs, Jordan, Nowlan and Hinton 1991, Neural Computation 3,
//! eq. 1.3): every expert is compared with the target by itself, so whoever is closest learns most.
//!
//! The paper's error is the negative log-likelihood of a mixture, `-log sum_i p_i P_i(d)`, where `P_i` is a Gaussian
//! around expert i's answer. In a language model the answer is a distribution over the next token: `P_i = softmax(h_i E^T)`
//! with the hidden states `h_i` that expert i of the last block leads to alone ([`Transformer::forward_per_expert`]), and
//! `p_i` is its share there. The blocks below have no targets of their own and go on blending, which is co-operative.
//!
//! With expert i's loss `l_i = -log P_i(d)` and its posterior `r_i = p_i e^(-l_i) / sum_j p_j e^(-l_j)` the gradient is
//! `r_i` with respect to `l_i` and `-r_i` with respect to `log p_i`: it is computed here and handed to autodiff where the
//! model's own gradient begins, so that no table of E T logits is ever held.

use super::TrainError;
use super::batches::Batch;
use super::optimizer::{self, Moments, StepInfo};
use super::step::{StepConfig, StepOutput, floats};
use crate::kernels::cross_entropy;
use crate::model::{Input, PerExpert, Transformer};
use crate::router::jacobs::{SMALLEST_SHARE, log_share};
use crate::router::{Mode, Routing};
use burn::tensor::{Tensor, TensorData};

/// A mixture's error for every token.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixed {
    /// The error in nats, [T].
    pub errors: Vec<f64>,
    /// Each expert's posterior, [T, E].
    pub posteriors: Vec<f64>,
}

/// The error of T tokens, to E experts whose `losses` in nats are given, [E, T], with `shares` in each token, [T, E].
pub fn mix(losses: &[f32], shares: &[f32], experts: usize) -> Mixed {
    let tokens = shares.len() / experts.max(1);
    let (mut errors, mut posteriors) = (Vec::with_capacity(tokens), Vec::with_capacity(shares.len()));
    for (token, shares) in shares.chunks_exact(experts.max(1)).enumerate() {
        let loss = |expert: usize| f64::from(losses[expert * tokens + token]);
        let scores: Vec<f64> = shares
            .iter()
            .enumerate()
            .map(|(expert, &share)| f64::from(share.max(SMALLEST_SHARE)).ln() - loss(expert))
            .collect();
        let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = scores.iter().map(|score| (score - max).exp()).sum();
        errors.push(-max - sum.ln());
        posteriors.extend(scores.iter().map(|score| (score - max).exp() / sum));
    }
    Mixed { errors, posteriors }
}

/// A batch on its way through the model, its experts competing.
pub struct CompetitionPass {
    /// Mean error of the batch in nats per token.
    pub error: f32,
    /// Something with the error's gradient, [1]; its value means nothing.
    pub surrogate: Tensor<1>,
    /// What the routers decided.
    pub routings: Vec<Routing>,
}

/// The error of a batch and its gradient.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn pass(model: &Transformer, batch: Batch, how: &StepConfig<'_>) -> Result<CompetitionPass, TrainError> {
    let Batch { inputs, targets, domains } = batch;
    let input = Input { ids: inputs, batch: domains.len(), mode: Mode::Train { noise: how.noise }, tasks: domains };
    let PerExpert { hidden, routings } = model.forward_per_expert(&input, how.config, how.compute);
    let (experts, tokens, width) = (hidden.len(), targets.len(), how.config.hidden_size);
    let shares = match routings.last() {
        Some(routing) => routing.probs.clone(),
        None => Tensor::ones([tokens, 1], &model.embedding.val().device()),
    };
    let (hidden, embedding) = (Tensor::cat(hidden, 0), model.embedding.val());
    let (states, table) = (floats(hidden.clone()).await?, floats(embedding.clone()).await?);
    let targets = targets.repeat(experts);
    let losses = cross_entropy::losses(&states, &table, &targets, width);
    let Mixed { errors, posteriors } = mix(&losses, &floats(shares.clone()).await?, experts);
    let weights: Vec<f32> = posteriors.iter().map(|posterior| (posterior / tokens as f64) as f32).collect();
    let weight = |row: usize| weights[row % tokens * experts + row / tokens];
    let gradients = cross_entropy::weighted_loss(&states, &table, &targets, width, weight);
    let towards = |values: Vec<f32>, like: &Tensor<2>| {
        Tensor::<2>::from_data(TensorData::new(values, like.dims()), &like.device())
    };
    let surrogate = (hidden.clone() * towards(gradients.hidden, &hidden)).sum()
        + (embedding.clone() * towards(gradients.embedding, &embedding)).sum()
        - (log_share(shares.clone()) * towards(weights, &shares)).sum();
    let error = (errors.iter().sum::<f64>() / tokens.max(1) as f64) as f32;
    Ok(CompetitionPass { error, surrogate, routings })
}

/// As [`super::step::step`], for a mixture whose experts compete. The routers' own losses take no part: a mixture whose
/// experts are all used has none.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn step(
    model: &Transformer,
    moments: &mut Moments,
    batch: Batch,
    how: &StepConfig<'_>,
) -> Result<StepOutput, TrainError> {
    let CompetitionPass { error, surrogate, routings } = pass(model, batch, how).await?;
    let mut model = model.clone();
    if error.is_finite() {
        let turn = StepInfo { factor: how.factor, step: how.step, compute: how.compute };
        model = optimizer::step(model, surrogate.backward(), moments, how.rule, turn);
    }
    Ok(StepOutput { model, loss: error, routings })
}
