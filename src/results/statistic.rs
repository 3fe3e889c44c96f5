//! A number that was measured with several seeds.

use serde::{Deserialize, Serialize, Serializer};

/// Standard errors that two means must be apart to count as different, by degrees of freedom, from 1: the two-sided 95 %
/// quantiles of Student's t.
const ERRORS: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
/// The same for very many.
const MANY: f64 = 1.96;

/// Mean and spread over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistic {
    /// The mean.
    #[serde(serialize_with = "rounded")]
    pub mean: f64,
    /// Standard deviation of the sample (divided by n - 1); 0 for one seed.
    #[serde(serialize_with = "rounded")]
    pub sd: f64,
    /// Seeds, n. 0 for a number that was not measured but is compared with.
    pub seeds: usize,
}

/// Five digits behind the point are more than any run is sure of.
pub(super) fn rounded<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(round(*value, 5))
}

/// `value` with so many digits behind the point.
pub(super) fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

impl Statistic {
    /// Of one value for each seed; `None` if there is none, or one that is no number.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        mean.is_finite().then(|| Self { mean, sd: (squares / (n - 1.0).max(1.0)).sqrt(), seeds: values.len() })
    }

    /// A fixed number to compare with.
    pub fn exact(mean: f64) -> Self {
        Self { mean, sd: 0.0, seeds: 0 }
    }

    /// Whether the two means are further apart than the spread of the seeds explains; `None` if one has too few seeds to
    /// tell.
    pub fn differs(&self, other: &Self) -> Option<bool> {
        let variance = |one: &Self| match one.seeds {
            0 => Some(0.0),
            1 => None,
            n => Some(one.sd * one.sd / n as f64),
        };
        let error = (variance(self)? + variance(other)?).sqrt();
        let freedom = self.seeds.saturating_sub(1) + other.seeds.saturating_sub(1);
        let errors = freedom.checked_sub(1).map_or(MANY, |at| ERRORS.get(at).copied().unwrap_or(MANY));
        Some((self.mean - other.mean).abs() > errors * error)
    }

    /// `2.207`, or `2.207 ± 0.004` for several seeds.
    pub fn words(&self, digits: usize) -> String {
        if self.seeds > 1 {
            format!("{:.digits$} ± {:.digits$}", self.mean, self.sd)
        } else {
            format!("{:.digits$}", self.mean)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the values 1, 2, 6 have the mean 3 and the variance (4 + 1 + 9) / 2 = 7.
    #[test]
    fn mean_and_spread() {
        let three = Statistic::of([1.0, 2.0, 6.0]).unwrap();
        assert_eq!((three.mean, three.seeds), (3.0, 3));
        assert!((three.sd * three.sd - 7.0).abs() < 1e-12);
        assert_eq!(Statistic::of([2.5]).unwrap().sd, 0.0);
        assert_eq!((Statistic::of([]), Statistic::of([f64::NAN])), (None, None));
    }

    #[test]
    fn one_seed_cannot_tell_and_many_can() {
        let three = |mean, sd| Statistic { mean, sd, seeds: 3 };
        assert_eq!(Statistic::of([1.0]).unwrap().differs(&three(9.0, 0.1)), None);
        // The standard error of the difference is sqrt(2 * 0.03^2 / 3) = 0.0245, and t for four degrees of freedom 2.776.
        assert_eq!(three(1.0, 0.03).differs(&three(1.067, 0.03)), Some(false));
        assert_eq!(three(1.0, 0.03).differs(&three(1.069, 0.03)), Some(true));
        assert_eq!(three(1.0, 0.0).differs(&Statistic::exact(1.0)), Some(false));
    }
}
