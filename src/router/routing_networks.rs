//! Routing networks: a policy learned by reinforcement composes function blocks, for each task anew (Rosenbaum, Klinger
//! and Riemer 2017, "Routing Networks: Adaptive Selection of Non-linear Functions for Multi-Task Learning",
//! arXiv:1711.01239, section 3: PASS and the recursion at its beginning, rewards in 3.1.1, agents and learning in 3.1.2).
//!
//! At every depth the router picks one function block, or PASS, which leaves the input as it is. Blocks are the experts
//! 0 to E-2; the last number, E-1, is PASS: it has no weights, nothing is computed for it, its entries are `unused` and
//! their weight is 0, while a block's weight is 1. A sample keeps its block: all tokens of a sequence take the same
//! action. The router is a table, one policy `pi_t = softmax(policy[t])` for each task t and depth (one agent per task);
//! `logits` are `policy[t]`, `probs` are `pi_t`, the same for all tokens of a sequence.
//!
//! [`Mode::Train`] samples the action from `pi_t`; otherwise the most likely one is taken. If a sequence's task is
//! unknown, the mean of all tasks' policies takes the place of `pi_t` (its logarithm that of the logits). Both are causal.
//!
//! The policy learns after each step, from the loss and without its gradient (REINFORCE, Williams 1992): with the reward
//! `R = -(mean loss of the sequence in nats) + rho * mean_t' pi_t'(a)`, whose second part is the collaboration reward for
//! blocks that other tasks use too, and the baseline `b_t`, a running mean of the task's rewards,
//! `policy[t] += rate * (R - b_t) * (onehot(a) - pi_t)`. In expectation that is the gradient of `sum_a pi_t(a) R(a)`.
//! The baseline begins at `-ln V`, the reward of guessing.
//!
//! Where we deviate: the authors update their tables with the Weighted Policy Learner. It steers by an estimate of
//! every action's value, and here all losses fall while the model learns, so that an action that was not tried lately
//! would look bad for being old; REINFORCE compares with the task's latest rewards. Their collaboration reward averages
//! past choices or past probabilities of choosing, ours the present probabilities. Their blocks replace their input,
//! ours are added to it, as all experts here are. The rate, rho and the running mean's weight are ours.

use super::select::largest;
use super::weights::{Init, RouterShape, Weight, WeightSource, matrix, vector};
use super::{Context, Mode, Outcome, Router, RouterSettings, Routing, readback};
use crate::error::{ModelError, RouterFault};
use crate::methods::{self, Method};
use crate::run;
use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// The policy's constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSettings {
    /// Tasks that the policy knows.
    pub tasks: usize,
}

impl RouterSettings for TaskSettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { tasks: run.text.domains() }
    }

    fn check(&self, experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let Self { tasks } = *self;
        if tasks == 0 || experts < 2 { Err(RouterFault::Tasks { tasks, experts }) } else { Ok(()) }
    }

    fn tasks(&self) -> usize {
        self.tasks
    }

    fn wants_losses(&self) -> bool {
        true
    }
}

/// The policy of one depth.
#[derive(Module, Debug)]
pub struct RoutingNetworks {
    /// Logits of each task's actions, [tasks, E]; trained without a gradient.
    pub policy: Param<Tensor<2>>,
    /// Running mean of each task's reward in nats, [tasks].
    pub baseline: Param<Tensor<1>>,
}

impl RoutingNetworks {
    /// How far a reward of one nat above the baseline moves the policy.
    pub const RATE: f64 = 1.0;
    /// Weight of the collaboration reward, rho, in nats.
    pub const COLLABORATION: f64 = 0.05;
    /// Share of the newest reward in the baseline.
    pub const NEWEST: f64 = 0.1;

    /// Each sequence's policy logits, [batch, E].
    fn rows(&self, context: &Context<'_>) -> Tensor<2> {
        let policy = self.policy.val().detach();
        let [tasks, _] = policy.dims();
        let known = |sequence: usize| context.tasks.get(sequence).copied().filter(|&task| task < tasks);
        let mean = softmax(policy.clone(), 1).mean_dim(0).clamp_min(f32::MIN_POSITIVE).log();
        let all = Tensor::cat(vec![policy, mean], 0);
        let row = readback::upload((0..context.batch).map(|sequence| known(sequence).unwrap_or(tasks)), &all);
        all.select(0, row)
    }
}

