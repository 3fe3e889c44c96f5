//! Every setting of a run once: its names, its bounds, where a slider stops and where its value lies. Links, files, `--set` of
//! the terminal, checks, messages and the page's controls all go by these rows.

use super::settings::{Settings, TextChoice};
use crate::messages::run;
use crate::methods::{self, Method};
use crate::methods::{Choices, Coefficient};
use serde::{Deserialize, Serialize};

/// A message without arguments.
pub type Words = fn() -> &'static str;

/// A setting.
pub struct SettingRow {
    /// Its name in links.
    pub name: &'static str,
    /// Its name at its control, and in a sentence.
    pub label: Words,
    /// What it means, for its control.
    pub what: Option<Words>,
    /// Its short name in a list of changes, if it may change while a run goes on: then it is one of
    /// [`Coefficients`](super::Coefficients).
    pub coefficient: Option<Words>,
    /// What it may be.
    pub(super) may: May,
    /// Where its slider stops; nothing for what is chosen from a list.
    pub stops: &'static [f64],
    /// Whether it does something with these settings.
    pub applies: fn(&Settings) -> bool,
    pub(super) place: SettingPlace,
}

/// What a setting is read as.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reading {
    /// One of a list.
    Listed,
    /// A whole number with bounds.
    Whole(usize, usize),
    /// A number with bounds.
    Real(f64, f64),
    /// A whole number from 1 to the number of experts, or what the method makes of that.
    AnyWhole,
    /// A whole number, 0 or more, as large as 64 bits hold.
    Natural,
    /// A number above 0, and at most the number of experts.
    UpToExperts,
}

/// What a setting may be.
#[derive(Clone, Copy)]
pub(super) enum May {
    /// One of a list of names.
    Listed,
    /// A whole number from the smallest to the largest.
    Whole(usize, usize),
    /// A number from the smallest to the largest.
    Real(f64, f64),
    /// What hangs on others: how it is read.
    Other(Reading),
}

