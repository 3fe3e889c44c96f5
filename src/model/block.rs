//! A decoder block: attention, then the sparse layer, each reading a normalised copy of the residual stream and adding
//! to it.

use super::attention::Attention;
use super::cache::LayerCache;
use super::experts::Experts;
use super::{Compute, ModelConfig};
use crate::router::{Context, Gate, Routing};
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
    pub router: Gate,
    /// The experts.
    pub experts: Experts,
    /// Experts that see every token, for methods that have them.
    pub shared: Option<Experts>,
}

impl Block {
    /// [batch * len, d] to the same, with the routing of every token.
    pub fn forward(
        &self,
        x: Tensor<2>,
        context: &mut Context<'_>,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Routing) {
        let x = self.attend(x, context, config, compute);
        self.sparse_layer(x, context, config, compute)
    }

    /// The same for new tokens of one sequence.
    pub fn extend(
        &self,
        x: Tensor<2>,
        cache: &mut LayerCache,
        context: &mut Context<'_>,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Routing) {
        let attended = self.attention.extend(self.attention_input(&x, config, compute), cache, config, compute);
        self.sparse_layer(x + attended, context, config, compute)
    }

    /// With what attention adds, whole sequences, [batch * len, d].
    pub(super) fn attend(
        &self,
        x: Tensor<2>,
        context: &Context<'_>,
        config: &ModelConfig,
        compute: Compute,
    ) -> Tensor<2> {
        let input = self.attention_input(&x, config, compute);
        x + self.attention.forward(input, context.batch, config, compute)
    }

    fn attention_input(&self, x: &Tensor<2>, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        compute.rms_norm(x.clone(), self.attention_norm.val(), config.rms_norm_eps as f32)
    }

    /// What the experts read, [T, d], and the router's decision on it.
    pub(super) fn decide(
        &self,
        x: &Tensor<2>,
        context: &mut Context<'_>,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Routing) {
        let input = compute.rms_norm(x.clone(), self.expert_norm.val(), config.rms_norm_eps as f32);
        let routing = self.router.route(input.clone(), context);
        (input, routing)
    }

    fn sparse_layer(
        &self,
        x: Tensor<2>,
        context: &mut Context<'_>,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Routing) {
        let (input, routing) = self.decide(&x, context, config, compute);
        let mut output = self.experts.forward(input.clone(), &routing, compute);
        if let Some(shared) = &self.shared {
            output = output + shared.all(input, compute);
        }
        (x + output, routing)
    }
}
