//! What the engine's messages do to the page's state.

use super::effect::Effect;
use super::models::{self, Model};
use super::notice::{Tone, Topic};
use super::session::EngineSession;
use super::shared::Shared;
use super::spans;
use super::state::{Engine, State, TraceSource};
use super::visible_prefix;
use super::wire::Signal;
use crate::error::{EngineFault, WorkerFault};
use crate::messages::{app, files};
use crate::protocol::{Cut, Event, Finish, MAX_CHARS, Task};
use crate::trace::{ModelInfo, Trace, TraceStep};
use std::rc::Rc;

impl State {
    pub(super) fn take_signal(&mut self, signal: Signal<Event>, fx: &mut Vec<Effect>) {
        match signal {
            Signal::Event(event) => self.take_event(event, fx),
            Signal::Stopped(stop) => self.stopped(&stop, fx),
            Signal::StartAgain if !self.session.alive => self.start(fx),
            Signal::StartAgain => {} // The visitor had it started meanwhile.
            Signal::NoWorker(why) => {
                self.session.alive = false;
                self.gone(app::engine_no_worker(why), fx);
            }
            Signal::Unreadable(why) => self.gone(app::engine_unreadable(why), fx),
            Signal::Unreachable(why) => self.gone(app::engine_unreachable(why), fx),
        }
    }

    fn take_event(&mut self, event: Event, fx: &mut Vec<Effect>) {
        let EngineSession { ticket: newest, comparison, .. } = self.session;
        match event {
            Event::Started => {
                self.engine = Engine::Loading { what: Task::OpeningDevice.to_string(), done: 0, total: None };
                self.open(fx);
            }
            Event::Progress { task, done, total } if self.ready() => {
                self.comparison.progress = Some((task.to_string(), done, total));
            }
            Event::Progress { task, done, total } => {
                self.engine = Engine::Loading { what: task.to_string(), done, total };
            }
            Event::Ready { device, card, passed_over } => {
                let before = self.session.opened.as_ref().map(|(_, device)| *device);
                if self.opened(fx) {
                    return;
                }
                self.device = Some(device.clone());
                // What was said of a device that cannot be had stays true while the one before is opened again.
                if before.is_some_and(|before| before != self.settings.device) {
                    self.unsay(Topic::Device);
                }
                self.engine = Engine::Ready(device);
                self.card = Some(Rc::new(card));
                self.notices.retain(|notice| notice.topic != Topic::Engine || notice.tone == Tone::Info);
                self.notices.retain(|notice| notice.topic != Topic::Model || notice.tone == Tone::Fault);
                if let Some(words) = passed_over.said() {
                    self.say_about(Topic::Model, Tone::Info, words);
                }
                if !self.held {
                    self.route(fx);
                }
            }
            Event::Trace { ticket, .. } | Event::Token { ticket, .. } | Event::Finished { ticket, .. }
                if ticket != newest => {}
            Event::Compared { ticket, .. } | Event::NotCompared { ticket, .. } if ticket != comparison => {}
            Event::Trace { trace, cut, .. } => {
                self.session.crashes = 0;
                // Asked for before a file was opened, and answered after: the file stays.
                if !self.held || cut.is_some() || trace.text == *self.text {
                    self.take_trace(*trace, cut);
                }
            }
            Event::Compared { model, trace, card, cut, .. } => {
                self.comparison.take(&model, *trace, &card, cut);
                let others = self.comparison.differing();
                self.say_differing(&others);
            }
            Event::NotCompared { model, fault, .. } => {
                self.comparison.refuse(&model, &fault);
                let others = self.comparison.differing();
                self.say_differing(&others);
            }
            Event::Token { ticket, step } => self.take_token(ticket, *step),
            Event::Finished { ticket, reason } => self.finish(ticket, reason, fx),
            Event::Fault(fault) => self.take_fault(&fault, fx),
        }
    }

    fn take_fault(&mut self, fault: &EngineFault, fx: &mut Vec<Effect>) {
        match fault {
            EngineFault::Device(why) => self.no_device(why, fx),
            EngineFault::Fetch(_) | EngineFault::Files(_) => self.refused(fault, fx),
            EngineFault::Worker(WorkerFault::Unreadable) => self.gone(fault.on_page(), fx),
            fault if fault.is_fatal() => self.crashed(fault.on_page(), fx),
            EngineFault::Route(_) | EngineFault::Worker(_) => {
                self.running = None;
                let gpu = self.device.as_ref().is_some_and(|device| device.gpu);
                let topic = if gpu && self.settings.ahead { Topic::Published } else { Topic::Route };
                fx.push(Effect::Fail(fault.on_page()));
                self.say_about(topic, Tone::Fault, fault.on_page());
            }
        }
    }

