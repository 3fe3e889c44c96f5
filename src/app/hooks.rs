//! `window.moescope`, for tests and scripts: `trace()` is the trace on the screen as JSON text, `ready` a promise for the
//! first live trace or an opened file, rejected with the fault's words where there is no engine or the text cannot be routed (and a new promise once something is tried again), `model` the name of the model of the last live one. `keep(name)`, which www/start.js sets, keeps a model's
//! files for use without a network.

use super::shared::Shared;
use super::state::TraceSource;
use crate::trace::{Trace, to_json};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};

thread_local! {
    static ON_SCREEN: RefCell<Option<Shared<Trace>>> = const { RefCell::new(None) };
    static KEPT: RefCell<String> = const { RefCell::new(String::new()) };
    static SETTLE: RefCell<Option<(Function, Function)>> = const { RefCell::new(None) };
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Puts `moescope` on the window.
pub fn install() {
    let trace = Closure::<dyn Fn() -> Option<String>>::new(|| {
        ON_SCREEN.with_borrow(|trace| trace.as_ref().and_then(|trace| to_json(trace).ok()))
    });
    let object = Object::new();
    // Setting a property of a plain object, or a new one of the window, cannot fail.
    let _ = Reflect::set(&object, &"trace".into(), &trace.into_js_value());
    promise(&object);
    let _ = Reflect::set(&gloo::utils::window(), &"moescope".into(), &object);
}

/// Promises a live trace. That nobody may be waiting when it fails is no error of the page.
fn promise(object: &JsValue) {
    let ready = Promise::new(&mut |resolve, reject| SETTLE.set(Some((resolve, reject))));
    let _ = Reflect::set(object, &"ready".into(), &ready);
    let nobody = Closure::<dyn FnMut(JsValue)>::new(|_| ());
    let _ = ready.catch(&nobody);
    nobody.forget();
}

/// Says that there is no engine, and why: whoever asks later is told as well, until something is tried again.
pub fn fail(why: &str) {
    let Some((_, reject)) = SETTLE.take() else { return };
    let _ = reject.call1(&JsValue::NULL, &js_sys::Error::new(why));
    FAILED.set(true);
}

/// Something is tried again: if it failed before, there is something to wait for again.
pub fn again() {
    if !FAILED.replace(false) {
        return;
    }
    if let Ok(object) = Reflect::get(&gloo::utils::window(), &"moescope".into()) {
        promise(&object);
    }
}

/// Another page took this one's place: who waits for this one's trace waits for that one's.
pub fn hand_over() {
    let Some((resolve, _)) = SETTLE.take() else { return };
    let object = Reflect::get(&gloo::utils::window(), &"moescope".into());
    if let Ok(ready) = object.and_then(|object| Reflect::get(&object, &"ready".into())) {
        let _ = resolve.call1(&JsValue::NULL, &ready);
    }
}

/// Says what is on the screen, and where it is from. A file that was opened settles the promise too: after a reload it is
/// shown again, and nothing is routed. `gpu` says whether the engine computes on a GPU, for what is kept for use without a network.
pub fn show(trace: Option<&Shared<Trace>>, source: &TraceSource, gpu: bool) {
    ON_SCREEN.set(trace.cloned());
    let (live, opened) = (*source == TraceSource::Live, matches!(source, TraceSource::File(_)));
    let Some(trace) = trace.filter(|_| live || opened) else { return };
    if live && KEPT.with_borrow(|kept| *kept != trace.model.name) {
        KEPT.set(trace.model.name.clone());
        if let Ok(object) = Reflect::get(&gloo::utils::window(), &"moescope".into()) {
            let engine = if gpu { "engine_gpu" } else { "engine_cpu" };
            let _ = Reflect::set(&object, &"engine".into(), &engine.into());
        }
        keep(&JsValue::from(trace.model.name.as_str()));
    }
    again();
    if let Some((resolve, _)) = SETTLE.take() {
        let _ = resolve.call0(&JsValue::NULL);
    }
}

/// Has a model's files kept, now or as soon as there is something that keeps them.
fn keep(name: &JsValue) {
    let Ok(object) = Reflect::get(&gloo::utils::window(), &"moescope".into()) else { return };
    let _ = Reflect::set(&object, &"model".into(), name);
    if let Some(keep) = Reflect::get(&object, &"keep".into()).ok().and_then(|keep| keep.dyn_into::<Function>().ok()) {
        let _ = keep.call1(&JsValue::NULL, name);
    }
}
