//! A run as files: a checkpoint in Hugging Face's layout that the explorer opens like any shipped model, what is needed to
//! go on from it exactly, the curves, and recorded routing.

use super::branch::config;
use super::experiment::Experiment;
use crate::model::Cost;
use crate::model::checkpoint::{self, Precision};
use crate::protocol::decode;
use crate::run::archive;
use crate::run::archive::File;
use crate::run::fault::{LabFault, RunFileFault};
use crate::run::history::{EVALUATIONS, STEPS};
use crate::run::memory::parameters;
use crate::run::protocol::BranchInfo;
use crate::run::record::BranchId;
use crate::run::settings::Settings;
use crate::trace::{Trace, to_json};
use crate::train::moments;
use serde::{Deserialize, Serialize};

/// Recorded routings of a branch in an export, at most.
const TRACES: usize = 16;
/// Most bytes of weights and moments in an export; where all branches together have more, it holds one branch's.
const EXPORTED: u64 = 256 << 20;
/// The same in what the page keeps while the run goes on, which is made again every few seconds.
const SAVED: u64 = 32 << 20;
/// The file of a branch's moments.
pub(super) const MOMENTS: &str = "moments.safetensors";
/// The layout of `run.json`.
pub(super) const SCHEMA: &str = "moescope.run/1";

/// `run.json`: what the run is and how far its checkpoint has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RunFile {
    pub schema: String,
    /// The branch that the checkpoint is of.
    pub branch: BranchId,
    /// The link that starts the run anew, as its first branch began; what came after is in `branches`.
    pub link: String,
    /// The sentence that is shown.
    pub probe: String,
    /// The name and whole length of the visitor's text, whose beginning is `text.txt`; both empty without one.
    pub text: (String, u64),
    /// All branches, for the curves.
    pub branches: Vec<BranchFile>,
}

/// A branch in `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BranchFile {
    pub id: BranchId,
    /// The branch that it begins as, and after how many steps; both 0 if it begins on its own.
    pub parent: (BranchId, u64),
    pub step: u64,
    /// With the coefficients that hold at `step`, as in a link.
    pub settings: String,
    /// With the coefficients that it began with; empty in files of before branches were kept.
    #[serde(default)]
    pub began: String,
    /// From which step on other settings hold, and which.
    pub changes: Vec<(u64, String)>,
}

impl BranchFile {
    fn of(info: &BranchInfo) -> Self {
        let BranchInfo { id, parent, step, settings, first, changes } = info;
        let changed = |coefficients| Settings { coefficients, ..settings.clone() }.to_text();
        Self {
            id: *id,
            parent: parent.unwrap_or_default(),
            step: *step,
            settings: settings.to_text(),
            began: changed(*first),
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
    pub async fn checkpoint(&self, id: BranchId, precision: Precision) -> Result<Vec<File>, LabFault> {
        let branch = self.branch(id)?;
        let config = config(&branch.settings_at(branch.head.step), &self.data)?;
        let cost = Cost::of(&config);
        let name = self.name(id)?;
        let card = Card {
            name: &name,
            summary: format!(
                "{}, trained in the lab for {} steps with seed {}",
                branch.settings.method.dated(),
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
    pub fn name(&self, id: BranchId) -> Result<String, LabFault> {
        let branch = self.branch(id)?;
        Ok(format!("{}-seed-{}-step-{}", branch.settings.method.id, branch.settings.seed, branch.head.step))
    }

    /// The run as one archive, with recorded routing too or only with curves and what is needed to go on. Beside a branch's
    /// own files stand, in folders, those of the others, unless all are too large together; with how many are left out.
    ///
    /// # Errors
    /// If the weights cannot be read from the device.
    pub async fn export(&self, id: BranchId, traces: bool) -> Result<(Vec<u8>, u32), LabFault> {
        let mut files = self.model_files(id).await?;
        let branches = self.infos();
        let run = RunFile {
            schema: SCHEMA.to_owned(),
            branch: id,
            link: BranchInfo::begun(&branches).to_link(),
            probe: self.probe.clone(),
            text: self.data.own.as_ref().map(|own| (own.name.clone(), own.total)).unwrap_or_default(),
            branches: branches.iter().map(BranchFile::of).collect(),
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
            files.extend(self.traces(id)?);
        }
        let others: Vec<BranchId> = self.branches.iter().map(|branch| branch.id).filter(|other| *other != id).collect();
        let weights: u64 = self.branches.iter().map(|branch| 4 * 3 * parameters(&branch.settings)).sum();
        if weights > if traces { EXPORTED } else { SAVED } {
            return Ok((archive::pack(&files), others.len() as u32));
        }
        for other in others {
            let mut own = self.model_files(other).await?;
            if traces {
                own.extend(self.traces(other)?);
            }
            files.extend(own.into_iter().map(|(name, bytes)| (folder(other) + &name, bytes)));
        }
        Ok((archive::pack(&files), 0))
    }

    /// Some of a branch's recorded routing, the newest among it.
    fn traces(&self, id: BranchId) -> Result<Vec<File>, LabFault> {
        let failed =
            |error: &dyn std::fmt::Display| LabFault::File(RunFileFault::NotWritten { detail: error.to_string() });
        let frames: Vec<(u64, &Vec<u8>)> = self.frames.of(id).collect();
        let every = frames.len().div_ceil(TRACES).max(1);
        let file = |(step, bytes): &(u64, &Vec<u8>)| {
            let trace: Trace = decode(bytes).map_err(|error| failed(&error))?;
            let text = to_json(&trace).map_err(|error| failed(&error))?;
            Ok((format!("traces/step-{step:06}.json"), text.into_bytes()))
        };
        frames.iter().rev().step_by(every).map(file).collect()
    }

    /// A branch's checkpoint, and the moments that it goes on with.
    async fn model_files(&self, id: BranchId) -> Result<Vec<File>, LabFault> {
        let mut files = self.checkpoint(id, Precision::Single).await?;
        files.push((MOMENTS.to_owned(), moments::to_bytes(&self.branch(id)?.head.moments).await?));
        Ok(files)
    }
}

/// Where the files of a branch are that the export is not of.
pub(super) fn folder(id: BranchId) -> String {
    format!("branches/{id}/")
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, LabFault> {
    serde_json::to_vec(value).map_err(|error| LabFault::File(RunFileFault::NotWritten { detail: error.to_string() }))
}
