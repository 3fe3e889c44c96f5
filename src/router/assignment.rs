//! The balanced assignment of many tokens to few experts that has the largest sum of scores: an exact solver for BASE.
//!
//! A minimum-cost flow by successive shortest paths (Ahuja, Magnanti and Orlin 1993, "Network flows", chapter 9). Every
//! token first goes to its best expert, which is optimal for the loads that result. Then one token at a time leaves the
//! overfull experts along the cheapest chain of moves `a -> b -> c` to an expert with room; a chain of cheapest moves
//! keeps the assignment optimal for its loads. For each pair of experts a heap holds what moving each token would cost,
//! so a chain is a shortest path among E experts (Bellman and Ford) and not among T tokens.
//!
//! Scores become 64-bit fixed-point numbers first, 2^40 steps up to the largest: sums are then exact, rounding cannot
//! make a cycle look cheap, and every machine gives the same answer. What is exact is thus the optimum of scores that
//! differ from the given ones by at most 2^-41 of the largest. At most T chains, each in O(E^3 + E^2 log T).
//!
//! Tokens that stand alike have equal scores, such as a text's first byte and the same byte after it, but only as exactly
//! as a device adds: which of them is moved must not hang on its rounding. So a token whose scores are those of an earlier
//! one to within 2^-19 of the largest is given the earlier one's, and of equal tokens the earlier moves first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Steps between 0 and the largest score.
const STEPS: f64 = (1_u64 << 40) as f64;

/// How far the scores of equal tokens may lie apart.
const EQUAL: i64 = 1 << 21;

/// The expert of each token, [T], from scores [T, E]: of all assignments in which the loads differ by at most one (all
/// are T / E if E divides T) one with the largest sum. A score that is not a number counts as 0.
pub fn balanced(scores: &[f32], experts: usize) -> Vec<usize> {
    if experts == 0 || scores.len() < experts {
        return Vec::new();
    }
    let tokens = scores.len() / experts;
    let mut scores = fixed(scores);
    make_equal(&mut scores, experts);
    let mut flow = Flow::greedy(scores, experts);
    let (least, most) = (tokens / experts, tokens.div_ceil(experts));
    // First nobody above the most, then nobody below the least: each keeps the other.
    flow.settle(|load| load > most, |load| load < most);
    flow.settle(|load| load > least, |load| load < least);
    flow.expert
}

/// Scores in steps of 2^-40 of the largest one.
fn fixed(scores: &[f32]) -> Vec<i64> {
    let finite = |score: f32| if score.is_finite() { f64::from(score) } else { 0.0 };
    let largest = scores.iter().fold(0.0, |max: f64, &score| max.max(finite(score).abs()));
    let scale = if largest > 0.0 { STEPS / largest } else { 0.0 };
    scores.iter().map(|&score| (finite(score) * scale).round() as i64).collect()
}

/// Gives tokens that are almost equal the scores of the first of them.
fn make_equal(scores: &mut [i64], experts: usize) {
    let given = scores.to_vec();
    let row = |token: usize| &given[token * experts..][..experts];
    let tokens = given.len() / experts;
    // In the order of their first scores only neighbours need to be compared.
    let mut heap: BinaryHeap<Move> = (0..tokens).map(|token| Reverse((row(token)[0], token))).collect();
    let mut order = Vec::with_capacity(tokens);
    while let Some(Reverse((_, token))) = heap.pop() {
        order.push(token);
    }
    let mut first: Vec<usize> = (0..tokens).collect();
    for (at, &a) in order.iter().enumerate() {
        for &b in &order[at + 1..] {
            if row(b)[0] - row(a)[0] > EQUAL {
                break;
            }
            if row(a).iter().zip(row(b)).all(|(a, b)| (a - b).abs() <= EQUAL) {
                let (early, late) = (a.min(b), a.max(b));
                first[late] = first[late].min(early);
            }
        }
    }
    for (own, &first) in scores.chunks_exact_mut(experts).zip(&first) {
        own.copy_from_slice(row(first));
    }
}

/// A token that may move, by cost and then by number.
type Move = Reverse<(i64, usize)>;

