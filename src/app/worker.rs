//! A web worker that runs one of our binaries: started, heard, watched ([`pulse`]) and ended in one way for the engine and for
//! the trainer.

use super::build;
use super::download::words;
use super::pulse::{self, Pulse};
use crate::protocol::DeviceChoice;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ErrorEvent, MessageEvent, WorkerOptions, WorkerType};

/// The script of the engine's worker, beside the page.
const ENGINE: &str = "www/engine.js";

/// What the engine's worker is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineTask {
    /// Route texts.
    Route,
    /// Train.
    Train,
}

impl EngineTask {
    /// The name of the task with a device, as `www/engine.js` reads it.
    fn words(self, device: DeviceChoice) -> String {
        let task = match self {
            Self::Route => "route",
            Self::Train => "train",
        };
        format!("{task} {}", device.name())
    }

    /// What a fault calls it.
    fn who(self) -> &'static str {
        match self {
            Self::Route => "engine",
            Self::Train => "trainer",
        }
    }
}

/// Whether an engine that was started for one device must make place for another build to open the other: the build that
/// can use a GPU can use everything, and for [`DeviceChoice::Auto`] it is taken only where a GPU was found.
pub fn needs_other_build(started_for: DeviceChoice, wanted: DeviceChoice) -> bool {
    let gpu = |choice| matches!(choice, DeviceChoice::Gpu | DeviceChoice::GpuForced);
    !gpu(started_for) && wanted != started_for && wanted != DeviceChoice::Cpu
}

/// How a worker ended.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// It stopped or hangs: what its error said.
    Stopped(&'a str),
    /// Its code cannot be had, which another worker would not change: why and what to do, in sentences.
    NoCode(&'a str),
}

/// A worker, for as long as it is kept.
pub struct Worker {
    port: web_sys::Worker,
    _life: Rc<Life>,
    _listeners: [EventListener; 3],
}

/// What is needed to notice a worker's end.
struct Life {
    who: &'static str,
    name: String,
    /// Beats from the worker's first message on.
    pulse: RefCell<Option<Pulse>>,
    on_end: Box<dyn Fn(End<'_>)>,
}

impl Worker {
    /// Starts the engine as a worker of `owner`; otherwise as [`Worker::start`].
    ///
    /// # Errors
    /// Why the browser starts no worker, without a full stop.
    pub fn start_engine<T: 'static>(
        task: EngineTask,
        device: DeviceChoice,
        owner: &Rc<T>,
        hear: fn(Rc<T>, &[u8]),
        on_end: fn(Rc<T>, End<'_>),
    ) -> Result<Self, String> {
        Self::start(ENGINE, &task.words(device), task.who(), owner, hear, on_end)
    }

    /// Starts a script of this page as a worker of `owner` for a task that the script reads in the worker's name, `who` in
    /// sentences. As long as the owner lives, `hear` gets the
    /// bytes of the worker's messages, and `on_end` how it ended.
    ///
    /// # Errors
    /// Why the browser starts no worker, without a full stop.
    pub fn start<T: 'static>(
        script: &str,
        task: &str,
        who: &'static str,
        owner: &Rc<T>,
        hear: fn(Rc<T>, &[u8]),
        on_end: fn(Rc<T>, End<'_>),
    ) -> Result<Self, String> {
        let name = pulse::new_name(task);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&name);
        let script = format!("{script}{}", build::query());
        let port = web_sys::Worker::new_with_options(&script, &options).map_err(sentence)?;
        let (to_owner, of_end) = (Rc::downgrade(owner), Rc::downgrade(owner));
        let on_end = Box::new(move |end: End<'_>| {
            if let Some(owner) = of_end.upgrade() {
                on_end(owner, end);
            }
        });
        let life = Rc::new(Life { who, name, pulse: RefCell::new(None), on_end });
        let [to_message, to_error, to_unreadable] = [(); 3].map(|()| Rc::downgrade(&life));
        let own = port.clone();
        let listeners = [
            EventListener::new(&port, "message", move |event| {
                let (Some(message), Some(life)) = (event.dyn_ref::<MessageEvent>(), to_message.upgrade()) else {
                    return;
                };
                let data = message.data();
                life.heard();
                match data.as_string() {
                    Some(word) if word == pulse::HELD => life.watch_lock(&to_message),
                    Some(word) => {
                        // Any other word is the answer to a beat.
                        if let Some(why) = word.strip_prefix(pulse::NO_CODE) {
                            (life.on_end)(End::NoCode(why));
                        }
                    }
                    None => {
                        life.watch_beat(&to_message, &own);
                        if let Some(owner) = to_owner.upgrade() {
                            hear(owner, &Uint8Array::new(&data).to_vec());
                        }
                    }
                }
            }),
            EventListener::new(&port, "error", move |event| {
                event.prevent_default();
                let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                crashed(&to_error, &why);
            }),
            EventListener::new(&port, "messageerror", move |_| {
                crashed(&to_unreadable, "a message could not be read");
            }),
        ];
        Ok(Self { port, _life: life, _listeners: listeners })
    }

    /// Sends bytes, which are not copied again.
    ///
    /// # Errors
    /// Why they cannot be sent, without a full stop.
    pub fn send(&self, bytes: &[u8]) -> Result<(), String> {
        let buffer = Uint8Array::from(bytes).buffer();
        self.port.post_message_with_transfer(&buffer, &Array::of1(&buffer)).map_err(sentence)
    }
}

