//! What each setting may be, in one place: for the checks, and for what is said where something else was written.

use super::error::SettingsError;
use crate::format::{number, thousands};

/// A whole number: its name in links, its words, its smallest and its largest value.
type Whole = (&'static str, &'static str, usize, usize);
/// A number, in the same way.
type Real = (&'static str, &'static str, f64, f64);

pub(super) const EXPERTS: Whole = ("experts", "the number of experts", 1, 64);
pub(super) const WIDTH: Whole = ("width", "the width", 16, 512);
pub(super) const LAYERS: Whole = ("layers", "the number of layers", 1, 8);
pub(super) const INNER: Whole = ("inner", "the width inside an expert", 4, 2048);
pub(super) const BATCH: Whole = ("batch", "the number of sequences a step", 1, 64);
pub(super) const LEN: Whole = ("len", "the number of tokens a sequence", 8, 512);
pub(super) const VOCABULARY: Whole = ("vocabulary", "the vocabulary", 257, 4096);
const WHOLE: [Whole; 7] = [EXPERTS, WIDTH, LAYERS, INNER, BATCH, LEN, VOCABULARY];

/// A hundred times what a model learns well with is far enough to watch one break.
pub(super) const RATE: Real = ("lr", "the learning rate", 0.0, 1.0);
pub(super) const BALANCE: Real = ("balance", "the balancing coefficient", 0.0, 100.0);
pub(super) const Z: Real = ("z", "the z-loss coefficient", 0.0, 100.0);
pub(super) const NOISE: Real = ("noise", "the noise", 0.0, 100.0);
pub(super) const BIAS: Real = ("bias", "the speed of the bias", 0.0, 100.0);
const REAL: [Real; 5] = [RATE, BALANCE, Z, NOISE, BIAS];

/// Settings whose bounds hang on others.
const OTHERS: [(&str, &str, &str); 3] = [
    ("k", "the number of chosen experts", "a whole number"),
    ("seed", "the seed", "a whole number, 0 or more"),
    ("capacity", "the capacity factor", "a number above 0, and at most the number of experts"),
];

/// Checks a whole number.
pub(super) fn whole((name, words, least, most): Whole, value: usize) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let (words, most, value) = (capital(words), thousands(most), thousands(value));
    Err(SettingsError { name, message: format!("{words} must be from {least} to {most}, not {value}.") })
}

/// Checks a number.
pub(super) fn real((name, words, least, most): Real, value: f64) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let (words, most, value) = (capital(words), number(most), number(value));
    Err(SettingsError { name, message: format!("{words} must be from {least} to {most}, not {value}.") })
}

/// A setting's words, and what it may be.
fn of(name: &str) -> Option<(&'static str, String)> {
    let whole = WHOLE.iter().find(|own| own.0 == name);
    let whole =
        whole.map(|(_, words, least, most)| (*words, format!("a whole number from {least} to {}", thousands(*most))));
    let real = REAL.iter().find(|own| own.0 == name);
    let real = real.map(|(_, words, least, most)| (*words, format!("a number from {least} to {}", number(*most))));
    let other = OTHERS.iter().find(|own| own.0 == name).map(|(_, words, what)| (*words, (*what).to_owned()));
    whole.or(real).or(other)
}

/// What a setting may be, by its name in links; nothing for what is chosen from a list.
pub fn bounds(name: &str) -> Option<String> {
    of(name).map(|(_, what)| what)
}

/// What is said of something that cannot be read as the setting of that name.
pub fn misread(name: &'static str, value: &str) -> SettingsError {
    let (words, what) = of(name).unwrap_or((name, "something else".to_owned()));
    let end =
        if value.trim().is_empty() { ": nothing is written there".to_owned() } else { format!(", not “{value}”") };
    SettingsError { name, message: format!("{} must be {what}{end}.", capital(words)) }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::{bounds, misread};
    use crate::run::{Coefficients, Settings};

    #[test]
    fn every_number_says_what_it_may_be_and_its_check_agrees() {
        for (name, _) in Settings::default().fields() {
            let listed = matches!(name, "method" | "against" | "text");
            assert_eq!(bounds(name).is_none(), listed, "{name}");
        }
        let with = |learning_rate| {
            let coefficients = Coefficients { learning_rate, ..Coefficients::default() };
            Settings { coefficients, ..Settings::default() }.validate()
        };
        assert_eq!(with(1.0), Ok(()));
        for rate in [5.0, 1e12, f64::INFINITY, f64::NAN, -0.1] {
            let error = with(rate).unwrap_err();
            assert!(
                error.name == "lr" && error.message.starts_with("The learning rate must be from 0 to 1, not"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_the_bounds() {
        let said = |name, value| misread(name, value).message;
        assert_eq!(said("layers", "1.5"), "The number of layers must be a whole number from 1 to 8, not “1.5”.");
        assert_eq!(said("lr", ""), "The learning rate must be a number from 0 to 1: nothing is written there.");
        assert_eq!(said("seed", "-1"), "The seed must be a whole number, 0 or more, not “-1”.");
    }
}
