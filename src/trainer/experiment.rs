//! A run in memory: its text, its branches, and what was recorded of them.

use super::branch::{Head, Snapshot, TrainedBranch, config};
use super::data::Data;
use super::measure::{self, unchanged};
use crate::device::OpenDevice;
use crate::engine::Session;
use crate::engine::generate::{Generation, Step};
use crate::methods;
use crate::model::Input;
use crate::protocol::{Sampling, decode, encode};
use crate::router::Mode;
use crate::run::SettingsError;
use crate::run::fault::{Divergence, LabFault, LabRequestFault};
use crate::run::history::History;
use crate::run::memory::{FRAMES, SNAPSHOTS};
use crate::run::protocol::{BranchInfo, LabEvent, MAX_PROBE, OwnText};
use crate::run::record::{BranchId, Evaluation, Saturation, StepRecord};
use crate::run::settings::{Coefficients, Settings};
use crate::run::store::{BranchStore, shown};
use crate::trace::Trace;
use burn::tensor::{Int, Tensor, TensorData};
use std::collections::BTreeMap;

/// Choices on held-out text, by layer.
type Choices = Vec<Vec<Option<u16>>>;

/// A run.
pub struct Experiment {
    pub(super) device: OpenDevice,
    pub(super) data: Data,
    pub(super) branches: Vec<TrainedBranch>,
    pub(super) snapshots: BranchStore<Snapshot>,
    /// The probe's routing, as bytes.
    pub(super) frames: BranchStore<Vec<u8>>,
    pub(super) histories: BTreeMap<BranchId, History>,
    choices: BranchStore<Choices>,
    pub(super) probe: String,
    /// Of a run that was opened from a file: the branch that the file was saved for, and how many others it lacks.
    pub(super) opened: Option<(BranchId, u32)>,
    pub(super) next: BranchId,
}

impl Experiment {
    /// A new run, at step 0.
    ///
    /// # Errors
    /// If settings, memory or text forbid it.
    pub async fn start(
        settings: &Settings,
        text: Option<OwnText>,
        probe: &str,
        device: OpenDevice,
    ) -> Result<Self, LabFault> {
        settings.validate()?;
        let data = Data::read(settings, text)?;
        let settings = Settings { vocabulary: data.tokenizer.vocab_size(), ..settings.clone() };
        let mut run = Self::empty(data, device, probe);
        for settings in settings.branches() {
            run.check_device(&settings)?;
            run.add(settings, None, None)?;
        }
        Ok(run)
    }

    pub(super) fn empty(data: Data, device: OpenDevice, probe: &str) -> Self {
        let probe = if probe.is_empty() { data.probe.clone() } else { probe.to_owned() };
        Self {
            device,
            data,
            branches: Vec::new(),
            snapshots: BranchStore::new(SNAPSHOTS),
            frames: BranchStore::new(FRAMES),
            histories: BTreeMap::new(),
            choices: BranchStore::new(FRAMES / 2),
            probe,
            opened: None,
            next: 0,
        }
    }

    /// Adds a branch: at its beginning, or with a head of its own.
    pub(super) fn add(
        &mut self,
        settings: Settings,
        parent: Option<(BranchId, u64)>,
        head: Option<Head>,
    ) -> Result<BranchId, LabFault> {
        let head = match head {
            Some(head) => head,
            None => Head::begin(&settings, &self.data, &self.device)?,
        };
        let id = self.next;
        self.next += 1;
        self.branches.push(TrainedBranch { id, parent, settings, changes: Vec::new(), head });
        self.histories.insert(id, History::default());
        Ok(id)
    }

    pub(super) fn check_device(&self, settings: &Settings) -> Result<(), LabFault> {
        if self.device.report.gpu && settings.method.on_host {
            return Err(LabFault::Settings(SettingsError::NeedsCpu { method: settings.method }));
        }
        Ok(())
    }

