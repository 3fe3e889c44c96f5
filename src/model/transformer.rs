//! The whole network: embedding, blocks, final norm, and the embedding again as output matrix.

use super::attention::{Attention, linear};
use super::block::Block;
use super::experts::Experts;
use super::random::Random;
use super::{Cache, Compute, ModelConfig};
use crate::router::{Mixtral, Routing};
use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};

/// A decoder-only MoE transformer.
#[derive(Module, Debug)]
pub struct Transformer {
    /// [V, d]
    pub embedding: Param<Tensor<2>>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// [d]
    pub norm: Param<Tensor<1>>,
}

/// What a forward pass gives.
pub struct Forward {
    /// Hidden states after the final norm, [T, d]; logits are [`Transformer::logits`] of them.
    pub hidden: Tensor<2>,
    /// The routing in each block.
    pub routings: Vec<Routing>,
}

impl Transformer {
    /// Random weights: normal with standard deviation `1 / sqrt(inputs)` for projections, divided by `sqrt(2 L)` where
    /// they write to the residual stream (Radford et al. 2019), 0.02 for the embedding and the gates; norms are 1.
    pub fn init(config: &ModelConfig, seed: u64, device: &Device) -> Self {
        let mut random = Random::new(seed);
        let (d, heads) = (config.hidden_size, config.num_attention_heads * config.head());
        let (kv, f) = (config.num_key_value_heads * config.head(), config.intermediate_size);
        let e = config.num_local_experts;
        let input = |n: usize| 1.0 / (n as f64).sqrt();
        let output = |n: usize| input(n) / (2.0 * config.num_hidden_layers as f64).sqrt();
        let embedding = normal(&mut random, [config.vocab_size, d], 0.02, device);
        let blocks = (0..config.num_hidden_layers)
            .map(|_| Block {
                attention_norm: ones(d, device),
                attention: Attention {
                    query: normal(&mut random, [heads, d], input(d), device),
                    key: normal(&mut random, [kv, d], input(d), device),
                    value: normal(&mut random, [kv, d], input(d), device),
                    output: normal(&mut random, [d, heads], output(heads), device),
                },
                expert_norm: ones(d, device),
                router: Mixtral { gate: normal(&mut random, [e, d], 0.02, device) },
                experts: Experts {
                    gate_up: normal(&mut random, [e, 2 * f, d], input(d), device),
                    down: normal(&mut random, [e, d, f], output(f), device),
                },
            })
            .collect();
        Self { embedding, blocks, norm: ones(d, device) }
    }

    /// A batch of sequences of equal length: `ids` [batch * len], row after row.
    pub fn forward(&self, ids: Tensor<1, Int>, batch: usize, config: &ModelConfig, compute: Compute) -> Forward {
        let mut x = self.embedding.val().select(0, ids);
        let mut routings = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            let (next, routing) = block.forward(x, batch, config, compute);
            x = next;
            routings.push(routing);
        }
        Forward { hidden: self.finish(x, config, compute), routings }
    }

    /// New tokens of one sequence, whose earlier tokens are in `cache`. `ids` must not be empty and every id must be
    /// below V.
    pub fn extend(&self, ids: &[u32], cache: &mut Cache, config: &ModelConfig, compute: Compute) -> Forward {
        let ids: Vec<i32> = ids.iter().map(|&id| id as i32).collect();
        let ids =
            Tensor::<1, Int>::from_data(TensorData::new(ids.clone(), [ids.len()]), &self.embedding.val().device());
        let mut x = self.embedding.val().select(0, ids);
        let mut routings = Vec::with_capacity(self.blocks.len());
        for (block, cache) in self.blocks.iter().zip(&mut cache.layers) {
            let (next, routing) = block.extend(x, cache, config, compute);
            x = next;
            routings.push(routing);
        }
        Forward { hidden: self.finish(x, config, compute), routings }
    }

    /// Logits [T, V] of hidden states [T, d].
    pub fn logits(&self, hidden: Tensor<2>) -> Tensor<2> {
        linear(hidden, &self.embedding)
    }

    fn finish(&self, x: Tensor<2>, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        compute.rms_norm(x, self.norm.val(), config.rms_norm_eps as f32)
    }
}

fn normal<const D: usize>(random: &mut Random, shape: [usize; D], deviation: f64, device: &Device) -> Param<Tensor<D>> {
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| (random.normal() * deviation) as f32).collect();
    Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), device))
}

fn ones(len: usize, device: &Device) -> Param<Tensor<1>> {
    Param::from_tensor(Tensor::ones([len], device))
}
