//! Routers: who decides which experts a token goes to. One file for each method.
//!
//! A router reads hidden states [T, d] and gives a [`Routing`]. What a method's numbers mean (its convention), and
//! whether it may look at later tokens, is part of the [`Router`] trait, so that the page can say it.

pub mod losses;
mod mixtral;

pub use mixtral::Mixtral;

use burn::tensor::{Int, Tensor};

/// What a router decided for T tokens.
#[derive(Clone, Debug)]
pub struct Routing {
    /// Router outputs before any normalisation, [T, E].
    pub logits: Tensor<2>,
    /// The scores that the method defines, [T, E].
    pub probs: Tensor<2>,
    /// Chosen experts in descending order of weight, [T, k].
    pub experts: Tensor<2, Int>,
    /// What the expert outputs are multiplied by, [T, k].
    pub weights: Tensor<2>,
}

/// A routing method.
pub trait Router {
    /// The method's name, as in checkpoints and traces.
    const NAME: &'static str;
    /// How scores become weights, in words.
    const CONVENTION: &'static str;
    /// Whether a token's routing depends on this and earlier tokens only.
    const CAUSAL: bool;

    /// Routes hidden states [T, d] to `top_k` experts each.
    fn route(&self, x: Tensor<2>, top_k: usize) -> Routing;
}
