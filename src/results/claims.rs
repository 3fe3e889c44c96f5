//! What papers claim, and what small models of ours do: the sign is tested, not the size.

use super::RunResult;
use super::papers::PAPERS;
use super::runs::{Axis, Run, Runs};
use super::statistic::Statistic;
use serde::{Deserialize, Serialize};

/// A claim, our numbers, and whether its sign holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Whose.
    pub source: String,
    /// What is claimed.
    pub says: String,
    /// Our numbers; empty if a model is missing.
    pub findings: Vec<Finding>,
    /// Whether the sign holds.
    pub verdict: Verdict,
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

/// Whether a sign holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether it does; `None` while a model is missing.
    pub holds: Option<bool>,
    /// Whether every difference is larger than the spread of the seeds explains; `None` with a single seed.
    pub sure: Option<bool>,
    /// Whether it rests on one seed and on differences that are smaller than those between the seeds of one model.
    #[serde(default)]
    pub undecided: bool,
    /// Whether it rests on seconds of runs that shared the machine, and so is not judged.
    #[serde(default)]
    pub shared: bool,
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

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match (self.holds, self.sure) {
            (None, _) if self.shared => "not judged: a run shared the machine",
            (None, _) => "not measured yet",
            (Some(_), None) if self.undecided => "undecided: one seed, and closer than seeds are to each other",
            (Some(true), Some(true)) => "sign holds",
            (Some(true), Some(false)) => "sign holds, within the spread of the seeds",
            (Some(true), None) => "sign holds, one seed",
            (Some(false), Some(true)) => "sign does not hold",
            (Some(false), Some(false)) => "sign does not hold, within the spread of the seeds",
            (Some(false), None) => "sign does not hold, one seed",
        }
    }
}

/// What a claim comes down to: numbers, and pairs of which the first must not be the larger one.
pub(super) struct Test {
    pub findings: Vec<Finding>,
    pub pairs: Vec<(Statistic, Statistic)>,
    pub shared: bool,
}

impl Test {
    /// These numbers, and that they rise, or stay, from each to the next.
    pub fn rising(findings: Vec<Finding>) -> Self {
        let pairs = findings.windows(2).map(|pair| (pair[0].value, pair[1].value)).collect();
        Self { findings, pairs, shared: false }
    }

    pub fn and(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }

    /// `spread` is what the bits per byte of one model differ by from seed to seed.
    fn verdict(&self, spread: f64) -> Verdict {
        if self.shared {
            return Verdict { shared: true, ..Verdict::default() };
        }
        let holds = self.pairs.iter().all(|(low, high)| low.mean <= high.mean);
        // A sign fails for sure only if one of the pairs that contradict it does.
        let deciding = self.pairs.iter().filter(|(low, high)| (low.mean <= high.mean) == holds);
        let every = |mut apart: Vec<bool>| if holds { !apart.contains(&false) } else { apart.drain(..).any(|one| one) };
        let far: Vec<bool> = deciding.clone().map(|(low, high)| (low.mean - high.mean).abs() > spread).collect();
        let sure: Option<Vec<bool>> = deciding.map(|(low, high)| low.differs(high)).collect();
        let bits = self.findings.first().is_some_and(|found| matches!(found.unit, Unit::Bits | Unit::OnTheWay));
        Verdict {
            holds: Some(holds),
            undecided: sure.is_none() && bits && !every(far),
            sure: sure.map(every),
            shared: false,
        }
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

/// The largest standard deviation of bits per byte over the seeds of one model; `None` if none has several.
pub(super) fn spread<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<f64> {
    let bits = findings.filter(|found| found.unit == Unit::Bits && found.value.seeds > 1);
    bits.map(|found| found.value.sd).reduce(f64::max)
}

/// Every claim, judged by what was trained.
pub fn claims(runs: &Runs<'_>) -> Vec<Claim> {
    let tests: Vec<Option<Test>> = PAPERS.iter().map(|paper| (paper.judge)(runs)).collect();
    let spread = spread(tests.iter().flatten().flat_map(|test| &test.findings)).unwrap_or_default();
    let judged = PAPERS.iter().zip(tests).map(|(paper, test)| {
        let verdict = test.as_ref().map_or(Verdict::default(), |test| test.verdict(spread));
        let findings = test.map(|test| test.findings).unwrap_or_default();
        let [source, says, but] = [paper.source, paper.says, paper.but].map(str::to_owned);
        Claim { models: models(&findings, runs), source, says, findings, verdict, but }
    });
    judged.collect()
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
