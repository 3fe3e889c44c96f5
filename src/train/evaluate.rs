//! Measuring a model on held-out text: bits per byte and balance, domain by domain.

use super::competition;
use super::domain::Domain;
use super::preset::MixtureError;
use crate::kernels::cross_entropy;
use crate::model::{Compute, Input, ModelConfig, PerExpert, Transformer};
pub use crate::results::{DomainResult, LoggedEvaluation};
use crate::router::readback::floats;
use crate::router::{Mode, RouterConfig, Routing};
use burn::tensor::Tensor;

/// Tokens in one piece; attention reaches back within a piece only.
const PIECE: usize = 1024;
const BATCH: usize = 4;

/// What happened to the choices of one layer.
#[derive(Clone, Debug)]
struct Counts {
    /// Choices by expert, dropped ones included, for they are what the gate asked for.
    load: Vec<u64>,
    /// Choices of them that were dropped.
    dropped: u64,
    /// Sum over tokens of the number of experts that share the token in effect; only for mixtures of all experts.
    sharing: f64,
}

/// How the pieces are routed, and what the model answers.
#[derive(Clone, Copy)]
struct How {
    mode: Mode,
    error: MixtureError,
}

/// Measures `model` (CPU, without autodiff) on every domain, at most `limit` tokens each, left to right and, if the
/// method as published is not causal, also that way. With [`MixtureError::Competitive`] the answer is the mixture of what
/// the experts of the last block lead to, each alone.
pub fn evaluate(
    model: &Transformer,
    config: &ModelConfig,
    domains: &[Domain],
    limit: usize,
    error: MixtureError,
    mut progress: impl FnMut(usize),
) -> LoggedEvaluation {
    let mut result = measure(model, config, domains, limit, How { mode: Mode::Infer, error }, &mut progress);
    if !config.router.causal() {
        let how = How { mode: Mode::Published, error };
        let published = measure(model, config, domains, limit, how, &mut |_| {});
        result.published_bits_per_byte = Some(published.bits_per_byte);
        result.published_max_over_mean = Some(published.max_over_mean);
    }
    result
}

fn measure(
    model: &Transformer,
    config: &ModelConfig,
    domains: &[Domain],
    limit: usize,
    how: How,
    progress: &mut dyn FnMut(usize),
) -> LoggedEvaluation {
    let (layers, experts) = (config.num_hidden_layers, config.num_local_experts);
    let computed = config.stacked_experts() as f64;
    let none = vec![Counts { load: vec![0; experts], dropped: 0, sharing: 0.0 }; layers];
    let mut total = none.clone();
    let mut results = Vec::with_capacity(domains.len());
    for (task, domain) in domains.iter().enumerate() {
        let tokens = (domain.ids.len() - 1).min(limit);
        let mut counts = none.clone();
        let mut nats = 0.0;
        for start in (0..tokens).step_by(PIECE * BATCH) {
            let end = (start + PIECE * BATCH).min(tokens);
            let mut at = start;
            while at < end {
                // Whole pieces go together, the rest on its own.
                let batch = ((end - at) / PIECE).max(1);
                let stop = if end - at < PIECE { end } else { at + batch * PIECE };
                nats += piece(model, config, &domain.ids[at..=stop], (batch, task, how), &mut counts);
                progress(stop - at);
                at = stop;
            }
        }
        for (total, counts) in total.iter_mut().zip(&counts) {
            total.load.iter_mut().zip(&counts.load).for_each(|(total, count)| *total += count);
            total.dropped += counts.dropped;
            total.sharing += counts.sharing;
        }
        let bytes = (domain.bytes as f64 * tokens as f64 / (domain.ids.len() - 1) as f64).round() as usize;
        results.push(DomainResult {
            name: domain.name.clone(),
            tokens,
            bytes,
            bits_per_byte: nats / std::f64::consts::LN_2 / bytes.max(1) as f64,
            loss: nats / tokens.max(1) as f64,
            load: counts.iter().map(|counts| shares(&counts.load)).collect(),
        });
    }
    let tokens: usize = results.iter().map(|result| result.tokens).sum();
    let mean = |value: fn(&DomainResult) -> f64| results.iter().map(value).sum::<f64>() / results.len().max(1) as f64;
    let load: Vec<Vec<f64>> = total.iter().map(|counts| shares(&counts.load)).collect();
    let max_over_mean_by_layer: Vec<f64> =
        load.iter().map(|load| load.iter().copied().fold(0.0, f64::max) * computed).collect();
    LoggedEvaluation {
        bits_per_byte: mean(|result| result.bits_per_byte),
        loss: mean(|result| result.loss),
        max_over_mean: max_over_mean_by_layer.iter().copied().fold(0.0, f64::max),
        max_over_mean_by_layer,
        load,
        dropped: total.iter().map(Counts::drop_share).collect(),
        sharing: match blends(&config.router) {
            true => total.iter().map(|counts| counts.sharing / tokens.max(1) as f64).collect(),
            false => Vec::new(),
        },
        published_bits_per_byte: None,
        published_max_over_mean: None,
        domains: results,
    }
}

