//! What a shuffle would give, without shuffling: the hypergeometric distribution.

/// The count of marked balls among drawn ones, in expectation and against what was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Expected count.
    pub mean: f64,
    /// Standard deviation of the count.
    pub sd: f64,
    /// Probability of the seen count or more.
    pub tail: f64,
}

/// ln n! for n up to a bound.
pub(super) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    pub(super) fn up_to(n: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (0..=n)
                .map(|i| {
                    sum += (i.max(1) as f64).ln();
                    sum
                })
                .collect(),
        )
    }

    /// ln of "n choose k"; minus infinity where it is 0 or beyond the table.
    fn ln_choose(&self, n: usize, k: usize) -> f64 {
        let rest = n.checked_sub(k).and_then(|rest| self.0.get(rest));
        match (self.0.get(n), self.0.get(k), rest) {
            (Some(all), Some(chosen), Some(rest)) => all - chosen - rest,
            _ => f64::NEG_INFINITY,
        }
    }

    /// Of `balls`, `marked` are marked and `drawn` are drawn without putting back; `seen` of those were marked.
    pub(super) fn chance(&self, balls: usize, marked: usize, drawn: usize, seen: usize) -> Chance {
        if balls == 0 {
            return Chance { mean: 0.0, sd: 0.0, tail: 1.0 };
        }
        let share = marked as f64 / balls as f64;
        let mean = drawn as f64 * share;
        let left = if balls > 1 { (balls - drawn.min(balls)) as f64 / (balls - 1) as f64 } else { 0.0 };
        let all = self.ln_choose(balls, drawn);
        let one = |count: usize| match drawn.checked_sub(count) {
            Some(others) => (self.ln_choose(marked, count) + self.ln_choose(balls - marked, others) - all).exp(),
            None => 0.0,
        };
        let tail = (seen..=marked.min(drawn)).map(one).sum::<f64>();
        Chance { mean, sd: (mean * (1.0 - share) * left).sqrt(), tail: tail.min(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 balls, 2 marked, 2 drawn: of the 10 draws, 3 hold no mark, 6 one, 1 both.
    #[test]
    fn small_cases_match_counting_by_hand() {
        let table = LogFactorials::up_to(5);
        for (seen, tail) in [(0, 1.0), (1, 0.7), (2, 0.1)] {
            let chance = table.chance(5, 2, 2, seen);
            assert!((chance.tail - tail).abs() < 1e-12, "{seen}: {}", chance.tail);
            assert!((chance.mean - 0.8).abs() < 1e-12);
            // E[X^2] = (6 + 4) / 10 = 1, so the variance is 1 - 0.64.
            assert!((chance.sd - 0.6).abs() < 1e-12);
        }
    }

    #[test]
    fn drawing_everything_leaves_nothing_to_chance() {
        let chance = LogFactorials::up_to(7).chance(7, 3, 7, 3);
        assert_eq!((chance.mean, chance.sd), (3.0, 0.0));
        assert!((chance.tail - 1.0).abs() < 1e-12);
        assert_eq!(LogFactorials::up_to(0).chance(0, 0, 0, 0).tail, 1.0);
        assert_eq!(LogFactorials::up_to(1).chance(1, 1, 0, 0).mean, 0.0);
    }

    #[test]
    fn long_texts_stay_finite() {
        let chance = LogFactorials::up_to(60_000).chance(60_000, 30_000, 20_000, 10_000);
        assert!((0.45..0.55).contains(&chance.tail), "{}", chance.tail);
        assert_eq!(chance.mean, 10_000.0);
    }
}
