//! The whole network: embedding, blocks, final norm, and the embedding again as output matrix.

use super::attention::{Attention, linear};
use super::block::Block;
use super::experts::Experts;
use super::init::Initializer;
use super::{Cache, Compute, Input, ModelConfig, ModelError};
use crate::random::Random;
use crate::router::{Carry, Context, Mode, RouterShape, Routing};
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
    /// they write to the residual stream (Radford et al. 2019), 0.02 for the embedding; norms are 1; routers begin as
    /// their methods say.
    ///
    /// # Errors
    /// If a router cannot be built from its settings.
    pub fn init(config: &ModelConfig, seed: u64, device: &Device) -> Result<Self, ModelError> {
        let mut source = Initializer { random: Random::new(seed), device };
        let (d, heads) = (config.hidden_size, config.num_attention_heads * config.head());
        let (kv, f) = (config.num_key_value_heads * config.head(), config.intermediate_size);
        let input = |n: usize| 1.0 / (n as f64).sqrt();
        let output = |n: usize| input(n) / (2.0 * config.num_hidden_layers as f64).sqrt();
        let embedding = source.normal([config.vocab_size, d], 0.02);
        let experts = |source: &mut Initializer<'_>, count: usize| Experts {
            gate_up: source.normal([count, 2 * f, d], input(d)),
            down: source.normal([count, d, f], output(f)),
        };
        let mut blocks = Vec::with_capacity(config.num_hidden_layers);
        for block in 0..config.num_hidden_layers {
            blocks.push(Block {
                attention_norm: source.ones(d),
                attention: Attention {
                    query: source.normal([heads, d], input(d)),
                    key: source.normal([kv, d], input(d)),
                    value: source.normal([kv, d], input(d)),
                    output: source.normal([d, heads], output(heads)),
                },
                expert_norm: source.ones(d),
                router: config.router.build(shape(config, block), &mut source)?,
                experts: experts(&mut source, config.stacked_experts()),
                shared: (config.num_shared_experts > 0).then(|| experts(&mut source, config.num_shared_experts)),
            });
        }
        Ok(Self { embedding, blocks, norm: source.ones(d) })
    }

    /// Whole sequences.
    pub fn forward(&self, input: &Input, config: &ModelConfig, compute: Compute) -> Forward {
        let (mut x, mut routings) = (self.embed(&input.ids), Vec::with_capacity(self.blocks.len()));
        let previous = input.previous();
        for (number, block) in self.blocks.iter().enumerate() {
            let mut carry = Carry::default();
            let mut context = whole(input, &previous, number, config, &mut carry);
            let (next, routing) = block.forward(x, &mut context, config, compute);
            x = next;
            routings.push(routing);
        }
        Forward { hidden: self.finish(x, config, compute), routings }
    }

    /// New tokens of one sequence, whose earlier tokens are in `cache`, left to right. `ids` must not be empty and every
    /// id must be below V.
    pub fn extend(&self, ids: &[u32], cache: &mut Cache, config: &ModelConfig, compute: Compute) -> Forward {
        let start = cache.len();
        let previous: Vec<Option<u32>> =
            std::iter::once(cache.ids.last().copied()).chain(ids.iter().copied().map(Some)).take(ids.len()).collect();
        let mut x = self.embed(ids);
        let mut routings = Vec::with_capacity(self.blocks.len());
        let layers = cache.layers.iter_mut().zip(&mut cache.carries);
        for (number, (block, (layer, carry))) in self.blocks.iter().zip(layers).enumerate() {
            let mut context = Context {
                top_k: config.num_experts_per_tok,
                batch: 1,
                start,
                block: number,
                mode: Mode::Infer,
                ids,
                previous: &previous,
                tasks: &cache.tasks,
                carry,
            };
            let (next, routing) = block.extend(x, layer, &mut context, config, compute);
            x = next;
            routings.push(routing);
        }
        cache.ids.extend_from_slice(ids);
        Forward { hidden: self.finish(x, config, compute), routings }
    }

    /// Logits [T, V] of hidden states [T, d].
    pub fn logits(&self, hidden: Tensor<2>) -> Tensor<2> {
        linear(hidden, &self.embedding)
    }

    pub(super) fn embed(&self, ids: &[u32]) -> Tensor<2> {
        let values: Vec<i32> = ids.iter().map(|&id| id as i32).collect();
        let ids = Tensor::<1, Int>::from_data(TensorData::new(values, [ids.len()]), &self.embedding.val().device());
        self.embedding.val().select(0, ids)
    }

    pub(super) fn finish(&self, x: Tensor<2>, config: &ModelConfig, compute: Compute) -> Tensor<2> {
        compute.rms_norm(x, self.norm.val(), config.rms_norm_eps as f32)
    }
}

/// What a router knows of whole sequences in the block with this number.
pub(super) fn whole<'a>(
    input: &'a Input,
    previous: &'a [Option<u32>],
    block: usize,
    config: &ModelConfig,
    carry: &'a mut Carry,
) -> Context<'a> {
    Context {
        top_k: config.num_experts_per_tok,
        batch: input.batch,
        start: 0,
        block,
        mode: input.mode,
        ids: &input.ids,
        previous,
        tasks: &input.tasks,
        carry,
    }
}

/// The sizes that the weights of a block's router depend on.
pub(super) fn shape(config: &ModelConfig, block: usize) -> RouterShape {
    RouterShape {
        experts: config.num_local_experts,
        width: config.hidden_size,
        vocabulary: config.vocab_size,
        top_k: config.num_experts_per_tok,
        block,
    }
}
