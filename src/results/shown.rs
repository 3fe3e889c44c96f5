//! What the page shows of the results: tables of words and lines of points, so that the page only has to set them.

use super::claims::{Claim, Unit};
use super::methods::{MethodRow, Methods};
use super::papers::{PAPERS, Paper};
use super::statistic::{Statistic, round};
use super::verdict::{BETWEEN, ClaimVerdict};
use super::{LoggedRun, Runs};
use crate::card::TRAINING;
use crate::format::{amount, thousands};
use crate::messages::results;
use serde::{Deserialize, Serialize};

/// Everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The tables, in order.
    pub tables: Vec<ReportTable>,
    /// The methods' ways through training.
    pub ways: Vec<LearningCurve>,
    /// Steps that a point of [`LearningCurve::trained`] is the mean of.
    pub window: usize,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportTable {
    /// What it is of; its rows are called `<id>-<name>`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What to know before reading it.
    pub lead: String,
    /// Names of the columns.
    pub heads: Vec<String>,
    /// Each row's name for programs, and its cells: the words, and how they are set.
    pub rows: Vec<(String, Vec<(String, Tone)>)>,
    /// How it was made.
    pub note: String,
}

/// How a cell is set, as a number, since names would be most of the file: 0 plain, 1 to 6 a ground of that strength, then
/// [`BEST`], [`HOLDS`], [`FAILS`], [`OPEN`].
pub type Tone = u8;
/// Grounds of different strength.
const HEATS: Tone = 6;
/// What is needed more than by the best for each step of strength.
const STEP: f64 = 0.02;
/// The best of its column.
pub const BEST: Tone = 7;
/// A claim that holds.
pub const HOLDS: Tone = 8;
/// A claim that does not.
pub const FAILS: Tone = 9;
/// A claim that is open.
pub const OPEN: Tone = 10;

/// One method's way through training, the mean over its seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LearningCurve {
    /// The preset's name.
    pub preset: String,
    /// Seeds.
    pub seeds: usize,
    /// Whether something else seems to have used the machine: the seconds then say little.
    pub shared: bool,
    /// Whether the seconds are those of a measurement beside the other methods, and not of the runs' own logs.
    #[serde(default)]
    pub measured: bool,
    /// Operations of training for a step, in units of 10^12.
    pub tera: f64,
    /// Step, seconds and bits per byte on held-out text.
    pub held_out: Vec<(usize, f64, f64)>,
    /// Step, seconds and training loss in nats per token.
    pub trained: Vec<(usize, f64, f64)>,
}

impl Report {
    /// Of these rows and runs.
    pub fn of(methods: &Methods, claims: &[Claim], runs: &Runs<'_>) -> Self {
        if methods.rows.is_empty() {
            return Self::default();
        }
        let ways = methods.rows.iter().filter_map(|row| way(&runs.of(&row.preset).collect::<Vec<_>>())).collect();
        Self { tables: vec![table(methods), domains(methods), judged(claims)], ways, window: super::log::WINDOW }
    }
}

fn way(runs: &[&LoggedRun]) -> Option<LearningCurve> {
    let first = &runs.first()?.result;
    let mean = |of: fn(&LoggedRun) -> Vec<(usize, f64, f64)>| {
        let all: Vec<Vec<(usize, f64, f64)>> = runs.iter().map(|run| of(run)).collect();
        let at = |step: usize| {
            // Only where every seed has the step.
            let found: Option<Vec<&(usize, f64, f64)>> =
                all.iter().map(|points| points.iter().find(|point| point.0 == step)).collect();
            let found = found?;
            let n = found.len() as f64;
            let seconds = found.iter().map(|point| point.1).sum::<f64>() / n;
            Some((step, round(seconds, 1), round(found.iter().map(|point| point.2).sum::<f64>() / n, 4)))
        };
        all.first().into_iter().flatten().filter_map(|point| at(point.0)).collect::<Vec<_>>()
    };
    Some(LearningCurve {
        preset: first.preset.clone(),
        seeds: runs.len(),
        shared: runs.iter().any(|run| run.shared()),
        measured: runs.iter().all(|run| run.measured),
        tera: TRAINING * first.cost.flops() * first.tokens as f64 / first.steps.max(1) as f64 / 1e12,
        held_out: mean(|run| run.evaluated.iter().map(|at| (at.step, at.seconds, at.bits_per_byte)).collect()),
        trained: mean(|run| run.trained.iter().map(|at| (at.step, at.seconds, at.loss)).collect()),
    })
}

fn strings<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn bracket(value: &Statistic, published: &Option<Statistic>, digits: usize) -> String {
    let published = published.map_or_else(String::new, |published| format!(" ({})", published.words(digits)));
    value.words(digits) + &published
}

