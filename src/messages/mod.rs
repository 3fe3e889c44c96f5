//! What a reader is told, in the reader's language.
//!
//! Every other room says what happened with a type, and makes the sentence here, at the last moment. A message stands as a
//! whole sentence in one of Fluent's files (<https://projectfluent.org>), `en/*.ftl`, one for each room that has something to
//! say, so that another language is another folder. The build writes a function for each ([`generator`]): `file-cut` in
//! `en/model.ftl` is `model::file_cut`, and its arguments are those that the comment before it lists.

use crate::format;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(test)]
mod generator;
#[cfg(test)]
mod tests;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The place in [`LANGUAGES`] of the language that is shown.
static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// Shows another language from now on; whether it is there.
pub fn show(language: &str) -> bool {
    let at = LANGUAGES.iter().position(|name| *name == language);
    at.inspect(|&at| SHOWN.store(at, Ordering::Relaxed)).is_some()
}

/// The place in [`LANGUAGES`] of the language that is shown.
pub fn shown() -> usize {
    SHOWN.load(Ordering::Relaxed)
}

/// A number in a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A count, written with thousands separators.
    Count(u64),
    /// A measured or set value, written as short as it can be.
    Real(f64),
}

impl Number {
    /// Whether it is this number.
    pub fn is(self, number: u64) -> bool {
        match self {
            Self::Count(count) => count == number,
            Self::Real(value) => value == number as f64,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => f.write_str(&format::counted(count)),
            Self::Real(value) => f.write_str(&format::number(value)),
        }
    }
}

impl From<u64> for Number {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<u32> for Number {
    fn from(count: u32) -> Self {
        Self::Count(u64::from(count))
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<f32> for Number {
    /// As `f32` writes it: 0.1 and not 0.10000000149011612.
    fn from(value: f32) -> Self {
        Self::Real(value.to_string().parse().unwrap_or(f64::from(value)))
    }
}
