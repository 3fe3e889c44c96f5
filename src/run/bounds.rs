//! What each setting may be ([`super::table`]): the checks, and what is said where something else was written.

use super::error::SettingsError;
use super::settings::Settings;
use super::table::{self, May, Reading, SettingPlace, SettingRow};
use crate::messages::run;

/// Checks a setting against its own bounds; those that hang on others are checked elsewhere.
pub(super) fn check(row: &SettingRow, settings: &Settings) -> Result<(), SettingsError> {
    let mut copy = settings.clone();
    let (within, least, most, value) = match (row.may, row.place) {
        (May::Whole(least, most), SettingPlace::Whole(place)) => {
            let value = *place(&mut copy);
            ((least..=most).contains(&value), least as f64, most as f64, value as f64)
        }
        (May::Real(least, most), SettingPlace::Real(place)) => {
            let value = *place(&mut copy);
            ((least..=most).contains(&value), least, most, value)
        }
        _ => return Ok(()),
    };
    match within {
        true => Ok(()),
        false => Err(SettingsError::Bounds { name: row.name.to_owned(), least, most, value }),
    }
}

/// How the setting of that name in links is read.
fn reading(name: &str) -> Reading {
    match table::named(name).map(|row| row.may) {
        Some(May::Whole(least, most)) => Reading::Whole(least, most),
        Some(May::Real(least, most)) => Reading::Real(least, most),
        Some(May::Other(reading)) => reading,
        Some(May::Listed) | None => Reading::Listed,
    }
}

/// What a setting may be, in a sentence, by its name in links; nothing for what is chosen from a list.
pub fn bounds(name: &str) -> Option<String> {
    Some(match reading(name) {
        Reading::Listed => return None,
        Reading::Whole(least, most) => run::may_whole(least, most),
        Reading::Real(least, most) => run::may_real(least, most),
        Reading::AnyWhole => run::may_any_whole().to_owned(),
        Reading::Natural => run::may_natural(u64::MAX.to_string()),
        Reading::UpToExperts => run::may_up_to_experts().to_owned(),
    })
}

/// What is said of something that cannot be read as the setting of that name.
pub fn misread(name: &str, value: &str) -> SettingsError {
    SettingsError::Misread { name: name.to_owned(), value: value.to_owned(), may: reading(name) }
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
            let said = error.to_string();
            assert!(error.name() == "lr" && said.starts_with("“Learning rate” must be from 0 to 1, not"), "{said}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_the_bounds() {
        let said = |name, value| misread(name, value).to_string();
        assert_eq!(said("layers", "1.5"), "“Layers” must be a whole number from 1 to 8, not “1.5”.");
        assert_eq!(said("lr", ""), "“Learning rate” must be a number from 0 to 1: nothing is written there.");
        // 2 to the 64th is one too much.
        for value in ["-1", "18446744073709551616"] {
            let words = format!("“Seed” must be a whole number from 0 to 18446744073709551615, not “{value}”.");
            assert_eq!(said("seed", value), words);
        }
        let words =
            "“Chosen per token” must be a whole number from 1 to the number of experts, not “99999999999999999999”.";
        assert_eq!(said("k", "99999999999999999999"), words);
    }
}
