//! The visitor's own text: the beginning of a file, and what is to be said about it.
//!
//! Only the beginning is read, so a file of any size costs the same.

use crate::app::download::{Local, part};
use crate::app::format;
use crate::messages::{files, lab};
use crate::run::protocol::{MAX_TEXT, OwnText};
use crate::run::text::LEAST;
use crate::utf16::{self, Utf16Fault};
use std::rc::Rc;
use web_sys::File;

/// How every ZIP file begins, and so every saved run.
const ZIP: &[u8] = b"PK\x03\x04";

/// What a file for this screen holds: a text, or a saved run.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// The beginning of a text, and what is to be said about it.
    Text(OwnText, Option<String>),
    /// A saved run, which the trainer reads as long as it is kept here.
    Run(Rc<Local>),
}

/// Whether a run can learn from a text.
#[derive(Debug)]
pub enum Learnable {
    /// The text, and what is to be said about it.
    Enough(OwnText, Option<String>),
    /// It is too short: what it has, what is needed, and that it is routed instead.
    Short(String),
}

/// Reads a file that was found to be a text or a saved run; or says that the text is too short for this screen and what
/// becomes of it.
///
/// # Errors
/// What is wrong with it, where, and what to do.
pub async fn read(file: &File) -> Result<Result<Chosen, String>, String> {
    let head = bytes(file, ZIP.len() as f64).await?;
    if head == ZIP {
        let run = Local::of(file).map_err(|why| files::unread(file.name(), why))?;
        return Ok(Ok(Chosen::Run(Rc::new(run))));
    }
    Ok(match text(file).await? {
        Learnable::Enough(text, note) => Ok(Chosen::Text(text, note)),
        Learnable::Short(why) => Err(why),
    })
}

/// The first bytes of a file.
async fn bytes(file: &File, most: f64) -> Result<Vec<u8>, String> {
    let read = part(file, 0.0, most).await;
    read.map_err(|why| files::unread(file.name(), why))
}

/// Reads a text.
async fn text(file: &File) -> Result<Learnable, String> {
    check(file.name(), bytes(file, MAX_TEXT as f64).await?, file.size() as u64)
}

/// A text from a file's beginning.
#[derive(Debug)]
pub struct Beginning {
    /// In UTF-8, up to the last whole character.
    pub bytes: Vec<u8>,
    /// Bytes of the whole file.
    total: u64,
    /// What is to be said about it.
    pub note: Option<String>,
}

/// The text in the first bytes of a file that has `total` of them: at most `most` bytes of UTF-8.
///
/// # Errors
/// If it is no text.
pub fn beginning(name: &str, mut bytes: Vec<u8>, mut total: u64, most: usize) -> Result<Beginning, String> {
    let read = bytes.len() as u64;
    let utf16 = utf16::decode(&bytes, read < total).transpose();
    let utf16 = utf16.map_err(|fault| match fault {
        Utf16Fault::Unpaired { byte } => lab::text_unpaired(name, byte + 1),
        Utf16Fault::Odd { bytes } => lab::text_odd(name, bytes),
    })?;
    let order = utf16.as_ref().map(|decoded| decoded.order);
    if let Some(decoded) = utf16 {
        bytes = decoded.text.into_bytes();
        total = if read < total { total } else { bytes.len() as u64 };
        bytes.truncate(most);
    }
    let cut = bytes.len() as u64;
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(lab::text_zero(name, at + 1));
    }
    match std::str::from_utf8(&bytes) {
        // A character that the limit has cut in two.
        Err(error) if cut < total && error.error_len().is_none() => bytes.truncate(error.valid_up_to()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            return Err(lab::text_not_utf8(name, at + 1, format!("{byte:02X}")));
        }
        Ok(_) => {}
    }
    let part = (cut < total).then(|| {
        let [used, all] = [bytes.len() as u64, total].map(format::bytes);
        lab::text_cut(name, all, used)
    });
    let form = order.map(|order| lab::text_utf16(name, order));
    let note = form.into_iter().chain(part).reduce(|form, part| format!("{form} {part}"));
    Ok(Beginning { bytes, total, note })
}

