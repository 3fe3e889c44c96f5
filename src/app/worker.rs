//! A web worker that runs one of our binaries: started, heard, watched ([`heartbeat`]) and ended in one way for the engine and for
//! the trainer.

use super::build;
use super::download::words;
use super::heartbeat::{self, Pulse};
use crate::error::Advice;
use crate::messages::app;
use crate::protocol::DeviceChoice;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
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
}

/// Whose worker it is, in sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The engine's.
    Engine,
    /// The trainer's.
    Trainer,
    /// That of an opened file.
    Reader,
}

/// Why a worker works no more, as far as the page can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its code did not start, for the reason that the browser gives.
    NotStarted(String),
    /// Its code cannot be had, which another worker would not change.
    NoCode {
        /// Why, as `www/load.js` says.
        detail: String,
        /// What to do.
        help: CodeHelp,
    },
    /// Its code did not even come, or it stopped and the browser does not say why.
    NotLoaded,
    /// An error that nobody caught, in the browser's words.
    Error(String),
    /// A message could not be read.
    Misheard,
    /// It is gone.
    Ended,
    /// It says nothing.
    Silent,
}

/// What to do where code of the page cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeHelp {
    /// A file is missing, or the server.
    Missing,
    /// Files are of two versions.
    Updating,
    /// A script is sent as something else.
    Type,
    /// The page is of another version.
    Reload,
}

impl CodeHelp {
    /// By the word that `www/load.js` says.
    fn named(word: &str) -> Self {
        match word {
            "updating" => Self::Updating,
            "type" => Self::Type,
            "reload" => Self::Reload,
            _ => Self::Missing,
        }
    }

    /// As it stands in an error of `www/load.js`, if it is one.
    pub fn of(error: &JsValue) -> Option<Self> {
        let word = Reflect::get(error, &"help".into()).ok()?.as_string()?;
        Some(Self::named(&word))
    }

    /// In a sentence.
    pub fn said(self) -> String {
        match self {
            Self::Missing => app::code_missing().to_owned(),
            Self::Updating => app::code_updating().to_owned(),
            Self::Type => app::code_type().to_owned(),
            Self::Reload => Advice::Reload.to_string(),
        }
    }
}

impl Stop {
    /// Page and worker would not understand each other.
    fn other_version() -> Self {
        Self::NoCode { detail: app::other_version().to_owned(), help: CodeHelp::Updating }
    }

    /// What a worker says of itself, if it is that its code does not run.
    fn told(word: &str) -> Option<Self> {
        let no_code = word.strip_prefix(heartbeat::NO_CODE).and_then(|rest| rest.split_once(' '));
        let no_code = no_code.map(|(help, why)| Self::NoCode { detail: why.to_owned(), help: CodeHelp::named(help) });
        no_code.or_else(|| Some(Self::NotStarted(word.strip_prefix(heartbeat::NOT_STARTED)?.to_owned())))
    }

    /// That, in a sentence, with what to do where that is known.
    pub fn said(&self, who: Who) -> String {
        use Who::{Engine, Reader, Trainer};
        match (self, who) {
            (Self::NoCode { detail, help }, who) => {
                format!("{} {}", Self::NotStarted(detail.clone()).said(who), help.said())
            }
            (Self::NotStarted(detail), Engine) => app::engine_not_started(detail),
            (Self::NotStarted(detail), Trainer) => app::trainer_not_started(detail),
            (Self::NotStarted(detail), Reader) => app::reader_not_started(detail),
            (Self::NotLoaded, Engine) => app::engine_not_loaded().to_owned(),
            (Self::NotLoaded, Trainer) => app::trainer_not_loaded().to_owned(),
            (Self::NotLoaded, Reader) => app::reader_not_loaded().to_owned(),
            (Self::Error(detail), Engine) => app::engine_stopped(detail),
            (Self::Error(detail), Trainer) => app::trainer_stopped(detail),
            (Self::Error(detail), Reader) => app::reader_stopped(detail),
            (Self::Misheard, Engine) => app::engine_misheard().to_owned(),
            (Self::Misheard, Trainer) => app::trainer_misheard().to_owned(),
            (Self::Misheard, Reader) => app::reader_misheard().to_owned(),
            (Self::Ended, Engine) => app::engine_ended().to_owned(),
            (Self::Ended, Trainer) => app::trainer_ended().to_owned(),
            (Self::Ended, Reader) => app::reader_ended().to_owned(),
            (Self::Silent, Engine) => app::engine_silent().to_owned(),
            (Self::Silent, Trainer) => app::trainer_silent().to_owned(),
            (Self::Silent, Reader) => app::reader_silent().to_owned(),
        }
    }
}

/// Whether an engine that was started for one device must make place for another build to open the other: the build that
/// can use a GPU can use everything, and for [`DeviceChoice::Auto`] it is taken only where a GPU was found.
pub fn needs_other_build(started_for: DeviceChoice, wanted: DeviceChoice) -> bool {
    let gpu = |choice| matches!(choice, DeviceChoice::Gpu | DeviceChoice::GpuForced);
    !gpu(started_for) && wanted != started_for && wanted != DeviceChoice::Cpu
}

/// A worker, for as long as it is kept.
pub struct Worker {
    port: web_sys::Worker,
    _life: Rc<Life>,
    _listeners: [EventListener; 3],
}

