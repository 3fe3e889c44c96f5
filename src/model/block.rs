//! A decoder block: attention, then the sparse layer, each reading a normalised copy of the residual stream and adding
//! to it.

use super::attention::Attention;
use super::cache::LayerCache;
use super::experts::Experts;
use super::{Compute, ModelConfig};
use crate::router::{Mixtral, Router as _, Routing};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

/// One of the L blocks.
#[derive(Module, Debug)]
pub struct Block {
    /// [d]
    pub attention_norm: Param<Tensor<1>>,
    /// Mixes tokens.
    pub attention: Attention,
    /// [d]
    pub expert_norm: Param<Tensor<1>>,
    /// Chooses experts.
    pub router: Mixtral,
    /// The experts.
    pub experts: Experts,
}

impl Block {
    /// [batch * len, d] to the same, with the routing of every token.
    pub fn forward(&self, x: Tensor<2>, batch: usize, config: &ModelConfig, compute: Compute) -> (Tensor<2>, Routing) {
        let attended = self.attention.forward(self.attention_input(&x, config, compute), batch, config, compute);
        self.sparse_layer(x + attended, config, compute)
    }

    /// The same for new tokens of one sequence.
    pub fn extend(
        &self,
        x: Tensor<2>,
        cache: &mut LayerCache,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Routing) {
        let attended = self.attention.extend(self.attention_input(&x, config, compute), cache, config, compute);
        self.sparse_layer(x + attended, config, compute)
    }

    fn attention_input(&self, x: &Tensor<2>, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        compute.rms_norm(x.clone(), self.attention_norm.val(), config.rms_norm_eps as f32)
    }

    fn sparse_layer(&self, x: Tensor<2>, config: &ModelConfig, compute: Compute) -> (Tensor<2>, Routing) {
        let input = compute.rms_norm(x.clone(), self.expert_norm.val(), config.rms_norm_eps as f32);
        let routing = self.router.route(input.clone(), config.num_experts_per_tok);
        let output = self.experts.forward(input, &routing, compute);
        (x + output, routing)
    }
}
