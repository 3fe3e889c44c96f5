//! What the engine's messages do to the page's state.

use super::effect::Effect;
use super::engine_client::Signal;
use super::fold;
use super::format::{count, plural};
use super::models::{self, Model};
use super::notice::{Tone, Topic};
use super::session::Session;
use super::shared::Shared;
use super::spans;
use super::state::{Engine, Source, State};
use crate::error::{EngineFault, WorkerFault};
use crate::protocol::{Cut, Event, Finish, MAX_CHARS, Task};
use crate::trace::{ModelInfo, Trace, TraceStep};
use std::rc::Rc;

impl State {
    pub(super) fn take_signal(&mut self, signal: Signal, fx: &mut Vec<Effect>) {
        match signal {
            Signal::Event(event) => self.take_event(event, fx),
            Signal::Stopped(stop) => self.stopped(&stop, fx),
            Signal::StartAgain if !self.session.alive => self.start(fx),
            Signal::StartAgain => {} // The visitor had it started meanwhile.
            Signal::NoWorker(why) => {
                self.session.alive = false;
                self.gone(
                    format!(
                        "This browser did not start a web worker ({why}), so no text can be routed here. The recording still works. Allow workers for this page, or open it in a current Chrome, Edge, Firefox or Safari."
                    ),
                    fx,
                );
            }
            Signal::Unreadable(why) => self.gone(
                format!(
                    "The engine's message could not be read ({why}): page and engine are of different versions. Reload the page."
                ),
                fx,
            ),
            Signal::Unreachable(why) => {
                self.gone(format!("The engine could not be reached ({why}). Reload the page."), fx);
            }
        }
    }

    fn take_event(&mut self, event: Event, fx: &mut Vec<Effect>) {
        let Session { ticket: newest, comparison, .. } = self.session;
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
            "It was trained in a page, which a link does not hold and a reload ends. In the browser that trained it, “Go on with your last run” and “Explore” on the Train screen bring it back; anywhere else, ask for the exported run.".to_owned()
        } else if models::opened_here(name) && not_there {
            "It was opened from files, which a link does not hold and this tab does not keep, or no longer: open its config.json, tokenizer.json and model.safetensors again.".to_owned()
        } else {
            fault.on_page()
        };
        match (kept, self.device.clone()) {
            (Some(kept), Some(device)) => {
                let stays = models::name(&kept);
                self.say_about(
                    Topic::Model,
                    Tone::Fault,
                    format!("{name} could not be opened. {why} {stays} stays in use."),
                );
                self.in_use(Engine::Ready(device));
            }
            _ if model.is_some() => {
                let first = models::name(&None);
                self.say_about(
                    Topic::Model,
                    Tone::Fault,
                    format!("{name} could not be opened. {why} {first} is opened instead."),
                );
                self.model = None;
                self.engine = Engine::Loading { what: format!("Fetching {first}"), done: 0, total: None };
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
        (self.source, self.held) = (Source::Live, false);
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
        if models.is_empty() {
            return;
        }
        let each = |(name, linked, here): &(String, String, String)| format!("{name} ({linked}… there, {here}… here)");
        let names = models.iter().map(each).collect::<Vec<_>>().join(" and of ");
        self.say_about(
            Topic::Link,
            Tone::Info,
            format!(
                "The link was made with another checkpoint of {names}: choices and numbers may differ from what was shared."
            ),
        );
    }

    fn take_token(&mut self, ticket: u64, step: TraceStep) {
        let Some(running) = self.running.as_mut().filter(|running| running.ticket == ticket) else { return };
        running.made += 1;
        Rc::make_mut(&mut self.text).push_str(&step.text);
        let Some(trace) = &mut self.trace else { return };
        if let Err(error) = Shared::make_mut(trace).append(step) {
            self.say_about(
                Topic::Route,
                Tone::Fault,
                format!("A generated token could not be added: {error}. Generate again."),
            );
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
                self.say_about(Topic::End, Tone::Info, "The model ended the text here.");
            }
        }
    }
}

/// What was cut off a text of which so many tokens are left, and which limit cut it.
fn left_out(cut: Cut, tokens: usize) -> String {
    let limit = if cut.by_chars() {
        format!("at most {} characters are routed", count(MAX_CHARS))
    } else {
        format!("they are {}, and more do not fit", plural(tokens, "token", "tokens"))
    };
    let shown = if cut.chars > fold::MOST {
        "The field shows its beginning until you ask for the rest below it, and “select all” means all of it. "
    } else {
        ""
    };
    format!(
        "The text has {} characters; the first {} are routed and the rest is left out: {limit}. {shown}Delete from the beginning to route another part.",
        count(cut.chars),
        count(cut.kept)
    )
}

#[cfg(test)]
#[path = "signals_tests.rs"]
mod tests;