impl Counts {
    fn drop_share(&self) -> f64 {
        self.dropped as f64 / self.load.iter().sum::<u64>().max(1) as f64
    }
}

fn shares(counts: &[u64]) -> Vec<f64> {
    let sum = counts.iter().sum::<u64>().max(1) as f64;
    counts.iter().map(|&count| count as f64 / sum).collect()
}

/// Sum of the losses of `ids[1..]` in nats; adds the experts' loads to `counts`.
fn piece(
    model: &Transformer,
    config: &ModelConfig,
    ids: &[u16],
    (batch, task, How { mode, error }): (usize, usize, How),
    counts: &mut [Counts],
) -> f64 {
    let inputs: Vec<u32> = ids[..ids.len() - 1].iter().map(|&id| u32::from(id)).collect();
    let targets: Vec<i32> = ids[1..].iter().map(|&id| i32::from(id)).collect();
    let input = Input { ids: inputs, batch, mode, tasks: vec![task; batch] };
    let PerExpert { hidden, routings } = match error {
        MixtureError::Cooperative => {
            let forward = model.forward(&input, config, Compute::Sparse);
            PerExpert { hidden: vec![forward.hidden], routings: forward.routings }
        }
        MixtureError::Competitive => model.forward_per_expert(&input, config, Compute::Sparse),
    };
    for (counts, routing) in counts.iter_mut().zip(&routings) {
        count(routing, &mut counts.load);
        if blends(&config.router) {
            counts.sharing +=
                floats(routing.probs.clone()).chunks(config.num_local_experts).map(in_effect).sum::<f64>();
        }
        if let Some(dropped) = &routing.dropped {
            counts.dropped += dropped.clone().int().sum().into_data().iter::<i64>().sum::<i64>() as u64;
        }
    }
    let (experts, table) = (hidden.len(), floats(model.embedding.val()));
    let losses =
        cross_entropy::losses(&floats(Tensor::cat(hidden, 0)), &table, &targets.repeat(experts), config.hidden_size);
    match (error, routings.last()) {
        (MixtureError::Competitive, Some(routing)) => {
            competition::mix(&losses, &floats(routing.probs.clone()), experts).errors.iter().sum()
        }
        _ => losses.iter().map(|&loss| f64::from(loss)).sum(),
    }
}

/// Whether every token gets a share of every expert.
fn blends(router: &RouterConfig) -> bool {
    router.method().blends
}

/// How many experts share a token in effect: e to the entropy of their shares.
fn in_effect(shares: &[f32]) -> f64 {
    let terms = shares.iter().map(|&share| f64::from(share)).filter(|&share| share > 0.0);
    terms.map(|share| -share * share.ln()).sum::<f64>().exp()
}

/// Adds the choices of a batch to `counts`, dropped ones too.
fn count(routing: &Routing, counts: &mut [u64]) {
    for expert in routing.asked().into_data().iter::<i64>() {
        if let Some(count) = usize::try_from(expert).ok().and_then(|expert| counts.get_mut(expert)) {
            *count += 1;
        }
    }
}
