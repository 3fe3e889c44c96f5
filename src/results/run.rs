//! What a finished run leaves behind in `result.json`.

use crate::card::Cost;
use crate::methods::{self, GateKind};
use crate::trace::metrics::Balance;
use serde::{Deserialize, Serialize};

/// What a finished run says of itself: `result.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// The preset's name.
    pub preset: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// Decides the initial weights and the order of the texts.
    pub seed: u64,
    /// Steps in all.
    pub steps: usize,
    /// Tokens in all.
    pub tokens: usize,
    /// Seconds spent in training steps.
    pub seconds: f64,
    /// Over all steps, whatever else the machine did.
    pub tokens_per_second: f64,
    /// What a token costs.
    pub cost: Cost,
    /// On held-out text.
    pub measured: LoggedEvaluation,
}

/// The result on all domains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoggedEvaluation {
    /// Mean of the domains' bits per byte.
    pub bits_per_byte: f64,
    /// Mean of the domains' nats per token.
    pub loss: f64,
    /// The largest load over the mean load of the worst layer, over all domains together.
    pub max_over_mean: f64,
    /// The same for each layer.
    pub max_over_mean_by_layer: Vec<f64>,
    /// Share of all choices that each expert was asked for, dropped ones included, by layer, over all domains together,
    /// [L][E].
    pub load: Vec<Vec<f64>>,
    /// Share of the choices that found their expert full, by layer, over all domains together, [L].
    #[serde(default)]
    pub dropped: Vec<f64>,
    /// For mixtures of all experts: how many experts share a token in effect, e to the entropy of its shares, the mean over
    /// all tokens, by layer, [L].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sharing: Vec<f64>,
    /// For methods that look at later tokens as they are published: the mean of the domains' bits per byte when they do.
    /// The other numbers are of the causal variant. A token that has to be predicted may help to route the one before
    /// it, so this number can be lower than any honest one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_bits_per_byte: Option<f64>,
    /// The largest load over the mean load of the worst layer, routed that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_max_over_mean: Option<f64>,
    /// Each domain.
    pub domains: Vec<DomainResult>,
}

/// One domain's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainResult {
    /// The domain.
    pub name: String,
    /// Tokens predicted, the ends of documents among them.
    pub tokens: usize,
    /// Bytes of text that they stand for.
    pub bytes: usize,
    /// Bits per byte: all tokens' losses, the ends of documents among them, over the bytes of the text.
    pub bits_per_byte: f64,
    /// Mean loss of a token in nats.
    pub loss: f64,
    /// Share of the choices that each expert was asked for, dropped ones included, by layer, [L][E].
    pub load: Vec<Vec<f64>>,
}

impl RunResult {
    /// Its loads over experts alone: where the last choice of a layer is to pass it by, it is no expert and took no load.
    pub fn of_experts(mut self) -> Self {
        if methods::named(&self.preset).is_some_and(|method| method.gate == GateKind::Policy) {
            self.measured.leave_out_passing();
        }
        self
    }
}

impl LoggedEvaluation {
    fn leave_out_passing(&mut self) {
        for shares in self.load.iter_mut().chain(self.domains.iter_mut().flat_map(|domain| domain.load.iter_mut())) {
            shares.pop();
            let sum: f64 = shares.iter().sum();
            shares.iter_mut().filter(|_| sum > 0.0).for_each(|share| *share /= sum);
        }
        self.max_over_mean_by_layer = self.balance(|balance| balance.max_over_mean).collect();
        self.max_over_mean = self.max_over_mean_by_layer.iter().copied().fold(0.0, f64::max);
    }

    /// Share of all choices that were dropped, the mean over the layers.
    pub fn drop_share(&self) -> f64 {
        self.dropped.iter().sum::<f64>() / self.dropped.len().max(1) as f64
    }

    /// A measure of balance of every layer: of the shares of all choices that its experts got.
    fn balance(&self, measure: fn(&Balance) -> f64) -> impl Iterator<Item = f64> {
        // Shares become counts, fine enough for four digits.
        let counts = |shares: &Vec<f64>| shares.iter().map(|share| (share * 1e9).round() as u64).collect::<Vec<u64>>();
        self.load.iter().filter_map(move |shares| Balance::of(&counts(shares))).map(move |balance| measure(&balance))
    }

    /// Coefficient of variation of the loads in the worst layer.
    pub fn cv(&self) -> f64 {
        self.balance(|balance| balance.cv).fold(0.0, f64::max)
    }

    /// Normalised entropy of the loads in the worst layer.
    pub fn entropy(&self) -> f64 {
        self.balance(|balance| balance.entropy).fold(1.0, f64::min)
    }

    /// Share of the choices that would have to change for a domain's load to be that of the whole text: the mean over
    /// domains and layers of the total variation distance.
    pub fn by_domain(&self) -> f64 {
        let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
        let layers = self.domains.iter().flat_map(|domain| domain.load.iter().zip(&self.load));
        layers.clone().map(|(own, whole)| apart(own, whole)).sum::<f64>() / layers.count().max(1) as f64
    }

    /// Experts of all layers that no held-out token chose.
    pub fn dead(&self) -> usize {
        self.load.iter().flatten().filter(|&&share| share == 0.0).count()
    }
}
