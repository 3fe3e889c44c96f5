//! Reading a trace's file in a worker, because a hundred megabytes of JSON would hold the page up for seconds.
//!
//! The worker runs this page's own binary (`www/reader.js`): it gets the file, which is handed over and not copied, and tells
//! the trace in pieces, so that no single one holds up the page either. It ends with the answer, and its memory with it.

use super::download::words;
use super::worker::{Stop, Who, Worker};
use crate::error::Advice;
use crate::messages::files;
use crate::protocol;
use crate::trace::{LayerTrace, SavedView, Trace, from_json};
use crate::utf16;
use js_sys::{Array, Function, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// The worker's script, beside the page.
const SCRIPT: &str = "www/reader.js";

/// A trace, and the selection that was saved with it.
pub type Read = (Trace, Option<SavedView>);

/// What the worker tells, in this order, or that the file is no trace at any moment.
#[derive(Serialize, Deserialize)]
enum Told {
    /// It waits for the file.
    Started,
    /// The trace without its layers.
    Trace(Box<Trace>, Option<SavedView>),
    /// The next layer.
    Layer(Box<LayerTrace>),
    /// That was the last one.
    Whole,
    /// Why it is no trace, without a full stop.
    NoTrace(String),
    /// Why the file cannot be read, in the browser's words.
    Unread(String),
}

/// Why there is no trace of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// The file is none; why, without a full stop.
    NoTrace(String),
    /// The file or the reader cannot be read, in the browser's words.
    Unread(String),
    /// The browser starts no worker, in its words.
    NoWorker(String),
    /// Page and worker are of different versions; what cannot be read.
    OtherVersion(String),
    /// The worker stopped.
    Stopped(Stop),
    /// The worker ended without a trace.
    Silent,
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTrace(why) => f.write_str(&files::read_no_trace(why)),
            Self::Unread(detail) => f.write_str(&files::read_not(detail)),
            Self::NoWorker(detail) => f.write_str(&files::read_no_worker(detail)),
            Self::OtherVersion(detail) => write!(f, "{} {}", files::read_other_version(detail), Advice::Reload),
            Self::Stopped(stop @ Stop::NoCode { .. }) => f.write_str(&stop.said(Who::Reader)),
            Self::Stopped(stop) => write!(f, "{} {}", stop.said(Who::Reader), files::read_memory()),
            Self::Silent => f.write_str(files::read_silent()),
        }
    }
}

/// The page's end.
struct Reading {
    file: Blob,
    worker: RefCell<Option<Worker>>,
    so_far: RefCell<Option<Read>>,
    answer: RefCell<Option<Result<Read, ReadFault>>>,
    settle: RefCell<Option<Function>>,
}

/// The trace in a file.
///
/// # Errors
/// Why it cannot be had.
pub async fn trace(file: Blob) -> Result<Read, ReadFault> {
    let reading = Rc::new(Reading {
        file,
        worker: RefCell::default(),
        so_far: RefCell::default(),
        answer: RefCell::default(),
        settle: RefCell::default(),
    });
    let settled = Promise::new(&mut |resolve, _| {
        reading.settle.replace(Some(resolve));
    });
    let hear = |reading: Rc<Reading>, bytes: &[u8]| match protocol::decode(bytes) {
        Ok(told) => reading.take(told),
        Err(error) => reading.end(Err(ReadFault::OtherVersion(error.to_string()))),
    };
    let ended = |reading: Rc<Reading>, stop: Stop| reading.end(Err(ReadFault::Stopped(stop)));
    let worker = Worker::start(SCRIPT, "read", &reading, hear, ended).map_err(ReadFault::NoWorker)?;
    reading.worker.replace(Some(worker));
    JsFuture::from(settled).await.map_err(|error| ReadFault::Unread(words(error)))?;
    reading.answer.take().unwrap_or(Err(ReadFault::Silent))
}

impl Reading {
    fn take(&self, told: Told) {
        match told {
            Told::Started => {
                let handed = self.worker.borrow().as_ref().map(|worker| worker.hand(&self.file));
                if let Some(Err(why)) = handed {
                    self.end(Err(ReadFault::Unread(why)));
                }
            }
            Told::Trace(trace, view) => drop(self.so_far.replace(Some((*trace, view)))),
            Told::Layer(layer) => {
                if let Some((trace, _)) = &mut *self.so_far.borrow_mut() {
                    trace.layers.push(*layer);
                }
            }
            Told::Whole => self.end(self.so_far.take().ok_or(ReadFault::Silent)),
            Told::NoTrace(why) => self.end(Err(ReadFault::NoTrace(why))),
            Told::Unread(why) => self.end(Err(ReadFault::Unread(why))),
        }
    }

    fn end(&self, answer: Result<Read, ReadFault>) {
        self.worker.replace(None);
        self.answer.borrow_mut().get_or_insert(answer); // Only the first one counts.
        if let Some(settle) = self.settle.take() {
            let _ = settle.call0(&JsValue::NULL); // A promise's own function does not throw.
        }
    }
}

/// The worker that this runs in, if it is one.
pub fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// The worker's end: answers for one file.
pub fn serve(scope: DedicatedWorkerGlobalScope) {
    let own = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(file) = event.data().dyn_into::<Blob>() else { return };
        let scope = own.clone();
        spawn_local(async move {
            let told = match read(&file).await {
                Ok((mut trace, view)) => {
                    let layers = std::mem::take(&mut trace.layers);
                    tell(&scope, &Told::Trace(Box::new(trace), view));
                    layers.into_iter().for_each(|layer| tell(&scope, &Told::Layer(Box::new(layer))));
                    Told::Whole
                }
                Err(told) => told,
            };
            tell(&scope, &told);
        });
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // It lives as long as the worker.
    tell(&scope, &Told::Started);
}

fn tell(scope: &DedicatedWorkerGlobalScope, told: &Told) {
    let Ok(bytes) = protocol::encode(told) else { return };
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    if let Err(error) = scope.post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
        web_sys::console::error_1(&error);
    }
}

/// What the file holds, or what is told in its place.
async fn read(file: &Blob) -> Result<Read, Told> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| Told::Unread(words(error)))?;
    let json = utf16::whole(Uint8Array::new(&buffer).to_vec()).map_err(|why| Told::NoTrace(why.to_string()))?;
    let trace = from_json(&json).map_err(|error| Told::NoTrace(error.to_string()))?;
    Ok((trace, SavedView::from_json(&json)))
}
