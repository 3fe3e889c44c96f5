//! What becomes of a claim: it holds, it does not, or that is undecided; each by the claim's own quantity.
//!
//! A claim says that one number is larger than another (or as large, or within a bound). Its seeds leave an interval for the
//! difference ([`Interval`]), and the interval decides:
//!
//! * it holds where the whole interval lies above 0;
//! * it does not hold where the whole interval lies below the smallest effect that matters ([`Unit::smallest`]): below 0, or
//!   around 0 and so narrow that there is nothing to speak of;
//! * else it is undecided.
//!
//! "At least as well" allows for the smallest effect: it holds above minus that, and does not hold below it. A bound stands for
//! itself. What is said to rise over many levels is judged by the line through all of them, each a step from the next: it uses
//! every run, and one level out of order does not decide alone. A claim of several comparisons holds if
//! all do, each at 95 %; it fails if one does, at 95 % over all of them (Bonferroni).

use super::finding::{Finding, Unit};
use super::interval::{Interval, Spread};
use super::statistic::Statistic;
use crate::messages::results;
use serde::{Deserialize, Serialize};

/// The probability that an interval misses the truth.
const MISSED: f64 = 0.05;

/// What stands between the differences that decide.
pub(super) const BETWEEN: &str = "; ";

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimVerdict {
    /// A model is missing.
    #[default]
    NotMeasured,
    /// It rests on seconds of runs that shared the machine, and so is not judged.
    Shared,
    /// It holds.
    Holds,
    /// It does not.
    DoesNotHold,
    /// The seeds leave both open.
    Undecided,
}

impl ClaimVerdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotMeasured => results::not_measured(),
            Self::Shared => results::shared(),
            Self::Holds => results::holds(),
            Self::DoesNotHold => results::does_not_hold(),
            Self::Undecided => results::undecided(),
        }
    }
}

/// What is claimed of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// It is above 0.
    Above,
    /// It is not below 0 by as much as the smallest effect.
    NotBelow,
    /// It is above 0, however little: what it is compared with is a bound.
    Within,
}

/// One comparison of a claim.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SeedComparison {
    /// Of what, where a claim has several.
    name: String,
    unit: Unit,
    says: Says,
    /// The difference: numbers and their weights.
    terms: Vec<(f64, Statistic)>,
}

impl SeedComparison {
    fn pair(low: &Finding, high: &Finding, says: Says) -> Self {
        let terms = vec![(1.0, high.value), (-1.0, low.value)];
        Self { name: results::pair(&low.of, &high.of), unit: low.unit, says, terms }
    }

    /// The first number is smaller than the second.
    pub fn below(low: &Finding, high: &Finding) -> Self {
        Self::pair(low, high, Says::Above)
    }

    /// The first number is not larger than the second by as much as matters.
    pub fn not_above(low: &Finding, high: &Finding) -> Self {
        Self::pair(low, high, Says::NotBelow)
    }

    /// The number is below a bound.
    pub fn within(found: &Finding, bound: f64) -> Self {
        let terms = vec![(1.0, Statistic::exact(bound)), (-1.0, found.value)];
        Self { name: found.of.clone(), unit: found.unit, says: Says::Within, terms }
    }

    /// The numbers rise from the first to the last: the straight line through all of them, evenly spaced, does, as a whole.
    pub fn trend(findings: &[Finding]) -> Option<Self> {
        let (first, last) = (findings.first()?, findings.last()?);
        let middle = (findings.len() - 1) as f64 / 2.0;
        let squares: f64 = (0..findings.len()).map(|at| (at as f64 - middle).powi(2)).sum();
        let weight = |at: usize| 2.0 * middle * (at as f64 - middle) / squares;
        Some(Self {
            name: results::range(&first.of, &last.of),
            unit: first.unit,
            says: Says::Above,
            terms: findings.iter().enumerate().map(|(at, found)| (weight(at), found.value)).collect(),
        })
    }

    fn interval(&self, spread: &dyn Fn(Unit) -> Spread, missed: f64) -> Option<Interval> {
        Interval::of(&self.terms, spread(self.unit), missed)
    }

    /// Whether it holds at 95 %, or fails so surely that it is one failure among `all` at 95 %.
    fn verdict(&self, spread: &dyn Fn(Unit) -> Spread, all: usize) -> ClaimVerdict {
        let smallest = self.unit.smallest();
        let holds = |interval: &Interval| match self.says {
            Says::Above => interval.low > 0.0 && interval.high >= smallest,
            Says::NotBelow => interval.low > -smallest,
            Says::Within => interval.low > 0.0,
        };
        let fails = |interval: &Interval| match self.says {
            Says::Above => interval.high < smallest,
            Says::NotBelow => interval.high < -smallest,
            Says::Within => interval.high < 0.0,
        };
        if self.interval(spread, MISSED).is_some_and(|interval| holds(&interval)) {
            ClaimVerdict::Holds
        } else if self.interval(spread, MISSED / all.max(1) as f64).is_some_and(|interval| fails(&interval)) {
            ClaimVerdict::DoesNotHold
        } else {
            ClaimVerdict::Undecided
        }
    }
}

