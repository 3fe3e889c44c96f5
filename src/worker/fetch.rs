//! Files over the network.

use super::messages::{scope, words};
use crate::error::FetchFault;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// Largest file that is fetched, in bytes.
const MAX_FILE: u64 = 512 << 20;

/// The bytes at an address, or why they cannot be had. `progress` hears of bytes done, and of how many.
pub(super) async fn fetch(address: &str, progress: &dyn Fn(u64, Option<u64>)) -> Result<Vec<u8>, FetchFault> {
    let address_of = || address.to_owned();
    let unreachable = |error: JsValue| FetchFault::Unreachable { address: address_of(), detail: words(&error) };
    let response = JsFuture::from(scope().fetch_with_str(address)).await.map_err(unreachable)?;
    let response: Response = response.dyn_into().map_err(unreachable)?;
    if !response.ok() {
        let (status, words) = (response.status(), response.status_text());
        return Err(FetchFault::Refused { address: address_of(), status, words });
    }
    // The length of a compressed body says nothing about what comes out of it.
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let total =
        header("content-length").and_then(|text| text.parse().ok()).filter(|_| header("content-encoding").is_none());
    let too_long = || FetchFault::TooLarge { address: address_of(), most: MAX_FILE >> 20 };
    if total.is_some_and(|total: u64| total > MAX_FILE) {
        return Err(too_long());
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader =
        body.get_reader().dyn_into().map_err(|object| unreachable(object.into()))?;
    let mut bytes: Vec<u8> = Vec::new();
    progress(0, total);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        let field = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).map_err(unreachable);
        if field("done")?.is_truthy() {
            break;
        }
        let part: Uint8Array = field("value")?.dyn_into().map_err(unreachable)?;
        let start = bytes.len();
        bytes.resize(start + part.length() as usize, 0);
        part.copy_to(&mut bytes[start..]);
        if bytes.len() as u64 > MAX_FILE {
            return Err(too_long());
        }
        progress(bytes.len() as u64, total);
    }
    match total {
        Some(total) if total != bytes.len() as u64 => {
            Err(FetchFault::BrokeOff { address: address_of(), have: bytes.len() as u64, whole: total })
        }
        _ => Ok(bytes),
    }
}
