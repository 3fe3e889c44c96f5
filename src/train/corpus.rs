//! The corpus: a folder of `<domain>.<part>.txt.zst` (or `.txt`) files, documents separated by lines `<|end|>`.

use super::TrainError;
pub use super::domain::Domain;
use crate::token::{Tokenizer, documents};
use crate::utf16;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Reads and tokenises the files of one part (`train` or `valid`), in order of name.
///
/// # Errors
/// If the folder holds no such files, or one cannot be read, is no text, or holds no token.
pub fn read(folder: &Path, part: &str, tokenizer: &Tokenizer) -> Result<Vec<Domain>, TrainError> {
    files(folder, part)?.into_par_iter().map(|(name, path)| domain(name, &path, tokenizer)).collect()
}

/// The texts of one part with their domains' names.
///
/// # Errors
/// As [`read`].
pub fn texts(folder: &Path, part: &str) -> Result<Vec<(String, String)>, TrainError> {
    files(folder, part)?.into_iter().map(|(name, path)| Ok((name, text(&path)?))).collect()
}

fn files(folder: &Path, part: &str) -> Result<Vec<(String, PathBuf)>, TrainError> {
    let unreadable = |error: std::io::Error| {
        TrainError::new(format!("the corpus folder {} cannot be read: {error}", folder.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.strip_suffix(".zst").unwrap_or(name).strip_suffix(&format!(".{part}.txt"));
        if let Some(domain) = stem {
            files.push((domain.to_owned(), path.clone()));
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(TrainError::new(format!(
            "{} holds no file named <domain>.{part}.txt.zst or <domain>.{part}.txt",
            folder.display()
        )));
    }
    Ok(files)
}

fn text(path: &Path) -> Result<String, TrainError> {
    let failed = |error: std::io::Error| TrainError::new(format!("{} cannot be read: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(failed)?;
    let packed = path.extension().is_some_and(|extension| extension == "zst");
    let bytes = if packed { zstd::decode_all(file) } else { std::fs::read(path) }.map_err(failed)?;
    utf16::whole(bytes).map_err(|why| TrainError::new(format!("{} cannot be read: {why}", path.display())))
}

fn domain(name: String, path: &Path, tokenizer: &Tokenizer) -> Result<Domain, TrainError> {
    let text = text(path)?;
    let (mut ids, mut bytes) = (Vec::with_capacity(text.len() / 2), 0);
    let end = tokenizer.end_of_text();
    for document in documents(&text) {
        bytes += document.len();
        let tokens = tokenizer.encode(document);
        ids.extend(tokens.iter().map(|token| token.id).chain([end]).map(|id| id as u16));
    }
    if ids.len() < 2 {
        return Err(TrainError::new(format!("{} holds no text", path.display())));
    }
    Ok(Domain { name, ids, bytes })
}
