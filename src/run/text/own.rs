//! The visitor's own file: only its beginning is used, and what is no text is refused with the place where it is not.

use super::Source;
use super::fault::{OwnError, OwnFault};
use crate::run::protocol::{MAX_TEXT, OwnText};
use crate::token::documents;
use crate::utf16;

/// Fewest bytes that a run can be trained on.
pub const LEAST: usize = 2_000;

/// The documents of a visitor's text. Lines that are exactly `<|end|>` separate them.
///
/// # Errors
/// If it is too short, neither UTF-8 nor UTF-16, or holds characters that no text holds.
pub fn own(text: &OwnText) -> Result<Source, OwnError> {
    let OwnText { name, bytes, total } = text;
    let wrong = |fault: OwnFault| OwnError { file: name.clone(), fault };
    let cut = bytes.len() > MAX_TEXT || bytes.len() as u64 != *total;
    let bytes = &bytes[..bytes.len().min(MAX_TEXT)];
    let utf16 = utf16::decode(bytes, cut).transpose().map_err(|fault| wrong(OwnFault::Utf16(fault)))?;
    let bytes = utf16.as_ref().map_or(bytes, |decoded| decoded.text.as_bytes());
    let (bytes, cut) = (&bytes[..bytes.len().min(MAX_TEXT)], cut || bytes.len() > MAX_TEXT);
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        // A character that was cut in two at the end is not the file's fault.
        Err(error) if cut && error.error_len().is_none() => {
            str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            return Err(wrong(OwnFault::NotUtf8 { at, byte }));
        }
    };
    let odd = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| odd(c)) {
        return Err(wrong(OwnFault::Control { at, byte: c as u8 }));
    }
    if text.trim().len() < LEAST {
        return Err(wrong(OwnFault::Short { have: text.trim().len(), least: LEAST }));
    }
    Ok(Source { name: name.clone(), documents: documents(text).map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::{LEAST, own};
    use crate::run::protocol::{MAX_TEXT, OwnText};

    fn file(bytes: Vec<u8>) -> OwnText {
        OwnText { name: "notes.txt".into(), total: bytes.len() as u64, bytes }
    }

    fn message(bytes: Vec<u8>) -> String {
        own(&file(bytes)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_text_or_too_short_is_refused_by_name() {
        assert!(message(Vec::new()).contains("0 bytes"));
        assert!(message(vec![b'a']).contains("notes.txt") && message(vec![b'a']).contains("1 bytes"));
        assert!(message(b" \n".repeat(5000)).contains("0 bytes"));
        let mut binary = b"a word ".repeat(500);
        binary[40] = 0xff;
        assert!(message(binary.clone()).contains("byte 40 (0xFF)"));
        binary[40] = 0;
        assert!(message(binary.clone()).contains("byte 40") && message(binary).contains("binary"));
    }

    #[test]
    fn only_the_beginning_of_a_long_file_is_used_and_a_cut_character_is_left_out() {
        let long = OwnText { name: "long".into(), bytes: "ü".repeat(MAX_TEXT).into_bytes(), total: 100 << 20 };
        assert_eq!(own(&long).unwrap().documents[0].len(), MAX_TEXT);
        let mut bytes = "ü".repeat(LEAST).into_bytes();
        bytes.pop();
        let cut = OwnText { name: "cut".into(), bytes: bytes.clone(), total: 100 << 20 };
        assert_eq!(own(&cut).unwrap().documents[0].len(), 2 * LEAST - 2);
        assert!(message(bytes).contains("is not UTF-8"));
    }

    /// As PowerShell's `>` saves it; the page has read it before, and the terminal hands it over as it is.
    #[test]
    fn utf_16_is_read() {
        let words = "Straße, 日本, 😀.\n".repeat(200);
        let mut bytes: Vec<u8> =
            std::iter::once(0xfeff).chain(words.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(own(&file(bytes.clone())).unwrap().documents.concat(), words);
        bytes.push(b'x');
        assert!(message(bytes).contains("notes.txt cannot be used: it is UTF-16, but it has "));
    }

    #[test]
    fn documents_are_separated_by_their_line() {
        let text = format!("{}\n<|end|>\nlast", "word ".repeat(LEAST));
        assert_eq!(own(&file(text.into_bytes())).unwrap().documents.len(), 2);
    }
}