/// An action of each row's distribution [batch, E], [batch, 1].
fn sample(probs: &Tensor<2>, context: &Context<'_>) -> Tensor<2, Int> {
    let [_, experts] = probs.dims();
    let mut random = context.random();
    let values = readback::floats(probs.clone());
    let actions = values.chunks(experts).map(|row| {
        let mut left = random.uniform() * row.iter().map(|&p| f64::from(p)).sum::<f64>();
        let hit = row.iter().position(|&p| {
            left -= f64::from(p);
            left < 0.0
        });
        hit.unwrap_or(experts - 1)
    });
    readback::upload(actions, probs).unsqueeze_dim(1)
}

impl Router for RoutingNetworks {
    type Settings = TaskSettings;

    const METHOD: &'static Method = &methods::ROUTING_NETWORKS;

    fn build(settings: &TaskSettings, shape: RouterShape, source: &mut dyn WeightSource) -> Result<Self, ModelError> {
        let guessing = -(shape.vocabulary.max(1) as f64).ln();
        Ok(Self {
            policy: source.matrix("policy.weight", [settings.tasks, shape.experts], Init::Constant(0.0))?,
            baseline: source.vector("baseline", settings.tasks, Init::Constant(guessing))?,
        })
    }

    fn route(&self, x: Tensor<2>, context: &mut Context<'_>) -> Routing {
        let (tokens, batch) = (x.dims()[0], context.batch.max(1));
        let rows = self.rows(context);
        let [_, experts] = rows.dims();
        let probs = softmax(rows.clone(), 1);
        let actions = match context.mode {
            Mode::Train { .. } => sample(&probs, context),
            Mode::Infer | Mode::Published => largest(&rows, 1),
        };
        let each = |rows: Tensor<2>| {
            rows.unsqueeze_dim::<3>(1).expand([batch, tokens / batch, experts]).reshape([tokens, experts])
        };
        let actions = actions.unsqueeze_dim::<3>(1).expand([batch, tokens / batch, 1]).reshape([tokens, 1]);
        let pass = actions.clone().equal_elem(experts as i64 - 1);
        let weights = Tensor::ones([tokens, 1], &x.device()).mask_fill(pass.clone(), 0.0);
        let extra = Some(softmax(self.policy.val().detach(), 1));
        Routing { unused: Some(pass), extra, ..Routing::new(each(rows), each(probs), actions, weights) }
    }

    fn weights(&self) -> Vec<Weight> {
        vec![matrix("policy.weight", &self.policy), vector("baseline", &self.baseline)]
    }

    fn after_step(self, outcome: &Outcome<'_>) -> Self {
        let [tasks, experts] = self.policy.dims();
        let mut policy = readback::floats(self.policy.val());
        let mut baseline = readback::floats(self.baseline.val());
        let actions = readback::integers(outcome.routing.experts.clone());
        let len = (actions.len() / outcome.losses.len().max(1)).max(1);
        let samples = outcome.tasks.iter().zip(outcome.losses).zip(actions.iter().step_by(len));
        let known = samples.filter_map(|((&task, &loss), &action)| {
            let action = usize::try_from(action).ok().filter(|&action| action < experts)?;
            (task < tasks && loss.is_finite()).then_some(Sample { task, action, loss: f64::from(loss) })
        });
        reinforce(&mut policy, &mut baseline, experts, &known.collect::<Vec<_>>());
        let device = self.policy.val().device();
        Self {
            policy: Param::from_tensor(Tensor::from_data(TensorData::new(policy, [tasks, experts]), &device)),
            baseline: Param::from_tensor(Tensor::from_data(TensorData::new(baseline, [tasks]), &device)),
        }
    }
}

/// What a sequence showed.
struct Sample {
    task: usize,
    action: usize,
    loss: f64,
}

/// Updates logits [tasks, E] and baseline [tasks] by a batch, every sample by the policy and the baseline before it.
fn reinforce(policy: &mut [f32], baseline: &mut [f32], experts: usize, samples: &[Sample]) {
    let probs: Vec<f64> = policy.chunks(experts).flat_map(distribution).collect();
    let tasks = baseline.len() as f64;
    let collaboration = |action| probs.iter().skip(action).step_by(experts).sum::<f64>() / tasks;
    let before = baseline.to_vec();
    for sample in samples {
        let reward = RoutingNetworks::COLLABORATION * collaboration(sample.action) - sample.loss;
        let advantage = reward - f64::from(before[sample.task]);
        for action in 0..experts {
            let at = sample.task * experts + action;
            let direction = if action == sample.action { 1.0 - probs[at] } else { -probs[at] };
            policy[at] += (RoutingNetworks::RATE * advantage * direction) as f32;
        }
        let mean = &mut baseline[sample.task];
        *mean += (RoutingNetworks::NEWEST * (reward - f64::from(*mean))) as f32;
    }
}

fn distribution(logits: &[f32]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f64> = logits.iter().map(|&logit| f64::from(logit - max).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
