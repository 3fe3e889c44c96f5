//! A run with its branches: what was told of each, and how they hang together.

use crate::app::shared::Shared;
use crate::messages::lab;
use crate::run::history::History;
use crate::run::protocol::{BranchInfo, OwnText, TextInfo};
use crate::run::record::{BranchId, Evaluation, Saturation, StepRecord};
use crate::run::table::TABLE;
use crate::run::{Coefficients, Settings};
use crate::scene::lab::Curve;
use crate::trace::Trace;

/// Generated texts that are kept of a branch.
pub const SAMPLES: usize = 64;

/// A generated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeSample {
    /// Steps done then.
    pub step: u64,
    /// Its beginning.
    pub prompt: String,
    /// What the model added.
    pub text: String,
}

/// The probe's routing as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Whose.
    pub branch: BranchId,
    /// Steps done then.
    pub step: u64,
    /// The routing.
    pub trace: Shared<Trace>,
}

/// A branch with what it told.
#[derive(Clone, Debug)]
pub struct Branch {
    /// What the trainer says of it.
    pub info: BranchInfo,
    /// The coefficients that it began with.
    pub first: Coefficients,
    /// Its curves.
    pub history: History,
    /// The newest step, which the curves may have thinned out.
    pub latest: Option<StepRecord>,
    /// What it wrote, oldest first.
    pub samples: Vec<ProbeSample>,
    /// The newest routing of the probe.
    pub probe: Option<Probe>,
    /// The steps whose routing of the probe is recorded.
    pub frames: Vec<u64>,
    /// Saturation against the newest step, when it was last asked for.
    pub saturation: Option<Saturation>,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The settings that it was asked for with.
    pub asked: Settings,
    /// The settings that hold: the vocabulary's size is the real one.
    pub settings: Settings,
    /// What is read.
    pub text: TextInfo,
    /// The visitor's text, if it reads that.
    pub own: Option<OwnText>,
    /// The sentence that is shown.
    pub probe: String,
    /// Its branches; at least one.
    pub branches: Vec<Branch>,
    /// Bytes of recorded routing and weights in the trainer, and how many there may be.
    pub recorded: (u64, u64),
}

impl Branch {
    /// A branch that has told nothing yet.
    pub fn new(info: BranchInfo) -> Self {
        let (history, frames, samples) = (History::default(), Vec::new(), Vec::new());
        let first = info.first;
        Self { info, first, history, latest: None, samples, probe: None, frames, saturation: None }
    }

    /// The branch that it begins as, and after how many steps. One that was opened from a file is its own parent.
    pub fn parent(&self) -> Option<(BranchId, u64)> {
        self.info.parent.filter(|(parent, _)| *parent != self.info.id)
    }

    /// The coefficients that held for the step after `step` steps.
    pub fn coefficients(&self, step: u64) -> Coefficients {
        let last = self.info.changes.iter().rev().find(|(from, _)| *from <= step);
        last.map_or(self.first, |(_, coefficients)| *coefficients)
    }

    /// Takes over the curve of a branch that it goes on as: its own piece where its parent goes on too, else all its way.
    pub fn inherit(&mut self, old: &Run, id: BranchId) {
        let step = self.info.step;
        if self.parent().is_some()
            && let Some(known) = old.branch(id)
        {
            *self = Self { info: self.info.clone(), frames: Vec::new(), saturation: None, ..known.clone() };
            self.cut(step);
            return;
        }
        let curve = old.curve(id);
        for record in curve.records().filter(|record| record.step <= step) {
            self.history.push(record.clone());
            self.latest = Some(record.clone());
        }
        for evaluation in curve.measured().filter(|evaluation| evaluation.step <= step) {
            self.history.evaluated(evaluation.clone());
        }
        for (branch, end) in old.lineage(id) {
            self.samples.extend(branch.samples.iter().filter(|sample| sample.step <= step.min(end)).cloned());
            self.probe = branch.probe.clone().filter(|probe| probe.step <= step).or(self.probe.take());
        }
        if let Some((root, _)) = old.lineage(id).first() {
            self.first = root.first;
        }
    }

    /// Takes the curve from a file that it was opened from, unless it has one.
    pub fn recall(&mut self, steps: Vec<StepRecord>, evaluations: Vec<Evaluation>) {
        if self.history.steps().is_empty() {
            self.latest = steps.last().cloned().filter(|last| last.step == self.info.step);
            let newer = self.history.evaluations().to_vec();
            steps.into_iter().for_each(|record| self.history.push(record));
            evaluations.into_iter().chain(newer).for_each(|evaluation| self.history.evaluated(evaluation));
        }
    }

    /// Forgets what comes after a step.
    pub fn cut(&mut self, step: u64) {
        if self.latest.as_ref().is_some_and(|latest| latest.step > step) {
            self.history.cut(step);
            self.latest = self.history.steps().last().cloned();
            self.samples.retain(|sample| sample.step <= step);
            self.probe = self.probe.take().filter(|probe| probe.step <= step);
        }
    }
}

