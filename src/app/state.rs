//! The page's state: one value from which every panel is drawn. It changes in [`super::update`] alone.

use super::address::Address;
use super::comparison::{Comparison, Question};
use super::continuation::Continuation;
#[cfg(feature = "studio")]
use super::lab::Chosen;
use super::models::{Entry, Model};
use super::notice::{Notice, Tone, Topic};
use super::saved_texts::KeptFile;
use super::session::EngineSession;
use super::settings::{PageSettings, Screen};
use super::shared::Shared;
use crate::messages::{app, files};
use crate::protocol::{Cut, DeviceReport, MAX_TOKENS, Sampling};
use crate::{scene::ViewState, trace::Trace};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use web_sys::File;

/// Where the trace on the screen comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TraceSource {
    /// Bundled with the page, computed earlier by the shipped model.
    #[default]
    Recording,
    /// The engine in this page.
    Live,
    /// A file of that name.
    File(String),
}

/// How far the engine is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Engine {
    /// Its code is on its way.
    #[default]
    Starting,
    /// It loads the model.
    Loading {
        /// What it does.
        what: String,
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
    /// It answers.
    Ready(DeviceReport),
    /// It cannot start; why.
    Failed(String),
}

/// A generation under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its ticket.
    pub ticket: u64,
    /// Tokens so far.
    pub made: usize,
    /// Tokens wanted.
    pub wanted: usize,
}

/// Everything that is on the screen.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The text as the visitor left it.
    pub text: Rc<String>,
    /// Whether the visitor (or a link) has set the text; until then the recording may.
    pub own_text: bool,
    /// Whether the address names a text that it does not hold and that this tab does not keep.
    pub textless: bool,
    /// The bundled recording's text, to which the way back leads.
    pub first_text: Option<Rc<String>>,
    /// The trace that every panel shows.
    pub trace: Option<Shared<Trace>>,
    /// Where it comes from.
    pub source: TraceSource,
    /// Whether an opened file is shown as it is: nothing is routed until somebody asks for it.
    pub held: bool,
    /// Selection and playback.
    pub view: ViewState,
    /// What is set.
    pub settings: PageSettings,
    /// The engine.
    pub engine: Engine,
    /// The model that is wanted.
    pub model: Model,
    /// The device that the engine has open, also while another one is tried.
    pub device: Option<DeviceReport>,
    /// What the engine was asked, and what it has.
    pub session: EngineSession,
    /// The model's card, as the engine sent it.
    pub card: Option<Rc<String>>,
    /// What was cut off the text.
    pub cut: Option<Cut>,
    /// Where the generated part of the text begins, in bytes.
    pub generated: Option<usize>,
    /// How that part was chosen and by whom, if this page or the opened file knows.
    pub drawn: Option<Continuation>,
    /// The first digits of the hash of the checkpoint that a link to the explorer was made with, while its model and text are
    /// shown and the checkpoint here is not known to be the same.
    pub linked: Option<String>,
    /// Whether it was said that the checkpoint here is another one.
    pub linked_told: bool,
    /// The generation under way.
    pub running: Option<Running>,
    /// Whether the text waits to be routed.
    pub waits: bool,
    /// The models that exist, once their list is here.
    pub models: Option<Shared<Vec<Entry>>>,
    /// The caret to follow when the next trace comes, in bytes.
    pub caret: Option<usize>,
    /// The token to select when the next trace comes: an address may name one that the first trace lacks.
    pub pending_token: Option<usize>,
    /// Whether the text is a new one, of which no token was selected yet.
    pub fresh: bool,
    /// What the page has to say.
    pub notices: Vec<Notice>,
    /// How many notices there were, which numbers them.
    pub said: u32,
    /// How many there were when the tour or the keys were asked for: newer ones come before them.
    pub heard: u32,
    /// The tour's step, if one is taken.
    pub tour: Option<usize>,
    /// How often the visitor opened the tour, moved in it or left it.
    pub tour_moves: u32,
    /// Whether this browser remembers that the tour was seen.
    pub tour_seen: bool,
    /// Whether the keys are explained.
    pub help: bool,
    /// Whether the recording could not be fetched.
    pub no_recording: bool,
    /// Whether there is no list of models.
    pub no_models: bool,
    /// What is published of the compared models.
    #[cfg(feature = "studio")]
    pub published: super::compare::Published,
    /// The compared models.
    pub comparison: Comparison,
    /// The settings of the run on the train screen, for the address.
    pub run: String,
    /// Whether the train screen was opened: from then on it stays.
    pub lab: bool,
    /// The opened file that the tab showed before a reload, until it is here again.
    pub coming: Option<KeptFile>,
    /// Under which the browser keeps the opened file that is shown, if it does.
    pub file_key: Option<String>,
    /// Files that wait for the page that can open them.
    pub files: Vec<File>,
    /// How often files were opened, which numbers them.
    pub readings: u32,
    /// What was opened last for the train screen.
    #[cfg(feature = "studio")]
    pub for_train: Option<Shared<Chosen>>,
}

