//! What the page and the trainer say to each other, as bytes ([`crate::protocol::encode`], [`crate::protocol::decode`]) in a
//! transferred buffer.
//!
//! The trainer answers between two steps. A request that asks for the same as a waiting one (another step to look at,
//! another probe, other coefficients of a branch) replaces it. Answers to [`LabRequest::Goto`] and [`LabRequest::Probe`]
//! carry the request's ticket.

use super::fault::LabFault;
use super::memory::Memory;
use super::record::{BranchId, Evaluation, Saturation, StepRecord};
use super::settings::{Coefficients, Settings};
use crate::messages::trainer;
use crate::protocol::{DeviceChoice, DeviceReport, FileBytes, Sampling};
use crate::trace::Trace;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most bytes of the visitor's own text that are used; the page sends no more.
pub const MAX_TEXT: usize = 2 << 20;
/// Longest probe sentence, in characters.
pub const MAX_PROBE: usize = 400;
/// Most branches of a run.
pub const MAX_BRANCHES: usize = 6;

/// Page to trainer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LabRequest {
    /// Open a device. Always the first message. After a lost device it is sent again: a run goes on from its last
    /// snapshot.
    Open {
        /// Which one. Automatic is the CPU: at this size a GPU spends its time on starting kernels.
        device: DeviceChoice,
    },
    /// Begin a new run, paused. The old one is forgotten. "Reset" is this with the same settings.
    Start {
        /// What.
        settings: Box<Settings>,
        /// The visitor's text, where the settings ask for it.
        text: Option<OwnText>,
        /// The sentence whose routing is shown; empty for the text's own.
        probe: String,
    },
    /// Train on.
    Run {
        /// These branches, in turns; all if empty.
        branches: Vec<BranchId>,
        /// Pause after so many more steps of each; 1 is a single step. Without it, go on until paused.
        steps: Option<u64>,
    },
    /// Stop after the step under way.
    Pause,
    /// Not faster than so many steps a second, all branches together; `None` for as fast as can be.
    Speed(Option<f32>),
    /// Other coefficients from the branch's next step on. The change is recorded, so that the run stays repeatable.
    SetCoefficients {
        /// Whose.
        branch: BranchId,
        /// Which.
        coefficients: Coefficients,
    },
    /// The probe's routing as it was at a step: from the recording, or computed again from a snapshot. Training goes on
    /// where it was.
    Goto {
        /// Grows with every request.
        ticket: u64,
        /// Whose.
        branch: BranchId,
        /// Steps done then; the nearest recorded step is shown.
        step: u64,
    },
    /// A new branch that begins as another one was after a step; paused. Text and shape (experts, widths, layers,
    /// vocabulary, batch) must be the old ones; with another method the routers start anew, which only step 0 needs not.
    Fork {
        /// From this branch.
        branch: BranchId,
        /// As it was after so many steps.
        step: u64,
        /// With these settings.
        settings: Box<Settings>,
    },
    /// Forget a branch.
    Drop {
        /// Which. The last one cannot be dropped.
        branch: BranchId,
    },
    /// Another sentence to show. Recorded routing of the old one is forgotten and computed again when asked for.
    Probe {
        /// Grows with every request.
        ticket: u64,
        /// The sentence.
        text: String,
    },
    /// Continue a text with the branch's model as it is now.
    Sample {
        /// Whose.
        branch: BranchId,
        /// The beginning; the probe if empty.
        prompt: String,
        /// How to choose.
        sampling: Sampling,
        /// How many.
        tokens: usize,
    },
    /// How often to tell: evaluate, show the probe and sample so often. 0 for never.
    Every {
        /// Steps between evaluations on held-out text; the probe's routing is recorded at the same time.
        evaluation: u64,
        /// Steps between samples.
        sample: u64,
    },
    /// How far routing had settled at the recorded steps.
    Saturation {
        /// Whose.
        branch: BranchId,
    },
    /// The run as one file.
    Export {
        /// The branch whose model becomes the checkpoint; the others are in it too, unless they are too large together.
        branch: BranchId,
    },
    /// Go on with an exported file, or with the bytes of [`LabEvent::Saved`]; paused.
    Import {
        /// The file.
        file: FileBytes,
    },
    /// The numbers of a checkpoint to be opened by the explorer ([`LabEvent::Checkpoint`]).
    Checkpoint {
        /// Whose.
        branch: BranchId,
    },
    /// Compare gradients with finite differences on tiny models, for every method and kernel, on the open device.
    SelfCheck,
    /// Answer with [`LabEvent::Saved`] now, because the page may be gone soon.
    Save,
}

