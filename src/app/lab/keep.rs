//! The newest saved state of a run, kept in the browser's cache so that a reload or a crash of the page does not end it.
//! It stays on this machine, one run for all tabs, until it is forgotten or another run takes its place.

use super::state::Kept;
use crate::app::download::words;
use js_sys::Uint8Array;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

/// The cache, whose name the service worker does not clear away.
const CACHE: &str = "moescope.run";
/// The address that stands for the run.
const RUN: &str = "kept-run";

async fn cache() -> Result<Cache, JsValue> {
    let caches = gloo::utils::window().caches()?;
    if caches.is_undefined() {
        return Err("the page is not on a secure address".into());
    }
    JsFuture::from(caches.open(CACHE)).await?.dyn_into()
}

/// Keeps a run in the place of the one before: a line for its title, then the file.
///
/// # Errors
/// Why the browser keeps nothing, without a full stop.
pub async fn put(kept: Kept) -> Result<(), String> {
    let bytes = [kept.title.as_bytes(), b"\n", &kept.file].concat();
    let put = async || -> Result<(), JsValue> {
        let response = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(&bytes[..])))?;
        JsFuture::from(cache().await?.put_with_str(RUN, &response)).await.map(drop)
    };
    put().await.map_err(|error| words(error).trim_end_matches('.').to_owned())
}

/// The run that is kept, if there is one.
pub async fn get() -> Option<Kept> {
    let found = JsFuture::from(cache().await.ok()?.match_with_str(RUN)).await.ok()?;
    let buffer = JsFuture::from(found.dyn_into::<Response>().ok()?.array_buffer().ok()?).await.ok()?;
    let mut bytes = Uint8Array::new(&buffer).to_vec();
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let file = bytes.split_off(end + 1);
    bytes.truncate(end);
    Some(Kept { title: String::from_utf8(bytes).ok()?, file: Rc::new(file) })
}

/// Forgets it.
pub async fn forget() {
    if let Ok(cache) = cache().await {
        let _ = JsFuture::from(cache.delete_with_str(RUN)).await; // Where nothing is kept there is nothing to forget.
    }
}
