//! Adaptive mixtures of local experts (Jacobs, Jordan, Nowlan and Hinton 1991, Neural Computation 3, pages 79 to 87): a
//! softmax gate gives every expert a share of every input.
//!
//! `p = softmax(x W_g)`, `y = sum_i p_i o_i(x)`. All E experts are computed and nothing is chosen, so k = E; the list of
//! experts is only sorted by weight. A token's shares depend on that token alone, so the method is causal, and training
//! routes as inference does.
//!
//! The paper is about the error that such a mixture is trained with. The co-operative one compares the blend with the
//! target ([`cooperative_error`]), so each expert has to repair what the others leave over. The competitive one compares
//! every expert with the target by itself ([`competitive_error`]): it is the negative log-likelihood, up to a constant,
//! of a mixture of Gaussians of unit variance, and whoever is closest learns most.
//!
//! Where this version deviates: the paper's mixture is a whole network with a target for every expert. As one layer of a
//! language model its experts have no targets of their own, so the layer hands on the blend and learns co-operatively,
//! through the loss of the model. In the last layer they can have one, the next token, and the trainer can let them
//! compete for it (`train::competition`). The two errors here work on plain vectors, as in the paper.

use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, NoSettings, Router, Routing};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// Shares below this count as this in a logarithm, so that it and its gradient stay finite.
pub(crate) const SMALLEST_SHARE: f32 = 1e-37;

/// The router.
#[derive(Module, Debug)]
pub struct Jacobs {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

impl Router for Jacobs {
    type Settings = NoSettings;

    const METHOD: &'static Method = &methods::JACOBS;

    fn build(_: &NoSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        Ok(Self { gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))? })
    }

    fn route(&self, x: Tensor<2>, _: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let experts = largest(&logits, logits.dims()[1]);
        let weights = probs.clone().gather(1, experts.clone());
        Routing::new(logits, probs, experts, weights)
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}

/// The co-operative error `||d - sum_i p_i o_i||^2` (eq. 1.1), the mean over T cases, [1].
///
/// Shares `p` [T, E], the experts' `outputs` [T, E, n], and what they should be, `target` [T, n].
pub fn cooperative_error(p: Tensor<2>, outputs: Tensor<3>, target: Tensor<2>) -> Tensor<1> {
    let blend = (p.unsqueeze_dim::<3>(2) * outputs).sum_dim(1);
    let rest = target.unsqueeze_dim::<3>(1) - blend;
    (rest.clone() * rest).sum_dim(2).mean()
}

/// The competitive error `-log sum_i p_i exp(-1/2 ||d - o_i||^2)` (eq. 1.3), the mean over T cases in nats, [1].
///
/// Shares `p` [T, E], the experts' `outputs` [T, E, n], and what they should be, `target` [T, n].
pub fn competitive_error(p: Tensor<2>, outputs: Tensor<3>, target: Tensor<2>) -> Tensor<1> {
    let [cases, experts] = p.dims();
    let rest = target.unsqueeze_dim::<3>(1) - outputs;
    let distance = (rest.clone() * rest).sum_dim(2).reshape([cases, experts]);
    log_sum_exp(log_share(p) - distance * 0.5).neg().mean()
}

/// `log p`, finite for shares of 0 too.
pub(crate) fn log_share(p: Tensor<2>) -> Tensor<2> {
    p.clamp_min(SMALLEST_SHARE).log()
}

/// The logarithm of each row's sum of exponentials, [T, n] to [T, 1], without overflow.
pub(super) fn log_sum_exp(values: Tensor<2>) -> Tensor<2> {
    let max = values.clone().detach().max_dim(1);
    (values - max.clone()).exp().sum_dim(1).log() + max
}
