//! Mixtral's router (Jiang et al. 2024, arXiv:2401.04088, section 2.1): one linear layer, the k largest logits, softmax
//! over those.
//!
//! `y = sum_i softmax(TopK(x W_g))_i E_i(x)`. Softmax over the kept logits equals softmax over all, cut at k and divided by
//! its sum: with `p_i = e^(h_i) / Z`, `p_i / sum_kept p_j = e^(h_i) / sum_kept e^(h_j)`. The scores shown (`probs`) are
//! the softmax over all experts; the weights are what remains after the cut and add up to 1.

use super::{Router, Routing};
use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

/// The gate.
#[derive(Module, Debug)]
pub struct Mixtral {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

impl Router for Mixtral {
    const NAME: &'static str = "mixtral";
    const CONVENTION: &'static str = "softmax over the kept logits";
    const CAUSAL: bool = true;

    fn route(&self, x: Tensor<2>, top_k: usize) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let experts = largest(&logits, top_k);
        let weights = softmax(logits.clone().gather(1, experts.clone()), 1);
        Routing { logits, probs, experts, weights }
    }
}

/// The indices of the `k` largest entries of every row, largest first, [T, k]. Outside the gradient.
fn largest(logits: &Tensor<2>, k: usize) -> Tensor<2, Int> {
    let [tokens, experts] = logits.dims();
    let logits = logits.clone().detach();
    if k < experts {
        return logits.argtopk(k, 1);
    }
    // Burn's `argtopk` needs k < E: a last column that never wins makes room.
    let never = Tensor::full([tokens, 1], f32::MIN, &logits.device());
    Tensor::cat(vec![logits, never], 1).argtopk(k, 1)
}
