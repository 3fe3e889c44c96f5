//! GShard's and Switch's routers: values and gradients against numpy in double precision
//! (tests/reference/capacity_fixture.py), and what a capacity means, over random inputs.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]

mod support;

use burn::module::Param;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use moescope::model::random::Random;
use moescope::model::{Cache, Compute, Input, ModelConfig, Transformer};
use moescope::router::{Carry, Context, Gshard, LossKind, Mode, Router, Routing, Settings, Switch};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use support::{floats, integers};

/// One set of inputs and what follows from them. `pull` weights the expert weights, so that their gradient can be seen.
#[derive(Deserialize)]
struct Case {
    method: String,
    mode: String,
    noise: u64,
    batch: usize,
    factor: f64,
    group: usize,
    capacity: usize,
    x: Vec<Vec<f64>>,
    gate: Vec<Vec<f64>>,
    pull: Vec<Vec<f64>>,
    logits: Vec<Vec<f64>>,
    probs: Vec<Vec<f64>>,
    experts: Vec<Vec<i64>>,
    weights: Vec<Vec<f64>>,
    dropped: Vec<Vec<i64>>,
    unused: Vec<Vec<i64>>,
    balance: f64,
    z: f64,
    balance_gradient: Vec<Vec<f64>>,
    z_gradient: Vec<Vec<f64>>,
    pulled_gradient: Vec<Vec<f64>>,
}

/// A router of either method.
enum Either {
    Gshard(Gshard),
    Switch(Switch),
}

impl Either {
    fn new(gshard: bool, gate: Tensor<2>, capacity_factor: f64, group: usize) -> Self {
        let gate = Param::from_tensor(gate);
        match gshard {
            true => Self::Gshard(Gshard { gate, capacity_factor, group }),
            false => Self::Switch(Switch { gate, capacity_factor, group, noise_scale: 1.0 }),
        }
    }

    fn top_k(&self) -> usize {
        if matches!(self, Self::Gshard(_)) { 2 } else { 1 }
    }

    fn gate(&self) -> Tensor<2> {
        match self {
            Self::Gshard(router) => router.gate.val(),
            Self::Switch(router) => router.gate.val(),
        }
    }

    fn route(&self, x: Tensor<2>, batch: usize, mode: Mode) -> Routing {
        match self {
            Self::Gshard(router) => support::route_in(router, x, 2, batch, mode),
            Self::Switch(router) => support::route_in(router, x, 1, batch, mode),
        }
    }

    /// The next tokens of one sequence.
    fn go_on(&self, x: Tensor<2>, start: usize, carry: &mut Carry) -> Routing {
        let ids = vec![0; x.dims()[0]];
        let previous = vec![None; ids.len()];
        let (top_k, mode, ids, previous, tasks) = (self.top_k(), Mode::Infer, &ids[..], &previous[..], &[][..]);
        let mut context = Context { top_k, batch: 1, start, block: 0, mode, ids, previous, tasks, carry };
        match self {
            Self::Gshard(router) => router.route(x, &mut context),
            Self::Switch(router) => router.route(x, &mut context),
        }
    }
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&support::text("capacity.json")).unwrap()
}

fn tensor(rows: &[Vec<f64>]) -> Tensor<2> {
    let values: Vec<f32> = rows.concat().iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, [rows.len(), rows[0].len()]), &Device::flex().autodiff())
}

fn route(case: &Case) -> (Either, Routing) {
    let mode = match case.mode.as_str() {
        "infer" => Mode::Infer,
        "published" => Mode::Published,
        _ => Mode::Train { noise: case.noise },
    };
    let router = Either::new(case.method == "gshard", tensor(&case.gate), case.factor, case.group);
    let routing = router.route(tensor(&case.x), case.batch, mode);
    (router, routing)
}

fn close<const D: usize>(ours: Tensor<D>, theirs: &[f64], what: &str) {
    let ours = floats(ours);
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((f64::from(*a) - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}, place {place}: {a}, numpy {b}");
    }
}

fn marks(mask: &Option<Tensor<2, Bool>>, len: usize) -> Vec<i64> {
    mask.clone().map_or(vec![0; len], |mask| integers(mask.int()))
}

