//! The metrics that have a row below the streams.

use super::Look;
use crate::run::record::{Evaluation, StepRecord};

/// A metric.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
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

pub(super) const MAX_OVER_MEAN: &str = "Max/mean";
pub(super) const ROUTER: &str = "Router entropy";

const ROWS: [Row; 5] = [
    Row {
        name: MAX_OVER_MEAN,
        what: "busiest expert over its even share, worst layer; 1 is even",
        step: |record| most(record.layers.iter().map(|layer| layer.max_over_mean)),
        measured: |_| None,
        most: None,
        least: 1.0,
        even: Some(1.0),
        drops: false,
    },
    Row {
        name: "Entropy of load",
        what: "worst layer; 1 is even, 0 one expert",
        step: |record| least(record.layers.iter().map(|layer| layer.load_entropy)),
        measured: |_| None,
        most: Some(1.0),
        least: 0.0,
        even: Some(1.0),
        drops: false,
    },
    Row {
        name: ROUTER,
        what: "mean of the layers; 1 does not care, 0 is sure",
        step: |record| mean(record.layers.iter().filter_map(|layer| layer.router_entropy)),
        measured: |_| None,
        most: Some(1.0),
        least: 0.0,
        even: None,
        drops: false,
    },
    Row {
        name: "Saturation",
        what: "held-out choices that are as at the evaluation before",
        step: |_| None,
        measured: |evaluation| mean(evaluation.layers.iter().filter_map(|layer| layer.unchanged)),
        most: Some(1.0),
        least: 0.0,
        even: None,
        drops: false,
    },
    Row {
        name: "Dropped",
        what: "choices that found their expert full, worst layer",
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

pub(super) fn shown(look: &Look) -> impl Iterator<Item = &'static Row> {
    let drops = look.drops;
    ROWS.iter().filter(move |row| drops || !row.drops)
}
