//! What each action does to the page's state, and what it wants done outside: pure, so that all of it can be tested without
//! a browser. What the engine says is in [`super::signals`], what it is asked to open in [`super::engine`].

use super::action::Action;
use super::address::Address;
use super::continuation::Continuation;
use super::effect::Effect;
use super::format::bytes;
use super::models::{self, Model};
use super::notice::{Mend, Tone, Topic};
use super::settings::{Look, PageSettings, Screen};
use super::shared::Shared;
use super::spans;
use super::state::{Engine, Running, State, TraceSource};
use super::worker::CodeHelp;
use super::{full_page, samples, share, tour_steps};
use crate::messages::{app, files};
use crate::protocol::{DeviceChoice, Request, Task};
use crate::scene::{
    ViewState,
    select::{self, Extent, Move},
};
use crate::trace::{SavedView, Trace};
use std::rc::Rc;

/// Bytes of opened files from which on reading is announced.
const LONG: u64 = 4_000_000;

/// Changes the state as an action says. Returns what is to be done outside, in that order.
#[must_use]
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    let mut fx = Vec::new();
    let (screen, could_route, further) = (state.settings.screen, state.can_route(), full_page::is_missing(state));
    let begins = matches!(action, Action::Begin);
    state.apply(action, &mut fx);
    state.lab |= state.settings.screen == Screen::Train;
    // It is of the screen that was left.
    state.tour = state.tour.filter(|_| state.settings.screen == screen);
    state.clamp();
    state.forget();
    let rests = fx.iter().any(|effect| matches!(effect, Effect::Rest));
    if state.waits && state.can_route() && !could_route && !rests {
        fx.push(Effect::Rest);
    }
    state.compare(&mut fx);
    #[cfg(feature = "studio")]
    state.publish(&mut fx);
    let needs = full_page::is_missing(state);
    if needs != further || (begins && needs) {
        fx.push(Effect::NeedFurther(needs));
    }
    fx
}

impl State {
    fn apply(&mut self, action: Action, fx: &mut Vec<Effect>) {
        match action {
            Action::Begin => self.begin(fx),
            Action::Edit(text, caret, replaced) => {
                self.set_text(text, fx);
                self.caret = Some(caret);
                if replaced {
                    self.say_about(Topic::Replaced, Tone::Info, app::half_pair('\u{fffd}'));
                }
            }
            Action::Load(text) => self.load(&text, fx),
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
            Action::Set(settings) => self.set(settings, fx),
            Action::With(with) => self.comparison.choose(with),
            Action::Recording(trace) => {
                self.set_recording(trace);
                self.begin_engine(fx);
            }
            Action::NoRecording(why) => {
                self.no_recording = true;
                if self.trace.is_none() {
                    let next = if self.own_text { app::routes_your_text() } else { app::routes_a_sample() };
                    self.say_about(Topic::Recording, Tone::Fault, format!("{why} {next}"));
                    self.take_sample(fx);
                }
                self.begin_engine(fx);
            }
            Action::Models(Ok(entries)) => self.models = Some(Shared::new(entries)),
            Action::Models(Err(why)) => {
                self.no_models = true;
                self.say(Tone::Info, why);
            }
            #[cfg(feature = "studio")]
            Action::Published(what) => self.published.take(what),
            #[cfg(feature = "studio")]
            Action::Read(number, files, opened) if number == self.readings => self.take_read(files, opened, fx),
            #[cfg(feature = "studio")]
            Action::Read(..) => {} // Somebody opened something else meanwhile.
            #[cfg(feature = "studio")]
            Action::ReadAgain(file, read) => self.take_again(file, read, fx),
            Action::Live => {
                (self.held, self.own_text) = (false, true);
                self.route(fx);
            }
            Action::Engine(signal) => self.take_signal(*signal, fx),
            Action::Rested => self.rested(fx),
            Action::Device(device) => self.choose_device(device, fx),
            Action::Mend(Mend::Cpu) => self.choose_device(DeviceChoice::Cpu, fx),
            Action::Mend(Mend::LeftToRight) => self.set(PageSettings { ahead: false, ..self.settings }, fx),
            Action::Brought(name, given) => self.brought(&name, given, fx),
            Action::Explore(given) => self.explore(given, fx),
            Action::Choose(model) => {
                (self.held, self.own_text) = (false, self.own_text || self.held);
                self.choose(model, fx);
            }
            Action::Generate(true) => self.generate(fx),
            Action::Generate(false) => fx.push(Effect::Ask(Request::Stop)),
            Action::Halt => {
                fx.push(Effect::Ask(Request::Stop));
                self.running = None;
            }
            Action::Restore(address) => self.restore(*address, fx),
            Action::Tour(step) => self.take_tour(step, fx),
            Action::Share => fx.push(share::link(self)),
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
            Action::Files(files) => self.take_files(files, fx),
            Action::Kept(number, Ok(key)) if number == self.readings => self.file_key = Some(key),
            Action::Kept(_, Ok(_)) => {} // Another file is shown by now.
            Action::Kept(_, Err(why)) => self.say_about(Topic::File, Tone::Info, why),
            Action::Further => {
                if let Some(file) = self.files.first() {
                    let words = files::fetching_opener(file.name());
                    self.say_about(Topic::File, Tone::Info, words);
                }
                fx.push(Effect::TakeOver);
            }
            Action::NotFurther(why, help) => self.stay(&why, help, fx),
            Action::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
        }
    }

