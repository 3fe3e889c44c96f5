//! Which method a model's routers follow, with the method's constants, as `config.json` holds it under `router`.

use super::{Gate, Router, RouterShape, WeightSource};
use crate::error::{ModelError, RouterFault};
use crate::methods::{Choices, Method};
use crate::run;
use crate::trace::Constants;
pub use crate::trace::conventions::Convention;
use serde::{Deserialize, Serialize};

/// A method's constants, as far as all methods answer the same questions with them.
pub trait RouterSettings {
    /// The constants of a training run's router.
    fn of_run(run: &run::Settings) -> Self
    where
        Self: Sized;

    /// What is wrong with them for E experts, k of them for a token, if anything.
    ///
    /// # Errors
    /// The first constant that cannot be.
    fn check(&self, _experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        Ok(())
    }

    /// What a picture of the method needs to know of them.
    fn shown(&self) -> Constants {
        Constants::default()
    }

    /// The method that they make, where a setting is a method of its own.
    fn method(&self) -> Option<&'static Method> {
        None
    }

    /// Layers, from the first on, that have another method than the rest.
    fn first_layers(&self) -> usize {
        0
    }

    /// How many tasks the method tells apart; 0 if it is told of none.
    fn tasks(&self) -> usize {
        0
    }

    /// Whether the method learns from the loss of every sequence ([`super::Outcome::losses`]).
    fn wants_losses(&self) -> bool {
        false
    }
}

/// Of a method without constants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

impl RouterSettings for NoSettings {
    fn of_run(_: &run::Settings) -> Self {
        Self {}
    }
}

/// The methods' settings, each a variant named as its router.
macro_rules! settings {
    ($($file:ident::$router:ident,)*) => {
        /// A routing method and its constants.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "method", rename_all = "kebab-case")]
        pub enum RouterConfig {
            $(#[doc = concat!("[`super::", stringify!($router), "`]")] $router(<super::$router as Router>::Settings),)*
        }

        impl RouterConfig {
            /// The router of one layer.
            ///
            /// # Errors
            /// As [`WeightSource::matrix`].
            pub fn build(&self, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Gate, ModelError> {
                Ok(match self { $(Self::$router(settings) => Gate::$router(super::$router::build(settings, shape, source)?),)* })
            }

            /// The router of a training run; `None` if no router computes its method.
            pub fn of_run(run: &run::Settings) -> Option<Self> {
                $(if run.method.router == super::$router::NAME {
                    return Some(Self::$router(RouterSettings::of_run(run)));
                })*
                None
            }

            /// How many experts a token's work is as much as, on average, for E experts, k of them for a token.
            pub fn computed(&self, experts: usize, top_k: usize) -> f64 {
                match self { $(Self::$router(settings) => super::$router::computed(settings, experts, top_k),)* }
            }

            /// What is known of the method, of a hash layer's kind and of a convention by itself.
            pub fn method(&self) -> &'static Method {
                match self { $(Self::$router(settings) => settings.method().unwrap_or(super::$router::METHOD),)* }
            }

            /// The method's constants.
            fn own(&self) -> &dyn RouterSettings {
                match self { $(Self::$router(settings) => settings,)* }
            }
        }
    };
}

for_each_router!(settings);

impl RouterConfig {
    /// What a picture of the method needs to know of it, beside `shared` experts that are not the router's.
    pub fn constants(&self, shared: usize) -> Constants {
        Constants { shared, ..self.own().shown() }
    }

    /// Whether this is what a Mixtral checkpoint without a word about it means.
    pub fn is_mixtral(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with the constants for E experts, k of them for a token, if anything.
    ///
    /// # Errors
    /// The first constant that cannot be.
    pub fn check(&self, experts: usize, top_k: usize) -> Result<(), RouterFault> {
        match self.method().choices {
            Choices::Exactly(chosen) if top_k != chosen => Err(RouterFault::Exactly { chosen, k: top_k }),
            Choices::All | Choices::Varies if top_k != experts => Err(RouterFault::All { experts, k: top_k }),
            _ => self.own().check(experts, top_k),
        }
    }

    /// What decides in a block, counted from 0: the first layers may have another method than the rest.
    pub fn method_of(&self, block: usize) -> &'static Method {
        let method = self.method();
        method.first.filter(|_| block < self.first_layers()).unwrap_or(method)
    }

    /// Layers, from the first on, that have another method than the rest.
    pub fn first_layers(&self) -> usize {
        self.own().first_layers()
    }

    /// Whether the method as published decides on a token from this and earlier tokens only. Finer than
    /// [`Router::CAUSAL`], which speaks of a type: among the hash layers only the oracle looks ahead.
    pub fn causal(&self) -> bool {
        self.method().ahead.is_none()
    }

    /// How many tasks the method tells apart; 0 if it is told of none.
    pub fn tasks(&self) -> usize {
        self.own().tasks()
    }

    /// Whether the method learns from the loss of every sequence ([`super::Outcome::losses`]).
    pub fn wants_losses(&self) -> bool {
        self.own().wants_losses()
    }

    /// How many of the E experts have weights: all, unless the last of them is "pass".
    pub fn stacked(&self, experts: usize) -> usize {
        self.method().stacked(experts)
    }
}

impl Default for RouterConfig {
    fn default() -> Self {
        Self::Mixtral(NoSettings {})
    }
}
