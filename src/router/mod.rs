//! Routers: who decides which experts a token goes to. One file for each method.
//!
//! A router reads hidden states [T, d] in a [`Context`] and gives a [`Routing`]. What a method's numbers mean (its
//! convention), and whether it may look at later tokens, is known without a tensor: it is in [`crate::methods`].
//! [`Settings`] is a method with its constants, as `config.json` holds it; [`Gate`] is a method with its weights.

pub mod assignment;
mod base;
mod capacity;
mod context;
mod conventions;
mod deepseek;
mod deepseek_v4;
pub mod dense;
mod expert_choice;
mod gate;
mod gshard;
mod hash;
pub mod hierarchical_mixture;
pub mod jacobs;
pub mod losses;
mod mixtral;
mod noisy_top_k;
pub(crate) mod readback;
mod routing;
mod routing_networks;
pub(crate) mod select;
mod settings;
mod shazeer;
mod shazeer_hierarchical;
mod soft_moe;
mod switch;
mod weights;

pub use base::Base;
pub use context::{Carry, Context, Mode};
pub use conventions::Conventions;
pub use deepseek::Deepseek;
pub use deepseek_v4::{Choice, DeepseekV4};
pub use expert_choice::ExpertChoice;
pub use gate::{Gate, Tuning};
pub use gshard::Gshard;
pub use hash::Hash;
pub use hierarchical_mixture::HierarchicalMixture;
pub use jacobs::Jacobs;
pub use mixtral::Mixtral;
pub use routing::{Loss, LossKind, Outcome, Routing, Slots};
pub use routing_networks::RoutingNetworks;
pub use settings::{Convention, HashKind, Settings};
pub use shazeer::Shazeer;
pub use shazeer_hierarchical::ShazeerHierarchical;
pub use soft_moe::SoftMoe;
pub use switch::Switch;
pub use weights::{Init, Shape, Source, Weight};

use crate::methods::Method;
use burn::tensor::Tensor;

/// A routing method.
pub trait Router {
    /// What is known of the method; of one with settings that are methods of their own, what they have in common.
    const METHOD: &'static Method;
    /// The method's name, as in checkpoints and traces.
    const NAME: &'static str = Self::METHOD.router;
    /// How scores become weights, in words.
    const CONVENTION: &'static str = Self::METHOD.convention;
    /// Whether the method as published decides on a token from this and earlier tokens only. Where it does not,
    /// [`Mode::Infer`] is a causal variant.
    const CAUSAL: bool = Self::METHOD.ahead.is_none();

    /// Routes hidden states [T, d].
    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing;

    /// The weights, for a file.
    fn weights(&self) -> Vec<Weight>;

    /// The router after a training step, for methods that learn something without a gradient.
    fn after_step(self, _outcome: &Outcome<'_>) -> Self
    where
        Self: Sized,
    {
        self
    }
}