    fn begin(&mut self, fx: &mut Vec<Effect>) {
        fx.extend([Effect::FetchRecording, Effect::FetchModels]);
        #[cfg(feature = "studio")]
        {
            let files = std::mem::take(&mut self.files);
            self.take_files(files, fx);
            fx.extend(self.coming.clone().map(Effect::ReadAgain));
        }
    }

    /// First the recording, so that something moves at once; then the engine, and the tour of the first screen.
    fn begin_engine(&mut self, fx: &mut Vec<Effect>) {
        if !self.session.started {
            self.start(fx);
        }
        if self.settings.screen == Screen::Explore && !self.tour_seen {
            // What the page has to say comes first.
            self.tour = Some(0).filter(|&step| tour_steps::now(step, self).is_some());
        }
    }

    fn set(&mut self, settings: PageSettings, fx: &mut Vec<Effect>) {
        let other = settings.manner() != self.settings.manner();
        // A device is opened, not only set.
        self.settings = PageSettings { device: self.settings.device, ..settings.within_limits() };
        if other && !self.held {
            self.route(fx);
        }
    }

    fn choose_device(&mut self, device: DeviceChoice, fx: &mut Vec<Effect>) {
        self.settings.device = device;
        self.engine = Engine::Loading { what: Task::OpeningDevice.to_string(), done: 0, total: None };
        self.running = None;
        self.unsay(Topic::Device);
        self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
        self.reopen(fx);
    }

    fn generate(&mut self, fx: &mut Vec<Effect>) {
        if !self.ready() {
            return self.say(Tone::Info, app::engine_not_ready());
        }
        let PageSettings { sampling, max_tokens, task, .. } = self.settings;
        let (ticket, text) = (self.session.next_ticket(), (*self.text).clone());
        fx.push(Effect::Ask(Request::Generate { ticket, text, task, sampling, max_tokens }));
        self.unsay(Topic::End);
        self.running = Some(Running { ticket, made: 0, wanted: max_tokens });
        // Of a part that was chosen in two ways, or by two models, neither is told.
        let (model, checkpoint) = (models::name(&self.model).to_owned(), self.checkpoint().map(str::to_owned));
        let part = self.generated_part();
        let alike = part.is_none() || self.sampled(&model, checkpoint.as_deref()) == Some(sampling);
        self.drawn = alike.then_some(Continuation { sampling, model, checkpoint });
        self.generated = Some(part.unwrap_or(self.text.len()));
        self.link(None, Vec::new()); // They are of the text before.
        self.own_text = true;
        // What is written is written left to right, so from now on that is how the text is routed.
        self.settings.ahead = false;
    }

