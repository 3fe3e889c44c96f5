//! The page's end of the wire to a service in a web worker of its own, so that the page never waits for it.
//!
//! It knows nothing but its worker: what was asked, what the service has and how often it ended stands in the states of the
//! screens ([`super::session`], `lab/trainer.rs`).

use super::worker::{EngineTask, Stop, Worker};
use crate::protocol::{self, DeviceChoice};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// What comes over the wire, and what becomes of it.
#[derive(Debug)]
pub enum Signal<E> {
    /// A message of the service.
    Event(E),
    /// The worker works no more, for that reason.
    Stopped(Stop),
    /// It is time to start another one.
    StartAgain,
    /// The browser starts no worker, for that reason.
    NoWorker(String),
    /// A message could not be read, for that reason.
    Unreadable(String),
    /// A request could not be sent, for that reason.
    Unreachable(String),
}

/// The wire to a service that says `E`.
pub struct Wire<E>(Rc<Inner<E>>);

struct Inner<E> {
    task: EngineTask,
    emit: Callback<Signal<E>>,
    worker: RefCell<Option<Worker>>,
}

impl<E: DeserializeOwned + 'static> Wire<E> {
    /// A wire without a service yet.
    pub fn new(task: EngineTask, emit: Callback<Signal<E>>) -> Self {
        Self(Rc::new(Inner { task, emit, worker: RefCell::default() }))
    }

    /// Starts the service for a device, in the place of the one that is there.
    pub fn start(&self, device: DeviceChoice) {
        let hear = |inner: Rc<Inner<E>>, bytes: &[u8]| {
            inner.emit.emit(match protocol::decode::<E>(bytes) {
                Ok(event) => Signal::Event(event),
                Err(error) => Signal::Unreadable(error.to_string()),
            });
        };
        let stopped = |inner: Rc<Inner<E>>, stop: Stop| inner.emit.emit(Signal::Stopped(stop));
        match Worker::start_engine(self.0.task, device, &self.0, hear, stopped) {
            Ok(worker) => drop(self.0.worker.replace(Some(worker))),
            Err(why) => self.0.emit.emit(Signal::NoWorker(why)),
        }
    }

    /// Ends the service.
    pub fn end(&self) {
        self.0.worker.replace(None);
    }

    /// Asks the service. Nobody hears it while there is none.
    pub fn send(&self, request: &impl Serialize) {
        let Ok(bytes) = protocol::encode(request) else { return }; // None of the types in it can fail.
        let sent = self.0.worker.borrow().as_ref().map_or(Ok(()), |worker| worker.send(&bytes));
        if let Err(why) = sent {
            self.0.emit.emit(Signal::Unreachable(why));
        }
    }
}
