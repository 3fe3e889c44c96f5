//! The experts of one layer: E small SwiGLU networks, stacked.

use super::Compute;
use crate::router::Routing;
use burn::module::{Module, Param};
use burn::tensor::Tensor;

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
        compute.experts(x, self.gate_up.val(), self.down.val(), routing.experts.clone(), routing.weights.clone())
    }
}
