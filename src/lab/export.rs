//! A run as files: a checkpoint in Hugging Face's layout that the explorer opens like any shipped model, what is needed to
//! go on from it exactly, the curves, and recorded routing.

use super::archive::{self, File};
use super::branch::{Head, config};
use super::curves::{read_evaluations, read_steps};
use super::data::Data;
use super::error::LabError;
use super::experiment::Experiment;
use super::history::{EVALUATIONS, STEPS};
use super::protocol::{BranchInfo, LabEvent, LabFault, OwnText};
use super::record::{BranchId, Evaluation, StepRecord};
use super::settings::{Settings, TextChoice};
use crate::engine::OpenDevice;
use crate::model::Cost;
use crate::model::checkpoint::{self, Precision};
use crate::protocol::decode;
use crate::trace::{Trace, to_json};
use crate::train::moments;
use burn::module::Module as _;
use serde::{Deserialize, Serialize};

/// Recorded routings in an export, at most.
const TRACES: usize = 16;
/// The layout of `run.json`.
const SCHEMA: &str = "moescope.run/1";

/// `run.json`: what the run is and how far its checkpoint has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct RunFile {
    schema: String,
    /// The branch that the checkpoint is of.
    branch: BranchId,
    /// The link that starts the branch's run anew.
    link: String,
    /// The sentence that is shown.
    probe: String,
    /// The name and whole length of the visitor's text, whose beginning is `text.txt`; both empty without one.
    text: (String, u64),
    /// All branches, for the curves.
    branches: Vec<BranchFile>,
}

/// A branch in `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct BranchFile {
    id: BranchId,
    /// The branch that it begins as, and after how many steps; both 0 if it begins on its own.
    parent: (BranchId, u64),
    step: u64,
    /// With the coefficients that hold at `step`, as in a link.
    settings: String,
    /// From which step on other settings hold, and which.
    changes: Vec<(u64, String)>,
}

impl BranchFile {
    fn of(info: &BranchInfo) -> Self {
        let BranchInfo { id, parent, step, settings, changes } = info;
        let changed = |coefficients| Settings { coefficients, ..settings.clone() }.to_text();
        Self {
            id: *id,
            parent: parent.unwrap_or_default(),
            step: *step,
            settings: settings.to_text(),
            changes: changes.iter().map(|&(from, coefficients)| (from, changed(coefficients))).collect(),
        }
    }
}

/// `card.json`: what the explorer says about the model.
#[derive(Serialize)]
struct Card<'a> {
    name: &'a str,
    summary: String,
    parameters: usize,
    active_parameters: f64,
    cost: &'a Cost,
    weights: &'a str,
}

impl Experiment {
    /// A branch's model as the files of a folder that the engine loads.
    ///
    /// # Errors
    /// If the weights cannot be read from the device.
    pub async fn checkpoint(&self, id: BranchId, precision: Precision) -> Result<Vec<File>, LabError> {
        let branch = self.branch(id)?;
        let config = config(&branch.settings_at(branch.head.step), &self.data);
        let cost = Cost::of(&config);
        let name = self.name(id)?;
        let card = Card {
            name: &name,
            summary: format!(
                "{}, trained in the lab for {} steps with seed {}",
                branch.settings.method.title(),
                branch.head.step,
                branch.settings.seed
            ),
            parameters: cost.parameters,
            active_parameters: cost.active_parameters,
            cost: &cost,
            weights: if precision == Precision::Half { "16-bit floats" } else { "32-bit floats" },
        };
        Ok(vec![
            ("config.json".to_owned(), config.to_json()?.into_bytes()),
            ("tokenizer.json".to_owned(), self.data.tokenizer.to_json().into_bytes()),
            ("card.json".to_owned(), json(&card)?),
            ("model.safetensors".to_owned(), checkpoint::save_async(&branch.head.model, precision).await?),
        ])
    }

