//! What stands beside a layer's balance: the best that so many choices can reach, and what random choices would give.
//!
//! A short text cannot be spread evenly, however good the router: two tokens with two choices each leave four of eight experts
//! without work. And random choices are never quite even. So "even" is no measure for one text; these two are.

use super::balance::Balance;

/// What is expected of a text of as many tokens, each of whose tokens picks its different experts at random, all alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomBaseline {
    /// Of [`Balance::cv`], the root mean square.
    pub cv: f64,
    /// [`Balance::jain`] at that variation.
    pub jain: f64,
    /// Of [`Balance::entropy`], the mean.
    pub entropy: f64,
    /// Of [`Balance::dead`], the mean.
    pub dead: f64,
}

/// The most even that `choices` choices can fall on `experts` experts: loads that differ by 1 at most. `None` without
/// choices or experts.
pub fn best(choices: u64, experts: usize) -> Option<Balance> {
    let e = u64::try_from(experts).ok().filter(|&e| e > 0)?;
    Balance::of(&(0..e).map(|at| choices / e + u64::from(at < choices % e)).collect::<Vec<_>>())
}

/// What random choices would give for tokens of which `tokens[c]` have c choices. `None` if there is no choice, or one of more
/// experts than there are.
///
/// A token of c choices picks an expert with probability c / E, so an expert's load is a sum of binomials. From that follow
/// exactly the experts that nobody picks, with k choices each E (1 - k / E)^T; the mean square of the variation, with k choices
/// each (E - k) / (k T); Jain's index there, 1 / (1 + CV²); and the mean entropy, E times that of one expert's load. For the
/// fullest expert see [`super::largest::Largest`].
pub fn random(tokens: &[usize], experts: usize) -> Option<RandomBaseline> {
    let each = || tokens.iter().enumerate().filter(|(choices, tokens)| *choices > 0 && **tokens > 0);
    if each().next().is_none() || each().any(|(choices, _)| choices > experts) {
        return None;
    }
    let e = experts as f64;
    let chance = |choices: usize| choices as f64 / e;
    let missed: f64 = each().map(|(choices, tokens)| (1.0 - chance(choices)).powf(*tokens as f64)).product();
    let variance: f64 =
        each().map(|(choices, tokens)| *tokens as f64 * chance(choices) * (1.0 - chance(choices))).sum();
    let all: f64 = each().map(|(choices, tokens)| choices as f64 * *tokens as f64).sum();
    let cv = variance.sqrt() * e / all;
    let load = each().fold(Chances::none(), |load, (choices, &tokens)| load.and(&Chances::of(tokens, chance(choices))));
    let nats = load.mean(|load| if load > 0.0 { -load / all * (load / all).ln() } else { 0.0 });
    let entropy = if experts > 1 { e * nats / e.ln() } else { 1.0 };
    Some(RandomBaseline { cv, jain: 1.0 / (1.0 + cv * cv), entropy, dead: e * missed })
}

/// The probabilities of whole numbers from `first` upwards; those left out are negligible.
struct Chances {
    first: usize,
    probabilities: Vec<f64>,
}

impl Chances {
    /// What is not computed, beside the most probable number.
    const NEGLIGIBLE: f64 = 1e-18;

    /// Certainly 0.
    fn none() -> Self {
        Self { first: 0, probabilities: vec![1.0] }
    }

    /// The binomial distribution: successes of `n` with probability `p` each, above 0. It is computed from its mode to both
    /// sides, where nothing overflows, and then divided by its sum.
    fn of(n: usize, p: f64) -> Self {
        if p >= 1.0 {
            return Self { first: n, probabilities: vec![1.0] };
        }
        let (odds, mode) = (p / (1.0 - p), (((n + 1) as f64 * p) as usize).min(n));
        let up = (mode..n).scan(1.0, |weight, at| {
            *weight *= (n - at) as f64 / (at + 1) as f64 * odds;
            Some(*weight).filter(|weight| *weight > Self::NEGLIGIBLE)
        });
        let down = (1..=mode).rev().scan(1.0, |weight, at| {
            *weight *= at as f64 / (n - at + 1) as f64 / odds;
            Some(*weight).filter(|weight| *weight > Self::NEGLIGIBLE)
        });
        let mut probabilities: Vec<f64> = down.collect();
        let first = mode - probabilities.len();
        probabilities.reverse();
        probabilities.push(1.0);
        probabilities.extend(up);
        let sum: f64 = probabilities.iter().sum();
        Self { first, probabilities: probabilities.into_iter().map(|weight| weight / sum).collect() }
    }