/// What is needed to notice a worker's end.
struct Life {
    name: String,
    /// Whether it said that it is of this page's build.
    fits: Cell<bool>,
    /// Beats from the worker's first message on.
    pulse: RefCell<Option<Pulse>>,
    on_stop: Box<dyn Fn(Stop)>,
}

impl Worker {
    /// Starts the engine as a worker of `owner`; otherwise as [`Worker::start`].
    ///
    /// # Errors
    /// Why the browser starts no worker, in its words.
    pub fn start_engine<T: 'static>(
        task: EngineTask,
        device: DeviceChoice,
        owner: &Rc<T>,
        hear: fn(Rc<T>, &[u8]),
        on_stop: fn(Rc<T>, Stop),
    ) -> Result<Self, String> {
        Self::start(ENGINE, &task.words(device), owner, hear, on_stop)
    }

    /// Starts a script of this page as a worker of `owner` for a task that the script reads in the worker's name. As long as
    /// the owner lives, `hear` gets the bytes of the worker's messages, and `on_stop` why it works no more.
    ///
    /// # Errors
    /// Why the browser starts no worker, in its words.
    pub fn start<T: 'static>(
        script: &str,
        task: &str,
        owner: &Rc<T>,
        hear: fn(Rc<T>, &[u8]),
        on_stop: fn(Rc<T>, Stop),
    ) -> Result<Self, String> {
        let name = heartbeat::new_name(task);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&name);
        let script = format!("{script}{}", build::query());
        let port = web_sys::Worker::new_with_options(&script, &options).map_err(words)?;
        let (to_owner, of_stop) = (Rc::downgrade(owner), Rc::downgrade(owner));
        let on_stop = Box::new(move |stop: Stop| {
            if let Some(owner) = of_stop.upgrade() {
                on_stop(owner, stop);
            }
        });
        let life = Rc::new(Life { name, fits: Cell::new(false), pulse: RefCell::new(None), on_stop });
        let [to_message, to_error, to_unreadable] = [(); 3].map(|()| Rc::downgrade(&life));
        let own = port.clone();
        let listeners = [
            EventListener::new(&port, "message", move |event| {
                let (Some(message), Some(life)) = (event.dyn_ref::<MessageEvent>(), to_message.upgrade()) else {
                    return;
                };
                let data = message.data();
                life.heard();
                match data.as_string().as_deref() {
                    Some(heartbeat::HELD) => life.watch_lock(&to_message),
                    Some(word) => {
                        // Any other word is the answer to a beat.
                        let stop = match word.strip_prefix(heartbeat::VERSION) {
                            Some(version) => {
                                life.fits.set(version == build::query());
                                (!life.fits.get()).then(Stop::other_version)
                            }
                            None => Stop::told(word),
                        };
                        if let Some(stop) = stop {
                            (life.on_stop)(stop);
                        }
                    }
                    None if !life.fits.get() => (life.on_stop)(Stop::other_version()),
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
                let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|why| !why.is_empty());
                match why {
                    Some(why) => stopped(&to_error, Stop::Error(why)),
                    None => not_loaded(to_error.clone(), script.clone()),
                }
            }),
            EventListener::new(&port, "messageerror", move |_| {
                stopped(&to_unreadable, Stop::Misheard);
            }),
        ];
        Ok(Self { port, _life: life, _listeners: listeners })
    }

    /// Sends bytes, which are not copied again.
    ///
    /// # Errors
    /// Why they cannot be sent, in the browser’s words.
    pub fn send(&self, bytes: &[u8]) -> Result<(), String> {
        let buffer = Uint8Array::from(bytes).buffer();
        self.port.post_message_with_transfer(&buffer, &Array::of1(&buffer)).map_err(words)
    }
}

impl Worker {
    /// Hands a value over that JavaScript can clone, such as a file.
    ///
    /// # Errors
    /// Why it cannot be sent, in the browser’s words.
    pub fn hand(&self, value: &JsValue) -> Result<(), String> {
        self.port.post_message(value).map_err(words)
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
        let own = own.clone();
        heartbeat::on_end(&self.name, move || stopped(&own, Stop::Ended));
    }

    /// From now on the worker's silence is noticed.
    fn watch_beat(&self, own: &Weak<Self>, port: &web_sys::Worker) {
        let mut pulse = self.pulse.borrow_mut();
        if pulse.is_some() {
            return;
        }
        let (own, port) = (own.clone(), port.clone());
        let beat = move || drop(port.post_message(&heartbeat::PING.into()));
        *pulse = Some(Pulse::new(beat, move || {
            let own = own.clone();
            // Not from inside the timer that this ends.
            Timeout::new(0, move || stopped(&own, Stop::Silent)).forget();
        }));
    }
}

/// A worker's script did not load, or it stopped and the browser does not say why: the server may.
fn not_loaded(life: Weak<Life>, script: String) {
    spawn_local(async move {
        let why = build::why_not_loaded(&script).await;
        stopped(&life, Stop::told(&why).unwrap_or(Stop::NotLoaded));
    });
}

/// Says so, unless the worker was ended meanwhile.
fn stopped(life: &Weak<Life>, stop: Stop) {
    if let Some(life) = life.upgrade() {
        (life.on_stop)(stop);
    }
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
