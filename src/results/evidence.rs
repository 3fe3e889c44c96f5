//! What a claim comes down to: numbers of our runs, and which comparisons of them decide.

use super::finding::{Finding, Unit};
use super::runs::{CostAxis, LoggedRun, Runs};
use super::statistic::Statistic;
use super::verdict::SeedComparison;

/// What a claim comes down to: our numbers, and which comparisons of them decide.
pub(super) struct Test {
    pub findings: Vec<Finding>,
    pub comparisons: Vec<SeedComparison>,
    pub shared: bool,
}

impl Test {
    /// Decided by these comparisons.
    pub fn of(findings: Vec<Finding>, comparisons: Vec<SeedComparison>) -> Self {
        Self { findings, comparisons, shared: false }
    }

    /// These numbers, and that they rise from each to the next.
    pub fn rising(findings: Vec<Finding>) -> Self {
        let comparisons = findings.windows(2).map(|pair| SeedComparison::below(&pair[0], &pair[1])).collect();
        Self::of(findings, comparisons)
    }

    /// These two numbers, and that the first is not larger than the second by as much as matters.
    pub fn as_well(findings: Vec<Finding>) -> Self {
        let comparisons = findings.windows(2).map(|pair| SeedComparison::not_above(&pair[0], &pair[1])).collect();
        Self::of(findings, comparisons)
    }

    /// These numbers, and that they rise on the whole.
    pub fn trend(findings: Vec<Finding>) -> Self {
        let trend = SeedComparison::trend(&findings).into_iter().collect();
        Self::of(findings, trend)
    }

    pub fn and(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }
}

/// A number of a preset, under a name for the reader.
pub(super) fn finding(of: &str, preset: &str, unit: Unit, value: Option<Statistic>) -> Option<Finding> {
    value.map(|value| Finding { of: of.to_owned(), preset: preset.to_owned(), unit, value })
}

/// The bits per byte of a preset that looks at later tokens, as it was published: with them.
pub(super) fn published(runs: &Runs<'_>, of: &str, preset: &str) -> Option<Finding> {
    finding(of, preset, Unit::Bits, runs.measure(preset, |run| run.result.measured.published_bits_per_byte))
}

/// A number of several presets, each with a name for the reader.
pub(super) fn each(runs: &Runs<'_>, unit: Unit, presets: &[(&str, &str)]) -> Option<Vec<Finding>> {
    let value = |preset: &str| match unit {
        Unit::Bits => runs.bits(preset),
        Unit::MaxOverMean => runs.max_over_mean(preset),
        Unit::Dropped => runs.dropped(preset),
        Unit::OnTheWay => runs.measure(preset, LoggedRun::on_the_way),
        Unit::ByDomain => runs.measure(preset, |run| Some(run.result.measured.by_domain())),
        Unit::Sharing => runs.measure(preset, |run| run.result.measured.sharing.last().copied()),
    };
    presets.iter().map(|(preset, of)| finding(of, preset, unit, value(preset))).collect()
}

/// Sparse against dense where both have come equally far along an axis.
pub(super) fn sparse_wins(runs: &Runs<'_>, axis: CostAxis) -> Option<Test> {
    const SPARSE: &str = "mixtral-small";
    const DENSE: &str = "dense-active";
    let end = runs.common_end(axis, &[SPARSE, DENSE])?;
    let bits = |preset: &str| finding(preset, preset, Unit::Bits, runs.measure(preset, |run| run.bits_at(axis, end)));
    let shared =
        axis == CostAxis::Seconds && [SPARSE, DENSE].iter().any(|preset| runs.of(preset).any(LoggedRun::shared));
    Some(Test { shared, ..Test::rising(vec![bits(SPARSE)?, bits(DENSE)?]) })
}
