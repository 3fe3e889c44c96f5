//! What papers claim, and what small models of ours do: the sign is tested, not the size.

use super::RunResult;
use std::fmt::Write as _;

/// Mean and spread over the seeds of one preset.
struct Summary {
    seeds: usize,
    bits: f64,
    spread: f64,
    max_over_mean: f64,
    dropped: f64,
    published_max_over_mean: f64,
}

/// Our number, and whether the claim's sign holds; `None` if a model is missing.
type Judgement = Option<(String, bool)>;

/// A claim of a paper.
struct Claim {
    source: &'static str,
    says: &'static str,
    judge: fn(&Runs<'_>) -> Judgement,
}

struct Runs<'a>(&'a [RunResult]);

impl Runs<'_> {
    fn of(&self, preset: &str) -> Option<Summary> {
        let runs: Vec<&RunResult> = self.0.iter().filter(|run| run.preset == preset).collect();
        let n = runs.len() as f64;
        let mean = |value: fn(&RunResult) -> f64| runs.iter().map(|run| value(run)).sum::<f64>() / n;
        let bits = mean(|run| run.measured.bits_per_byte);
        let squares: f64 = runs.iter().map(|run| (run.measured.bits_per_byte - bits).powi(2)).sum();
        (!runs.is_empty()).then(|| Summary {
            seeds: runs.len(),
            bits,
            spread: (squares / (n - 1.0).max(1.0)).sqrt(),
            max_over_mean: mean(|run| run.measured.max_over_mean),
            dropped: mean(|run| run.measured.dropped.iter().sum::<f64>() / run.measured.dropped.len().max(1) as f64),
            published_max_over_mean: mean(|run| run.measured.published_max_over_mean.unwrap_or(f64::NAN)),
        })
    }

    fn all(&self, presets: &[&str]) -> Option<Vec<Summary>> {
        presets.iter().map(|preset| self.of(preset)).collect()
    }
}

impl Summary {
    fn bits(&self) -> String {
        format!("{:.3} ± {:.3}", self.bits, self.spread)
    }
}

const CLAIMS: [Claim; 6] = [
    Claim {
        source: "Shazeer et al. 2017, appendix A",
        says: "without balancing losses a few experts take most tokens, and the loss is worse",
        judge: |runs| {
            let (off, on) = (runs.of("small-shazeer-unbalanced")?, runs.of("small-shazeer")?);
            let words = format!(
                "max/mean {:.2} without, {:.2} with; bits {} and {}",
                off.max_over_mean,
                on.max_over_mean,
                off.bits(),
                on.bits()
            );
            Some((words, off.max_over_mean > on.max_over_mean && off.bits > on.bits))
        },
    },
    Claim {
        source: "Roller et al. 2021",
        says: "a balanced hash of tokens does at least as well as a learned Switch router",
        judge: |runs| {
            let (learned, hash) = (runs.of("small-switch-8")?, runs.of("small-hash-balanced")?);
            let random = runs.of("small-hash-random")?;
            let words = format!(
                "bits: Switch {}, balanced hash {}, random hash {}",
                learned.bits(),
                hash.bits(),
                random.bits()
            );
            Some((words, hash.bits <= learned.bits))
        },
    },
    Claim {
        source: "Fedus et al. 2021",
        says: "a larger capacity factor drops fewer tokens",
        judge: |runs| {
            let factors =
                runs.all(&["small-capacity-0.5", "small-capacity-1", "small-capacity-1.25", "small-capacity-2"])?;
            let drops: Vec<String> = factors.iter().map(|run| format!("{:.1} %", run.dropped * 100.0)).collect();
            let bits: Vec<String> = factors.iter().map(Summary::bits).collect();
            let falls = factors.windows(2).all(|pair| pair[0].dropped > pair[1].dropped);
            Some((format!("factors 0.5, 1, 1.25, 2: dropped {}; bits {}", drops.join(", "), bits.join(", ")), falls))
        },
    },
    Claim {
        source: "Shazeer et al. 2017; Fedus et al. 2021",
        says: "more experts at the same cost of a token lower the loss",
        judge: |runs| {
            let names = ["small-switch-1", "small-switch-2", "small-switch-4", "small-switch-8", "small-switch-16"];
            let sizes = runs.all(&names)?;
            let bits: Vec<String> = sizes.iter().map(Summary::bits).collect();
            let falls = sizes.windows(2).all(|pair| pair[1].bits < pair[0].bits);
            Some((format!("1, 2, 4, 8, 16 experts: bits {}", bits.join(", ")), falls))
        },
    },
    Claim {
        source: "Wang et al. 2024",
        says: "a bias balances better than a loss does, at no cost in quality",
        judge: |runs| {
            let (free, loss) = (runs.of("small-loss-free")?, runs.of("small-aux")?);
            let fast = runs.of("small-loss-free-fast")?;
            let words = format!(
                "max/mean: bias {:.2} (ten times faster {:.2}), loss {:.2}; bits {} ({}), {}",
                free.max_over_mean,
                fast.max_over_mean,
                loss.max_over_mean,
                free.bits(),
                fast.bits(),
                loss.bits()
            );
            Some((words, free.max_over_mean < loss.max_over_mean && free.bits <= loss.bits))
        },
    },
    Claim {
        source: "Lewis et al. 2021",
        says: "balanced assignment is exactly even, and the greedy choice afterwards nearly so",
        judge: |runs| {
            let base = runs.of("small-base")?;
            let words = format!(
                "max/mean: assigned {:.2}, greedy {:.2}; bits {}",
                base.published_max_over_mean,
                base.max_over_mean,
                base.bits()
            );
            Some((words, base.published_max_over_mean < 1.01 && base.max_over_mean < 1.5))
        },
    },
];

/// The claims, our numbers, and whether the sign holds.
pub(super) fn table(runs: &[RunResult]) -> String {
    let small = runs.iter().find(|run| run.preset.starts_with("small-"));
    let Some(small) = small else { return String::new() };
    let runs = Runs(runs);
    let seeds = runs.of(&small.preset).map_or(0, |summary| summary.seeds);
    let mut text = format!(
        "Claims, put to the test with models of {:.1} million parameters (8 experts) after {:.2} million tokens; mean and standard \
         deviation over {seeds} seeds:\n\n| paper | claims that | here | sign |\n|---|---|---|---|\n",
        runs.of("small-switch-8").map_or(0.0, |_| size(&runs)),
        small.tokens as f64 / 1e6,
    );
    for Claim { source, says, judge } in &CLAIMS {
        let (words, verdict) = match judge(&runs) {
            Some((words, true)) => (words, "holds"),
            Some((words, false)) => (words, "**does not hold**"),
            None => ("not trained yet".to_owned(), "open"),
        };
        let _ = writeln!(text, "| {source} | {says} | {words} | {verdict} |");
    }
    text
}

fn size(runs: &Runs<'_>) -> f64 {
    runs.0.iter().find(|run| run.preset == "small-switch-8").map_or(0.0, |run| run.cost.parameters as f64 / 1e6)
}
