//! What happens in the lab, what it does to the state, and what must be asked or done because of it.

use super::action::{Act, Out};
use super::run::Run;
use super::state::{Begin, Making, Pending, TrainState, Trainer};
use crate::app::notice::{Tone, Topic};
use crate::app::worker::needs_other_build;
use crate::messages::lab;
use crate::protocol::{FileBytes, Sampling};
use crate::run::protocol::{LabRequest, LabTask, MAX_PROBE, OwnText};
use crate::run::{Preset, TextChoice};

/// Steps between evaluations on held-out text: a prime, so that what repeats itself every few steps is not met at the same
/// point every time.
const EVALUATE: u64 = 11;
/// Steps between samples.
const SAMPLE: u64 = 50;
/// Tokens of a sample.
const SAMPLE_TOKENS: usize = 40;

impl TrainState {
    /// Lets something happen.
    pub fn apply(&mut self, act: Act) -> Vec<Out> {
        let ask = |request| vec![Out::Ask(request)];
        if self.comes_later(&act) {
            return Vec::new();
        }
        match act {
            Act::Open => return self.open(),
            Act::Set(name, value) => return self.set(name, &value),
            Act::Preset(name) => self.preset(name),
            Act::Link(link) if link.is_empty() => {}
            // Back at the run that is there: what holds now, not what it began with.
            Act::Link(link) if self.run.is_some() && link == self.link() => self.undo(),
            Act::Link(link) => self.linked(&link),
            Act::Undo => self.undo(),
            Act::Start => return self.start(Begin::Train),
            Act::Toggle if self.trains() => {
                self.interrupted.clear();
                return ask(LabRequest::Pause);
            }
            Act::Toggle if self.run.is_none() => return self.start(Begin::Train),
            Act::Toggle if matches!(self.trainer, Trainer::Failed(_)) => return self.try_again(),
            Act::Toggle => return self.train(None),
            Act::Step if self.run.is_none() => return self.start(Begin::Step),
            Act::Step => return self.train(Some(1)),
            Act::Reset if self.run.as_ref().is_some_and(Run::branched) => self.sure = true,
            Act::Reset | Act::Sure(true) => return self.reset(),
            Act::Sure(false) => self.sure = false,
            Act::Found(kept) => self.kept = Some(kept).filter(|_| self.run.is_none() && self.making.is_none()),
            Act::GoOn => {
                if let Some(kept) = &self.kept {
                    self.pending = Pending::Import(FileBytes::Here((*kept.file).clone()));
                    let mut out = self.open();
                    out.extend(self.go_on());
                    return out;
                }
            }
            Act::Forget => {
                let place = self.kept.take().map(|kept| kept.place);
                return place.map(Out::Forget).into_iter().collect();
            }
            Act::Share => {
                if let Some(what) = self.run.as_ref().and_then(Run::beyond_link) {
                    self.say(Topic::Link, Tone::Info, what);
                }
                return vec![Out::Share];
            }
            Act::Speed(speed) => {
                self.speed = speed;
                return ask(LabRequest::Speed(speed));
            }
            Act::Only(only) => {
                self.only = only;
                if self.trains() {
                    return self.train(None);
                }
            }
            Act::Seek(at) => return self.seek(at),
            Act::Walk(by) => {
                let step = self.run.as_ref().map(|run| run.curve(self.selected).neighbour(self.step(), by));
                return self.seek(step);
            }
            Act::Select(id) => return self.select(id),
            Act::Plan if self.branching.is_none() && self.can_fork() => return self.plan(),
            Act::Plan => {}
            Act::Fork if self.can_fork() && self.otherwise().is_some() => return self.fork(),
            Act::Fork => {}
            Act::Copy => return self.fork(),
            Act::NoBranch => {
                self.branching = None;
                return vec![Out::Focus("lab-fork".to_owned())];
            }
            Act::Drop(id) => return ask(LabRequest::Drop { branch: id }),
            Act::Apply => return self.change(),
            Act::GoBack => {
                let rate = self.lower();
                if let Some((branch, step)) = self.offer.take() {
                    self.notices.retain(|notice| notice.topic != Topic::End);
                    let mut out = self.select(branch);
                    self.undo();
                    out.extend(self.seek(Some(step)));
                    self.draft.coefficients.learning_rate = rate;
                    if self.can_fork() {
                        out.extend(self.fork());
                    }
                    return out;
                }
            }
            Act::Probe(text) => return self.ask_probe(text),
            Act::Write => {
                let (branch, sampling) = (self.selected, Sampling::default());
                return ask(LabRequest::Sample { branch, prompt: String::new(), sampling, tokens: SAMPLE_TOKENS });
            }
            Act::Own((text, note)) => {
                self.other_words();
                if let Some(note) = note {
                    self.say(Topic::Cut, Tone::Info, note);
                }
                (self.own, self.draft.text) = (Some(text), TextChoice::Own);
            }
            Act::Import(file) => {
                self.making = None;
                self.pending = Pending::Import(file);
                return self.go_on();
            }
            Act::Picture(png) => return vec![Out::Picture(png)],
            Act::Numbers => return vec![Out::Numbers],
            Act::SaveProbe(form) => return vec![Out::SaveProbe(form)],
            Act::Export => return ask(LabRequest::Export { branch: self.selected }),
            Act::Explore => return ask(LabRequest::Checkpoint { branch: self.selected }),
            Act::Device(device) => {
                self.device = device;
                match &self.trainer {
                    Trainer::Ready(_) if needs_other_build(self.started_for, device) => {
                        // The run goes there in what is saved of it.
                        self.moving = true;
                        return if self.run.is_some() { ask(LabRequest::Save) } else { self.moved() };
                    }
                    Trainer::Ready(_) => {
                        (self.trainer, self.restoring) = (Trainer::Starting, self.run.is_some());
                        return ask(LabRequest::Open { device });
                    }
                    Trainer::Failed(_) => {
                        if self.run.is_some() {
                            (self.pending, self.restoring) = (Pending::Restore, true);
                        }
                        return self.open();
                    }
                    Trainer::Off | Trainer::Starting => {}
                }
            }
            Act::Hidden(hidden) => return self.hide(hidden),
            Act::Background(on) => self.background = on,
            Act::Table(on) => self.table = on,
            Act::Flow(on) => self.flow = on,
            Act::Whole => self.whole = true,
            Act::Sheet(on) => self.sheet = on,
            Act::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
            Act::Fault(why) => self.say(Topic::Other, Tone::Fault, why),
            Act::Event(event) => return self.take(*event),
            Act::Stopped(stop) => return self.stopped(&stop),
            Act::StartAgain => return self.start_again(),
            Act::Gone(why) => return self.gone(why),
        }
        Vec::new()
    }