/// The verdict of all of a claim's comparisons, and in words what decides: their differences with 95 % intervals.
pub(super) fn judge(comparisons: &[SeedComparison], spread: &dyn Fn(Unit) -> Spread) -> (ClaimVerdict, String) {
    let verdicts: Vec<ClaimVerdict> = comparisons.iter().map(|one| one.verdict(spread, comparisons.len())).collect();
    let verdict = match () {
        () if verdicts.contains(&ClaimVerdict::DoesNotHold) => ClaimVerdict::DoesNotHold,
        () if verdicts.contains(&ClaimVerdict::Undecided) => ClaimVerdict::Undecided,
        () => ClaimVerdict::Holds,
    };
    let deciding = comparisons.iter().zip(&verdicts).filter(|(_, own)| **own == verdict);
    let told = deciding.map(|(one, _)| {
        let difference = match one.interval(spread, MISSED) {
            Some(interval) => one.unit.difference(&interval),
            None => results::one_seed().to_owned(),
        };
        if comparisons.len() > 1 { results::finding(&one.name, difference) } else { difference }
    });
    (verdict, told.collect::<Vec<_>>().join(BETWEEN))
}

#[cfg(test)]
mod tests {
    use super::{ClaimVerdict, SeedComparison, judge};
    use crate::results::claims::{Finding, Unit};
    use crate::results::interval::Spread;
    use crate::results::statistic::Statistic;

    /// A number of two seeds; t with two degrees of freedom is 4.3027.
    fn found(unit: Unit, values: [f64; 2]) -> Finding {
        let value = Statistic::of(values).unwrap();
        Finding { of: "a".to_owned(), preset: "a".to_owned(), unit, value }
    }

    fn of(comparison: SeedComparison) -> ClaimVerdict {
        judge(&[comparison], &|_| Spread::default()).0
    }

    /// Two pairs whose seeds differ by `apart` each: the standard error of their difference is `apart / sqrt(2)`, and so the
    /// interval 3.0424 times `apart` to either side.
    fn pair(unit: Unit, difference: f64, apart: f64) -> (Finding, Finding) {
        let at = |middle: f64| found(unit, [middle - apart / 2.0, middle + apart / 2.0]);
        (at(2.0), at(2.0 + difference))
    }

    #[test]
    fn an_interval_decides_or_leaves_open() {
        let below = |difference, apart| {
            let (low, high) = pair(Unit::Bits, difference, apart);
            of(SeedComparison::below(&low, &high))
        };
        // 0.1 ± 0.03, -0.1 ± 0.03, 0.1 ± 0.3; the smallest effect is 0.02.
        assert_eq!(
            [below(0.1, 0.01), below(-0.1, 0.01), below(0.1, 0.1)],
            [ClaimVerdict::Holds, ClaimVerdict::DoesNotHold, ClaimVerdict::Undecided]
        );
        // 0.0 ± 0.003 and 0.01 ± 0.003: so narrow that there is nothing to speak of. 0.0 ± 0.03 may yet be something.
        assert_eq!(
            [below(0.0, 0.001), below(0.01, 0.001), below(0.0, 0.01)],
            [ClaimVerdict::DoesNotHold, ClaimVerdict::DoesNotHold, ClaimVerdict::Undecided]
        );
    }

    #[test]
    fn as_well_allows_for_the_smallest_effect_and_a_bound_for_none() {
        let as_well = |difference, apart| {
            let (low, high) = pair(Unit::Bits, difference, apart);
            of(SeedComparison::not_above(&low, &high))
        };
        // 0 ± 0.003 and -0.01 ± 0.003 are as good; -0.1 ± 0.03 is not; 0 ± 0.03 may be worse by as much as matters.
        assert_eq!([as_well(0.0, 0.001), as_well(-0.01, 0.001)], [ClaimVerdict::Holds, ClaimVerdict::Holds]);
        assert_eq!([as_well(-0.1, 0.01), as_well(0.0, 0.01)], [ClaimVerdict::DoesNotHold, ClaimVerdict::Undecided]);
        // -0.02 ± 0.015 is worse, but perhaps by less than matters.
        assert_eq!(as_well(-0.02, 0.005), ClaimVerdict::Undecided);
        let within = |values, bound| of(SeedComparison::within(&found(Unit::MaxOverMean, values), bound));
        assert_eq!(within([1.0, 1.0], 1.01), ClaimVerdict::Holds);
        assert_eq!(
            [within([1.0, 1.0], 0.99), within([1.0, 2.0], 1.6)],
            [ClaimVerdict::DoesNotHold, ClaimVerdict::Undecided]
        );
    }

