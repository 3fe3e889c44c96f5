//! Turns of a worker's event loop.

use super::messages::scope;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Turns of the event loop, by a message to ourselves: a timer would wait four milliseconds every time.
pub(super) struct Turns {
    channel: MessageChannel,
}

impl Turns {
    pub(super) fn new() -> Result<Self, JsValue> {
        Ok(Self { channel: MessageChannel::new()? })
    }

    /// Lets messages come in.
    pub(super) async fn next(&self) {
        let turn = Promise::new(&mut |resolve, _| {
            self.channel.port1().set_onmessage(Some(&resolve));
            if self.channel.port2().post_message(&JsValue::NULL).is_err() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        // This promise is never rejected.
        let _ = JsFuture::from(turn).await;
    }
}

/// Waits for so many milliseconds.
pub(super) async fn sleep(millis: u32) {
    let timer = Promise::new(&mut |resolve, _| {
        let set = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis as i32);
        if set.is_err() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // This promise is never rejected.
    let _ = JsFuture::from(timer).await;
}
