//! The trainer in a web worker of its own, so that neither the page nor the explorer's engine waits for it.

use super::inbox::Inbox;
use super::protocol::{LabEvent, LabFault, LabRequest};
use super::service::{Host, serve};
use crate::engine::device::{OnTrouble, Trouble};
use crate::engine::web::{Pauses, on_bytes, scope, send_bytes, words};
use crate::protocol;
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_time::Duration;

/// Starts the trainer in this worker.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let message = format!(
            "The trainer stopped because of a fault in it ({info}). It can be started again from its last saved step."
        );
        post(&fault(LabFault::Request, message, true));
    }));
    let inbox = Rc::new(Inbox::default());
    let receiver = Rc::clone(&inbox);
    on_bytes(move |bytes| match bytes.and_then(|bytes| protocol::decode::<LabRequest>(&bytes).ok()) {
        Some(request) => receiver.push(request),
        None => {
            let message = "The page sent something that the trainer cannot read: they are of different versions. Reload the page.";
            post(&fault(LabFault::Protocol, message.to_owned(), false));
        }
    });
    spawn_local(async move {
        match Pauses::new() {
            Ok(pauses) => serve(&Worker { pauses }, &inbox).await,
            Err(error) => {
                let message = format!("This browser's workers lack what the trainer needs: {}", words(&error));
                post(&fault(LabFault::Device, message, true));
            }
        }
    });
}

fn fault(kind: LabFault, message: String, fatal: bool) -> LabEvent {
    LabEvent::Fault { kind, message, at: None, fatal }
}

fn post(event: &LabEvent) {
    if let Ok(bytes) = protocol::encode(event) {
        send_bytes(&bytes);
    }
}

fn on_trouble(trouble: Trouble) {
    let message = match trouble {
        Trouble::Lost(what) => format!("The GPU was lost. Training can go on from the last saved step. {what}"),
        Trouble::Uncaptured(what) => {
            format!("The GPU refused an operation, so its results cannot be trusted. {what}")
        }
    };
    post(&fault(LabFault::DeviceLost, message.trim_end().to_owned(), true));
}

struct Worker {
    pauses: Pauses,
}

impl Host for Worker {
    const ON_TROUBLE: OnTrouble = on_trouble;
    const WARM_UP: Duration = Duration::from_secs(3);
    const FIRST_PICTURE: u32 = 150;

    async fn pause(&self) {
        self.pauses.pause().await;
    }

    async fn sleep(&self, millis: u32) {
        let timer = js_sys::Promise::new(&mut |resolve, _| {
            let set = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis as i32);
            if set.is_err() {
                let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
            }
        });
        // This promise is never rejected.
        let _ = JsFuture::from(timer).await;
    }

    fn send(&self, event: LabEvent) {
        post(&event);
    }
}
