//! Whether a worker still lives: one that runs out of memory, or into an endless loop, says nothing.
//!
//! A worker holds a lock that bears its name, and says so (`www/watch.js`); the page asks for the same lock, and the browser
//! grants it once the worker is gone, however it ended. That takes no timer and is never a false alarm. Where a browser has no
//! locks, or the worker hangs, a beat tells: the worker answers it between any two pieces of work, and only minutes of
//! silence on a visible page count, in beats of the page's own timer, so that neither sleep nor a hidden tab counts.

use gloo::timers::callback::Interval;
use js_sys::{Function, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

/// Milliseconds between two beats.
const BEAT: u32 = 5_000;
/// Beats without an answer after which a worker is given up: two minutes of a visible page.
const MOST: u32 = 24;
/// What the page says at a beat.
pub const PING: &str = "ping";
/// What a worker says that holds its lock.
pub const HELD: &str = "held";
/// How a worker begins to say of which build its scripts are, before everything else; what stands behind their addresses follows.
pub const VERSION: &str = "version ";
/// How a worker begins to say that its code cannot be had; what to do follows in a word ([`super::worker::CodeHelp`]), then the
/// reason.
pub const NO_CODE: &str = "no-code ";
/// How a worker begins to say that its code does not start; the browser's reason follows.
pub const NOT_STARTED: &str = "not-started ";

/// A beat, for as long as it is kept.
pub struct Pulse {
    silent: Rc<Cell<u32>>,
    _timer: Interval,
}

impl Pulse {
    /// Calls `beat` again and again, and `on_silence` once nothing was heard for too long.
    pub fn new(beat: impl Fn() + 'static, on_silence: impl Fn() + 'static) -> Self {
        let silent = Rc::new(Cell::new(0));
        let count = Rc::clone(&silent);
        let timer = Interval::new(BEAT, move || {
            if gloo::utils::document().hidden() {
                return;
            }
            count.set(count.get() + 1);
            if count.get() > MOST { on_silence() } else { beat() }
        });
        Self { silent, _timer: timer }
    }

    /// Something was heard.
    pub fn heard(&self) {
        self.silent.set(0);
    }
}

/// A name that no other worker of this site has; it begins with what the worker is to do.
pub fn new_name(task: &str) -> String {
    let started = gloo::utils::window().performance().map_or(0.0, |clock| clock.time_origin() + clock.now());
    format!("moescope {task} {started}")
}

/// Calls `on_end` when whatever holds the lock of that name is gone.
pub fn on_end(name: &str, on_end: impl FnOnce() + 'static) {
    let navigator: JsValue = gloo::utils::window().navigator().into();
    let Ok(locks) = Reflect::get(&navigator, &"locks".into()) else { return };
    let Ok(request) = Reflect::get(&locks, &"request".into()) else { return };
    let Some(request) = request.dyn_ref::<Function>() else { return };
    let granted = Closure::once_into_js(on_end);
    if let Ok(promise) = request.call2(&locks, &name.into(), &granted)
        && let Ok(promise) = promise.dyn_into::<Promise>()
    {
        // A page that is being left may not ask; then nobody needs the answer.
        let nothing = Closure::new(|_: JsValue| {});
        let _ = promise.catch(&nothing);
        nothing.forget();
    }
}
