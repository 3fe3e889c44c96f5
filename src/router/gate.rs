//! One of the methods, with its weights: the part of a block that is exchanged when methods are compared.

use super::weights::{Shape, Source, Weight};
use super::{
    Base, Conventions, Deepseek, DeepseekV4, ExpertChoice, Gshard, Hash, HierarchicalMixture, Jacobs, Mixtral,
    RoutingNetworks, Shazeer, ShazeerHierarchical, SoftMoe, Switch,
};
use super::{Context, Outcome, Router, Routing, Settings};
use crate::error::ModelError;
use burn::module::Module;
use burn::tensor::Tensor;

/// The methods, each a variant named as its type.
macro_rules! gates {
    ($($method:ident),* $(,)?) => {
        /// A routing method with its weights.
        #[derive(Module, Debug)]
        pub enum Gate {
            $(#[doc = concat!("[`super::", stringify!($method), "`]")] $method($method),)*
        }

        impl Gate {
            /// Routes hidden states [T, d].
            pub fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
                match self { $(Self::$method(router) => router.route(x, context),)* }
            }

            /// The method's name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$method(_) => $method::NAME,)* }
            }

            /// How scores become weights, in words.
            pub fn convention(&self) -> &'static str {
                if let Self::Conventions(router) = self {
                    return router.convention.words();
                }
                match self { $(Self::$method(_) => $method::CONVENTION,)* }
            }

            /// See [`Router::CAUSAL`].
            pub fn causal(&self) -> bool {
                match self { $(Self::$method(_) => $method::CAUSAL,)* }
            }

            /// The weights, for a file.
            pub fn weights(&self) -> Vec<Weight> {
                match self { $(Self::$method(router) => router.weights(),)* }
            }

            /// The router after a training step.
            pub fn after_step(self, outcome: &Outcome<'_>) -> Self {
                match self { $(Self::$method(router) => Self::$method(router.after_step(outcome)),)* }
            }
        }
    };
}

gates!(
    Mixtral,
    Jacobs,
    HierarchicalMixture,
    Shazeer,
    ShazeerHierarchical,
    Gshard,
    Switch,
    Base,
    Hash,
    RoutingNetworks,
    ExpertChoice,
    SoftMoe,
    Deepseek,
    DeepseekV4,
    Conventions,
);

/// Constants of a method that may change while it is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// For methods with a capacity: the factor.
    pub capacity_factor: f64,
    /// For [`Deepseek`] and [`DeepseekV4`]: how far a step moves a bias.
    pub bias_speed: f64,
    /// For methods with noise: what it is multiplied by; 1 as published.
    pub noise_scale: f64,
}

impl Gate {
    /// The same router with other constants, as far as its method has them.
    #[must_use]
    pub fn tuned(self, tuning: Tuning) -> Self {
        let Tuning { capacity_factor, bias_speed, noise_scale } = tuning;
        match self {
            Self::Switch(router) => Self::Switch(Switch { capacity_factor, noise_scale, ..router }),
            Self::Gshard(router) => Self::Gshard(Gshard { capacity_factor, ..router }),
            Self::ExpertChoice(router) => Self::ExpertChoice(ExpertChoice { capacity_factor, ..router }),
            Self::Deepseek(router) => Self::Deepseek(Deepseek { bias_speed, ..router }),
            Self::DeepseekV4(router) => Self::DeepseekV4(DeepseekV4 { bias_speed, ..router }),
            Self::Shazeer(router) => Self::Shazeer(Shazeer { noise_scale, ..router }),
            Self::ShazeerHierarchical(router) => {
                Self::ShazeerHierarchical(ShazeerHierarchical { noise_scale, ..router })
            }
            other => other,
        }
    }

    /// The router of one layer.
    ///
    /// # Errors
    /// As [`Source::matrix`].
    pub fn build(settings: &Settings, shape: Shape, source: &mut dyn Source) -> Result<Self, ModelError> {
        Ok(match settings {
            Settings::Mixtral => Self::Mixtral(Mixtral::build(shape, source)?),
            Settings::Jacobs => Self::Jacobs(Jacobs::build(shape, source)?),
            Settings::HierarchicalMixture { groups } => {
                Self::HierarchicalMixture(HierarchicalMixture::build(shape, source, *groups)?)
            }
            Settings::Shazeer => Self::Shazeer(Shazeer::build(shape, source)?),
            Settings::ShazeerHierarchical { groups, top_groups } => {
                Self::ShazeerHierarchical(ShazeerHierarchical::build(shape, source, *groups, *top_groups)?)
            }
            Settings::Gshard { capacity_factor, group } => {
                Self::Gshard(Gshard::build(shape, source, *capacity_factor, *group)?)
            }
            Settings::Switch { capacity_factor, group } => {
                Self::Switch(Switch::build(shape, source, *capacity_factor, *group)?)
            }
            Settings::Base => Self::Base(Base::build(shape, source)?),
            Settings::Hash { kind } => Self::Hash(Hash::build(shape, source, *kind)?),
            Settings::RoutingNetworks { tasks } => {
                Self::RoutingNetworks(RoutingNetworks::build(shape, source, *tasks)?)
            }
            Settings::ExpertChoice { capacity_factor, group } => {
                Self::ExpertChoice(ExpertChoice::build(shape, source, *capacity_factor, *group)?)
            }
            Settings::SoftMoe { slots, group } => Self::SoftMoe(SoftMoe::build(shape, source, *slots, *group)?),
            Settings::Deepseek { bias_speed } => Self::Deepseek(Deepseek::build(shape, source, *bias_speed)?),
            Settings::DeepseekV4 { hash_layers, bias_speed, scaling } => {
                Self::DeepseekV4(DeepseekV4::build(shape, source, (*hash_layers, *bias_speed, *scaling))?)
            }
            Settings::Conventions { convention } => Self::Conventions(Conventions::build(shape, source, *convention)?),
        })
    }
}
