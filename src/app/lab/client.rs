//! The page's end of the wire to the trainer.
//!
//! The trainer lives in a worker of its own, started when the lab is first opened. If it dies another is started, at most
//! [`MAX_CRASHES`] times in a row without a run between; what it is asked then is the state's business.

use super::act::Act;
use crate::app::download::words;
use crate::lab::protocol::{LabEvent, LabRequest};
use crate::protocol;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Crashes in a row after which the trainer is given up.
const MAX_CRASHES: u32 = 3;
/// The worker's script, beside the page.
const SCRIPT: &str = "www/trainer.js";

/// The wire. Clones share it.
#[derive(Clone)]
pub struct LabClient(Rc<Inner>);

struct Inner {
    emit: Callback<Act>,
    worker: RefCell<Option<Alive>>,
    crashes: Cell<u32>,
}

struct Alive {
    worker: Worker,
    _listeners: [EventListener; 3],
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl LabClient {
    /// A wire without a trainer yet.
    pub fn new(emit: Callback<Act>) -> Self {
        Self(Rc::new(Inner { emit, worker: RefCell::new(None), crashes: Cell::new(0) }))
    }

    /// Starts the trainer, or another one in its place.
    pub fn start(&self) {
        match self.spawn() {
            Ok(alive) => drop(self.0.worker.replace(Some(alive))),
            Err(error) => {
                let why = words(error);
                self.gone(format!(
                    "This browser did not start a web worker ({}), so nothing can be trained here. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari.",
                    why.trim_end_matches('.')
                ));
            }
        }
    }

    fn spawn(&self) -> Result<Alive, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options)?;
        let on = |name: &'static str, act: fn(&Self, &web_sys::Event)| {
            let weak = Rc::downgrade(&self.0);
            EventListener::new(&worker, name, move |event| {
                if let Some(inner) = weak.upgrade() {
                    act(&Self(inner), event);
                }
            })
        };
        let listeners = [
            on("message", Self::on_message),
            on("error", |client, event| {
                event.prevent_default();
                let error = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                client.crashed(&error);
            }),
            on("messageerror", |client, _| client.crashed("a message could not be read")),
        ];
        Ok(Alive { worker, _listeners: listeners })
    }

    fn on_message(&self, event: &web_sys::Event) {
        let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match protocol::decode::<LabEvent>(&bytes) {
            Ok(LabEvent::Fault { fatal: true, message, .. }) => self.crashed(&message),
            Ok(event) => self.0.emit.emit(Act::Event(Box::new(event))),
            Err(error) => self.gone(format!(
                "The trainer's message could not be read ({error}): page and trainer are of different versions. Reload the page."
            )),
        }
    }

    fn gone(&self, why: String) {
        self.0.emit.emit(Act::Gone(why));
    }

    fn crashed(&self, why: &str) {
        let why = match why.trim_start_matches("Uncaught ").trim_start_matches("Error: ").trim_end_matches('.') {
            "" => "The trainer’s code could not be loaded, or it stopped.".to_owned(),
            why if why.starts_with("The ") => format!("{why}."),
            why => format!("The trainer stopped unexpectedly ({why})."),
        };
        self.0.worker.replace(None);
        let crashes = self.0.crashes.get() + 1;
        self.0.crashes.set(crashes);
        if crashes > MAX_CRASHES {
            self.0.crashes.set(0);
            self.gone(format!(
                "{why} It was started again {MAX_CRASHES} times without success. Your settings and curves are kept: press Start to try again, or reload the page."
            ));
        } else {
            self.0.emit.emit(Act::Restarting(why));
            let client = self.clone();
            Timeout::new(250 * crashes, move || client.start()).forget();
        }
    }

    /// The trainer does its work: crashes are counted from here.
    pub fn alive(&self) {
        self.0.crashes.set(0);
    }

    /// Asks the trainer. Nobody hears it while there is none: the state asks again when there is one.
    pub fn ask(&self, request: &LabRequest) {
        let Ok(bytes) = protocol::encode(request) else { return };
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        let failed = match &*self.0.worker.borrow() {
            Some(alive) => alive.worker.post_message_with_transfer(&buffer, &Array::of1(&buffer)).err(),
            None => None,
        };
        if let Some(error) = failed {
            let why = words(error);
            self.gone(format!("The trainer could not be reached ({}). Reload the page.", why.trim_end_matches('.')));
        }
    }
}