    /// Numbers in one unit say nothing of another: drop rates far apart are so however near the losses are.
    #[test]
    fn each_quantity_has_its_own_measure() {
        let (low, high) = pair(Unit::Dropped, 0.2, 0.01);
        let spread = |unit: Unit| match unit {
            Unit::Bits => Spread { variance: 100.0, freedom: 9.0 },
            _ => Spread::default(),
        };
        let (verdict, words) = judge(&[SeedComparison::below(&low, &high)], &spread);
        assert_eq!((verdict, words.as_str()), (ClaimVerdict::Holds, "20.0 (17.0 to 23.0) % dropped"));
    }

    /// 1, 2, 4 on evenly spaced places: the line through them rises by 3 in all, (-1 * 1 + 1 * 4) / 2 * 2.
    #[test]
    fn a_trend_is_the_rise_of_the_line_through_all() {
        let exact = |mean: f64| found(Unit::Sharing, [mean, mean]);
        let trend = |values: [f64; 3]| SeedComparison::trend(&values.map(exact)).unwrap();
        let (verdict, words) = judge(&[trend([1.0, 2.0, 4.0])], &|_| Spread::default());
        assert_eq!(
            (verdict, words.as_str()),
            (ClaimVerdict::Holds, "3.00 (3.00 to 3.00) experts that share a token in the last layer")
        );
        assert_eq!(of(trend([1.0, 5.0, 1.0])), ClaimVerdict::DoesNotHold);
    }

    /// The recorded runs of the capacity factors 2, 1.25, 1 and 0.5 (drop rates) and of 16, 8, 4, 2 experts and 1 (bits per byte);
    /// numpy and scipy 1.17: weights of the least squares line, variances by Welch and Satterthwaite, `t.ppf`.
    #[test]
    fn the_intervals_of_trends_are_scipys() {
        let trend = |unit, levels: &[[f64; 3]]| {
            let found = |values: &[f64; 3]| Finding { value: Statistic::of(*values).unwrap(), ..found(unit, [0.0; 2]) };
            SeedComparison::trend(&levels.iter().map(found).collect::<Vec<_>>()).unwrap()
        };
        let factors = [
            [0.254524, 0.228557, 0.191458],
            [0.438807, 0.346191, 0.378381],
            [0.468323, 0.434251, 0.457116],
            [0.706407, 0.698575, 0.709647],
        ];
        let experts = [
            [2.993445, 2.988306, 3.006371],
            [2.998035, 2.966228, 2.973907],
            [2.942749, 2.984065, 2.952238],
            [2.952992, 2.937594, 2.998445],
            [2.991489, 3.001309, 2.990110],
        ];
        for (trend, wanted, verdict) in [
            (trend(Unit::Dropped, &factors), [0.451_658, 0.394_034, 0.509_283], ClaimVerdict::Holds),
            (trend(Unit::Bits, &experts), [-0.007_942, -0.032_719, 0.016_834], ClaimVerdict::DoesNotHold),
        ] {
            let interval = trend.interval(&|_| Spread::default(), 0.05).unwrap();
            let close = |(a, b): (f64, f64)| (a - b).abs() < 2e-5;
            assert!([interval.middle, interval.low, interval.high].into_iter().zip(wanted).all(close), "{interval:?}");
            assert_eq!(of(trend), verdict);
        }
    }

    /// 0.1 ± 0.3 is open beside one that holds, but not beside one that fails: a claim of several is as weak as its weakest.
    #[test]
    fn the_weakest_comparison_decides() {
        let of = |all: &[(f64, f64)]| {
            let one = |(difference, apart): &(f64, f64)| {
                let (low, high) = pair(Unit::Bits, *difference, *apart);
                SeedComparison::below(&low, &high)
            };
            judge(&all.iter().map(one).collect::<Vec<_>>(), &|_| Spread::default())
        };
        assert_eq!(of(&[(0.5, 0.01), (0.5, 0.01)]).0, ClaimVerdict::Holds);
        assert_eq!(
            of(&[(0.5, 0.01), (0.1, 0.1)]),
            (ClaimVerdict::Undecided, "a, a: 0.100 (−0.204 to 0.404) bits per byte".to_owned())
        );
        assert_eq!(of(&[(0.1, 0.1), (-0.5, 0.01)]).0, ClaimVerdict::DoesNotHold);
    }
}
