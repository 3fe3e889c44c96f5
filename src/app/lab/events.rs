//! What the trainer's messages do to the lab's state.

use super::action::Out;
use super::keys;
use super::run::{Branch, Probe, ProbeSample, Run, SAMPLES};
use super::state::{Begin, StoredRun, TrainState, Trainer};
use crate::app::notice::{Tone, Topic};
use crate::app::shared::Shared;
use crate::error::WorkerFault;
use crate::messages::lab;
use crate::run::LabFault;
use crate::run::Settings;
use crate::run::protocol::{BranchInfo, LabEvent, LabRequest, OwnText};
use crate::run::record::{BranchId, Evaluation, StepRecord};
use std::rc::Rc;

impl TrainState {
    pub(super) fn take(&mut self, event: LabEvent) -> Vec<Out> {
        self.wire.heard = true;
        match event {
            LabEvent::Started => return vec![Out::Ask(LabRequest::Open { device: self.device })],
            LabEvent::Ready { device } => {
                self.trainer = Trainer::Ready(device);
                let mut out = self.go_on();
                if out.is_empty() && self.restoring {
                    // The same worker with another device: it kept the run.
                    self.restoring = false;
                    out = self.resume();
                }
                return out;
            }
            LabEvent::Progress { task, done, total } => self.progress = Some((task, done, total)),
            LabEvent::Opened { settings, text, branches, probe, .. } => {
                let run = Run {
                    asked: (*settings).clone(),
                    settings: *settings,
                    text,
                    own: None,
                    probe,
                    branches: Vec::new(),
                    recorded: (0, 0),
                };
                return self.opened(run, branches);
            }
            LabEvent::Branches(infos) => return self.branches(infos),
            LabEvent::Steps { steps, evaluations } => self.steps(steps, evaluations),
            LabEvent::State { running } => return self.state(running),
            LabEvent::Probe { ticket, branch, step, trace } => {
                let probe = Probe { branch, step, trace: Shared::new(*trace) };
                match ticket {
                    None => self.probed(false, probe),
                    Some(ticket) if ticket == self.ticket && ticket != self.probe_ticket => self.probed(true, probe),
                    Some(ticket) if ticket == self.probe_ticket => self.probed(false, probe),
                    Some(_) => {}
                }
            }
            LabEvent::Sample { branch, step, prompt, text } => {
                if let Some(branch) = self.run.as_mut().and_then(|run| run.branch_mut(branch)) {
                    branch.samples.retain(|sample| sample.step != step);
                    branch.samples.push(ProbeSample { step, prompt, text });
                    let surplus = branch.samples.len().saturating_sub(SAMPLES);
                    // The oldest but the first: how it wrote before it had learned anything is worth keeping.
                    branch.samples.drain(1.min(surplus)..1.min(surplus) + surplus);
                }
            }
            LabEvent::Recorded { frames, bytes, limit, .. } => {
                if let Some(run) = &mut self.run {
                    run.recorded = (bytes, limit);
                    for (id, frames) in frames {
                        if let Some(branch) = run.branch_mut(id) {
                            branch.frames = frames;
                        }
                    }
                }
            }
            LabEvent::Saturation(saturation) => {
                if let Some(branch) = self.run.as_mut().and_then(|run| run.branch_mut(saturation.branch)) {
                    branch.saturation = Some(saturation);
                }
            }
            LabEvent::Exported { name, file, others } => {
                (self.progress, self.unsaved) = (None, others > 0 && self.unsaved);
                if others > 0 {
                    self.say(Topic::Recording, Tone::Info, lab::export_holds_one(self.selected + 1));
                }
                return vec![Out::Save(name, file)];
            }
            LabEvent::Checkpoint { name, files } => {
                self.progress = None;
                return vec![Out::Explore(name, files)];
            }
            LabEvent::Saved { branch, step, file, others } => {
                let file = Rc::new(file);
                self.saved = Some(Rc::clone(&file));
                let mut out = if self.moving { self.moved() } else { Vec::new() };
                let known = self.run.as_ref().and_then(|run| run.branch(branch));
                if let Some(method) = known.filter(|_| step > 0).map(|branch| branch.info.settings.method) {
                    let all = self.run.as_ref().map_or(1, |run| run.branches.len());
                    let title = lab::kept_run(method.dated(), step, all.saturating_sub(1 + others as usize));
                    out.push(Out::Keep(StoredRun { title, file, place: String::new() }));
                }
                return out;
            }
            LabEvent::Recalled { own, selected, steps, evaluations, others } => {
                return self.recalled(own, selected, (steps, evaluations), others);
            }
            LabEvent::Checked { .. } | LabEvent::CheckDone { .. } => {}
            LabEvent::Fault(fault) if fault.is_fatal() => return self.crashed(&fault.to_string()),
            LabEvent::Fault(fault) => return self.fault(&fault),
        }
        Vec::new()
    }

