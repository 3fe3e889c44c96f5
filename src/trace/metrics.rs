//! How evenly the load falls.
//!
//! Papers and libraries count differently, so every number here says how it was counted. Throughout: T tokens, E experts,
//! k choices a token; the load of an expert counts every choice of it (first to k-th), dropped ones included, because it
//! is what the gate asked for. The share is f(e) = load(e) / (k T), so that the shares of a layer add up to 1.

pub use super::balance::Balance;
use super::baseline::{self, RandomBaseline};
use super::largest::{ExpertGroups, Largest};
use super::rules::GateKind;
use super::{LayerTrace, Trace};
use crate::methods;

/// What decides how the choices of a text fall, and with that what they may be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dealing {
    /// Each token for itself, among all experts.
    Freely,
    /// Each token for itself, first among groups of experts, so that its experts are not independent of each other; which
    /// groups, where that is recorded.
    InGroups(Option<ExpertGroups>),
    /// The method spreads them evenly itself.
    Evenly,
    /// A table, in which the text has no say.
    Table,
}

impl Dealing {
    /// In a layer of a trace.
    fn of(trace: &Trace, layer: &LayerTrace) -> Self {
        let even = methods::of_router(&trace.model.router).is_some_and(|method| method.even);
        let rules = trace.rules_of(layer);
        match (rules.gate, even, trace.model.looks_ahead) {
            _ if rules.fixed => Self::Table,
            (GateKind::Tree, ..) => {
                let constants = &trace.model.constants;
                Self::InGroups(
                    constants.groups.zip(constants.top_groups).map(|(all, chosen)| ExpertGroups { all, chosen }),
                )
            }
            (_, true, true) => Self::Evenly,
            _ => Self::Freely,
        }
    }
}

/// What the gate of one layer did with all tokens of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerMetrics {
    /// Tokens counted, T: the batch that all numbers here were computed on.
    pub tokens: u64,
    /// Tokens by how many choices they made: entry c counts those with c; empty where a recording only counts, which does not tell. Where a policy sends the whole text one way, that is
    /// one choice for all.
    pub choices: Vec<usize>,
    /// What decides how they fall.
    pub dealing: Dealing,
    /// Choices of each expert, first to k-th, [E].
    pub load: Vec<u64>,
    /// f(e) = load(e) / (k T), [E]; they add up to 1.
    pub share: Vec<f64>,
    /// P(e), the mean over tokens of the recorded score of e, [E]; for a softmax they add up to 1. `None` if scores are not
    /// recorded.
    pub mean_prob: Option<Vec<f64>>,
    /// How unevenly the load is spread.
    pub balance: Balance,
    /// Choices dropped because the expert was full; `None` if that is not recorded.
    pub dropped: Option<usize>,
    /// The balance loss without its coefficient, E sum f(e) P(e) (Fedus et al. 2021, equation 4, with f counted over all k
    /// choices and divided by k). Codes that do not divide by k print k times this.
    /// `None` if scores are not recorded.
    pub balance_loss: Option<f64>,
    /// What [`Self::balance_loss`] is if the load is even: the sum of P, which is 1 for a softmax.
    pub balance_baseline: Option<f64>,
}

impl LayerMetrics {
    /// Of one layer with `experts` experts; `None` if it holds no choices.
    pub fn of(layer: &LayerTrace, experts: usize) -> Option<Self> {
        let balance = Balance::of(&loads(layer, experts))?;
        Some(Self::with(layer, experts, balance))
    }

    fn with(layer: &LayerTrace, experts: usize, balance: Balance) -> Self {
        let load = loads(layer, experts);
        let total = load.iter().sum::<u64>().max(1) as f64;
        let share: Vec<f64> = load.iter().map(|&load| load as f64 / total).collect();
        let mean_prob = mean_probs(layer, experts);
        let overlap = |mean: &Vec<f64>| share.iter().zip(mean).map(|(f, p)| f * p).sum::<f64>();
        Self {
            tokens: layer.counts.as_ref().map_or(layer.experts.rows() as u64, |counts| counts.tokens),
            choices: choices(layer),
            dealing: Dealing::Freely,
            balance,
            dropped: layer.dropped.as_ref().map(|all| all.as_slice().iter().filter(|&&dropped| dropped).count()),
            balance_loss: mean_prob.as_ref().map(|mean| experts as f64 * overlap(mean)),
            balance_baseline: mean_prob.as_ref().map(|mean| mean.iter().sum()),
            load,
            share,
            mean_prob,
        }
    }

