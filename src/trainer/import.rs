//! A run from the files that [`super::export`] wrote: every branch whose weights are there, as it was then. Branches keep
//! their numbers, and hang together as they did.

use super::branch::{Head, config};
use super::curves::{read_evaluations, read_steps};
use super::data::Data;
use super::experiment::Experiment;
use super::export::{BranchFile, MOMENTS, RunFile, SCHEMA, folder};
use crate::device::OpenDevice;
use crate::model::checkpoint;
use crate::run::Needs;
use crate::run::archive;
use crate::run::archive::File;
use crate::run::fault::{LabFault, RunFileFault};
use crate::run::memory::Memory;
use crate::run::protocol::{LabEvent, MAX_BRANCHES, OwnText};
use crate::run::record::{BranchId, Evaluation, StepRecord};
use crate::run::settings::{Coefficients, Settings, TextChoice};
use crate::train::moments;
use burn::module::Module as _;

/// Largest number of a branch: more than anybody begins.
const MOST: BranchId = 1 << 20;

fn wrong(fault: RunFileFault) -> LabFault {
    LabFault::File(fault)
}

fn coefficients(text: &str) -> Coefficients {
    Settings::from_link(text).coefficients
}

/// Where a branch's files are.
fn place(run: &RunFile, branch: BranchId) -> String {
    if branch == run.branch { String::new() } else { folder(branch) }
}

/// A file of the archive.
fn find<'a>(files: &'a [File], name: &str) -> Result<&'a [u8], LabFault> {
    let found = files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
    found.ok_or_else(|| wrong(RunFileFault::Lacks { name: name.to_owned() }))
}

impl RunFile {
    /// # Errors
    /// If it is of another version, or contradicts itself.
    fn read(files: &[File]) -> Result<Self, LabFault> {
        let mut run: Self = serde_json::from_slice(find(files, "run.json")?)
            .map_err(|error| wrong(RunFileFault::NotJson { detail: error.to_string() }))?;
        if run.schema != SCHEMA {
            return Err(wrong(RunFileFault::Layout { layout: run.schema, known: SCHEMA.to_owned() }));
        }
        run.branches.sort_by_key(|branch| branch.id);
        if run.branches.iter().all(|branch| branch.id != run.branch) {
            return Err(wrong(RunFileFault::NoBranch));
        }
        if run.branches.windows(2).any(|pair| matches!(pair, [a, b] if a.id == b.id))
            || run.branches.len() > MAX_BRANCHES
            || run.branches.iter().any(|branch| branch.id > MOST)
        {
            return Err(wrong(RunFileFault::Branches { most: MAX_BRANCHES }));
        }
        Ok(run)
    }

    /// A branch's settings as it began; what holds now is the last of its changes.
    fn settings(&self, branch: &BranchFile) -> Settings {
        let began = if branch.began.is_empty() { &self.link } else { &branch.began };
        Settings { coefficients: coefficients(began), ..Settings::from_link(&branch.settings) }
    }
}

