//! A web worker that runs one of our binaries: started, heard and ended in one way for the engine and for the trainer.

use super::download::words;
use gloo::events::EventListener;
use js_sys::{Array, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ErrorEvent, MessageEvent, WorkerOptions, WorkerType};

/// A worker, for as long as it is kept.
pub struct Worker {
    port: web_sys::Worker,
    _listeners: [EventListener; 3],
}

impl Worker {
    /// Starts a script of this page as a worker of that name. `on_message` gets the data of its messages, `on_crash` what an
    /// error that nobody caught said.
    ///
    /// # Errors
    /// Why the browser starts no worker, without a full stop.
    pub fn start(
        script: &str,
        name: &str,
        on_message: impl Fn(&JsValue) + 'static,
        on_crash: impl Fn(&str) + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(name);
        let port = web_sys::Worker::new_with_options(script, &options).map_err(sentence)?;
        let on_crash = Rc::new(on_crash);
        let unreadable = Rc::clone(&on_crash);
        let listeners = [
            EventListener::new(&port, "message", move |event| {
                if let Some(message) = event.dyn_ref::<MessageEvent>() {
                    on_message(&message.data());
                }
            }),
            EventListener::new(&port, "error", move |event| {
                event.prevent_default();
                on_crash(&event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default());
            }),
            EventListener::new(&port, "messageerror", move |_| unreadable("a message could not be read")),
        ];
        Ok(Self { port, _listeners: listeners })
    }

    /// Sends bytes, which are not copied again.
    ///
    /// # Errors
    /// Why they cannot be sent, without a full stop.
    pub fn send(&self, bytes: &[u8]) -> Result<(), String> {
        let buffer = Uint8Array::from(bytes).buffer();
        self.port.post_message_with_transfer(&buffer, &Array::of1(&buffer)).map_err(sentence)
    }

    /// Says a word whenever it is called, until the worker is gone.
    pub fn speaker(&self, word: &'static str) -> impl Fn() + 'static {
        let port = self.port.clone();
        move || drop(port.post_message(&word.into()))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.port.terminate();
    }
}

/// The bytes of a message.
pub fn bytes(data: &JsValue) -> Vec<u8> {
    Uint8Array::new(data).to_vec()
}

/// A sentence about a worker (`engine`) that stopped, from what its error said.
pub fn stopped(who: &str, why: &str) -> String {
    match why.trim_start_matches("Uncaught ").trim_start_matches("Error: ").trim_end_matches('.') {
        "" => format!("The {who}’s code could not be loaded, or it stopped."),
        why if why.starts_with("The ") => format!("{why}."),
        why => format!("The {who} stopped unexpectedly ({why})."),
    }
}

fn sentence(error: JsValue) -> String {
    words(error).trim_end_matches('.').to_owned()
}
