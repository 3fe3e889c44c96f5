//! How far two models agree on a text, whatever their experts are called.
//!
//! Expert 3 of one model and expert 3 of another have nothing to do with each other: numbers are given out by chance when a
//! model is initialised. What can be compared is which *tokens* go together. So each model's first choices in a layer are
//! taken as a partition of the tokens, and two partitions are compared by the adjusted Rand index (Hubert and Arabie 1985):
//! the share of pairs of tokens on which both agree (together in both, or apart in both), less what chance gives, scaled so
//! that 1 is the same partition and 0 what shuffled choices with the same loads give on average. It can be negative. With
//! n(a, b) tokens in group a of one and b of the other, n(a) and n(b) their sums, n tokens, and C(m) = m (m - 1) / 2:
//!
//! ```text
//!       sum C(n(a,b)) - sum C(n(a)) sum C(n(b)) / C(n)
//! ARI = --------------------------------------------------------------------
//!       (sum C(n(a)) + sum C(n(b))) / 2 - sum C(n(a)) sum C(n(b)) / C(n)
//! ```
//!
//! Token by token, a token *differs* if the second model does not send it where it sends most of the tokens that share its
//! expert in the first ([`partners`]): this too depends on no numbering.

use super::Trace;
use std::collections::BTreeMap;

/// The group of a token that chose no expert.
pub const NONE: u16 = u16::MAX;

/// Each token's first choice in a layer, [T]; [`NONE`] for a token without one. Empty if there is no such layer.
pub fn first_choices(trace: &Trace, layer: usize) -> Vec<u16> {
    let Some(layer) = trace.layers.get(layer) else { return Vec::new() };
    (0..trace.len()).map(|t| layer.chosen(t).first().copied().unwrap_or(NONE)).collect()
}

/// How often each pair of groups meets.
fn contingency(a: &[u16], b: &[u16]) -> BTreeMap<(u16, u16), u64> {
    let mut counts = BTreeMap::new();
    for pair in a.iter().copied().zip(b.iter().copied()) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    counts
}

/// The adjusted Rand index of two partitions of the same tokens; `None` where it is undefined: fewer than two tokens, lists
/// of different lengths, or two partitions that are both all one group or both all single tokens.
pub fn adjusted_rand(a: &[u16], b: &[u16]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let pairs = |n: u64| n as f64 * (n as f64 - 1.0) / 2.0;
    let sizes = |groups: &[u16]| -> f64 {
        let mut counts = BTreeMap::<u16, u64>::new();
        groups.iter().for_each(|&group| *counts.entry(group).or_insert(0) += 1);
        counts.into_values().map(pairs).sum()
    };
    let all = pairs(a.len() as u64);
    let both: f64 = contingency(a, b).into_values().map(pairs).sum();
    let (of_a, of_b) = (sizes(a), sizes(b));
    let chance = of_a * of_b / all;
    let most = (of_a + of_b) / 2.0;
    (all > 0.0 && most != chance).then(|| (both - chance) / (most - chance))
}

/// The adjusted Rand index of two models' first choices in a layer. `None` if a model has no choice there (a single expert,
/// or no such layer), if the tokens are not the same, or where the index is undefined.
pub fn agreement(a: &Trace, b: &Trace, layer: usize) -> Option<f64> {
    let choice = |trace: &Trace| trace.experts(layer) > 1;
    if !choice(a) || !choice(b) || !same_tokens(a, b) {
        return None;
    }
    adjusted_rand(&first_choices(a, layer), &first_choices(b, layer))
}

/// Whether two traces have the same tokens at the same places of the same text.
pub fn same_tokens(a: &Trace, b: &Trace) -> bool {
    a.text == b.text && a.tokens == b.tokens
}

/// For each group of `a`, the group of `b` that most of its tokens are in; of equals the lowest number.
pub fn partners(a: &[u16], b: &[u16]) -> BTreeMap<u16, u16> {
    let mut best = BTreeMap::<u16, (u64, u16)>::new();
    for ((of_a, of_b), count) in contingency(a, b) {
        let best = best.entry(of_a).or_insert((0, of_b));
        if count > best.0 {
            *best = (count, of_b);
        }
    }
    best.into_iter().map(|(of_a, (_, of_b))| (of_a, of_b)).collect()
}

