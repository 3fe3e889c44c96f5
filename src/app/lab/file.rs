//! The visitor's own text: the beginning of a file, and what is to be said about it.
//!
//! Only the beginning is read, so a file of any size costs the same.

use crate::app::download::words;
use crate::app::format;
use crate::lab::protocol::{MAX_TEXT, OwnText};
use crate::lab::text::LEAST;
use crate::utf16;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// Largest saved run that is opened, in bytes.
const MAX_RUN: f64 = 512.0 * 1e6;

/// The first bytes of a file.
///
/// # Errors
/// If the browser cannot read it.
pub async fn beginning(file: &File, bytes: f64) -> Result<Vec<u8>, String> {
    let piece: Blob = file.slice_with_f64_and_f64(0.0, bytes).map_err(words)?;
    let buffer = JsFuture::from(piece.array_buffer()).await.map_err(words)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// How every ZIP file begins, and so every saved run.
const ZIP: &[u8] = b"PK\x03\x04";

/// A file that was chosen or dropped: a text, or a saved run.
pub enum Chosen {
    /// The beginning of a text, and what is to be said about it.
    Text(OwnText, Option<String>),
    /// A saved run.
    Run(Vec<u8>),
}

/// Reads a file; `run` says that it was chosen as a saved run, which is otherwise told by its beginning.
///
/// # Errors
/// What is wrong with it, where, and what to do.
pub async fn read(file: &File, run: bool) -> Result<Chosen, String> {
    let name = file.name();
    let head = beginning(file, ZIP.len() as f64).await;
    let head = head.map_err(|why| format!("{name} cannot be read: {}.", why.trim_end_matches('.')))?;
    if head == ZIP {
        return saved(file).await.map(Chosen::Run);
    }
    if run || name.to_ascii_lowercase().ends_with(".zip") {
        return Err(format!("{name} is no saved run: it is no ZIP file. Choose one that “Export” made here."));
    }
    text(file).await.map(|(text, note)| Chosen::Text(text, note))
}

/// Reads a saved run.
async fn saved(file: &File) -> Result<Vec<u8>, String> {
    let name = file.name();
    if file.size() > MAX_RUN {
        return Err(format!(
            "{name} cannot be opened: it has {:.0} MB, and a saved run has at most 512 MB.",
            file.size() / 1e6
        ));
    }
    beginning(file, file.size()).await.map_err(|why| format!("{name} cannot be read: {}.", why.trim_end_matches('.')))
}

/// Reads a text.
async fn text(file: &File) -> Result<(OwnText, Option<String>), String> {
    let (name, total) = (file.name(), file.size());
    let bytes = beginning(file, (MAX_TEXT as f64).min(total)).await;
    let bytes = bytes.map_err(|why| format!("{name} cannot be read: {}.", why.trim_end_matches('.')))?;
    check(name, bytes, total as u64)
}

/// A file's beginning as a text, and what is to be said about it.
///
/// # Errors
/// If it is empty, too short to learn from, or no text.
pub fn check(name: String, mut bytes: Vec<u8>, mut total: u64) -> Result<(OwnText, Option<String>), String> {
    if total == 0 || bytes.is_empty() {
        return Err(format!("{name} is empty: there is nothing to learn. Choose a file with text in it."));
    }
    let read = bytes.len() as u64;
    let utf16 = utf16::decode(&bytes, read < total).transpose();
    let utf16 = utf16.map_err(|error| {
        format!("{name} is UTF-16, but {error}. Save it as plain text in UTF-8, or choose another file.")
    })?;
    let order = utf16.as_ref().map(|decoded| decoded.order);
    if let Some(decoded) = utf16 {
        bytes = decoded.text.into_bytes();
        total = if read < total { total } else { bytes.len() as u64 };
        bytes.truncate(MAX_TEXT);
    }
    let cut = bytes.len() as u64;
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(format!(
            "{name} is no text: byte {} is zero, as in pictures, programs and archives. Choose a plain text file in UTF-8.",
            at + 1
        ));
    }
    match std::str::from_utf8(&bytes) {
        // A character that the limit has cut in two.
        Err(error) if cut < total && error.error_len().is_none() => bytes.truncate(error.valid_up_to()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            return Err(format!(
                "{name} is not UTF-8 at byte {} (0x{byte:02X}). Save it as plain text in UTF-8, or choose another file.",
                at + 1
            ));
        }
        Ok(_) => {}
    }
    let length = bytes.trim_ascii().len();
    if length < LEAST {
        return Err(format!(
            "{name} holds {} of text, and a run needs at least {LEAST} to learn from. Choose a longer text.",
            format::plural(length, "byte", "bytes")
        ));
    }
    let part = (cut < total).then(|| {
        let [used, all] = [bytes.len() as u64, total].map(format::bytes);
        format!("{name} has {all}: its first {used} are read, the rest is not.")
    });
    let form = order.map(|order| format!("{name} is UTF-16 ({order}) and is read as that."));
    let note = form.into_iter().chain(part).reduce(|form, part| format!("{form} {part}"));
    Ok((OwnText { name, bytes, total }, note))
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT, check};

    fn read(bytes: &[u8], total: u64) -> Result<(Vec<u8>, Option<String>), String> {
        check("notes.txt".into(), bytes.to_vec(), total).map(|(text, note)| (text.bytes, note))
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
    fn a_text_too_short_to_learn_from_is_refused() {
        assert!(read(b"a", 1).unwrap_err().contains("1 byte of text"));
        assert!(read(&b"a ".repeat(1001), 2002).is_ok());
    }
}
