//! The load of the fullest expert where every token picks its experts at random: exact for short texts, a simulation for long
//! ones, and wherever tokens pick groups of experts first, for then a token's experts are not independent of each other.
//!
//! There is no closed form. Expert by expert there is a sum: where R experts are still to come, a token that has r choices left
//! picks the next one with probability r / R, whatever the others do. So the numbers of tokens with 1, 2 … k choices left are
//! all that has to be known. There are C(T + k, k) of them, too many for long texts, whose fullest expert is close to its mean
//! however it is drawn.

/// Steps of the sum, at most, as [`Deal::work`] estimates them.
const SUM: usize = 1 << 23;
/// Choices drawn in a simulation, at most, unless that would be fewer than [`LEAST`] texts.
const DRAWN: usize = 1 << 19;
/// Texts drawn at least, and at most.
const LEAST: usize = 16;
const MOST: usize = 1 << 15;

/// The expected load of the fullest expert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Largest {
    /// Over the mean load.
    pub over_mean: f64,
    /// Whether it is exact, and not the mean of a simulation.
    pub exact: bool,
}

/// Groups of experts, of equal size, that each token picks first; it picks as many experts in one as in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpertGroups {
    /// How many there are.
    pub all: usize,
    /// How many a token picks.
    pub chosen: usize,
}

impl ExpertGroups {
    /// All experts are one group.
    const ONE: Self = Self { all: 1, chosen: 1 };

    /// Whether a token can pick so many of so many experts.
    fn allow(self, choices: usize, experts: usize) -> bool {
        (1..=self.all).contains(&self.chosen)
            && experts.is_multiple_of(self.all)
            && choices.is_multiple_of(self.chosen)
            && choices / self.chosen <= experts / self.all
    }
}

impl Largest {
    /// Where `tokens[c]` tokens have c choices each, of different experts, all alike. `None` if there is no choice, or one of
    /// more experts than there are.
    pub fn of(tokens: &[usize], experts: usize) -> Option<Self> {
        let deal = Deal::of(tokens, experts)?;
        let exact = deal.work() <= SUM;
        let largest = if exact { deal.expected() } else { deal.drawn(ExpertGroups::ONE) };
        Some(Self { over_mean: largest * experts as f64 / deal.choices as f64, exact })
    }

    /// The same where each token picks groups first. `None` also where a number of choices does not fit them.
    pub fn in_groups(tokens: &[usize], experts: usize, groups: ExpertGroups) -> Option<Self> {
        let deal = Deal::of(tokens, experts)?;
        let choices = tokens.iter().enumerate().filter(|(_, tokens)| **tokens > 0).map(|(choices, _)| choices);
        let fit = choices.into_iter().all(|choices| groups.allow(choices, experts));
        fit.then(|| Self { over_mean: deal.drawn(groups) * experts as f64 / deal.choices as f64, exact: false })
    }

    /// The number less `even`, with two digits, and a sign before it if it is not exact.
    pub fn words(self, even: f64) -> String {
        format!("{}{:.2}", if self.exact { "" } else { "≈" }, self.over_mean - even)
    }
}

/// Tokens that pick experts.
struct Deal<'a> {
    /// Tokens by their choices.
    tokens: &'a [usize],
    experts: usize,
    /// All choices of all tokens.
    choices: usize,
    /// Tokens that choose at all.
    choosing: usize,
}

impl<'a> Deal<'a> {
    fn of(tokens: &'a [usize], experts: usize) -> Option<Self> {
        let each = || tokens.iter().enumerate().filter(|(choices, tokens)| *choices > 0 && **tokens > 0);
        let choices = each().map(|(choices, tokens)| choices.saturating_mul(*tokens)).fold(0, usize::saturating_add);
        let fits = each().all(|(choices, _)| choices <= experts);
        (choices > 0 && fits).then(|| Self {
            tokens,
            experts,
            choices,
            choosing: each().map(|(_, tokens)| tokens).sum(),
        })
    }

    /// The most choices of a token.
    fn most(&self) -> usize {
        self.tokens.iter().rposition(|&tokens| tokens > 0).unwrap_or(0)
    }

    /// Places of the table that a sum goes through.
    fn places(&self) -> usize {
        (0..self.most()).fold(1, |places: usize, _| places.saturating_mul(self.choosing.saturating_add(1)))
    }

