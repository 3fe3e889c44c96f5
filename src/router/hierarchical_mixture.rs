//! Hierarchical mixtures of experts (Jordan and Jacobs 1994, Neural Computation 6, pages 181 to 214): a tree of softmax
//! gates, here of two levels.
//!
//! A first gate has a share `g_i` for each of the branches, and in each branch a gate of its own has shares `g_{j|i}` for
//! its leaves: `y = sum_i g_i sum_j g_{j|i} o_ij(x)`. The experts are the leaves; leaf j of branch i of `groups` is expert
//! `i * (E / groups) + j`. All are computed (k = E); the list of experts is only sorted by weight. A token's shares depend
//! on that token alone, so the method is causal, and training routes as inference does.
//!
//! `probs` are the leaves' weights `g_i g_{j|i}`, which add up to 1. `logits` are the scores `a_i + log g_{j|i}` with `a_i`
//! the first gate's output: they say everything about the tree, since their softmax over all leaves is `probs` and their
//! log-sum-exp over a branch is `a_i`. (The plain sum of both gates' outputs would not: a branch's normalisation would be
//! lost.) [`branches`] adds leaves up to branches.
//!
//! The paper fits the tree by expectation and maximisation: [`posterior`] is the first of the two steps.
//!
//! Where this version deviates: as one layer of a language model it learns by the gradient of the blended output, since
//! its experts have no targets of their own; gates are linear without a bias, as in the other methods here.

use super::jacobs::{log_share, log_sum_exp};
use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Router, RouterSettings, Routing};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::run;
use crate::trace::Constants;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, softmax};
use serde::{Deserialize, Serialize};

/// The tree's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeSettings {
    /// Branches of the first gate; each has E / groups experts.
    pub groups: usize,
}

impl RouterSettings for TreeSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { groups: run.groups() }
    }

    fn check(&self, experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let Self { groups } = *self;
        match groups == 0 || !experts.is_multiple_of(groups) {
            true => Err(RouterFault::Groups { groups, experts }),
            false => Ok(()),
        }
    }

    fn shown(&self) -> Constants {
        Constants { groups: Some(self.groups), ..Constants::default() }
    }
}

/// The router.
#[derive(Module, Debug)]
pub struct HierarchicalMixture {
    /// The first gate, [groups, d].
    pub group_gate: Param<Tensor<2>>,
    /// The gates in the branches, one under the other, [E, d].
    pub gate: Param<Tensor<2>>,
}

impl Router for HierarchicalMixture {
    type Settings = TreeSettings;

    const METHOD: &'static Method = &methods::HIERARCHICAL_MIXTURE;

    fn build(settings: &TreeSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        Ok(Self {
            group_gate: source.matrix("group_gate.weight", [settings.groups, shape.width], Init::Normal(0.02))?,
            gate: source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?,
        })
    }

    fn route(&self, x: Tensor<2>, _: &mut Context<'_>) -> Routing {
        let first = x.clone().matmul(self.group_gate.val().swap_dims(0, 1));
        let second = x.matmul(self.gate.val().swap_dims(0, 1));
        let logits = leaf_logits(first, second);
        let probs = softmax(logits.clone(), 1);
        let experts = largest(&logits, logits.dims()[1]);
        let weights = probs.clone().gather(1, experts.clone());
        Routing::new(logits, probs, experts, weights)
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("group_gate.weight", &self.group_gate), matrix("gate.weight", &self.gate)]
    }
}

/// `a_i + log softmax_j(b_ij)` of the first gate's outputs `a` [T, groups] and the second gates' `b` [T, E], [T, E].
pub(super) fn leaf_logits(first: Tensor<2>, second: Tensor<2>) -> Tensor<2> {
    let ([tokens, groups], [_, leaves]) = (first.dims(), second.dims());
    let second = log_softmax(second.reshape([tokens, groups, leaves / groups]), 2);
    (first.unsqueeze_dim::<3>(2) + second).reshape([tokens, leaves])
}

/// The sum over the leaves of each branch, [T, E] to [T, groups]: the first gate `g_i` of `probs`.
pub fn branches(leaves: Tensor<2>, groups: usize) -> Tensor<2> {
    let [tokens, experts] = leaves.dims();
    leaves.reshape([tokens, groups, experts / groups]).sum_dim(2).reshape([tokens, groups])
}

/// How probable it is, once the target is known, that a part of the tree produced it.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// `h_i`, of branch i, [T, groups].
    pub branch: Tensor<2>,
    /// `h_{j|i}`, of leaf j if branch i did, [T, E].
    pub within: Tensor<2>,
    /// `h_ij = h_i h_{j|i}`, of the leaf, [T, E].
    pub leaf: Tensor<2>,
}

/// The posteriors of the paper's expectation step: with leaf weights `g_i g_{j|i}` (`probs` [T, E]) and the likelihood
/// `P_ij` of the target under each expert, given as its logarithm in nats (`log_likelihoods` [T, E]),
/// `h_i = g_i sum_j g_{j|i} P_ij / sum_i g_i sum_j g_{j|i} P_ij` and `h_{j|i} = g_{j|i} P_ij / sum_j g_{j|i} P_ij`.
pub fn posterior(probs: Tensor<2>, log_likelihoods: Tensor<2>, groups: usize) -> Posterior {
    let [tokens, experts] = probs.dims();
    let joint = log_share(probs) + log_likelihoods;
    let rows = joint.clone().reshape([tokens * groups, experts / groups]);
    Posterior {
        branch: softmax(log_sum_exp(rows.clone()).reshape([tokens, groups]), 1),
        within: softmax(rows, 1).reshape([tokens, experts]),
        leaf: softmax(joint, 1),
    }
}
