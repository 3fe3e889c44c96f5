//! What a change of the state wants done outside, as data: [`super::update`] says it, [`super::perform`] does it.

use super::comparison::With;
use super::models::{GivenModel, Model};
use super::saved_texts::KeptFile;
use crate::protocol::{DeviceChoice, Manner, Request};
use std::rc::Rc;
use web_sys::{Blob, File};

/// Something to do. What comes of it is an [`Action`](super::action::Action) again.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Lets typing rest: `Rested` comes once there was no other such effect for a while.
    Rest,
    /// Starts a worker with the engine for a device, in the place of the one that is there.
    Start(DeviceChoice),
    /// Ends the worker.
    End,
    /// Has the engine started again after so many milliseconds.
    StartAgain(u32),
    /// Opens a device and a model, of these files if it lies at no address.
    Open(Model, DeviceChoice, Option<Rc<GivenModel>>),
    /// Asks the engine for something else.
    Ask(Request),
    /// Has models route a text, one after another.
    Compare {
        /// The comparison's ticket.
        ticket: u64,
        /// The text.
        text: String,
        /// The models.
        with: With,
        /// How.
        manner: Manner,
    },
    /// Looks for the files of a model that this tab keeps: `Brought`.
    Bring(String),
    /// Fetches the bundled recording: `Recording` or `NoRecording`.
    FetchRecording,
    /// Fetches the list of models: `Models`.
    FetchModels,
    /// Fetches what is published of the compared models: `Published`.
    #[cfg(feature = "studio")]
    Publish(super::compare::Fetch),
    /// Remembers that the tour was seen.
    RememberTour,
    /// Reads files that somebody opened, for the train screen if that is seen: `Read` with the number.
    Read {
        /// Tells it from what is opened before and after.
        number: u32,
        /// The files; there is one at least.
        files: Vec<File>,
        /// Whether the train screen is seen, which learns from texts.
        train: bool,
    },
    /// Reads a file again that the browser kept: `ReadAgain`.
    ReadAgain(KeptFile),
    /// Keeps an opened file over a reload: `Kept`.
    KeepFile(u32, File),
    /// Keeps an opened model's files for the tab.
    KeepModel(String, Vec<(String, Blob)>),
    /// Puts a link to this fragment on the clipboard.
    Copy {
        /// The fragment.
        fragment: String,
        /// What is said then.
        done: String,
        /// What is said if the browser does not let a page copy.
        failed: String,
    },
    /// Tells scripts and tests that nothing can be routed, and why.
    Fail(String),
    /// Whether the page with every screen is needed: `Further` comes if it still is after a moment.
    NeedFurther(bool),
    /// Lets the page with every screen take over: `NotFurther` if it cannot.
    TakeOver,
}