    /// An upper bound of the sum's steps.
    fn work(&self) -> usize {
        let states = (1..=self.most()).fold(1.0, |all, at| all * (self.choosing as f64 / at as f64 + 1.0));
        let once = self.places() as f64 + states * states;
        (once * self.experts as f64 * self.choosing as f64).min(usize::MAX as f64) as usize
    }

    /// The expected largest load, exact: the sum over m of the probability that it is above m.
    fn expected(&self) -> f64 {
        (0..self.choosing).map(|most| 1.0 - self.within(most)).sum()
    }

    /// The probability that no load is above `most`.
    fn within(&self, most: usize) -> f64 {
        if most * self.experts < self.choices {
            return 0.0;
        }
        let (classes, base) = (self.most(), self.choosing + 1);
        let place = |left: &[usize]| left.iter().rev().fold(0, |place, tokens| place * base + tokens);
        let mut now = vec![0.0; self.places()];
        let begin: Vec<usize> = (1..=classes).map(|class| self.tokens.get(class).copied().unwrap_or(0)).collect();
        if let Some(start) = now.get_mut(place(&begin)) {
            *start = 1.0;
        }
        for to_come in (1..=self.experts).rev() {
            let mut next = vec![0.0; now.len()];
            for (at, &probability) in now.iter().enumerate().filter(|(_, probability)| **probability > 0.0) {
                let mut left: Vec<usize> =
                    (0..classes).scan(at, |rest, _| Some(std::mem::replace(rest, *rest / base) % base)).collect();
                pick(&mut left, 0, to_come, most, probability, &mut |left, probability| {
                    if let Some(sum) = next.get_mut(place(left)) {
                        *sum += probability;
                    }
                });
            }
            now = next;
        }
        now.first().copied().unwrap_or(0.0)
    }

    /// The mean largest load of texts that are drawn, always the same ones.
    fn drawn(&self, groups: ExpertGroups) -> f64 {
        let size = self.experts / groups.all.max(1);
        let texts = (DRAWN / self.choices).clamp(LEAST, MOST);
        let mut draws = Draws { seed: 1 };
        // The first steps of a shuffle (Fisher and Yates); where it begins does not matter.
        let mut shuffle = |of: &mut [usize], steps: usize| {
            let alone = of.len() < 2;
            for at in 0..if alone { 0 } else { steps } {
                of.swap(at, at + draws.below(of.len() - at));
            }
        };
        let mut order: Vec<usize> = (0..size).collect();
        let mut picked: Vec<usize> = (0..groups.all).collect();
        let mut loads = vec![0_u32; self.experts];
        let mut sum = 0.0;
        for _ in 0..texts {
            loads.fill(0);
            for (choices, tokens) in self.tokens.iter().enumerate() {
                let inside = choices / groups.chosen.max(1);
                for _ in 0..if choices > 0 { *tokens } else { 0 } {
                    shuffle(&mut picked, groups.chosen);
                    for group in &picked[..groups.chosen] {
                        shuffle(&mut order, inside);
                        for place in &order[..inside] {
                            loads[group * size + place] += 1;
                        }
                    }
                }
            }
            sum += f64::from(loads.iter().copied().max().unwrap_or(0));
        }
        sum / texts as f64
    }
}