fn loss(routing: &Routing, kind: LossKind) -> Option<Tensor<1>> {
    routing.losses.iter().find(|loss| loss.kind == kind).map(|loss| loss.value.clone())
}

#[test]
fn routes_as_the_formulas_say() {
    for (number, case) in cases().iter().enumerate() {
        let (_, routing) = route(case);
        let name = format!("case {number} ({} {})", case.method, case.mode);
        let entries = case.experts.concat().len();
        close(routing.logits, &case.logits.concat(), &format!("{name}: logits"));
        close(routing.probs, &case.probs.concat(), &format!("{name}: probs"));
        close(routing.weights, &case.weights.concat(), &format!("{name}: weights"));
        assert_eq!(integers(routing.experts), case.experts.concat(), "{name}: experts");
        assert_eq!(marks(&routing.dropped, entries), case.dropped.concat(), "{name}: dropped");
        assert_eq!(marks(&routing.unused, entries), case.unused.concat(), "{name}: unused");
        assert_eq!(routing.capacity, Some(case.capacity), "{name}: capacity");
    }
}

#[test]
fn losses_and_gradients_are_those_of_the_formulas() {
    for (number, case) in cases().iter().enumerate() {
        let name = format!("case {number} ({} {})", case.method, case.mode);
        let (_, routing) = route(case);
        let kinds: Vec<_> = routing.losses.iter().map(|loss| loss.kind).collect();
        let expected: &[LossKind] = match (case.mode.as_str(), case.method.as_str()) {
            ("train", "gshard") => &[LossKind::Balance],
            ("train", _) => &[LossKind::Balance, LossKind::Z],
            _ => &[],
        };
        assert_eq!(kinds, expected, "{name}");
        let check = |what: &str, value: &dyn Fn(&Routing) -> Option<Tensor<1>>, gradient: &[Vec<f64>]| {
            let (router, routing) = route(case);
            let Some(value) = value(&routing) else { return };
            let found = router.gate().grad(&value.backward()).unwrap();
            close(found, &gradient.concat(), &format!("{name}: gradient of {what}"));
        };
        if let Some(value) = loss(&routing, LossKind::Balance) {
            close(value, &[case.balance], &format!("{name}: balance"));
        }
        if let Some(value) = loss(&routing, LossKind::Z) {
            close(value, &[case.z], &format!("{name}: z"));
        }
        check("balance", &|routing| loss(routing, LossKind::Balance), &case.balance_gradient);
        check("z", &|routing| loss(routing, LossKind::Z), &case.z_gradient);
        check("weights", &|routing| Some((routing.weights.clone() * tensor(&case.pull)).sum()), &case.pulled_gradient);
    }
}

#[test]
fn the_fixture_shows_drops_in_all_modes_and_second_choices_that_come_first() {
    let turned = |case: &&Case| {
        case.experts.iter().zip(&case.probs).any(|(row, probs)| probs.iter().any(|&p| p > probs[row[0] as usize]))
    };
    for (method, mode) in [("switch", "infer"), ("switch", "train"), ("gshard", "infer"), ("gshard", "published")] {
        let all = cases();
        assert!(
            all.iter().any(|case| case.method == method && case.mode == mode && case.dropped.concat().contains(&1))
        );
        assert!(method == "switch" || all.iter().filter(|case| case.mode == mode).filter(turned).count() > 0, "{mode}");
    }
}

/// What one choice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Dropped,
    Unused,
}

/// A routing as plain numbers: for each token its choices in the order of the row.
struct Plain {
    rows: Vec<Vec<(i64, f32, Fate)>>,
    logits: Vec<Vec<f32>>,
    capacity: usize,
}

