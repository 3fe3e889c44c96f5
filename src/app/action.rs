//! What can happen to the page's state, and what each does to it.

use super::address::Address;
use super::comparison::With;
use super::engine_client::Signal;
use super::models::{self, Model};
use super::notice::{Tone, Topic};
use super::settings::{Screen, Settings};
use super::shared::Shared;
use super::spans;
use super::state::{Engine, NO_TEXT, Running, Source, State};
use crate::{
    scene::{
        ViewState,
        select::{self, Extent, Move},
    },
    trace::{SavedView, Trace},
};
use std::rc::Rc;
use web_sys::File;
use yew::Reducible;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Action {
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
    Set(Settings),
    /// Other models are to be compared.
    With(With),
    /// The models were asked to route the text.
    Comparing,
    /// The bundled recording is here.
    Recording(Shared<Trace>),
    /// The bundled recording cannot be had; why.
    NoRecording(String),
    /// A file was opened, with the selection that was saved with it.
    Opened(String, Shared<Trace>, Option<SavedView>),
    /// Away from the opened file.
    Live,
    /// The engine said something.
    Engine(Box<Signal>),
    /// The device or the model is opened anew.
    Reopening,
    /// Another model was chosen.
    Choose(Model),
    /// A generation was asked for, with its ticket.
    Generating(u64),
    /// The generation under way is broken off: the text is the visitor's again.
    Halt,
    /// The address bar changed from outside.
    Restore(Box<Address>),
    /// To a step of the tour, or out of it.
    Tour(Option<usize>),
    /// The tour is offered: what the page has to say comes first.
    OfferTour,
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
    /// The browser keeps the opened file that is shown, under that key.
    Kept(String),
    /// The opened file that was shown before a reload cannot be had again; why.
    NotKept(String),
    /// Files are to be opened.
    Files(Vec<File>),
    /// A notice was read.
    Dismiss(u32),
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        drop(self); // so that a trace that grows is not copied for its sake
        next.apply(action);
        Rc::new(next)
    }
}

impl State {
    fn apply(&mut self, action: Action) {
        let screen = self.settings.screen;
        match action {
            Action::Edit(text, caret, replaced) => {
                self.set_text(text);
                self.caret = Some(caret);
                if replaced {
                    self.say_about(
                        Topic::Replaced,
                        Tone::Info,
                        "The text held half of a character pair (an unpaired surrogate), which is not text. It was replaced by \u{fffd}.",
                    );
                }
            }
            Action::Load(text) => {
                self.set_text(spans::normal_lines(&text));
                self.generated = None;
                (self.fresh, self.pending_token, self.caret) = (true, None, None);
                self.view.playhead = 0.0;
            }
            Action::View(view) => self.view = view,
            Action::Move(wish) => self.move_by(wish),
            Action::Token(token) => self.view.token = token,
            Action::Place(layer, token) => (self.view.layer, self.view.token) = (layer, token),
            Action::Layer(layer) => self.view.layer = layer,
            Action::Expert(layer, expert) => {
                let same = self.view.layer == layer && self.view.expert == Some(expert);
                self.view.layer = layer;
                self.view.expert = (!same).then_some(expert);
            }
            Action::Set(settings) => {
                self.wanted += u64::from(settings.manner() != self.settings.manner() && !self.held);
                self.settings = settings.within_limits();
            }
            Action::With(with) => self.comparison.choose(with),
            Action::Comparing => self.comparison.asked(),
            Action::Recording(trace) => self.set_recording(trace),
            Action::NoRecording(why) => {
                self.no_recording = true;
                if self.trace.is_none() {
                    let what = if self.own_text { "your text" } else { "a sample in its place" };
                    let words = format!("{why} The engine routes {what}, as soon as it is ready.");
                    self.say_about(Topic::Recording, Tone::Fault, words);
                    self.take_sample();
                }
            }
            Action::Opened(name, trace, saved) => {
                self.text = Rc::new(trace.text.clone());
                (self.own_text, self.textless) = (false, false);
                self.unsay(Topic::Link);
                (self.generated, self.cut, self.running, self.caret) = (None, None, None, None);
                (self.source, self.held) = (Source::File(name), true);
                (self.coming, self.file_key) = (None, None);
                self.settings.screen = Screen::Explore;
                self.view.playhead = 0.0;
                self.view.token = Self::typical_token(&trace);
                if let Some(SavedView { layer, token, expert, generated }) = saved {
                    (self.view.layer, self.view.token, self.view.expert) = (layer, token, expert);
                    self.generated = generated.filter(|&at| self.text.is_char_boundary(at));
                }
                self.drawn = trace.sampling;
                self.trace = Some(trace);
            }
            Action::Live => {
                (self.held, self.own_text) = (false, true);
                self.wanted += 1;
            }
            Action::Engine(signal) => self.take_signal(*signal),
            Action::Reopening => {
                self.engine = Engine::Loading { what: "Opening the device".into(), done: 0, total: None };
                self.running = None;
                self.unsay(Topic::Device);
                self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
            }
            Action::Choose(model) => {
                (self.held, self.own_text) = (false, self.own_text || self.held);
                self.choose(model);
            }
            Action::Generating(ticket) => {
                self.unsay(Topic::End);
                self.running = Some(Running { ticket, made: 0, wanted: self.settings.max_tokens });
                // Of a part that was chosen in two ways, neither is told.
                let alike = self.generated.is_none() || self.drawn == Some(self.settings.sampling);
                self.drawn = Some(self.settings.sampling).filter(|_| alike);
                self.generated = Some(self.generated.unwrap_or(self.text.len()));
                self.own_text = true;
                // What is written is written left to right, so from now on that is how the text is routed.
                self.settings.ahead = false;
            }
            Action::Halt => self.running = None,
            Action::Restore(address) => self.restore(*address),
            Action::OfferTour => self.tour = Some(0).filter(|&step| super::tour_steps::now(step, self).is_some()),
            Action::Tour(step) => {
                let step = step.filter(|&step| super::tour_steps::now(step, self).is_some());
                if step.is_some() {
                    self.help = false;
                }
                if step.is_some() && self.tour.is_none() {
                    self.open_dock();
                }
                self.tour = step;
            }
            Action::Run(run) => self.run = run,
            Action::Help(open) => {
                if open {
                    self.tour = None;
                    self.open_dock();
                }
                self.help = open;
            }
            Action::Say(tone, text) => self.say(tone, text),
            Action::SayAbout(topic, tone, text) => self.say_about(topic, tone, text),
            Action::Unsay(topic) => self.unsay(topic),
            Action::Go(screen) => self.settings.screen = screen,
            Action::Files(files) => self.files = files,
            Action::Kept(key) => self.file_key = Some(key),
            Action::NotKept(why) => {
                self.say_about(Topic::File, Tone::Fault, why);
                (self.coming, self.held) = (None, false);
                if let Some(first) = self.first_text.clone() {
                    self.text = first;
                }
                self.wanted += 1;
            }
            Action::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
        }
        self.lab |= self.settings.screen == Screen::Train;
        // It is of the screen that was left.
        self.tour = self.tour.filter(|_| self.settings.screen == screen);
        self.clamp();
        self.forget();
    }

