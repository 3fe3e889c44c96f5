//! Expert choice (Zhou et al. 2022, "Mixture-of-Experts with Expert Choice Routing", arXiv:2202.09368, section 3.2, eq. 1
//! and 2): experts pick tokens, so every expert has exactly the same load and a token has as many experts as picked it,
//! perhaps none.
//!
//! `S = softmax(x W)` over the experts. In every group of n tokens (`group` consecutive positions of one sequence; the
//! last group may be shorter) each expert takes the `c = n * factor / E` tokens with the largest entries of its column of
//! S, rounded, at least 1. A picked token's weight is `S_te`, not renormalised. There is no balancing loss, because there
//! is nothing to balance.
//!
//! Not causal: whether a token is picked depends on later tokens of its group. [`Mode::Published`] and [`Mode::Train`] are
//! this method. [`Mode::Infer`] is *not*: there a token takes the `factor` best experts (rounded, at least 1) of its own
//! row of S, with the same weights. That needs no later token, and gives a token the same number of experts as the method
//! gives on average, but other experts: nothing balances it, and a model trained with expert choice has another loss.
//!
//! Deviations: the paper picks over the tokens of a whole batch; here a group lies within one sequence, so that a text
//! is routed the same whatever it is batched with. Where scores are equal the earlier token is taken.

use super::capacity::CapacitySettings;
use super::select::{best, largest};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Mode, Router, Routing, Tuning};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Bool, Tensor};

/// The router.
#[derive(Module, Debug)]
pub struct ExpertChoice {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// Experts that a token has on average.
    #[module(skip)]
    pub capacity_factor: f64,
    /// Tokens that an expert picks from.
    #[module(skip)]
    pub group: usize,
}

impl ExpertChoice {
    /// Tokens that one of `experts` experts takes of a group of `tokens`.
    fn capacity(&self, tokens: usize, experts: usize) -> usize {
        rounded(tokens as f64 * self.capacity_factor / experts as f64, tokens)
    }

    /// Which expert picks which token, [T, E], by the scores [T, E] of sequences of `len` tokens.
    fn picks(&self, scores: Tensor<2>, len: usize) -> Tensor<2, Bool> {
        let [tokens, experts] = scores.dims();
        let sequences = scores.reshape([tokens / len, len, experts]);
        let group = self.group.min(len);
        let whole = len / group * group;
        let mut parts = vec![self.picks_in_groups(sequences.clone().narrow(1, 0, whole), group)];
        if whole < len {
            parts.push(self.picks_in_groups(sequences.narrow(1, whole, len - whole), len - whole));
        }
        Tensor::cat(parts, 1).reshape([tokens, experts])
    }

    /// The same for sequences [batch, groups * n, E] of whole groups.
    fn picks_in_groups(&self, scores: Tensor<3>, n: usize) -> Tensor<3, Bool> {
        let [batch, len, experts] = scores.dims();
        let groups = batch * len / n;
        let columns = scores.reshape([groups, n, experts]).swap_dims(1, 2).reshape([groups * experts, n]);
        let picked = best(columns, self.capacity(n, experts));
        picked.reshape([groups, experts, n]).swap_dims(1, 2).reshape([batch, len, experts])
    }
}

impl Router for ExpertChoice {
    type Settings = CapacitySettings;

    const METHOD: &'static Method = &methods::EXPERT_CHOICE;

    fn build(
        settings: &CapacitySettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let CapacitySettings { capacity_factor, group } = *settings;
        Ok(Self { gate, capacity_factor, group })
    }

    fn computed(settings: &CapacitySettings, _experts: usize, _top_k: usize) -> f64 {
        settings.capacity_factor
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { capacity_factor: tuning.capacity_factor, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let [_, experts] = probs.dims();
        // The logarithms of the scores have their order, also where the scores are rounded to 1 and 0.
        let scores = log_softmax(logits.clone().detach(), 1);
        let (picked, capacity) = match context.mode {
            Mode::Infer => (best(scores.clone(), rounded(self.capacity_factor, experts)), None),
            Mode::Published | Mode::Train { .. } => {
                let len = context.len().max(1);
                (self.picks(scores.clone(), len), Some(self.capacity(self.group.min(len), experts)))
            }
        };
        // The experts that did not pick the token come last.
        let order = largest(&scores.mask_fill(picked.clone().bool_not(), f32::MIN), experts);
        let used = picked.float().gather(1, order.clone());
        let weights = probs.clone().gather(1, order.clone()) * used.clone();
        let mut routing = Routing::new(logits, probs, order, weights);
        routing.unused = Some(used.equal_elem(0.0));
        routing.capacity = capacity;
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}

/// The nearest number of things of which there are `most`, at least one.
fn rounded(count: f64, most: usize) -> usize {
    (count.round() as usize).clamp(1, most.max(1))
}
