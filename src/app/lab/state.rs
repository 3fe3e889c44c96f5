//! The lab's state: the settings that are being chosen, the run with its branches, and what is looked at.
//!
//! It changes in [`super::reduce`] only, which also says what the trainer must be asked; so everything here is tested without
//! a browser. Curves are thinned as they grow ([`crate::run::history::History`]), so a page that trains overnight holds no more than an hour's.

use super::run::{Branch, Probe, ProbeSample, Run};
use crate::app::notice::{Notice, Tone, Topic};
use crate::messages::lab;
use crate::protocol::{DeviceChoice, DeviceReport, FileBytes};
use crate::run::protocol::{LabTask, OwnText};
use crate::run::record::BranchId;
use crate::run::{Memory, Settings, SettingsError, TextChoice, bounds};
use crate::scene::lab::RunView;
use std::rc::Rc;

/// What is chosen for who comes without a link.
const FIRST: &str = "preset~collapse";

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

/// What the trainer is asked for once it can answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pending {
    /// Nothing.
    #[default]
    Nothing,
    /// A new run.
    Start(Making),
    /// The run that was there before the trainer stopped.
    Restore,
    /// A file.
    Import(FileBytes),
}

/// What a new run does at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// It waits.
    Wait,
    /// One step.
    Step,
    /// It trains.
    Train,
}

/// A run that is being made.
#[derive(Clone, Debug, PartialEq)]
pub struct Making {
    /// What it was asked for with.
    pub settings: Settings,
    /// The visitor's text, if it reads that.
    pub own: Option<OwnText>,
    /// What it does at once.
    pub begin: Begin,
    /// What is said when it is there.
    pub said: Option<String>,
}

/// A run that an earlier visit left in the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRun {
    /// Its method and how far it came.
    pub title: String,
    /// All that is needed to go on.
    pub file: Rc<Vec<u8>>,
    /// Where the browser keeps it; empty for one that it is to keep.
    pub place: String,
}

/// Where the conversation with the trainer stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrainerWire {
    /// Whether there is a worker that nobody has heard the end of.
    pub alive: bool,
    /// Whether the worker of now said anything: one that never did may not even be here.
    pub heard: bool,
    /// How often the trainer ended without a run between.
    pub crashes: u32,
}

/// Everything on the screen.
#[derive(Debug, Default)]
pub struct TrainState {
    /// Settings as they are being chosen.
    pub draft: Settings,
    /// What they were when they were last chosen all at once: by a preset, a link or a run.
    pub base: Settings,
    /// What was written for a setting and cannot be read as one, by its name.
    pub typos: Vec<(&'static str, String)>,
    /// Experts of a token as they were chosen where a choice was; a method that imposes another number leaves it alone.
    pub k: Option<usize>,
    /// The visitor's text.
    pub own: Option<OwnText>,
    /// The wanted device.
    pub device: DeviceChoice,
    /// The device that the trainer was started for.
    pub started_for: DeviceChoice,
    /// Whether another build of the trainer takes this one's place as soon as the run is saved.
    pub moving: bool,
    /// The trainer.
    pub trainer: Trainer,
    /// Where the conversation with it stands.
    pub wire: TrainerWire,
    /// A long piece of work: what, how far, of how much.
    pub progress: Option<(LabTask, u64, u64)>,
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
    /// The newest step that the screen shows while the newest is followed: words and curves are painted one after the
    /// other, and both tell of this one.
    pub shown: Option<u64>,
    /// The step of a branch that is being planned.
    pub branching: Option<u64>,
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
    /// The run that the trainer is making.
    pub making: Option<Making>,
    /// All that is needed to go on if the trainer dies.
    pub saved: Option<Rc<Vec<u8>>>,
    /// A run of an earlier visit, to go on with.
    pub kept: Option<StoredRun>,
    /// Whether steps were done that no exported file holds.
    pub unsaved: bool,
    /// Whether forgetting all branches was asked for and waits for an answer.
    pub sure: bool,
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
    /// Chips for every token of the probe, not only for the first ones.
    pub whole: bool,
    /// Steps that the trainer told, of all branches and runs.
    pub done: u64,
    /// Steps a second, all branches together, while it trains.
    pub rate: Option<f32>,
    /// Settings are shown as a sheet, on a phone.
    pub sheet: bool,
    /// What the lab has to say.
    pub notices: Vec<Notice>,
}

impl TrainState {
    /// As a link asks for it.
    pub fn from_link(link: &str, device: DeviceChoice) -> Self {
        let draft = Settings::from_link(if link.is_empty() { FIRST } else { link });
        let mut state = Self { base: draft.clone(), draft, device, ..Self::default() };
        state.say_unread(link);
        state
    }

    /// The text for a link: the run's settings, or those being chosen.
    pub fn link(&self) -> String {
        self.run.as_ref().map_or(&self.draft, |run| &run.asked).to_link()
    }

    /// What is wrong with the settings.
    pub fn error(&self) -> Option<SettingsError> {
        if let Some((name, value)) = self.typos.first() {
            return Some(bounds::misread(name, value));
        }
        if self.draft.text == TextChoice::Own && self.own.is_none() {
            return Some(SettingsError::NoFile);
        }
        self.draft.validate().err()
    }

    /// What the settings need; nothing while one of them is not written, or cannot be.
    pub fn memory(&self) -> Option<Memory> {
        self.draft.memory().ok().filter(|_| self.typos.is_empty())
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
        let newest = self.newest();
        self.at.unwrap_or_else(|| self.shown.unwrap_or(newest).min(newest))
    }