    fn opened(&mut self, mut run: Run, infos: Vec<BranchInfo>) -> Vec<Out> {
        self.progress = None;
        self.wire.crashes = 0;
        let (mut out, mut first) = (Vec::new(), None);
        let old = self.run.take().filter(|_| self.restoring);
        run.branches = infos.into_iter().map(Branch::new).collect();
        if let Some(old) = old {
            // The same run again: its curves stay, up to where it goes on.
            self.continue_as(&mut run, &old);
            (run.asked, run.own) = (old.asked, old.own);
            self.restoring = false;
        } else {
            let made = self.making.take();
            let opened = made.is_none();
            let said = made.as_ref().and_then(|made| made.said.clone());
            said.into_iter().for_each(|said| self.say(Topic::Recording, Tone::Info, said));
            if let Some(made) = made {
                // The vocabulary's size is what the text gave; the link says what was asked for. What was chosen since
                // stays chosen.
                (run.asked, run.own) = (made.settings, made.own);
                let all = run.branches.iter().map(|branch| branch.info.id);
                self.interrupted = if made.begin == Begin::Train { all.collect() } else { Vec::new() };
                out.push(Out::Focus(keys::MAIN.to_owned()));
                if made.begin == Begin::Step {
                    first = Some(LabRequest::Run { branches: Vec::new(), steps: Some(1) });
                }
            } else if let Some(branch) = run.branches.first() {
                let Settings { method, top_k, coefficients, .. } = branch.info.settings.clone();
                self.all(Settings { method, top_k, coefficients, ..run.asked.clone() });
            }
            (self.saved, self.drops, self.unsaved) = (None, false, false);
            (self.at, self.shown, self.branching) = (None, None, None);
            (self.only, self.kept) = (false, self.kept.take().filter(|_| !opened));
            self.selected = run.branches.first().map_or(0, |branch| branch.info.id);
        }
        (self.looked, self.offer) = (None, None);
        self.run = Some(run);
        out.extend(self.settle());
        out.extend(self.resume());
        out.extend(first.map(Out::Ask));
        out
    }

    /// What the trainer keeps over its end: all branches, or if they are large the one that was trained last. Curves stay.
    fn continue_as(&mut self, run: &mut Run, old: &Run) {
        for branch in &mut run.branches {
            let same = |known: &&Branch| {
                let (a, b) = (&known.info.settings, &branch.info.settings);
                a.method == b.method && a.coefficients == b.coefficients && known.info.step >= branch.info.step
            };
            let own = old.branch(branch.info.id).filter(same);
            let known = own.or_else(|| old.branch(self.selected).filter(same));
            if let Some(known) = known.or_else(|| old.branches.iter().find(same)) {
                branch.inherit(old, known.info.id);
            }
        }
        if old.branches.len() > run.branches.len() {
            self.say(Topic::End, Tone::Info, lab::only_last());
        }
        let ids: Vec<BranchId> = run.branches.iter().map(|branch| branch.info.id).collect();
        if !ids.contains(&self.selected) {
            self.selected = ids.first().copied().unwrap_or(0);
        }
        if !self.interrupted.is_empty() {
            self.interrupted.retain(|id| ids.contains(id));
            if self.interrupted.is_empty() {
                self.interrupted = ids;
            }
        }
    }

    /// A file that was opened: its curves, and what of it is not here.
    fn recalled(
        &mut self,
        own: Option<OwnText>,
        selected: BranchId,
        (steps, evaluations): (Vec<StepRecord>, Vec<Evaluation>),
        others: u32,
    ) -> Vec<Out> {
        let Some(run) = &mut self.run else { return Vec::new() };
        if run.branches.iter().any(|branch| !branch.history.steps().is_empty()) {
            return Vec::new(); // The run that was here before, with curves of its own.
        }
        self.drops |= steps.iter().any(|step| step.layers.iter().any(|layer| layer.dropped > 0.0));
        for branch in &mut run.branches {
            let id = branch.info.id;
            branch.recall(
                steps.iter().filter(|record| record.branch == id).cloned().collect(),
                evaluations.iter().filter(|evaluation| evaluation.branch == id).cloned().collect(),
            );
        }
        run.own.clone_from(&own);
        run.begun_beside();
        let step = run.branch(selected).map_or(0, |branch| branch.info.step);
        let mut said = vec![lab::goes_on_at(step)];
        said.extend(run.branched().then(|| lab::all_here(run.branches.len())));
        said.extend((others > 0).then(|| lab::without_weights(others)));
        said.push(lab::not_brought_back().to_owned());
        said.extend(run.beyond_link().map(str::to_owned));
        self.own = own.or(self.own.take());
        self.say(Topic::Recording, Tone::Info, said.join(" "));
        self.select(selected)
    }

