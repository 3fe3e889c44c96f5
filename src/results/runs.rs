//! All runs, asked by preset.

use super::log::{Evaluated, Trained, interpolate};
use super::run::RunResult;
use super::statistic::Statistic;
use crate::card::TRAINING;

/// A run with its logs.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedRun {
    /// What it says of itself.
    pub result: RunResult,
    /// Its training loss.
    pub trained: Vec<Trained>,
    /// Its evaluations.
    pub evaluated: Vec<Evaluated>,
    /// How even its speed was ([`super::log::unevenness`]).
    pub unevenness: f64,
    /// Whether its seconds are those of [`super::speed`], measured beside the other methods', and not of its own log.
    pub measured: bool,
}

/// Unevenness from which on a run is taken to have shared the machine: its seconds then say little.
const SHARED: f64 = 1.5;

/// What two runs can be made equal in before their losses are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostAxis {
    /// Tokens trained on.
    Tokens,
    /// Operations of training.
    Flops,
    /// Seconds of training.
    Seconds,
}

impl LoggedRun {
    /// How far an evaluation is along an axis.
    pub fn along(&self, axis: CostAxis, at: &Evaluated) -> f64 {
        let tokens = self.result.tokens as f64 * at.step as f64 / self.result.steps.max(1) as f64;
        match axis {
            CostAxis::Tokens => tokens,
            CostAxis::Flops => TRAINING * self.result.cost.flops() * tokens,
            CostAxis::Seconds => at.seconds,
        }
    }

    /// Whether something else seems to have used the machine during the run.
    pub fn shared(&self) -> bool {
        self.unevenness >= SHARED
    }

    /// Bits per byte, the mean over all evaluations.
    pub fn on_the_way(&self) -> Option<f64> {
        let sum: f64 = self.evaluated.iter().map(|at| at.bits_per_byte).sum();
        Some(self.evaluated.len()).filter(|&count| count > 0).map(|count| sum / count as f64)
    }

    /// How far the whole run is.
    pub fn end(&self, axis: CostAxis) -> f64 {
        self.evaluated.last().map_or(0.0, |at| self.along(axis, at))
    }

    /// Bits per byte at a place of the axis, on straight lines between evaluations.
    pub fn bits_at(&self, axis: CostAxis, x: f64) -> Option<f64> {
        let points: Vec<(f64, f64)> =
            self.evaluated.iter().map(|at| (self.along(axis, at), at.bits_per_byte)).collect();
        interpolate(&points, x)
    }

    /// The same, routed as published, where the run measured that on the way.
    pub fn published_bits_at(&self, axis: CostAxis, x: f64) -> Option<f64> {
        let point = |at: &Evaluated| Some((self.along(axis, at), at.published_bits_per_byte?));
        interpolate(&self.evaluated.iter().map(point).collect::<Option<Vec<_>>>()?, x)
    }
}

/// Every run, in order of preset and seed.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'a>(pub &'a [LoggedRun]);

impl<'a> Runs<'a> {
    /// The runs of a preset.
    pub fn of(&self, preset: &str) -> impl Iterator<Item = &'a LoggedRun> {
        self.0.iter().filter(move |run| run.result.preset == preset)
    }

    /// A number of a preset, over its seeds.
    pub fn measure(&self, preset: &str, value: impl Fn(&LoggedRun) -> Option<f64>) -> Option<Statistic> {
        Statistic::of(self.of(preset).map(value).collect::<Option<Vec<f64>>>()?)
    }

    /// Bits per byte at the end of training.
    pub fn bits(&self, preset: &str) -> Option<Statistic> {
        self.measure(preset, |run| Some(run.result.measured.bits_per_byte))
    }

    /// Largest load over mean load of the worst layer.
    pub fn max_over_mean(&self, preset: &str) -> Option<Statistic> {
        self.measure(preset, |run| Some(run.result.measured.max_over_mean))
    }

    /// Share of the choices that were dropped.
    pub fn dropped(&self, preset: &str) -> Option<Statistic> {
        self.measure(preset, |run| Some(run.result.measured.drop_share()))
    }

    /// The least that any run of these presets reaches along an axis: so far all of them can be compared.
    pub fn common_end(&self, axis: CostAxis, presets: &[&str]) -> Option<f64> {
        let runs = presets.iter().flat_map(|preset| self.of(preset));
        runs.map(|run| run.end(axis)).reduce(f64::min).filter(|&end| end > 0.0)
    }
}
