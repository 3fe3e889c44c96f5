//! What papers claim, and what small models of ours do: the sign is tested, not the size.

use super::RunResult;
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
}

/// One number of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what.
    pub of: String,
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
}

/// Whether a sign holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether it does; `None` while a model is missing.
    pub holds: Option<bool>,
    /// Whether every difference is larger than the spread of the seeds explains; `None` with a single seed.
    pub sure: Option<bool>,
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
        }
    }

    /// A number of it in words.
    pub fn words(self, value: &Statistic) -> String {
        match self {
            Self::Bits => value.words(3),
            Self::MaxOverMean => value.words(2),
            Self::Dropped => {
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
struct Test {
    findings: Vec<Finding>,
    pairs: Vec<(Statistic, Statistic)>,
    shared: bool,
}

impl Test {
    /// These numbers, and that they rise, or stay, from each to the next.
    fn rising(findings: Vec<Finding>) -> Self {
        let pairs = findings.windows(2).map(|pair| (pair[0].value, pair[1].value)).collect();
        Self { findings, pairs, shared: false }
    }

    fn and(mut self, finding: Option<Finding>) -> Self {
        self.findings.extend(finding);
        self
    }

    fn verdict(&self) -> Verdict {
        if self.shared {
            return Verdict { holds: None, sure: None, shared: true };
        }
        let holds = self.pairs.iter().all(|(low, high)| low.mean <= high.mean);
        // A sign fails for sure only if one of the pairs that contradict it does.
        let deciding = self.pairs.iter().filter(|(low, high)| (low.mean <= high.mean) == holds);
        let sure: Option<Vec<bool>> = deciding.map(|(low, high)| low.differs(high)).collect();
        let sure = sure.map(|sure| if holds { sure.iter().all(|&one| one) } else { sure.iter().any(|&one| one) });
        Verdict { holds: Some(holds), sure, shared: false }
    }
}

fn finding(of: &str, unit: Unit, value: Option<Statistic>) -> Option<Finding> {
    value.map(|value| Finding { of: of.to_owned(), unit, value })
}

/// A number of several presets, each with a name for the reader.
fn each(runs: &Runs<'_>, unit: Unit, presets: &[(&str, &str)]) -> Option<Vec<Finding>> {
    let value = |preset: &str| match unit {
        Unit::Bits => runs.bits(preset),
        Unit::MaxOverMean => runs.max_over_mean(preset),
        Unit::Dropped => runs.dropped(preset),
    };
    presets.iter().map(|(preset, of)| finding(of, unit, value(preset))).collect()
}

/// Sparse against dense where both have come equally far along an axis.
fn sparse_wins(runs: &Runs<'_>, axis: Axis) -> Option<Test> {
    const SPARSE: &str = "mixtral-small";
    const DENSE: &str = "dense-active";
    let end = runs.common_end(axis, &[SPARSE, DENSE])?;
    let bits = |preset: &str| finding(preset, Unit::Bits, runs.measure(preset, |run| run.bits_at(axis, end)));
    let shared = axis == Axis::Seconds && [SPARSE, DENSE].iter().any(|preset| runs.of(preset).any(Run::shared));
    Some(Test { shared, ..Test::rising(vec![bits(SPARSE)?, bits(DENSE)?]) })
}

/// The same model with and without its balancing losses.
const BALANCING: [(&str, &str); 2] = [("small-shazeer", "with balancing"), ("small-shazeer-unbalanced", "without")];

type Judge = fn(&Runs<'_>) -> Option<Test>;

const CLAIMS: [(&str, &str, Judge); 13] = [
    ("Shazeer et al. 2017", "after equal steps, a sparse model beats the dense one of the same active size", |runs| {
        sparse_wins(runs, Axis::Tokens)
    }),
    (
        "Fedus et al. 2021",
        "after equal training FLOPs, a sparse model beats the dense one of the same active size",
        |runs| sparse_wins(runs, Axis::Flops),
    ),
    ("Fedus et al. 2021", "after equal seconds, a sparse model beats the dense one of the same active size", |runs| {
        sparse_wins(runs, Axis::Seconds)
    }),
    ("Shazeer et al. 2017, appendix A", "without balancing losses a few experts take most tokens", |runs| {
        Some(Test::rising(each(runs, Unit::MaxOverMean, &BALANCING)?))
    }),
    ("Shazeer et al. 2017, appendix A", "without balancing losses the loss is worse", |runs| {
        Some(Test::rising(each(runs, Unit::Bits, &BALANCING)?))
    }),
    ("Roller et al. 2021", "a balanced hash of tokens does at least as well as a learned Switch router", |runs| {
        let pair = [("small-hash-balanced", "balanced hash"), ("small-switch-8", "Switch")];
        let random = finding("random hash", Unit::Bits, runs.bits("small-hash-random"));
        Some(Test::rising(each(runs, Unit::Bits, &pair)?).and(random))
    }),
    ("Roller et al. 2021", "hashes rank: oracle, balanced, random, clustered, previous token, position", |runs| {
        let ranks = ["oracle", "balanced", "random", "clustered", "previous", "position"];
        let names = ranks.map(|kind| (format!("hash-{kind}"), kind));
        let pairs: Vec<(&str, &str)> = names.iter().map(|(preset, kind)| (preset.as_str(), *kind)).collect();
        let mut bits = each(runs, Unit::Bits, &pairs)?;
        // The oracle looks at the token to predict, in the paper too.
        bits.first_mut()?.value = runs.measure("hash-oracle", |run| run.result.measured.published_bits_per_byte)?;
        Some(Test::rising(bits).and(finding("dispersed", Unit::Bits, runs.bits("hash-dispersed"))))
    }),
    (
        "Roller et al. 2021",
        "sending similar tokens to the same expert is worse than sending them to different ones",
        |runs| {
            let pair = [("hash-dispersed", "dispersed"), ("hash-clustered", "clustered")];
            Some(Test::rising(each(runs, Unit::Bits, &pair)?))
        },
    ),
    ("Fedus et al. 2021", "a larger capacity factor drops fewer tokens", |runs| {
        let factors =
            ["2", "1.25", "1", "0.5"].map(|factor| (format!("small-capacity-{factor}"), format!("factor {factor}")));
        let factors: Vec<(&str, &str)> = factors.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        let bits = each(runs, Unit::Bits, &factors)?;
        let mut test = Test::rising(each(runs, Unit::Dropped, &factors)?);
        test.findings.extend(bits);
        Some(test)
    }),
    ("Shazeer et al. 2017; Fedus et al. 2021", "more experts at the same cost of a token lower the loss", |runs| {
        let sizes = ["16", "8", "4", "2", "1"].map(|size| {
            (format!("small-switch-{size}"), format!("{size} expert{}", if size == "1" { "" } else { "s" }))
        });
        let sizes: Vec<(&str, &str)> = sizes.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        Some(Test::rising(each(runs, Unit::Bits, &sizes)?))
    }),
    ("Wang et al. 2024", "a bias balances better than a loss does, at no cost in quality", |runs| {
        let pair = [("small-loss-free", "bias on sigmoid scores"), ("small-aux", "loss on softmax scores")];
        let mut test = Test::rising(each(runs, Unit::MaxOverMean, &pair)?);
        let bits = Test::rising(each(runs, Unit::Bits, &pair)?);
        test.findings.extend(bits.findings);
        test.pairs.extend(bits.pairs);
        let fast = "small-loss-free-fast";
        Some(test.and(finding("bias, ten times faster", Unit::MaxOverMean, runs.max_over_mean(fast))))
    }),
    ("Lewis et al. 2021", "balanced assignment is exactly even", |runs| {
        let assigned = runs.measure("small-base", |run| run.result.measured.published_max_over_mean);
        let assigned = finding("assigned", Unit::MaxOverMean, assigned)?;
        let pairs = vec![(assigned.value, Statistic::exact(1.01))];
        Some(Test { findings: vec![assigned], pairs, shared: false })
    }),
    (
        "Lewis et al. 2021",
        "the greedy choice after training with balanced assignment is nearly even (below 1.5 here)",
        |runs| {
            let greedy = finding("greedy", Unit::MaxOverMean, runs.max_over_mean("small-base"))?;
            let pairs = vec![(greedy.value, Statistic::exact(1.5))];
            Some(Test { findings: vec![greedy], pairs, shared: false }.and(finding(
                "greedy",
                Unit::Bits,
                runs.bits("small-base"),
            )))
        },
    ),
];

/// How small the models are that were trained only for claims, in words; nothing if there are none.
pub fn small(runs: &Runs<'_>) -> Option<String> {
    let small: Vec<&RunResult> =
        runs.0.iter().map(|run| &run.result).filter(|run| run.preset.starts_with("small-")).collect();
    let range = |of: fn(&RunResult) -> f64, digits: usize| {
        let values = || small.iter().map(|run| of(run));
        let least = format!("{:.digits$}", values().fold(f64::INFINITY, f64::min));
        let most = format!("{:.digits$}", values().fold(0.0, f64::max));
        if least == most { least } else { format!("{least} to {most}") }
    };
    (!small.is_empty()).then(|| {
        format!(
            "Where no model of the tables above is named, and hashes are not ranked, the models are smaller than those: {} \
             million parameters used and {} million held, {} steps of {} tokens. Their bits per byte compare only with each other.",
            range(|run| run.cost.active_parameters / 1e6, 1),
            range(|run| run.cost.parameters as f64 / 1e6, 1),
            range(|run| run.steps as f64, 0),
            range(|run| run.tokens as f64 / run.steps.max(1) as f64, 0),
        )
    })
}

/// Every claim, judged by what was trained.
pub fn claims(runs: &Runs<'_>) -> Vec<Claim> {
    let judged = CLAIMS.iter().map(|(source, says, judge)| {
        let test = judge(runs);
        let verdict = test.as_ref().map_or(Verdict::default(), Test::verdict);
        let findings = test.map(|test| test.findings).unwrap_or_default();
        Claim { source: (*source).to_owned(), says: (*says).to_owned(), findings, verdict }
    });
    judged.collect()
}

impl Claim {
    /// All findings in a line: those of a kind together, each with its name.
    pub fn words(&self) -> String {
        let mut out = String::new();
        let mut last = None;
        for Finding { of, unit, value } in &self.findings {
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

    /// Seeds behind the numbers: the fewest of them.
    pub fn seeds(&self) -> usize {
        self.findings.iter().map(|finding| finding.value.seeds).min().unwrap_or(0)
    }
}