    /// The device.
    pub fn device(&self) -> &OpenDevice {
        &self.device
    }

    /// The text.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The sentence that is shown.
    pub fn probe(&self) -> &str {
        &self.probe
    }

    /// All branches.
    pub fn infos(&self) -> Vec<BranchInfo> {
        self.branches.iter().map(TrainedBranch::info).collect()
    }

    /// A branch.
    ///
    /// # Errors
    /// If there is none of that number.
    pub fn branch(&self, id: BranchId) -> Result<&TrainedBranch, LabFault> {
        self.branches.iter().find(|branch| branch.id == id).ok_or_else(|| no_branch(id))
    }

    /// Trains a branch by one step.
    ///
    /// # Errors
    /// [`LabFault::Diverged`] if the loss is no number.
    pub async fn step(&mut self, id: BranchId) -> Result<StepRecord, LabFault> {
        let Self { branches, data, device, .. } = self;
        let branch = branches.iter_mut().find(|branch| branch.id == id).ok_or_else(|| no_branch(id))?;
        match branch.step(data, device).await {
            Ok(record) => {
                self.histories.entry(id).or_default().push(record.clone());
                Ok(record)
            }
            Err(error) => Err(self.with_way_back(error)),
        }
    }

    /// Other coefficients from the branch's next step on.
    ///
    /// # Errors
    /// If they cannot be.
    pub fn change(&mut self, id: BranchId, coefficients: Coefficients) -> Result<(), LabFault> {
        self.branches.iter_mut().find(|branch| branch.id == id).ok_or_else(|| no_branch(id))?.change(coefficients)
    }

    /// Measures a branch on held-out text, and records the probe's routing.
    ///
    /// # Errors
    /// If the device fails or the model computes numbers that are not finite.
    pub async fn evaluate(&mut self, id: BranchId) -> Result<(Evaluation, Trace), LabFault> {
        let branch = self.branch(id)?;
        let (method, step) = (branch.settings.method, branch.head.step);
        let config = config(&branch.settings_at(step), &self.data)?;
        let (model, batch) = (branch.head.model(), self.data.held_out.clone());
        let compute = self.device.compute;
        let (tokens, domains) = (batch.targets.len(), batch.domains.clone());
        // Without the next token the oracle would be measured by routes that it did not learn.
        let mode = if method == &methods::HASH_ORACLE { Mode::Published } else { Mode::Infer };
        let input = Input { ids: batch.inputs, batch: domains.len(), mode, tasks: domains.clone() };
        let forward = model.forward(&input, &config, compute);
        let targets = Tensor::<1, Int>::from_data(TensorData::new(batch.targets, [tokens]), &self.device.device);
        let loss = compute.mean_loss(forward.hidden, model.embedding.val(), targets);
        let (decided, loss) = measure::read(forward.routings, loss).await?;
        let loss = loss.first().copied().unwrap_or(f32::NAN);
        let before = self.choices.at(id, step).map(|(_, choices)| choices.clone());
        let layer = |(at, decided): (usize, &measure::Decided)| {
            decided.evaluation(method, &domains, before.as_ref().and_then(|before| before.get(at)).map(Vec::as_slice))
        };
        let bits = f64::from(loss) * tokens as f64 / std::f64::consts::LN_2 / self.data.held_out_bytes.max(1) as f64;
        let evaluation = Evaluation {
            branch: id,
            step,
            loss,
            bits_per_byte: bits as f32,
            layers: decided.iter().enumerate().map(layer).collect(),
        };
        let choices: Choices = decided.iter().map(|decided| decided.kept(method)).collect();
        let bytes = choices.iter().map(|layer| layer.len() as u64 * 4).sum();
        self.choices.insert(id, step, bytes, false, choices);
        self.histories.entry(id).or_default().evaluated(evaluation.clone());
        let trace = self.record(id).await?;
        Ok((evaluation, trace))
    }