/// A file's beginning as a text to learn from, and what is to be said about it.
///
/// # Errors
/// If it is empty, or no text.
pub fn check(name: String, bytes: Vec<u8>, total: u64) -> Result<Learnable, String> {
    if total == 0 || bytes.is_empty() {
        return Err(lab::text_empty(name));
    }
    let Beginning { bytes, total, note } = beginning(&name, bytes, total, MAX_TEXT)?;
    let length = bytes.trim_ascii().len();
    if length < LEAST {
        return Ok(Learnable::Short(lab::text_short(name, length, LEAST)));
    }
    Ok(Learnable::Enough(OwnText { name, bytes, total }, note))
}

#[cfg(test)]
mod tests {
    use super::{Learnable, MAX_TEXT, check};

    fn read(bytes: &[u8], total: u64) -> Result<(Vec<u8>, Option<String>), String> {
        check("notes.txt".into(), bytes.to_vec(), total).and_then(|read| match read {
            Learnable::Enough(text, note) => Ok((text.bytes, note)),
            Learnable::Short(why) => Err(why),
        })
    }

    #[test]
    fn what_is_no_text_is_refused_by_name_and_place() {
        assert!(read(b"", 0).unwrap_err().contains("notes.txt is empty"));
        assert!(read(b"PK\x03\x04\0\0", 6).unwrap_err().contains("byte 5 is zero"));
        assert!(read(b"caf\xe9 au lait", 12).unwrap_err().contains("byte 4 (0xE9)"));
    }

    #[test]
    fn a_long_file_is_cut_at_a_character_and_said_so() {
        let mut bytes = "é".repeat(MAX_TEXT / 2).into_bytes();
        bytes.insert(0, b'a');
        bytes.truncate(MAX_TEXT);
        let (used, note) = read(&bytes, 100_000_000).unwrap();
        assert_eq!(used.len(), MAX_TEXT - 1);
        assert!(note.unwrap().contains("100.0 MB: its first 2.1 MB"));
    }

    #[test]
    fn utf_16_is_read_with_a_notice() {
        let words = "Straße, 日本, 😀. ".repeat(200);
        let marked = |text: &str| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        let file = marked(&words);
        let (bytes, note) = read(&file, file.len() as u64).unwrap();
        assert_eq!(bytes, words.as_bytes());
        assert_eq!(note.as_deref(), Some("notes.txt is UTF-16 (little-endian) and is read as that."));
        // Three bytes in UTF-8 for two in UTF-16, so that the limit cuts what is written again.
        let long = marked(&"日".repeat(MAX_TEXT));
        let (bytes, note) = read(&long[..MAX_TEXT], long.len() as u64).unwrap();
        assert!(bytes.len() <= MAX_TEXT && bytes.len() > MAX_TEXT - 3 && std::str::from_utf8(&bytes).is_ok());
        assert!(note.as_deref().is_some_and(|note| note.contains("UTF-16") && note.contains("the rest is not")));
        let all = marked(&"日".repeat(MAX_TEXT / 2 - 1));
        let (_, note) = read(&all, all.len() as u64).unwrap();
        assert!(note.is_some_and(|note| note.contains("the rest is not")), "also where only UTF-8 is too long");
        let half = [&file[..20], b"\x00\xdc", &file[20..]].concat();
        assert!(read(&half, half.len() as u64).unwrap_err().contains("is UTF-16, but byte 21 begins half"));
    }

    #[test]
    fn a_text_too_short_to_learn_from_is_one_with_the_reason() {
        let why = read(b"a", 1).unwrap_err();
        let words =
            "notes.txt holds 1 byte of text, and a run needs at least 2,000 to learn from: it is routed here instead.";
        assert_eq!(why, words);
        assert!(read(&b"a ".repeat(1001), 2002).is_ok());
    }
}
