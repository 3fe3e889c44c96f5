//! What each setting may be ([`super::table`]): the checks, and what is said where something else was written.

use super::error::SettingsError;
use super::settings::Settings;
use super::table::{self, May, Place, Row};
use crate::format::{number, thousands};

/// Checks a setting against its own bounds; those that hang on others are checked elsewhere.
pub(super) fn check(row: &Row, settings: &Settings) -> Result<(), SettingsError> {
    let mut copy = settings.clone();
    let (within, least, most, value) = match (row.may, row.place) {
        (May::Whole(least, most), Place::Whole(place)) => {
            let value = *place(&mut copy);
            ((least..=most).contains(&value), least.to_string(), thousands(most), thousands(value))
        }
        (May::Real(least, most), Place::Real(place)) => {
            let value = *place(&mut copy);
            ((least..=most).contains(&value), least.to_string(), number(most), number(value))
        }
        _ => return Ok(()),
    };
    if within {
        return Ok(());
    }
    let message = format!("{} must be from {least} to {most}, not {value}.", capital(row.words));
    Err(SettingsError { name: row.name, message })
}

/// What a setting may be, by its name in links; nothing for what is chosen from a list.
pub fn bounds(name: &str) -> Option<String> {
    Some(match table::named(name)?.may {
        May::Listed => return None,
        May::Whole(least, most) => format!("a whole number from {least} to {}", thousands(most)),
        May::Real(least, most) => format!("a number from {least} to {}", number(most)),
        May::Other(what) => what.to_owned(),
    })
}

/// What is said of something that cannot be read as the setting of that name.
pub fn misread(name: &'static str, value: &str) -> SettingsError {
    let words = table::named(name).map_or(name, |row| row.words);
    let what = bounds(name).unwrap_or_else(|| "something else".to_owned());
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
