//! What a shuffle would give, without shuffling: the hypergeometric distribution, and Fisher's noncentral one for a draw that
//! favours the marked balls.

/// ln n! for n up to a bound.
#[derive(Debug)]
pub(super) struct LogFactorials(Vec<f64>);

/// A count of marked balls among those drawn, when `drawn` of `balls` are drawn without putting back and `marked` are marked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    pub balls: usize,
    pub marked: usize,
    pub drawn: usize,
}

/// What is left out of a sum is smaller than it by this factor.
const NEGLIGIBLE: f64 = 1e-18;
/// Halvings of the range that holds the odds of an interval's end.
const HALVINGS: usize = 50;
/// Largest logarithm of such odds: beyond it the count is as good as certain.
const MOST_ODDS: f64 = 60.0;

impl LogFactorials {
    pub fn up_to(n: usize) -> Self {
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
}

impl Draw {
    /// The mean count, marked times drawn over balls; 0 without balls.
    pub fn mean(self) -> f64 {
        self.marked as f64 * self.drawn as f64 / self.balls.max(1) as f64
    }

    /// The least and the largest count that can come.
    fn support(self) -> (usize, usize) {
        ((self.marked + self.drawn).saturating_sub(self.balls), self.marked.min(self.drawn))
    }

    /// ln of the number of draws with this count.
    fn ln_ways(self, table: &LogFactorials, count: usize) -> f64 {
        match (self.drawn.checked_sub(count), self.balls.checked_sub(self.marked)) {
            (Some(others), Some(plain)) => table.ln_choose(self.marked, count) + table.ln_choose(plain, others),
            _ => f64::NEG_INFINITY,
        }
    }

    /// Probabilities of at most and of at least `seen`.
    pub fn tails(self, table: &LogFactorials, seen: usize) -> (f64, f64) {
        let (least, most) = self.support();
        let here = (self.ln_ways(table, seen) - table.ln_choose(self.balls, self.drawn)).exp();
        let [balls, marked, drawn] = [self.balls, self.marked, self.drawn].map(|n| n as f64);
        // From a count to the next one the probability changes by this factor; away from the mean it falls.
        let up = |count: usize| {
            let x = count as f64;
            (marked - x) * (drawn - x) / ((x + 1.0) * (balls - marked - drawn + x + 1.0))
        };
        let add = |sum: &mut f64, term: &mut f64, factor: f64| {
            *term *= factor;
            *sum += *term;
            *term > *sum * NEGLIGIBLE
        };
        let (mut sum, mut term) = (here, here);
        if seen as f64 >= self.mean() {
            (seen..most).all(|count| add(&mut sum, &mut term, up(count)));
            ((1.0 - sum + here).clamp(0.0, 1.0), sum.min(1.0))
        } else {
            (least..seen).rev().all(|count| add(&mut sum, &mut term, 1.0 / up(count)));
            (sum.min(1.0), (1.0 - sum + here).clamp(0.0, 1.0))
        }
    }

    /// Twice the smaller tail: the probability of straying as far to either side (the central form of Fisher's exact test).
    pub fn two_sided(self, table: &LogFactorials, seen: usize) -> f64 {
        let (at_most, at_least) = self.tails(table, seen);
        (2.0 * at_most.min(at_least)).min(1.0)
    }

    /// The mean counts between which the truth lies with 95 % confidence: of the draws, favouring marked balls by some odds,
    /// that would give at least, and at most, `seen` in 2.5 % of the cases (Fisher 1935; Cornfield 1956). 1 is outside
    /// exactly where [`Self::two_sided`] is below 5 %.
    pub fn interval(self, table: &LogFactorials, seen: usize) -> (f64, f64) {
        let (least, most) = self.support();
        // Where the interval ends, counts far from the one that was seen weigh nothing.
        let reach = 30 + 6 * most.isqrt();
        let from = least.max(seen.saturating_sub(reach));
        let ways: Vec<f64> =
            (from..=most.min(seen.saturating_add(reach))).map(|count| self.ln_ways(table, count)).collect();
        let weights = |ln_odds: f64| {
            let tilted: Vec<f64> = ways.iter().enumerate().map(|(at, ways)| ways + ln_odds * at as f64).collect();
            let top = tilted.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> = tilted.iter().map(|weight| (weight - top).exp()).collect();
            let sum: f64 = weights.iter().sum();
            (weights, sum)
        };
        let at_least = |ln_odds: f64| {
            let (weights, sum) = weights(ln_odds);
            weights.iter().skip(seen - from).sum::<f64>() / sum
        };
        let at_most = |ln_odds: f64| {
            let (weights, sum) = weights(ln_odds);
            weights.iter().take(seen - from + 1).sum::<f64>() / sum
        };
        let mean = |ln_odds: f64| {
            let (weights, sum) = weights(ln_odds);
            from as f64 + weights.iter().enumerate().map(|(at, weight)| at as f64 * weight).sum::<f64>() / sum
        };
        // `high` tells whether odds are too high.
        let solve = |high: &dyn Fn(f64) -> bool| {
            let (mut low, mut top) = (-MOST_ODDS, MOST_ODDS);
            for _ in 0..HALVINGS {
                let middle = (low + top) / 2.0;
                *(if high(middle) { &mut top } else { &mut low }) = middle;
            }
            mean((low + top) / 2.0)
        };
        let low = if seen <= least { least as f64 } else { solve(&|odds| at_least(odds) > TAIL) };
        let high = if seen >= most { most as f64 } else { solve(&|odds| at_most(odds) < TAIL) };
        (low, high)
    }
}

/// What lies beyond each end of a 95 % interval.
const TAIL: f64 = 0.025;

#[cfg(test)]
mod tests {
    use super::{Draw, LogFactorials};

