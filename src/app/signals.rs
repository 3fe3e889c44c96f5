//! What the engine's messages do to the page's state.

use super::action::Action;
use super::engine_client::Signal;
use super::format::count;
use super::notice::{Tone, Topic};
use super::spans;
use super::state::{Engine, Source, State};
use crate::protocol::{Cut, DeviceChoice, Event, FaultKind, Finish};
use crate::trace::{Trace, TraceStep};
use std::rc::Rc;

impl From<Signal> for Action {
    fn from(signal: Signal) -> Self {
        Self::Engine(Box::new(signal))
    }
}

impl State {
    pub(super) fn take_signal(&mut self, signal: Signal) {
        match signal {
            Signal::Restarting(why) => {
                self.device = None;
                self.engine = Engine::Starting;
                self.running = None;
                self.say_about(
                    Topic::Engine,
                    Tone::Info,
                    format!("{why} The engine was started again; your text and settings are as they were."),
                );
            }
            Signal::Gone(why) => {
                (self.running, self.device) = (None, None);
                self.say_about(Topic::Engine, Tone::Fault, why.clone());
                self.engine = Engine::Failed(why);
            }
            Signal::Event(event) => self.take_event(event),
        }
    }

    fn take_event(&mut self, event: Event) {
        match event {
            Event::Started => self.engine = Engine::Loading { what: "Opening the device".into(), done: 0, total: None },
            Event::Progress { what, done, total } => self.engine = Engine::Loading { what, done, total },
            Event::Ready { device, card } => {
                self.device = Some(device.clone());
                self.engine = Engine::Ready(device);
                self.card = Some(Rc::new(card));
                self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
                if !self.held {
                    self.wanted += 1;
                }
            }
            Event::Trace { trace, cut, .. } => self.take_trace(*trace, cut),
            Event::Compared { .. } => {}
            Event::Token { ticket, step } => self.take_token(ticket, *step),
            Event::Finished { ticket, reason } => self.finish(ticket, reason),
            Event::Fault { kind: FaultKind::Device, message, fatal: false } if self.device.is_some() => {
                // Another device was asked for and cannot be had: the one in use stays in use.
                if let Some(device) = self.device.clone() {
                    let choice = if device.gpu { DeviceChoice::Auto } else { DeviceChoice::Cpu };
                    self.settings.device = choice;
                    self.say_about(Topic::Engine, Tone::Fault, format!("{message} {} stays in use.", device.name));
                    self.engine = Engine::Ready(device);
                }
            }
            Event::Fault { kind, message, fatal } => {
                self.running = None;
                if fatal || matches!(kind, FaultKind::Model | FaultKind::Fetch | FaultKind::Device) {
                    self.say_about(Topic::Engine, Tone::Fault, message.clone());
                    self.engine = Engine::Failed(message);
                } else {
                    self.say(Tone::Fault, message);
                }
            }
        }
    }

    fn take_trace(&mut self, trace: Trace, cut: Option<Cut>) {
        let follow = self.caret.take().filter(|_| self.running.is_none());
        if let Some(caret) = follow {
            self.view.token = spans::token_at(&trace, caret.saturating_sub(1)).unwrap_or(0);
        } else if let Some(token) = self.pending_token.take() {
            self.view.token = token;
        } else if self.fresh {
            self.view.token = Self::typical_token(&trace);
        }
        self.fresh = false;
        if cut.is_none() {
            self.unsay(Topic::Cut);
        }
        if let Some(cut) = cut
            && self.cut != Some(cut)
        {
            let (kept, chars) = (count(cut.kept), count(cut.chars));
            self.say_about(
                Topic::Cut,
                Tone::Info,
                format!("The text has {chars} characters; the first {kept} are routed and the rest is left out. Shorten the text to choose another part."),
            );
        }
        self.cut = cut;
        (self.source, self.held) = (Source::Live, false);
        self.trace = Some(Rc::new(trace));
    }

    fn take_token(&mut self, ticket: u64, step: TraceStep) {
        let Some(running) = self.running.as_mut().filter(|running| running.ticket == ticket) else { return };
        running.made += 1;
        Rc::make_mut(&mut self.text).push_str(&step.text);
        let Some(trace) = &mut self.trace else { return };
        if let Err(error) = Rc::make_mut(trace).append(step) {
            self.say(Tone::Fault, format!("A generated token could not be added: {error}. Generate again."));
            return;
        }
        self.view.token = trace.len().saturating_sub(1);
    }

    fn finish(&mut self, ticket: u64, reason: Finish) {
        if self.running.is_some_and(|running| running.ticket == ticket) {
            self.running = None;
            if reason == Finish::EndOfText {
                self.say(Tone::Info, "The model ended the text here.");
            }
        }
    }
}