    fn branches(&mut self, infos: Vec<BranchInfo>) -> Vec<Out> {
        self.progress = None;
        let Some(run) = &mut self.run else { return Vec::new() };
        let known: Vec<BranchId> = run.branches.iter().map(|branch| branch.info.id).collect();
        run.branches.retain(|branch| infos.iter().any(|info| info.id == branch.info.id));
        let mut new = None;
        for info in infos {
            match run.branch_mut(info.id) {
                Some(branch) => {
                    branch.cut(info.step);
                    branch.info = info;
                }
                None if known.contains(&info.id) => {}
                None => {
                    new = Some(info.id);
                    run.branches.push(Branch::new(info));
                }
            }
        }
        if let Some(id) = new {
            // A fork is what somebody wants to see now: it catches up while the others wait.
            (self.at, self.looked, self.only) = (None, None, true);
            let mut out = self.select(id);
            out.push(Out::Focus(format!("lab-branch-{}", id + 1)));
            return out;
        }
        if run.branch(self.selected).is_none() {
            let first = run.branches.first().map_or(0, |branch| branch.info.id);
            return self.select(first);
        }
        Vec::new()
    }

    fn steps(&mut self, steps: Vec<StepRecord>, evaluations: Vec<Evaluation>) {
        let Some(run) = &mut self.run else { return };
        self.unsaved |= !steps.is_empty();
        self.done += steps.len() as u64;
        for step in steps {
            self.drops |= step.layers.iter().any(|layer| layer.dropped > 0.0);
            if let Some(branch) = run.branch_mut(step.branch) {
                branch.cut(step.step.saturating_sub(1));
                branch.info.step = step.step;
                branch.history.push(step.clone());
                branch.latest = Some(step);
            }
        }
        for evaluation in evaluations {
            if let Some(branch) = run.branch_mut(evaluation.branch) {
                branch.history.evaluated(evaluation);
            }
        }
    }

    fn state(&mut self, running: Vec<BranchId>) -> Vec<Out> {
        let paused = self.trains() && running.is_empty();
        self.running = running;
        let measured = self.branch().is_some_and(|branch| !branch.history.evaluations().is_empty());
        if paused && measured {
            return vec![Out::Ask(LabRequest::Saturation { branch: self.selected })];
        }
        Vec::new()
    }

    fn probed(&mut self, asked: bool, probe: Probe) {
        let newest = self.newest();
        if let Some(branch) = self.run.as_mut().and_then(|run| run.branch_mut(probe.branch))
            && (!asked || probe.step >= newest || branch.probe.is_none())
        {
            branch.probe = Some(probe.clone());
        }
        if asked && self.at.is_some() {
            self.looked = Some(probe);
        }
    }

    fn fault(&mut self, fault: &LabFault) -> Vec<Out> {
        self.progress = None;
        let words = fault.to_string();
        match fault {
            lost if lost.is_lost_device() => {
                self.say(Topic::Engine, Tone::Info, format!("{words} {}", lab::goes_on_recorded()));
                if !self.running.is_empty() {
                    self.interrupted = std::mem::take(&mut self.running);
                }
                (self.trainer, self.restoring) = (Trainer::Starting, self.run.is_some());
                return vec![Out::Ask(LabRequest::Open { device: self.device })];
            }
            LabFault::Worker(WorkerFault::Unreadable) => return self.gone(words),
            LabFault::Device(_) | LabFault::NoDevice => {
                self.say(Topic::Device, Tone::Fault, words.clone());
                if self.trainer == Trainer::Starting {
                    self.trainer = Trainer::Failed(words);
                }
            }
            LabFault::Diverged(at) => {
                self.offer = Some((at.branch, at.back));
                self.say(Topic::End, Tone::Fault, words);
            }
            LabFault::Text(_) | LabFault::Settings(_) => {
                self.making = None;
                self.say(Topic::Route, Tone::Fault, words);
            }
            _ => self.say(Topic::Other, Tone::Fault, words),
        }
        Vec::new()
    }
}
