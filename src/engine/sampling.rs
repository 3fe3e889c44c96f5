//! Chooses the next token: temperature, then the k most likely, then the nucleus (Holtzman et al. 2019,
//! arXiv:1904.09751), in the order in which Hugging Face's transformers applies them.

use crate::protocol::Sampling;
use crate::random::Random;
use std::cmp::Ordering;

/// A token by its logits [V], of those that `may` come; `None` if there are none. Of equal logits the lower number comes
/// first.
pub(super) fn choose(
    logits: &[f32],
    sampling: &Sampling,
    random: &mut Random,
    may: impl Fn(u32) -> bool,
) -> Option<u32> {
    let mut order: Vec<u32> = (0..).take(logits.len()).filter(|&id| may(id)).collect();
    let logit = |id: u32| logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
    let by_logit = |a: &u32, b: &u32| logit(*b).partial_cmp(&logit(*a)).unwrap_or(Ordering::Equal).then(a.cmp(b));
    // A temperature that is not a positive number leaves no chance.
    let positive = sampling.temperature > 0.0;
    if !positive || sampling.top_k == 1 {
        return order.into_iter().min_by(by_logit);
    }
    order.sort_unstable_by(by_logit);
    if sampling.top_k > 0 {
        order.truncate(sampling.top_k);
    }
    let most = logit(*order.first()?);
    let temperature = f64::from(sampling.temperature);
    let scores: Vec<f64> = order.iter().map(|&id| (f64::from(logit(id) - most) / temperature).exp()).collect();
    let total: f64 = scores.iter().sum();
    let share = if sampling.top_p < 1.0 { f64::from(sampling.top_p) } else { 1.0 };
    let mut kept = 0.0;
    let nucleus = scores.iter().take_while(|&&score| {
        let before = kept;
        kept += score;
        before < share * total || before == 0.0
    });
    let nucleus = nucleus.count();
    let scores = &scores[..nucleus];
    let mut left = random.uniform() * scores.iter().sum::<f64>();
    let place = scores.iter().position(|score| {
        left -= score;
        left < 0.0
    });
    order.get(place.unwrap_or(nucleus.saturating_sub(1))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(logits: &[f32], sampling: Sampling) -> Vec<u32> {
        let mut counts = vec![0; logits.len()];
        let mut random = Random::new(3);
        for _ in 0..20_000 {
            counts[choose(logits, &sampling, &mut random, |_| true).unwrap() as usize] += 1;
        }
        counts
    }

    const ALL: Sampling = Sampling { temperature: 1.0, top_k: 0, top_p: 1.0, seed: 0 };

    #[test]
    fn follows_the_probabilities() {
        // Logits ln 5, ln 3, ln 2: probabilities 0.5, 0.3, 0.2.
        let logits = [3.0_f32.ln(), 5.0_f32.ln(), 2.0_f32.ln()];
        for (count, p) in counts(&logits, ALL).into_iter().zip([0.3, 0.5, 0.2]) {
            // Four standard deviations of a binomial of 20,000 draws.
            assert!((f64::from(count) - 20_000.0 * p).abs() < 4.0 * (20_000.0 * p * (1.0_f64 - p)).sqrt());
        }
        // At temperature 1/2 the probabilities are squared: 25, 9 and 4 of 38.
        let cold = counts(&logits, Sampling { temperature: 0.5, ..ALL });
        let p = 25.0 / 38.0;
        assert!((f64::from(cold[1]) - 20_000.0 * p).abs() < 4.0 * (20_000.0 * p * (1.0_f64 - p)).sqrt());
    }

    #[test]
    fn cuts_keep_the_most_likely() {
        let logits = [3.0_f32.ln(), 5.0_f32.ln(), 2.0_f32.ln()];
        let kept = |sampling| counts(&logits, sampling).iter().map(|&count| count > 0).collect::<Vec<_>>();
        assert_eq!(kept(Sampling { top_k: 2, ..ALL }), [true, true, false]);
        assert_eq!(kept(Sampling { top_k: 9, ..ALL }), [true, true, true]);
        assert_eq!(kept(Sampling { top_p: 0.4, ..ALL }), [false, true, false]);
        assert_eq!(kept(Sampling { top_p: 0.6, ..ALL }), [true, true, false]);
        assert_eq!(kept(Sampling { top_p: 0.0, ..ALL }), [false, true, false]);
        // The nucleus is taken of what top-k left: 5/8 of two tokens.
        assert_eq!(kept(Sampling { top_k: 2, top_p: 0.62, ..ALL }), [false, true, false]);
    }

    #[test]
    fn what_may_not_come_leaves_its_share_to_the_others() {
        let logits = [3.0_f32.ln(), 5.0_f32.ln(), 2.0_f32.ln()];
        let mut random = Random::new(3);
        let mut drawn = || choose(&logits, &ALL, &mut random, |id| id != 1).unwrap();
        let first = (0..20_000).filter(|_| drawn() == 0).count() as f64;
        // 3 of 5, within four standard deviations.
        assert!((first - 12_000.0).abs() < 4.0 * (20_000.0 * 0.6 * 0.4_f64).sqrt());
        assert_eq!(choose(&logits, &Sampling { temperature: 0.0, ..ALL }, &mut random, |id| id != 1), Some(0));
        assert_eq!(choose(&logits, &ALL, &mut random, |_| false), None);
    }

    #[test]
    fn odd_settings_choose_the_most_likely() {
        let logits = [1.0, 2.0, 2.0];
        for temperature in [0.0, -1.0, f32::NAN, 1e-42] {
            let sampling = Sampling { temperature, top_k: 1, ..ALL };
            assert_eq!(choose(&logits, &sampling, &mut Random::new(1), |_| true), Some(1));
        }
        let sampling = Sampling { temperature: f32::INFINITY, top_p: f32::NAN, ..ALL };
        assert!(choose(&logits, &sampling, &mut Random::new(1), |_| true).is_some());
        assert_eq!(choose(&[], &ALL, &mut Random::new(1), |_| true), None);
    }
}