    /// A model cannot be had: the one in use stays, or the one that the page opens with takes its place. Both are said.
    pub(super) fn say_refused(
        &mut self,
        fault: &EngineFault,
        model: &Model,
        kept: Option<Model>,
        fx: &mut Vec<Effect>,
    ) {
        self.running = None;
        self.linked = None; // The model that takes its place is not meant.
        let name = models::name(model);
        let not_there = matches!(fault, EngineFault::Fetch(_));
        let why = if models::trained_here(name) && not_there {
            app::model_trained_elsewhere().to_owned()
        } else if models::opened_here(name) && not_there {
            app::model_not_kept().to_owned()
        } else {
            fault.on_page()
        };
        let not_opened = app::model_not_opened(name);
        match (kept, self.device.clone()) {
            (Some(kept), Some(device)) => {
                let stays = app::model_stays(models::name(&kept));
                self.say_about(Topic::Model, Tone::Fault, format!("{not_opened} {why} {stays}"));
                self.in_use(Engine::Ready(device));
            }
            _ if model.is_some() => {
                let first = models::name(&None);
                let instead = app::model_instead(first);
                self.say_about(Topic::Model, Tone::Fault, format!("{not_opened} {why} {instead}"));
                self.model = None;
                self.engine = Engine::Loading { what: app::fetching(first), done: 0, total: None };
                self.open_model(fx);
            }
            _ => self.gone(why, fx),
        }
    }

    fn take_trace(&mut self, mut trace: Trace, cut: Option<Cut>) {
        trace.sampling = self.sampled(&trace.model.name, trace.model.short_checkpoint());
        self.compare_checkpoints(&trace.model);
        let follow = self.caret.take().filter(|_| self.running.is_none());
        if let Some(caret) = follow {
            self.view.token = spans::token_at(&trace, caret.saturating_sub(1)).unwrap_or(0);
        } else if let Some(token) = self.pending_token.take() {
            self.view.token = token;
        } else if self.fresh {
            self.view.token = Self::typical_token(&trace);
        }
        self.fresh = false;
        self.unsay(Topic::Route);
        self.unsay(Topic::Published);
        if self.own_text {
            self.unsay(Topic::Recording); // what it says of a sample in its place stays true
        }
        if let Some(cut) = cut
            && self.cut != Some(cut)
        {
            self.say_about(Topic::Cut, Tone::Info, left_out(cut, trace.len()));
        }
        self.cut = cut;
        (self.source, self.held) = (TraceSource::Live, false);
        self.trace = Some(Shared::new(trace));
    }

    /// Says so where a link was made with another checkpoint than the one that is here.
    fn compare_checkpoints(&mut self, model: &ModelInfo) {
        if model.name != models::name(&self.model) {
            return;
        }
        let Some((linked, here)) = self.linked.clone().zip(model.short_checkpoint()) else { return };
        if linked == here {
            self.linked = None;
        } else if !std::mem::replace(&mut self.linked_told, true) {
            self.say_differing(&[(model.name.clone(), linked, here.to_owned())]);
        }
    }

    /// Says of which models a link was made with another checkpoint, each with the hashes there and here.
    fn say_differing(&mut self, models: &[(String, String, String)]) {
        let each = models.iter().map(|(name, linked, here)| files::other_checkpoint(name, linked, here));
        if let Some(names) = each.reduce(files::other_checkpoints) {
            self.say_about(Topic::Link, Tone::Info, files::link_differs(names));
        }
    }

    fn take_token(&mut self, ticket: u64, step: TraceStep) {
        let Some(running) = self.running.as_mut().filter(|running| running.ticket == ticket) else { return };
        running.made += 1;
        Rc::make_mut(&mut self.text).push_str(&step.text);
        let Some(trace) = &mut self.trace else { return };
        if let Err(error) = Shared::make_mut(trace).append(step) {
            self.say_about(Topic::Route, Tone::Fault, app::token_not_added(error));
            return;
        }
        self.view.token = trace.len().saturating_sub(1);
    }

    fn finish(&mut self, ticket: u64, reason: Finish, fx: &mut Vec<Effect>) {
        if self.running.is_some_and(|running| running.ticket == ticket) {
            self.running = None;
            // A link and a reload read the text: what a model wrote token by token may be tokenised in another way, and its
            // last token may end inside a character.
            self.route(fx);
            if reason == Finish::EndOfText {
                self.say_about(Topic::End, Tone::Info, app::text_ended());
            }
        }
    }
}

/// What was cut off a text of which so many tokens are left, and which limit cut it.
fn left_out(cut: Cut, tokens: usize) -> String {
    let limit = match cut.by_chars() {
        true => app::cut_by_chars(cut.chars, cut.kept, MAX_CHARS),
        false => app::cut_by_tokens(cut.chars, cut.kept, tokens),
    };
    match cut.chars > visible_prefix::MOST {
        true => format!("{limit} {} {}", app::cut_in_field(), app::cut_route_another()),
        false => format!("{limit} {}", app::cut_route_another()),
    }
}

#[cfg(test)]
#[path = "signals_tests.rs"]
mod tests;
