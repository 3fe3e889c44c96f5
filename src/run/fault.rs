//! What can go wrong in a run.

use super::archive::ArchiveFault;
use super::error::SettingsError;
use super::record::BranchId;
use super::text::OwnError;
use crate::error::{Advice, ModelError, NoGpu, TrainError, Trouble, WorkerFault};
use crate::messages::trainer;
use crate::token::TokenizerError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the trainer could not do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LabFault {
    /// Open the device that was asked for.
    Device(NoGpu),
    /// Do anything without a device.
    NoDevice,
    /// Go on, or read what the page sent.
    Worker(WorkerFault),
    /// Read numbers back from the device; what Burn says, or `None` if there were too few.
    NoNumbers(Option<String>),
    /// Train with such settings.
    Settings(SettingsError),
    /// Train on such a text.
    Text(TextFault),
    /// Go on from a loss that is no number. The branch is paused.
    Diverged(Divergence),
    /// Read or write the file of a run.
    File(RunFileFault),
    /// Make, read or write a model.
    Model(ModelError),
    /// A step of training.
    Train(TrainError),
    /// Show or do something that is not there.
    Request(LabRequestFault),
}

/// Why a text cannot be trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TextFault {
    /// The visitor's text is asked for, and there is none.
    None,
    /// The visitor's file cannot be used.
    Own(OwnError),
    /// No tokenizer can be made of it.
    Tokenizer(TokenizerError),
    /// A part of it is shorter than one sequence.
    Short {
        /// Tokens of a sequence.
        len: usize,
        /// Tokens of the shortest part.
        shortest: usize,
    },
}

/// A loss that is no number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Whose.
    pub branch: BranchId,
    /// The step that failed.
    pub step: u64,
    /// The newest step to go back to.
    pub back: u64,
    /// The loss.
    pub loss: f32,
    /// The learning rate.
    pub rate: f64,
    /// The largest weight; `None` if one is no number.
    pub largest: Option<f32>,
}

/// Why the file of a run cannot be read or written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunFileFault {
    /// The visitor chose it, and it is no longer what it was.
    Moved,
    /// It is no archive that can be read.
    Archive(ArchiveFault),
    /// It lacks a file.
    Lacks {
        /// Which.
        name: String,
    },
    /// `run.json` cannot be read.
    NotJson {
        /// What `serde_json` says.
        detail: String,
    },
    /// `run.json` has another layout.
    Layout {
        /// Its layout.
        layout: String,
        /// The one that is known.
        known: String,
    },
    /// The checkpoint's branch is not among the others.
    NoBranch,
    /// There are too many branches, or two of one number.
    Branches {
        /// How many there may be.
        most: usize,
    },
    /// Its tokenizer is not that of its text.
    OtherTokenizer,
    /// Its branches read different texts.
    OtherTexts,
    /// A table has other columns.
    Columns {
        /// The table.
        name: String,
    },
    /// A line of a table cannot be read.
    Line {
        /// The table.
        name: String,
        /// Which line, counted from 1.
        line: usize,
    },
    /// It is larger than what can be trained.
    TooLarge(SettingsError),
    /// It cannot be written.
    NotWritten {
        /// What the library says.
        detail: String,
    },
}

/// Why a request cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabRequestFault {
    /// There is no run.
    NoRun,
    /// There is no such branch.
    NoBranch(BranchId),
    /// There would be no branch left.
    LastBranch,
    /// There are as many branches as there may be.
    TooManyBranches {
        /// How many that is.
        most: usize,
    },
    /// A branch has not come so far.
    NotThatFar {
        /// Whose.
        branch: BranchId,
        /// Steps done.
        done: u64,
        /// The step that was asked for.
        step: u64,
    },
    /// Something else was asked for meanwhile.
    Interrupted,
    /// The weights of a step are not kept.
    NotKept {
        /// Whose.
        branch: BranchId,
        /// The step.
        step: u64,
    },
    /// A sentence to show is empty or too long.
    Probe {
        /// Its characters.
        chars: usize,
        /// The most that it may have.
        most: usize,
    },
    /// Nothing of a branch was measured.
    NotMeasured(BranchId),
    /// A check of gradients has nothing to check.
    NothingToCheck {
        /// The method or kernel.
        name: String,
    },
    /// Routing cannot be written as bytes.
    Unrecorded {
        /// What the library says.
        detail: String,
    },
}

impl LabFault {
    /// Whether the trainer can answer no more, so that the page starts a new one.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Worker(fault) if fault.is_fatal())
    }

    /// Whether the device was lost while in use.
    pub fn is_lost_device(&self) -> bool {
        matches!(self, Self::NoNumbers(_) | Self::Worker(WorkerFault::Gpu(_)))
    }
}

