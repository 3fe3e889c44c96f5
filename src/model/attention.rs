//! Multi-head causal attention with rotary positions.

use super::cache::LayerCache;
use super::{Compute, ModelConfig};
use crate::kernels::attention::AttentionShape;
use burn::module::{Module, Param};
use burn::tensor::Tensor;

/// Projections, each [out, in] as Hugging Face stores them.
#[derive(Module, Debug)]
pub struct Attention {
    /// [heads * D, d]
    pub query: Param<Tensor<2>>,
    /// [kv_heads * D, d]
    pub key: Param<Tensor<2>>,
    /// [kv_heads * D, d]
    pub value: Param<Tensor<2>>,
    /// [d, heads * D]
    pub output: Param<Tensor<2>>,
}

/// `x W^T` for a weight stored [out, in].
pub(super) fn linear(x: Tensor<2>, weight: &Param<Tensor<2>>) -> Tensor<2> {
    x.matmul(weight.val().swap_dims(0, 1))
}

impl Attention {
    /// [batch * len, d] to the same, every sequence on its own.
    pub fn forward(&self, x: Tensor<2>, batch: usize, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        let len = x.dims()[0] / batch.max(1);
        let (q, k, v) = self.project(x, 0, len, config, compute);
        let shape = self.shape(config, batch, len, len);
        linear(compute.attention(q, k, v, shape), &self.output)
    }

    /// New tokens [new, d] of the sequence in `cache`, which grows by them.
    pub fn extend(&self, x: Tensor<2>, cache: &mut LayerCache, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        let [new, _] = x.dims();
        let past = cache.len();
        let (q, k, v) = self.project(x, past, new, config, compute);
        let (k, v) = cache.extend(k, v);
        let seen = (past + new).min(config.window().saturating_sub(1).saturating_add(new));
        let from = past + new - seen;
        let shape = self.shape(config, 1, new, seen);
        linear(compute.attention(q, k.narrow(0, from, seen), v.narrow(0, from, seen), shape), &self.output)
    }

    fn project(
        &self,
        x: Tensor<2>,
        start: usize,
        len: usize,
        config: &ModelConfig,
        compute: Compute,
    ) -> (Tensor<2>, Tensor<2>, Tensor<2>) {
        let turn = |x| compute.rotary(x, start, len, config.head(), config.theta());
        let (q, k) = (linear(x.clone(), &self.query), linear(x.clone(), &self.key));
        (turn(q), turn(k), linear(x, &self.value))
    }

    fn shape(&self, config: &ModelConfig, batch: usize, queries: usize, keys: usize) -> AttentionShape {
        AttentionShape {
            batch,
            queries,
            keys,
            heads: config.num_attention_heads,
            kv_heads: config.num_key_value_heads,
            head: config.head(),
            window: config.window(),
        }
    }
}
