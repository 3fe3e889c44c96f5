//! Today's conventions on one footing: the same linear gate, and four orders of softmax, choice and normalisation.
//!
//! | convention | scores | chosen by | weights |
//! |---|---|---|---|
//! | Mixtral (Jiang et al. 2024, arXiv:2401.04088, section 2.1) | `h = x W` | the k largest h | softmax over the kept h |
//! | OLMoE (Muennighoff et al. 2024, arXiv:2409.02060) | `p = softmax(h)` | the k largest p | p, not renormalised |
//! | Qwen3-MoE (Qwen Team 2025, arXiv:2505.09388, section 2) | `p = softmax(h)` | the k largest p | p / sum of the kept p |
//! | gpt-oss (OpenAI 2025, arXiv:2508.10925) | `h = x W + bias` | the k largest h | softmax over the kept h |
//!
//! Mixtral's and Qwen3-MoE's weights are the same numbers: `p_i / sum_kept p_j = e^(h_i) / sum_kept e^(h_j)`. OLMoE's add up to
//! less than 1, and the gate can so turn the whole layer down. In all four, `logits` is h (with the bias if there is one) and
//! `probs` the softmax of h over all experts. Causal; training and inference route alike.
//!
//! Deviations: all are trained with the same balance and z-loss here, so that only the convention differs. What each model was
//! trained with differs and is partly not published.
//!
//! The same formulas for one token in plain Rust, with their derivatives, are in [`crate::trace::conventions`].

use super::select::largest;
use super::settings::Convention;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix, vector};
use super::{Context, Router, RouterSettings, Routing, losses};
use crate::error::ModelError;
use crate::methods::{self, Method};
use crate::run;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use serde::{Deserialize, Serialize};

/// The convention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConventionSettings {
    /// Whose.
    pub convention: Convention,
}

impl RouterSettings for ConventionSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { convention: run.method.order.unwrap_or(Convention::Mixtral) }
    }

    fn method(&self) -> Option<&'static Method> {
        Some(self.convention.method())
    }
}

/// The router.
#[derive(Module, Debug)]
pub struct Conventions {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// [E]; gpt-oss only
    pub bias: Option<Param<Tensor<1>>>,
    /// Whose.
    #[module(skip)]
    pub convention: Convention,
}

impl Router for Conventions {
    type Settings = ConventionSettings;

    const METHOD: &'static Method = &methods::CONVENTIONS;

    fn build(
        settings: &ConventionSettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let convention = settings.convention;
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let bias = match convention {
            Convention::GptOss => Some(source.vector("gate.bias", shape.experts, Init::Constant(0.0))?),
            Convention::Mixtral | Convention::Olmoe | Convention::Qwen3Moe => None,
        };
        Ok(Self { gate, bias, convention })
    }

    fn convention(&self) -> &'static str {
        self.convention.words()
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let mut logits = x.matmul(self.gate.val().swap_dims(0, 1));
        if let Some(bias) = &self.bias {
            logits = logits + bias.val().unsqueeze::<2>();
        }
        let probs = softmax(logits.clone(), 1);
        // The largest p are those of the largest h, also where p is rounded to 1, 0, 0 and no longer tells.
        let experts = largest(&logits, context.top_k);
        let kept = |scores: &Tensor<2>| scores.clone().gather(1, experts.clone());
        let weights = match self.convention {
            Convention::Mixtral | Convention::GptOss => softmax(kept(&logits), 1),
            Convention::Olmoe => kept(&probs),
            Convention::Qwen3Moe => kept(&probs) / kept(&probs).sum_dim(1),
        };
        let extra = self.bias.as_ref().map(|bias| bias.val().detach().unsqueeze::<2>());
        let mut routing = Routing { extra, ..Routing::new(logits, probs, experts, weights) };
        if context.training() {
            routing.losses = losses::balance_and_z(&routing);
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        let bias = self.bias.as_ref().map(|bias| vector("gate.bias", bias));
        std::iter::once(matrix("gate.weight", &self.gate)).chain(bias).collect()
    }
}