    /// Computes and records the probe's routing by a branch as it is now.
    async fn record(&mut self, id: BranchId) -> Result<Trace, LabFault> {
        let head = &self.branch(id)?.head;
        let (step, trace) = (head.step, self.trace(id, head).await?);
        let bytes = encode(&trace).map_err(|error| unrecorded(&error))?;
        self.frames.insert(id, step, bytes.len() as u64, false, bytes);
        Ok(trace)
    }

    async fn trace(&self, id: BranchId, head: &Head) -> Result<Trace, LabFault> {
        Ok(self.session(id, head)?.route(&self.probe).await?.0)
    }

    fn session(&self, id: BranchId, head: &Head) -> Result<Session, LabFault> {
        let branch = self.branch(id)?;
        let config = config(&branch.settings_at(head.step), &self.data)?;
        let name = format!("{} at step {}", branch.settings.method.id, head.step);
        Ok(Session::new(&name, config, head.model(), self.data.tokenizer.clone(), self.device.clone())?)
    }

    /// The probe's routing at a step, and the step that it is of: the newest kept one that is not after it, or where a
    /// branch has none, its oldest. What was not recorded is computed, from a snapshot, the newest weights, or at step 0 from
    /// the beginning that the seed gives.
    ///
    /// # Errors
    /// If there is no such branch, or the snapshot cannot be computed.
    pub async fn look(&mut self, id: BranchId, step: u64) -> Result<(u64, Trace), LabFault> {
        let branch = self.branch(id)?;
        let frames = self.frames.of(id).map(|(own, _)| own);
        let weights = self.snapshots.of(id).map(|(own, _)| own).chain([branch.head.step]);
        let beginning = branch.parent.is_none().then_some(0);
        let own = shown(frames.chain(weights).chain(beginning), step).unwrap_or(branch.head.step);
        if let Some((_, bytes)) = self.frames.at(id, own).filter(|(kept, _)| *kept == own) {
            let trace = decode(bytes).map_err(|error| unrecorded(&error))?;
            return Ok((own, trace));
        }
        let head = self.head_at(id, own)?;
        let trace = self.trace(id, &head).await?;
        let bytes = encode(&trace).map_err(|error| unrecorded(&error))?;
        self.frames.insert(id, head.step, bytes.len() as u64, false, bytes);
        Ok((head.step, trace))
    }

    /// A branch's head as it was at the newest kept step that is not after `step`; its beginning if there is none.
    pub(super) fn head_at(&self, id: BranchId, step: u64) -> Result<Head, LabFault> {
        let branch = self.branch(id)?;
        if branch.head.step <= step {
            return Ok(branch.head.clone());
        }
        match self.snapshots.at(id, step) {
            Some((own, snapshot)) => {
                Head::restore(snapshot, &config(&branch.settings_at(own), &self.data)?, own, &self.device)
            }
            None if branch.parent.is_none() => Head::begin(&branch.settings, &self.data, &self.device),
            None => Err(LabFault::Request(LabRequestFault::NotKept { branch: id, step })),
        }
    }

    /// Another sentence to show.
    ///
    /// # Errors
    /// If it is empty or too long.
    pub fn set_probe(&mut self, text: &str) -> Result<(), LabFault> {
        let chars = text.chars().count();
        if text.is_empty() || chars > MAX_PROBE {
            return Err(LabFault::Request(LabRequestFault::Probe { chars, most: MAX_PROBE }));
        }
        self.probe = text.to_owned();
        self.frames.clear();
        Ok(())
    }

    /// Keeps a branch's weights as they are now.
    ///
    /// # Errors
    /// [`LabFault::Diverged`] if a weight is no finite number.
    pub async fn keep(&mut self, id: BranchId, pinned: bool) -> Result<(), LabFault> {
        let branch = self.branch(id)?;
        match branch.head.snapshot(id, &branch.settings_at(branch.head.step)).await {
            Ok(snapshot) => {
                let step = branch.head.step;
                self.snapshots.insert(id, step, snapshot.bytes(), pinned, snapshot);
                Ok(())
            }
            Err(error) => Err(self.with_way_back(error)),
        }
    }