    /// Of several models, those with more layers may be gone through to their ends, and every picture has a time of its own.
    fn move_by(&mut self, wish: Move) {
        let Some(trace) = &self.trace else { return };
        let compares = self.settings.screen == Screen::Compare;
        let most = if compares { self.comparison.layers() } else { 0 };
        let extent = Extent::of(trace, self.view.layer);
        let moved = select::apply(Extent { layers: extent.layers.max(most), ..extent }, self.view, wish);
        let playhead = if compares { self.view.playhead } else { moved.playhead };
        self.view = ViewState { playhead, ..moved };
    }

    fn set_text(&mut self, text: String) {
        self.textless = false;
        self.unsay(Topic::Link);
        if text == *self.text {
            return;
        }
        let same = spans::common_prefix(&text, &self.text);
        self.generated = self.generated.filter(|&start| same >= start);
        // What somebody writes was not chosen by a model; what is left of a shortened text was.
        self.drawn = self.drawn.filter(|_| self.generated.is_some() && same == text.len());
        self.text = Rc::new(text);
        self.own_text = true;
        self.running = None;
        self.wanted += 1;
        self.held = false;
        self.unsay(Topic::Device);
        self.unsay(Topic::End);
    }

    /// Another model is wanted; the trace on the screen stays until that one's is here.
    fn choose(&mut self, model: Model) {
        if model == self.model {
            return;
        }
        let what = format!("Fetching {}", models::name(&model));
        self.model = model;
        self.linked = None; // It is of the model before.
        self.running = None;
        self.unsay(Topic::Model);
        self.unsay(Topic::Route);
        if !matches!(self.engine, Engine::Starting) {
            self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
            self.engine = Engine::Loading { what, done: 0, total: None };
        }
    }

    fn set_recording(&mut self, trace: Shared<Trace>) {
        if self.trace.is_some() {
            return;
        }
        let text = Rc::new(trace.text.clone());
        self.first_text = Some(text.clone());
        if self.coming.is_some() {
            return; // The opened file takes its place.
        }
        if !self.own_text {
            self.text = text;
        }
        if self.pending_token.is_none() {
            self.view.token = Self::typical_token(&trace);
        }
        self.trace = Some(trace);
    }

    /// The first sample takes the recording's place, unless there is a text already.
    fn take_sample(&mut self) {
        let sample = super::samples::samples().into_iter().next();
        if let Some(sample) = sample.filter(|_| !self.own_text) {
            let text = Rc::new(sample.text);
            (self.first_text, self.text, self.fresh) = (Some(text.clone()), text, self.pending_token.is_none());
            self.wanted += 1;
        }
    }

    fn restore(&mut self, address: Address) {
        let old = self.address();
        self.choose(address.model);
        self.linked = address.checkpoint.filter(|_| address.settings.screen != Screen::Compare);
        self.wanted += u64::from(address.settings.manner() != self.settings.manner() && !self.held);
        self.settings = address.settings;
        self.comparison.choose(address.with.clone());
        self.comparison.linked = address.compared;
        self.view.layer = address.layer;
        self.view.expert = address.expert;
        if self.settings.screen == Screen::Train {
            self.run = address.run.clone();
        }
        if let Some(token) = address.token {
            self.view.token = token;
        }
        if address.long && address.text.is_none() {
            self.say_about(Topic::Link, Tone::Info, format!("{NO_TEXT} The text on the screen stayed as it was."));
            return;
        }
        (self.generated, self.drawn) = (address.generated, address.drawn);
        if address.text == old.text && !self.textless {
            return;
        }
        let first = self.first_text.as_ref().map(|text| (**text).clone());
        let (text, own) = (address.text.clone().or(first), address.text.is_some());
        if let Some(text) = text {
            self.pending_token = address.token;
            self.set_text(text);
            (self.generated, self.drawn, self.own_text) = (address.generated, address.drawn, own);
        }
    }
}