/// A branch's number, counted from 1.
fn counted_from_one(branch: BranchId) -> u64 {
    u64::from(branch) + 1
}

impl fmt::Display for LabFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(why) => write!(f, "{why} {}", Advice::ChooseCpu),
            Self::NoDevice => f.write_str(trainer::no_device()),
            Self::Worker(fault) => f.write_str(&stopped(fault)),
            Self::NoNumbers(Some(detail)) => f.write_str(&trainer::no_numbers(detail)),
            Self::NoNumbers(None) => f.write_str(trainer::too_few_numbers()),
            Self::Settings(error) => error.fmt(f),
            Self::Text(fault) => fault.fmt(f),
            Self::Diverged(divergence) => divergence.fmt(f),
            Self::File(fault) => fault.fmt(f),
            Self::Model(error) => error.fmt(f),
            Self::Train(error) => error.fmt(f),
            Self::Request(fault) => fault.fmt(f),
        }
    }
}

fn stopped(fault: &WorkerFault) -> String {
    match fault {
        WorkerFault::Panicked(detail) => trainer::panicked(detail),
        WorkerFault::Unreadable => trainer::unreadable().to_owned(),
        WorkerFault::Unsupported(detail) => trainer::unsupported(detail),
        WorkerFault::Gpu(Trouble::Lost(detail)) if detail.is_empty() => trainer::gpu_lost().to_owned(),
        WorkerFault::Gpu(Trouble::Lost(detail)) => trainer::gpu_lost_because(detail),
        WorkerFault::Gpu(Trouble::Uncaptured(detail)) => trainer::gpu_refused(detail),
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(trainer::no_text()),
            Self::Own(error) => error.fmt(f),
            Self::Tokenizer(error) => error.fmt(f),
            Self::Short { len, shortest } => f.write_str(&trainer::text_short(*len, *shortest)),
        }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { branch, step, loss, rate, largest, .. } = *self;
        let branch = counted_from_one(branch);
        f.write_str(&match largest {
            None => trainer::diverged(step, branch, loss, rate),
            Some(size) => trainer::diverged_grown(step, branch, loss, format!("{size:.1e}"), rate),
        })
    }
}

impl fmt::Display for RunFileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Moved => trainer::file_moved().to_owned(),
            Self::Archive(fault) => return fault.fmt(f),
            Self::Lacks { name } => trainer::file_lacks(name),
            Self::NotJson { detail } => trainer::file_not_json(detail),
            Self::Layout { layout, known } => trainer::file_layout(layout, known),
            Self::NoBranch => trainer::file_no_branch().to_owned(),
            Self::Branches { most } => trainer::file_branches(*most),
            Self::OtherTokenizer => trainer::file_other_tokenizer().to_owned(),
            Self::OtherTexts => trainer::file_other_texts().to_owned(),
            Self::Columns { name } => trainer::file_columns(name),
            Self::Line { name, line } => trainer::file_line(name, *line),
            Self::TooLarge(error) => return error.fmt(f),
            Self::NotWritten { detail } => trainer::file_not_written(detail),
        })
    }
}

impl fmt::Display for LabRequestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::NoRun => trainer::no_run().to_owned(),
            Self::NoBranch(branch) => trainer::no_branch(counted_from_one(*branch)),
            Self::LastBranch => trainer::last_branch().to_owned(),
            Self::TooManyBranches { most } => trainer::too_many_branches(*most),
            Self::NotThatFar { branch, done, step } => trainer::not_that_far(counted_from_one(*branch), *done, *step),
            Self::Interrupted => trainer::interrupted().to_owned(),
            Self::NotKept { branch, step } => trainer::not_kept(counted_from_one(*branch), *step),
            Self::Probe { chars, most } => trainer::probe(*most, *chars),
            Self::NotMeasured(branch) => trainer::not_measured(counted_from_one(*branch)),
            Self::NothingToCheck { name } => trainer::nothing_to_check(name),
            Self::Unrecorded { detail } => trainer::unrecorded(detail),
        })
    }
}

impl std::error::Error for LabFault {}

impl From<SettingsError> for LabFault {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<ModelError> for LabFault {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}

impl From<TrainError> for LabFault {
    fn from(error: TrainError) -> Self {
        Self::Train(error)
    }
}

impl From<RunFileFault> for LabFault {
    fn from(fault: RunFileFault) -> Self {
        Self::File(fault)
    }
}

impl From<LabRequestFault> for LabFault {
    fn from(fault: LabRequestFault) -> Self {
        Self::Request(fault)
    }
}
