//! Files that are something else than their name says.
//!
//! A folder that was copied with Git but without Git LFS holds short notes in the place of its weights, a server that does
//! not have a file often answers with a page, and a download that broke off leaves half a file. Fetching the same again
//! brings the same, so each is called what it is, with what to fetch instead.

use super::ModelError;
use crate::error::FileFault;
use serde_json::Value;

/// What a file is, if it is clearly not what its name says; `name` is that of the file.
pub fn mistaken(name: &str, bytes: &[u8]) -> Option<ModelError> {
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (size, start) = (bytes.len() as u64, marked.trim_ascii_start());
    let begins = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let page = begins(b"<!doctype") || begins(b"<html") || begins(b"<head") || begins(b"<?xml") || begins(b"<!--");
    let fault = if begins(b"version https://git-lfs") {
        FileFault::LfsPointer { size, whole: lfs_size(bytes) }
    } else if page {
        FileFault::WebPage { size }
    } else if size == 0 {
        FileFault::Empty
    } else if begins(b"GGUF") {
        FileFault::Gguf
    } else if begins(b"PK\x03\x04") || is_pickle(bytes) {
        FileFault::Archive
    } else if begins(b"\x1f\x8b") {
        FileFault::Gzip
    } else if is_sentence_piece(bytes) {
        FileFault::SentencePiece
    } else {
        FileFault::Answer { answer: answer(name, start)? }
    };
    Some(ModelError::File { name: name.to_owned(), fault })
}

/// A short text where weights or JSON should be, or JSON that tells of an error, as servers answer.
fn answer(name: &str, start: &[u8]) -> Option<String> {
    const LONGEST: usize = 2000;
    let text = std::str::from_utf8(start).ok().filter(|text| text.len() <= LONGEST)?;
    let is_error = serde_json::from_str::<Value>(text)
        .is_ok_and(|value| value.get("error").is_some() || value.get("message").is_some());
    // tiktoken's list of tokens is text, and no answer.
    let lists = |line: &str| line.split_once(' ').is_some_and(|(_, rank)| rank.parse::<u32>().is_ok());
    let is_prose = !text.lines().all(lists)
        && text.starts_with(char::is_alphabetic)
        && !text.contains('\0')
        && (name.ends_with(".json") || text.contains(' '));
    (is_error || is_prose).then(|| text.trim_end().chars().take(80).collect())
}

/// Whether it begins as Python's pickles do since protocol 2. The length of a safetensors header may begin so as well, and the
/// header's bracket stands behind its eight bytes.
fn is_pickle(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 2..=5, ..]) && bytes.get(8) != Some(&b'{')
}

/// Whether it begins with a piece for what is unknown, as the messages of SentencePiece do: field 1, its length, field 1 of that.
fn is_sentence_piece(bytes: &[u8]) -> bool {
    matches!(bytes, [0x0a, _, 0x0a, ..]) && bytes[..bytes.len().min(64)].windows(5).any(|word| word == b"<unk>")
}

/// The size that a Git LFS pointer gives of its file.
fn lfs_size(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.lines().find_map(|line| line.strip_prefix("size ")?.trim().parse().ok())
}

/// How long a safetensors file must be by its own header, in bytes, as far as it holds its header.
pub fn safetensors_size(bytes: &[u8]) -> Option<u64> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = u64::from_le_bytes(*length);
    let header: Value = serde_json::from_slice(rest.get(..usize::try_from(length).ok()?)?).ok()?;
    let ends = header.as_object()?.values().filter_map(|tensor| tensor["data_offsets"][1].as_u64());
    ends.max()?.checked_add(8)?.checked_add(length)
}
