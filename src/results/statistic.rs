//! A number that was measured with several seeds.

use serde::{Deserialize, Serialize, Serializer};

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
}