impl Experiment {
    /// The run in an archive that [`Self::export`] made, as it was then.
    ///
    /// # Errors
    /// If the archive is not whole, or is not a run of this version.
    pub async fn import(file: &[u8], device: OpenDevice) -> Result<Self, LabFault> {
        let files = archive::unpack(file).map_err(|fault| wrong(RunFileFault::Archive(fault)))?;
        let run = RunFile::read(&files)?;
        let there = |branch: &&BranchFile| {
            branch.id == run.branch || files.iter().any(|(name, _)| *name == format!("{}{MOMENTS}", folder(branch.id)))
        };
        let kept: Vec<&BranchFile> = run.branches.iter().filter(there).collect();
        let curve = |name: &str| find(&files, name).map(|bytes| String::from_utf8_lossy(bytes));
        let steps = read_steps(&curve("metrics.csv")?).map_err(wrong)?;
        let evaluations = read_evaluations(&curve("evaluations.csv")?).map_err(wrong)?;
        let first = kept.first().map(|branch| run.settings(branch)).unwrap_or_default();
        let text = match (first.text, &run.text) {
            (TextChoice::Own, (name, total)) => {
                Some(OwnText { name: name.clone(), total: *total, bytes: find(&files, "text.txt")?.to_vec() })
            }
            _ => None,
        };
        first.validate()?;
        let all: Vec<Settings> = kept.iter().map(|branch| run.settings(branch)).collect();
        let fits = Memory::together(&all).check(Needs::File(all.len()));
        fits.map_err(|error| wrong(RunFileFault::TooLarge(error)))?;
        let data = Data::read(&first, text)?;
        if data.tokenizer.to_json().as_bytes() != find(&files, "tokenizer.json")? {
            return Err(wrong(RunFileFault::OtherTokenizer));
        }
        let mut experiment = Self::empty(data, device, &run.probe);
        for branch in &kept {
            let settings = run.settings(branch);
            settings.validate()?;
            if (settings.text, settings.vocabulary) != (first.text, first.vocabulary) {
                return Err(wrong(RunFileFault::OtherTexts));
            }
            let from = place(&run, branch.id);
            experiment.open(&files, &from, branch, settings)?;
            let known = |id: BranchId| kept.iter().any(|other| other.id == id && id < branch.id);
            let (parent, fork) = branch.parent;
            let way = if fork > 0 && known(parent) {
                vec![(branch.id, fork, branch.step)]
            } else {
                lineage(&run.branches, branch)
            };
            if let Some(own) = experiment.branches.iter_mut().find(|own| own.id == branch.id) {
                // Nothing before this step can be gone back to, so what has no parent here begins here.
                let here = (branch.step > 0).then_some((branch.id, branch.step));
                own.parent = if fork > 0 && known(parent) { Some(branch.parent) } else { here };
                own.changes = branch.changes.iter().map(|(from, text)| (*from, coefficients(text))).collect();
            }
            experiment.remember(branch.id, &way, &steps, &evaluations);
            experiment.keep(branch.id, true).await?;
        }
        experiment.opened = Some((run.branch, (run.branches.len() - kept.len()) as u32));
        Ok(experiment)
    }

    /// A branch with the weights and moments in a folder of the archive.
    fn open(&mut self, files: &[File], from: &str, branch: &BranchFile, settings: Settings) -> Result<(), LabFault> {
        self.check_device(&settings)?;
        let shape = config(&settings, &self.data)?;
        let file = |name: &str| find(files, &format!("{from}{name}"));
        let model = checkpoint::load(&shape, file("model.safetensors")?, &self.device.device)?.train();
        let moments = moments::from_bytes(file(MOMENTS)?, &self.device.device)?;
        self.next = branch.id;
        self.add(settings, None, Some(Head { model, moments, step: branch.step }))?;
        Ok(())
    }

    /// The pieces of curves that a branch's way consists of.
    fn remember(
        &mut self,
        id: BranchId,
        way: &[(BranchId, u64, u64)],
        steps: &[StepRecord],
        evaluations: &[Evaluation],
    ) {
        let history = self.histories.entry(id).or_default();
        for &(own, from, to) in way {
            let here = |branch: BranchId, step: u64| branch == own && (from..=to).contains(&step);
            for record in steps.iter().filter(|record| here(record.branch, record.step)) {
                history.push(StepRecord { branch: id, ..record.clone() });
            }
            for evaluation in evaluations.iter().filter(|evaluation| here(evaluation.branch, evaluation.step)) {
                history.evaluated(Evaluation { branch: id, ..evaluation.clone() });
            }
        }
    }

    /// The steps that are kept of a branch's curve, oldest first; none if there is no such branch.
    pub fn steps(&self, id: BranchId) -> &[StepRecord] {
        self.histories.get(&id).map_or(&[], |history| history.steps())
    }

    /// What the page must be told of a run that was opened from a file; `None` for one that began here.
    pub(super) fn recalled(&self) -> Option<LabEvent> {
        let (selected, others) = self.opened?;
        let histories = || self.histories.values();
        Some(LabEvent::Recalled {
            own: self.data.own.clone(),
            selected,
            steps: histories().flat_map(|history| history.steps().to_vec()).collect(),
            evaluations: histories().flat_map(|history| history.evaluations().to_vec()).collect(),
            others,
        })
    }
}

/// A branch and its ancestors, eldest first: whose curve counts from which step to which.
fn lineage(branches: &[BranchFile], branch: &BranchFile) -> Vec<(BranchId, u64, u64)> {
    let (mut out, mut next, mut end) = (Vec::new(), Some(branch), branch.step);
    while let Some(branch) = next.filter(|_| out.len() < branches.len()) {
        let (parent, from) = branch.parent;
        // One that was opened from a file is its own parent, and holds all of its way.
        next = branches.iter().find(|other| other.id == parent && parent != branch.id && from > 0);
        out.push((branch.id, if next.is_some() { from + 1 } else { 0 }, end));
        end = end.min(from);
    }
    out.reverse();
    out
}
