//! Routers: who decides which experts a token goes to. One file for each method.
//!
//! A router reads hidden states [T, d] in a [`Context`] and gives a [`Routing`]. What a method's numbers mean (its
//! convention), and whether it may look at later tokens, is known without a tensor: it is in [`crate::methods`].
//! [`RouterConfig`] is a method with its constants, as `config.json` holds it; [`Gate`] is a method with its weights.

/// The routers, by their files: the one list of them.
macro_rules! for_each_router {
    ($make:ident) => {
        $make!(
            mixtral::Mixtral,
            jacobs::Jacobs,
            hierarchical_mixture::HierarchicalMixture,
            shazeer::Shazeer,
            shazeer_hierarchical::ShazeerHierarchical,
            gshard::Gshard,
            switch::Switch,
            base::Base,
            hash::Hash,
            routing_networks::RoutingNetworks,
            expert_choice::ExpertChoice,
            soft_moe::SoftMoe,
            deepseek::Deepseek,
            deepseek_v4::DeepseekV4,
            conventions::Conventions,
        );
    };
}

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

pub use capacity::CapacitySettings;
pub use context::{Carry, Context, Mode};
pub use conventions::ConventionSettings;
pub use deepseek::BiasSettings;
pub use deepseek_v4::{ChoiceRule, DeepseekV4Settings};
pub use gate::{Gate, Tuning};
pub use hash::{HashKind, HashSettings};
pub use hierarchical_mixture::TreeSettings;
pub use routing::{Loss, LossKind, Outcome, Routing, Slots};
pub use routing_networks::TaskSettings;
pub use settings::{Convention, NoSettings, RouterConfig, RouterSettings};
pub use shazeer_hierarchical::SparseTreeSettings;
pub use soft_moe::SoftMoeSettings;
pub use weights::{Init, RouterShape, Weight, WeightSource};

use crate::error::ModelError;
use crate::methods::Method;
use burn::tensor::Tensor;

/// Makes the routers known by their names.
macro_rules! names {
    ($($file:ident::$router:ident,)*) => { $(pub use $file::$router;)* };
}

for_each_router!(names);

/// What each router says of itself: name, convention, and whether it is causal.
macro_rules! facts {
    ($($file:ident::$router:ident,)*) => {
        #[cfg(test)]
        pub(crate) fn all() -> Vec<(&'static str, &'static str, bool)> {
            vec![$(($router::NAME, $router::CONVENTION, $router::CAUSAL),)*]
        }
    };
}

for_each_router!(facts);

/// A routing method.
pub trait Router: Sized {
    /// Its constants.
    type Settings: RouterSettings;
    /// What is known of the method; of one with settings that are methods of their own, what they have in common.
    const METHOD: &'static Method;
    /// The method's name, as in checkpoints and traces.
    const NAME: &'static str = Self::METHOD.router;
    /// How scores become weights, in words.
    const CONVENTION: &'static str = Self::METHOD.convention;
    /// Whether the method as published decides on a token from this and earlier tokens only. Where it does not,
    /// [`Mode::Infer`] is a causal variant.
    const CAUSAL: bool = Self::METHOD.ahead.is_none();

    /// The router of one layer.
    ///
    /// # Errors
    /// As [`WeightSource::matrix`].
    fn build(settings: &Self::Settings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError>;

    /// How many experts a token's work is as much as, on average and without drops, for E experts, k of them for a token.
    fn computed(_settings: &Self::Settings, _experts: usize, top_k: usize) -> f64 {
        top_k as f64
    }

    /// How scores become weights, in words.
    fn convention(&self) -> &'static str {
        Self::CONVENTION
    }

    /// Routes hidden states [T, d].
    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing;

    /// The weights, for a file.
    fn weights(&self) -> Vec<Weight>;

    /// The same router with other constants, as far as it has them.
    #[must_use]
    fn tuned(self, _tuning: Tuning) -> Self {
        self
    }

    /// The router after a training step, for methods that learn something without a gradient.
    #[must_use]
    fn after_step(self, _outcome: &Outcome<'_>) -> Self {
        self
    }
}