    /// Whether a branch or a run must be there before that can happen.
    fn comes_later(&self, act: &Act) -> bool {
        let begins = match act {
            Act::Toggle => !self.trains(),
            Act::Start | Act::Step | Act::Reset | Act::Sure(true) | Act::GoOn | Act::GoBack => true,
            Act::Plan | Act::Fork | Act::Copy => true,
            _ => false,
        };
        begins && self.waits().is_some()
    }

    /// A new run, or what is wrong with its settings.
    fn start(&mut self, begin: Begin) -> Vec<Out> {
        // Why not is beside the button that would start it.
        if self.error().is_some() {
            return Vec::new();
        }
        self.make(Making { settings: self.draft.clone(), own: self.text(), begin, said: None })
    }

    fn make(&mut self, making: Making) -> Vec<Out> {
        (self.pending, self.sure) = (Pending::Start(making), false);
        let mut out = self.open();
        out.extend(self.go_on());
        out
    }

    /// The same run again, with the settings that it began with, which is said. What was chosen meanwhile and does not hold
    /// stays chosen.
    fn reset(&mut self) -> Vec<Out> {
        let Some(run) = &self.run else { return self.start(Begin::Wait) };
        let (settings, own) = (run.asked.clone(), run.own.clone());
        let now = self.branch().map_or(settings.coefficients, |branch| branch.info.settings.coefficients);
        let back = super::run::changed(&now, &settings.coefficients);
        let said = match (Preset::of(&settings), back.is_empty()) {
            (Some(preset), true) => lab::again_preset((preset.title)()),
            (Some(preset), false) => lab::again_preset_changed((preset.title)(), back),
            (None, true) => lab::again_own().to_owned(),
            (None, false) => lab::again_own_changed(back),
        };
        let chosen = self.needs_new_run() || self.staged();
        if !chosen {
            self.all(settings.clone());
        }
        let said = if chosen { format!("{said} {}", lab::still_chosen()) } else { said };
        self.make(Making { settings, own, begin: Begin::Wait, said: Some(said) })
    }