/// A visitor's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnText {
    /// The file's name, or what it is.
    pub name: String,
    /// Its beginning, at most [`MAX_TEXT`] bytes.
    #[serde(with = "crate::bytes")]
    pub bytes: Vec<u8>,
    /// How long the whole file is, in bytes.
    pub total: u64,
}

/// Trainer to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LabEvent {
    /// The trainer's code runs and waits for [`LabRequest::Open`].
    Started,
    /// The device is open.
    Ready {
        /// The device and why it was taken.
        device: DeviceReport,
    },
    /// A long piece of work goes on (reading a text, going back to a step, checking gradients).
    Progress {
        /// What.
        task: LabTask,
        /// Done so far.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// A run is there, paused, after [`LabRequest::Start`] or [`LabRequest::Import`]. The page forgets the old one.
    Opened {
        /// The settings that hold, the vocabulary's real size among them.
        settings: Box<Settings>,
        /// What is read.
        text: TextInfo,
        /// What it needs.
        memory: Memory,
        /// The branches.
        branches: Vec<BranchInfo>,
        /// The sentence that is shown.
        probe: String,
    },
    /// The branches changed: one more, one less, other coefficients.
    Branches(Vec<BranchInfo>),
    /// Steps that were done since the last such message, at most some twenty messages a second.
    Steps {
        /// Each step, oldest first.
        steps: Vec<StepRecord>,
        /// Measurements on held-out text, oldest first.
        evaluations: Vec<Evaluation>,
    },
    /// Whether it trains, after every change.
    State {
        /// Branches that are being trained; none means paused.
        running: Vec<BranchId>,
    },
    /// The probe's routing.
    Probe {
        /// The request's ticket; `None` if it was not asked for but shows the newest step.
        ticket: Option<u64>,
        /// Whose.
        branch: BranchId,
        /// Steps done.
        step: u64,
        /// The routing.
        trace: Box<Trace>,
    },
    /// A generated text.
    Sample {
        /// Whose.
        branch: BranchId,
        /// Steps done.
        step: u64,
        /// Its beginning.
        prompt: String,
        /// What the model added.
        text: String,
    },
    /// What can be gone back to.
    Recorded {
        /// Each branch with the steps whose routing is recorded, ascending.
        frames: Vec<(BranchId, Vec<u64>)>,
        /// Each branch with the steps whose weights are kept, ascending.
        snapshots: Vec<(BranchId, Vec<u64>)>,
        /// Bytes held by both.
        bytes: u64,
        /// Bytes that may be held.
        limit: u64,
    },
    /// Answer to [`LabRequest::Saturation`].
    Saturation(Saturation),
    /// Answer to [`LabRequest::Export`]: a ZIP archive.
    Exported {
        /// A name for the file.
        name: String,
        /// Its bytes.
        #[serde(with = "crate::bytes")]
        file: Vec<u8>,
        /// Branches whose weights are not in it, because all together are too large.
        others: u32,
    },
    /// Answer to [`LabRequest::Checkpoint`]: files of a folder that the engine can load.
    Checkpoint {
        /// A name for the folder.
        name: String,
        /// File names and bytes: `config.json`, `tokenizer.json`, `model.safetensors`, `card.json`.
        files: Vec<(String, Vec<u8>)>,
    },
    /// Now and then, after every pause, and when asked for ([`LabRequest::Save`]): all that is needed to go on ([`LabRequest::Import`]) if this worker dies.
    /// The page keeps the newest only.
    Saved {
        /// The branch that it goes on with.
        branch: BranchId,
        /// Steps done then.
        step: u64,
        /// An exported file, without recorded routing.
        #[serde(with = "crate::bytes")]
        file: Vec<u8>,
        /// Branches whose weights are not in it, because all together are too large.
        others: u32,
    },
    /// One gradient check of [`LabRequest::SelfCheck`].
    Checked {
        /// The method or kernel.
        name: String,
        /// The largest relative error.
        error: f32,
        /// Whether that is small enough.
        ok: bool,
        /// What was not checked, and why; empty if all was.
        note: String,
    },
    /// The self-check ended.
    CheckDone {
        /// Checks that failed.
        failed: u32,
    },
    /// What a file that was opened holds beside the model; follows [`LabEvent::Opened`].
    Recalled {
        /// The visitor's text, if the run reads it.
        own: Option<OwnText>,
        /// The branch that the file was saved for.
        selected: BranchId,
        /// The branches' steps, of each ascending; with those of ancestors that are not there.
        steps: Vec<StepRecord>,
        /// Their evaluations, without their domains, which the file does not hold.
        evaluations: Vec<Evaluation>,
        /// Branches of the file that were not opened, because it does not hold their weights.
        others: u32,
    },
    /// Something went wrong. The trainer goes on unless [`LabFault::is_fatal`]; then the page starts a new one.
    Fault(LabFault),
}

