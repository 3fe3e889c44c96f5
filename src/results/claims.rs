//! What papers claim, and what small models of ours do: the sign is tested, not the size of the effect.

use super::RunResult;
use super::interval::{Interval, Spread};
use super::papers::PAPERS;
use super::runs::{Axis, Run, Runs};
use super::statistic::Statistic;
use super::verdict::{Comparison, Verdict, judge};
use serde::{Deserialize, Serialize};

/// A claim, our numbers, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Whose.
    pub source: String,
    /// What is claimed.
    pub says: String,
    /// Our numbers; empty if a model is missing.
    pub findings: Vec<Finding>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What decides, in words: differences in the claim's own quantity, with their 95 % intervals. Empty if it is not judged.
    #[serde(default)]
    pub decides: String,
    /// What is not as in the paper, or not alike on both sides; may be empty.
    #[serde(default)]
    pub but: String,
    /// How large the models behind the numbers are, and how long they were trained.
    #[serde(default)]
    pub models: String,
}

/// One number of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what.
    pub of: String,
    /// The preset behind it.
    pub preset: String,
    /// Which number, and how it is written.
    pub unit: Unit,
    /// The number.
    pub value: Statistic,
}

/// What a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bits per byte on held-out text.
    Bits,
    /// Largest load over mean load of the worst layer.
    MaxOverMean,
    /// Share of the choices that were dropped.
    Dropped,
    /// Bits per byte on held-out text, the mean over the run's evaluations: lower if a model learns faster.
    OnTheWay,
    /// Experts that share a token in effect in the last layer, for mixtures of all experts.
    Sharing,
    /// Share of the choices that fall on other experts in one domain than in the whole text.
    ByDomain,
}

impl Unit {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bits => "bits per byte",
            Self::MaxOverMean => "max/mean",
            Self::Dropped => "dropped",
            Self::OnTheWay => "bits per byte, mean on the way",
            Self::Sharing => "experts that share a token in the last layer",
            Self::ByDomain => "choices that differ by domain",
        }
    }

    /// The smallest difference that matters.
    pub fn smallest(self) -> f64 {
        match self {
            Self::Bits | Self::OnTheWay => 0.02,
            Self::MaxOverMean => 0.1,
            Self::Sharing => 0.25,
            Self::Dropped => 0.01,
            Self::ByDomain => 0.05,
        }
    }

    /// A difference in words, with its interval: `0.082 (0.010 to 0.154) bits per byte`.
    pub fn difference(self, interval: &Interval) -> String {
        let (scale, digits, unit) = match self {
            Self::Bits | Self::OnTheWay => (1.0, 3, self.name().to_owned()),
            Self::MaxOverMean | Self::Sharing => (1.0, 2, self.name().to_owned()),
            Self::Dropped | Self::ByDomain => (100.0, 1, format!("% {}", self.name())),
        };
        let number = |value: f64| format!("{:.digits$}", value * scale).replace('-', "−");
        format!("{} ({} to {}) {unit}", number(interval.middle), number(interval.low), number(interval.high))
    }

    /// A number of it in words.
    pub fn words(self, value: &Statistic) -> String {
        match self {
            Self::Bits | Self::OnTheWay => value.words(3),
            Self::MaxOverMean | Self::Sharing => value.words(2),
            Self::Dropped | Self::ByDomain => {
                let percent = |share: f64| share * 100.0;
                let value = Statistic { mean: percent(value.mean), sd: percent(value.sd), ..*value };
                format!("{} %", value.words(1))
            }
        }
    }
}

/// What a claim comes down to: our numbers, and which comparisons of them decide.
pub(super) struct Test {
    pub findings: Vec<Finding>,
    pub comparisons: Vec<Comparison>,
    pub shared: bool,
}

impl Test {
    /// Decided by these comparisons.
    pub fn of(findings: Vec<Finding>, comparisons: Vec<Comparison>) -> Self {
        Self { findings, comparisons, shared: false }
    }

    /// These numbers, and that they rise from each to the next.
    pub fn rising(findings: Vec<Finding>) -> Self {
        let comparisons = findings.windows(2).map(|pair| Comparison::below(&pair[0], &pair[1])).collect();
        Self::of(findings, comparisons)
    }

    /// These two numbers, and that the first is not larger than the second by as much as matters.
    pub fn as_well(findings: Vec<Finding>) -> Self {
        let comparisons = findings.windows(2).map(|pair| Comparison::not_above(&pair[0], &pair[1])).collect();
        Self::of(findings, comparisons)
    }

