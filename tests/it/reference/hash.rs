//! Hash layers and their tables against numpy (tests/reference/hash_fixture.py).

use crate::support;
use crate::support::{chunks, floats, integers};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use moescope::model::{Compute, Input, ModelError};
use moescope::random::Random;
use moescope::router::{
    Carry, Context, Gate, Hash, HashKind, HashSettings, Init, Mode, RouterConfig, RouterShape, Routing, WeightSource,
};
use serde::Deserialize;
use std::collections::BTreeMap;

const KINDS: [HashKind; 7] = [
    HashKind::Random,
    HashKind::Balanced,
    HashKind::Clustered,
    HashKind::Dispersed,
    HashKind::Previous,
    HashKind::Position,
    HashKind::Oracle,
];
const MODES: [Mode; 3] = [Mode::Infer, Mode::Published, Mode::Train { noise: 3 }];

#[derive(Deserialize)]
struct Fixture {
    experts_in_all: usize,
    batch: usize,
    ids: Vec<u32>,
    counts: Vec<u64>,
    width: usize,
    embeddings: Vec<f32>,
    balanced: Vec<u16>,
    clustered: Vec<u16>,
    dispersed: Vec<u16>,
    /// Each token's expert by kind, as published.
    experts: BTreeMap<String, Vec<i64>>,
}

fn fixture() -> Fixture {
    serde_json::from_str(&support::text("hash.json")).unwrap()
}

/// Gives the values it holds, or else what a new model begins with.
struct Values(Option<Vec<f32>>);

impl WeightSource for Values {
    fn matrix(&mut self, name: &str, _: [usize; 2], _: Init) -> Result<Param<Tensor<2>>, ModelError> {
        panic!("a hash layer asked for the matrix {name}")
    }

    fn vector(&mut self, name: &str, len: usize, init: Init) -> Result<Param<Tensor<1>>, ModelError> {
        assert_eq!(name, "table");
        let Init::Constant(value) = init else { panic!("{init:?}") };
        let values = self.0.clone().unwrap_or(vec![value as f32; len]);
        Ok(Param::from_tensor(Tensor::from_data(TensorData::new(values, [len]), &Device::flex())))
    }
}

fn router(kind: HashKind, experts: usize, vocabulary: usize, values: Option<Vec<f32>>) -> Hash {
    let shape = RouterShape { experts, width: 3, vocabulary, top_k: 1, block: 0 };
    match RouterConfig::Hash(HashSettings { kind }).build(shape, &mut Values(values)).unwrap() {
        Gate::Hash(hash) => hash,
        other => panic!("{other:?}"),
    }
}

fn route(router: &Hash, ids: &[u32], batch: usize, mode: Mode) -> Routing {
    let len = ids.len() / batch;
    let previous: Vec<Option<u32>> =
        (0..ids.len()).map(|at| if at % len == 0 { None } else { Some(ids[at - 1]) }).collect();
    let mut carry = Carry::default();
    let (previous, tasks) = (&previous[..], &[][..]);
    let mut context = Context { top_k: 1, batch, start: 0, block: 0, mode, ids, previous, tasks, carry: &mut carry };
    Gate::Hash(router.clone()).route(Tensor::ones([ids.len(), 3], &Device::flex()), &mut context)
}