/// A long piece of work of the trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabTask {
    /// A text is read.
    ReadingText,
    /// The file of a run is read.
    ReadingFile,
    /// A branch goes back to that step.
    GoingBack(u64),
}

impl LabTask {
    /// That something else must wait for it, in a sentence.
    pub fn first(self) -> String {
        match self {
            Self::ReadingText => trainer::reading_text_first().to_owned(),
            Self::ReadingFile => trainer::reading_file_first().to_owned(),
            Self::GoingBack(step) => trainer::going_back_first(step),
        }
    }
}

impl fmt::Display for LabTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match *self {
            Self::ReadingText => trainer::reading_text().to_owned(),
            Self::ReadingFile => trainer::reading_file().to_owned(),
            Self::GoingBack(step) => trainer::going_back(step),
        })
    }
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextInfo {
    /// Domains by name.
    pub domains: Vec<String>,
    /// Bytes used.
    pub bytes: u64,
    /// Bytes of the whole file; more than `bytes` if only its beginning is used.
    pub total: u64,
    /// Tokens to train on.
    pub train: u64,
    /// Tokens held out.
    pub held_out: u64,
    /// Tokens in the vocabulary.
    pub vocabulary: u32,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BranchInfo {
    /// Its number.
    pub id: BranchId,
    /// The branch that it begins as, and after how many steps.
    pub parent: Option<(BranchId, u64)>,
    /// Steps done.
    pub step: u64,
    /// Its settings, with the coefficients that hold now.
    pub settings: Settings,
    /// The coefficients that it began with.
    pub first: Coefficients,
    /// Every change of coefficients: from which step on, and which.
    pub changes: Vec<(u64, Coefficients)>,
}

impl BranchInfo {
    /// What a run of these branches began with: its first branch's settings then, and where it began with two, the second
    /// one's method beside them.
    pub fn begun(branches: &[Self]) -> Settings {
        // A beginning that was opened from a file is its own parent.
        let mut roots = branches.iter().filter(|own| own.parent.is_none_or(|(parent, _)| parent == own.id));
        let second = match (roots.next(), roots.next(), roots.next()) {
            (Some(_), Some(second), None) => Some(second.settings.method),
            _ => None,
        };
        let first = branches.first();
        first.map_or_else(Settings::default, |info| Settings {
            against: second,
            coefficients: info.first,
            ..info.settings.clone()
        })
    }
}
