//! The claims themselves: whose, what, and the runs that decide. Those that were run with several seeds come first.

use super::evidence::{Test, each, finding, published, sparse_wins};
use super::finding::Unit;
use super::runs::{CostAxis, Runs};
use super::verdict::SeedComparison;
use crate::messages::results;

/// A message without arguments.
type Words = fn() -> &'static str;

/// From all runs to what decides a claim; `None` if a run is missing.
pub(super) type Judge = fn(&Runs<'_>) -> Option<Test>;

/// What a paper claims.
pub(super) struct Paper {
    /// Whose it is.
    pub source: &'static str,
    /// What is claimed.
    pub says: Words,
    /// What is not as in the paper, or not alike on both sides, in a sentence.
    pub but: Option<Words>,
    /// What decides.
    pub judge: Judge,
}

const fn claim(source: &'static str, says: Words, judge: Judge) -> Paper {
    Paper { source, says, but: None, judge }
}

impl Paper {
    const fn but(self, but: Words) -> Self {
        Self { but: Some(but), ..self }
    }
}

/// Of presets with names, that their bits rise from each to the next.
fn bits(runs: &Runs<'_>, presets: &[(&str, &str)]) -> Option<Test> {
    Some(Test::rising(each(runs, Unit::Bits, presets)?))
}

/// Of two presets with names, that the first needs no more bits than the second.
fn as_well(runs: &Runs<'_>, presets: &[(&str, &str)]) -> Option<Test> {
    Some(Test::as_well(each(runs, Unit::Bits, presets)?))
}

/// The same model with and without its balancing losses.
const BALANCING: [(&str, Words); 2] =
    [("small-shazeer", results::with_balancing), ("small-shazeer-unbalanced", results::without_balancing)];
/// A bias that balances, and a loss that does.
const BIAS: [(&str, Words); 2] = [("small-loss-free", results::bias), ("small-aux", results::loss)];

/// Whether the load follows the domain more than it does because domains use other tokens, which is all that a hash sees.
const TOPICS: [(&str, Words); 2] =
    [("mixtral-small", results::gate_of_mixtral), ("hash-random", results::random_hash_of_tokens)];
/// Presets with the names that they have for the reader.
fn named<const N: usize>(presets: [(&'static str, Words); N]) -> [(&'static str, &'static str); N] {
    presets.map(|(preset, name)| (preset, name()))
}

const JACOBS: &str = "Jacobs et al. 1991";
const SHAZEER: &str = "Shazeer et al. 2017";
const TABLE_6: &str = "Shazeer et al. 2017, appendix A";
const FEDUS: &str = "Fedus et al. 2021";
const ROLLER: &str = "Roller et al. 2021";
const LEWIS: &str = "Lewis et al. 2021";

pub(super) const PAPERS: [Paper; 24] = [
    claim(SHAZEER, results::equal_steps, |runs| sparse_wins(runs, CostAxis::Tokens)).but(results::equal_steps_but),
    claim(FEDUS, results::equal_flops, |runs| sparse_wins(runs, CostAxis::Flops)).but(results::equal_flops_but),
    claim(FEDUS, results::equal_seconds, |runs| sparse_wins(runs, CostAxis::Seconds)).but(results::equal_seconds_but),
    claim(TABLE_6, results::few_take_most, |runs| {
        Some(Test::rising(each(runs, Unit::MaxOverMean, &named(BALANCING))?))
    }),
    claim(TABLE_6, results::loss_worse, |runs| bits(runs, &named(BALANCING))),
    claim(ROLLER, results::hash_as_well, |runs| {
        let random = finding(results::random_hash(), "small-hash-random", Unit::Bits, runs.bits("small-hash-random"));
        Some(
            as_well(runs, &[("small-hash-balanced", results::balanced_hash()), ("small-switch-8", "Switch")])?
                .and(random),
        )
    }),
    claim(FEDUS, results::larger_capacity, |runs| {
        let factors =
            ["2", "1.25", "1", "0.5"].map(|factor| (format!("small-capacity-{factor}"), results::factor(factor)));
        let factors: Vec<(&str, &str)> = factors.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        Some(Test::trend(each(runs, Unit::Dropped, &factors)?).and(each(runs, Unit::Bits, &factors)?))
    })
    .but(results::larger_capacity_but),
    claim(FEDUS, results::few_dropped, |runs| {
        let dropped = each(runs, Unit::Dropped, &[("switch", "Switch")])?;
        let few = dropped.iter().map(|found| SeedComparison::within(found, 0.01)).collect();
        let gshard = each(runs, Unit::Dropped, &[("gshard", results::gshard_two_choices())])?;
        Some(Test::of(dropped, few).and(gshard))
    })
    .but(results::few_dropped_but),
    claim("Shazeer et al. 2017; Lepikhin et al. 2020; Fedus et al. 2021", results::more_experts, |runs| {
        let sizes = [16_usize, 8, 4, 2, 1].map(|size| (format!("small-switch-{size}"), results::experts(size)));
        let sizes: Vec<(&str, &str)> = sizes.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        Some(Test::trend(each(runs, Unit::Bits, &sizes)?))
    })
    .but(results::more_experts_but),
    claim("Wang et al. 2024", results::bias_balances, |runs| {
        let mut test = Test::rising(each(runs, Unit::MaxOverMean, &named(BIAS))?);
        let bits = as_well(runs, &named(BIAS))?;
        test.findings.extend(bits.findings);
        test.comparisons.extend(bits.comparisons);
        let fast = "small-loss-free-fast";
        Some(test.and(finding(results::bias_fast(), fast, Unit::MaxOverMean, runs.max_over_mean(fast))))
    })
    .but(results::bias_balances_but),
    claim(LEWIS, results::assigned_even, |runs| {
        let assigned = runs.measure("small-base", |run| run.result.measured.published_max_over_mean);
        let assigned = finding(results::assigned(), "small-base", Unit::MaxOverMean, assigned)?;
        let even = SeedComparison::within(&assigned, 1.01);
        Some(Test::of(vec![assigned], vec![even]))
    }),
    claim(LEWIS, results::greedy_even, |runs| {
        let greedy = finding(results::greedy(), "small-base", Unit::MaxOverMean, runs.max_over_mean("small-base"))?;
        let even = SeedComparison::within(&greedy, 1.5);
        let bits = finding(results::greedy(), "small-base", Unit::Bits, runs.bits("small-base"));
        Some(Test::of(vec![greedy], vec![even]).and(bits))
    }),
    claim(LEWIS, results::assigned_as_well, |runs| {
        let large = each(runs, Unit::Bits, &[("base", results::larger_base()), ("switch", results::larger_switch())])?;
        Some(as_well(runs, &[("small-base", "BASE"), ("small-switch-8", "Switch")])?.and(large))
    })
    .but(results::assigned_as_well_but),
    claim(ROLLER, results::hashes_rank, |runs| {
        let ranks = [
            ("hash-oracle", results::oracle()),
            ("hash-balanced", results::balanced()),
            ("hash-random", results::random()),
            ("hash-clustered", results::clustered()),
            ("hash-previous", results::previous()),
            ("hash-position", results::position()),
        ];
        let mut bits = each(runs, Unit::Bits, &ranks)?;
        // The oracle looks at the token to predict, in the paper too.
        *bits.first_mut()? = published(runs, results::oracle(), "hash-oracle")?;
        let dispersed = finding(results::dispersed(), "hash-dispersed", Unit::Bits, runs.bits("hash-dispersed"));
        Some(Test::rising(bits).and(dispersed))
    }),
    claim(ROLLER, results::similar_worse, |runs| {
        bits(runs, &[("hash-dispersed", results::dispersed()), ("hash-clustered", results::clustered())])
    }),
    claim(JACOBS, results::competing_faster, |runs| {
        let pair = [("small-jacobs-competitive", results::competing()), ("small-switch-1", results::one_network())];
        let together = each(runs, Unit::OnTheWay, &[("small-jacobs", results::together())])?;
        let larger = [("jacobs", results::larger_together()), ("dense-active", results::larger_one_network())];
        Some(Test::rising(each(runs, Unit::OnTheWay, &pair)?).and(together).and(each(runs, Unit::Bits, &larger)?))
    })
    .but(results::competing_faster_but),
    claim(JACOBS, results::competing_divide, |runs| {
        let both = [("small-jacobs-competitive", results::competing()), ("small-jacobs", results::together())];
        Some(Test::rising(each(runs, Unit::Sharing, &both)?).and(each(runs, Unit::Bits, &both)?))
    })
    .but(results::competing_divide_but),
    claim("Jordan and Jacobs 1994", results::tree_faster, |runs| {
        let pair = [("small-tree", results::tree()), ("small-switch-1", results::one_network())];
        let larger =
            [("hierarchical-mixture", results::larger_tree()), ("dense-active", results::larger_one_network())];
        Some(Test::rising(each(runs, Unit::OnTheWay, &pair)?).and(each(runs, Unit::Bits, &larger)?))
    })
    .but(results::tree_faster_but),
    claim("Rosenbaum et al. 2017", results::by_task, |runs| {
        bits(runs, &[("routing-networks", results::by_domain()), ("dense-active", results::one_network())])
    })
    .but(results::by_task_but),
    claim("Zhou et al. 2022", results::choosing_faster, |runs| {
        let taken = published(runs, results::expert_choice(), "expert-choice")?;
        let [gshard, switch] =
            [published(runs, "GShard", "gshard")?, finding("Switch", "switch", Unit::Bits, runs.bits("switch"))?];
        let faster = vec![SeedComparison::below(&taken, &gshard), SeedComparison::below(&taken, &switch)];
        let causal = finding(results::expert_choice_causal(), "expert-choice", Unit::Bits, runs.bits("expert-choice"));
        Some(Test::of(vec![taken, gshard, switch], faster).and(causal))
    })
    .but(results::choosing_faster_but),
    claim("Puigcerver et al. 2023", results::slots_beat, |runs| {
        let soft = published(runs, results::soft(), "soft-moe")?;
        let [experts, tokens] = [
            published(runs, results::experts_choose(), "expert-choice")?,
            finding(results::tokens_choose(), "mixtral-small", Unit::Bits, runs.bits("mixtral-small"))?,
        ];
        let better = vec![SeedComparison::below(&soft, &experts), SeedComparison::below(&soft, &tokens)];
        Some(Test::of(vec![soft, experts, tokens], better))
    })
    .but(results::slots_beat_but),
    claim("Dai et al. 2024", results::fine_beat, |runs| {
        bits(runs, &[("deepseek", results::fine_and_shared()), ("gshard", "GShard")])
    })
    .but(results::fine_beat_but),
    claim("Jiang et al. 2024", results::no_topic, |runs| {
        Some(Test::as_well(each(runs, Unit::ByDomain, &named(TOPICS))?))
    })
    .but(results::topics_but),
    claim("Muennighoff et al. 2024", results::specialise, |runs| {
        let mut findings = each(runs, Unit::ByDomain, &named(TOPICS))?;
        findings.reverse();
        Some(Test::rising(findings).and(each(
            runs,
            Unit::ByDomain,
            &[("deepseek", results::fine_experts()), ("gshard", "GShard")],
        )?))
    })
    .but(results::topics_but),
];
