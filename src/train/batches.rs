//! Which tokens a training step sees.
//!
//! Every domain is cut into windows; sequence `n` of the run belongs to domain `n mod domains` and takes that domain's
//! windows in an order shuffled anew for every pass. So the domains weigh the same, no window comes twice before all
//! came once, and a step's batch follows from its number.

use super::domain::Domain;
use crate::random::Random;

/// A batch: inputs and targets, [batch * len] each, where a target is the input's successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Token ids.
    pub inputs: Vec<u32>,
    /// The tokens that follow them.
    pub targets: Vec<i32>,
    /// Each sequence's domain, [batch].
    pub domains: Vec<usize>,
}

/// The batch of step `step`: `batch` sequences of `len` tokens.
pub fn batch(domains: &[Domain], step: usize, batch: usize, len: usize, seed: u64) -> Batch {
    let (mut inputs, mut targets) = (Vec::with_capacity(batch * len), Vec::with_capacity(batch * len));
    let mut numbers = Vec::with_capacity(batch);
    for sequence in step * batch..(step + 1) * batch {
        let number = sequence % domains.len();
        let ids = &domains[number].ids;
        let start = window(ids.len(), len, sequence / domains.len(), seed.wrapping_add(number as u64));
        let at = |offset: usize| ids[(start + offset) % ids.len()];
        inputs.extend((0..len).map(|offset| u32::from(at(offset))));
        targets.extend((1..=len).map(|offset| i32::from(at(offset))));
        numbers.push(number);
    }
    Batch { inputs, targets, domains: numbers }
}

/// Where the `turn`-th window of a domain begins.
fn window(tokens: usize, len: usize, turn: usize, seed: u64) -> usize {
    let windows = ((tokens - 1) / len).max(1);
    let (pass, place) = (turn / windows, turn % windows);
    let mut random = Random::new(seed ^ (pass as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
    let offset = random.below(tokens);
    (permuted(place, windows, random.bits()) * len + offset) % tokens
}

/// The image of `place` under a permutation of `0..n` that `key` determines: a four-round Feistel network on the next
/// power of four, walked until it lands inside.
fn permuted(place: usize, n: usize, key: u64) -> usize {
    let bits = (usize::BITS - (n - 1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1_usize << bits) - 1;
    let mut value = place;
    loop {
        let (mut left, mut right) = (value >> bits, value & mask);
        for round in 0..4_u64 {
            let mixed = Random::new(key ^ (round << 56) ^ right as u64).bits() as usize & mask;
            (left, right) = (right, left ^ mixed);
        }
        value = left << bits | right;
        if value < n {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{batch, permuted};
    use crate::train::domain::Domain;

    #[test]
    fn permutations_are_permutations() {
        for n in [1, 2, 3, 10, 64, 1000] {
            let mut seen: Vec<usize> = (0..n).map(|place| permuted(place, n, 7)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_pass_sees_every_token_once() {
        let ids: Vec<u16> = (0..401).collect();
        let domains = [Domain { name: "numbers".into(), ids, bytes: 0 }];
        let mut seen: Vec<u32> = (0..10).flat_map(|step| batch(&domains, step, 4, 10, 3).inputs).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 400);
        let first = batch(&domains, 0, 4, 10, 3);
        assert!(first.inputs.iter().zip(&first.targets).all(|(a, b)| i32::try_from((a + 1) % 401) == Ok(*b)));
        assert_eq!(first, batch(&domains, 0, 4, 10, 3));
        assert_ne!(first, batch(&domains, 0, 4, 10, 4));
    }
}
