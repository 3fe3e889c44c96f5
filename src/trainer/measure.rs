//! Numbers of a step and of held-out text, read back from the device all at once.

use crate::methods::Method;
use crate::router::{LossKind, Routing};
use crate::run::fault::LabFault;
use crate::run::record::{LayerEvaluation, LayerRecord, entropy, max_over_mean};
use burn::tensor::{Tensor, TensorData, Transaction};

/// What one layer decided, as numbers.
pub struct Decided {
    experts: usize,
    /// Scores, [T, E].
    probs: Vec<f32>,
    /// Choices in descending order of weight, [T, k]; `None` where a choice was not made.
    choices: Vec<Option<u16>>,
    /// Weights, [T, k].
    weights: Vec<f32>,
    /// Share of the choices that were dropped.
    dropped: f32,
    losses: Vec<(LossKind, f32)>,
}

/// Reads routings back, and further numbers [n] with them.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn read(routings: Vec<Routing>, more: Tensor<1>) -> Result<(Vec<Decided>, Vec<f32>), LabFault> {
    let mut transaction = Transaction::default();
    let mut shapes = Vec::with_capacity(routings.len());
    for routing in routings {
        let kinds: Vec<LossKind> = routing.losses.iter().map(|loss| loss.kind).collect();
        shapes.push((routing.probs.dims()[1], routing.dropped.is_some(), routing.unused.is_some(), kinds));
        transaction =
            transaction.register(routing.probs.detach()).register(routing.experts).register(routing.weights.detach());
        for mask in [routing.dropped, routing.unused].into_iter().flatten() {
            transaction = transaction.register(mask.int());
        }
        for loss in routing.losses {
            transaction = transaction.register(loss.value.detach());
        }
    }
    let data = transaction.register(more.detach()).execute_async().await;
    let mut data = data.map_err(|error| LabFault::NoNumbers(Some(error.to_string())))?.into_iter();
    let mut next = || data.next().ok_or(LabFault::NoNumbers(None));
    let floats = |data: TensorData| data.iter::<f32>().collect::<Vec<f32>>();
    let mut decided = Vec::with_capacity(shapes.len());
    for (experts, drops, skips, kinds) in shapes {
        let (probs, chosen, weights) = (floats(next()?), next()?, floats(next()?));
        let mask = |data: TensorData| data.iter::<i64>().map(|flag| flag != 0).collect::<Vec<bool>>();
        let dropped = if drops { mask(next()?) } else { Vec::new() };
        let unused = if skips { mask(next()?) } else { Vec::new() };
        let made = |at: usize| unused.get(at) != Some(&true);
        let choices = chosen.iter::<i64>().enumerate().map(|(at, expert)| made(at).then_some(expert as u16)).collect();
        let mut losses = Vec::with_capacity(kinds.len());
        for kind in kinds {
            losses.push((kind, floats(next()?).first().copied().unwrap_or(f32::NAN)));
        }
        let dropped = dropped.iter().filter(|&&dropped| dropped).count() as f32 / dropped.len().max(1) as f32;
        decided.push(Decided { experts, probs, choices, weights, dropped, losses });
    }
    let more = floats(next()?);
    Ok((decided, more))
}

impl Decided {
    /// Share of the choices that went to each expert, [E], over some of the tokens; "pass" is none ([`Method::stacked`]). Where
    /// every expert has a share in every token, the share of the weights.
    fn load(&self, method: &Method, tokens: std::ops::Range<usize>) -> Vec<f32> {
        let k = self.choices.len() / (self.probs.len() / self.experts.max(1)).max(1);
        let mut load = vec![0.0_f32; method.stacked(self.experts)];
        let soft = is_soft(method);
        for at in tokens.start * k..tokens.end * k {
            let Some(expert) = self.choices.get(at).copied().flatten() else { continue };
            if let Some(load) = load.get_mut(usize::from(expert)) {
                *load += if soft { self.weights.get(at).copied().unwrap_or_default() } else { 1.0 };
            }
        }
        let sum: f32 = load.iter().sum();
        if sum > 0.0 {
            load.iter_mut().for_each(|load| *load /= sum);
        }
        load
    }

    fn tokens(&self) -> usize {
        self.probs.len() / self.experts.max(1)
    }

    /// The record of a training step.
    pub fn record(&self, method: &Method) -> LayerRecord {
        let load = self.load(method, 0..self.tokens());
        let of = |kind| self.losses.iter().find(|(own, _)| *own == kind).map(|&(_, value)| value);
        let rows = self.probs.chunks_exact(self.experts.max(1));
        LayerRecord {
            max_over_mean: max_over_mean(&load),
            load_entropy: entropy(&load),
            router_entropy: (!method.is_fixed()).then(|| rows.map(entropy).sum::<f32>() / self.tokens().max(1) as f32),
            dropped: self.dropped,
            balance_loss: of(LossKind::Balance),
            z_loss: of(LossKind::Z),
            importance_loss: of(LossKind::Importance),
            load_loss: of(LossKind::Load),
            load,
        }
    }

