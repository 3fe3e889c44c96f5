//! The page's end of the wire to the engine.
//!
//! The engine lives in a web worker of its own, so that the page never waits for it. A worker can die (a crash, a lost
//! GPU, no memory: [`pulse`]): then another is started with the same settings, at most [`MAX_CRASHES`] times in a row without a trace between.
//!
//! The engine is asked to open one thing at a time: what the visitor chooses meanwhile is asked for when the answer is here,
//! so that every answer is known to be about what was asked.

use super::download::words;
use super::models::{self, Model};
use super::pulse::{self, Pulse};
use crate::protocol::{self, DeviceChoice, Event, FaultKind, Request, Sampling};
use gloo::events::EventListener;
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Crashes in a row after which the engine is given up.
const MAX_CRASHES: u32 = 3;
/// The worker's script, beside the page.
const SCRIPT: &str = "www/engine.js";

/// What the client tells the page.
#[derive(Clone, Debug)]
pub enum Signal {
    /// A message of the engine that is not out of date.
    Event(Event),
    /// The engine stopped, for that reason, and another one was started.
    Restarting(String),
    /// There is no engine, for that reason.
    Gone(String),
    /// A model cannot be had.
    Refused {
        /// Why, and what to do.
        why: String,
        /// Which one.
        model: Model,
        /// The one that the engine still has, if any.
        kept: Option<Model>,
    },
}

/// The wire. Clones share it.
#[derive(Clone)]
pub struct EngineClient(Rc<Inner>);

struct Inner {
    emit: Callback<Signal>,
    /// The address of the model that the page opens with.
    first: String,
    model: RefCell<Model>,
    /// What the engine has.
    opened: RefCell<Option<(Model, DeviceChoice)>>,
    /// What the engine was asked to open and has not answered yet.
    asked: RefCell<Option<(Model, DeviceChoice)>>,
    /// Whether the engine was ever wanted.
    started: Cell<bool>,
    /// A model that was trained in this page: its name and files, in place of `model`.
    files: RefCell<Option<(String, Vec<(String, Vec<u8>)>)>>,
    device: Cell<DeviceChoice>,
    worker: RefCell<Option<Alive>>,
    ticket: Cell<u64>,
    /// The ticket of the newest comparison, which goes on beside the routing of the text.
    comparison: Cell<u64>,
    crashes: Cell<u32>,
}

struct Alive {
    worker: Worker,
    name: String,
    /// Beats from the worker's first word on.
    pulse: Option<Pulse>,
    _listeners: [EventListener; 3],
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl EngineClient {
    /// A wire without an engine yet; `first` is the absolute address of the checkpoint that the page opens with, ending in `/`.
    pub fn new(first: String, device: DeviceChoice, emit: Callback<Signal>) -> Self {
        Self(Rc::new(Inner {
            emit,
            first,
            model: RefCell::default(),
            opened: RefCell::default(),
            asked: RefCell::default(),
            started: Cell::new(false),
            files: RefCell::new(None),
            device: Cell::new(device),
            worker: RefCell::new(None),
            ticket: Cell::new(0),
            comparison: Cell::new(0),
            crashes: Cell::new(0),
        }))
    }

    /// Starts the engine, or another one in its place.
    pub fn start(&self) {
        self.0.started.set(true);
        self.0.opened.take();
        self.0.asked.take();
        match self.spawn() {
            Ok(alive) => {
                self.0.worker.replace(Some(alive));
            }
            Err(error) => {
                let why = words(error);
                let why = why.trim_end_matches('.');
                self.0.emit.emit(Signal::Gone(format!(
                    "This browser did not start a web worker ({why}), so no text can be routed here. The recording still works. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari."
                )));
            }
        }
    }

    fn spawn(&self) -> Result<Alive, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let name = pulse::new_name();
        options.set_name(&name);
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
        Ok(Alive { worker, name, pulse: None, _listeners: listeners })
    }

