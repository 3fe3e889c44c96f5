//! The claims themselves: whose, what, and the runs that decide. Those that were run with several seeds come first.

use super::evidence::{Test, each, finding, published, sparse_wins};
use super::finding::Unit;
use super::runs::{Axis, Runs};
use super::verdict::Comparison;

/// From all runs to what decides a claim; `None` if a run is missing.
pub(super) type Judge = fn(&Runs<'_>) -> Option<Test>;

/// What a paper claims.
pub(super) struct Paper {
    /// Whose it is.
    pub source: &'static str,
    /// What is claimed.
    pub says: &'static str,
    /// What is not as in the paper, or not alike on both sides; may be empty.
    pub but: &'static str,
    /// What decides.
    pub judge: Judge,
}

const fn claim(source: &'static str, says: &'static str, judge: Judge) -> Paper {
    Paper { source, says, but: "", judge }
}

impl Paper {
    const fn but(self, but: &'static str) -> Self {
        Self { but, ..self }
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
const BALANCING: [(&str, &str); 2] = [("small-shazeer", "with balancing"), ("small-shazeer-unbalanced", "without")];
/// A bias that balances, and a loss that does.
const BIAS: [(&str, &str); 2] =
    [("small-loss-free", "bias on sigmoid scores"), ("small-aux", "loss on softmax scores")];

/// Whether the load follows the domain more than it does because domains use other tokens, which is all that a hash sees.
const TOPICS: [(&str, &str); 2] = [("mixtral-small", "Mixtral’s gate"), ("hash-random", "a random hash of tokens")];
const TOPICS_BUT: &str = "our domains are languages, code and markup, further apart than the paper’s; the hash shows what the tokens alone bring";

const JACOBS: &str = "Jacobs et al. 1991";
const SHAZEER: &str = "Shazeer et al. 2017";
const TABLE_6: &str = "Shazeer et al. 2017, appendix A";
const FEDUS: &str = "Fedus et al. 2021";
const ROLLER: &str = "Roller et al. 2021";
const LEWIS: &str = "Lewis et al. 2021";

pub(super) const PAPERS: [Paper; 24] = [
    claim(SHAZEER, "after equal steps, a sparse model beats the dense one of the same active size", |runs| {
        sparse_wins(runs, Axis::Tokens)
    })
    .but("tried with Mixtral’s gate, top 2 without noise, not the paper’s"),
    claim(FEDUS, "after equal training FLOPs, a sparse model beats the dense one of the same active size", |runs| {
        sparse_wins(runs, Axis::Flops)
    })
    .but(
        "tried with Mixtral’s gate, top 2, not the paper’s top 1; read where the cheaper run ended: the other is then a few steps before the end of its schedule",
    ),
    claim(FEDUS, "after equal seconds, a sparse model beats the dense one of the same active size", |runs| {
        sparse_wins(runs, Axis::Seconds)
    })
    .but(
        "tried with Mixtral’s gate, top 2, not the paper’s top 1; read where the faster run ended: the other is then a point of a longer schedule",
    ),
    claim(TABLE_6, "without balancing losses a few experts take most tokens", |runs| {
        Some(Test::rising(each(runs, Unit::MaxOverMean, &BALANCING)?))
    }),
    claim(TABLE_6, "without balancing losses the loss is worse", |runs| bits(runs, &BALANCING)),
    claim(ROLLER, "a balanced hash of tokens does at least as well as a learned Switch router", |runs| {
        let random = finding("random hash", "small-hash-random", Unit::Bits, runs.bits("small-hash-random"));
        Some(as_well(runs, &[("small-hash-balanced", "balanced hash"), ("small-switch-8", "Switch")])?.and(random))
    }),
    claim(FEDUS, "a larger capacity factor drops fewer tokens", |runs| {
        let factors =
            ["2", "1.25", "1", "0.5"].map(|factor| (format!("small-capacity-{factor}"), format!("factor {factor}")));
        let factors: Vec<(&str, &str)> = factors.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        Some(Test::trend(each(runs, Unit::Dropped, &factors)?).and(each(runs, Unit::Bits, &factors)?))
    })
    .but("judged by the drop rates’ line through all factors; the paper’s balanced experts drop less than 1 %; ours are not balanced after so few steps, and drop far more"),
    claim(FEDUS, "with a capacity factor of 1.25 few tokens are dropped, typically less than 1 %", |runs| {
        let dropped = each(runs, Unit::Dropped, &[("switch", "Switch")])?;
        let few = dropped.iter().map(|found| Comparison::within(found, 0.01)).collect();
        let gshard = each(runs, Unit::Dropped, &[("gshard", "GShard, factor 1, two choices")])?;
        Some(Test::of(dropped, few).and(gshard))
    })
    .but("a capacity is shared by 256 tokens of one text here, and so of one domain; in the paper by a large mixed batch"),
    claim("Shazeer et al. 2017; Lepikhin et al. 2020; Fedus et al. 2021", "more experts at the same cost of a token lower the loss", |runs| {
        let sizes = ["16", "8", "4", "2", "1"].map(|size| {
            (format!("small-switch-{size}"), format!("{size} expert{}", if size == "1" { "" } else { "s" }))
        });
        let sizes: Vec<(&str, &str)> = sizes.iter().map(|(preset, of)| (preset.as_str(), of.as_str())).collect();
        Some(Test::trend(each(runs, Unit::Bits, &sizes)?))
    })
    .but("judged by the line through all numbers of experts"),
    claim("Wang et al. 2024", "a bias balances better than a loss does, at no cost in quality", |runs| {
        let mut test = Test::rising(each(runs, Unit::MaxOverMean, &BIAS)?);
        let bits = as_well(runs, &BIAS)?;
        test.findings.extend(bits.findings);
        test.comparisons.extend(bits.comparisons);
        let fast = "small-loss-free-fast";
        Some(test.and(finding("bias, ten times faster", fast, Unit::MaxOverMean, runs.max_over_mean(fast))))
    })
    .but(
        "not like for like: the bias goes with sigmoid scores and the loss with softmax scores, so more than the balancing differs",
    ),
    claim(LEWIS, "balanced assignment is exactly even", |runs| {
        let assigned = runs.measure("small-base", |run| run.result.measured.published_max_over_mean);
        let assigned = finding("assigned", "small-base", Unit::MaxOverMean, assigned)?;
        let even = Comparison::within(&assigned, 1.01);
        Some(Test::of(vec![assigned], vec![even]))
    }),
    claim(LEWIS, "the greedy choice after training with balanced assignment is nearly even (below 1.5 here)", |runs| {
        let greedy = finding("greedy", "small-base", Unit::MaxOverMean, runs.max_over_mean("small-base"))?;
        let even = Comparison::within(&greedy, 1.5);
        let bits = finding("greedy", "small-base", Unit::Bits, runs.bits("small-base"));
        Some(Test::of(vec![greedy], vec![even]).and(bits))
    }),
    claim(LEWIS, "balanced assignment does at least as well as Switch at equal cost", |runs| {
        let large = each(runs, Unit::Bits, &[("base", "larger: BASE"), ("switch", "larger: Switch")])?;
        Some(as_well(runs, &[("small-base", "BASE"), ("small-switch-8", "Switch")])?.and(large))
    })
    .but("judged by the small models, which have three seeds; the larger ones have one, and their Switch drops tokens"),
    claim(ROLLER, "hashes rank: oracle, balanced, random, clustered, previous token, position", |runs| {
        let ranks = ["oracle", "balanced", "random", "clustered", "previous", "position"];
        let names = ranks.map(|kind| (format!("hash-{kind}"), kind));
        let pairs: Vec<(&str, &str)> = names.iter().map(|(preset, kind)| (preset.as_str(), *kind)).collect();
        let mut bits = each(runs, Unit::Bits, &pairs)?;
        // The oracle looks at the token to predict, in the paper too.
        *bits.first_mut()? = published(runs, "oracle", "hash-oracle")?;
        let dispersed = finding("dispersed", "hash-dispersed", Unit::Bits, runs.bits("hash-dispersed"));
        Some(Test::rising(bits).and(dispersed))
    }),
    claim(ROLLER, "sending similar tokens to the same expert is worse than sending them to different ones", |runs| {
        bits(runs, &[("hash-dispersed", "dispersed"), ("hash-clustered", "clustered")])
    }),
    claim(JACOBS, "a mixture of competing experts learns faster than one network of the same size", |runs| {
        let pair = [("small-jacobs-competitive", "competing"), ("small-switch-1", "one network")];
        let together = each(runs, Unit::OnTheWay, &[("small-jacobs", "learning together")])?;
        let larger = [("jacobs", "larger: learning together"), ("dense-active", "larger: one network")];
        Some(Test::rising(each(runs, Unit::OnTheWay, &pair)?).and(together).and(each(runs, Unit::Bits, &larger)?))
    })
    .but("our experts compete in the last layer only, where they have a target; the paper’s are whole networks"),
    claim(JACOBS, "experts that compete divide the cases among them; experts that learn together share every case", |runs| {
        let both = [("small-jacobs-competitive", "competing"), ("small-jacobs", "learning together")];
        Some(Test::rising(each(runs, Unit::Sharing, &both)?).and(each(runs, Unit::Bits, &both)?))
    })
    .but("our experts compete in the last layer only; of eight, so 8 is all"),
    claim("Jordan and Jacobs 1994", "a tree of gates learns faster than one network of the same size", |runs| {
        let pair = [("small-tree", "tree"), ("small-switch-1", "one network")];
        let larger = [("hierarchical-mixture", "larger: tree"), ("dense-active", "larger: one network")];
        Some(Test::rising(each(runs, Unit::OnTheWay, &pair)?).and(each(runs, Unit::Bits, &larger)?))
    })
    .but("the paper fits the tree by expectation and maximisation, here it learns by the gradient"),
    claim("Rosenbaum et al. 2017", "blocks chosen by task are more accurate than one network for all tasks", |runs| {
        bits(runs, &[("routing-networks", "routed by domain"), ("dense-active", "one network")])
    })
    .but("the routed model is told the domain of every text, the other is not"),
    claim("Zhou et al. 2022", "experts that choose learn faster than Switch and GShard", |runs| {
        let taken = published(runs, "expert choice", "expert-choice")?;
        let [gshard, switch] = [published(runs, "GShard", "gshard")?, finding("Switch", "switch", Unit::Bits, runs.bits("switch"))?];
        let faster = vec![Comparison::below(&taken, &gshard), Comparison::below(&taken, &switch)];
        let causal = finding("expert choice left to right", "expert-choice", Unit::Bits, runs.bits("expert-choice"));
        Some(Test::of(vec![taken, gshard, switch], faster).and(causal))
    })
    .but(
        "as published, where experts that choose see later tokens, and with them what has to be predicted; Switch holds more, GShard as much",
    ),
    claim("Puigcerver et al. 2023", "soft slots beat experts that choose, and tokens that choose", |runs| {
        let soft = published(runs, "soft", "soft-moe")?;
        let [experts, tokens] = [
            published(runs, "experts choose", "expert-choice")?,
            finding("tokens choose", "mixtral-small", Unit::Bits, runs.bits("mixtral-small"))?,
        ];
        let better = vec![Comparison::below(&soft, &experts), Comparison::below(&soft, &tokens)];
        Some(Test::of(vec![soft, experts, tokens], better))
    })
    .but("the paper’s models see images; as published the first two see later tokens, and soft slots cost more"),
    claim("Dai et al. 2024", "fine-grained and shared experts beat GShard’s at equal cost", |runs| {
        bits(runs, &[("deepseek", "fine and shared"), ("gshard", "GShard")])
    })
    .but(
        "our fine experts are routed as in DeepSeek-V3, by sigmoids and a bias; the paper’s by softmax, with balancing losses. GShard has a capacity",
    ),
    claim("Jiang et al. 2024", "which experts are asked does not follow the topic of the text", |runs| {
        Some(Test::as_well(each(runs, Unit::ByDomain, &TOPICS)?))
    })
    .but(TOPICS_BUT),
    claim("Muennighoff et al. 2024", "experts specialise in domains", |runs| {
        let mut findings = each(runs, Unit::ByDomain, &TOPICS)?;
        findings.reverse();
        Some(Test::rising(findings).and(each(runs, Unit::ByDomain, &[("deepseek", "16 fine experts"), ("gshard", "GShard")])?))
    })
    .but(TOPICS_BUT),
];
