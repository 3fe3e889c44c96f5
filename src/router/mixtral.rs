//! Mixtral's router (Jiang et al. 2024, arXiv:2401.04088, section 2.1): one linear layer, the k largest logits, softmax
//! over those.
//!
//! `y = sum_i softmax(TopK(x W_g))_i E_i(x)`. Softmax over the kept logits equals softmax over all, cut at k and divided by
//! its sum: with `p_i = e^(h_i) / Z`, `p_i / sum_kept p_j = e^(h_i) / sum_kept e^(h_j)`. The scores shown (`probs`) are
//! the softmax over all experts; the weights are what remains after the cut and add up to 1.

use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, NoSettings, Router, Routing, losses};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// The gate.
#[derive(Module, Debug)]
pub struct Mixtral {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

impl Router for Mixtral {
    type Settings = NoSettings;

    const METHOD: &'static Method = &methods::MIXTRAL;

    fn build(_: &NoSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        Ok(Self { gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))? })
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let experts = largest(&logits, context.top_k);
        let weights = softmax(logits.clone().gather(1, experts.clone()), 1);
        let mut routing = Routing::new(logits, probs, experts, weights);
        if context.training() {
            routing.losses = losses::balance_and_z(&routing);
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}
