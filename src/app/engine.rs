//! When the engine is started, and what it is asked to open. Pure: what is to be done comes out as [`Effect`]s.
//!
//! A worker can end (a crash, a lost GPU, no memory: [`super::pulse`]): then another is started with the same settings, at
//! most [`MAX_CRASHES`] times in a row without a trace between.

use super::effect::Effect;
use super::models::{self, GivenModel};
use super::notice::{Tone, Topic};
use super::settings::Screen;
use super::state::{Engine, State};
use super::worker::{needs_other_build, stopped};
use crate::protocol::{DeviceChoice, FaultKind, Request};
use std::rc::Rc;

/// Crashes in a row after which the engine is given up.
const MAX_CRASHES: u32 = 3;

impl State {
    /// Starts the engine, or another one in its place.
    pub(super) fn start(&mut self, fx: &mut Vec<Effect>) {
        let device = self.settings.device;
        let session = &mut self.session;
        (session.started, session.alive, session.built_for) = (true, true, device);
        (session.opened, session.asked) = (None, None);
        fx.push(Effect::Start(device));
    }

    /// Asks the engine to open what is wanted now, once the files are here that only this tab keeps.
    pub(super) fn open(&mut self, fx: &mut Vec<Effect>) {
        self.session.asked = Some((self.model.clone(), self.settings.device));
        match self.model.as_ref().filter(|name| models::opened_here(name)) {
            Some(name) if self.session.given(&self.model).is_none() => fx.push(Effect::Bring(name.clone())),
            _ => self.open_asked(fx),
        }
    }

    fn open_asked(&self, fx: &mut Vec<Effect>) {
        if let Some((model, device)) = self.session.asked.clone() {
            let given = self.session.given(&model);
            fx.push(Effect::Open(model, device, given));
        }
    }

    /// The files that this tab keeps of a model, if it does. Where they cannot be had, the engine says so.
    pub(super) fn brought(&mut self, name: &str, given: Option<Rc<GivenModel>>, fx: &mut Vec<Effect>) {
        if given.is_some() {
            self.session.given = given;
        }
        if self.session.asked.as_ref().is_some_and(|(model, _)| model.as_deref() == Some(name)) {
            match self.has_other(self.session.asked.as_ref()) {
                true => self.open(fx), // Something else is wanted by now.
                false => self.open_asked(fx),
            }
        }
    }

    fn has_other(&self, opened: Option<&(models::Model, DeviceChoice)>) -> bool {
        opened != Some(&(self.model.clone(), self.settings.device))
    }

    /// Asks for what is wanted by now, if that is not what the engine has. Whether it asked.
    fn open_other(&mut self, fx: &mut Vec<Effect>) -> bool {
        let other = self.has_other(self.session.opened.as_ref());
        if other {
            self.open(fx);
        }
        other
    }

    /// Opens the wanted device, in a fresh engine if the old one is gone or of another build.
    pub(super) fn reopen(&mut self, fx: &mut Vec<Effect>) {
        self.session.crashes = 0;
        self.session.next_ticket();
        if !self.session.alive {
            self.start(fx);
        } else if needs_other_build(self.session.built_for, self.settings.device) {
            self.session.before = self.session.opened.as_ref().map(|(_, device)| *device);
            self.start(fx);
        } else if self.session.asked.is_none() {
            self.open(fx);
        }
    }

    /// Opens the wanted model; the one in use stays until that one is here.
    pub(super) fn open_model(&mut self, fx: &mut Vec<Effect>) {
        self.session.next_ticket();
        if !self.session.alive {
            self.session.crashes = 0;
            if self.session.started {
                self.start(fx);
            }
        } else if self.session.asked.is_none() {
            self.open(fx);
        }
    }

    /// Takes the files of a model that lies at no address, and opens it.
    pub(super) fn explore(&mut self, given: GivenModel, fx: &mut Vec<Effect>) {
        let model = Some(given.name.clone());
        self.settings.screen = Screen::Explore;
        (self.held, self.own_text) = (false, self.own_text || self.held);
        self.session.given = Some(Rc::new(given));
        if self.model == model && self.session.started {
            // Another run may have come to the same name.
            self.session.opened = None;
            self.reopen(fx);
        }
        self.choose(model, fx);
    }

    /// What was asked for is open. Whether something else is wanted by now, which is asked for then.
    pub(super) fn opened(&mut self, fx: &mut Vec<Effect>) -> bool {
        self.session.before = None;
        if let Some(asked) = self.session.asked.take() {
            self.session.opened = Some(asked);
        }
        self.open_other(fx)
    }

