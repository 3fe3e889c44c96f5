//! What can happen to the page.

use super::address::Address;
#[cfg(feature = "studio")]
use super::compare::Publish;
use super::comparison::With;
use super::models::{Entry, GivenModel, Model};
use super::notice::{Mend, Tone, Topic};
#[cfg(feature = "studio")]
use super::opening::Opened;
#[cfg(feature = "studio")]
use super::reader;
use super::saved_texts::KeptFile;
use super::settings::{PageSettings, Screen};
use super::shared::Shared;
use super::wire::Signal;
use super::worker::CodeHelp;
use crate::protocol::{DeviceChoice, Event};
use crate::scene::{ViewState, select::Move};
use crate::trace::Trace;
use std::rc::Rc;
use web_sys::File;

/// Something that happened.
#[derive(Debug)]
pub enum Action {
    /// The page begins.
    Begin,
    /// The visitor changed the text; the caret in bytes; whether something in it was no text and was replaced.
    Edit(String, usize, bool),
    /// A whole text was chosen.
    Load(String),
    /// A panel changed selection or playback.
    View(ViewState),
    /// A key moves the selection.
    Move(Move),
    /// A token was selected.
    Token(usize),
    /// A layer and a token were selected.
    Place(usize, usize),
    /// A layer was selected.
    Layer(usize),
    /// An expert of a layer was selected; the same again lets go.
    Expert(usize, usize),
    /// A setting changed.
    Set(PageSettings),
    /// Other models are to be compared.
    With(With),
    /// The bundled recording is here.
    Recording(Shared<Trace>),
    /// The bundled recording cannot be had; why.
    NoRecording(String),
    /// Something that is published of the compared models is here, or is to be seen otherwise.
    #[cfg(feature = "studio")]
    Published(Publish),
    /// The list of models is here, or cannot be had; why.
    Models(Result<Vec<Entry>, String>),
    /// Files that were opened, with that number, were read, or cannot be; why.
    #[cfg(feature = "studio")]
    Read(u32, Vec<File>, Result<Box<Opened>, String>),
    /// The file that was shown before a reload was read again, or cannot be; why, in sentences.
    #[cfg(feature = "studio")]
    ReadAgain(KeptFile, Result<Box<reader::Read>, String>),
    /// Away from the opened file.
    Live,
    /// The engine said something.
    Engine(Box<Signal<Event>>),
    /// Typing rests: what is written may be routed.
    Rested,
    /// A device is to be opened, the one in use again too.
    Device(DeviceChoice),
    /// A fault is to be mended.
    Mend(Mend),
    /// The files of a model that this tab keeps, if it does.
    Brought(String, Option<Rc<GivenModel>>),
    /// A model that lies at no address is to be explored.
    Explore(GivenModel),
    /// Another model was chosen.
    Choose(Model),
    /// The text is to be continued, or that is to stop.
    Generate(bool),
    /// The generation under way is broken off: the text is the visitor's again.
    Halt,
    /// The address bar changed from outside.
    Restore(Box<Address>),
    /// To a step of the tour, or out of it.
    Tour(Option<usize>),
    /// The link is to be copied.
    Share,
    /// Show or hide the keys.
    Help(bool),
    /// The train screen has other settings for the address.
    Run(String),
    /// Say something.
    Say(Tone, String),
    /// Say something in the place of what was said about the same before.
    SayAbout(Topic, Tone, String),
    /// Take back what was said about something that is over.
    Unsay(Topic),
    /// To another screen.
    Go(Screen),
    /// The browser keeps the file that was opened with that number, under that key; or it does not: which one, and why, in
    /// sentences.
    Kept(u32, Result<String, String>),
    /// Files are to be opened.
    Files(Vec<File>),
    /// The page with every screen is still needed.
    Further,
    /// It cannot be had; why, and what to do where that is known.
    NotFurther(String, Option<CodeHelp>),
    /// A notice was read.
    Dismiss(u32),
}