/// Where its value lies.
#[derive(Clone, Copy)]
pub(super) enum SettingPlace {
    Method(fn(&mut Settings) -> &mut &'static Method),
    Against(fn(&mut Settings) -> &mut Option<&'static Method>),
    Text(fn(&mut Settings) -> &mut TextChoice),
    Whole(fn(&mut Settings) -> &mut usize),
    Seed(fn(&mut Settings) -> &mut u64),
    Real(fn(&mut Settings) -> &mut f64),
}

const RATES: &[f64] = &[0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0];
const WEIGHTS: &[f64] = &[0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0];
const SPEEDS: &[f64] = &[0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0];

/// A row of which the rest is as in most.
const fn row(name: &'static str, label: Words, may: May, place: SettingPlace) -> SettingRow {
    SettingRow { name, label, what: None, coefficient: None, may, stops: &[], applies: |_| true, place }
}

/// All of them, in the order of links.
pub const TABLE: [SettingRow; 18] = [
    row("method", run::method, May::Listed, SettingPlace::Method(|s| &mut s.method)),
    row("against", run::against, May::Listed, SettingPlace::Against(|s| &mut s.against)),
    SettingRow {
        what: Some(run::experts_what),
        stops: &[2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0],
        ..row("experts", run::experts, May::Whole(1, 64), SettingPlace::Whole(|s| &mut s.experts))
    },
    SettingRow {
        what: Some(run::k_what),
        stops: &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0],
        applies: |s| matches!(s.method.choices, Choices::Any | Choices::Pairs),
        ..row("k", run::k, May::Other(Reading::AnyWhole), SettingPlace::Whole(|s| &mut s.top_k))
    },
    SettingRow {
        what: Some(run::layer_width_what),
        stops: &[16.0, 32.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0],
        ..row("width", run::layer_width, May::Whole(16, 512), SettingPlace::Whole(|s| &mut s.width))
    },
    SettingRow {
        what: Some(run::layers_what),
        stops: &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0],
        ..row("layers", run::layers, May::Whole(1, 8), SettingPlace::Whole(|s| &mut s.layers))
    },
    SettingRow {
        stops: &[16.0, 32.0, 48.0, 64.0, 96.0, 128.0, 256.0, 512.0, 1024.0, 2048.0],
        ..row("inner", run::inner, May::Whole(4, 2048), SettingPlace::Whole(|s| &mut s.inner))
    },
    SettingRow {
        stops: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
        ..row("batch", run::batch, May::Whole(1, 64), SettingPlace::Whole(|s| &mut s.batch))
    },
    SettingRow {
        what: Some(run::len_what),
        stops: &[8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0],
        ..row("len", run::len, May::Whole(8, 512), SettingPlace::Whole(|s| &mut s.len))
    },
    SettingRow {
        what: Some(run::vocabulary_what),
        stops: &[257.0, 320.0, 512.0, 1024.0, 2048.0, 4096.0],
        ..row("vocabulary", run::vocabulary, May::Whole(257, 4096), SettingPlace::Whole(|s| &mut s.vocabulary))
    },
    SettingRow {
        what: Some(run::seed_what),
        stops: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
        ..row("seed", run::seed, May::Other(Reading::Natural), SettingPlace::Seed(|s| &mut s.seed))
    },
    row("text", run::text, May::Listed, SettingPlace::Text(|s| &mut s.text)),
    SettingRow {
        what: Some(run::rate_what),
        coefficient: Some(run::rate_short),
        stops: RATES,
        // A hundred times what a model learns well with is far enough to watch one break.
        ..row("lr", run::rate, May::Real(0.0, 1.0), SettingPlace::Real(|s| &mut s.coefficients.learning_rate))
    },
    SettingRow {
        what: Some(run::balance_what),
        coefficient: Some(run::balance_short),
        stops: WEIGHTS,
        applies: |s| s.method.has(Coefficient::Balance),
        ..row("balance", run::balance, May::Real(0.0, 100.0), SettingPlace::Real(|s| &mut s.coefficients.balance))
    },
    SettingRow {
        what: Some(run::z_what),
        coefficient: Some(run::z_short),
        stops: WEIGHTS,
        applies: |s| s.method.has(Coefficient::Z),
        ..row("z", run::z, May::Real(0.0, 100.0), SettingPlace::Real(|s| &mut s.coefficients.z))
    },
    SettingRow {
        what: Some(run::noise_what),
        coefficient: Some(run::noise_short),
        stops: &[0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0],
        applies: |s| s.method.has(Coefficient::Noise),
        ..row("noise", run::noise, May::Real(0.0, 100.0), SettingPlace::Real(|s| &mut s.coefficients.noise))
    },
    SettingRow {
        what: Some(run::room_what),
        coefficient: Some(run::room_short),
        stops: &[0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0],
        applies: |s| s.method.has(Coefficient::Capacity),
        ..row(
            "capacity",
            run::room,
            May::Other(Reading::UpToExperts),
            SettingPlace::Real(|s| &mut s.coefficients.capacity_factor),
        )
    },
    SettingRow {
        what: Some(run::bias_what),
        coefficient: Some(run::bias_short),
        stops: SPEEDS,
        applies: |s| s.method.has(Coefficient::Bias),
        ..row("bias", run::bias, May::Real(0.0, 100.0), SettingPlace::Real(|s| &mut s.coefficients.bias_speed))
    },
];

/// The setting of that name in links.
pub fn named(name: &str) -> Option<&'static SettingRow> {
    const ROWS: &[SettingRow] = &TABLE;
    ROWS.iter().find(|row| row.name == name)
}

/// What the setting of that name in links is called at its control, and in a sentence.
pub fn label(name: &str) -> &str {
    named(name).map_or(name, |row| (row.label)())
}

impl SettingRow {
    /// Its value, as links write it.
    pub fn get(&self, settings: &Settings) -> String {
        let mut copy = settings.clone();
        match self.place {
            SettingPlace::Method(place) => place(&mut copy).id.to_owned(),
            SettingPlace::Against(place) => place(&mut copy).map_or("none", |method| method.id).to_owned(),
            SettingPlace::Text(place) => place(&mut copy).name().to_owned(),
            SettingPlace::Whole(place) => place(&mut copy).to_string(),
            SettingPlace::Seed(place) => place(&mut copy).to_string(),
            SettingPlace::Real(place) => place(&mut copy).to_string(),
        }
    }

