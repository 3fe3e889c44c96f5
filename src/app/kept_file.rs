//! What was opened from files, kept in the browser for its tab, so that a reload shows it again: a link cannot hold it, and
//! the session's storage is too small for it. That storage only says which file the tab showed when it was left
//! ([`super::kept`]), and which models it opened ([`super::kept_model`]).

use super::download::words;
use crate::order;
#[cfg(feature = "studio")]
use js_sys::Array;
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

async fn cache(shelf: &Shelf) -> Result<Cache, JsValue> {
    let caches = gloo::utils::window().caches()?;
    if caches.is_undefined() {
        return Err("the page is not on a secure address".into());
    }
    JsFuture::from(caches.open(shelf.cache)).await?.dyn_into()
}

/// Keeps a file, and returns the key to have it again with.
///
/// # Errors
/// Why the browser keeps nothing, without a full stop.
#[cfg(feature = "studio")]
pub async fn put(shelf: &Shelf, file: &Blob) -> Result<String, String> {
    let put = async || -> Result<String, JsValue> {
        let (cache, key) = (cache(shelf).await?, super::kept::new_entry());
        let response = Response::new_with_opt_blob(Some(file))?;
        JsFuture::from(cache.put_with_str(&address(&key), &response)).await?;
        let keys: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
        let all: Vec<String> = keys.iter().filter_map(|key| Some(key.dyn_into::<Request>().ok()?.url())).collect();
        for old in surplus(&all, shelf.most) {
            JsFuture::from(cache.delete_with_str(old)).await?;
        }
        Ok(key)
    };
    put().await.map_err(|error| words(error).trim_end_matches('.').to_owned())
}

/// The file that is kept under a key.
///
/// # Errors
/// Why it cannot be had, without a full stop.
pub async fn get(shelf: &Shelf, key: &str) -> Result<Blob, String> {
    let get = async || -> Result<Blob, JsValue> {
        let found = JsFuture::from(cache(shelf).await?.match_with_str(&address(key))).await?;
        let response: Response = found.dyn_into().map_err(|_| "this browser no longer keeps it")?;
        JsFuture::from(response.blob()?).await?.dyn_into()
    };
    get().await.map_err(|error| words(error).trim_end_matches('.').to_owned())
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