/// Lets the tokens that have choices left (`left[r - 1]` of them r) pick the next of `to_come` experts or not, from class `class`
/// on, at most `room` of them, and tells every outcome with its probability.
fn pick(
    left: &mut [usize],
    class: usize,
    to_come: usize,
    room: usize,
    probability: f64,
    told: &mut impl FnMut(&[usize], f64),
) {
    let Some(&tokens) = left.get(class) else { return told(left, probability) };
    let chance = (class + 1) as f64 / to_come as f64;
    // Whoever has as many choices left as there are experts takes every one.
    let least = if chance >= 1.0 { tokens } else { 0 };
    let mut weight = if chance >= 1.0 { 1.0 } else { (1.0 - chance).powf(tokens as f64) };
    for picked in least..=tokens.min(room) {
        left[class] = tokens - picked;
        // Tokens of a class below are dealt with already.
        if class > 0 {
            left[class - 1] += picked;
        }
        pick(left, class + 1, to_come, room - picked, probability * weight, told);
        if class > 0 {
            left[class - 1] -= picked;
        }
        weight *= (tokens - picked) as f64 / (picked + 1) as f64 * chance / (1.0 - chance);
    }
    left[class] = tokens;
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
    use super::{Deal, ExpertGroups, Largest};
    fn equal(tokens: usize, choices: usize) -> Vec<usize> {
        (0..=choices).map(|at| if at == choices { tokens } else { 0 }).collect()
    }

    /// Python, every way in which the tokens can choose, counted: the mean largest load as a fraction.
    #[test]
    fn short_texts_match_counting_every_way() {
        for (tokens, experts, (above, below)) in [
            (vec![0, 0, 2], 8, (41.0, 28.0)),
            (vec![0, 0, 4], 4, (343.0, 108.0)),
            (vec![0, 6], 4, (1443.0, 512.0)),
            (vec![0, 0, 0, 3], 5, (141.0, 50.0)),
            (vec![0, 0, 4], 6, (8.0, 3.0)),
            (vec![1, 1, 1, 1], 4, (19.0, 8.0)),
            (vec![0, 1, 0, 0, 1], 4, (2.0, 1.0)),
            (vec![0, 0, 5], 5, (34433.0, 10000.0)),
        ] {
            let choices: usize = tokens.iter().enumerate().map(|(choices, tokens)| choices * tokens).sum();
            let largest = Largest::of(&tokens, experts).unwrap();
            let wanted = above / below * experts as f64 / choices as f64;
            assert!(largest.exact && (largest.over_mean - wanted).abs() < 1e-12, "{tokens:?} {experts}: {largest:?}");
        }
    }

    /// Python, in fractions: the multinomial by its generating function, (sum of x^j / j! up to m)^E.
    #[test]
    fn one_choice_is_the_multinomials() {
        for (tokens, experts, wanted) in [(20, 8, 1.978_367_481_613), (24, 4, 1.433_790_952_472)] {
            let largest = Largest::of(&[0, tokens], experts).unwrap();
            assert!(largest.exact && (largest.over_mean - wanted).abs() < 1e-9, "{largest:?}");
        }
    }

    /// numpy, texts enough for a standard error of 0.002 or less.
    #[test]
    fn long_texts_are_simulated_to_the_digits_shown() {
        for (tokens, choices, experts, wanted) in
            [(61, 2, 8, 1.3465), (512, 1, 16, 1.3242), (100, 8, 64, 1.6679), (4, 8, 64, 4.790)]
        {
            let largest = Largest::of(&equal(tokens, choices), experts).unwrap();
            assert!(!largest.exact && largest.words(0.0).starts_with('≈'));
            assert!((largest.over_mean - wanted).abs() < 0.01, "{tokens} {choices} {experts}: {largest:?}");
        }
    }

    /// Where both can be had, they agree: one is the other's judge.
    #[test]
    fn the_simulation_agrees_with_the_sum() {
        for (tokens, experts) in [(equal(10, 2), 8), (equal(60, 1), 8), (equal(2, 8), 64), (vec![3, 2, 4, 1], 5)] {
            let deal = Deal::of(&tokens, experts).unwrap();
            let (sum, drawn) = (deal.expected(), deal.drawn(ExpertGroups::ONE));
            assert!((sum - drawn).abs() * (experts as f64) < 0.015 * deal.choices as f64, "{tokens:?}: {sum} {drawn}");
        }
    }

    #[test]
    fn groups_that_cannot_be_picked_have_no_largest() {
        let of = |choices, experts, all, chosen| {
            Largest::in_groups(&equal(3, choices), experts, ExpertGroups { all, chosen })
                .map(|largest| largest.over_mean)
        };
        for (choices, experts, all, chosen) in
            [(4, 16, 0, 0), (4, 16, 4, 0), (4, 16, 4, 5), (3, 16, 4, 2), (4, 15, 4, 2), (10, 16, 4, 2), (0, 16, 4, 2)]
        {
            assert_eq!(of(choices, experts, all, chosen), None, "{choices} of {experts}, {chosen} of {all} groups");
        }
        assert_eq!(of(16, 16, 4, 4), Some(1.0), "all experts of all groups");
    }

    #[test]
    fn nothing_chosen_or_too_much_has_no_largest() {
        assert_eq!((Largest::of(&[5], 4), Largest::of(&[], 4), Largest::of(&[0, 0, 1], 1)), (None, None, None));
        let one = Largest::of(&[0, 0, 1], 2).unwrap();
        assert_eq!((one.over_mean, one.exact, one.words(1.0).as_str()), (1.0, true, "0.00"));
        let huge = Deal::of(&[0, 0, usize::MAX], usize::MAX).unwrap();
        assert!(huge.work() > super::SUM, "no overflow");
    }
}
