//! The models that the visitor can choose among: folders beside the one that the page opens with.
//!
//! Which of them exist, and what was measured, is read from `index.json` in their common folder, which
//! `moescope results --models` writes; what each is, in whose family and since when, is in [`catalog`].

pub mod catalog;
mod picker;

pub use picker::ModelList;

use super::download::{Local, fetch_text};
use crate::error::Advice;
use crate::messages::{explore, files};
use crate::protocol::FileBytes;
use serde::Deserialize;
use std::fmt;
use std::rc::Rc;
use web_sys::Blob;

/// A model: its folder's name, or `None` for the one that the page opens with.
pub type Model = Option<String>;

/// The model that the page opens with, as its head names it.
pub const FIRST: &str = "mixtral";

/// Longest name of a folder.
const MAX_NAME: usize = 64;

/// A model's name.
pub fn name(model: &Model) -> &str {
    model.as_deref().unwrap_or(FIRST)
}

/// The model of that name; the first one where the name cannot be one.
pub fn named(name: &str) -> Model {
    let fits = !name.is_empty()
        && name.len() <= MAX_NAME
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (fits && name != FIRST).then(|| name.to_owned())
}

/// The absolute address of a model's folder, given that of the first one; both end in `/`.
pub fn address(first: &str, model: &Model) -> String {
    match (model, first.trim_end_matches('/').rsplit_once('/')) {
        (Some(name), Some((parent, _))) => format!("{parent}/{name}/"),
        _ => first.to_owned(),
    }
}

/// A model that lies at no address: one that was trained in this page, or that came as files.
#[derive(Clone)]
pub struct GivenModel {
    /// Its name.
    pub name: String,
    /// Its files by name.
    pub files: Vec<(String, FileBytes)>,
    /// Keeps the addresses among them alive.
    _local: Rc<Vec<Local>>,
}

impl fmt::Debug for GivenModel {
    /// Without the files, which are large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GivenModel").field(&self.name).finish()
    }
}

impl GivenModel {
    /// Of bytes.
    pub fn of_bytes(name: String, files: Vec<(String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name, FileBytes::Here(bytes))).collect();
        Self { name, files, _local: Rc::default() }
    }

    /// Of files of the visitor's, which the engine reads.
    ///
    /// # Errors
    /// If the browser gives a file no address.
    pub fn of_files(name: String, files: &[(String, Blob)]) -> Result<Self, String> {
        let local = files.iter().map(|(_, file)| Local::of(file)).collect::<Result<Vec<_>, _>>()?;
        let at = |((name, _), local): (&(String, Blob), &Local)| (name.clone(), FileBytes::At(local.url().to_owned()));
        Ok(Self { name, files: files.iter().zip(&local).map(at).collect(), _local: Rc::new(local) })
    }
}

/// Whether a name is one that the training lab gives: a method, its seed and its step. Such a model lies at no address.
pub fn trained_here(name: &str) -> bool {
    let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u64>().is_ok());
    let mut parts = name.rsplit('-');
    let (step, is_step, seed, is_seed) = (parts.next(), parts.next(), parts.next(), parts.next());
    number(step) && is_step == Some("step") && number(seed) && is_seed == Some("seed")
}

/// What the name of a model from files begins with, which no folder's does.
const OPENED: &str = "opened-";

/// The name of a model that somebody opened from files, and calls `name`.
pub fn opened(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = name.chars().map(letter).take(MAX_NAME - OPENED.len()).collect();
    format!("{OPENED}{name}")
}

/// Whether a name is one that a model from files has. It lies at no address.
pub fn opened_here(name: &str) -> bool {
    name.starts_with(OPENED)
}

/// Whether a model of that name may lie at an address, where everybody has it.
pub fn lies_somewhere(name: &str) -> bool {
    !opened_here(name) && !trained_here(name)
}

/// A model that exists, with what was measured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    /// Its folder's name.
    pub name: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// Parameters in the file.
    pub parameters: usize,
    /// On held-out text of all domains, if it was measured.
    pub bits_per_byte: Option<f64>,
    /// Bytes to fetch.
    pub bytes: u64,
}

/// The models that exist.
///
/// # Errors
/// If their list cannot be had; with what to do.
pub async fn fetch(first: &str) -> Result<Vec<Entry>, String> {
    let folder = address(first, &Some(String::new()));
    let address = format!("{}/index.json", folder.trim_end_matches('/'));
    let lost = |why: String| format!("{} {why} {}", explore::models_lost(), Advice::Reload);
    let json = fetch_text(&address).await.map_err(|fault| lost(fault.to_string()))?;
    serde_json::from_str(&json).map_err(|detail| lost(files::misread(&address, detail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_lie_beside_the_first_one() {
        let first = "https://x.org/a/assets/models/mixtral/";
        assert_eq!(address(first, &None), first);
        assert_eq!(address(first, &named("hash-random")), "https://x.org/a/assets/models/hash-random/");
        assert_eq!(named(FIRST), None);
    }

    #[test]
    fn the_first_one_is_the_one_that_the_page_names() {
        let page = include_str!("../../../index.html");
        assert!(page.contains(&format!("name=\"moescope-model\" content=\"assets/models/{FIRST}/\"")));
    }
}
