//! The lab's state: the settings that are being chosen, the run with its branches, and what is looked at.
//!
//! It changes in [`super::reduce`] only, which also says what the trainer must be asked; so everything here is tested without
//! a browser. Curves are thinned as they grow ([`History`]), so a page that trains overnight holds no more than an hour's.

use crate::app::notice::{Notice, Tone, Topic};
use crate::lab::history::History;
use crate::lab::protocol::{BranchInfo, OwnText, TextInfo};
use crate::lab::record::{BranchId, Saturation, StepRecord};
use crate::lab::{Coefficients, Memory, Settings, SettingsError};
use crate::protocol::{DeviceChoice, DeviceReport};
use crate::scene::lab::{Curve, Look};
use crate::trace::Trace;
use std::rc::Rc;

/// What is chosen for who comes without a link.
const FIRST: &str = "preset~collapse";
/// Generated texts that are kept of a branch.
pub const SAMPLES: usize = 64;

/// How far the trainer is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Trainer {
    /// Nobody came here yet.
    #[default]
    Off,
    /// Its code is on its way, or it is being started again.
    Starting,
    /// It waits for its work.
    Ready(DeviceReport),
    /// It cannot be had; why.
    Failed(String),
}

/// A generated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
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
    pub trace: Rc<Trace>,
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
    pub samples: Vec<Sample>,
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
    /// What it needs.
    pub memory: Memory,
    /// The sentence that is shown.
    pub probe: String,
    /// Its branches; at least one.
    pub branches: Vec<Branch>,
    /// Bytes of recorded routing and weights in the trainer, and how many there may be.
    pub recorded: (u64, u64),
}

/// What the trainer is asked for once it can answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pending {
    /// Nothing.
    #[default]
    Nothing,
    /// A new run, and whether it begins at once.
    Start(bool),
    /// The run that was there before the trainer stopped.
    Restore,
    /// A file.
    Import(Vec<u8>),
}

/// Everything on the screen.
#[derive(Debug, Default)]
pub struct State {
    /// Settings as they are being chosen.
    pub draft: Settings,
    /// The visitor's text.
    pub own: Option<OwnText>,
    /// The wanted device.
    pub device: DeviceChoice,
    /// The trainer.
    pub trainer: Trainer,
    /// A long piece of work: what, how far, of how much.
    pub progress: Option<(String, u64, u64)>,
    /// The run.
    pub run: Option<Run>,
    /// Branches that are being trained.
    pub running: Vec<BranchId>,
    /// Whether only the selected branch is trained.
    pub only: bool,
    /// Most steps a second.
    pub speed: Option<f32>,
    /// The selected branch.
    pub selected: BranchId,
    /// The step that is looked at; the newest if none.
    pub at: Option<u64>,
    /// The probe's routing at `at`, when it was asked for.
    pub looked: Option<Probe>,
    /// The newest question about the past.
    pub ticket: u64,
    /// The ticket of the newest sentence; every branch answers it.
    pub probe_ticket: u64,
    /// Where a branch can be gone back to after its loss was no number.
    pub offer: Option<(BranchId, u64)>,
    /// Whether a choice was ever dropped in this run.
    pub drops: bool,
    /// What waits for the trainer.
    pub pending: Pending,
    /// The settings of the run that the trainer is making, and whether it begins at once.
    pub making: Option<(Settings, bool)>,
    /// All that is needed to go on if the trainer dies.
    pub saved: Option<Rc<Vec<u8>>>,
    /// Whether the run comes back after the trainer died or with another device: its curves stay.
    pub restoring: bool,
    /// Branches that were being trained before something interrupted: a dead trainer, a hidden tab.
    pub interrupted: Vec<BranchId>,
    /// Whether training goes on while the tab is hidden.
    pub background: bool,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// The table instead of the curves.
    pub table: bool,
    /// The probe as a flow instead of chips.
    pub flow: bool,
    /// Settings are shown as a sheet, on a phone.
    pub sheet: bool,
    /// What the lab has to say.
    pub notices: Vec<Notice>,
}