    /// These numbers, and that they rise on the whole.
    pub fn trend(findings: Vec<Finding>) -> Self {
        let trend = Comparison::trend(&findings).into_iter().collect();
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
        Unit::OnTheWay => runs.measure(preset, Run::on_the_way),
        Unit::ByDomain => runs.measure(preset, |run| Some(run.result.measured.by_domain())),
        Unit::Sharing => runs.measure(preset, |run| run.result.measured.sharing.last().copied()),
    };
    presets.iter().map(|(preset, of)| finding(of, preset, unit, value(preset))).collect()
}

/// Sparse against dense where both have come equally far along an axis.
pub(super) fn sparse_wins(runs: &Runs<'_>, axis: Axis) -> Option<Test> {
    const SPARSE: &str = "mixtral-small";
    const DENSE: &str = "dense-active";
    let end = runs.common_end(axis, &[SPARSE, DENSE])?;
    let bits = |preset: &str| finding(preset, preset, Unit::Bits, runs.measure(preset, |run| run.bits_at(axis, end)));
    let shared = axis == Axis::Seconds && [SPARSE, DENSE].iter().any(|preset| runs.of(preset).any(Run::shared));
    Some(Test { shared, ..Test::rising(vec![bits(SPARSE)?, bits(DENSE)?]) })
}

/// From the least to the most of a number of some runs.
fn range(runs: &[&RunResult], of: fn(&RunResult) -> f64, digits: usize) -> String {
    let values = || runs.iter().map(|run| of(run));
    let least = format!("{:.digits$}", values().fold(f64::INFINITY, f64::min));
    let most = format!("{:.digits$}", values().fold(0.0, f64::max));
    if least == most { least } else { format!("{least} to {most}") }
}

/// The size and the training of the models behind some findings, in words; nothing if there are none.
fn models(findings: &[Finding], runs: &Runs<'_>) -> String {
    let of = |run: &&Run| findings.iter().any(|finding| finding.preset == run.result.preset);
    let all: Vec<&RunResult> = runs.0.iter().filter(of).map(|run| &run.result).collect();
    if all.is_empty() {
        return String::new();
    }
    format!(
        "{} M used, {} M held, {} steps",
        range(&all, |run| run.cost.active_parameters / 1e6, 2),
        range(&all, |run| run.cost.parameters as f64 / 1e6, 2),
        range(&all, |run| run.steps as f64, 0),
    )
}

/// Every claim, judged by what was trained.
pub fn claims(runs: &Runs<'_>) -> Vec<Claim> {
    let tests: Vec<Option<Test>> = PAPERS.iter().map(|paper| (paper.judge)(runs)).collect();
    // What numbers of several seeds spread by, for those of one seed in the same unit; each number counts once.
    let spread = |unit: Unit| {
        let mut numbers: Vec<&Finding> = Vec::new();
        for found in tests.iter().flatten().flat_map(|test| &test.findings).filter(|found| found.unit == unit) {
            if !numbers.iter().any(|known| known.preset == found.preset && known.value == found.value) {
                numbers.push(found);
            }
        }
        Spread::pooled(numbers.into_iter().map(|found| found.value))
    };
    let judged = |test: &Option<Test>| match test {
        None => (Verdict::NotMeasured, String::new()),
        Some(test) if test.shared => (Verdict::Shared, String::new()),
        Some(test) => judge(&test.comparisons, &spread),
    };
    let judged: Vec<_> = tests.iter().map(judged).collect();
    let claims = PAPERS.iter().zip(tests).zip(judged).map(|((paper, test), (verdict, decides))| {
        let findings = test.map(|test| test.findings).unwrap_or_default();
        let [source, says, but] = [paper.source, paper.says, paper.but].map(str::to_owned);
        Claim { models: models(&findings, runs), source, says, findings, verdict, decides, but }
    });
    claims.collect()
}

impl Claim {
    /// All findings in a line: those of a kind together, each with its name.
    pub fn words(&self) -> String {
        let mut out = String::new();
        let mut last = None;
        for Finding { of, unit, value, .. } in &self.findings {
            let lead = match last {
                Some(last) if last == *unit => ", ".to_owned(),
                Some(_) => format!("; {}: ", unit.name()),
                None => format!("{}: ", unit.name()),
            };
            out.push_str(&format!("{lead}{of} {}", unit.words(value)));
            last = Some(*unit);
        }
        out
    }

    /// Seeds behind the numbers, from the fewest to the most; nothing without numbers.
    pub fn seeds(&self) -> String {
        let seeds = || self.findings.iter().map(|finding| finding.value.seeds);
        match (seeds().min(), seeds().max()) {
            (Some(least), Some(most)) if least < most => format!("{least} to {most}"),
            (Some(least), _) => least.to_string(),
            (None, _) => String::new(),
        }
    }
}
