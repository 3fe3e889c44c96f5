//! The experts of the last block apart: what the model would say if one of them stood in the place of the blend. Errors
//! that compare each expert with the target by itself need that (Jacobs et al. 1991).

use super::transformer::whole;
use super::{Compute, Input, ModelConfig, Transformer};
use crate::router::{Carry, Routing};
use burn::tensor::Tensor;

/// What each expert of the last block leads to.
pub struct PerExpert {
    /// Hidden states after the final norm, [T, d] for each of the E experts.
    pub hidden: Vec<Tensor<2>>,
    /// The routing in each block.
    pub routings: Vec<Routing>,
}

impl Transformer {
    /// As [`Transformer::forward`], but after the last block every expert goes on alone. Shared experts are added to each.
    pub fn forward_per_expert(&self, input: &Input, config: &ModelConfig, compute: Compute) -> PerExpert {
        let (mut x, mut routings) = (self.embed(&input.ids), Vec::with_capacity(self.blocks.len()));
        let previous = input.previous();
        let last = self.blocks.len().saturating_sub(1);
        for (number, block) in self.blocks.iter().enumerate().take(last) {
            let (next, routing) =
                block.forward(x, &mut whole(input, &previous, number, config, &mut Carry::default()), config, compute);
            x = next;
            routings.push(routing);
        }
        let Some(block) = self.blocks.last() else {
            return PerExpert { hidden: vec![self.finish(x, config, compute)], routings };
        };
        let mut carry = Carry::default();
        let mut context = whole(input, &previous, last, config, &mut carry);
        let x = block.attend(x, &context, config, compute);
        let (normed, routing) = block.decide(&x, &mut context, config, compute);
        let x = match &block.shared {
            Some(shared) => x + shared.all(normed.clone(), compute),
            None => x,
        };
        let experts = block.experts.down.dims()[0];
        let alone = |expert| x.clone() + block.experts.one(normed.clone(), expert, compute);
        routings.push(routing);
        PerExpert { hidden: (0..experts).map(|expert| self.finish(alone(expert), config, compute)).collect(), routings }
    }
}
