//! Switch Transformer (Fedus, Zoph and Shazeer 2021, arXiv:2101.03961, sections 2.1 and 2.2): one expert for a token,
//! which takes no more tokens than its capacity.
//!
//! `y = p_i(x) E_i(x)` with `p = softmax(W x)` and i the largest p. The weight is p_i itself, not divided by anything: with
//! one expert it would otherwise be 1, and the router would get no gradient. An expert takes `factor * group / E` tokens
//! of a group (eq. 3), rounded up; tokens come left to right, and one that finds its expert full is dropped: no expert
//! computes it, only the residual stream carries it on. That a later token cannot take an earlier one's place makes the
//! method causal.
//!
//! In training the router (not the expert) reads x times a random number for each entry, uniform in 1 +- 0.01 (the
//! "input jitter" of the authors' Mesh TensorFlow code), and there are two losses: the balance of eq. 4-6, `E * sum_e f_e P_e`
//! with f counted before tokens are dropped, and the z-loss, which is not of this paper but of its successor
//! (ST-MoE, Zoph et al. 2022). Otherwise training and inference do the same.
//!
//! Where we deviate: a group is a stretch of one sequence, and its capacity is fixed by the constants. The paper divides
//! the tokens of a whole batch on one core, which in generation would let one text push out another's tokens.

use super::capacity::{CapacitySettings, before, capacity};
use super::select::{chosen, largest};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Router, Routing, Tuning, losses};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Tensor, TensorData};

/// How far the jitter in training goes from 1.
const JITTER: f64 = 0.01;

/// The router.
#[derive(Module, Debug)]
pub struct Switch {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// An expert takes at most `capacity_factor * group / E` tokens of a group, rounded up.
    pub capacity_factor: f64,
    /// Tokens that share a capacity.
    pub group: usize,
    /// What the jitter in training is multiplied by; 1 as published.
    #[module(skip)]
    pub noise_scale: f64,
}

impl Router for Switch {
    type Settings = CapacitySettings;

    const METHOD: &'static Method = &methods::SWITCH;

    fn build(
        settings: &CapacitySettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let CapacitySettings { capacity_factor, group } = *settings;
        Ok(Self { gate, capacity_factor, group, noise_scale: 1.0 })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { capacity_factor: tuning.capacity_factor, noise_scale: tuning.noise_scale, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let jitter = JITTER * self.noise_scale;
        let x = if context.training() && jitter > 0.0 { jittered(x, jitter, context) } else { x };
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let experts = largest(&logits, 1);
        let count = probs.dims()[1];
        let limit = capacity(self.capacity_factor, 1, self.group, count);
        let places = before(chosen(experts.clone(), count), context, self.group).gather(1, experts.clone());
        let dropped = places.greater_equal_elem(limit as f32);
        let weights = probs.clone().gather(1, experts.clone()).mask_fill(dropped.clone(), 0.0);
        let mut routing = Routing::new(logits, probs, experts, weights);
        routing.dropped = Some(dropped);
        routing.capacity = Some(limit);
        if context.training() {
            routing.losses = losses::balance_and_z(&routing);
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}

/// Hidden states [T, d], each entry times a random number uniform in 1 +- `jitter`.
fn jittered(x: Tensor<2>, jitter: f64, context: &Context<'_>) -> Tensor<2> {
    let ([tokens, width], mut random) = (x.dims(), context.random());
    let factors = (0..tokens * width).map(|_| (1.0 + jitter * (2.0 * random.uniform() - 1.0)) as f32).collect();
    let factors = Tensor::from_data(TensorData::new::<f32, _>(factors, [tokens, width]), &x.device());
    x * factors
}
