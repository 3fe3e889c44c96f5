//! UTF-16, in which some programs save what they call text: each character is one or two 16-bit units (RFC 2781).

use crate::messages::utf16;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that was UTF-16.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without the mark at its beginning.
    pub text: String,
    /// The order of the bytes, in words.
    pub order: &'static str,
}

/// Why a file is UTF-16 by its mark, and not throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Utf16Fault {
    /// A unit is half of a pair and stands alone.
    Unpaired {
        /// Its first byte in the file, from 0.
        byte: usize,
    },
    /// Half of the last unit is missing.
    Odd {
        /// Bytes of the file.
        bytes: usize,
    },
}

impl fmt::Display for Utf16Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match *self {
            Self::Unpaired { byte } => utf16::unpaired(byte + 1),
            Self::Odd { bytes } => utf16::odd(bytes),
        })
    }
}

/// Why a file is no text in UTF-8 or UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// A byte is not UTF-8; its place, from 0, and the byte.
    Utf8(usize, u8),
    /// It is UTF-16, and not throughout.
    Utf16(Utf16Fault),
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match *self {
            Self::Utf8(at, byte) => utf16::not_utf8(at + 1, format!("{byte:02X}")),
            Self::Utf16(fault) => utf16::but(fault.to_string()),
        })
    }
}

/// The text of a whole file, in UTF-8 or as [`decode`] finds it.
///
/// # Errors
/// If it is neither.
pub fn whole(bytes: Vec<u8>) -> Result<String, NotText> {
    match decode(&bytes, false) {
        Some(decoded) => decoded.map(|decoded| decoded.text).map_err(NotText::Utf16),
        None => String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            NotText::Utf8(at, error.as_bytes().get(at).copied().unwrap_or_default())
        }),
    }
}

/// The text of a file that is UTF-16 by its byte-order mark, or, without one, by every second byte of its beginning being
/// zero and no other, as in any text in Latin letters, or by its units being letters in one order of the bytes; `None` for
/// other files. `cut` says that the file goes on after
/// `bytes`: what the cut left of its last character is then dropped.
///
/// # Errors
/// If the file is UTF-16 by its mark, but not throughout.
pub fn decode(bytes: &[u8], cut: bool) -> Option<Result<Decoded, Utf16Fault>> {
    let (skip, little) = match bytes {
        // UTF-32's mark begins alike.
        [0xff, 0xfe, 0, 0, ..] => return None,
        [0xff, 0xfe, ..] => (2, true),
        [0xfe, 0xff, ..] => (2, false),
        _ => (0, unmarked(bytes)?),
    };
    let body = bytes.get(skip..)?;
    let (pairs, odd) = body.as_chunks::<2>();
    if !odd.is_empty() && !cut {
        return Some(Err(Utf16Fault::Odd { bytes: bytes.len() }));
    }
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let (mut text, mut at, last) = (String::with_capacity(body.len()), skip, bytes.len() - odd.len() - 2);
    for c in char::decode_utf16(pairs.iter().map(unit)) {
        match c {
            Ok(c) => {
                text.push(c);
                at += 2 * c.len_utf16();
            }
            Err(half) if cut && at == last && (0xd800..0xdc00).contains(&half.unpaired_surrogate()) => break,
            Err(_) => return Some(Err(Utf16Fault::Unpaired { byte: at })),
        }
    }
    let order = if little { "little-endian" } else { "big-endian" };
    Some(Ok(Decoded { text, order }))
}

/// Whether a beginning without a mark is UTF-16 with the low byte first; `None` if it is not UTF-16.
fn unmarked(bytes: &[u8]) -> Option<bool> {
    let (pairs, _) = bytes.get(..bytes.len().min(256))?.as_chunks::<2>();
    let all = |zero: usize, other: usize| pairs.iter().all(|pair| pair[zero] == 0 && pair[other] != 0);
    match (pairs.len() >= 8, all(1, 0), all(0, 1)) {
        (true, true, _) => Some(true),
        (true, _, true) => Some(false),
        (true, ..) => other_letters(pairs),
        _ => None,
    }
}

/// The same for letters of other scripts: bytes that no text of single bytes has, and units that are letters, digits, marks
/// and white space in one order, and less so in the other.
fn other_letters(pairs: &[[u8; 2]]) -> Option<bool> {
    // Below the tab, as in U+0430, U+3002 or a space; in a text of single bytes they stand for nothing.
    if !pairs.iter().flatten().any(|byte| *byte < 9) {
        return None;
    }
    let known = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
    };
    let share = |unit: fn([u8; 2]) -> u16| {
        let units = pairs.iter().map(|pair| unit(*pair));
        // The last character may be cut in two.
        let known = char::decode_utf16(units).filter(|c| c.as_ref().is_ok_and(|c| known(*c))).count();
        known as f64 / pairs.len() as f64
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    (little.max(big) >= 0.95 && little != big).then_some(little > big)
}

