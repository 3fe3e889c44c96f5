//! Sparsely-gated mixture of experts (Shazeer et al. 2017, arXiv:1701.06538, section 2.1, section 4 and appendix A): noisy
//! top-k gating with losses that keep importance and load even.
//!
//! `H(x)_i = (x W_g)_i + N(0, 1) * softplus((x W_noise)_i)`, `G = softmax(KeepTopK(H, k))`, `y = sum_i G_i E_i(x)`: the weights
//! add up to 1. Shown are `logits`, the clean `x W_g`, and `probs`, their softmax over all experts. A token's routing
//! depends on that token alone, so the method is causal.
//!
//! Noise is drawn in training only, and there it decides choices and weights; `logits` and `probs` stay clean. Both
//! matrices begin as 0, so that at first noise alone decides and the load is about even. Training adds, over the T tokens
//! of a step and before its coefficients,
//! - importance, `CV(sum_x G(x))^2` (eq. 6 and 7), and
//! - load, `CV(sum_x P(x))^2` (appendix A): `P(x, i)` is the probability that expert i is chosen if only its own noise is
//!   drawn again. Gradients pass through everything but the choice itself, the threshold in `P` included.
//!
//! Where this version deviates: the noise has 0.01 added to its standard deviation and the variation 1e-10 to its
//! denominator, as in the authors' code (tensor2tensor). With k = E every expert is loaded alike, so that loss is 0.

use super::noisy_top_k::{NoisyScores, cv_squared};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Loss, LossKind, NoSettings, Router, Routing, Tuning};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// The router.
#[derive(Module, Debug)]
pub struct Shazeer {
    /// `W_g`, [E, d]
    pub gate: Param<Tensor<2>>,
    /// `W_noise`, [E, d]
    pub noise: Param<Tensor<2>>,
    /// What the noise in training is multiplied by; 1 as published.
    #[module(skip)]
    pub noise_scale: f64,
}

impl Router for Shazeer {
    type Settings = NoSettings;

    const METHOD: &'static Method = &methods::SHAZEER;

    fn build(_: &NoSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        let mut zeros = |name| source.matrix(name, [shape.experts, shape.width], Init::Constant(0.0));
        Ok(Self { gate: zeros("gate.weight")?, noise: zeros("noise.weight")?, noise_scale: 1.0 })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { noise_scale: tuning.noise_scale, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let k = context.top_k;
        let logits = x.clone().matmul(self.gate.val().swap_dims(0, 1));
        let scores = match context.training() {
            false => NoisyScores::quiet(logits.clone()),
            true => {
                let spread = x.matmul(self.noise.val().swap_dims(0, 1));
                NoisyScores::drawn(logits.clone(), spread, self.noise_scale, &mut context.random())
            }
        };
        let gates = scores.gates(k);
        let experts = scores.largest(k);
        let weights = gates.clone().gather(1, experts.clone());
        let mut routing = Routing::new(logits.clone(), softmax(logits, 1), experts, weights);
        if context.training() {
            routing.losses = losses(total(gates), total(scores.chance(k)));
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate), matrix("noise.weight", &self.noise)]
    }
}

/// The sum over all tokens, [T, E] to [E].
pub(super) fn total(rows: Tensor<2>) -> Tensor<1> {
    rows.sum_dim(0).squeeze_dim(0)
}

/// Both losses of the experts' importance [E] and load [E].
pub(super) fn losses(importance: Tensor<1>, load: Tensor<1>) -> Vec<Loss> {
    vec![
        Loss { kind: LossKind::Importance, value: cv_squared(importance) },
        Loss { kind: LossKind::Load, value: cv_squared(load) },
    ]
}