    /// Sets it to what a link writes; whether that was understood. If not, nothing changes.
    pub fn set(&self, settings: &mut Settings, value: &str) -> bool {
        fn put<T>(place: &mut T, value: Option<T>) -> bool {
            let understood = value.is_some();
            if let Some(value) = value {
                *place = value;
            }
            understood
        }
        match self.place {
            SettingPlace::Method(place) => put(place(settings), methods::trained_named(value)),
            SettingPlace::Against(place) => put(
                place(settings),
                methods::trained_named(value).map(Some).or_else(|| (value == "none").then_some(None)),
            ),
            SettingPlace::Text(place) => put(place(settings), TextChoice::named(value)),
            SettingPlace::Whole(place) => put(place(settings), value.parse().ok()),
            SettingPlace::Seed(place) => put(place(settings), value.parse().ok()),
            // One that is not finite compares with nothing, not even with itself.
            SettingPlace::Real(place) => {
                put(place(settings), value.parse().ok().filter(|value: &f64| value.is_finite()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Coefficients;

    /// Numbers that look random and are the same every time.
    struct Draws(u64);

    impl Draws {
        fn below(&mut self, most: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % most
        }

        fn real(&mut self) -> f64 {
            f64::from_bits(self.0.rotate_left(21) & !(1 << 63)) // Any bits; those that are no number are passed over.
        }

        fn settings(&mut self) -> Settings {
            let methods: Vec<_> = methods::trained().collect();
            let mut settings = Settings::default();
            for row in &TABLE {
                self.below(2);
                match row.place {
                    SettingPlace::Method(place) => {
                        *place(&mut settings) = methods[self.below(methods.len() as u64) as usize]
                    }
                    SettingPlace::Against(place) => {
                        *place(&mut settings) = methods.get(self.below(30) as usize).copied();
                    }
                    SettingPlace::Text(place) => *place(&mut settings) = TextChoice::ALL[self.below(5) as usize],
                    SettingPlace::Whole(place) => *place(&mut settings) = self.below(1 << 30) as usize,
                    SettingPlace::Seed(place) => *place(&mut settings) = self.0,
                    SettingPlace::Real(place) => {
                        let value = self.real();
                        *place(&mut settings) = if value.is_finite() { value } else { 0.1 };
                    }
                }
            }
            settings
        }
    }

    #[test]
    fn what_is_written_is_read_back_whatever_the_settings() {
        let mut draws = Draws(7);
        for _ in 0..500 {
            let settings = draws.settings();
            for text in [settings.to_link(), settings.to_text()] {
                assert_eq!(Settings::from_link(&text), settings, "{text}");
                assert!(Settings::unread(&text).is_empty(), "{text}");
            }
        }
    }

    #[test]
    fn each_row_sets_its_own_value_and_no_other() {
        let usual = Settings::default();
        for row in &TABLE {
            let other = match row.place {
                SettingPlace::Method(_) | SettingPlace::Against(_) => "base",
                SettingPlace::Text(_) => "code",
                _ => "12",
            };
            let mut settings = usual.clone();
            assert!(row.set(&mut settings, other), "{}", row.name);
            let differing: Vec<_> = TABLE.iter().filter(|one| one.get(&settings) != one.get(&usual)).collect();
            assert_eq!(differing.iter().map(|one| one.name).collect::<Vec<_>>(), [row.name]);
            let back = Settings { coefficients: usual.coefficients, ..settings.clone() };
            assert_eq!(back == usual, row.coefficient.is_some(), "{}", row.name);
            assert!(!row.set(&mut settings, "?") && row.get(&settings) == other, "{}", row.name);
        }
        assert_eq!(TABLE.iter().filter(|row| row.coefficient.is_some()).count(), 6);
        let _: Coefficients = usual.coefficients;
    }

    #[test]
    fn sliders_stop_within_bounds_and_in_order() {
        for row in &TABLE {
            assert!(row.stops.windows(2).all(|pair| pair[0] < pair[1]), "{}", row.name);
            let within = |stop: &f64| match row.may {
                May::Whole(least, most) => (least as f64..=most as f64).contains(stop),
                May::Real(least, most) => (least..=most).contains(stop),
                May::Listed | May::Other(_) => true,
            };
            assert!(row.stops.iter().all(within), "{}", row.name);
        }
    }
}