impl Branch {
    /// A branch that has told nothing yet.
    pub fn new(info: BranchInfo) -> Self {
        let (history, frames, samples) = (History::default(), Vec::new(), Vec::new());
        let first = info.changes.first().map_or(info.settings.coefficients, |(_, coefficients)| *coefficients);
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

    /// Takes over the curve of a branch that it goes on as.
    pub fn inherit(&mut self, old: &Run, id: BranchId) {
        let (curve, step) = (old.curve(id), self.info.step);
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
        let method = branch.info.settings.method.title();
        match branch.parent().and_then(|(parent, step)| Some((self.branch(parent)?, step))) {
            Some((parent, step)) if parent.info.settings.method == branch.info.settings.method => {
                let what = changed(&parent.coefficients(step), &branch.first);
                let what = if what.is_empty() { "as before".to_owned() } else { what };
                format!("{number}: from step {step}, {what}")
            }
            Some((_, step)) => format!("{number}: from step {step}, {method}"),
            None => match branch.info.parent {
                Some((_, step)) if branch.history.steps().first().is_none_or(|first| first.step > step) => {
                    format!("{number}: {method}, opened at step {step}")
                }
                _ => format!("{number}: {method}"),
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
            curve.fork = branch.parent().map_or(0, |(_, step)| step);
        }
        curve
    }
}

/// The coefficients that differ, in words.
pub fn changed(old: &Coefficients, new: &Coefficients) -> String {
    let pairs = [
        ("learning rate", old.learning_rate, new.learning_rate),
        ("balance", old.balance, new.balance),
        ("z-loss", old.z, new.z),
        ("noise", old.noise, new.noise),
        ("capacity", old.capacity_factor, new.capacity_factor),
        ("bias speed", old.bias_speed, new.bias_speed),
    ];
    let differing = pairs.iter().filter(|(_, old, new)| old != new).map(|(name, _, new)| format!("{name} {new}"));
    differing.collect::<Vec<_>>().join(", ")
}

impl State {
    /// As a link asks for it.
    pub fn from_link(link: &str, device: DeviceChoice) -> Self {
        Self { draft: Settings::from_link(if link.is_empty() { FIRST } else { link }), device, ..Self::default() }
    }

    /// The text for a link: the run's settings, or those being chosen.
    pub fn link(&self) -> String {
        self.run.as_ref().map_or(&self.draft, |run| &run.asked).to_link()
    }

    /// What is wrong with the settings.
    pub fn error(&self) -> Option<SettingsError> {
        if self.draft.text == crate::lab::TextChoice::Own && self.own.is_none() {
            let message = "Choose a file: a link cannot hold a text of your own.".to_owned();
            return Some(SettingsError { name: "text", message });
        }
        self.draft.validate().err()
    }

    /// The selected branch.
    pub fn branch(&self) -> Option<&Branch> {
        self.run.as_ref()?.branch(self.selected)
    }

    /// The newest step of the selected branch.
    pub fn newest(&self) -> u64 {
        self.branch().map_or(0, |branch| branch.latest.as_ref().map_or(branch.info.step, |latest| latest.step))
    }

    /// The step that is looked at.
    pub fn step(&self) -> u64 {
        self.at.unwrap_or_else(|| self.newest())
    }

    /// Whether it trains.
    pub fn trains(&self) -> bool {
        !self.running.is_empty()
    }

    /// Whether the chosen settings differ from the selected branch's in what cannot change while it runs.
    pub fn needs_new_run(&self) -> bool {
        self.run.as_ref().is_some_and(|run| {
            let coefficients = self.draft.coefficients;
            let old = self.branch().map_or(run.asked.method, |branch| branch.info.settings.method);
            let asked = Settings { coefficients, method: old, ..run.asked.clone() };
            asked.fitted() != Settings { coefficients, ..self.draft.clone() }
        })
    }

    /// Whether the chosen settings can be a new branch: the method and the coefficients may differ, the shape not.
    pub fn can_fork(&self) -> bool {
        let same = |run: &Run| {
            let Settings { method, against: _, top_k, coefficients, .. } = self.draft.clone();
            let wanted = Settings { method, against: None, top_k, coefficients, ..run.asked.clone() };
            wanted == Settings { against: None, ..self.draft.clone() }
        };
        self.draft.validate().is_ok() && self.run.as_ref().is_some_and(same)
    }

    /// Coefficients that were chosen and do not hold yet on the selected branch.
    pub fn staged(&self) -> bool {
        self.branch().is_some_and(|branch| branch.info.settings.coefficients != self.draft.coefficients)
    }

    /// What is drawn.
    pub fn look(&self) -> Look<'_> {
        let Some(run) = &self.run else { return Look::default() };
        let ids: Vec<BranchId> = run.branches.iter().map(|branch| branch.info.id).collect();
        let settings = self.branch().map_or(&run.settings, |branch| &branch.info.settings);
        Look {
            selected: ids.iter().position(|&id| id == self.selected).unwrap_or(0),
            curves: ids.iter().map(|&id| run.curve(id)).collect(),
            step: self.step(),
            layers: settings.layers,
            experts: settings.experts,
            saturation: self.branch().and_then(|branch| branch.saturation.as_ref()),
            drops: self.drops,
        }
    }

    /// The probe's routing at the step that is looked at.
    pub fn probe(&self) -> Option<&Probe> {
        match self.at {
            Some(_) => self.looked.as_ref().or(self.branch()?.probe.as_ref()),
            None => {
                let run = self.run.as_ref()?;
                run.lineage(self.selected).iter().rev().find_map(|(branch, _)| branch.probe.as_ref())
            }
        }
    }

    /// The newest text that was generated until the step that is looked at.
    pub fn sample(&self) -> Option<&Sample> {
        let (run, step) = (self.run.as_ref()?, self.step());
        run.lineage(self.selected)
            .iter()
            .rev()
            .find_map(|(branch, end)| branch.samples.iter().rev().find(|sample| sample.step <= step.min(*end)))
    }

    /// Steps a second, all branches together, from the newest step's time.
    pub fn pace(&self) -> Option<f32> {
        let millis = self.branch()?.latest.as_ref()?.millis;
        (millis > 0.0).then(|| 1000.0 / millis)
    }

    /// Says something; the same thing is not said twice at a time.
    pub fn say(&mut self, topic: Topic, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.notices.retain(|notice| notice.text != text && (topic == Topic::Other || notice.topic != topic));
        let id = self.notices.iter().map(|notice| notice.id).max().unwrap_or(0) + 1;
        self.notices.push(Notice { id, topic, tone, text });
        let surplus = self.notices.len().saturating_sub(3);
        self.notices.drain(..surplus);
    }
}