    /// What held-out text shows: sequences of the given domains, compared with the choices before.
    pub fn evaluation(&self, method: &Method, domains: &[usize], before: Option<&[Option<u16>]>) -> LayerEvaluation {
        let load = self.load(method, 0..self.tokens());
        let len = self.tokens() / domains.len().max(1);
        let count = domains.iter().max().map_or(0, |most| most + 1);
        let of_domain = |domain: usize| {
            let own = domains.iter().enumerate().filter(|&(_, &own)| own == domain);
            let loads: Vec<Vec<f32>> = own.map(|(at, _)| self.load(method, at * len..(at + 1) * len)).collect();
            let sum = |expert: usize| loads.iter().filter_map(|load| load.get(expert)).sum::<f32>();
            (0..load.len()).map(|expert| sum(expert) / loads.len().max(1) as f32).collect()
        };
        LayerEvaluation {
            max_over_mean: max_over_mean(&load),
            dead: load.iter().filter(|&&share| share == 0.0).count() as u32,
            unchanged: before.map(|before| unchanged(before, &self.kept(method), self.top(method))),
            domains: (0..count).map(of_domain).collect(),
            load,
        }
    }

    /// The choices that are compared over time: all, or the first of each token where every expert has a share.
    pub fn kept(&self, method: &Method) -> Vec<Option<u16>> {
        let k = self.choices.len() / self.tokens().max(1);
        match is_soft(method) {
            true => self.choices.iter().step_by(k.max(1)).copied().collect(),
            false => self.choices.clone(),
        }
    }

    /// How many of [`Self::kept`] belong to a token.
    pub fn top(&self, method: &Method) -> usize {
        if is_soft(method) { 1 } else { self.choices.len() / self.tokens().max(1) }
    }
}

/// Whether every expert has a share in every token, so that counting choices would say nothing.
fn is_soft(method: &Method) -> bool {
    method.blends
}

/// Share of the choices now, k a token, that the same token made before too.
pub fn unchanged(before: &[Option<u16>], now: &[Option<u16>], k: usize) -> f32 {
    let (mut same, mut made) = (0, 0);
    for (before, now) in before.chunks(k.max(1)).zip(now.chunks(k.max(1))) {
        for choice in now.iter().flatten() {
            made += 1;
            same += usize::from(before.contains(&Some(*choice)));
        }
    }
    same as f32 / made.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::{Decided, unchanged};
    use crate::methods;

    #[test]
    fn records_count_choices_by_hand() {
        let decided = Decided {
            experts: 4,
            probs: vec![0.25, 0.25, 0.25, 0.25, 1.0, 0.0, 0.0, 0.0],
            choices: vec![Some(0), Some(2), Some(0), None],
            weights: vec![0.9, 0.1, 1.0, 0.0],
            dropped: 0.25,
            losses: Vec::new(),
        };
        let record = decided.record(&methods::MIXTRAL);
        assert_eq!(record.load, [2.0 / 3.0, 0.0, 1.0 / 3.0, 0.0]);
        assert!((record.max_over_mean - 8.0 / 3.0).abs() < 1e-6);
        assert!(record.router_entropy.is_some_and(|value| (value - 0.5).abs() < 1e-6));
        let entropy = (1.5_f32.ln() * 2.0 / 3.0 + 3.0_f32.ln() / 3.0) / 4.0_f32.ln();
        assert!((record.load_entropy - entropy).abs() < 1e-6);
        let evaluation = decided.evaluation(&methods::MIXTRAL, &[0, 1], None);
        assert_eq!(evaluation.domains, [[0.5, 0.0, 0.5, 0.0], [1.0, 0.0, 0.0, 0.0]]);
        assert_eq!((evaluation.dead, evaluation.unchanged), (2, None));
        // Soft methods: weights instead of choices.
        assert_eq!(decided.record(&methods::JACOBS).load, [1.9 / 2.0, 0.0, 0.1 / 2.0, 0.0]);
    }

    /// Two sequences of two tokens and three actions, of which the last is to pass: E1 takes all there is, E2 is dead.
    #[test]
    fn to_pass_is_no_expert_that_could_take_a_load() {
        let mut decided = Decided {
            experts: 3,
            probs: vec![1.0 / 3.0; 12],
            choices: vec![Some(0), Some(0), None, None],
            weights: vec![1.0, 1.0, 0.0, 0.0],
            dropped: 0.0,
            losses: Vec::new(),
        };
        let record = decided.record(&methods::ROUTING_NETWORKS);
        assert_eq!(
            (record.load.as_slice(), record.max_over_mean, record.load_entropy),
            ([1.0, 0.0].as_slice(), 2.0, 0.0)
        );
        let evaluation = decided.evaluation(&methods::ROUTING_NETWORKS, &[0, 1], None);
        assert_eq!((evaluation.dead, evaluation.domains), (1, vec![vec![1.0, 0.0], vec![0.0, 0.0]]));
        decided.choices = vec![None; 4];
        let passed = decided.evaluation(&methods::ROUTING_NETWORKS, &[0, 1], None);
        assert_eq!((passed.dead, passed.max_over_mean), (2, 0.0));
    }

    #[test]
    fn saturation_compares_sets_of_choices() {
        let row = |choices: [u16; 4]| choices.map(Some).to_vec();
        assert_eq!(unchanged(&row([1, 2, 3, 4]), &row([2, 1, 3, 5]), 2), 0.75);
        assert_eq!(unchanged(&row([1, 2, 3, 4]), &row([1, 2, 3, 4]), 2), 1.0);
        assert_eq!(unchanged(&row([1, 2, 3, 4]), &[None, Some(1), None, None], 2), 1.0);
    }
}