/// Which tokens `b` does not send where it sends most of the tokens that share their group in `a`, [T].
pub fn differences(a: &[u16], b: &[u16]) -> Vec<bool> {
    let partners = partners(a, b);
    a.iter().zip(b).map(|(of_a, of_b)| partners.get(of_a) != Some(of_b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    /// `sklearn.metrics.adjusted_rand_score` of scikit-learn 1.9.1.
    #[test]
    fn as_scikit_learn_has_it() {
        let cases: [(&[u16], &[u16], f64); 6] = [
            (&[0, 0, 1, 1], &[1, 1, 0, 0], 1.0),
            (&[0, 0, 1, 1], &[0, 1, 0, 1], -0.5),
            (&[0, 0, 1, 2], &[0, 0, 1, 1], 0.571_428_571_428_571_4),
            (&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 1, 2, 2], 0.242_424_242_424_242_43),
            (&[0, 1, 2, 3], &[0, 0, 0, 0], 0.0),
            (
                &[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4],
                &[2, 7, 1, 7, 2, 8, 1, 8, 2, 2, 2, 4, 8, 9, 0, 2, 1, 2, 4, 1],
                0.530_632_411_067_193_7,
            ),
        ];
        for (a, b, expected) in cases {
            let (there, back) = (adjusted_rand(a, b).unwrap(), adjusted_rand(b, a).unwrap());
            assert!((there - expected).abs() < 1e-12 && (back - expected).abs() < 1e-12, "{a:?} {b:?}: {there}");
        }
    }

    #[test]
    fn names_do_not_matter() {
        let a = [0, 1, 2, 0, 1, 2, 3, 3, 0];
        let renamed = a.map(|group: u16| [7, 2, 9, 4][usize::from(group)]);
        assert_eq!(adjusted_rand(&a, &renamed), Some(1.0));
        assert_eq!(differences(&a, &renamed), [false; 9]);
    }

    /// Shuffling one side many times averages to 0: chance is the zero of the scale.
    #[test]
    fn chance_is_zero() {
        let mut noise = sample::Noise(3);
        let mut draw = |n: u64| (noise.bits() % n) as usize;
        let a: Vec<u16> = (0..60).map(|_| (draw(8) * draw(2)) as u16).collect();
        let mut b: Vec<u16> = (0..60).map(|_| draw(5) as u16).collect();
        let mut sum = 0.0;
        for _ in 0..2000 {
            (1..60).for_each(|at| b.swap(at, draw(at as u64 + 1)));
            sum += adjusted_rand(&a, &b).unwrap();
        }
        assert!((sum / 2000.0).abs() < 2e-3, "{}", sum / 2000.0);
    }

    #[test]
    fn what_has_no_answer_has_none() {
        assert_eq!(adjusted_rand(&[1], &[1]), None);
        assert_eq!(adjusted_rand(&[1, 2], &[1]), None);
        assert_eq!(adjusted_rand(&[1, 1, 1], &[2, 2, 2]), None);
        assert_eq!(adjusted_rand(&[0, 1, 2], &[2, 1, 0]), None);
        let (eight, one) = (sample::trace(9, 2, 8, 2), sample::trace(9, 2, 1, 1));
        assert_eq!(agreement(&eight, &one, 0), None, "a dense model chooses nothing");
        assert_eq!(agreement(&eight, &eight, 2), None, "no such layer");
        assert_eq!(agreement(&eight, &sample::trace(8, 2, 8, 2), 0), None, "other tokens");
        assert_eq!(agreement(&eight, &eight, 1), Some(1.0));
    }

    #[test]
    fn a_token_differs_if_it_leaves_its_company() {
        // Of group 0's tokens the second model sends two of three to 5; group 1's only one goes where it goes.
        assert_eq!(differences(&[0, 0, 0, 1], &[5, 6, 5, 5]), [false, true, false, false]);
        assert_eq!(partners(&[0, 0], &[4, 3]), BTreeMap::from([(0, 3)]), "of equals the lowest");
    }
}
