//! DeepSeek-V4's routers (DeepSeek-AI 2026, section 2.1; the released code is transformers 5.23,
//! `models/deepseek_v4/modular_deepseek_v4.py`, `DeepseekV4HashRouter` and `DeepseekV4TopKRouter`): a fixed table of token ids chooses in
//! the first layers, as in hash layers (Roller et al. 2021, see [`super::Hash`]), and the gate in the later ones.
//!
//! Every layer has a gate: `s = sqrt(softplus(x W))`, `softplus(z) = ln(1 + e^z)`. Which experts:
//!
//! - hash layer: `tid2eid[token id]`, k different ones, whatever the gate says;
//! - later layer: the k with the largest `s_i + b_i`, where b balances as in DeepSeek-V3 ([`super::Deepseek`]).
//!
//! Either way the weights are their `s_i` without a bias, divided by their sum and multiplied by a scaling factor (1.5 as
//! released), so the gate of a hash layer learns how much each of its experts counts, and not who they are. There is no loss.
//! Experts beside the routed ones see every token with weight 1; they are not the router's.
//!
//! Causal; training and inference route alike. `probs` are s: from 0 to beyond 1, and they do not add up to 1.
//!
//! Where we deviate: how DeepSeek made its table is not published, so ours is k different experts drawn with SplitMix64 from the
//! token id, and the same in every hash layer. Scores are those of logits of -80 and more, below which single precision would lose
//! their gradient; there they are below 1e-17.

use super::deepseek;
use super::readback::upload;
use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix, vector};
use super::{Context, Outcome, Router, RouterSettings, Routing, Tuning};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::random::Random;
use crate::run;
use crate::trace::Constants;
use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// What the weights of a token add up to, as released.
const SCALING: f64 = 1.5;

/// The model's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeepseekV4Settings {
    /// Layers, from the first on, in which a table chooses.
    pub hash_layers: usize,
    /// How far a step moves the bias of an expert that had too much or too little, u.
    pub bias_speed: f64,
    /// What the weights of a token add up to.
    pub scaling: f64,
}

impl RouterSettings for DeepseekV4Settings {
    fn of_run(run: &run::Settings) -> Self {
        Self { hash_layers: run.first_layers(), bias_speed: run.coefficients.bias_speed, scaling: SCALING }
    }

    fn check(&self, _experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let (speed, scaling) = (self.bias_speed, self.scaling);
        match speed.is_finite() && speed >= 0.0 && scaling.is_finite() && scaling > 0.0 {
            true => Ok(()),
            false => Err(RouterFault::SpeedAndScaling { speed, scaling }),
        }
    }

    fn shown(&self) -> Constants {
        Constants { scaling: Some(self.scaling), ..Constants::default() }
    }

    fn first_layers(&self) -> usize {
        self.hash_layers
    }
}

/// The router of one layer.
#[derive(Module, Debug)]
pub struct DeepseekV4 {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// What chooses.
    pub choice: ChoiceRule,
    /// How far a step moves a bias, u.
    #[module(skip)]
    pub bias_speed: f64,
    /// What the weights of a token add up to.
    #[module(skip)]
    pub scaling: f64,
}

/// What chooses a token's experts.
#[derive(Module, Debug)]
pub enum ChoiceRule {
    /// A hash layer: the experts of every token id, [V, k].
    Table(Param<Tensor<2>>),
    /// A later layer: the scores with b added, [E].
    Bias(Param<Tensor<1>>),
}

/// What the table of a new model holds before it is made.
const UNSET: f64 = -1.0;

/// The least logit that is scored.
const LEAST: f32 = -80.0;

/// Below this, `ln(1 + e^z)` is computed as `e^z - e^2z / 2`: in single precision `1 + e^z` would keep too little of it.
const SMALL: f32 = -8.0;

/// Different experts for a token id that has no entry in a table, `k` of `experts`.
pub fn hashed(id: u64, experts: usize, k: usize) -> Vec<usize> {
    // Two rounds: the first of neighbouring seeds are not far apart in all bits.
    let mut random = Random::new(Random::new(id).bits());
    let mut drawn = Vec::with_capacity(k);
    while drawn.len() < k.min(experts) {
        let expert = random.below(experts);
        if !drawn.contains(&expert) {
            drawn.push(expert);
        }
    }
    drawn
}

