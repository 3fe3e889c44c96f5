//! Soft MoE (Puigcerver et al. 2023, "From Sparse to Soft Mixtures of Experts", arXiv:2308.00951, section 2): nothing is
//! chosen. Every expert computes a few mixtures of all tokens, and every token gets a mixture of all outputs.
//!
//! With S = E * slots slots and `h = norm(X) (scale * norm(Phi))`, [n, S], for the n tokens of a group:
//! `D = softmax of h over the tokens` (per slot), `C = softmax of h over the slots` (per token), slot inputs `D^T X`, slot
//! outputs by the slots' experts, tokens `Y = C outputs`. `norm` makes rows of X and the vectors of Phi unit length
//! (`x / sqrt(sum x^2 + 1e-6)`, as in the authors' code) and `scale` is learnt, beginning at 1; only the logits see the
//! normalised X. There is no drop and no loss.
//!
//! Shown are, per expert, `logits = log sum exp h` over its slots, and `probs`, its slots' share in C, which is the softmax
//! of those; all experts are listed, with these shares as weights. They say whose outputs a token gets; those outputs are
//! of mixtures, not of the token.
//!
//! Not causal: slots mix earlier tokens with later ones. [`Mode::Published`] and [`Mode::Train`] are the method.
//! [`Mode::Infer`] is *not*: there every token is a group of its own, so that each slot holds just this token and its experts'
//! outputs are blended by `probs`. A model trained with groups has another loss so.
//!
//! Deviations: the paper mixes all tokens of an image; here groups of `group` consecutive positions of a text. A last group
//! that is shorter is filled up with positions that no slot takes anything from.

use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix, vector};
use super::{Context, Mode, Router, RouterSettings, Routing, Slots};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::run;
use crate::trace::Constants;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use serde::{Deserialize, Serialize};

/// Keeps the length of a zero vector from being divided by.
const EPS: f32 = 1e-6;
/// A logit that softmax makes exactly 0 beside any other.
const NEVER: f32 = -1e9;

/// Most slots of an expert.
const MAX_SLOTS: usize = 1 << 12;

/// The mixing's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftMoeSettings {
    /// Slots of an expert for each group.
    pub slots: usize,
    /// Tokens that are mixed with each other.
    pub group: usize,
}

impl RouterSettings for SoftMoeSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { slots: run.slots(), group: run.len }
    }

    fn check(&self, _experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let Self { slots, group } = *self;
        match !(1..=MAX_SLOTS).contains(&slots) || group == 0 {
            true => Err(RouterFault::Slots { slots, group, most: MAX_SLOTS }),
            false => Ok(()),
        }
    }

    fn shown(&self) -> Constants {
        Constants { group: Some(self.group), slots: Some(self.slots), ..Constants::default() }
    }
}

/// The router.
#[derive(Module, Debug)]
pub struct SoftMoe {
    /// Phi, a row for every slot, the slots of an expert together, [E * slots, d]
    pub gate: Param<Tensor<2>>,
    /// Length of the vectors of Phi, [1]
    pub scale: Param<Tensor<1>>,
    /// Slots of an expert for each group.
    #[module(skip)]
    pub slots: usize,
    /// Tokens that are mixed with each other.
    #[module(skip)]
    pub group: usize,
}

impl SoftMoe {
    /// Logits of slots, [T, S].
    fn slot_logits(&self, x: Tensor<2>) -> Tensor<2> {
        let phi = unit(self.gate.val()) * self.scale.val().unsqueeze::<2>();
        unit(x).matmul(phi.swap_dims(0, 1))
    }

    /// The mixing in groups of sequences of `len` tokens.
    fn mixing(&self, logits: Tensor<2>, len: usize) -> Slots {
        let [tokens, slots] = logits.dims();
        let (batch, n) = (tokens / len, self.group.min(len));
        let groups = len.div_ceil(n);
        let mut logits = logits.reshape([batch, len, slots]);
        if groups * n > len {
            let filling = Tensor::full([batch, groups * n - len, slots], NEVER, &logits.device());
            logits = Tensor::cat(vec![logits, filling], 1);
        }
        let logits = logits.reshape([batch * groups, n, slots]);
        Slots { dispatch: softmax(logits.clone().swap_dims(1, 2), 2), combine: softmax(logits, 2), sequences: batch }
    }
}

impl Router for SoftMoe {
    type Settings = SoftMoeSettings;

    const METHOD: &'static Method = &methods::SOFT_MOE;

    fn build(
        settings: &SoftMoeSettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let SoftMoeSettings { slots, group } = *settings;
        let deviation = 1.0 / (shape.width as f64).sqrt();
        let gate = source.matrix("gate.weight", [shape.experts * slots, shape.width], Init::Normal(deviation))?;
        let scale = source.vector("gate.scale", 1, Init::Constant(1.0))?;
        Ok(Self { gate, scale, slots, group })
    }

    fn computed(settings: &SoftMoeSettings, experts: usize, _top_k: usize) -> f64 {
        settings.slots as f64 * experts as f64 / settings.group as f64
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let slot_logits = self.slot_logits(x);
        let logits = log_sum_exp(slot_logits.clone(), self.slots);
        let probs = softmax(logits.clone(), 1);
        let [_, count] = probs.dims();
        let experts = largest(&logits, count);
        let weights = probs.clone().gather(1, experts.clone());
        let mut routing = Routing::new(logits, probs, experts, weights);
        if context.mode != Mode::Infer {
            let slots = self.mixing(slot_logits, context.len().max(1));
            routing.extra = (context.mode == Mode::Published).then(|| shares(&slots, context.len().max(1), count));
            routing.slots = Some(slots);
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate), vector("gate.scale", &self.scale)]
    }
}

/// The share of each token in the inputs of an expert's slots, the mean over them, [T, E], for sequences of `len` tokens.
fn shares(slots: &Slots, len: usize, experts: usize) -> Tensor<2> {
    let [groups, count, n] = slots.dispatch.dims();
    let means = slots.dispatch.clone().detach().reshape([groups, experts, count / experts, n]).mean_dim(2);
    let rows = means.reshape([groups, experts, n]).swap_dims(1, 2);
    let rows = rows.reshape([slots.sequences, groups / slots.sequences * n, experts]).narrow(1, 0, len);
    rows.reshape([slots.sequences * len, experts])
}

/// Rows of unit length.
fn unit(rows: Tensor<2>) -> Tensor<2> {
    let length = ((rows.clone() * rows.clone()).sum_dim(1) + EPS).sqrt();
    rows / length
}

/// `log sum exp` over every `run` neighbours of a row.
fn log_sum_exp(rows: Tensor<2>, run: usize) -> Tensor<2> {
    let [tokens, slots] = rows.dims();
    let rows = rows.reshape([tokens, slots / run, run]);
    let max = rows.clone().detach().max_dim(2);
    let sums = (rows - max.clone()).exp().sum_dim(2).log() + max;
    sums.reshape([tokens, slots / run])
}