    fn draw(balls: usize, marked: usize, drawn: usize) -> Draw {
        Draw { balls, marked, drawn }
    }

    /// 5 balls, 2 marked, 2 drawn: of the 10 draws, 3 hold no mark, 6 one, 1 both.
    #[test]
    fn small_cases_match_counting_by_hand() {
        let table = LogFactorials::up_to(5);
        for (seen, at_most, at_least) in [(0, 0.3, 1.0), (1, 0.9, 0.7), (2, 1.0, 0.1)] {
            let (low, high) = draw(5, 2, 2).tails(&table, seen);
            assert!((low - at_most).abs() < 1e-12 && (high - at_least).abs() < 1e-12, "{seen}: {low} {high}");
        }
        assert!((draw(5, 2, 2).mean() - 0.8).abs() < 1e-12);
    }

    /// scipy 1.17: `hypergeom(balls, marked, drawn)`, its `cdf(seen)` and `sf(seen - 1)`.
    #[test]
    fn tails_are_scipys() {
        let table = LogFactorials::up_to(60_000);
        let cases = [
            (draw(61, 24, 26), 18, 0.999_996_197_073, 4.646_644_559_35e-5),
            (draw(61, 28, 26), 2, 1.229_162_151_04e-7, 0.999_999_996_773),
            (draw(61, 28, 24), 23, 1.0, 5.490_982_839_39e-11),
            (draw(2000, 300, 250), 20, 0.000_311_879_466_659, 0.999_864_572_691),
            (draw(60_000, 30_000, 20_000), 10_000, 0.503_454_891_111, 0.503_454_891_111),
        ];
        for (draw, seen, at_most, at_least) in cases {
            let (low, high) = draw.tails(&table, seen);
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-8 * b;
            assert!(close(low, at_most) && close(high, at_least), "{draw:?}, {seen}: {low:e} {high:e}");
        }
    }

    /// scipy 1.17: the 95 % interval of `contingency.odds_ratio(kind="conditional")`, and `nchypergeom_fisher.mean` at its ends.
    #[test]
    fn intervals_are_scipys() {
        let table = LogFactorials::up_to(2000);
        let cases = [
            (draw(61, 24, 26), 18, 13.957_696, 21.150_275),
            (draw(61, 28, 26), 2, 0.260_498, 5.662_168),
            (draw(61, 28, 24), 23, 19.731_049, 23.974_754),
            (draw(61, 2, 8), 2, 0.333_758, 2.0),
            (draw(61, 3, 26), 0, 0.0, 2.092_321),
            (draw(2000, 300, 250), 20, 12.547_101, 29.681_845),
        ];
        for (draw, seen, low, high) in cases {
            let (a, b) = draw.interval(&table, seen);
            assert!((a - low).abs() < 1e-5 && (b - high).abs() < 1e-5, "{draw:?}, {seen}: {a} {b}");
        }
    }

    #[test]
    fn drawing_everything_leaves_nothing_to_chance() {
        let table = LogFactorials::up_to(7);
        assert_eq!(draw(7, 3, 7).two_sided(&table, 3), 1.0);
        assert_eq!(draw(7, 3, 7).interval(&table, 3), (3.0, 3.0));
        assert_eq!((draw(0, 0, 0).two_sided(&table, 0), draw(0, 0, 0).mean()), (1.0, 0.0));
        assert_eq!(draw(1, 1, 0).interval(&table, 0), (0.0, 0.0));
    }

    /// The interval excludes the mean of a shuffle exactly where the test is below 5 %.
    #[test]
    fn interval_and_test_agree() {
        let table = LogFactorials::up_to(40);
        for (marked, drawn) in [(2, 5), (7, 12), (20, 20), (39, 3)] {
            let draw = draw(40, marked, drawn);
            let (least, most) = draw.support();
            for seen in least..=most {
                let (low, high) = draw.interval(&table, seen);
                let outside = draw.mean() < low - 1e-9 || draw.mean() > high + 1e-9;
                assert_eq!(outside, draw.two_sided(&table, seen) < 0.05, "{draw:?}, {seen}: {low} to {high}");
            }
        }
    }
}
