//! Files out of the page and into it. Nothing leaves the machine: a download is made here.

use crate::error::FetchFault;
use crate::messages::files;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Response, Url};

/// Hands a file to the browser to save.
///
/// # Errors
/// If the browser refuses, in its words.
pub fn save(name: &str, mime: &str, content: &str) -> Result<(), String> {
    save_url(name, &Local::new(mime, content)?.0)
}

/// Hands bytes to the browser to save.
///
/// # Errors
/// If the browser refuses, in its words.
pub fn save_bytes(name: &str, mime: &str, bytes: &[u8]) -> Result<(), String> {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind);
    let local = blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).map(Local).map_err(words)?;
    save_url(name, local.url())
}

/// A file that has an address of its own in this browser, as long as this lives.
#[derive(Debug)]
pub struct Local(String);

impl Local {
    /// Puts it there.
    ///
    /// # Errors
    /// If the browser refuses, in its words.
    pub fn new(mime: &str, content: &str) -> Result<Self, String> {
        let kind = BlobPropertyBag::new();
        kind.set_type(mime);
        let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&JsValue::from_str(content)), &kind);
        blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).map(Self).map_err(words)
    }

    /// A file of the visitor's: nothing is read yet.
    ///
    /// # Errors
    /// If the browser refuses, in its words.
    pub fn of(file: &Blob) -> Result<Self, String> {
        Url::create_object_url_with_blob(file).map(Self).map_err(words)
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let url = std::mem::take(&mut self.0);
        // A download that has just begun still reads it.
        gloo::timers::callback::Timeout::new(10_000, move || {
            let _ = Url::revoke_object_url(&url);
        })
        .forget();
    }
}

/// Hands what lies at a local address to the browser to save.
///
/// # Errors
/// If the browser refuses, in its words.
pub fn save_url(name: &str, url: &str) -> Result<(), String> {
    let document = gloo::utils::document();
    let anchor = document.create_element("a").map_err(words)?;
    let anchor: HtmlAnchorElement = anchor.dyn_into().map_err(|other| words(other.into()))?;
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
    Ok(())
}

/// The bytes of a file from one place to another, or to its end.
///
/// # Errors
/// If the browser cannot read it, in its words.
pub async fn part(file: &Blob, from: f64, to: f64) -> Result<Vec<u8>, String> {
    let piece = file.slice_with_f64_and_f64(from, to).map_err(words)?;
    let buffer = JsFuture::from(piece.array_buffer()).await.map_err(words)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Fetches a text that lies beside the page.
///
/// # Errors
/// If it is not there, or nobody answers.
pub async fn fetch_text(address: &str) -> Result<String, FetchFault> {
    let response = fetched(address).await?;
    let text = async { JsFuture::from(response.text()?).await?.dyn_into::<JsString>() };
    text.await.map(String::from).map_err(|error| unreachable(address, error))
}

/// Fetches a file that lies beside the page.
///
/// # Errors
/// If it is not there, or nobody answers.
pub async fn fetch_bytes(address: &str) -> Result<Vec<u8>, FetchFault> {
    let response = fetched(address).await?;
    let bytes = async { JsFuture::from(response.array_buffer()?).await };
    let bytes = bytes.await.map_err(|error| unreachable(address, error))?;
    Ok(js_sys::Uint8Array::new(&bytes).to_vec())
}

async fn fetched(address: &str) -> Result<Response, FetchFault> {
    let response = async { JsFuture::from(gloo::utils::window().fetch_with_str(address)).await?.dyn_into() };
    let response: Response = response.await.map_err(|error| unreachable(address, error))?;
    if !response.ok() {
        let (status, words) = (response.status(), response.status_text());
        return Err(FetchFault::Refused { address: address.to_owned(), status, words });
    }
    Ok(response)
}

fn unreachable(address: &str, error: JsValue) -> FetchFault {
    FetchFault::Unreachable { address: address.to_owned(), detail: words(error) }
}

/// What a browser's error says, to stand in brackets: in words of the browser's, with a full stop or without.
pub fn words(error: JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| files::unsaid().to_owned())
}
