//! The page's end of the wire to the engine.
//!
//! The engine lives in a web worker of its own, so that the page never waits for it. A worker can die (a crash, a lost
//! GPU, no memory: [`super::pulse`]): then another is started with the same settings, at most [`MAX_CRASHES`] times in a row without a trace between.
//!
//! The engine is asked to open one thing at a time: what the visitor chooses meanwhile is asked for when the answer is here,
//! so that every answer is known to be about what was asked.

use super::build;
use super::models::{self, GivenModel, Model};
use super::worker::{self, End, EngineTask, Worker, needs_other_build};
use crate::protocol::{self, DeviceChoice, Event, FaultKind, Manner, Request, Sampling};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// Crashes in a row after which the engine is given up.
const MAX_CRASHES: u32 = 3;

/// What the client tells the page.
#[derive(Clone, Debug)]
pub enum Signal {
    /// A message of the engine that is not out of date.
    Event(Event),
    /// The engine stopped, for that reason, and another one was started.
    Restarting(String),
    /// There is no engine, for that reason.
    Gone(String),
    /// The device that was asked for cannot be had, for that reason: the one before is opened again.
    NoDevice(String),
    /// A model cannot be had.
    Refused {
        /// Why, and what to do.
        why: String,
        /// What could not be done.
        kind: FaultKind,
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
    /// A model that lies at no address, because it was trained in this page or came as files: its name and files.
    given: RefCell<Option<GivenModel>>,
    /// What the engine has.
    opened: RefCell<Option<(Model, DeviceChoice)>>,
    /// What the engine was asked to open and has not answered yet.
    asked: RefCell<Option<(Model, DeviceChoice)>>,
    /// Whether the engine was ever wanted.
    started: Cell<bool>,
    device: Cell<DeviceChoice>,
    /// The device that the worker of now was started for.
    started_for: Cell<DeviceChoice>,
    /// The device that was in use before another build of the engine took the worker's place, until that one has answered.
    before: Cell<Option<DeviceChoice>>,
    worker: RefCell<Option<Worker>>,
    ticket: Cell<u64>,
    /// The ticket of the newest comparison, which goes on beside the routing of the text.
    comparison: Cell<u64>,
    crashes: Cell<u32>,
}

impl EngineClient {
    /// A wire without an engine yet; `first` is the absolute address of the checkpoint that the page opens with, ending in `/`.
    pub fn new(first: String, device: DeviceChoice, emit: Callback<Signal>) -> Self {
        Self(Rc::new(Inner {
            emit,
            first,
            model: RefCell::default(),
            given: RefCell::default(),
            opened: RefCell::default(),
            asked: RefCell::default(),
            started: Cell::new(false),
            device: Cell::new(device),
            started_for: Cell::new(device),
            before: Cell::new(None),
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
        self.0.started_for.set(self.0.device.get());
        match Worker::start_engine(EngineTask::Route, self.0.device.get(), &self.0, |inner, bytes| Self(inner).hear(bytes), |inner, end| Self(inner).ended(end)) {
            Ok(worker) => drop(self.0.worker.replace(Some(worker))),
            Err(why) => self.0.emit.emit(Signal::Gone(format!(
                "This browser did not start a web worker ({why}), so no text can be routed here. The recording still works. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari."
            ))),
        }
    }

    fn hear(&self, bytes: &[u8]) {
        match protocol::decode::<Event>(bytes) {
            Ok(event) => self.take(event),
            Err(error) => self.0.emit.emit(Signal::Gone(format!(
                "The engine's message could not be read ({error}): page and engine are of different versions. Reload the page."
            ))),
        }
    }

    fn take(&self, mut event: Event) {
        if let Event::Trace { trace, .. } | Event::Compared { trace, .. } = &mut event {
            build::sign(trace);
        }
        let current = self.0.ticket.get();
        match &event {
            Event::Started => self.open(),
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
                self.0.before.take();
                if let Some(asked) = self.0.asked.take() {
                    self.0.opened.replace(Some(asked));
                }
                if self.reopened() {
                    return;
                }
            }
            Event::Fault {
                kind: kind @ (FaultKind::Fetch | FaultKind::Model | FaultKind::Unsupported),
                message,
                fatal: false,
            } => {
                return self.refused(message.clone(), *kind);
            }
            Event::Fault { kind: FaultKind::Device, message, fatal: false } => {
                if let Some((model, device)) = self.0.opened.borrow().clone() {
                    self.0.device.set(device);
                    if *self.0.model.borrow() != model {
                        return self.refused(message.clone(), FaultKind::Device);
                    }
                }
                self.0.asked.take();
                if self.went_back() {
                    return self.0.emit.emit(Signal::NoDevice(message.clone()));
                }
            }
            Event::Fault { kind: FaultKind::DeviceLost, message, .. } | Event::Fault { fatal: true, message, .. } => {
                return self.crashed(message);
            }
            _ => {}
        }
        self.0.emit.emit(Signal::Event(event));
    }

    /// The engine could not have the model that it was asked for; the one it has stays.
    fn refused(&self, why: String, kind: FaultKind) {
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
        self.0.emit.emit(Signal::Refused { why, kind, model, kept });
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

    /// Where another build of the engine could not open the device that it was fetched for: the one before again. Whether it was so.
    fn went_back(&self) -> bool {
        let before = self.0.before.take();
        if let Some(before) = before {
            self.0.device.set(before);
            self.start();
        }
        before.is_some()
    }

    fn ended(&self, end: End<'_>) {
        match end {
            End::Stopped(why) => self.crashed(why),
            End::NoCode(why) if self.went_back() => self.0.emit.emit(Signal::NoDevice(why.to_owned())),
            End::NoCode(why) => {
                self.0.worker.replace(None);
                self.0.emit.emit(Signal::Gone(format!(
                    "{why} Your text is kept, and “Try again” or another device can be chosen in the device menu."
                )));
            }
        }
    }

    fn crashed(&self, why: &str) {
        let why = worker::stopped("engine", why);
        if self.went_back() {
            return self.0.emit.emit(Signal::NoDevice(why));
        }
        self.0.worker.replace(None);
        let crashes = self.0.crashes.get() + 1;
        self.0.crashes.set(crashes);
        if crashes > MAX_CRASHES {
            self.0.emit.emit(Signal::Gone(format!(
                "{why} It was started again {MAX_CRASHES} times without success. Your text is kept: choose “Try again” or another device in the device menu, or reload the page. If a file of the page is missing, only whoever serves it can help."
            )));
        } else {
            self.0.emit.emit(Signal::Restarting(why));
            let client = self.clone();
            Timeout::new(250 * crashes, move || client.start()).forget();
        }
    }

    fn send(&self, request: &Request) {
        let Ok(bytes) = protocol::encode(request) else { return };
        let sent = self.0.worker.borrow().as_ref().map_or(Ok(()), |worker| worker.send(&bytes));
        if let Err(why) = sent {
            self.0.emit.emit(Signal::Gone(format!("The engine could not be reached ({why}). Reload the page.")));
        }
    }

    fn open(&self) {
        let (model, device) = (self.0.model.borrow().clone(), self.0.device.get());
        let given = self.0.given.borrow().clone().filter(|given| model.as_ref() == Some(&given.name));
        let (address, files) = given
            .map(|given| (given.name, given.files))
            .unwrap_or_else(|| (models::address(&self.0.first, &model), Vec::new()));
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
        } else if needs_other_build(self.0.started_for.get(), device) {
            self.0.before.set(self.0.opened.borrow().as_ref().map(|(_, device)| *device));
            self.start();
        } else if self.0.asked.borrow().is_none() {
            self.open();
        }
    }

    /// Whether it has the files of that model, which lies at no address.
    pub fn holds(&self, name: &str) -> bool {
        self.0.given.borrow().as_ref().is_some_and(|given| given.name == name)
    }

    /// Whether the engine was ever wanted.
    pub fn is_started(&self) -> bool {
        self.0.started.get()
    }

    /// Takes the files of a model that lies at no address, for when that name is chosen.
    pub fn give(&self, given: GivenModel) {
        // An engine that was never wanted finds them when it starts.
        let again = self.0.started.get() && self.0.model.borrow().as_ref() == Some(&given.name);
        self.0.given.replace(Some(given));
        if again {
            // Another run may have come to the same name.
            self.0.opened.take();
            self.reopen(self.0.device.get());
        }
    }

    /// Opens another model; the one in use stays until that one is here.
    pub fn choose(&self, model: &Model) {
        if *self.0.model.borrow() == *model {
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

    /// Asks for a text to be routed; older questions are no longer answered.
    pub fn route(&self, text: String, manner: Manner) {
        let ticket = self.next_ticket();
        self.send(&Request::Route { ticket, text, manner });
    }

    /// Asks for a text to be routed by several models, each an absolute address; older comparisons are no longer answered.
    pub fn compare(&self, text: String, models: Vec<String>, manner: Manner) {
        self.0.comparison.set(self.0.comparison.get() + 1);
        self.send(&Request::Compare { ticket: self.0.comparison.get(), text, models, manner });
    }

    /// Asks for a text of a task ([`Manner::task`]) to be continued. Returns the ticket that its tokens carry.
    pub fn generate(&self, text: String, task: Option<usize>, sampling: Sampling, max_tokens: usize) -> u64 {
        let ticket = self.next_ticket();
        self.send(&Request::Generate { ticket, text, task, sampling, max_tokens });
        ticket
    }

    /// Stops the generation under way.
    pub fn stop(&self) {
        self.send(&Request::Stop);
    }
}
