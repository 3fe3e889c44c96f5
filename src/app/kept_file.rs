//! What was opened from files, kept in the browser for its tab, so that a reload shows it again: a link cannot hold it, and
//! the session's storage is too small for it. That storage only says which file the tab showed when it was left
//! ([`super::saved_texts`]), and which models it opened ([`super::kept_model`]).

use super::download::words;
#[cfg(feature = "studio")]
use super::format::bytes;
use crate::messages::files;
use crate::order;
#[cfg(feature = "studio")]
use js_sys::Array;
use std::fmt;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
#[cfg(feature = "studio")]
use web_sys::Request;
use web_sys::{Blob, Cache, Response};

/// A cache for one kind of files.
#[derive(Debug)]
pub struct Shelf {
    /// Its name, such that the service worker does not clear it away.
    cache: &'static str,
    /// Most files that are kept, of all tabs.
    most: usize,
}

/// Opened files that are shown.
#[cfg(feature = "studio")]
pub const FILES: Shelf = Shelf { cache: "moescope.opened", most: 4 };
/// Models, each with all its files in one.
pub const MODELS: Shelf = Shelf { cache: "moescope.models", most: 2 };

/// Why the browser does not keep a file, or has it no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptFault {
    /// It keeps files of secure addresses alone.
    Insecure,
    /// It keeps nothing for the tab.
    #[cfg(feature = "studio")]
    NoStorage,
    /// It is larger than what is kept, both in bytes.
    #[cfg(feature = "studio")]
    TooLarge {
        /// What it has.
        size: u64,
        /// The most that is kept.
        most: u64,
    },
    /// It is kept no more.
    Gone,
    /// Something else, in the browser's words.
    Refused(String),
}

impl fmt::Display for KeptFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insecure => f.write_str(files::kept_insecure()),
            #[cfg(feature = "studio")]
            Self::NoStorage => f.write_str(files::kept_no_storage()),
            #[cfg(feature = "studio")]
            Self::TooLarge { size, most } => f.write_str(&files::kept_too_large(bytes(*size), bytes(*most))),
            Self::Gone => f.write_str(files::kept_gone()),
            Self::Refused(detail) => f.write_str(&files::kept_refused(detail)),
        }
    }
}

impl From<JsValue> for KeptFault {
    fn from(error: JsValue) -> Self {
        Self::Refused(words(error))
    }
}

/// The address that stands for a file.
fn address(key: &str) -> String {
    format!("opened-file?key={key}")
}

/// What goes when a file is kept: the oldest of too many. Keys are times.
#[cfg(feature = "studio")]
fn surplus(addresses: &[String], most: usize) -> Vec<&String> {
    let key = |address: &String| address.rsplit('=').next().and_then(|key| key.parse::<u64>().ok()).unwrap_or(0);
    let mut sorted: Vec<&String> = addresses.iter().collect();
    order::sort_by_key(&mut sorted, |address| std::cmp::Reverse(key(address)));
    sorted.into_iter().skip(most).collect()
}

async fn cache(shelf: &Shelf) -> Result<Cache, KeptFault> {
    let caches = gloo::utils::window().caches()?;
    if caches.is_undefined() {
        return Err(KeptFault::Insecure);
    }
    Ok(JsFuture::from(caches.open(shelf.cache)).await?.dyn_into()?)
}

/// Keeps a file, and returns the key to have it again with.
///
/// # Errors
/// Why the browser keeps nothing.
#[cfg(feature = "studio")]
pub async fn put(shelf: &Shelf, file: &Blob) -> Result<String, KeptFault> {
    let (cache, key) = (cache(shelf).await?, super::saved_texts::new_entry());
    let response = Response::new_with_opt_blob(Some(file))?;
    JsFuture::from(cache.put_with_str(&address(&key), &response)).await?;
    let keys: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let all: Vec<String> = keys.iter().filter_map(|key| Some(key.dyn_into::<Request>().ok()?.url())).collect();
    for old in surplus(&all, shelf.most) {
        JsFuture::from(cache.delete_with_str(old)).await?;
    }
    Ok(key)
}

/// The file that is kept under a key.
///
/// # Errors
/// Why it cannot be had.
pub async fn get(shelf: &Shelf, key: &str) -> Result<Blob, KeptFault> {
    let found = JsFuture::from(cache(shelf).await?.match_with_str(&address(key))).await?;
    let response: Response = found.dyn_into().map_err(|_| KeptFault::Gone)?;
    Ok(JsFuture::from(response.blob()?).await?.dyn_into()?)
}

#[cfg(all(test, feature = "studio"))]
mod tests {
    use super::{address, surplus};

    #[test]
    fn only_so_many_are_kept_and_the_newest() {
        let all: Vec<String> = [30, 10, 60, 20, 50, 40]
            .iter()
            .map(|key| format!("https://x.org/a/{}", address(&key.to_string())))
            .collect();
        assert_eq!(surplus(&all, 4), [&all[3], &all[1]]);
        assert!(surplus(&all[..4], 4).is_empty());
    }
}