    /// The engine could not have the model that it was asked for; the one it has stays.
    pub(super) fn refused(&mut self, why: String, kind: FaultKind, fx: &mut Vec<Effect>) {
        let model = self.session.asked.take().map_or_else(|| self.model.clone(), |(model, _)| model);
        if self.model != model && self.open_other(fx) {
            return; // Something else is wanted by now.
        }
        let kept = self.session.opened.as_ref().map(|(model, _)| model.clone());
        if let Some(kept) = &kept {
            self.model = kept.clone();
            self.open_other(fx);
        }
        self.say_refused(why, kind, &model, kept, fx);
    }

    /// The device cannot be had: the one in use stays, or the one before is opened again.
    pub(super) fn no_device(&mut self, why: String, fx: &mut Vec<Effect>) {
        if let Some((model, device)) = self.session.opened.clone() {
            self.settings.device = device;
            if self.model != model {
                return self.refused(why, FaultKind::Device, fx);
            }
        }
        self.session.asked = None;
        if self.went_back(fx) {
            return self.say_back(&why);
        }
        match self.device.clone() {
            Some(device) => {
                self.say_about(Topic::Device, Tone::Fault, format!("{why} {} stays in use.", device.name));
                self.in_use(Engine::Ready(device));
            }
            None => {
                self.running = None;
                self.gone(format!("{why} {}", super::signals::OTHER_DEVICE), fx);
            }
        }
    }

    /// Where another build of the engine could not open the device that it was fetched for: the one before again. Whether it was so.
    fn went_back(&mut self, fx: &mut Vec<Effect>) -> bool {
        let before = self.session.before.take();
        if let Some(before) = before {
            self.settings.device = before;
            self.start(fx);
        }
        before.is_some()
    }

    fn say_back(&mut self, why: &str) {
        let stays = self.device.take().map_or_else(String::new, |device| format!(" {} is opened again.", device.name));
        self.say_about(Topic::Device, Tone::Fault, format!("{why}{stays}"));
        self.engine = Engine::Starting;
    }

    /// The engine's code cannot be had.
    pub(super) fn no_code(&mut self, why: &str, fx: &mut Vec<Effect>) {
        if self.went_back(fx) {
            return self.say_back(why);
        }
        self.session.alive = false;
        fx.push(Effect::End);
        let words = "Your text is kept, and “Try again” or another device can be chosen in the device menu.";
        self.gone(format!("{why} {words}"), fx);
    }

    /// The worker ended.
    pub(super) fn crashed(&mut self, why: &str, fx: &mut Vec<Effect>) {
        let why = stopped("engine", why);
        if self.went_back(fx) {
            return self.say_back(&why);
        }
        (self.running, self.device) = (None, None);
        self.session.alive = false;
        fx.push(Effect::End);
        self.session.crashes += 1;
        let crashes = self.session.crashes;
        if crashes > MAX_CRASHES {
            return self.gone(
                format!(
                    "{why} It was started again {MAX_CRASHES} times without success. Your text is kept: choose “Try again” or another device in the device menu, or reload the page. If a file of the page is missing, only whoever serves it can help."
                ),
                fx,
            );
        }
        self.engine = Engine::Starting;
        let words = format!("{why} The engine starts again; your text and settings are as they were.");
        self.say_about(Topic::Engine, Tone::Info, words);
        fx.push(Effect::StartAgain(250 * crashes));
    }

    /// There is no engine.
    pub(super) fn gone(&mut self, why: String, fx: &mut Vec<Effect>) {
        (self.running, self.device) = (None, None);
        self.say_about(Topic::Engine, Tone::Fault, why.clone());
        fx.push(Effect::Fail(why.clone()));
        self.engine = Engine::Failed(why);
    }

    /// What the engine had open before it was asked for something else stays in use. Answers that were on their way then are
    /// out of date, so the text is routed again.
    pub(super) fn in_use(&mut self, engine: Engine) {
        self.engine = engine;
        self.waits |= !self.held;
    }

    /// The text is to be routed as soon as typing rests and the engine can.
    pub(super) fn route(&mut self, fx: &mut Vec<Effect>) {
        self.waits = true;
        fx.push(Effect::Rest);
    }

    /// Typing rests.
    pub(super) fn rested(&mut self, fx: &mut Vec<Effect>) {
        if self.waits && self.can_route() {
            self.waits = false;
            let ticket = self.session.next_ticket();
            let (text, manner) = ((*self.text).clone(), self.settings.manner());
            fx.push(Effect::Ask(Request::Route { ticket, text, manner }));
        }
    }
}
