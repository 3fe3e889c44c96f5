//! The page's end of the wire to the engine, which lives in a web worker of its own, so that the page never waits for it.
//!
//! It knows nothing but its worker: what the engine was asked and what it has stands in the state ([`super::session`]).

use super::build;
use super::worker::{EngineTask, Stop, Worker};
use crate::protocol::{self, DeviceChoice, Event, Request};
use std::cell::RefCell;
use std::rc::Rc;
use yew::Callback;

/// What comes over the wire, and what becomes of it.
#[derive(Debug)]
pub enum Signal {
    /// A message of the engine.
    Event(Event),
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

/// The wire.
pub struct EngineClient(Rc<Inner>);

struct Inner {
    emit: Callback<Signal>,
    worker: RefCell<Option<Worker>>,
}

impl EngineClient {
    /// A wire without an engine yet.
    pub fn new(emit: Callback<Signal>) -> Self {
        Self(Rc::new(Inner { emit, worker: RefCell::default() }))
    }

    /// Starts an engine for a device, in the place of the one that is there.
    pub fn start(&self, device: DeviceChoice) {
        let hear = |inner: Rc<Inner>, bytes: &[u8]| inner.hear(bytes);
        let stopped = |inner: Rc<Inner>, stop: Stop| inner.emit.emit(Signal::Stopped(stop));
        match Worker::start_engine(EngineTask::Route, device, &self.0, hear, stopped) {
            Ok(worker) => drop(self.0.worker.replace(Some(worker))),
            Err(why) => self.0.emit.emit(Signal::NoWorker(why)),
        }
    }

    /// Ends the engine.
    pub fn end(&self) {
        self.0.worker.replace(None);
    }

    /// Asks the engine. Nobody hears it while there is none.
    pub fn send(&self, request: &Request) {
        let Ok(bytes) = protocol::encode(request) else { return }; // None of the types in it can fail.
        let sent = self.0.worker.borrow().as_ref().map_or(Ok(()), |worker| worker.send(&bytes));
        if let Err(why) = sent {
            self.0.emit.emit(Signal::Unreachable(why));
        }
    }
}

impl Inner {
    fn hear(&self, bytes: &[u8]) {
        self.emit.emit(match protocol::decode::<Event>(bytes) {
            Ok(mut event) => {
                if let Event::Trace { trace, .. } | Event::Compared { trace, .. } = &mut event {
                    build::sign(trace);
                }
                Signal::Event(event)
            }
            Err(error) => Signal::Unreadable(error.to_string()),
        });
    }
}
