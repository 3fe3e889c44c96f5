//! What papers claim, and what small models of ours do: the sign is tested, not the size of the effect.

use super::RunResult;
use super::evidence::Test;
pub use super::finding::{Finding, Unit};
use super::interval::Spread;
use super::papers::PAPERS;
use super::runs::{LoggedRun, Runs};
use super::verdict::{ClaimVerdict, judge};
use crate::messages::results;
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
    pub verdict: ClaimVerdict,
    /// What decides, in words: differences in the claim's own quantity, with their 95 % intervals. Empty if it is not judged.
    #[serde(default)]
    pub decides: String,
    /// What is not as in the paper, or not alike on both sides, as in docs/results.md; may be empty.
    #[serde(default)]
    pub but: String,
    /// How large the models behind the numbers are, and how long they were trained.
    #[serde(default)]
    pub models: String,
}

/// From the least to the most of a number of some runs.
fn range(runs: &[&RunResult], of: fn(&RunResult) -> f64, digits: usize) -> String {
    let values = || runs.iter().map(|run| of(run));
    let least = format!("{:.digits$}", values().fold(f64::INFINITY, f64::min));
    let most = format!("{:.digits$}", values().fold(0.0, f64::max));
    if least == most { least } else { results::range(least, most) }
}

/// The size and the training of the models behind some findings, in words; nothing if there are none.
fn models(findings: &[Finding], runs: &Runs<'_>) -> String {
    let of = |run: &&LoggedRun| findings.iter().any(|finding| finding.preset == run.result.preset);
    let all: Vec<&RunResult> = runs.0.iter().filter(of).map(|run| &run.result).collect();
    if all.is_empty() {
        return String::new();
    }
    results::models(
        range(&all, |run| run.cost.active_parameters / 1e6, 2),
        range(&all, |run| run.cost.parameters as f64 / 1e6, 2),
        range(&all, |run| run.steps as f64, 0),
    )
}

/// A sentence as it stands among others in a row of docs/results.md, which is English: without a capital and a full stop.
fn phrase(sentence: &str) -> String {
    let mut letters = sentence.strip_suffix('.').unwrap_or(sentence).chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    first + letters.as_str()
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
        None => (ClaimVerdict::NotMeasured, String::new()),
        Some(test) if test.shared => (ClaimVerdict::Shared, String::new()),
        Some(test) => judge(&test.comparisons, &spread),
    };
    let judged: Vec<_> = tests.iter().map(judged).collect();
    let claims = PAPERS.iter().zip(tests).zip(judged).map(|((paper, test), (verdict, decides))| {
        let findings = test.map(|test| test.findings).unwrap_or_default();
        let (source, says) = (paper.source.to_owned(), (paper.says)().to_owned());
        let but = paper.but.map_or_else(String::new, |but| phrase(but()));
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
            (Some(least), Some(most)) if least < most => results::range(least, most),
            (Some(least), _) => least.to_string(),
            (None, _) => String::new(),
        }
    }
}
