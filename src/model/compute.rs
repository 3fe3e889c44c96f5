//! How the heavy operations run: the one place that chooses between the CPU kernels and Burn's composed operations.

use crate::kernels::attention::AttentionShape;
use crate::kernels::{composed, ops};
use burn::tensor::{Int, Tensor};

/// The way of computing that suits a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// Flex on the CPU: our kernels, only the chosen experts.
    Sparse,
    /// Any device: Burn's operations, all experts, the unchosen multiplied by zero.
    Dense,
}

impl Compute {
    /// The weighted sum of the chosen experts, [T, d].
    pub fn experts(
        self,
        x: Tensor<2>,
        gate_up: Tensor<3>,
        down: Tensor<3>,
        choice: Tensor<2, Int>,
        weights: Tensor<2>,
    ) -> Tensor<2> {
        match self {
            Self::Sparse => ops::experts(x, gate_up, down, choice, weights),
            Self::Dense => composed::experts(x, gate_up, down, choice, weights),
        }
    }

    /// Causal attention, [batch * queries, heads * D].
    pub fn attention(self, q: Tensor<2>, k: Tensor<2>, v: Tensor<2>, shape: AttentionShape) -> Tensor<2> {
        match self {
            Self::Sparse => ops::attention(q, k, v, shape),
            Self::Dense => composed::attention(q, k, v, shape),
        }
    }

    /// Rows turned to positions `start..start + len`.
    pub fn rotary(self, x: Tensor<2>, start: usize, len: usize, head: usize, theta: f32) -> Tensor<2> {
        match self {
            Self::Sparse => ops::rotary(x, start, len, head, theta),
            Self::Dense => composed::rotary(x, start, len, head, theta),
        }
    }

    /// Normalised rows [T, d].
    pub fn rms_norm(self, x: Tensor<2>, weight: Tensor<1>, eps: f32) -> Tensor<2> {
        match self {
            Self::Sparse => ops::rms_norm(x, weight, eps),
            Self::Dense => composed::rms_norm(x, weight, eps),
        }
    }

    /// Mean next-token loss [1].
    pub fn mean_loss(self, hidden: Tensor<2>, embedding: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
        match self {
            Self::Sparse => ops::mean_loss(hidden, embedding, targets),
            Self::Dense => composed::mean_loss(hidden, embedding, targets),
        }
    }
}