    /// What a new branch would do otherwise than the branch that it leaves, in words; nothing if it were a copy.
    pub fn otherwise(&self) -> Option<String> {
        let (run, step) = (self.run.as_ref()?, self.branching.unwrap_or_else(|| self.step()));
        let parent = run.branch(run.owner(self.selected, step))?;
        let (old, new) = (&parent.info.settings, &self.draft);
        let method = (old.method != new.method).then(|| new.method.dated());
        let k = (old.method == new.method && old.top_k != new.top_k).then(|| lab::change("k", new.top_k));
        let coefficients = super::run::changed(&parent.coefficients(step), &new.coefficients);
        let all = method.into_iter().chain(k).chain(Some(coefficients).filter(|words| !words.is_empty()));
        Some(all.collect::<Vec<_>>().join(", ")).filter(|words| !words.is_empty())
    }

    /// Why no run can begin with the chosen settings.
    pub fn blocked(&self) -> Option<String> {
        self.error().map(|error| match error {
            SettingsError::Memory { .. } => error.to_string(),
            SettingsError::NoFile => lab::first_a_file().to_owned(),
            _ => format!("{} {error}", lab::first_mend()),
        })
    }

    /// What the screen shows, for the name of a file: the selected branch's method, seed and step.
    pub fn subject(&self) -> Vec<String> {
        let Some(branch) = self.branch() else { return Vec::new() };
        let settings = &branch.info.settings;
        vec![settings.method.id.to_owned(), format!("seed-{}-step-{}", settings.seed, self.step())]
    }

    /// The same for the probe, which may be of the nearest step that was kept.
    pub fn probe_subject(&self) -> Vec<String> {
        let of = |probe: &Probe| {
            let settings = &self.run.as_ref()?.branch(probe.branch)?.info.settings;
            Some(vec![settings.method.id.to_owned(), format!("seed-{}-step-{}", settings.seed, probe.step)])
        };
        self.probe().and_then(of).unwrap_or_default()
    }

    /// What must be over before anything else is trained or begun: a branch being made or a run being opened, which a
    /// step or a run that came between would spoil.
    pub fn waits(&self) -> Option<String> {
        let opening = matches!(self.pending, Pending::Import(_)).then_some(LabTask::ReadingFile);
        let busy = self.progress.as_ref().filter(|_| self.making.is_none()).map(|(task, ..)| *task);
        opening.or(busy).map(LabTask::first)
    }

    /// Whether it trains.
    pub fn trains(&self) -> bool {
        !self.running.is_empty()
    }

    /// Whether the chosen settings differ from the selected branch's in what cannot change while it runs.
    pub fn needs_new_run(&self) -> bool {
        self.run.as_ref().is_some_and(|run| {
            let coefficients = self.draft.coefficients;
            let old = self.branch().map_or(&run.asked, |branch| &branch.info.settings);
            let asked = Settings { coefficients, method: old.method, top_k: old.top_k, ..run.asked.clone() };
            asked.fitted() != Settings { coefficients, ..self.draft.clone() } || self.other_text()
        })
    }

    /// Whether a file was chosen that is not the one that the run reads.
    fn other_text(&self) -> bool {
        let read =
            |run: &Run| run.asked.text == TextChoice::Own && self.draft.text == TextChoice::Own && run.own != self.own;
        self.run.as_ref().is_some_and(read)
    }

    /// Whether the chosen settings can be a new branch: the method and the coefficients may differ, the shape not.
    pub fn can_fork(&self) -> bool {
        let same = |run: &Run| {
            let Settings { method, against: _, top_k, coefficients, .. } = self.draft.clone();
            let wanted = Settings { method, against: None, top_k, coefficients, ..run.asked.clone() };
            wanted == Settings { against: None, ..self.draft.clone() } && !self.other_text()
        };
        self.error().is_none() && self.run.as_ref().is_some_and(same)
    }

    /// The learning rate to go on with where a loss was no number: a tenth, or what a run begins with if that is less.
    pub fn lower(&self) -> f64 {
        let usual = Settings::default().coefficients.learning_rate;
        let rate = |branch: &super::run::Branch| branch.info.settings.coefficients.learning_rate;
        let broken = self.offer.and_then(|(id, _)| self.run.as_ref()?.branch(id)).map_or(usual, rate);
        let lower = usual.min(broken / 10.0);
        // Three digits, as somebody would write it.
        format!("{lower:.2e}").parse().unwrap_or(lower)
    }

    /// Coefficients that were chosen and do not hold yet on the selected branch.
    pub fn staged(&self) -> bool {
        self.branch().is_some_and(|branch| branch.info.settings.coefficients != self.draft.coefficients)
    }

    /// What is drawn.
    pub fn look(&self) -> RunView<'_> {
        let Some(run) = &self.run else { return RunView::default() };
        let ids: Vec<BranchId> = run.branches.iter().map(|branch| branch.info.id).collect();
        let settings = self.branch().map_or(&run.settings, |branch| &branch.info.settings);
        RunView {
            selected: ids.iter().position(|&id| id == self.selected).unwrap_or(0),
            curves: ids.iter().map(|&id| run.curve(id)).collect(),
            step: self.step(),
            newest: run.branches.iter().map(|branch| branch.info.step).max().unwrap_or(0),
            layers: settings.layers,
            experts: settings.method.stacked(settings.experts),
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
    pub fn sample(&self) -> Option<&ProbeSample> {
        let (run, step) = (self.run.as_ref()?, self.step());
        run.lineage(self.selected)
            .iter()
            .rev()
            .find_map(|(branch, end)| branch.samples.iter().rev().find(|sample| sample.step <= step.min(*end)))
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
