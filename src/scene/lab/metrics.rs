//! The metrics that have a row below the streams.

use super::RunView;
use crate::messages::scene;
use crate::run::record::{Evaluation, StepRecord};

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    MaxOverMean,
    LoadEntropy,
    RouterEntropy,
    Saturation,
    Dropped,
}

/// A metric.
pub(super) struct MetricRow {
    pub(super) of: Metric,
    pub(super) name: fn() -> &'static str,
    pub(super) what: fn() -> &'static str,
    /// From a step, or else from an evaluation.
    pub(super) step: fn(&StepRecord) -> Option<f32>,
    pub(super) measured: fn(&Evaluation) -> Option<f32>,
    /// Largest possible value; `None` for the number of experts.
    pub(super) most: Option<f32>,
    pub(super) least: f32,
    /// The value of even load.
    pub(super) even: Option<f32>,
    /// Only worth a row where something was dropped.
    pub(super) drops: bool,
}

const ROWS: [MetricRow; 5] = [
    MetricRow {
        of: Metric::MaxOverMean,
        name: scene::run_max_over_mean,
        what: scene::run_max_over_mean_what,
        step: |record| most(record.layers.iter().map(|layer| layer.max_over_mean)),
        measured: |_| None,
        most: None,
        least: 1.0,
        even: Some(1.0),
        drops: false,
    },
    MetricRow {
        of: Metric::LoadEntropy,
        name: scene::run_load_entropy,
        what: scene::run_load_entropy_what,
        step: |record| least(record.layers.iter().map(|layer| layer.load_entropy)),
        measured: |_| None,
        most: Some(1.0),
        least: 0.0,
        even: Some(1.0),
        drops: false,
    },
    MetricRow {
        of: Metric::RouterEntropy,
        name: scene::run_router_entropy,
        what: scene::run_router_entropy_what,
        step: |record| mean(record.layers.iter().filter_map(|layer| layer.router_entropy)),
        measured: |_| None,
        most: Some(1.0),
        least: 0.0,
        even: None,
        drops: false,
    },
    MetricRow {
        of: Metric::Saturation,
        name: scene::run_saturation,
        what: scene::run_saturation_what,
        step: |_| None,
        measured: |evaluation| mean(evaluation.layers.iter().filter_map(|layer| layer.unchanged)),
        most: Some(1.0),
        least: 0.0,
        even: None,
        drops: false,
    },
    MetricRow {
        of: Metric::Dropped,
        name: scene::run_dropped,
        what: scene::run_dropped_what,
        step: |record| most(record.layers.iter().map(|layer| layer.dropped)),
        measured: |_| None,
        most: Some(1.0),
        least: 0.0,
        even: None,
        drops: true,
    },
];

pub(super) fn most(values: impl Iterator<Item = f32>) -> Option<f32> {
    values.reduce(f32::max)
}

fn least(values: impl Iterator<Item = f32>) -> Option<f32> {
    values.reduce(f32::min)
}

pub(super) fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (n, sum) = values.fold((0, 0.0), |(n, sum), value| (n + 1, sum + value));
    (n > 0).then(|| sum / n as f32)
}

pub(super) fn shown(look: &RunView) -> impl Iterator<Item = &'static MetricRow> {
    let drops = look.drops;
    ROWS.iter().filter(move |row| drops || !row.drops)
}
