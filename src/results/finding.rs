//! A number of ours beside a claim, and how it is written.

use super::interval::Interval;
use super::statistic::Statistic;
use crate::messages::results;
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
            Self::Bits => results::unit_bits(),
            Self::MaxOverMean => results::unit_max_over_mean(),
            Self::Dropped => results::unit_dropped(),
            Self::OnTheWay => results::unit_on_the_way(),
            Self::Sharing => results::unit_sharing(),
            Self::ByDomain => results::unit_by_domain(),
        }
    }

    /// A number with its unit.
    pub fn of(self, value: &str) -> String {
        match self {
            Self::Bits => results::value_bits(value),
            Self::MaxOverMean => results::value_max_over_mean(value),
            Self::Dropped => results::value_dropped(value),
            Self::OnTheWay => results::value_on_the_way(value),
            Self::Sharing => results::value_sharing(value),
            Self::ByDomain => results::value_by_domain(value),
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
        let (scale, digits, sign) = match self {
            Self::Bits | Self::OnTheWay => (1.0, 3, ""),
            Self::MaxOverMean | Self::Sharing => (1.0, 2, ""),
            Self::Dropped | Self::ByDomain => (100.0, 1, " %"),
        };
        let number = |value: f64| format!("{:.digits$}", value * scale).replace('-', "−");
        let [middle, low, high] = [interval.middle, interval.low, interval.high].map(number);
        self.of(&format!("{}{sign}", results::interval(middle, low, high)))
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
