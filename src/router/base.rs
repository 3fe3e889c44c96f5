//! BASE layers: the router as an assignment problem, so that load needs no loss (Lewis, Bhosale, Dettmers, Goyal and
//! Zettlemoyer 2021, "BASE Layers: Simplifying Training of Large, Sparse Models", arXiv:2103.16716, section 3: the layer in
//! 3.1, eq. 1, the assignment in 3.2, eq. 2).
//!
//! Affinity `s_te = h_t . w_e`, with centroids `w_e` that begin orthogonal, of length 0.1. Training chooses the experts
//! `a_t` that maximise `sum_t s_(t,a_t)` with T / E tokens for every expert ([`super::assignment`], without gradient);
//! inference takes the best expert, `argmax_e s_te`. The output is `alpha f(h) + (1 - alpha) h` with `alpha =
//! sigmoid(s_(t,a_t))` and an `f` that adds its input, hence `h + alpha FF(h)`: the weight is alpha, and the centroids
//! learn through it alone. There is no auxiliary loss. The scores shown (`probs`) are `sigmoid(s_te)`.
//!
//! Not causal: in a balanced assignment a later token can push an earlier one to another expert. [`Mode::Train`] balances
//! all tokens of the batch, [`Mode::Published`] those of each sequence, [`Mode::Infer`] is greedy and causal. Where E does
//! not divide T, loads differ by at most one. The assignment is found on the host, so [`Mode::Published`] in a browser is
//! for the CPU device; training is native.
//!
//! Where we deviate: a BASE layer is a stack of feed-forward networks put between two ordinary layers, reads the residual
//! stream as it is and normalises it inside the expert; here it takes the place of every block's feed-forward network and
//! reads what the block has normalised. The authors shuffle tokens over workers first and use an auction algorithm; we have
//! one worker, and successive shortest paths.

use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Mode, NoSettings, Router, Routing, assignment, readback};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Int, Tensor};

/// The centroids.
#[derive(Module, Debug)]
pub struct Base {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

/// The expert of each token, [T, 1], balanced within each of `groups` equal groups of tokens.
fn assign(affinities: &Tensor<2>, groups: usize) -> Tensor<2, Int> {
    let [tokens, experts] = affinities.dims();
    let scores = readback::floats(affinities.clone());
    let group = (tokens / groups.max(1)).max(1) * experts;
    let chosen = scores.chunks(group).flat_map(|scores| assignment::balanced(scores, experts));
    readback::upload(chosen, affinities).unsqueeze_dim(1)
}

impl Router for Base {
    type Settings = NoSettings;

    const METHOD: &'static Method = &methods::BASE;

    fn build(_: &NoSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        Ok(Self { gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Orthogonal(0.1))? })
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let experts = match context.mode {
            Mode::Infer => largest(&logits, 1),
            Mode::Published => assign(&logits, context.batch),
            Mode::Train { .. } => assign(&logits, 1),
        };
        let probs = sigmoid(logits.clone());
        let weights = probs.clone().gather(1, experts.clone());
        Routing::new(logits, probs, experts, weights)
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}