/// What lies over the inspector's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Docked {
    /// Nothing.
    Nothing,
    /// The newest notice.
    Notice,
    /// The keys.
    Help,
    /// The tour.
    Tour,
}

impl State {
    /// The trace whose experts underline the text: on the compare screen that of the first sparse model.
    pub fn underlined(&self) -> Option<Shared<Trace>> {
        let compared = self.comparison.routed();
        let sparse = compared.iter().find(|routed| routed.trace.model.experts > 1).map(|routed| routed.trace.clone());
        sparse.filter(|_| self.settings.screen == Screen::Compare).or_else(|| self.trace.clone())
    }

    /// The state that an address asks for.
    pub fn from_address(address: Address, playing: bool) -> Self {
        let text = address.text.clone();
        let mut state = Self {
            own_text: text.is_some(),
            textless: address.long && text.is_none(),
            text: Rc::new(text.unwrap_or_default()),
            generated: address.generated,
            drawn: address.continuation(),
            linked: address.checkpoint.filter(|_| address.settings.screen != Screen::Compare),
            pending_token: address.token,
            settings: address.settings,
            model: address.model,
            comparison: Comparison::linked(address.with, address.compared),
            lab: address.settings.screen == Screen::Train,
            run: address.run,
            view: ViewState {
                layer: address.layer,
                token: address.token.unwrap_or(0),
                expert: address.expert,
                playing,
                speed: 1.0,
                playhead: 0.0,
            },
            ..Self::default()
        };
        if state.textless {
            state.say_about(Topic::Link, Tone::Info, files::link_without_text());
        }
        state
    }

    /// What the address bar should hold.
    pub fn address(&self) -> Address {
        let empty = self.own_text && self.text.is_empty();
        let mut address = Address {
            text: self.own_text.then(|| (*self.text).clone()),
            long: self.textless,
            generated: self.generated,
            layer: self.view.layer,
            token: (!empty && (self.trace.is_some() || self.view.token > 0)).then_some(self.view.token),
            expert: self.view.expert,
            settings: self.settings,
            model: self.model.clone(),
            with: self.comparison.with.clone(),
            compared: self.comparison.linked.clone(),
            run: self.run.clone(),
            ..Address::default()
        };
        // What a link named stays, so that a reload says again what differs from it.
        address.checkpoint = match self.settings.screen {
            Screen::Explore if self.linked.is_none() && !self.is_bare(&address) => self.checkpoint().map(str::to_owned),
            Screen::Explore | Screen::Train => self.linked.clone(),
            Screen::Compare => None, // The explorer's model is not on the screen.
        };
        if self.settings.screen == Screen::Compare {
            address.compared = self.comparison.named_checkpoints();
        }
        address.drawn = self.sampled(super::models::name(&self.model), address.checkpoint.as_deref());
        address
    }

    /// Whether an address says nothing but which token the page itself has selected.
    fn is_bare(&self, address: &Address) -> bool {
        let token = self.trace.as_ref().map(|trace| Self::typical_token(trace));
        *address == Address { token, ..Address::default() }
    }

    /// Where the generated part of the text begins, in bytes, if any of it is left.
    pub(super) fn generated_part(&self) -> Option<usize> {
        self.generated.filter(|&at| at < self.text.len())
    }

    /// How the generated part of the text was chosen, if there is one, the model of that name and checkpoint wrote it, and that
    /// is known.
    pub(super) fn sampled(&self, model: &str, checkpoint: Option<&str>) -> Option<Sampling> {
        self.generated_part().and(self.drawn.as_ref())?.by(model, checkpoint)
    }

    /// The first digits of the hash of the wanted model's checkpoint, once it has routed a text here.
    pub(super) fn checkpoint(&self) -> Option<&str> {
        let wanted = super::models::name(&self.model);
        let live = self.trace.as_ref().filter(|trace| self.source == TraceSource::Live && trace.model.name == wanted);
        live?.model.short_checkpoint()
    }

    /// An address was made with these checkpoints, the explored model's and the compared ones'.
    pub(super) fn link(&mut self, checkpoint: Option<String>, compared: Vec<Option<String>>) {
        self.linked_told &= self.linked == checkpoint;
        self.linked = checkpoint;
        self.comparison.link(compared);
    }

    /// The same, with an opened file that the tab showed instead of a routed text.
    pub fn showing(self, file: Option<KeptFile>) -> Self {
        Self { held: file.is_some(), coming: file, ..self }
    }

    /// The opened file that is shown, if the browser keeps it.
    pub fn kept_file(&self) -> Option<KeptFile> {
        match (&self.source, &self.file_key, &self.coming) {
            (TraceSource::File(name), Some(key), _) if self.held => {
                Some(KeptFile { key: key.clone(), name: name.clone() })
            }
            (_, _, coming) => coming.clone(),
        }
    }

    /// The model that is on its way while the trace on the screen is of another one.
    pub fn awaited(&self) -> Option<&str> {
        let wanted = super::models::name(&self.model);
        let other = self.trace.as_ref().is_some_and(|trace| trace.model.name != wanted);
        (other && !self.held && !matches!(self.engine, Engine::Failed(_))).then_some(wanted)
    }

