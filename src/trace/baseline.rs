//! What stands beside a layer's balance: the best that so many choices can reach, and what dice would give.
//!
//! A short text cannot be spread evenly, however good the router: two tokens with two choices each leave four of eight experts
//! without work. And dice are never quite even. So "even" is no measure for one text; these two are.

use super::metrics::Balance;

/// Choices that are drawn in a simulation, at most, unless that would be fewer than [`LEAST`] texts.
const WORK: usize = 1 << 18;
/// Texts that are drawn at least, and at most.
const LEAST: usize = 16;
const MOST: usize = 1 << 14;

/// Means over texts of as many tokens, each of whose tokens picks its different experts by dice, all alike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dice {
    /// Of [`Balance::cv`].
    pub cv: f64,
    /// Of [`Balance::max_over_mean`].
    pub max_over_mean: f64,
    /// Of [`Balance::jain`].
    pub jain: f64,
    /// Of [`Balance::entropy`].
    pub entropy: f64,
    /// Of [`Balance::dead`].
    pub dead: f64,
}

/// The most even that `choices` choices can fall on `experts` experts: loads that differ by 1 at most. `None` without
/// choices or experts.
pub fn best(choices: u64, experts: usize) -> Option<Balance> {
    let e = u64::try_from(experts).ok().filter(|&e| e > 0)?;
    Balance::of(&(0..e).map(|at| choices / e + u64::from(at < choices % e)).collect::<Vec<_>>())
}

/// What dice would give for tokens of which `tokens[c]` have c choices. `None` if there is no choice, or one of more experts
/// than there are.
///
/// Dead experts are exact: an expert is missed by a token of c choices with probability 1 - c / E, so that with k choices
/// each their number is E (1 - k / E)^T. The others are means of a simulation that always draws the same numbers; the mean
/// square of the variation is known, (E - k) / (k T).
pub fn dice(tokens: &[usize], experts: usize) -> Option<Dice> {
    let each = || tokens.iter().enumerate().filter(|(_, tokens)| **tokens > 0);
    let choices: usize = each().map(|(choices, tokens)| choices.saturating_mul(*tokens)).sum();
    if choices == 0 || each().any(|(choices, _)| choices > experts) {
        return None;
    }
    let e = experts as f64;
    let missed: f64 = each().map(|(choices, tokens)| (1.0 - choices as f64 / e).powf(*tokens as f64)).product();
    let texts = (WORK / choices).clamp(LEAST, MOST);
    let (mut draws, mut sum) = (Draws { seed: 1 }, Dice::default());
    let mut order: Vec<usize> = (0..experts).collect();
    let mut loads = vec![0; experts];
    for _ in 0..texts {
        loads.fill(0);
        for (choices, tokens) in each() {
            for _ in 0..*tokens {
                // The first steps of a shuffle (Fisher and Yates); where it begins does not matter.
                for at in 0..choices {
                    order.swap(at, at + draws.below(experts - at));
                    loads[order[at]] += 1;
                }
            }
        }
        let balance = Balance::of(&loads)?;
        sum.cv += balance.cv;
        sum.max_over_mean += balance.max_over_mean;
        sum.jain += balance.jain;
        sum.entropy += balance.entropy;
    }
    let mean = |sum: f64| sum / texts as f64;
    Some(Dice {
        cv: mean(sum.cv),
        max_over_mean: mean(sum.max_over_mean),
        jain: mean(sum.jain),
        entropy: mean(sum.entropy),
        dead: e * missed,
    })
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Draws {
    seed: u64,
}

impl Draws {
    /// A whole number below `n`, each as likely as the others to within 2^-32.
    fn below(&mut self, n: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.seed;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((((bits ^ (bits >> 31)) >> 32) * n as u64) >> 32) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{best, dice};

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

    /// Two tokens draw two of eight experts each: of the 28 draws of the second, 15 meet none of the first's, 12 one, 1 both.
    #[test]
    fn dice_match_counting_by_hand() {
        let two = dice(&[0, 0, 2], 8).unwrap();
        let mean = |none: f64, one: f64, both: f64| (15.0 * none + 12.0 * one + both) / 28.0;
        let close = |a: f64, b: f64| (a - b).abs() < 0.01 * b;
        assert!(close(two.cv, mean(1.0, 2.0_f64.sqrt(), 3.0_f64.sqrt())), "{two:?}");
        assert!(close(two.max_over_mean, mean(2.0, 4.0, 4.0)), "{two:?}");
        assert!(close(two.jain, mean(1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0)), "{two:?}");
        let ln = f64::ln;
        assert!(close(two.entropy, mean(ln(4.0), 1.5 * ln(2.0), ln(2.0)) / ln(8.0)), "{two:?}");
        assert_eq!(two.dead, 4.5, "8 (1 - 2/8)^2");
    }

    /// numpy 2, 100,000 texts (20,000 for the last two): mean CV, max/mean, Jain, entropy; and E (1 - k / E)^T.
    #[test]
    fn dice_match_another_simulation() {
        for (tokens, k, experts, [cv, max_over_mean, jain, entropy, dead]) in [
            (61, 2, 8, [0.2144, 1.3467, 0.9536, 0.9880, 1.913e-7]),
            (20, 1, 8, [0.5722, 1.9793, 0.7531, 0.9051, 0.553_67]),
            (512, 1, 16, [0.1684, 1.3244, 0.9716, 0.9947, 7.135e-14]),
            (100, 8, 64, [0.2633, 1.6667, 0.9348, 0.9915, 1.016e-4]),
        ] {
            let mut choices = vec![0; k + 1];
            choices[k] = tokens;
            let dice = dice(&choices, experts).unwrap();
            let close = |a: f64, b: f64| (a - b).abs() < 0.02 * b;
            assert!(
                close(dice.cv, cv)
                    && close(dice.max_over_mean, max_over_mean)
                    && close(dice.jain, jain)
                    && close(dice.entropy, entropy)
                    && (dice.dead / dead - 1.0).abs() < 1e-3,
                "{tokens} tokens, {k} of {experts}: {dice:?}"
            );
        }
    }

    #[test]
    fn tokens_may_have_different_numbers_of_choices() {
        // One token chooses all four experts, one none: nobody is dead, every load is 1.
        let all = dice(&[1, 0, 0, 0, 1], 4).unwrap();
        assert_eq!((all.dead, all.cv, all.jain, all.entropy, all.max_over_mean), (0.0, 0.0, 1.0, 1.0, 1.0));
        // One token of one choice and one of two: 4 (3/4) (1/2).
        assert_eq!(dice(&[0, 1, 1], 4).unwrap().dead, 1.5);
        assert_eq!((dice(&[5], 4), dice(&[], 4), dice(&[0, 0, 1], 1)), (None, None, None));
    }
}
