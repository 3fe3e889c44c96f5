//! Byte-pair encoding of one piece: merge the pair of the lowest rank, the leftmost first, until no pair is left.
//!
//! Short pieces, which nearly all are, are scanned; long ones (a line of a thousand letters) go through a heap, so that
//! the time stays near linear.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// Up to this many bytes a scan is faster than a heap.
const SCAN_LIMIT: usize = 48;

/// A rank that no merge has.
const NONE: u32 = u32::MAX;

/// The merges of a tokenizer by the pair they join.
#[derive(Clone, Debug, Default)]
pub(super) struct Merges {
    by_pair: HashMap<u64, Merge, BuildHasherDefault<PairHasher>>,
    /// The pairs in the order of their ranks.
    pairs: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Merge {
    rank: u32,
    joined: u32,
}

impl Merges {
    /// Adds the merge of the next rank; false if the pair has one already.
    pub(super) fn push(&mut self, left: u32, right: u32, joined: u32) -> bool {
        let Ok(rank) = u32::try_from(self.pairs.len()) else { return false };
        if self.by_pair.contains_key(&key(left, right)) {
            return false;
        }
        self.by_pair.insert(key(left, right), Merge { rank, joined });
        self.pairs.push((left, right));
        true
    }

    /// The pairs in the order of their ranks.
    pub(super) fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }

    fn rank(&self, left: u32, right: u32) -> u32 {
        self.by_pair.get(&key(left, right)).map_or(NONE, |merge| merge.rank)
    }

    fn joined(&self, left: u32, right: u32) -> Option<u32> {
        self.by_pair.get(&key(left, right)).map(|merge| merge.joined)
    }

    /// Merges the tokens of a piece in place.
    pub(super) fn apply(&self, ids: &mut Vec<u32>) {
        if ids.len() <= SCAN_LIMIT {
            self.apply_by_scan(ids);
        } else {
            self.apply_by_heap(ids);
        }
    }

    fn apply_by_scan(&self, ids: &mut Vec<u32>) {
        let mut ranks: Vec<u32> = ids.windows(2).map(|pair| self.rank(pair[0], pair[1])).collect();
        loop {
            let lowest = ranks.iter().enumerate().min_by_key(|&(_, &rank)| rank);
            let Some((at, _)) = lowest.filter(|&(_, &rank)| rank != NONE) else { return };
            let Some(joined) = self.joined(ids[at], ids[at + 1]) else { return };
            ids[at] = joined;
            ids.remove(at + 1);
            ranks.remove(at);
            if at < ranks.len() {
                ranks[at] = self.rank(joined, ids[at + 1]);
            }
            if at > 0 {
                ranks[at - 1] = self.rank(ids[at - 1], joined);
            }
        }
    }

    fn apply_by_heap(&self, ids: &mut Vec<u32>) {
        let end = ids.len();
        let mut next: Vec<usize> = (1..=end).collect();
        let mut previous: Vec<Option<usize>> = (0..end).map(|at| at.checked_sub(1)).collect();
        let mut alive = vec![true; end];
        let mut heap: BinaryHeap<Reverse<(u32, usize, u32, u32)>> = BinaryHeap::new();
        let offer = |heap: &mut BinaryHeap<_>, at: usize, left: u32, right: u32| {
            let rank = self.rank(left, right);
            if rank != NONE {
                heap.push(Reverse((rank, at, left, right)));
            }
        };
        for (at, pair) in ids.windows(2).enumerate() {
            offer(&mut heap, at, pair[0], pair[1]);
        }
        while let Some(Reverse((_, at, left, right))) = heap.pop() {
            let after = next[at];
            // An entry is out of date once either of its tokens was merged.
            if !alive[at] || after == end || ids[at] != left || ids[after] != right {
                continue;
            }
            let Some(joined) = self.joined(left, right) else { continue };
            ids[at] = joined;
            alive[after] = false;
            next[at] = next[after];
            if next[at] < end {
                previous[next[at]] = Some(at);
                offer(&mut heap, at, joined, ids[next[at]]);
            }
            if let Some(before) = previous[at] {
                offer(&mut heap, before, ids[before], joined);
            }
        }
        let mut keep = alive.iter();
        ids.retain(|_| keep.next().copied().unwrap_or(false));
    }
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// Spreads the pairs of small numbers; std's hasher resists attackers at several times the cost.
#[derive(Default)]
pub(super) struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        // 2^64 divided by the golden ratio; the high half then flows into the low bits that the table uses.
        let spread = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = spread ^ (spread >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Merges over the letters 0 and 1 in which pairs overlap and compete.
    fn merges() -> Merges {
        let mut merges = Merges::default();
        for (left, right, joined) in [(0, 0, 2), (0, 1, 3), (2, 0, 4), (3, 1, 5), (1, 1, 6), (4, 5, 7), (2, 2, 8)] {
            assert!(merges.push(left, right, joined));
        }
        merges
    }

    #[test]
    fn scan_and_heap_agree_on_all_short_words() {
        let merges = merges();
        for length in 0..=14_u32 {
            for bits in 0..1_u32 << length {
                let word: Vec<u32> = (0..length).map(|at| bits >> at & 1).collect();
                let (mut scanned, mut heaped) = (word.clone(), word);
                merges.apply_by_scan(&mut scanned);
                merges.apply_by_heap(&mut heaped);
                assert_eq!(scanned, heaped);
            }
        }
    }

    #[test]
    fn lowest_rank_first_then_leftmost() {
        let merges = merges();
        let mut word = vec![0, 0, 0];
        merges.apply(&mut word);
        assert_eq!(word, [4]);
        let mut word = vec![0, 1, 1, 1];
        merges.apply(&mut word);
        assert_eq!(word, [5, 1]);
    }

    #[test]
    fn a_pair_has_one_merge() {
        let mut merges = merges();
        assert!(!merges.push(0, 0, 9));
        assert_eq!(merges.pairs().len(), 7);
    }
}