    /// Of every layer of a trace, from the input upwards; empty for a trace without tokens and counts. A policy's last choice, to
    /// pass the layer by, is no expert and takes no load: only its blocks are counted, and a layer where no token has an
    /// expert has no load at all ([`Self::is_passed`]).
    pub fn of_trace(trace: &Trace) -> Vec<Self> {
        let of = |layer: &LayerTrace| {
            let policy = trace.rules_of(layer).gate == GateKind::Policy;
            let experts = layer.info.experts.saturating_sub(policy.into());
            let all = Self::of(layer, experts).unwrap_or_else(|| Self::with(layer, experts, Balance::idle(experts)));
            let choices = if policy { vec![0, 1] } else { all.choices };
            Self { choices, dealing: Dealing::of(trace, layer), ..all }
        };
        trace.layers.iter().filter(|layer| layer.experts.rows() > 0 || layer.counts.is_some()).map(of).collect()
    }

    /// The best balance that so many choices can reach; `None` where no token has an expert, and where a table decides, which
    /// sends every occurrence of a token to the same expert.
    pub fn best(&self) -> Option<Balance> {
        let choices = self.choices.iter().enumerate().map(|(choices, tokens)| choices as u64 * *tokens as u64).sum();
        let open = !self.is_passed() && self.dealing != Dealing::Table;
        Some(choices).filter(|_| open).and_then(|choices| baseline::best(choices, self.load.len()))
    }

    /// What so many random choices would give; `None` where no token has an expert, and where tokens do not choose.
    pub fn random(&self) -> Option<RandomBaseline> {
        let chosen = !self.is_passed() && matches!(self.dealing, Dealing::Freely | Dealing::InGroups(_));
        Some(&self.choices).filter(|_| chosen).and_then(|choices| baseline::random(choices, self.load.len()))
    }

    /// The largest load over the mean load of so many random choices; `None` as in [`Self::random`], and where tokens choose in
    /// groups that are not recorded.
    pub fn random_largest(&self) -> Option<Largest> {
        match self.dealing {
            _ if self.is_passed() => None,
            Dealing::Freely => Largest::of(&self.choices, self.load.len()),
            Dealing::InGroups(groups) => Largest::in_groups(&self.choices, self.load.len(), groups?),
            Dealing::Evenly | Dealing::Table => None,
        }
    }

    /// Whether no token of the text had an expert here.
    pub fn is_passed(&self) -> bool {
        self.load.iter().all(|&load| load == 0)
    }

    /// The even share, 1 / E.
    pub fn even_share(&self) -> f64 {
        1.0 / self.share.len().max(1) as f64
    }
}

/// How often each expert was chosen, [E].
pub fn loads(layer: &LayerTrace, experts: usize) -> Vec<u64> {
    if let Some(counts) = &layer.counts {
        return counts.load.iter().copied().take(experts).collect();
    }
    let mut loads = vec![0; experts];
    for &expert in (0..layer.experts.rows()).flat_map(|t| layer.chosen(t)) {
        if let Some(load) = loads.get_mut(usize::from(expert)) {
            *load += 1;
        }
    }
    loads
}

/// Tokens by how many choices they made.
fn choices(layer: &LayerTrace) -> Vec<usize> {
    if layer.counts.is_some() {
        return Vec::new();
    }
    let mut tokens = vec![0; layer.experts.cols() + 1];
    for t in 0..layer.experts.rows() {
        if let Some(tokens) = tokens.get_mut(layer.chosen(t).len()) {
            *tokens += 1;
        }
    }
    tokens
}

/// Mean score of each expert, [E], if recorded.
fn mean_probs(layer: &LayerTrace, experts: usize) -> Option<Vec<f64>> {
    let probs = layer.probs.as_ref()?;
    let mut sums = vec![0.0; experts];
    for row in probs.iter() {
        for (sum, &prob) in sums.iter_mut().zip(row) {
            *sum += f64::from(prob);
        }
    }
    let rows = probs.rows().max(1) as f64;
    Some(sums.into_iter().map(|sum| sum / rows).collect())
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