    /// Has the compared models route the text, whenever what they are to be asked is something else.
    fn compare(&mut self, fx: &mut Vec<Effect>) {
        let question = self.question();
        if question == self.comparison.question {
            return;
        }
        if let Some(asked) = &question {
            self.session.comparison += 1;
            self.comparison.asked();
            fx.push(Effect::Compare {
                ticket: self.session.comparison,
                text: (*asked.text).clone(),
                with: asked.with.clone(),
                manner: asked.manner,
            });
        }
        self.comparison.question = question;
    }

    /// Has fetched what is published of the compared models, once it is known which there are.
    #[cfg(feature = "studio")]
    fn publish(&mut self, fx: &mut Vec<Effect>) {
        if self.settings.screen == Screen::Compare && (self.models.is_some() || self.no_models) {
            let listed = self.models.as_ref().map(|entries| entries.as_slice());
            fx.extend(self.published.wants(&self.comparison.with, listed).into_iter().map(Effect::Publish));
        }
    }

    fn take_tour(&mut self, step: Option<usize>, fx: &mut Vec<Effect>) {
        let screen = self.settings.screen;
        self.tour_moves = self.tour_moves.wrapping_add(1);
        // Once it was seen it is not offered again.
        if screen == Screen::Explore && step.is_none_or(|step| step >= tour_steps::steps(screen)) && self.tour.is_some()
        {
            self.tour_seen = true;
            fx.push(Effect::RememberTour);
        }
        let step = step.filter(|&step| tour_steps::now(step, self).is_some());
        if step.is_some() {
            self.help = false;
        }
        if step.is_some() && self.tour.is_none() {
            self.open_dock();
        }
        self.tour = step;
    }

    /// Files to be opened: by the page with every screen.
    fn take_files(&mut self, files: Vec<web_sys::File>, fx: &mut Vec<Effect>) {
        if cfg!(not(feature = "studio")) {
            self.files = files;
        } else if !files.is_empty() {
            self.readings += 1;
            let total: f64 = files.iter().map(|file| file.size()).sum();
            if let Some(first) = files.first().filter(|_| total as u64 > LONG) {
                let words = files::reading(first.name(), bytes(total as u64));
                self.say_about(Topic::File, Tone::Info, words);
            }
            let train = self.settings.screen == Screen::Train;
            fx.push(Effect::Read { number: self.readings, files, train });
        }
    }

    /// The page with every screen cannot be had: this one goes on.
    fn stay(&mut self, why: &str, help: Option<CodeHelp>, fx: &mut Vec<Effect>) {
        let missing = full_page::missing(self, why);
        (self.settings.screen, self.settings.look) = (Screen::Explore, Look::Flow);
        self.files.clear();
        if let Some(file) = self.coming.clone() {
            self.not_kept(files::not_again(file.name), fx);
        }
        let todo = match help {
            None | Some(CodeHelp::Missing) => files::choose_again().to_owned(),
            Some(help) => help.said(),
        };
        self.say_about(Topic::File, Tone::Fault, format!("{missing} {todo}"));
    }

    /// An opened file takes the place of what was shown, with the selection that was saved with it.
    pub(super) fn show_file(&mut self, name: String, trace: Shared<Trace>, saved: Option<SavedView>) {
        self.session.next_ticket(); // What was asked for before would take its place.
        self.text = Rc::new(trace.text.clone());
        (self.own_text, self.textless) = (false, false);
        self.unsay(Topic::Link);
        (self.generated, self.cut, self.running, self.caret) = (None, None, None, None);
        (self.source, self.held, self.waits) = (TraceSource::File(name), true, false);
        (self.coming, self.file_key) = (None, None);
        self.settings.screen = Screen::Explore;
        self.view.playhead = 0.0;
        self.view.token = Self::typical_token(&trace);
        if let Some(SavedView { layer, token, expert, generated }) = saved {
            (self.view.layer, self.view.token, self.view.expert) = (layer, token, expert);
            self.generated = generated.filter(|&at| self.text.is_char_boundary(at));
        }
        let (model, checkpoint) = (trace.model.name.clone(), trace.model.short_checkpoint().map(str::to_owned));
        self.drawn = trace.sampling.map(|sampling| Continuation { sampling, model, checkpoint });
        self.trace = Some(trace);
    }

