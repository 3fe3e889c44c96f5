//! What a capacity means, for GShard's and Switch's routers over random inputs.

use crate::support::capacity::{Either, Fate, Plain};
use crate::support::floats;
use burn::tensor::{Device, Int, Tensor, TensorData};
use moescope::model::{Cache, Compute, Input, ModelConfig, Transformer};
use moescope::random::Random;
use moescope::router::{Carry, Mode};
use std::collections::{BTreeMap, BTreeSet};

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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
    for _ in 0..2000 {
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