    /// Whether the trace on the screen belongs to the text on the screen.
    pub fn in_step(&self) -> bool {
        self.trace.as_ref().is_some_and(|trace| trace.text == *self.text || self.cut.is_some())
    }

    /// A token to begin with: a longer piece of a word, with something before it, so that there is something to see.
    pub fn typical_token(trace: &Trace) -> usize {
        let letters = |t: &usize| {
            trace.tokens.get(*t).map_or(0, |token| token.text.chars().filter(|c| c.is_alphabetic()).count())
        };
        let start = trace.len().saturating_sub(1).min(40) * 2 / 5;
        let end = trace.len().min(start + 24);
        (start..end).find(|t| letters(t) >= 4).unwrap_or(start)
    }

    /// Why the text is not routed though the engine answers, if so, and the number of what says it.
    pub fn unrouted(&self) -> Option<(u32, String)> {
        let unrouted =
            |notice: &&Notice| matches!(notice.topic, Topic::Route | Topic::Published) && notice.tone == Tone::Fault;
        self.notices.iter().find(unrouted).map(|notice| (notice.id, notice.text.clone()))
    }

    /// Whether a text can be routed now.
    pub fn can_route(&self) -> bool {
        self.ready() && self.running.is_none()
    }

    /// What the compared models are to be asked, if anything: once the shown model has routed the text, since a text that
    /// waits interrupts them.
    pub fn question(&self) -> Option<Question> {
        let routed = self.held || (self.source == TraceSource::Live && self.in_step());
        let asks = self.settings.screen == Screen::Compare && self.can_route() && routed;
        let (text, with) = (self.text.clone(), self.comparison.with.clone());
        asks.then(|| Question { text, with, manner: self.settings.manner(), trace: self.trace.clone() })
    }

    /// Whether the engine answers.
    pub fn ready(&self) -> bool {
        matches!(self.engine, Engine::Ready(_))
    }

    /// Why the text cannot be continued now, if so, in words that go beside the button where waiting does not help.
    pub fn blocked(&self) -> Option<&'static str> {
        let tokens = self.trace.as_ref().map_or(0, |trace| trace.len());
        match &self.engine {
            Engine::Failed(_) => Some(app::blocked_no_engine()),
            Engine::Ready(_) if self.text.is_empty() => Some(app::blocked_no_text()),
            Engine::Ready(_) if self.cut.is_some() || (self.in_step() && tokens >= MAX_TOKENS) => {
                Some(app::blocked_at_limit())
            }
            Engine::Ready(_) => None,
            _ => Some(app::blocked_loading()),
        }
    }

    /// Says something; the same thing is not said twice at a time.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.say_about(Topic::Other, tone, text);
    }

    /// Says something in the place of what was said about the same before.
    pub fn say_about(&mut self, topic: Topic, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.unsay(topic);
        self.notices.retain(|notice| notice.text != text);
        self.said += 1;
        self.notices.push(Notice { id: self.said, topic, tone, text });
        let surplus = self.notices.len().saturating_sub(3);
        self.notices.drain(..surplus);
    }

    /// Opens what is docked in the place of notices: those that only say that something happened are over, others wait.
    pub(super) fn open_dock(&mut self) {
        self.notices.retain(|notice| notice.tone == Tone::Fault);
        self.heard = self.said;
    }

    /// What is docked; `tour` says whether there is a tour of this screen to go on with. One thing at a time, the newest.
    pub fn docked(&self, tour: bool) -> Docked {
        match (self.notices.last(), self.help || tour) {
            (Some(notice), open) if !open || notice.id > self.heard => Docked::Notice,
            (_, true) if self.help => Docked::Help,
            (_, true) => Docked::Tour,
            (_, false) => Docked::Nothing,
        }
    }

    /// Takes back what no longer applies.
    pub(super) fn forget(&mut self) {
        let said = |topic: Topic| self.notices.iter().any(|notice| notice.topic == topic);
        let over = [
            (Topic::Cut, self.cut.is_none()),
            (Topic::Replaced, said(Topic::Replaced) && !self.text.contains('\u{fffd}')),
        ];
        for (topic, _) in over.into_iter().filter(|(_, over)| *over) {
            self.unsay(topic);
        }
    }

    /// Takes back what was said about something that is over.
    pub fn unsay(&mut self, topic: Topic) {
        self.notices.retain(|notice| topic == Topic::Other || notice.topic != topic);
    }

    /// Keeps the selection inside the trace.
    pub fn clamp(&mut self) {
        if let Some(trace) = &self.trace {
            let compared = if self.settings.screen == Screen::Compare { self.comparison.layers() } else { 0 };
            self.view.layer = self.view.layer.min(trace.layers.len().max(compared).saturating_sub(1));
            self.view.token = self.view.token.min(trace.len().saturating_sub(1));
            self.view.expert = self.view.expert.filter(|&expert| expert < trace.experts(self.view.layer));
            if !(self.view.playhead >= 0.0 && self.view.playhead <= trace.len() as f32) {
                self.view.playhead = 0.0;
            }
        }
    }
}
