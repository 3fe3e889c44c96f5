//! Bytes between a worker and its page.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The worker itself.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Hears the page's messages: their bytes, or `None` for a message that is something else.
pub(super) fn on_bytes(mut hear: impl FnMut(Option<Vec<u8>>) + 'static) {
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| hear(read(&event.data())));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    on_message.forget();
}

fn read(data: &JsValue) -> Option<Vec<u8>> {
    let bytes = match data.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => Uint8Array::new(buffer),
        None => data.dyn_ref::<Uint8Array>()?.clone(),
    };
    Some(bytes.to_vec())
}

/// Sends bytes to the page in a buffer that changes hands, so that nothing is copied twice.
pub(super) fn send_bytes(bytes: &[u8]) {
    let buffer = Uint8Array::from(bytes).buffer();
    if let Err(error) = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
        web_sys::console::error_1(&error);
    }
}

/// What JavaScript threw, in words.
pub(super) fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| "no reason given".to_owned()),
    }
}
