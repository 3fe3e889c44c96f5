//! What can be wrong with a visitor's own file.

use crate::messages::run;
use crate::utf16::Utf16Fault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a visitor's file cannot be trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnError {
    /// The file's name.
    pub file: String,
    /// What is wrong with it.
    pub fault: OwnFault,
}

/// What is wrong with a visitor's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnFault {
    /// A byte is not UTF-8.
    NotUtf8 {
        /// Its place, counted from 0.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// It is UTF-16, and not throughout.
    Utf16(Utf16Fault),
    /// A byte is a character that no text holds.
    Control {
        /// Its place, counted from 0.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// There is too little text.
    Short {
        /// Its bytes.
        have: usize,
        /// The fewest that are needed.
        least: usize,
    },
}

impl fmt::Display for OwnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, fault } = self;
        f.write_str(&match *fault {
            OwnFault::NotUtf8 { at, byte } => run::text_not_utf8(file, at, format!("{byte:02X}")),
            OwnFault::Utf16(Utf16Fault::Unpaired { byte }) => run::text_unpaired(file, byte + 1),
            OwnFault::Utf16(Utf16Fault::Odd { bytes }) => run::text_odd(file, bytes),
            OwnFault::Control { at, byte } => run::text_control(file, at, format!("{byte:02X}")),
            OwnFault::Short { have, least } => run::text_short(file, have, least),
        })
    }
}

impl std::error::Error for OwnError {}