    /// Asks for what waits, if the trainer answers.
    pub(super) fn go_on(&mut self) -> Vec<Out> {
        if !matches!(self.trainer, Trainer::Ready(_)) {
            return Vec::new();
        }
        let request = match std::mem::take(&mut self.pending) {
            Pending::Nothing => return Vec::new(),
            Pending::Start(making) => {
                (self.restoring, self.interrupted) = (false, Vec::new());
                let own = making.settings.text == TextChoice::Own;
                self.notices.retain(|notice| own && notice.topic == Topic::Cut);
                let probe = self.run.as_ref().map_or_else(String::new, |run| run.probe.clone());
                let own_probe = self
                    .run
                    .as_ref()
                    .is_some_and(|run| run.asked.text == making.settings.text && run.own == making.own);
                let probe = if own_probe { probe } else { String::new() };
                self.progress = Some((LabTask::ReadingText, 0, 0));
                let (settings, text) = (Box::new(making.settings.clone()), making.own.clone());
                self.making = Some(making);
                LabRequest::Start { settings, text, probe }
            }
            Pending::Restore => match (&self.saved, &self.run) {
                (Some(file), _) => LabRequest::Import { file: FileBytes::Here((**file).clone()) },
                (None, Some(run)) => {
                    // Nothing was saved yet: the same settings give the same run from the beginning.
                    let (settings, probe) = (Box::new(run.asked.clone()), run.probe.clone());
                    LabRequest::Start { settings, text: run.own.clone(), probe }
                }
                (None, None) => return Vec::new(),
            },
            Pending::Import(file) => {
                self.restoring = false;
                self.notices.retain(|notice| !matches!(notice.topic, Topic::Recording | Topic::Link | Topic::Other));
                self.progress = Some((LabTask::ReadingFile, 0, 0));
                LabRequest::Import { file }
            }
        };
        vec![Out::Ask(request)]
    }

    fn text(&self) -> Option<OwnText> {
        self.own.clone().filter(|_| self.draft.text == TextChoice::Own)
    }

    /// Another trainer for the run that is there.
    fn try_again(&mut self) -> Vec<Out> {
        (self.pending, self.restoring) = (Pending::Restore, true);
        if let Some(run) = &self.run {
            self.interrupted = run.branches.iter().map(|branch| branch.info.id).collect();
        }
        self.open()
    }

    /// Trains on, from now.
    fn train(&mut self, steps: Option<u64>) -> Vec<Out> {
        let branches = if self.only { vec![self.selected] } else { Vec::new() };
        self.offer = None;
        self.notices.retain(|notice| !matches!(notice.topic, Topic::End | Topic::Recording));
        let mut out = if self.at.is_some() { self.seek(None) } else { Vec::new() };
        if self.staged() && !self.needs_new_run() && self.branching.is_none() {
            out.extend(self.change());
        }
        out.push(Out::Ask(LabRequest::Run { branches, steps }));
        out
    }

    fn ask_probe(&mut self, text: String) -> Vec<Out> {
        let text: String = text.chars().take(MAX_PROBE).collect();
        let Some(run) = &mut self.run else { return Vec::new() };
        if text.is_empty() || text == run.probe {
            return Vec::new();
        }
        run.probe.clone_from(&text);
        for branch in &mut run.branches {
            (branch.probe, branch.frames) = (None, Vec::new());
        }
        self.looked = None;
        self.ticket += 1;
        self.probe_ticket = self.ticket;
        let mut out = vec![Out::Ask(LabRequest::Probe { ticket: self.ticket, text })];
        out.extend(self.seek(self.at));
        out
    }

    fn hide(&mut self, hidden: bool) -> Vec<Out> {
        let left = hidden && !self.hidden;
        self.hidden = hidden;
        if hidden && self.trains() && !self.background {
            self.interrupted = self.running.clone();
            return vec![Out::Ask(LabRequest::Pause)];
        }
        if left && self.trains() {
            return vec![Out::Ask(LabRequest::Save)];
        }
        if !hidden && matches!(self.trainer, Trainer::Ready(_)) {
            return self.resume();
        }
        Vec::new()
    }

    /// Goes on with what was interrupted.
    pub(super) fn resume(&mut self) -> Vec<Out> {
        let branches = std::mem::take(&mut self.interrupted);
        if branches.is_empty() || (self.hidden && !self.background) {
            return Vec::new();
        }
        vec![Out::Ask(LabRequest::Run { branches, steps: None })]
    }

    /// Requests that follow a run that was opened.
    pub(super) fn settle(&self) -> Vec<Out> {
        let every = LabRequest::Every { evaluation: EVALUATE, sample: SAMPLE };
        vec![Out::Ask(every), Out::Ask(LabRequest::Speed(self.speed))]
    }
}