impl Run {
    /// The branch of that number.
    pub fn branch(&self, id: BranchId) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.info.id == id)
    }

    /// The branch of that number.
    pub fn branch_mut(&mut self, id: BranchId) -> Option<&mut Branch> {
        self.branches.iter_mut().find(|branch| branch.info.id == id)
    }

    /// Whether starting it again forgets more than one branch.
    pub fn branched(&self) -> bool {
        self.branches.len() > 1
    }

    /// A branch and its ancestors, eldest first, each with the step up to which it counts.
    pub fn lineage(&self, id: BranchId) -> Vec<(&Branch, u64)> {
        let (mut out, mut next) = (Vec::new(), Some((id, u64::MAX)));
        while let Some((id, end)) = next {
            let Some(branch) = self.branch(id).filter(|_| out.len() < self.branches.len()) else { break };
            out.push((branch, end));
            next = branch.parent().map(|(parent, step)| (parent, step.min(end)));
        }
        out.reverse();
        out
    }

    /// The branch that was trained at a step of a branch's way: itself or an ancestor.
    pub fn owner(&self, id: BranchId, step: u64) -> BranchId {
        self.lineage(id).iter().find(|(_, end)| step <= *end).map_or(id, |(branch, _)| branch.info.id)
    }

    /// What a branch is called: its number, its method, and what sets it apart from its parent.
    pub fn name(&self, branch: &Branch) -> String {
        let number = branch.info.id + 1;
        let method = branch.info.settings.method.dated();
        match branch.parent().and_then(|(parent, step)| Some((self.branch(parent)?, step))) {
            Some((parent, step)) if parent.info.settings.method == branch.info.settings.method => {
                beside(parent, step, branch)
            }
            Some((_, step)) => lab::branch_other_method(number, step, method),
            None => match branch.info.parent {
                Some((_, step)) if branch.history.steps().first().is_none_or(|first| first.step > step) => {
                    lab::branch_opened(number, step, method)
                }
                // One that began at step 0 has no parent, but may have one like it before it.
                _ => match self.branches.iter().find(|other| other.info.id < branch.info.id) {
                    Some(elder) if elder.info.settings.method == branch.info.settings.method => {
                        beside(elder, 0, branch)
                    }
                    _ => lab::branch_of_method(number, method),
                },
            },
        }
    }

    /// A branch's curve.
    pub fn curve(&self, id: BranchId) -> Curve<'_> {
        let mut curve = Curve { branch: id, ..Curve::default() };
        for (branch, end) in self.lineage(id) {
            let steps = branch.history.steps();
            let kept = steps.partition_point(|record| record.step <= end);
            curve.steps.extend(steps.get(..kept).filter(|piece| !piece.is_empty()));
            let newest = branch.latest.as_ref().filter(|latest| latest.step <= end);
            if let Some(latest) = newest.filter(|latest| steps.last().is_none_or(|last| last.step < latest.step)) {
                curve.steps.push(std::slice::from_ref(latest));
            }
            let measured = branch.history.evaluations();
            let kept = measured.partition_point(|evaluation| evaluation.step <= end);
            curve.evaluations.extend(measured.get(..kept).filter(|piece| !piece.is_empty()));
            let mut before = branch.first;
            for (step, now) in &branch.info.changes {
                let what = changed(&before, now);
                before = *now;
                if *step <= end && !what.is_empty() {
                    curve.changes.push((*step, what));
                }
            }
            curve.name = self.name(branch);
            curve.methods.push((branch.parent().map_or(0, |(_, step)| step), branch.info.settings.method));
            curve.fork = branch.parent().map_or(0, |(_, step)| step);
        }
        curve
    }
}

impl Run {
    /// A run from a file that began with two branches was asked for with both.
    pub fn begun_beside(&mut self) {
        let infos: Vec<BranchInfo> = self.branches.iter().map(|branch| branch.info.clone()).collect();
        self.asked.against = BranchInfo::begun(&infos).against.or(self.asked.against);
    }

    /// What a link to the run leaves out; nothing if it tells all.
    pub fn beyond_link(&self) -> Option<&'static str> {
        let changed = self.branches.iter().any(|branch| !branch.info.changes.is_empty());
        let many = self.branches.len() > self.asked.branches().len();
        match (changed, many) {
            (true, true) => Some(lab::link_lacks_all()),
            (true, false) => Some(lab::link_lacks_changes()),
            (false, true) => Some(lab::link_lacks_branches()),
            (false, false) => None,
        }
    }
}

/// What a branch is called, by what sets it apart from another one of the same method, whose step it began at.
fn beside(parent: &Branch, step: u64, branch: &Branch) -> String {
    let then = changed(&parent.coefficients(step), &branch.first);
    // What its parent had then and changed since sets it apart too.
    let since = || changed(&parent.info.settings.coefficients, &branch.first);
    let what = if then.is_empty() { since() } else { then };
    let (number, k) = (branch.info.id + 1, branch.info.settings.top_k);
    match (what.is_empty(), k == parent.info.settings.top_k) {
        (true, true) => lab::branch_copy(number, step),
        (true, false) => lab::branch_changed(number, step, lab::change("k", k)),
        (false, _) => lab::branch_changed(number, step, what),
    }
}

/// The coefficients that differ, in words.
pub fn changed(old: &Coefficients, new: &Coefficients) -> String {
    let [old, new] = [old, new].map(|coefficients| Settings { coefficients: *coefficients, ..Settings::default() });
    let rows = TABLE.iter().filter_map(|row| Some((row.coefficient?, row.get(&old), row.get(&new))));
    let differing = rows.filter(|(_, old, new)| old != new).map(|(name, _, new)| lab::change(name(), new));
    differing.collect::<Vec<_>>().join(", ")
}