#[cfg(test)]
mod tests {
    use super::{NotText, Utf16Fault, decode, whole};

    fn text(bytes: &[u8], cut: bool) -> Option<Result<String, Utf16Fault>> {
        Some(decode(bytes, cut)?.map(|decoded| decoded.text))
    }

    fn bytes(units: &[u16], little: bool) -> Vec<u8> {
        units.iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    /// The example of RFC 2781, section 4.3: U+12345, "=Ra".
    #[test]
    fn the_example_of_the_standard() {
        let big = b"\xFE\xFF\xD8\x08\xDF\x45\x00\x3D\x00\x52\x00\x61";
        let little = b"\xFF\xFE\x08\xD8\x45\xDF\x3D\x00\x52\x00\x61\x00";
        assert_eq!(text(big, false), Some(Ok("\u{12345}=Ra".into())));
        assert_eq!(text(little, false), Some(Ok("\u{12345}=Ra".into())));
        assert_eq!(decode(big, false).unwrap().unwrap().order, "big-endian");
    }

    #[test]
    fn latin_letters_tell_it_without_a_mark_and_nothing_else_does() {
        let words: Vec<u16> = "plain words\r\n".encode_utf16().collect();
        for little in [true, false] {
            assert_eq!(text(&bytes(&words, little), false), Some(Ok("plain words\r\n".into())));
        }
        for other in [&b"plain words in UTF-8"[..], b"", b"a\0", b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0", &[0; 40]] {
            assert_eq!(decode(other, false), None);
        }
        assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0", false), None, "UTF-32");
    }

    #[test]
    fn letters_of_other_scripts_tell_it_too() {
        for words in [
            "Привет, мир! Как дела?",
            "日本語のテキスト、長い行。二つ目の文。",
            "שלום עולם, מה שלומך?",
            "안녕하세요 세계, 반갑습니다.",
        ] {
            let units: Vec<u16> = words.encode_utf16().collect();
            for little in [true, false] {
                assert_eq!(text(&bytes(&units, little), false), Some(Ok(words.into())), "{words} {little}");
            }
        }
        let noise: Vec<u8> = (0..512_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let table: Vec<u8> = (0..64_u32).flat_map(|at| (at * 1000).to_le_bytes()).collect();
        for other in
            [&noise[..], &table, "Grüße aus Köln, naïve Façade".as_bytes(), b"caf\xe9 au lait, s'il vous pla\xeet"]
        {
            assert_eq!(decode(other, false), None);
        }
    }

    #[test]
    fn a_cut_character_is_dropped_and_half_a_pair_elsewhere_is_told() {
        let mut face = vec![0xfeff];
        face.extend("ab😀".encode_utf16());
        let file = bytes(&face, true);
        assert_eq!(text(&file, false), Some(Ok("ab😀".into())));
        for less in 1..=3 {
            let cut = &file[..file.len() - less];
            assert_eq!(text(cut, true), Some(Ok("ab".into())), "{less}");
            assert!(decode(cut, false).unwrap().is_err(), "{less}");
        }
        let alone = bytes(&[0xfeff, 0x61, 0xdc00, 0x62], false);
        assert_eq!(text(&alone, true), Some(Err(Utf16Fault::Unpaired { byte: 4 })));
    }

    #[test]
    fn a_file_that_was_cut_inside_a_unit_is_said_to_be() {
        let file = b"\xff\xfea\0b\0c\0d";
        let fault = decode(file, false).unwrap().unwrap_err();
        assert_eq!(fault, Utf16Fault::Odd { bytes: 9 });
        assert_eq!(fault.to_string(), "it has 9 bytes, an odd number, so its end is missing");
        assert_eq!(text(file, true), Some(Ok("abc".into())), "the file goes on");
    }

    #[test]
    fn a_whole_file_is_read_in_both_and_said_where_it_is_neither() {
        assert_eq!(whole("é".into()), Ok("é".to_owned()));
        assert_eq!(whole(b"\xff\xfe\xe9\0".to_vec()), Ok("é".to_owned()));
        let said = |bytes: &[u8]| whole(bytes.to_vec()).unwrap_err().to_string();
        assert_eq!(whole(b"caf\xe9".to_vec()), Err(NotText::Utf8(3, 0xe9)));
        assert_eq!(said(b"caf\xe9"), "it is not UTF-8 at byte 4 (0xE9)");
        assert_eq!(said(b"\xff\xfea"), "it is UTF-16, but it has 3 bytes, an odd number, so its end is missing");
    }
}