    /// The opened file that was shown before a reload cannot be had again.
    pub(super) fn not_kept(&mut self, why: String, fx: &mut Vec<Effect>) {
        self.say_about(Topic::File, Tone::Fault, why);
        (self.coming, self.held) = (None, false);
        if let Some(first) = self.first_text.clone() {
            self.text = first;
        }
        self.route(fx);
    }

    /// A whole text takes the place of the one that was there.
    pub(super) fn load(&mut self, text: &str, fx: &mut Vec<Effect>) {
        self.set_text(spans::normal_lines(text), fx);
        self.generated = None;
        (self.fresh, self.pending_token, self.caret) = (true, None, None);
        self.view.playhead = 0.0;
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

    fn set_text(&mut self, text: String, fx: &mut Vec<Effect>) {
        self.textless = false;
        self.unsay(Topic::Link);
        if text == *self.text {
            return;
        }
        let same = spans::common_prefix(&text, &self.text);
        self.generated = self.generated.filter(|&start| same >= start);
        // What somebody writes was not chosen by a model; what is left of a shortened text was.
        self.drawn = self.drawn.take().filter(|_| self.generated.is_some() && same == text.len());
        self.link(None, Vec::new()); // They are of the text before.
        self.text = Rc::new(text);
        self.own_text = true;
        self.running = None;
        self.held = false;
        self.route(fx);
        self.unsay(Topic::Device);
        self.unsay(Topic::End);
    }

    /// Another model is wanted; the trace on the screen stays until that one's is here.
    pub(super) fn choose(&mut self, model: Model, fx: &mut Vec<Effect>) {
        if model == self.model {
            return;
        }
        let what = app::fetching(models::name(&model));
        self.model = model;
        self.linked = None; // It is of the model before.
        self.running = None;
        self.unsay(Topic::Model);
        self.unsay(Topic::Route);
        if !matches!(self.engine, Engine::Starting) {
            self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
            self.engine = Engine::Loading { what, done: 0, total: None };
        }
        self.open_model(fx);
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
    fn take_sample(&mut self, fx: &mut Vec<Effect>) {
        let sample = samples::samples().into_iter().next();
        if let Some(sample) = sample.filter(|_| !self.own_text) {
            let text = Rc::new(sample.text);
            (self.first_text, self.text, self.fresh) = (Some(text.clone()), text, self.pending_token.is_none());
            self.route(fx);
        }
    }

    fn restore(&mut self, address: Address, fx: &mut Vec<Effect>) {
        let checkpoint = address.checkpoint.clone().filter(|_| address.settings.screen != Screen::Compare);
        let compared = address.compared.clone();
        self.go_to(address, fx);
        self.link(checkpoint, compared);
    }

    fn go_to(&mut self, address: Address, fx: &mut Vec<Effect>) {
        let (old, drawn) = (self.address(), address.continuation());
        self.choose(address.model, fx);
        self.set(address.settings, fx);
        if address.settings.device != self.settings.device {
            self.choose_device(address.settings.device, fx);
        }
        self.comparison.choose(address.with.clone());
        self.view.layer = address.layer;
        self.view.expert = address.expert;
        if self.settings.screen == Screen::Train {
            self.run = address.run.clone();
        }
        if let Some(token) = address.token {
            self.view.token = token;
        }
        if address.long && address.text.is_none() {
            self.say_about(Topic::Link, Tone::Info, format!("{} {}", files::link_without_text(), files::text_stays()));
            return;
        }
        (self.generated, self.drawn) = (address.generated, drawn.clone());
        if address.text == old.text && !self.textless {
            return;
        }
        let first = self.first_text.as_ref().map(|text| (**text).clone());
        let (text, own) = (address.text.clone().or(first), address.text.is_some());
        if let Some(text) = text {
            self.pending_token = address.token;
            self.set_text(text, fx);
            (self.generated, self.drawn, self.own_text) = (address.generated, drawn, own);
        }
    }
}