    /// From now on the worker's end is noticed.
    fn watch_lock(&self) {
        let Some(name) = self.0.worker.borrow().as_ref().map(|alive| alive.name.clone()) else { return };
        let weak = Rc::downgrade(&self.0);
        pulse::on_end(&name.clone(), move || {
            let Some(client) = weak.upgrade().map(Self) else { return };
            let current = client.0.worker.borrow().as_ref().is_some_and(|alive| alive.name == name);
            if current {
                client.crashed("The engine’s worker ended without a word; there may have been too little memory");
            }
        });
    }

    /// From now on the worker's silence is noticed.
    fn watch_beat(&self) {
        let mut worker = self.0.worker.borrow_mut();
        let Some(alive) = worker.as_mut() else { return };
        let (weak, port) = (Rc::downgrade(&self.0), alive.worker.clone());
        let beat = move || drop(port.post_message(&pulse::PING.into()));
        alive.pulse = Some(Pulse::new(beat, move || {
            if let Some(client) = weak.upgrade().map(Self) {
                // Not from inside the timer that this ends.
                gloo::timers::callback::Timeout::new(0, move || {
                    client.crashed("The engine’s worker did not answer for two minutes");
                })
                .forget();
            }
        }));
    }

    fn on_message(&self, event: &web_sys::Event) {
        let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
        if let Some(alive) = &*self.0.worker.borrow()
            && let Some(pulse) = &alive.pulse
        {
            pulse.heard();
        }
        if let Some(word) = message.data().as_string() {
            if word == pulse::HELD {
                self.watch_lock();
            }
            return; // else the answer to a beat
        }
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match protocol::decode::<Event>(&bytes) {
            Ok(event) => self.take(event),
            Err(error) => self.0.emit.emit(Signal::Gone(format!(
                "The engine's message could not be read ({error}): page and engine are of different versions. Reload the page."
            ))),
        }
    }

    fn take(&self, event: Event) {
        let current = self.0.ticket.get();
        match &event {
            Event::Started => {
                self.watch_beat();
                self.open();
            }
            Event::Trace { ticket, .. } | Event::Token { ticket, .. } | Event::Finished { ticket, .. }
                if *ticket != current =>
            {
                return;
            }
            Event::Compared { ticket, .. } | Event::NotCompared { ticket, .. }
                if *ticket != self.0.comparison.get() =>
            {
                return;
            }
            Event::Trace { .. } => self.0.crashes.set(0),
            Event::Ready { .. } => {
                if let Some(asked) = self.0.asked.take() {
                    self.0.opened.replace(Some(asked));
                }
                if self.reopened() {
                    return;
                }
            }
            Event::Fault { kind: FaultKind::Fetch | FaultKind::Model, message, fatal: false } => {
                return self.refused(message.clone());
            }
            Event::Fault { kind: FaultKind::Device, message, fatal: false } => {
                if let Some((model, device)) = self.0.opened.borrow().clone() {
                    self.0.device.set(device);
                    if *self.0.model.borrow() != model {
                        return self.refused(message.clone());
                    }
                }
                self.0.asked.take();
            }
            Event::Fault { kind: FaultKind::DeviceLost, message, .. } | Event::Fault { fatal: true, message, .. } => {
                return self.crashed(message);
            }
            _ => {}
        }
        self.0.emit.emit(Signal::Event(event));
    }

    /// The engine could not have the model that it was asked for; the one it has stays.
    fn refused(&self, why: String) {
        let asked = self.0.asked.take();
        let model = asked.map_or_else(|| self.0.model.borrow().clone(), |(model, _)| model);
        if *self.0.model.borrow() != model && self.reopened() {
            return; // Something else is wanted by now.
        }
        let kept = self.0.opened.borrow().as_ref().map(|(model, _)| model.clone());
        if let Some(kept) = &kept {
            self.0.model.replace(kept.clone());
            self.reopened();
        }
        self.0.emit.emit(Signal::Refused { why, model, kept });
    }

    /// Asks for what is wanted by now, if that is not what the engine has. Whether it asked.
    fn reopened(&self) -> bool {
        let wanted = (self.0.model.borrow().clone(), self.0.device.get());
        let other = self.0.opened.borrow().as_ref() != Some(&wanted);
        if other {
            self.open();
        }
        other
    }

