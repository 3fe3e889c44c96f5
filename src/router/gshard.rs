//! GShard (Lepikhin et al. 2020, arXiv:2006.16668, section 2.2 and algorithm 1): the two best experts, each with a
//! capacity, the second one tried at random.
//!
//! With `g = softmax(W x)`, the two largest are divided by their sum, so that `g1 + g2 = 1`, and `y = g1 E_1(x) + g2 E_2(x)`.
//! An expert takes `factor * 2 * group / E` tokens of a local group, rounded up (factor 1 is the paper's 2N/(GE)). A choice
//! that finds its expert full is dropped with its weight; the other choice keeps the weight it had, and if both are
//! dropped, only the residual stream carries the token on.
//!
//! In training the second expert is tried with probability 2 g2 (random routing): if `2 g2 > u` with u uniform in
//! [0, 1) and g2 after the division. A choice not tried takes no place in the queue, as in the authors' code (lingvo,
//! `Top2GatingOnLogits`, policy "random" with threshold 0.5), and is `unused`. Outside training it is always tried.
//!
//! As published and in training, all first choices of a group take their places before any second one: whether a token
//! keeps its second expert depends on tokens that come later. So the method is not causal. For inference we go token by
//! token, the first choice and then the second, each where there is room.
//!
//! The loss is the paper's `(1/E) sum_e (c_e / S) m_e` times E^2, as in the authors' code: c_e first choices of expert e
//! among the S tokens of a group, counted before any is dropped, m_e the mean of g_e; the mean over groups. For one
//! group and one expert for a token this is [`super::losses::balance`]; even routing gives 1.
//!
//! Where we deviate: a group is a stretch of one sequence, and its capacity is fixed by the constants.

use super::capacity::{CapacitySettings, Groups, before, capacity};
use super::select::{chosen, largest};
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix};
use super::{Context, Loss, LossKind, Mode, Router, Routing, Tuning};
use crate::error::ModelError;
use crate::methods::{self, Method};
use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Int, Tensor, TensorData};

/// The router.
#[derive(Module, Debug)]
pub struct Gshard {
    /// [E, d]
    pub gate: Param<Tensor<2>>,
    /// An expert takes at most `capacity_factor * 2 * group / E` tokens of a group, rounded up.
    pub capacity_factor: f64,
    /// Tokens in a local group.
    pub group: usize,
}

impl Gshard {
    /// The place in its expert's queue of each choice, [T, 2], given both choices [T, 2], -1 where none is made.
    fn places(&self, choice: Tensor<2, Int>, experts: usize, context: &mut Context<'_>) -> Tensor<2> {
        let at = |places: Tensor<2>, choice: Tensor<2, Int>| places.gather(1, choice.clamp_min(0));
        if context.mode == Mode::Infer {
            return at(before(chosen(choice.clone(), experts), context, self.group), choice);
        }
        let groups = Groups::new(context.batch, choice.dims()[0], self.group);
        let (first, second) = (choice.clone().narrow(1, 0, 1), choice.narrow(1, 1, 1));
        let firsts = chosen(first.clone(), experts);
        let seconds = groups.before(chosen(second.clone(), experts)) + groups.total(firsts.clone());
        Tensor::cat(vec![at(groups.before(firsts), first), at(seconds, second)], 1)
    }

    /// The balance loss, given the first choices [T, 1] and the scores [T, E].
    fn balance(&self, first: Tensor<2, Int>, probs: Tensor<2>, batch: usize) -> Loss {
        let [tokens, experts] = probs.dims();
        let groups = Groups::new(batch, tokens, self.group);
        let products = groups.means(chosen(first, experts)) * groups.means(probs);
        Loss { kind: LossKind::Balance, value: products.sum_dim(1).mean() * experts as f32 }
    }
}

impl Router for Gshard {
    type Settings = CapacitySettings;

    const METHOD: &'static Method = &methods::GSHARD;

    fn build(
        settings: &CapacitySettings,
        shape: RouterShape,
        source: &mut dyn WeightSource,
    ) -> Result<Self, ModelError> {
        let gate = source.matrix("gate.weight", [shape.experts, shape.width], Init::Normal(0.02))?;
        let CapacitySettings { capacity_factor, group } = *settings;
        Ok(Self { gate, capacity_factor, group })
    }

    fn tuned(self, tuning: Tuning) -> Self {
        Self { capacity_factor: tuning.capacity_factor, ..self }
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let logits = x.matmul(self.gate.val().swap_dims(0, 1));
        let probs = softmax(logits.clone(), 1);
        let count = probs.dims()[1];
        let choice = largest(&logits, 2);
        // Softmax over the kept logits is g1 / (g1 + g2) and g2 / (g1 + g2), without the risk of 0 / 0.
        let gates = softmax(logits.clone().gather(1, choice.clone()), 1);
        let losses = match context.training() {
            true => vec![self.balance(choice.clone().narrow(1, 0, 1), probs.clone(), context.batch)],
            false => Vec::new(),
        };
        let unused = context.training().then(|| untried(&gates, context));
        let made = match &unused {
            Some(unused) => choice.clone().mask_fill(unused.clone(), -1),
            None => choice.clone(),
        };
        let limit = capacity(self.capacity_factor, 2, self.group, count);
        let full = self.places(made.clone(), count, context).greater_equal_elem(limit as f32);
        let dropped = full.bool_and(made.greater_equal_elem(0));
        let without = match &unused {
            Some(unused) => dropped.clone().bool_or(unused.clone()),
            None => dropped.clone(),
        };
        let order = descending(without.clone());
        let sort = |mask: Tensor<2, Bool>| mask.int().gather(1, order.clone()).equal_elem(1);
        let weights = gates.mask_fill(without, 0.0).gather(1, order.clone());
        let mut routing = Routing::new(logits, probs, choice.gather(1, order.clone()), weights);
        routing.dropped = Some(sort(dropped));
        routing.unused = unused.map(sort);
        routing.capacity = Some(limit);
        routing.losses = losses;
        routing
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("gate.weight", &self.gate)]
    }
}

/// Which choices random routing leaves out, [T, 2]: never a first one. `gates` are g1 and g2, [T, 2].
fn untried(gates: &Tensor<2>, context: &Context<'_>) -> Tensor<2, Bool> {
    let (tokens, mut random) = (gates.dims()[0], context.random());
    let thresholds = (0..tokens).flat_map(|_| [-1.0, random.uniform() as f32]).collect();
    let thresholds = Tensor::from_data(TensorData::new::<f32, _>(thresholds, [tokens, 2]), &gates.device());
    (gates.clone().detach() * 2.0).lower_equal(thresholds)
}

/// For each row the entry with the larger weight first, [T, 2]: the second only where the first is without weight and
/// the second is not. `without` says which are, [T, 2].
fn descending(without: Tensor<2, Bool>) -> Tensor<2, Int> {
    let (first, second) = (without.clone().narrow(1, 0, 1), without.narrow(1, 1, 1));
    let swap = first.bool_and(second.bool_not());
    Tensor::cat(vec![swap.clone().int(), swap.bool_not().int()], 1)
}
