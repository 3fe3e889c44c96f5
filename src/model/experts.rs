//! The experts of one layer: E small SwiGLU networks, stacked.

use super::Compute;
use crate::router::{Routing, Slots};
use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor};

/// Stacked expert weights.
#[derive(Module, Debug)]
pub struct Experts {
    /// [E, 2F, d]: Hugging Face's `w1` (gate), then `w3` (up).
    pub gate_up: Param<Tensor<3>>,
    /// [E, d, F]: `w2`.
    pub down: Param<Tensor<3>>,
}

impl Experts {
    /// The chosen experts' outputs, weighted and added, [T, d].
    pub fn forward(&self, x: Tensor<2>, routing: &Routing, compute: Compute) -> Tensor<2> {
        match &routing.slots {
            None => self.weighted(x, routing.computed(), routing.weights.clone(), compute),
            Some(slots) => self.through(x, slots, compute),
        }
    }

    /// All experts' outputs for every token, added, [T, d].
    pub fn all(&self, x: Tensor<2>, compute: Compute) -> Tensor<2> {
        let (tokens, [experts, _, _]) = (x.dims()[0], self.down.dims());
        let device = x.device();
        let choice = Tensor::<1, Int>::arange(0..experts as i64, &device).unsqueeze::<2>().expand([tokens, experts]);
        self.weighted(x, choice, Tensor::ones([tokens, experts], &device), compute)
    }

    /// One expert's output for every token, [T, d].
    #[cfg(feature = "cli")]
    pub(super) fn one(&self, x: Tensor<2>, expert: usize, compute: Compute) -> Tensor<2> {
        let (size, device) = ([x.dims()[0], 1], x.device());
        let choice = Tensor::<2, Int>::full(size, expert as i64, &device);
        self.weighted(x, choice, Tensor::ones(size, &device), compute)
    }

    fn weighted(&self, x: Tensor<2>, choice: Tensor<2, Int>, weights: Tensor<2>, compute: Compute) -> Tensor<2> {
        compute.experts(x, self.gate_up.val(), self.down.val(), choice, weights)
    }

    /// Tokens are mixed into slots, each slot goes through its expert, and the outputs are mixed back.
    fn through(&self, x: Tensor<2>, slots: &Slots, compute: Compute) -> Tensor<2> {
        let ([groups, count, len], [tokens, width]) = (slots.dispatch.dims(), x.dims());
        let [experts, _, _] = self.down.dims();
        let device = x.device();
        let (own, filled) = (tokens / slots.sequences, groups * len / slots.sequences);
        let mut x = x.reshape([slots.sequences, own, width]);
        if filled > own {
            x = Tensor::cat(vec![x, Tensor::zeros([slots.sequences, filled - own, width], &device)], 1);
        }
        let mixed = slots.dispatch.clone().matmul(x.reshape([groups, len, width])).reshape([groups * count, width]);
        let owner = Tensor::<1, Int>::arange(0..(groups * count) as i64, &device);
        let owner =
            owner.remainder_scalar(count as i64).div_scalar((count / experts).max(1) as i64).unsqueeze_dim::<2>(1);
        let outputs = self.weighted(mixed, owner, Tensor::ones([groups * count, 1], &device), compute);
        let outputs = slots.combine.clone().matmul(outputs.reshape([groups, count, width]));
        outputs.reshape([slots.sequences, filled, width]).narrow(1, 0, own).reshape([tokens, width])
    }
}