struct Flow {
    experts: usize,
    /// [T, E]
    scores: Vec<i64>,
    /// [T]
    expert: Vec<usize>,
    /// [E]
    load: Vec<usize>,
    /// `moves[a * E + b]`: tokens of expert a by what moving them to b costs. Tokens that left a are still in it.
    moves: Vec<BinaryHeap<Move>>,
}

impl Flow {
    fn greedy(scores: Vec<i64>, experts: usize) -> Self {
        let best = |row: &[i64]| (1..experts).fold(0, |best, at| if row[at] > row[best] { at } else { best });
        let expert: Vec<usize> = scores.chunks_exact(experts).map(best).collect();
        let mut flow = Self { experts, scores, expert, load: vec![0; experts], moves: Vec::new() };
        let mut moves = vec![Vec::new(); experts * experts];
        for token in 0..flow.expert.len() {
            let from = flow.expert[token];
            flow.load[from] += 1;
            for to in (0..experts).filter(|&to| to != from) {
                moves[from * experts + to].push(flow.offer(token, to));
            }
        }
        flow.moves = moves.into_iter().map(BinaryHeap::from).collect();
        flow
    }

    /// What it costs to move a token from its expert to another.
    fn offer(&self, token: usize, to: usize) -> Move {
        let row = &self.scores[token * self.experts..][..self.experts];
        Reverse((row[self.expert[token]] - row[to], token))
    }

    /// Moves tokens from experts that are `over` to experts with `room`, until one of the two is no more.
    fn settle(&mut self, over: impl Fn(usize) -> bool, room: impl Fn(usize) -> bool) {
        loop {
            let with = |wanted: &dyn Fn(usize) -> bool| -> Vec<bool> { self.load.iter().map(|&l| wanted(l)).collect() };
            let (from, to) = (with(&over), with(&room));
            if !from.contains(&true) || !to.contains(&true) {
                return;
            }
            let Some(chain) = self.cheapest_chain(&from, &to) else { return };
            for (token, to) in chain {
                self.shift(token, to);
            }
        }
    }

    /// The moves of the cheapest chain from one of the experts `from` to one of `to`: tokens and where they go.
    fn cheapest_chain(&mut self, from: &[bool], to: &[bool]) -> Option<Vec<(usize, usize)>> {
        let experts = self.experts;
        let offers: Vec<Option<(i64, usize)>> = (0..experts * experts).map(|pair| self.cheapest_move(pair)).collect();
        let mut distance: Vec<Option<i64>> = from.iter().map(|&is| is.then_some(0)).collect();
        let mut before: Vec<Option<(usize, usize)>> = vec![None; experts];
        for _ in 0..experts {
            let mut changed = false;
            for (pair, offer) in offers.iter().enumerate() {
                let (a, b) = (pair / experts, pair % experts);
                let (Some(start), Some((cost, token))) = (distance[a], *offer) else { continue };
                if distance[b].is_none_or(|known| start + cost < known) {
                    distance[b] = Some(start + cost);
                    before[b] = Some((a, token));
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let reached = |expert: &usize| if to[*expert] { distance[*expert] } else { None };
        let mut at = (0..experts).filter(|expert| reached(expert).is_some()).min_by_key(reached)?;
        let mut chain = Vec::new();
        while let Some((previous, token)) = before[at] {
            chain.push((token, at));
            at = previous;
        }
        Some(chain)
    }

    /// Cost and token of the cheapest move of a pair of experts; forgets tokens that have left.
    fn cheapest_move(&mut self, pair: usize) -> Option<(i64, usize)> {
        let heap = &mut self.moves[pair];
        while let Some(&Reverse((cost, token))) = heap.peek() {
            if self.expert[token] == pair / self.experts {
                return Some((cost, token));
            }
            heap.pop();
        }
        None
    }

    fn shift(&mut self, token: usize, to: usize) {
        self.load[self.expert[token]] -= 1;
        self.load[to] += 1;
        self.expert[token] = to;
        for next in (0..self.experts).filter(|&next| next != to) {
            let offer = self.offer(token, next);
            self.moves[to * self.experts + next].push(offer);
        }
    }
}