impl Worker {
    /// Hands a value over that JavaScript can clone, such as a file.
    ///
    /// # Errors
    /// Why it cannot be sent, without a full stop.
    pub fn hand(&self, value: &JsValue) -> Result<(), String> {
        self.port.post_message(value).map_err(sentence)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.port.terminate();
    }
}

impl Life {
    fn heard(&self) {
        if let Some(pulse) = &*self.pulse.borrow() {
            pulse.heard();
        }
    }

    /// From now on the worker's end is noticed.
    fn watch_lock(&self, own: &Weak<Self>) {
        let (own, who) = (own.clone(), self.who);
        pulse::on_end(&self.name, move || {
            let why = format!("The {who}’s worker ended without a word; there may have been too little memory");
            crashed(&own, &why);
        });
    }

    /// From now on the worker's silence is noticed.
    fn watch_beat(&self, own: &Weak<Self>, port: &web_sys::Worker) {
        let mut pulse = self.pulse.borrow_mut();
        if pulse.is_some() {
            return;
        }
        let (own, port, who) = (own.clone(), port.clone(), self.who);
        let beat = move || drop(port.post_message(&pulse::PING.into()));
        *pulse = Some(Pulse::new(beat, move || {
            let own = own.clone();
            // Not from inside the timer that this ends.
            Timeout::new(0, move || crashed(&own, &format!("The {who}’s worker did not answer for two minutes")))
                .forget();
        }));
    }
}

/// Says so, unless the worker was ended meanwhile.
fn crashed(life: &Weak<Life>, why: &str) {
    if let Some(life) = life.upgrade() {
        (life.on_end)(End::Stopped(why));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use DeviceChoice::{Auto, Cpu, Gpu, GpuForced};

    #[test]
    fn only_a_build_without_gpu_makes_place() {
        for started in [Auto, Cpu] {
            assert!(needs_other_build(started, Gpu) && needs_other_build(started, GpuForced));
            assert!(!needs_other_build(started, Cpu) && !needs_other_build(started, started));
        }
        assert!(needs_other_build(Cpu, Auto), "nobody looked for a GPU");
        for started in [Gpu, GpuForced] {
            assert!([Auto, Cpu, Gpu, GpuForced].iter().all(|&wanted| !needs_other_build(started, wanted)));
        }
    }
}
