//! One of the methods, with its weights: the part of a block that is exchanged when methods are compared.

use super::{Context, Outcome, Router, Routing, Weight};
use burn::module::Module;
use burn::tensor::Tensor;

/// The methods, each a variant named as its type.
macro_rules! gates {
    ($($file:ident::$method:ident,)*) => {
        /// A routing method with its weights.
        #[derive(Module, Debug)]
        pub enum Gate {
            $(#[doc = concat!("[`super::", stringify!($method), "`]")] $method(super::$method),)*
        }

        impl Gate {
            /// Routes hidden states [T, d].
            pub fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
                match self { $(Self::$method(router) => router.route(x, context),)* }
            }

            /// The method's name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$method(_) => super::$method::NAME,)* }
            }

            /// How scores become weights, in words.
            pub fn convention(&self) -> &'static str {
                match self { $(Self::$method(router) => router.convention(),)* }
            }

            /// See [`Router::CAUSAL`].
            pub fn causal(&self) -> bool {
                match self { $(Self::$method(_) => super::$method::CAUSAL,)* }
            }

            /// The weights, for a file.
            pub fn weights(&self) -> Vec<Weight> {
                match self { $(Self::$method(router) => router.weights(),)* }
            }

            /// The same router with other constants, as far as its method has them.
            #[must_use]
            pub fn tuned(self, tuning: Tuning) -> Self {
                match self { $(Self::$method(router) => Self::$method(router.tuned(tuning)),)* }
            }

            /// The router after a training step.
            pub fn after_step(self, outcome: &Outcome<'_>) -> Self {
                match self { $(Self::$method(router) => Self::$method(router.after_step(outcome)),)* }
            }
        }
    };
}

for_each_router!(gates);

/// Constants of a method that may change while it is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// For methods with a capacity: the factor.
    pub capacity_factor: f64,
    /// For methods with a bias: how far a step moves it.
    pub bias_speed: f64,
    /// For methods with noise: what it is multiplied by; 1 as published.
    pub noise_scale: f64,
}