    /// Adds the newest step that can be gone back to.
    fn with_way_back(&self, error: LabFault) -> LabFault {
        match error {
            LabFault::Diverged(at) => {
                let kept = self.snapshots.at(at.branch, at.step.saturating_sub(1));
                LabFault::Diverged(Divergence { back: kept.map_or(0, |(step, _)| step), ..at })
            }
            other => other,
        }
    }

    /// Forgets a branch.
    ///
    /// # Errors
    /// If it is the last one.
    pub fn drop_branch(&mut self, id: BranchId) -> Result<(), LabFault> {
        self.branch(id)?;
        if self.branches.len() == 1 {
            return Err(LabFault::Request(LabRequestFault::LastBranch));
        }
        self.branches.retain(|branch| branch.id != id);
        self.snapshots.forget(id);
        self.frames.forget(id);
        self.choices.forget(id);
        self.histories.remove(&id);
        Ok(())
    }

    /// Continues a text with a branch's model as it is now.
    ///
    /// # Errors
    /// If the device fails or the model computes numbers that are not finite.
    pub async fn sample(
        &self,
        id: BranchId,
        prompt: &str,
        sampling: Sampling,
        tokens: usize,
    ) -> Result<(u64, String, String), LabFault> {
        let prompt = if prompt.is_empty() { first_words(&self.probe) } else { prompt };
        let head = &self.branch(id)?.head;
        let mut session = self.session(id, head)?;
        let (trace, _) = session.route(prompt).await?;
        let mut generation = Generation::after(&trace, sampling, tokens);
        let mut text = String::new();
        while let Step::Token(step) = session.step(&mut generation).await? {
            text.push_str(&step.text);
        }
        Ok((head.step, trace.text, text))
    }

    /// How far routing had settled at the recorded steps.
    ///
    /// # Errors
    /// If there is no such branch, or nothing was measured yet.
    pub fn saturation(&self, id: BranchId) -> Result<Saturation, LabFault> {
        let branch = self.branch(id)?;
        let Some((against, newest)) = self.choices.of(id).next_back() else {
            return Err(LabFault::Request(LabRequestFault::NotMeasured(id)));
        };
        let tokens = self.data.held_out.targets.len().max(1);
        let compare = |(step, choices): (u64, &Choices)| {
            let layer = |(old, new): (&Vec<_>, &Vec<_>)| unchanged(old, new, new.len() / tokens);
            (step, choices.iter().zip(newest).map(layer).collect())
        };
        Ok(Saturation { branch: branch.id, against, points: self.choices.of(id).map(compare).collect() })
    }

    /// What can be gone back to.
    pub fn recorded(&self) -> LabEvent {
        let ids = || self.branches.iter().map(|branch| branch.id);
        LabEvent::Recorded {
            frames: ids().map(|id| (id, self.frames.of(id).map(|(step, _)| step).collect())).collect(),
            snapshots: ids().map(|id| (id, self.snapshots.of(id).map(|(step, _)| step).collect())).collect(),
            bytes: self.snapshots.bytes() + self.frames.bytes() + self.choices.bytes(),
            limit: self.snapshots.limit() + self.frames.limit() + self.choices.limit(),
        }
    }
}

fn no_branch(id: BranchId) -> LabFault {
    LabFault::Request(LabRequestFault::NoBranch(id))
}

/// Routing cannot be written as bytes, or read from them.
fn unrecorded(error: &impl std::fmt::Display) -> LabFault {
    LabFault::Request(LabRequestFault::Unrecorded { detail: error.to_string() })
}

/// The first line, at most a few words.
fn first_words(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    let end = line.match_indices(' ').nth(2).map_or(line.len(), |(at, _)| at);
    &line[..end]
}
