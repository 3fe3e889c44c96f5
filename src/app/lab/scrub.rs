//! Where one looks, and the branches that leave from there.

use super::action::Out;
use super::state::TrainState;
use crate::app::notice::{Tone, Topic};
use crate::run::Settings;
use crate::run::check_another;
use crate::run::protocol::{LabRequest, LabTask};
use crate::run::record::BranchId;

impl TrainState {
    /// Looks at a step; the newest one is followed.
    pub(super) fn seek(&mut self, at: Option<u64>) -> Vec<Out> {
        let newest = self.newest();
        self.at = at.filter(|&at| at < newest);
        if self.branching.is_some() {
            self.branching = Some(self.step());
        }
        let (Some(step), Some(run)) = (self.at, &self.run) else {
            self.looked = None;
            return Vec::new();
        };
        let branch = run.owner(self.selected, step);
        let frames = run.branch(branch).map(|branch| branch.frames.as_slice()).unwrap_or_default();
        let there = frames.iter().copied().find(|&frame| frame == step);
        let shown = self.looked.as_ref().map(|probe| (probe.branch, probe.step));
        if there.is_some_and(|there| shown == Some((branch, there))) {
            return Vec::new();
        }
        self.ticket += 1;
        vec![Out::Ask(LabRequest::Goto { ticket: self.ticket, branch, step })]
    }

    pub(super) fn select(&mut self, id: BranchId) -> Vec<Out> {
        if self.run.as_ref().is_none_or(|run| run.branch(id).is_none()) || id == self.selected {
            return Vec::new();
        }
        (self.selected, self.shown) = (id, None);
        self.undo();
        let mut out = self.seek(self.at);
        if self.only && self.trains() {
            out.push(Out::Ask(LabRequest::Run { branches: vec![id], steps: None }));
        }
        out
    }

    /// Asks what a branch from the step that is looked at shall do otherwise.
    pub(super) fn plan(&mut self) -> Vec<Out> {
        self.branching = Some(self.step());
        vec![Out::Focus(super::keys::PLAN.to_owned())]
    }

    /// Why the run has no room for one more branch with the chosen settings.
    pub(super) fn too_much(&self) -> Option<String> {
        let there: Vec<Settings> = self.run.as_ref()?.branches.iter().map(|b| b.info.settings.clone()).collect();
        let new = Settings { against: None, ..self.draft.clone() };
        check_another(&there, &new).err().map(|error| error.to_string())
    }

    pub(super) fn fork(&mut self) -> Vec<Out> {
        if let Some(why) = self.draft.validate().err().map(|error| error.to_string()).or_else(|| self.too_much()) {
            self.say(Topic::Route, Tone::Fault, why);
            return Vec::new();
        }
        let step = self.branching.take().unwrap_or_else(|| self.step());
        let Some(run) = &self.run else { return Vec::new() };
        let branch = run.owner(self.selected, step);
        let settings = Box::new(Settings { against: None, vocabulary: run.settings.vocabulary, ..self.draft.clone() });
        self.progress = Some((LabTask::GoingBack(step), 0, 0));
        vec![Out::Ask(LabRequest::Fork { branch, step, settings })]
    }
}
