//! Hierarchical sparsely-gated mixture (Shazeer et al. 2017, arXiv:1701.06538, appendix B): a noisy top-k gate chooses
//! groups of experts, and in every chosen group a noisy top-k gate of its own chooses experts.
//!
//! `y = sum_i sum_j G_primary(x)_i G_i(x)_j E_ij(x)` (eq. 12), every gate as in [`super::Shazeer`]. Of `groups` groups
//! `top_groups` are chosen, and `k / top_groups` experts in each of those; weights add up to 1. Expert j of group i is
//! number `i * (E / groups) + j`. A token's routing depends on that token alone, so the method is causal.
//!
//! Shown are `logits`, the clean `a_i + log softmax_j(b_ij)` of the primary gate's `x W` (a) and the secondary gates' (b),
//! and `probs`, their softmax over all experts, which is the product of the two clean softmaxes before anything is cut.
//! So the sum of a group's `probs` is that group's share, and the log-sum-exp of its `logits` is `a_i`.
//!
//! Training draws noise for all primary gates, then for all secondary ones, and adds the squared coefficients of variation
//! over all experts of
//! - importance, `sum_x G_primary(x)_i G_i(x)_j` (eq. 13), and
//! - load, `Load_primary(X)_i Load_i(X^(i))_j / |X^(i)|` (eq. 14), where `X^(i)` are the tokens that chose group i. The
//!   secondary load alone would have no gradient for the primary gate.
//!
//! A gate that keeps a single one of its choices weighs it 1 whatever its score: nothing but the balancing losses reaches
//! it then. The shipped model keeps two at both levels: 2 of 4 groups, and 2 of the 4 experts in each.
//!
//! Where this version deviates: as [`super::Shazeer`]; and a group that no token chose has the load 0, which the paper's
//! 0 / 0 leaves open. All gates begin as 0; the paper says so of the plain gate.

use super::hierarchical_mixture::leaf_logits;
use super::noisy_top_k::NoisyScores;
use super::select::largest;
use super::shazeer::{losses, total};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Router, RouterSettings, Routing, Tuning};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::run;
use crate::trace::Constants;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use serde::{Deserialize, Serialize};

/// The tree's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SparseTreeSettings {
    /// Groups that the first gate chooses among; each has E / groups experts.
    pub groups: usize,
    /// Groups chosen for a token; each chosen group chooses k / top_groups of its experts.
    pub top_groups: usize,
}

impl RouterSettings for SparseTreeSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { groups: run.groups(), top_groups: run.top_k / 2 }
    }

    fn check(&self, experts: usize, k: usize) -> Result<(), RouterFault> {
        let Self { groups, top_groups } = *self;
        let wrong = groups == 0
            || !experts.is_multiple_of(groups)
            || top_groups == 0
            || top_groups > groups
            || !k.is_multiple_of(top_groups)
            || k / top_groups > experts / groups;
        if wrong { Err(RouterFault::ChosenGroups { groups, top_groups, experts, k }) } else { Ok(()) }
    }

    fn shown(&self) -> Constants {
        Constants { groups: Some(self.groups), top_groups: Some(self.top_groups), ..Constants::default() }
    }
}

/// The router.
#[derive(Module, Debug)]
pub struct ShazeerHierarchical {
    /// The primary gate's `W_g`, [groups, d].
    pub group_gate: Param<Tensor<2>>,
    /// The primary gate's `W_noise`, [groups, d].
    pub group_noise: Param<Tensor<2>>,
    /// The secondary gates' `W_g`, one under the other, [E, d].
    pub gate: Param<Tensor<2>>,
    /// The secondary gates' `W_noise`, one under the other, [E, d].
    pub noise: Param<Tensor<2>>,
    /// Groups chosen for a token.
    pub top_groups: usize,
    /// What the noise in training is multiplied by; 1 as published.
    #[module(skip)]
    pub noise_scale: f64,
}

/// The gates of both levels.
struct Levels {
    /// Of T tokens.
    primary: NoisyScores,
    /// Of T * groups tokens and groups.
    secondary: NoisyScores,
    /// Groups that a token chooses.
    top_groups: usize,
    /// Experts that it chooses in each.
    inner: usize,
}

