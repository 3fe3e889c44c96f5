//! The methods side by side, all trained on the same tokens.

use super::runs::{CostAxis, LoggedRun, Runs};
use super::statistic::Statistic;
use crate::messages::results;
use serde::{Deserialize, Serialize};

/// One method's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodRow {
    /// The preset's name.
    pub preset: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// Parameters in the file.
    pub parameters: f64,
    /// Parameters that a token uses.
    pub active_parameters: f64,
    /// Operations for a token.
    pub flops: f64,
    /// Bits per byte on held-out text after the same tokens, routed left to right.
    pub bits: Statistic,
    /// The same, routed as published where that looks at later tokens.
    pub published_bits: Option<Statistic>,
    /// Bits per byte where the run had spent [`Methods::flops`] operations, read off its curve.
    pub bits_at_flops: Option<Statistic>,
    /// The same, routed as published where that looks at later tokens and the runs measured it on the way.
    #[serde(default)]
    pub published_bits_at_flops: Option<Statistic>,
    /// Largest load over mean load of the worst layer.
    pub max_over_mean: Statistic,
    /// The same, routed as published.
    pub published_max_over_mean: Option<Statistic>,
    /// Coefficient of variation of the loads in the worst layer.
    pub cv: Statistic,
    /// Normalised entropy of the loads in the worst layer.
    pub entropy: Statistic,
    /// Experts of all layers that no held-out token chose.
    pub dead: Statistic,
    /// Share of the choices that found their expert full.
    pub dropped: Statistic,
    /// Tokens a second in training.
    pub tokens_per_second: Statistic,
    /// Bits per byte of each domain, in the order of [`Methods::domains`], the mean over the seeds.
    pub by_domain: Vec<f64>,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Methods {
    /// Steps of each run.
    pub steps: usize,
    /// Tokens of each run.
    pub tokens: usize,
    /// Training operations at which the methods are compared: what the cheapest run spent in all.
    pub flops: f64,
    /// Whether a run seems to have shared the machine: seconds then compare little.
    #[serde(default)]
    pub shared: bool,
    /// Methods whose speed is that of their logs, because `speed.csv` has none for them.
    #[serde(default)]
    pub logged: Vec<String>,
    /// Names of the domains.
    pub domains: Vec<String>,
    /// A row for each method that was trained, in the order of the presets.
    pub rows: Vec<MethodRow>,
}

impl MethodRow {
    /// Bits per byte at equal FLOPs in words, as published in brackets; a dash where the loss rose since then.
    pub(super) fn at_flops(&self) -> String {
        let causal = self.bits_at_flops.map_or_else(|| "–".to_owned(), |bits| bits.words(3));
        causal + &self.published_bits_at_flops.map_or_else(String::new, |bits| format!(" ({})", bits.words(3)))
    }
}

impl Methods {
    /// How tokens a second came to be, in a sentence.
    pub(super) fn timed(&self) -> String {
        let logged = self.logged.join(", ");
        match (self.logged.len(), self.shared) {
            (0, _) => results::speed_by_turns().to_owned(),
            (all, false) if all == self.rows.len() => results::speed_of_logs().to_owned(),
            (all, true) if all == self.rows.len() => results::speed_of_logs_shared().to_owned(),
            (_, false) => results::speed_of_both(logged),
            (_, true) => results::speed_of_both_shared(logged),
        }
    }

    /// Of the presets with these names, as far as they were trained.
    pub fn of(runs: &Runs<'_>, presets: &[&str]) -> Self {
        let Some(first) = presets.iter().find_map(|preset| runs.of(preset).next()) else { return Self::default() };
        let flops = runs.common_end(CostAxis::Flops, presets).unwrap_or_default();
        Self {
            steps: first.result.steps,
            tokens: first.result.tokens,
            flops,
            shared: presets.iter().any(|preset| runs.of(preset).any(LoggedRun::shared)),
            logged: presets
                .iter()
                .filter(|preset| runs.of(preset).any(|run| !run.measured))
                .map(|preset| (*preset).to_owned())
                .collect(),
            domains: first.result.measured.domains.iter().map(|domain| domain.name.clone()).collect(),
            rows: presets.iter().filter_map(|preset| row(runs, preset, flops)).collect(),
        }
    }
}

fn row(runs: &Runs<'_>, preset: &str, flops: f64) -> Option<MethodRow> {
    let first = &runs.of(preset).next()?.result;
    let of = |value: fn(&LoggedRun) -> f64| runs.measure(preset, |run| Some(value(run)));
    let domain = |at: usize| {
        let bits = |run: &LoggedRun| run.result.measured.domains.get(at).map(|domain| domain.bits_per_byte);
        runs.measure(preset, bits).map(|bits| super::statistic::round(bits.mean, 4))
    };
    Some(MethodRow {
        preset: preset.to_owned(),
        summary: first.summary.clone(),
        parameters: first.cost.parameters as f64,
        active_parameters: first.cost.active_parameters,
        flops: first.cost.flops(),
        bits: runs.bits(preset)?,
        published_bits: runs.measure(preset, |run| run.result.measured.published_bits_per_byte),
        // Where a loss rose since then, less training would look better than more.
        bits_at_flops: runs.measure(preset, |run| {
            run.bits_at(CostAxis::Flops, flops).filter(|bits| *bits >= run.result.measured.bits_per_byte - 1e-9)
        }),
        published_bits_at_flops: runs.measure(preset, |run| run.published_bits_at(CostAxis::Flops, flops)),
        max_over_mean: runs.max_over_mean(preset)?,
        published_max_over_mean: runs.measure(preset, |run| run.result.measured.published_max_over_mean),
        cv: of(|run| run.result.measured.cv())?,
        entropy: of(|run| run.result.measured.entropy())?,
        dead: of(|run| run.result.measured.dead() as f64)?,
        dropped: runs.dropped(preset)?,
        tokens_per_second: of(|run| run.result.tokens_per_second)?,
        by_domain: (0..first.measured.domains.len()).map_while(domain).collect(),
    })
}
