//! Hash layers (Roller et al. 2021).

use super::gate::{Init, Shape, Source, Weight, matrix};
use super::select::largest;
use super::settings::HashKind;
use super::{Context, Router, Routing};
use crate::model::ModelError;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// The router.
#[derive(Module, Debug)]
pub struct Hash {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
}

impl Hash {
    pub(super) fn build(shape: Shape, source: &mut dyn Source, _kind: HashKind) -> Result<Self, ModelError> {
        Ok(Self { gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))? })
    }
}

impl Router for Hash {
    const NAME: &'static str = "hash";
    const CONVENTION: &'static str = "1: no router";
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
