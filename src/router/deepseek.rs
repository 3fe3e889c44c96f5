//! DeepSeek-V3's router: many fine experts beside shared ones (Dai et al. 2024, DeepSeekMoE, arXiv:2401.06066, section 3),
//! sigmoid scores (DeepSeek-AI 2024, DeepSeek-V3, arXiv:2412.19437, section 2.1.2), and balance by a bias instead of a loss
//! (Wang et al. 2024, arXiv:2408.15664). DeepSeekMoE itself scores by softmax, does not renormalise, and balances by losses.
//!
//! `s = sigmoid(x W)`. The k experts with the largest `s_i + b_i` are chosen; the weights are their `s_i` without the bias,
//! divided by their sum. After every training step `b_i += u * sign(mean load - load_i)`: an expert that had too much
//! becomes less likely to be chosen, and no gradient is disturbed, for neither the choice nor b has one. The shared experts
//! are not the router's: they see every token, with weight 1.
//!
//! Causal; training and inference route alike. `probs` are the sigmoids: they do not add up to 1, and because of the bias the
//! chosen experts need not be those with the largest ones.
//!
//! Deviations from DeepSeek-V3: the weights are not multiplied by a `routed_scaling_factor`, experts are not limited to groups of
//! devices, and its small sequence-wise balancing loss is left out, so there is no loss at all.

use super::select::{chosen, largest, largest_then};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix, vector};
use super::{Context, Outcome, Router, RouterSettings, Routing, Tuning};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::run;
use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// Keeps the sum of scores that are all 0 from being divided by.
pub(super) const EPS: f32 = 1e-20;

/// The bias's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BiasSettings {
    /// How far a step moves the bias of an expert that had too much or too little, u.
    pub bias_speed: f64,
}

impl RouterSettings for BiasSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { bias_speed: run.coefficients.bias_speed }
    }

    fn check(&self, _experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let speed = self.bias_speed;
        if speed.is_finite() && speed >= 0.0 { Ok(()) } else { Err(RouterFault::BiasSpeed { speed }) }
    }
}

/// The router.
#[derive(Module, Debug)]
pub struct Deepseek {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// b, added to the scores for the choice only, [E]
    pub bias: Param<Tensor<1>>,
    /// How far a step moves a bias, u.
    #[module(skip)]
    pub bias_speed: f64,
}

/// The k experts with the largest scores [T, E] with the bias [1, E] added, in descending order of score, [T, k]. Scores that are
/// rounded to 1 or 0 no longer tell; their logits do.
pub(super) fn choose(logits: &Tensor<2>, scores: &Tensor<2>, bias: &Tensor<2>, k: usize) -> Tensor<2, Int> {
    let [_, experts] = scores.dims();
    let biased = scores.clone().detach() + bias.clone();
    let out = chosen(largest_then(&biased, logits, k), experts).equal_elem(0.0);
    largest(&logits.clone().mask_fill(out, f32::MIN), k)
}

/// The bias [E] after a training step: up by `speed` for an expert with less than the mean load, down for one with more.
pub(super) fn moved(bias: Param<Tensor<1>>, routing: &Routing, speed: f64) -> Param<Tensor<1>> {
    let choice = routing.experts.clone();
    let ([tokens, k], experts) = (choice.dims(), bias.dims()[0]);
    let load = chosen(choice, experts).sum_dim(0).reshape([experts]);
    // E times (mean load - load), which is a whole number.
    let missing = (load * experts as f32).neg() + (tokens * k) as f32;
    let step = missing.sign() * speed;
    bias.map(|bias| bias.detach() + step)
}

impl Router for Deepseek {
    type Settings = BiasSettings;

    const METHOD: &'static Method = &methods::DEEPSEEK;

    fn build(settings: &BiasSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let bias = source.vector("gate.e_score_correction_bias", shape.experts, Init::Constant(0.0))?;
        Ok(Self { gate, bias: bias.set_require_grad(false), bias_speed: settings.bias_speed })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { bias_speed: tuning.bias_speed, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = sigmoid(logits.clone());
        let bias = self.bias.val().detach().unsqueeze::<2>();
        let experts = choose(&logits, &probs, &bias, context.top_k);
        let kept = probs.clone().gather(1, experts.clone());
        let weights = kept.clone() / (kept.sum_dim(1) + EPS);
        Routing { extra: Some(bias), ..Routing::new(logits, probs, experts, weights) }
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate), vector("gate.e_score_correction_bias", &self.bias)]
    }

    fn after_step(self, outcome: &Outcome<'_>) -> Self {
        Self { bias: moved(self.bias, outcome.routing, self.bias_speed), ..self }
    }
}
