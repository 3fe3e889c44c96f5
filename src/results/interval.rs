//! How far apart numbers of several seeds are, and between what bounds the truth about that lies.

use super::statistic::Statistic;
use std::f64::consts::FRAC_PI_2;

/// A variance from seed to seed, and the degrees of freedom that it was estimated with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// The variance, in the number's unit squared.
    pub variance: f64,
    /// Degrees of freedom; 0 if nothing is known.
    pub freedom: f64,
}

/// A difference and its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The difference of the means.
    pub middle: f64,
    /// The interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Spread {
    /// Of numbers of which each has several seeds, taken to spread alike: the pooled variance. Numbers of one seed tell
    /// nothing.
    pub fn pooled(numbers: impl IntoIterator<Item = Statistic>) -> Self {
        let of = |number: Statistic| (number.seeds.saturating_sub(1) as f64, number.sd * number.sd);
        let sums =
            numbers.into_iter().map(of).fold((0.0, 0.0), |(all, sum), (n, variance)| (all + n, sum + n * variance));
        Self { variance: if sums.0 > 0.0 { sums.1 / sums.0 } else { 0.0 }, freedom: sums.0 }
    }
}

impl Interval {
    /// The interval of a weighted sum of means, as Welch 1947 has it: every number spreads in its own way. Numbers of one seed
    /// are taken to spread as `spread` says; `None` if there is such a number and nothing is known. `missed` is the
    /// probability that the truth lies outside.
    pub fn of(terms: &[(f64, Statistic)], spread: Spread, missed: f64) -> Option<Self> {
        let middle: f64 = terms.iter().map(|(weight, number)| weight * number.mean).sum();
        let single: f64 = terms.iter().filter(|(_, number)| number.seeds == 1).map(|(weight, _)| weight * weight).sum();
        if single > 0.0 && spread.freedom <= 0.0 {
            return None;
        }
        let several = terms.iter().filter(|(_, number)| number.seeds > 1).map(|(weight, number)| {
            let n = number.seeds as f64;
            (weight * weight * number.sd * number.sd / n, n - 1.0)
        });
        // Numbers of one seed share one estimate, and so count as one.
        let parts = several.chain([(single * spread.variance, spread.freedom)]);
        let (variance, inverse) = parts
            .filter(|(variance, _)| *variance > 0.0)
            .fold((0.0, 0.0), |sums, (variance, freedom)| (sums.0 + variance, sums.1 + variance * variance / freedom));
        let half = if variance > 0.0 { student(variance * variance / inverse, missed) * variance.sqrt() } else { 0.0 };
        Some(Self { middle, low: middle - half, high: middle + half })
    }
}

/// The value that Student's t with so many degrees of freedom exceeds, to either side, with the probability `missed`.
///
/// With t = tan(a) sqrt(freedom), the density of a is proportional to cos(a)^(freedom - 1), from -pi/2 to pi/2.
pub(super) fn student(freedom: f64, missed: f64) -> f64 {
    /// Pieces of Simpson's rule, an even number.
    const PIECES: usize = 2000;
    let area = |to: f64| {
        let step = to / PIECES as f64;
        let height = |at: usize| (step * at as f64).cos().max(0.0).powf(freedom - 1.0);
        let weight = |at: usize| match at {
            0 | PIECES => 1.0,
            at if at % 2 == 1 => 4.0,
            _ => 2.0,
        };
        (0..=PIECES).map(|at| weight(at) * height(at)).sum::<f64>() * step / 3.0
    };
    let wanted = (1.0 - missed) * area(FRAC_PI_2);
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        *(if area(middle) < wanted { &mut low } else { &mut high }) = middle;
    }
    ((low + high) / 2.0).tan() * freedom.sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Interval, Spread, student};
    use crate::results::statistic::Statistic;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4 * b.abs().max(1e-3)
    }

    /// scipy 1.17: `t.ppf(1 - missed / 2, freedom)`.
    #[test]
    fn quantiles_are_scipys() {
        for (freedom, missed, t) in [
            (1.0, 0.05, 12.706205),
            (2.0, 0.05, 4.302653),
            (2.5588, 0.05, 3.516564),
            (3.5066, 0.05, 2.937514),
            (10.0, 0.05, 2.228139),
            (44.0, 0.05, 2.015368),
            (4.0, 0.01, 4.604095),
        ] {
            assert!(close(student(freedom, missed), t), "{freedom}: {}", student(freedom, missed));
        }
    }

    /// scipy 1.17: `ttest_ind(b, a, equal_var=False).confidence_interval()` for the drop rates of the capacity factors 2, 1.25
    /// and 1, and for max/mean with and without balancing.
    #[test]
    fn intervals_are_scipys() {
        let difference = |a: [f64; 3], b: [f64; 3]| {
            let of = |values: [f64; 3]| Statistic::of(values).unwrap();
            Interval::of(&[(1.0, of(b)), (-1.0, of(a))], Spread::default(), 0.05).unwrap()
        };
        let two = [0.2545, 0.2286, 0.1915];
        let more = [0.4388, 0.3462, 0.3784];
        let one = [0.4683, 0.4352, 0.4571];
        for (a, b, [middle, low, high]) in [
            (two, more, [0.162933, 0.066785, 0.259082]),
            (more, one, [0.065733, -0.037183, 0.168650]),
            ([1.6322, 1.4449, 1.5188], [3.6277, 3.6326, 3.6315], [2.098633, 1.864522, 2.332745]),
        ] {
            let interval = difference(a, b);
            assert!(
                close(interval.middle, middle) && close(interval.low, low) && close(interval.high, high),
                "{interval:?}"
            );
        }
    }

    /// By hand: variances 4 and 1 of three and two seeds, (2 * 4 + 1 * 1) / 3 = 3 with three degrees of freedom. Two numbers of
    /// one seed are then sqrt(2 * 3) times t(3) = 3.1824 apart by chance.
    #[test]
    fn one_seed_spreads_as_the_others_do() {
        let of = |mean, sd, seeds| Statistic { mean, sd, seeds };
        let spread = Spread::pooled([of(9.0, 2.0, 3), of(1.0, 1.0, 2), of(5.0, 0.0, 1)]);
        assert_eq!((spread.variance, spread.freedom), (3.0, 3.0));
        let terms = [(1.0, of(2.0, 0.0, 1)), (-1.0, of(1.0, 0.0, 1))];
        let interval = Interval::of(&terms, spread, 0.05).unwrap();
        assert!((interval.high - 1.0 - 6.0_f64.sqrt() * 3.182_446).abs() < 1e-4, "{interval:?}");
        assert_eq!(Interval::of(&terms, Spread::default(), 0.05), None);
        let exact = Interval::of(&[(1.0, of(2.0, 0.0, 3)), (-1.0, Statistic::exact(1.5))], spread, 0.05).unwrap();
        assert_eq!((exact.low, exact.high), (0.5, 0.5));
    }
}
