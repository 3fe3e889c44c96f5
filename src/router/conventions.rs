//! Today's conventions on one footing.

use super::gate::{Init, Shape, Source, Weight, matrix};
use super::select::largest;
use super::settings::Convention;
use super::{Context, Router, Routing};
use crate::model::ModelError;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// The router.
#[derive(Module, Debug)]
pub struct Conventions {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

impl Conventions {
    pub(super) fn build(shape: Shape, source: &mut dyn Source, _convention: Convention) -> Result<Self, ModelError> {
        Ok(Self { gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))? })
    }
}

impl Router for Conventions {
    const NAME: &'static str = "conventions";
    const CONVENTION: &'static str = "as the setting says";
    const CAUSAL: bool = true;

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let experts = largest(&logits, context.top_k);
        let weights = softmax(logits.clone().gather(1, experts.clone()), 1);
        Routing::new(logits.clone(), softmax(logits, 1), experts, weights)
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}