fn table(methods: &Methods) -> ReportTable {
    let best = methods.rows.iter().map(|row| row.bits.mean).fold(f64::INFINITY, f64::min);
    let row = |row: &MethodRow| {
        let dropped = super::claims::Unit::Dropped.words(&row.dropped);
        let bits = if row.bits.mean <= best { BEST } else { 0 };
        let cells = vec![
            (row.preset.clone(), 0),
            (amount(row.parameters), 0),
            (amount(row.active_parameters), 0),
            (format!("{:.2}", row.flops / 1e6), 0),
            (bracket(&row.bits, &row.published_bits, 3), bits),
            (row.at_flops(), 0),
            (bracket(&row.max_over_mean, &row.published_max_over_mean, 2), 0),
            (row.cv.words(2), 0),
            (row.entropy.words(3), 0),
            (format!("{:.0}", row.dead.mean), 0),
            (if row.dropped.mean > 0.0 { dropped } else { results::none().to_owned() }, 0),
            (thousands(row.tokens_per_second.mean.round() as usize), 0),
            (row.bits.seeds.to_string(), 0),
        ];
        (row.preset.clone(), cells)
    };
    ReportTable {
        id: "method".to_owned(),
        title: results::methods().to_owned(),
        lead: results::methods_lead(format!("{:.1}", methods.tokens as f64 / 1e6), methods.steps),
        heads: strings([
            results::head_method(),
            results::head_total(),
            results::head_active(),
            results::head_flops(),
            results::head_bits(),
            results::head_bits_at_flops(),
            results::head_max_over_mean(),
            results::head_cv(),
            results::head_entropy(),
            results::head_dead(),
            results::head_dropped(),
            results::head_speed(),
            results::head_seeds(),
        ]),
        rows: methods.rows.iter().map(row).collect(),
        note: format!("{} {}", results::methods_note(format!("{:.1}", methods.flops / 1e12)), methods.timed()),
    }
}

fn domains(methods: &Methods) -> ReportTable {
    let column = |at: usize| methods.rows.iter().filter_map(move |row| row.by_domain.get(at)).copied();
    let best: Vec<f64> = (0..methods.domains.len()).map(|at| column(at).fold(f64::INFINITY, f64::min)).collect();
    let over =
        |row: &MethodRow| row.by_domain.iter().zip(&best).map(|(bits, best)| bits / best - 1.0).collect::<Vec<_>>();
    let row = |row: &MethodRow| {
        let tone = |over: f64| (over / STEP).min(f64::from(HEATS)) as Tone;
        let cells = row.by_domain.iter().zip(over(row)).map(|(bits, over)| (format!("{bits:.2}"), tone(over)));
        (row.preset.clone(), std::iter::once((row.preset.clone(), 0)).chain(cells).collect())
    };
    ReportTable {
        id: "domain".to_owned(),
        title: results::domains().to_owned(),
        lead: String::new(),
        heads: std::iter::once(results::head_method().to_owned()).chain(methods.domains.iter().cloned()).collect(),
        rows: methods.rows.iter().map(row).collect(),
        note: results::domains_note(format!("{:.0}", STEP * 100.0), u32::from(HEATS)),
    }
}

/// The smallest effects that matter, in a list.
fn smallest() -> String {
    let percent = |unit: Unit| (unit.smallest() * 100.0).to_string();
    [
        results::value_bits(Unit::Bits.smallest()),
        results::effect_max_over_mean(Unit::MaxOverMean.smallest()),
        results::effect_dropped(percent(Unit::Dropped)),
        results::effect_by_domain(percent(Unit::ByDomain)),
        results::effect_sharing(Unit::Sharing.smallest()),
    ]
    .join(", ")
}

fn judged(claims: &[Claim]) -> ReportTable {
    let tone = |verdict: ClaimVerdict| match verdict {
        ClaimVerdict::Holds => ("✓", HOLDS),
        ClaimVerdict::DoesNotHold => ("✗", FAILS),
        ClaimVerdict::Undecided | ClaimVerdict::NotMeasured | ClaimVerdict::Shared => ("○", OPEN),
    };
    let row = |(at, (claim, paper)): (usize, (&Claim, &Paper))| {
        let (mark, tone) = tone(claim.verdict);
        let decides = claim.decides.split(BETWEEN).filter(|told| !told.is_empty()).map(str::to_owned);
        let verdict: Vec<String> = [format!("{mark} {}", claim.verdict.words())].into_iter().chain(decides).collect();
        let findings = claim.findings.iter();
        let findings =
            findings.map(|found| results::finding(&found.of, found.unit.of(&found.unit.words(&found.value))));
        let cells = vec![
            (claim.source.clone(), 0),
            (claim.says.clone(), 0),
            (findings.collect::<Vec<_>>().join("\n"), 0),
            (verdict.join("\n"), tone),
            (paper.but.map_or_else(String::new, |but| but().to_owned()), 0),
            (claim.seeds(), 0),
            (claim.models.clone(), 0),
        ];
        ((at + 1).to_string(), cells)
    };
    ReportTable {
        id: "claim".to_owned(),
        title: results::claims().to_owned(),
        lead: results::claims_lead(smallest()),
        heads: strings([
            results::head_paper(),
            results::head_claims(),
            results::head_here(),
            results::head_verdict(),
            results::head_but(),
            results::head_seeds(),
            results::head_models(),
        ]),
        rows: claims.iter().zip(&PAPERS).enumerate().map(row).collect(),
        note: results::claims_note().to_owned(),
    }
}