impl ShazeerHierarchical {
    fn levels(&self, x: &Tensor<2>, first: Tensor<2>, second: Tensor<2>, context: &Context<'_>) -> Levels {
        let rows = |leaves: Tensor<2>| {
            let ([tokens, groups], [_, experts]) = (first.dims(), leaves.dims());
            leaves.reshape([tokens * groups, experts / groups])
        };
        let (top_groups, inner) = (self.top_groups, context.top_k / self.top_groups);
        let second = rows(second);
        if !context.training() {
            return Levels {
                primary: NoisyScores::quiet(first),
                secondary: NoisyScores::quiet(second),
                top_groups,
                inner,
            };
        }
        let spread = |noise: &Param<Tensor<2>>| x.clone().matmul(noise.val().swap_dims(0, 1));
        let (first_spread, second_spread) = (spread(&self.group_noise), rows(spread(&self.noise)));
        let mut random = context.random();
        Levels {
            primary: NoisyScores::drawn(first, first_spread, self.noise_scale, &mut random),
            secondary: NoisyScores::drawn(second, second_spread, self.noise_scale, &mut random),
            top_groups,
            inner,
        }
    }
}

impl Levels {
    /// The product of a number for each group [T, groups] and one for each expert [T * groups, E / groups], [T, E].
    fn product(first: Tensor<2>, second: Tensor<2>) -> Tensor<2> {
        let ([tokens, groups], [_, size]) = (first.dims(), second.dims());
        (first.unsqueeze_dim::<3>(2) * second.reshape([tokens, groups, size])).reshape([tokens, groups * size])
    }

    /// `G_primary(x)_i G_i(x)_j`, [T, E].
    fn gates(&self) -> Tensor<2> {
        Self::product(self.primary.gates(self.top_groups), self.secondary.gates(self.inner))
    }

    /// 1 for the chosen experts and 0 for the others, [T, E].
    fn chosen(&self) -> Tensor<2> {
        Self::product(self.primary.chosen(self.top_groups).float(), self.secondary.chosen(self.inner).float())
    }

    /// `Load_H`, [E].
    fn load(&self) -> Tensor<1> {
        let members = self.primary.chosen(self.top_groups).float(); // [T, groups]
        let within = total(Self::product(members.clone(), self.secondary.chance(self.inner)));
        let share = total(self.primary.chance(self.top_groups)) / total(members).clamp_min(1.0);
        let (groups, experts) = (share.dims()[0], within.dims()[0]);
        Self::product(share.reshape([1, groups]), within.reshape([groups, experts / groups])).reshape([experts])
    }
}

impl Router for ShazeerHierarchical {
    type Settings = SparseTreeSettings;

    const METHOD: &'static Method = &methods::SHAZEER_HIERARCHICAL;

    fn build(
        settings: &SparseTreeSettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let mut zeros = |name, rows| source.matrix(name, [rows, shape.width], Init::Constant(0.0));
        Ok(Self {
            group_gate: zeros("group_gate.weight", settings.groups)?,
            group_noise: zeros("group_noise.weight", settings.groups)?,
            gate: zeros("gate.weight", shape.experts)?,
            noise: zeros("noise.weight", shape.experts)?,
            top_groups: settings.top_groups,
            noise_scale: 1.0,
        })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { noise_scale: tuning.noise_scale, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let first = x.clone().matmul(self.group_gate.val().swap_dims(0, 1));
        let second = x.clone().matmul(self.gate.val().swap_dims(0, 1));
        let logits = leaf_logits(first.clone(), second.clone());
        let levels = self.levels(&x, first, second, context);
        let gates = levels.gates();
        let not_chosen = levels.chosen().lower_elem(0.5);
        let experts = largest(&gates.clone().mask_fill(not_chosen, -1.0), context.top_k);
        let weights = gates.clone().gather(1, experts.clone());
        let mut routing = Routing::new(logits.clone(), softmax(logits, 1), experts, weights);
        if context.training() {
            routing.losses = losses(total(gates), levels.load());
        }
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![
            matrix("group_gate.weight", &self.group_gate),
            matrix("group_noise.weight", &self.group_noise),
            matrix("gate.weight", &self.gate),
            matrix("noise.weight", &self.noise),
        ]
    }
}