fn named(kind: HashKind) -> String {
    serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_kind_chooses_as_the_paper_says() {
    let fixture = fixture();
    for kind in KINDS {
        let router = router(kind, fixture.experts_in_all, fixture.counts.len(), None);
        let router = match kind {
            HashKind::Balanced => router.with_table(&fixture.balanced),
            HashKind::Clustered => router.with_table(&fixture.clustered),
            HashKind::Dispersed => router.with_table(&fixture.dispersed),
            _ => router,
        };
        for mode in MODES {
            let routing = route(&router, &fixture.ids, fixture.batch, mode);
            let causal_oracle = kind == HashKind::Oracle && mode == Mode::Infer;
            let expected = &fixture.experts[&if causal_oracle { "random".to_owned() } else { named(kind) }];
            let what = format!("{kind:?}, {mode:?}");
            assert_eq!(&integers(routing.experts), expected, "{what}");
            assert!(floats(routing.weights).iter().all(|&weight| weight == 1.0), "{what}");
            assert!(floats(routing.logits).iter().all(|&logit| logit == 0.0), "{what}");
            let one_hot = expected.iter().flat_map(|&own| (0..4).map(move |expert| f32::from(u8::from(expert == own))));
            assert_eq!(floats(routing.probs), one_hot.collect::<Vec<_>>(), "{what}");
            assert!(routing.losses.is_empty(), "{what}");
        }
    }
}

#[test]
fn the_same_token_has_the_same_expert_everywhere() {
    let mut random = Random::new(1);
    for kind in [HashKind::Random, HashKind::Balanced, HashKind::Clustered, HashKind::Dispersed] {
        let table: Vec<u16> = (0..40).map(|_| random.below(6) as u16).collect();
        let router = router(kind, 6, 40, None).with_table(&table);
        for _ in 0..2000 {
            let batch = 1 + random.below(4);
            let ids: Vec<u32> = (0..batch * (1 + random.below(9))).map(|_| random.below(40) as u32).collect();
            for mode in MODES {
                let experts = integers(route(&router, &ids, batch, mode).experts);
                assert!(experts.iter().zip(&ids).all(|(&expert, &id)| expert == i64::from(table[id as usize])));
            }
        }
    }
}

#[test]
fn a_table_from_a_file_is_kept_and_cannot_name_a_missing_expert() {
    let stored = router(HashKind::Random, 3, 5, Some(vec![2.0, 1.0, 0.0, 9.0, 1.0]));
    assert_eq!(integers(route(&stored, &[0, 1, 2, 3, 4], 1, Mode::Infer).experts), [2, 1, 0, 2, 1]);
    let weights = Gate::Hash(stored).weights();
    assert_eq!((weights[0].0, &weights[0].1[..]), ("table", &[5][..]));
    assert!(Gate::Hash(router(HashKind::Position, 3, 5, None)).weights().is_empty());
}

#[test]
fn the_hash_spreads_tokens_and_places_evenly() {
    // 8 equally likely experts, 4000 draws: 500 each, with a standard deviation of 21.
    for kind in [HashKind::Random, HashKind::Position] {
        let ids: Vec<u32> = (0..4000).collect();
        let mut loads = [0; 8];
        integers(route(&router(kind, 8, 4000, None), &ids, 1, Mode::Infer).experts)
            .iter()
            .for_each(|&expert| loads[expert as usize] += 1);
        assert!(loads.iter().all(|load| (400..600).contains(load)), "{kind:?}: {loads:?}");
    }
}

#[test]
fn permuting_the_experts_permutes_the_answer() {
    let order = [2_u16, 0, 3, 1];
    let fixture = fixture();
    let turned: Vec<u16> = fixture.balanced.iter().map(|&expert| order[usize::from(expert)]).collect();
    let one = router(HashKind::Balanced, 4, 60, None).with_table(&fixture.balanced);
    let experts = |router: &Hash| integers(route(router, &fixture.ids, fixture.batch, Mode::Infer).experts);
    let expected: Vec<i64> = experts(&one).iter().map(|&expert| i64::from(order[expert as usize])).collect();
    let mut router = one.with_table(&turned);
    assert_eq!(experts(&router), expected);

    let mut random = Random::new(29);
    for _ in 0..2000 {
        let table: Vec<u16> = (0..60).map(|_| random.below(4) as u16).collect();
        let turned: Vec<u16> = table.iter().map(|&expert| order[usize::from(expert)]).collect();
        let ids: Vec<u32> = (0..12).map(|_| random.below(60) as u32).collect();
        let mut named = |table: &[u16]| {
            router = router.clone().with_table(table);
            integers(route(&router, &ids, 2, Mode::Infer).experts)
        };
        let expected: Vec<i64> = named(&table).iter().map(|&expert| i64::from(order[expert as usize])).collect();
        assert_eq!(named(&turned), expected);
    }
}

#[test]
fn inference_is_causal_and_the_same_in_pieces() {
    for kind in KINDS {
        chunks::causal_and_chunked(&format!(r#"{{"method":"hash","kind":"{}"}}"#, named(kind)), 4, &[]);
    }
}

#[test]
fn only_the_oracle_looks_ahead() {
    let mut random = Random::new(5);
    for kind in KINDS {
        let (config, model) = chunks::tiny(&format!(r#"{{"method":"hash","kind":"{}"}}"#, named(kind)), 4, 1);
        let mut changed = false;
        for _ in 0..20 {
            let ids = chunks::ids(&mut random, 8);
            let mut other = ids.clone();
            other[7] = (other[7] + 1 + random.below(40) as u32) % chunks::VOCABULARY;
            let before = |ids: Vec<u32>| {
                let input = Input { mode: Mode::Published, ..Input::new(ids, 1) };
                let routing = model.forward(&input, &config, Compute::Sparse).routings.remove(0);
                integers(routing.experts)[..7].to_vec()
            };
            changed |= before(ids) != before(other);
        }
        assert_eq!(changed, kind == HashKind::Oracle, "{kind:?}");
    }
}

#[cfg(feature = "cli")]
mod tables {
    use super::{Fixture, fixture, floats};
    use crate::support::chunks::tiny;
    use moescope::model::Transformer;
    use moescope::random::Random;
    use moescope::router::{Gate, HashKind, RouterConfig};
    use moescope::train::corpus::Domain;
    use moescope::train::hash_tables::{balanced, clustered, counts, dispersed, prepare};
    use moescope::train::optimizer;
    use moescope::train::preset::ModelPreset;
    use moescope::train::run::{Plan, TrainingRun};
    use std::path::Path;

    fn loads(table: &[u16], counts: &[u64], experts: usize) -> Vec<u64> {
        let of = |expert| table.iter().zip(counts).filter(move |&(&own, _)| usize::from(own) == expert);
        (0..experts).map(|expert| of(expert).map(|(_, &count)| count).sum()).collect()
    }

    fn tables(model: &Transformer) -> Vec<Vec<f32>> {
        let table = |gate: &Gate| match gate {
            Gate::Hash(hash) => hash.table.as_ref().map(|table| floats(table.val())).unwrap_or_default(),
            other => panic!("{other:?}"),
        };
        model.blocks.iter().map(|block| table(&block.router)).collect()
    }

    #[test]
    fn tables_are_those_of_the_reference() {
        let Fixture { experts_in_all, counts, width, embeddings, .. } = fixture();
        let clusters = clustered(&embeddings, width, &counts, experts_in_all);
        assert_eq!(balanced(&counts, experts_in_all), fixture().balanced);
        assert_eq!(clusters, fixture().clustered);
        assert_eq!(dispersed(&clusters, &counts, experts_in_all), fixture().dispersed);
    }

    #[test]
    fn a_balanced_table_is_as_even_as_its_last_token() {
        // The fullest expert got its last token when it was the emptiest.
        let mut random = Random::new(6);
        for _ in 0..2000 {
            let (tokens, experts) = (1 + random.below(60), 1 + random.below(8));
            let counts: Vec<u64> = (0..tokens).map(|_| random.below(1000) as u64).collect();
            let loads = loads(&balanced(&counts, experts), &counts, experts);
            let (most, least) = (loads.iter().max().unwrap(), loads.iter().min().unwrap());
            assert!(most - least <= *counts.iter().max().unwrap(), "{loads:?}");
            assert_eq!(loads.iter().sum::<u64>(), counts.iter().sum::<u64>());
        }
    }

    #[test]
    fn a_dispersed_table_spreads_every_cluster() {
        let mut random = Random::new(7);
        for _ in 0..2000 {
            let (tokens, experts) = (1 + random.below(80), 1 + random.below(8));
            let counts: Vec<u64> = (0..tokens).map(|_| random.below(1000) as u64).collect();
            let clusters: Vec<u16> = (0..tokens).map(|_| random.below(5) as u16).collect();
            let table = dispersed(&clusters, &counts, experts);
            for cluster in 0..5 {
                let mut sizes = vec![0; experts];
                let members = table.iter().zip(&clusters).filter(|&(_, &own)| own == cluster);
                members.for_each(|(&expert, _)| sizes[usize::from(expert)] += 1);
                assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
            }
        }
    }

    #[test]
    fn far_clusters_are_found() {
        // Token t lies near corner t mod 4 of a large square; the four most frequent lie in different corners.
        let mut random = Random::new(8);
        let corner = |t: usize| [(t % 4 / 2) as f64 * 20.0, (t % 2) as f64 * 20.0];
        let embeddings: Vec<f32> = (0..80).flat_map(corner).map(|value| (value + random.normal()) as f32).collect();
        let counts: Vec<u64> = (0..80).map(|t| 100 - t).collect();
        let table = clustered(&embeddings, 2, &counts, 4);
        assert!((0..80).all(|t| usize::from(table[t]) == t % 4), "{table:?}");
    }

    #[test]
    fn domains_weigh_the_same_in_the_counts() {
        let domain = |ids: Vec<u16>| Domain { name: "d".to_owned(), bytes: ids.len(), ids };
        let counts = counts(&[domain(vec![0; 30]), domain(vec![1, 1, 2, 7])], 4);
        assert_eq!(counts, [500_000_000, 250_000_000, 125_000_000, 0]);
    }

    #[test]
    fn every_block_gets_the_table_and_missing_embeddings_are_named() {
        let counts: Vec<u64> = (0..50).map(|id| id % 7).collect();
        let mut random = Random::new(9);
        let embeddings: Vec<f32> = (0..100).map(|_| random.normal() as f32).collect();
        let clusters = clustered(&embeddings, 2, &counts, 4);
        for (kind, name, table) in [
            (HashKind::Balanced, "balanced", balanced(&counts, 4)),
            (HashKind::Clustered, "clustered", clusters.clone()),
            (HashKind::Dispersed, "dispersed", dispersed(&clusters, &counts, 4)),
        ] {
            let model = || tiny(&format!(r#"{{"method":"hash","kind":"{name}"}}"#), 4, 1).1;
            let settings = RouterConfig::Hash(moescope::router::HashSettings { kind });
            let full = prepare(model(), &settings, &counts, Some((2, &embeddings))).unwrap();
            let table: Vec<f32> = table.iter().map(|&expert| f32::from(expert)).collect();
            assert_eq!(tables(&full), [table.clone(), table], "{kind:?}");
            if kind != HashKind::Balanced {
                let missing = prepare(model(), &settings, &counts, None).unwrap_err().to_string();
                assert!(missing.contains("--embeddings"), "{missing}");
                let short = prepare(model(), &settings, &counts, Some((2, &embeddings[2..]))).unwrap_err();
                assert!(short.to_string().contains("98 numbers"), "{short}");
            }
        }
    }

    #[test]
    fn training_begins_with_the_table_and_leaves_it_alone() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hash-balanced");
        let _ = std::fs::remove_dir_all(&folder);
        let ids: Vec<u16> = (0..600_u32).map(|n| (n * n % 37) as u16).collect();
        let data = [Domain { name: "squares".to_owned(), bytes: ids.len(), ids }];
        let preset = ModelPreset::named("hash-balanced").unwrap();
        let plan = Plan {
            seed: 3,
            steps: 2,
            batch: 2,
            len: 16,
            optimizer: optimizer::OptimizerSettings { muon_lr: 0.02, adam_lr: 0.004, weight_decay: 0.05 },
            warmup: 1,
            decay: 0.5,
            coefficients: preset.coefficients,
            preset,
            every: 100,
            eval_tokens: 48,
            final_tokens: usize::MAX,
            embeddings: None,
            folder,
        };
        let mut run = TrainingRun::open(&plan, 40, 0, &data).unwrap();
        let expected: Vec<f32> = balanced(&counts(&data, 40), 8).iter().map(|&expert| f32::from(expert)).collect();
        assert!(tables(&run.model).iter().all(|table| *table == expected));
        run.train(&plan, &data, &data, &|| false, &mut |_| Ok(())).unwrap();
        assert!(tables(&run.model).iter().all(|table| *table == expected));
        let resumed = TrainingRun::open(&plan, 40, 0, &data).unwrap();
        assert!(tables(&resumed.model).iter().all(|table| *table == expected));
    }
}