impl Plain {
    fn new(routing: Routing) -> Self {
        let ([_, k], [_, experts]) = (routing.experts.dims(), routing.logits.dims());
        let chosen = integers(routing.experts);
        let (dropped, unused) = (marks(&routing.dropped, chosen.len()), marks(&routing.unused, chosen.len()));
        let weights = floats(routing.weights);
        let entry = |at: usize| {
            let fate = match (dropped[at], unused[at]) {
                (0, 0) => Fate::Kept,
                (1, 0) => Fate::Dropped,
                (0, 1) => Fate::Unused,
                both => panic!("{both:?}"),
            };
            (chosen[at], weights[at], fate)
        };
        Self {
            rows: (0..chosen.len() / k).map(|t| (t * k..(t + 1) * k).map(entry).collect()).collect(),
            logits: floats(routing.logits).chunks(experts).map(<[f32]>::to_vec).collect(),
            capacity: routing.capacity.unwrap(),
        }
    }

    /// The choices (token, expert) with this fate.
    fn with(&self, fate: Fate) -> BTreeSet<(usize, i64)> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(t, row)| row.iter().filter(|entry| entry.2 == fate).map(move |entry| (t, entry.0))).collect()
    }

    /// Whether this is the token's first choice.
    fn first(&self, t: usize, expert: i64) -> bool {
        let best = self.logits[t].iter().copied().fold(f32::MIN, f32::max);
        self.logits[t][expert as usize] == best
    }
}

struct Sample {
    gshard: bool,
    x: Tensor<2>,
    gate: Tensor<2>,
    factor: f64,
    group: usize,
    batch: usize,
    len: usize,
    experts: usize,
    noise: u64,
}