/// Puts hashes where a table has no entry, and keeps the others within 0..E, so that no file can name an expert that is
/// not there.
fn complete(table: Param<Tensor<2>>, experts: usize) -> Param<Tensor<2>> {
    let raw = table.val().detach();
    let ([vocabulary, k], device) = (raw.dims(), raw.device());
    let values: Vec<f32> =
        (0..vocabulary).flat_map(|id| hashed(id as u64, experts, k)).map(|expert| expert as f32).collect();
    let hashes = Tensor::<2>::from_data(TensorData::new(values, [vocabulary, k]), &device);
    let unset = raw.clone().lower_elem(0.0);
    let most = experts.saturating_sub(1) as f32;
    Param::from_tensor(raw.clamp(0.0, most).mask_where(unset, hashes).detach()).set_require_grad(false)
}

/// `sqrt(softplus(z))`, with a gradient that is finite for every z.
fn root_softplus(logits: &Tensor<2>) -> Tensor<2> {
    // Softplus is m + ln(e^(z-m) + e^-m) for any m; with the larger of z and 0 nothing overflows.
    let most = relu(logits.clone()).detach();
    let sum = (logits.clone() - most.clone()).exp() + most.clone().neg().exp();
    let small = logits.clone().clamp(LEAST, SMALL);
    let small = small.clone().exp() - (small * 2.0).exp() / 2.0;
    (most + sum.log()).mask_where(logits.clone().lower_elem(SMALL), small).sqrt()
}

impl Router for DeepseekV4 {
    type Settings = DeepseekV4Settings;

    const METHOD: &'static Method = &methods::DEEPSEEK_V4;

    fn build(
        settings: &DeepseekV4Settings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let DeepseekV4Settings { hash_layers, bias_speed, scaling } = *settings;
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let choice = if shape.block < hash_layers {
            let table = source.matrix("gate.tid2eid", [shape.vocabulary, shape.top_k], Init::Constant(UNSET))?;
            ChoiceRule::Table(complete(table, shape.experts))
        } else {
            let bias = source.vector("gate.e_score_correction_bias", shape.experts, Init::Constant(0.0))?;
            ChoiceRule::Bias(bias.set_require_grad(false))
        };
        Ok(Self { gate, choice, bias_speed, scaling })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { bias_speed: tuning.bias_speed, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.clone().matmul(self.gate.val().swap_dims(0, 1));
        let probs = root_softplus(&logits);
        let (experts, extra) = match &self.choice {
            ChoiceRule::Table(table) => {
                let ids = upload(context.ids.iter().map(|&id| id as usize), &x);
                (in_order(table.val().detach().select(0, ids).int(), &logits), None)
            }
            ChoiceRule::Bias(bias) => {
                let bias = bias.val().detach().unsqueeze::<2>();
                (deepseek::choose(&logits, &probs, &bias, context.top_k), Some(bias))
            }
        };
        let kept = probs.clone().gather(1, experts.clone());
        let weights = kept.clone() / (kept.sum_dim(1) + deepseek::EPS) * self.scaling;
        Routing { extra, ..Routing::new(logits, probs, experts, weights) }
    }

    fn weights(&self) -> Vec<Weight> {
        let choice = match &self.choice {
            ChoiceRule::Table(table) => matrix("gate.tid2eid", table),
            ChoiceRule::Bias(bias) => vector("gate.e_score_correction_bias", bias),
        };
        vec![matrix("gate.weight", &self.gate), choice]
    }

    fn after_step(self, outcome: &Outcome<'_>) -> Self {
        let choice = match self.choice {
            ChoiceRule::Bias(bias) => ChoiceRule::Bias(deepseek::moved(bias, outcome.routing, self.bias_speed)),
            table => table,
        };
        Self { choice, ..self }
    }
}

/// A row's experts [T, k] in descending order of their logits [T, E].
fn in_order(experts: Tensor<2, Int>, logits: &Tensor<2>) -> Tensor<2, Int> {
    let [_, k] = experts.dims();
    let order = largest(&logits.clone().detach().gather(1, experts.clone()), k);
    experts.gather(1, order)
}
