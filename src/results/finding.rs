//! A number of ours beside a claim, and how it is written.

use super::interval::Interval;
use super::statistic::Statistic;
use serde::{Deserialize, Serialize};

/// One number of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what.
    pub of: String,
    /// The preset behind it.
    pub preset: String,
    /// Which number, and how it is written.
    pub unit: Unit,
    /// The number.
    pub value: Statistic,
}

/// What a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bits per byte on held-out text.
    Bits,
    /// Largest load over mean load of the worst layer.
    MaxOverMean,
    /// Share of the choices that were dropped.
    Dropped,
    /// Bits per byte on held-out text, the mean over the run's evaluations: lower if a model learns faster.
    OnTheWay,
    /// Experts that share a token in effect in the last layer, for mixtures of all experts.
    Sharing,
    /// Share of the choices that fall on other experts in one domain than in the whole text.
    ByDomain,
}

impl Unit {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bits => "bits per byte",
            Self::MaxOverMean => "max/mean",
            Self::Dropped => "dropped",
            Self::OnTheWay => "bits per byte, mean on the way",
            Self::Sharing => "experts that share a token in the last layer",
            Self::ByDomain => "choices that differ by domain",
        }
    }

    /// The smallest difference that matters.
    pub fn smallest(self) -> f64 {
        match self {
            Self::Bits | Self::OnTheWay => 0.02,
            Self::MaxOverMean => 0.1,
            Self::Sharing => 0.25,
            Self::Dropped => 0.01,
            Self::ByDomain => 0.05,
        }
    }

    /// A difference in words, with its interval: `0.082 (0.010 to 0.154) bits per byte`.
    pub fn difference(self, interval: &Interval) -> String {
        let (scale, digits, unit) = match self {
            Self::Bits | Self::OnTheWay => (1.0, 3, self.name().to_owned()),
            Self::MaxOverMean | Self::Sharing => (1.0, 2, self.name().to_owned()),
            Self::Dropped | Self::ByDomain => (100.0, 1, format!("% {}", self.name())),
        };
        let number = |value: f64| format!("{:.digits$}", value * scale).replace('-', "−");
        format!("{} ({} to {}) {unit}", number(interval.middle), number(interval.low), number(interval.high))
    }

    /// A number of it in words.
    pub fn words(self, value: &Statistic) -> String {
        match self {
            Self::Bits | Self::OnTheWay => value.words(3),
            Self::MaxOverMean | Self::Sharing => value.words(2),
            Self::Dropped | Self::ByDomain => {
                let percent = |share: f64| share * 100.0;
                let value = Statistic { mean: percent(value.mean), sd: percent(value.sd), ..*value };
                format!("{} %", value.words(1))
            }
        }
    }
}