fn normal(random: &mut Random, shape: [usize; 2], shift: f64) -> Tensor<2> {
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| (random.normal() + shift) as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn sample(random: &mut Random) -> Sample {
    let (experts, width) = (2 + random.below(6), 1 + random.below(5));
    let (batch, len) = (1 + random.below(3), 1 + random.below(20));
    Sample {
        gshard: random.below(2) == 0,
        x: normal(random, [batch * len, width], 0.5),
        gate: normal(random, [experts, width], 0.0),
        factor: 0.05 + random.uniform() * 2.0,
        group: 1 + random.below(12),
        batch,
        len,
        experts,
        noise: random.bits(),
    }
}

impl Sample {
    fn router(&self, factor: f64) -> Either {
        Either::new(self.gshard, self.gate.clone(), factor, self.group)
    }

    fn modes(&self) -> [Mode; 3] {
        [Mode::Infer, Mode::Published, Mode::Train { noise: self.noise }]
    }

    fn route(&self, factor: f64, mode: Mode) -> Plain {
        Plain::new(self.router(factor).route(self.x.clone(), self.batch, mode))
    }

    /// The group of a token: its sequence, and which one there.
    fn group_of(&self, t: usize) -> (usize, usize) {
        (t / self.len, t % self.len / self.group)
    }
}

#[test]
fn an_expert_takes_what_it_can_and_drops_the_overflow() {
    let mut random = Random::new(31);
    for _ in 0..300 {
        let sample = sample(&mut random);
        for mode in sample.modes() {
            let plain = sample.route(sample.factor, mode);
            let mut queues = BTreeMap::<_, (Vec<usize>, Vec<usize>)>::new();
            for &(t, expert) in &plain.with(Fate::Kept) {
                queues.entry((sample.group_of(t), expert)).or_default().0.push(t);
            }
            for &(t, expert) in &plain.with(Fate::Dropped) {
                queues.entry((sample.group_of(t), expert)).or_default().1.push(t);
            }
            for ((_, expert), (kept, dropped)) in queues {
                assert!(kept.len() <= plain.capacity);
                assert!(dropped.is_empty() || kept.len() == plain.capacity);
                // Who is kept came before who is dropped: by choice where all first choices come first, then by place.
                let ranked = sample.gshard && mode != Mode::Infer;
                let rank = |t: usize| (ranked && !plain.first(t, expert), t);
                let last = kept.iter().map(|&t| rank(t)).max();
                assert!(dropped.iter().all(|&t| Some(rank(t)) > last));
            }
        }
    }
}

#[test]
fn weights_are_those_of_the_convention() {
    let mut random = Random::new(32);
    for _ in 0..300 {
        let sample = sample(&mut random);
        for mode in sample.modes() {
            let plain = sample.route(sample.factor, mode);
            for (row, logits) in plain.rows.iter().zip(&plain.logits) {
                assert!(row.iter().all(|entry| (entry.2 == Fate::Kept) == (entry.1 > 0.0)), "{row:?}");
                assert!(row.is_sorted_by(|a, b| a.1 >= b.1), "{row:?}");
                let all: f32 = logits.iter().map(|logit| logit.exp()).sum();
                let of = |expert: i64| logits[expert as usize].exp();
                let two: f32 = row.iter().map(|entry| of(entry.0)).sum();
                for entry in row.iter().filter(|entry| entry.2 == Fate::Kept) {
                    let expected = of(entry.0) / if sample.gshard { two } else { all };
                    assert!((entry.1 - expected).abs() < 1e-5, "{row:?}, {expected}");
                }
            }
        }
    }
}

#[test]
fn only_random_routing_leaves_choices_out() {
    let mut random = Random::new(33);
    let mut left_out = 0;
    for _ in 0..200 {
        let sample = sample(&mut random);
        for mode in sample.modes() {
            let plain = sample.route(sample.factor, mode);
            let unused = plain.with(Fate::Unused);
            assert!(unused.is_empty() || (sample.gshard && matches!(mode, Mode::Train { .. })));
            assert!(unused.iter().all(|&(t, expert)| !plain.first(t, expert)));
            left_out += unused.len();
        }
    }
    assert!(left_out > 100, "{left_out}");
}

#[test]
fn with_room_for_all_nothing_is_dropped_and_less_room_drops_more() {
    let mut random = Random::new(34);
    for _ in 0..150 {
        let sample = sample(&mut random);
        for mode in sample.modes() {
            let mut before = None;
            for factor in [0.1, 0.5, 0.9, 1.3, 1.7, sample.experts as f64] {
                let dropped = sample.route(factor, mode).with(Fate::Dropped);
                assert!(before.is_none_or(|before: BTreeSet<_>| before.is_superset(&dropped)));
                before = Some(dropped);
            }
            assert!(before.unwrap().is_empty());
        }
    }
}

#[test]
fn inference_does_not_see_later_tokens_and_the_published_gshard_does() {
    let mut random = Random::new(35);
    let mut changed = 0;
    for _ in 0..300 {
        let sample = sample(&mut random);
        let (len, [_, width]) = (sample.len, sample.x.dims());
        let keep = random.below(len + 1);
        let x = sample.x.clone().narrow(0, 0, len);
        let other = match keep {
            0 => normal(&mut random, [len, width], 0.5),
            _ if keep == len => x.clone(),
            _ => Tensor::cat(vec![x.clone().narrow(0, 0, keep), normal(&mut random, [len - keep, width], 0.5)], 0),
        };
        let router = sample.router(sample.factor);
        for mode in [Mode::Infer, Mode::Published] {
            let [a, b] = [&x, &other].map(|x| Plain::new(router.route(x.clone(), 1, mode)).rows[..keep].to_vec());
            match mode == Mode::Infer || !sample.gshard {
                true => assert_eq!(a, b),
                false => changed += usize::from(a != b),
            }
        }
    }
    assert!(changed > 0);
}

#[test]
fn a_sequence_in_pieces_is_routed_as_the_whole() {
    let mut random = Random::new(36);
    for _ in 0..300 {
        let sample = sample(&mut random);
        let x = sample.x.clone().narrow(0, 0, sample.len);
        let router = sample.router(sample.factor);
        let whole = Plain::new(router.route(x.clone(), 1, Mode::Infer));
        let (mut carry, mut at) = (Carry::default(), 0);
        while at < sample.len {
            let new = 1 + random.below((sample.len - at).min(7));
            let piece = Plain::new(router.go_on(x.clone().narrow(0, at, new), at, &mut carry));
            for (row, other) in piece.rows.iter().zip(&whole.rows[at..at + new]) {
                assert!(row.iter().zip(other).all(|(a, b)| (a.0, a.2) == (b.0, b.2) && (a.1 - b.1).abs() < 1e-6));
            }
            at += new;
            if random.below(4) == 0 {
                at = random.below(at + 1);
                carry.truncate(at);
            }
        }
    }
}

#[test]
fn sequences_of_a_batch_do_not_meet() {
    let mut random = Random::new(37);
    for _ in 0..150 {
        let sample = sample(&mut random);
        for mode in [Mode::Infer, Mode::Published] {
            let together = sample.route(sample.factor, mode);
            for sequence in 0..sample.batch {
                let x = sample.x.clone().narrow(0, sequence * sample.len, sample.len);
                let alone = Plain::new(sample.router(sample.factor).route(x, 1, mode));
                let ours = &together.rows[sequence * sample.len..(sequence + 1) * sample.len];
                for (a, b) in ours.iter().flatten().zip(alone.rows.iter().flatten()) {
                    assert!((a.0, a.2) == (b.0, b.2) && (a.1 - b.1).abs() < 1e-6);
                }
            }
        }
    }
}

#[test]
fn renumbered_experts_get_the_same_tokens() {
    let mut random = Random::new(38);
    for _ in 0..150 {
        let sample = sample(&mut random);
        let mut order: Vec<i64> = (0..sample.experts as i64).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, random.below(last + 1));
        }
        let rows = Tensor::<1, Int>::from_data(TensorData::new(order.clone(), [order.len()]), &Device::flex());
        let renumbered = Sample { gate: sample.gate.clone().select(0, rows), x: sample.x.clone(), ..sample };
        for mode in sample.modes() {
            let (a, b) = (sample.route(sample.factor, mode), renumbered.route(sample.factor, mode));
            for (a, b) in a.rows.iter().flatten().zip(b.rows.iter().flatten()) {
                assert!((a.0, a.2) == (order[b.0 as usize], b.2) && (a.1 - b.1).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn equal_scores_go_to_the_lower_number_first() {
    let gate = Tensor::zeros([4, 3], &Device::flex());
    let x = normal(&mut Random::new(39), [8, 3], 0.0);
    // Groups of 4 and a capacity of ceil(1 * 4 / 4) = 1 or ceil(2 * 4 / 4) = 2: the first of each group are kept.
    for (gshard, experts, capacity) in [(false, vec![0], 1), (true, vec![0, 1], 2)] {
        for mode in [Mode::Infer, Mode::Published, Mode::Train { noise: 5 }] {
            let plain = Plain::new(Either::new(gshard, gate.clone(), 1.0, 4).route(x.clone(), 1, mode));
            for (t, row) in plain.rows.iter().enumerate() {
                let fate = if t % 4 < capacity { Fate::Kept } else { Fate::Dropped };
                assert_eq!(row.iter().map(|entry| entry.0).collect::<Vec<_>>(), experts, "{mode:?}, token {t}");
                assert!(row.iter().all(|entry| entry.2 == fate), "{mode:?}, token {t}");
            }
        }
    }
}

#[test]
fn a_second_expert_is_tried_as_often_as_twice_its_weight() {
    let mut random = Random::new(40);
    let (x, gate) = (normal(&mut random, [4000, 4], 0.0), normal(&mut random, [6, 4], 0.0));
    let router = Either::new(true, gate, 6.0, 4000);
    let all = Plain::new(router.route(x.clone(), 1, Mode::Infer));
    let expected: f32 = all.rows.iter().map(|row| 2.0 * row[1].1).sum::<f32>() / 4000.0;
    let train = |noise| Plain::new(router.route(x.clone(), 1, Mode::Train { noise })).with(Fate::Unused);
    let tried = 1.0 - train(7).len() as f32 / 4000.0;
    assert!(expected > 0.2 && expected < 0.8 && (tried - expected).abs() < 0.03, "{tried}, expected {expected}");
    assert_eq!(train(7), train(7));
    assert_ne!(train(7), train(8));
}

#[test]
fn jitter_moves_what_the_switch_router_reads_by_a_hundredth_and_only_in_training() {
    let mut random = Random::new(41);
    let (x, gate) = (normal(&mut random, [50, 6], 0.0), normal(&mut random, [5, 6], 0.0));
    let router = Either::new(false, gate.clone(), 1.0, 50);
    let logits = |mode| floats(router.route(x.clone(), 1, mode).logits);
    let calm = logits(Mode::Infer);
    assert_eq!(calm, logits(Mode::Published));
    let shaken = logits(Mode::Train { noise: 3 });
    assert_eq!(shaken, logits(Mode::Train { noise: 3 }));
    assert_ne!(shaken, logits(Mode::Train { noise: 4 }));
    let bound = floats(x.clone().abs().matmul(gate.abs().swap_dims(0, 1)));
    let moved: Vec<f32> = calm.iter().zip(&shaken).map(|(a, b)| (a - b).abs()).collect();
    assert!(moved.iter().zip(&bound).all(|(moved, bound)| *moved <= 0.01 * bound + 1e-5));
    assert!(moved.iter().sum::<f32>() > 0.002 * bound.iter().sum::<f32>());
}

fn model(method: &str, top_k: usize) -> (Transformer, ModelConfig) {
    let json = format!(
        r#"{{"model_type": "moescope", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 8, "num_hidden_layers": 3,
            "num_attention_heads": 2, "num_key_value_heads": 2, "num_local_experts": 4, "num_experts_per_tok": {top_k},
            "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "sliding_window": 32, "max_position_embeddings": 256,
            "tie_word_embeddings": true, "router": {{"method": "{method}", "capacity_factor": 0.75, "group": 7}}}}"#
    );
    let config = ModelConfig::from_json(&json).unwrap();
    (Transformer::init(&config, 3, &Device::flex()).unwrap(), config)
}

#[test]
fn a_model_reads_a_text_in_pieces_as_it_reads_the_whole() {
    for (method, top_k) in [("switch", 1), ("gshard", 2)] {
        let (model, config) = model(method, top_k);
        let mut random = Random::new(42);
        let ids: Vec<u32> = (0..31).map(|_| random.below(40) as u32).collect();
        let forward = model.forward(&Input::new(ids.clone(), 1), &config, Compute::Sparse);
        let whole: Vec<Plain> = forward.routings.into_iter().map(Plain::new).collect();
        assert!(whole.iter().any(|layer| !layer.with(Fate::Dropped).is_empty()), "{method}");
        for longest in [1, 3, 8, 31] {
            let (mut cache, mut at) = (Cache::new(3), 0);
            let mut cut = false;
            while at < ids.len() {
                let end = ids.len().min(at + 1 + random.below(longest));
                let forward = model.extend(&ids[at..end], &mut cache, &config, Compute::Sparse);
                for (layer, piece) in whole.iter().zip(forward.routings.into_iter().map(Plain::new)) {
                    for (a, b) in piece.rows.iter().flatten().zip(layer.rows[at..end].iter().flatten()) {
                        assert_eq!((a.0, a.2), (b.0, b.2), "{method}, from {at}");
                        assert!((a.1 - b.1).abs() < 1e-5, "{method}, from {at}: {} {}", a.1, b.1);
                    }
                }
                at = end;
                if at > 17 && !cut {
                    (at, cut) = (12, true);
                    cache.truncate(at);
                }
            }
        }
    }
}

#[test]
fn constants_that_make_no_sense_are_refused() {
    let refused = |capacity_factor: f64, group: usize| {
        let gshard = Settings::Gshard { capacity_factor, group }.check(4, 2);
        let switch = Settings::Switch { capacity_factor, group }.check(4, 1);
        assert_eq!(gshard.is_err(), switch.is_err());
        gshard.and(switch).is_err_and(|message| message.contains("capacity_factor"))
    };
    assert!(refused(0.0, 8) && refused(-1.0, 8) && refused(f64::NAN, 8) && refused(4.1, 8) && refused(1.0, 0));
    assert!(!refused(0.01, 1) && !refused(4.0, 8));
    assert!(Settings::Gshard { capacity_factor: 1.0, group: 8 }.check(4, 1).is_err());
    assert!(Settings::Switch { capacity_factor: 1.0, group: 8 }.check(4, 2).is_err());
}