    /// A name for a branch's checkpoint.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn name(&self, id: BranchId) -> Result<String, LabError> {
        let branch = self.branch(id)?;
        Ok(format!("{}-seed-{}-step-{}", branch.settings.method.name(), branch.settings.seed, branch.head.step))
    }

    /// The run as one archive, with recorded routing too or only with curves and what is needed to go on.
    ///
    /// # Errors
    /// If the weights cannot be read from the device.
    pub async fn export(&self, id: BranchId, traces: bool) -> Result<Vec<u8>, LabError> {
        let branch = self.branch(id)?;
        let mut files = self.checkpoint(id, Precision::Single).await?;
        files.push(("moments.safetensors".to_owned(), moments::to_bytes(&branch.head.moments).await?));
        let run = RunFile {
            schema: SCHEMA.to_owned(),
            branch: id,
            link: branch.settings.to_link(),
            probe: self.probe.clone(),
            text: self.data.own.as_ref().map(|own| (own.name.clone(), own.total)).unwrap_or_default(),
            branches: self.infos().iter().map(BranchFile::of).collect(),
        };
        files.push(("run.json".to_owned(), json(&run)?));
        if let Some(own) = &self.data.own {
            files.push(("text.txt".to_owned(), own.bytes.clone()));
        }
        let (mut steps, mut evaluations) = (STEPS.to_owned(), EVALUATIONS.to_owned());
        for history in self.histories.values() {
            history.write_steps(&mut steps);
            history.write_evaluations(&mut evaluations);
        }
        files.push(("metrics.csv".to_owned(), steps.into_bytes()));
        files.push(("evaluations.csv".to_owned(), evaluations.into_bytes()));
        if traces {
            let frames: Vec<(u64, &Vec<u8>)> = self.frames.of(id).collect();
            let every = frames.len().div_ceil(TRACES).max(1);
            for (step, bytes) in frames.iter().rev().step_by(every) {
                let trace: Trace = decode(bytes).map_err(|error| LabError::new(LabFault::File, error.to_string()))?;
                let text = to_json(&trace).map_err(|error| LabError::new(LabFault::File, error.to_string()))?;
                files.push((format!("traces/step-{step:06}.json"), text.into_bytes()));
            }
        }
        Ok(archive::pack(&files))
    }

    /// The run in an archive that [`Self::export`] made, as it was then.
    ///
    /// # Errors
    /// If the archive is not whole, or is not a run of this version.
    pub async fn import(file: &[u8], device: OpenDevice) -> Result<Self, LabError> {
        let wrong = |what: String| LabError::new(LabFault::File, format!("The file cannot be opened: {what}."));
        let files = archive::unpack(file).map_err(wrong)?;
        let find = |name: &str| {
            let found = files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice());
            found.ok_or_else(|| wrong(format!("it holds no {name}, so it is no run of the training lab")))
        };
        let run: RunFile =
            serde_json::from_slice(find("run.json")?).map_err(|error| wrong(format!("run.json: {error}")))?;
        if run.schema != SCHEMA {
            return Err(wrong(format!("run.json has the layout {}, not {SCHEMA}", run.schema)));
        }
        let branch = run.branches.iter().find(|branch| branch.id == run.branch);
        let branch = branch.ok_or_else(|| wrong("run.json does not tell of the checkpoint's branch".to_owned()))?;
        let coefficients = |text: &String| Settings::from_link(text).coefficients;
        // As it began; what holds now is the last of its changes.
        let settings = Settings { coefficients: coefficients(&run.link), ..Settings::from_link(&branch.settings) };
        let step = branch.step;
        let changes = branch.changes.iter().map(|(from, text)| (*from, coefficients(text))).collect();
        let curve = |name: &str| find(name).map(|bytes| String::from_utf8_lossy(bytes));
        let steps = read_steps(&curve("metrics.csv")?).map_err(wrong)?;
        let evaluations = read_evaluations(&curve("evaluations.csv")?).map_err(wrong)?;
        let way = lineage(&run.branches, branch);
        let text = match (settings.text, run.text) {
            (TextChoice::Own, (name, total)) => Some(OwnText { name, total, bytes: find("text.txt")?.to_vec() }),
            _ => None,
        };
        settings.validate()?;
        let data = Data::read(&settings, text)?;
        let tokenizer = data.tokenizer.to_json();
        if tokenizer.as_bytes() != find("tokenizer.json")? {
            return Err(wrong(
                "its tokenizer is not the one that its text gives, so it cannot be trained on".to_owned(),
            ));
        }
        let shape = config(&settings, &data);
        let model = checkpoint::load(&shape, find("model.safetensors")?, &device.device)?.train();
        let moments = moments::from_bytes(find("moments.safetensors")?, &device.device)?;
        let mut experiment = Self::empty(data, device, &run.probe);
        experiment.check_device(&settings)?;
        let id = experiment.add(settings, None, Some(Head { model, moments, step }))?;
        if let Some(branch) = experiment.branches.iter_mut().find(|branch| branch.id == id) {
            // Nothing before this step can be gone back to, so it begins here.
            branch.parent = (step > 0).then_some((id, step));
            branch.changes = changes;
        }
        let history = experiment.histories.entry(id).or_default();
        for &(own, from, to) in &way {
            let here = |branch: BranchId, step: u64| branch == own && (from..=to).contains(&step);
            for record in steps.iter().filter(|record| here(record.branch, record.step)) {
                history.push(StepRecord { branch: id, ..record.clone() });
            }
            for evaluation in evaluations.iter().filter(|evaluation| here(evaluation.branch, evaluation.step)) {
                history.evaluated(Evaluation { branch: id, ..evaluation.clone() });
            }
        }
        experiment.others = Some((run.branches.len() - 1) as u32);
        experiment.keep(id, true).await?;
        Ok(experiment)
    }

    /// What the page must be told of a run that was opened from a file; `None` for one that began here.
    pub(super) fn recalled(&self) -> Option<LabEvent> {
        let others = self.others?;
        let history = self.histories.values().next()?;
        Some(LabEvent::Recalled {
            own: self.data.own.clone(),
            steps: history.steps().to_vec(),
            evaluations: history.evaluations().to_vec(),
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

fn json(value: &impl Serialize) -> Result<Vec<u8>, LabError> {
    serde_json::to_vec(value)
        .map_err(|error| LabError::new(LabFault::File, format!("The export cannot be written: {error}")))
}