    /// Of the sum of two independent numbers.
    fn and(&self, other: &Self) -> Self {
        let mut probabilities = vec![0.0; self.probabilities.len() + other.probabilities.len() - 1];
        for (at, one) in self.probabilities.iter().enumerate() {
            for (sum, other) in probabilities.iter_mut().skip(at).zip(&other.probabilities) {
                *sum += one * other;
            }
        }
        Self { first: self.first + other.first, probabilities }
    }

    /// The mean of a function of the number.
    fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.probabilities.iter().enumerate().map(|(at, p)| p * of((self.first + at) as f64)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{best, random};

    #[test]
    fn the_best_is_what_so_few_choices_can_reach() {
        // Two tokens with two choices each: four of eight experts work, as in the test of half of the experts.
        let four = best(4, 8).unwrap();
        assert_eq!((four.dead, four.cv, four.max_violation, four.jain), (4, 1.0, 1.0, 0.5));
        assert!((four.entropy - 2.0 / 3.0).abs() < 1e-12);
        // 61 x 2 = 122 choices on 8 experts: two of them have 16, six 15, around 15.25.
        let most = best(122, 8).unwrap();
        assert!((most.max_violation - 0.75 / 15.25).abs() < 1e-12);
        assert!((most.cv - (0.1875_f64).sqrt() / 15.25).abs() < 1e-12);
        let even = best(160, 8).unwrap();
        assert_eq!((even.dead, even.cv, even.jain, even.max_over_mean), (0, 0.0, 1.0, 1.0));
        assert_eq!((best(0, 8), best(3, 0)), (None, None));
    }

    /// scipy 1.17: entropy by `binom.pmf`; the other three by their closed forms.
    #[test]
    fn long_texts_match_the_binomial() {
        for (tokens, k, experts, [entropy, cv, jain, dead]) in [
            (2, 2, 8, [0.583_333_333_333, 1.224_744_871_392, 0.4, 4.5]),
            (61, 2, 8, [0.988_003_519_572, 0.221_766_381_286, 0.953_125, 1.913_49e-7]),
            (20, 1, 8, [0.905_063_769_971, 0.591_607_978_310, 0.740_740_740_741, 0.553_67]),
            (512, 1, 16, [0.994_686_542_008, 0.171_163_299_220, 0.971_537_001_898, 7.135_32e-14]),
            (100, 8, 64, [0.991_447_398_007, 0.264_575_131_106, 0.934_579_439_252, 1.016_21e-4]),
            (20_000, 2, 8, [0.999_963_931_121, 0.012_247_448_714, 0.999_850_022_497, 0.0]),
        ] {
            let mut choices = vec![0; k + 1];
            choices[k] = tokens;
            let random = random(&choices, experts).unwrap();
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b;
            assert!(
                close(random.entropy, entropy)
                    && close(random.cv, cv)
                    && close(random.jain, jain)
                    && (random.dead - dead).abs() <= 1e-5 * dead,
                "{tokens} tokens, {k} of {experts}: {random:?}"
            );
        }
    }

    /// Python, every way in which the tokens can choose, counted: entropy, root mean square of the variation, dead.
    #[test]
    fn short_texts_match_counting_every_way() {
        for (choices, experts, [entropy, cv, dead]) in [
            (vec![0, 0, 2], 8, [0.583_333_333_333, 1.224_744_871_392, 4.5]),
            (vec![0, 6], 4, [0.779_613_203_916, 0.5_f64.sqrt(), 0.711_914_062_5]),
            (vec![1, 1, 1, 1], 4, [0.873_057_682_585, 0.527_046_276_695, 0.375]),
            (vec![0, 1, 0, 0, 1], 4, [0.960_964_047_444, 0.346_410_161_514, 0.0]),
            (vec![0, 0, 5], 5, [0.888_022_200_149, 0.547_722_557_505, 0.3888]),
        ] {
            let random = random(&choices, experts).unwrap();
            let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(close(random.entropy, entropy) && close(random.cv, cv) && close(random.dead, dead), "{random:?}");
            assert!(close(random.jain, 1.0 / (1.0 + cv * cv)), "{random:?}");
        }
    }

    #[test]
    fn tokens_may_have_different_numbers_of_choices() {
        // One token chooses all four experts, one none: nobody is dead, every load is 1.
        let all = random(&[1, 0, 0, 0, 1], 4).unwrap();
        assert_eq!((all.dead, all.cv, all.jain), (0.0, 0.0, 1.0));
        assert!((all.entropy - 1.0).abs() < 1e-12);
        // One token of one choice and one of two: 4 (3/4) (1/2).
        assert_eq!(random(&[0, 1, 1], 4).unwrap().dead, 1.5);
        assert_eq!((random(&[5], 4), random(&[], 4), random(&[0, 0, 1], 1)), (None, None, None));
    }
}
