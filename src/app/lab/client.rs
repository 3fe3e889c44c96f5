//! The page's end of the wire to the trainer.
//!
//! The trainer lives in a worker of its own, started when the lab is first opened. If it dies another is started, at most
//! [`MAX_CRASHES`] times in a row without a run between; what it is asked then is the state's business.

use super::act::Act;
use crate::app::worker::{EngineTask, Stop, Who, Worker};
use crate::messages::{app, lab};
use crate::protocol::{self, DeviceChoice};
use crate::run::protocol::{LabEvent, LabRequest};
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// Crashes in a row after which the trainer is given up.
const MAX_CRASHES: u32 = 3;

/// The wire. Clones share it.
#[derive(Clone)]
pub struct LabClient(Rc<Inner>);

struct Inner {
    emit: Callback<Act>,
    /// What the worker is started for.
    device: Cell<DeviceChoice>,
    worker: RefCell<Option<Worker>>,
    crashes: Cell<u32>,
    /// Whether the worker of now said anything: one that never did may not even be here.
    heard: Cell<bool>,
}

impl LabClient {
    /// A wire without a trainer yet.
    pub fn new(emit: Callback<Act>) -> Self {
        Self(Rc::new(Inner {
            emit,
            device: Cell::new(DeviceChoice::Auto),
            worker: RefCell::new(None),
            crashes: Cell::new(0),
            heard: Cell::new(false),
        }))
    }

    /// Starts the trainer for a device, or another one in its place.
    pub fn start(&self, device: DeviceChoice) {
        self.0.device.set(device);
        self.0.heard.set(false);
        let started = Worker::start_engine(
            EngineTask::Train,
            device,
            &self.0,
            |inner, bytes| Self(inner).hear(bytes),
            |inner, stop| Self(inner).stopped(&stop),
        );
        match started {
            Ok(worker) => drop(self.0.worker.replace(Some(worker))),
            Err(why) => self.gone(lab::no_worker(why)),
        }
    }

    fn hear(&self, bytes: &[u8]) {
        self.0.heard.set(true);
        match protocol::decode::<LabEvent>(bytes) {
            Ok(LabEvent::Fault(fault)) if fault.is_fatal() => self.crashed(fault.to_string()),
            Ok(event) => self.0.emit.emit(Act::Event(Box::new(event))),
            Err(error) => {
                self.0.worker.replace(None);
                self.gone(lab::misheard(error));
            }
        }
    }

    fn gone(&self, why: String) {
        self.0.emit.emit(Act::Gone(why));
    }

    fn stopped(&self, stop: &Stop) {
        let why = said(stop, self.0.heard.get());
        if let Stop::NoCode { .. } = stop {
            self.0.worker.replace(None);
            self.gone(format!("{why} {}", app::trainer_no_code()));
        } else {
            self.crashed(why);
        }
    }

    /// The trainer is no more, for that reason, in a sentence.
    fn crashed(&self, why: String) {
        let heard = self.0.heard.get();
        self.0.worker.replace(None);
        let crashes = self.0.crashes.get() + 1;
        self.0.crashes.set(crashes);
        if crashes > MAX_CRASHES {
            self.0.crashes.set(0);
            self.gone(given_up(&why, heard));
        } else {
            self.0.emit.emit(Act::Restarting(why));
            let client = self.clone();
            Timeout::new(250 * crashes, move || client.start(client.0.device.get())).forget();
        }
    }

    /// The trainer does its work: crashes are counted from here.
    pub fn alive(&self) {
        self.0.crashes.set(0);
    }

    /// Asks the trainer. Nobody hears it while there is none: the state asks again when there is one.
    pub fn ask(&self, request: &LabRequest) {
        let Ok(bytes) = protocol::encode(request) else { return };
        let sent = self.0.worker.borrow().as_ref().map_or(Ok(()), |worker| worker.send(&bytes));
        if let Err(why) = sent {
            self.gone(lab::unreachable(why));
        }
    }
}

/// Why the trainer stopped; `heard` says whether it had said anything before.
fn said(stop: &Stop, heard: bool) -> String {
    match stop {
        Stop::NotLoaded if !heard => app::trainer_never_came().to_owned(),
        stop => stop.said(Who::Trainer),
    }
}

/// What is said when there will be no trainer.
fn given_up(why: &str, heard: bool) -> String {
    let times = MAX_CRASHES + 1;
    let todo = if heard { lab::given_up(times) } else { lab::given_up_unheard(times) };
    format!("{why} {todo}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trainer_that_never_came_is_a_matter_of_the_connection() {
        let words = given_up(&said(&Stop::NotLoaded, false), false);
        assert!(words.starts_with("The trainer’s code could not be loaded. ") && !words.contains("stopped"), "{words}");
        assert!(words.contains("Check the connection, then press Start"), "{words}");
        let words = given_up(&said(&Stop::NotStarted("Failed to fetch".to_owned()), false), false);
        assert!(words.contains("(Failed to fetch).") && words.contains("Check the connection"), "{words}");
    }

    #[test]
    fn a_trainer_that_ran_has_nothing_to_do_with_the_connection() {
        let words = given_up(&said(&Stop::Error("unreachable executed".to_owned()), true), true);
        assert!(words.contains("unreachable executed") && words.contains("press Start"), "{words}");
        assert!(!words.contains("connection"), "{words}");
    }
}