    fn crashed(&self, why: &str) {
        let why = match why.trim_start_matches("Uncaught ").trim_start_matches("Error: ").trim_end_matches('.') {
            "" => "The engine’s code could not be loaded, or it stopped.".to_owned(),
            why if why.starts_with("The ") => format!("{why}."),
            why => format!("The engine stopped unexpectedly ({why})."),
        };
        self.0.worker.replace(None);
        let crashes = self.0.crashes.get() + 1;
        self.0.crashes.set(crashes);
        if crashes > MAX_CRASHES {
            self.0.emit.emit(Signal::Gone(format!(
                "{why} It was started again {MAX_CRASHES} times without success. Your text is kept: choose “Try again” or the CPU in the device menu, or reload the page."
            )));
        } else {
            self.0.emit.emit(Signal::Restarting(why));
            let client = self.clone();
            gloo::timers::callback::Timeout::new(250 * crashes, move || client.start()).forget();
        }
    }

    fn send(&self, request: &Request) {
        let Ok(bytes) = protocol::encode(request) else { return };
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        if let Some(alive) = &*self.0.worker.borrow()
            && let Err(error) = alive.worker.post_message_with_transfer(&buffer, &Array::of1(&buffer))
        {
            let why = words(error);
            let why = why.trim_end_matches('.');
            self.0.emit.emit(Signal::Gone(format!("The engine could not be reached ({why}). Reload the page.")));
        }
    }

    fn open(&self) {
        let (model, device) = (self.0.model.borrow().clone(), self.0.device.get());
        let own = self.0.files.borrow().clone();
        let (address, files) = own.unwrap_or_else(|| (models::address(&self.0.first, &model), Vec::new()));
        self.0.asked.replace(Some((model, device)));
        self.send(&Request::Open { device, model: address, files });
    }

    fn next_ticket(&self) -> u64 {
        self.0.ticket.set(self.0.ticket.get() + 1);
        self.0.ticket.get()
    }

    /// Opens another device, in a fresh engine if the old one is gone.
    pub fn reopen(&self, device: DeviceChoice) {
        self.0.device.set(device);
        self.0.crashes.set(0);
        self.next_ticket();
        if self.0.worker.borrow().is_none() {
            self.start();
        } else if self.0.asked.borrow().is_none() {
            self.open();
        }
    }

    /// Opens another model; the one in use stays until that one is here.
    pub fn choose(&self, model: &Model) {
        let own = self.0.files.take().is_some();
        if !own && *self.0.model.borrow() == *model {
            return;
        }
        self.0.model.replace(model.clone());
        self.next_ticket();
        if self.0.worker.borrow().is_none() {
            self.0.crashes.set(0);
            if self.0.started.get() {
                self.start();
            }
        } else if self.0.asked.borrow().is_none() {
            self.open();
        }
    }

    /// Opens a model whose files are here.
    pub fn open_files(&self, name: String, files: Vec<(String, Vec<u8>)>) {
        self.0.files.replace(Some((name, files)));
        self.reopen(self.0.device.get());
    }

    /// Asks for a text to be routed, as published where the method looks ahead and `ahead` says so; older questions are no
    /// longer answered.
    pub fn route(&self, text: String, ahead: bool) {
        let ticket = self.next_ticket();
        self.send(&Request::Route { ticket, text, ahead });
    }

    /// Asks for a text to be routed by several models, each an absolute address; older comparisons are no longer answered.
    pub fn compare(&self, text: String, models: Vec<String>) {
        self.0.comparison.set(self.0.comparison.get() + 1);
        self.send(&Request::Compare { ticket: self.0.comparison.get(), text, models, ahead: false });
    }

    /// Asks for a text to be continued. Returns the ticket that its tokens carry.
    pub fn generate(&self, text: String, sampling: Sampling, max_tokens: usize) -> u64 {
        let ticket = self.next_ticket();
        self.send(&Request::Generate { ticket, text, sampling, max_tokens });
        ticket
    }

    /// Stops the generation under way.
    pub fn stop(&self) {
        self.send(&Request::Stop);
    }
}
