//! What the page and the engine say to each other.
//!
//! The page holds the text and the settings and may ask again at any time; the engine holds the device and the model
//! and answers as fast as it can. So every request carries a ticket that only grows: an answer to an old ticket is thrown
//! away by the page, and a waiting request is thrown away by the engine when a newer one of its kind arrives.
//! Messages travel as bytes ([`encode`], [`decode`]) in a transferred buffer.

use crate::error::{EngineFault, NoGpu};
use crate::messages::{device, engine};
use crate::token::PassedOver;
pub use crate::trace::Sampling;
use crate::trace::{Trace, TraceStep};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;

/// Longest text the engine routes, in characters. Longer ones are cut at a character and said so.
pub const MAX_CHARS: usize = 20_000;
/// Longest text the engine routes, in tokens; less where the model takes less.
pub const MAX_TOKENS: usize = 4_096;

/// The bytes of a file that the page hands over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileBytes {
    /// Here they are.
    Here(#[serde(with = "crate::bytes")] Vec<u8>),
    /// At an address that the page made for a file of the visitor's (`blob:…`): the worker reads it, so that the page need not.
    At(String),
}

/// Page to engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Open a device and load a model. Always the first message; a later one replaces device and model.
    Open {
        /// Which device to use.
        device: DeviceChoice,
        /// Address of the checkpoint's folder, ending in `/`, absolute; any name if `files` are given.
        model: String,
        /// The files of a checkpoint that lies at no address, because it was trained in the page; else empty.
        files: Vec<(String, FileBytes)>,
    },
    /// Route a text.
    Route {
        /// Grows with every request.
        ticket: u64,
        /// The text.
        text: String,
        /// How.
        manner: Manner,
    },
    /// Route a text through several models, one after another.
    Compare {
        /// Grows with every request.
        ticket: u64,
        /// The text.
        text: String,
        /// Addresses of the checkpoints' folders, each ending in `/`, absolute.
        models: Vec<String>,
        /// As in [`Request::Route`].
        manner: Manner,
    },
    /// Route a text, then continue it.
    Generate {
        /// Grows with every request.
        ticket: u64,
        /// The text to continue.
        text: String,
        /// As in [`Manner`].
        task: Option<usize>,
        /// How to choose the next token.
        sampling: Sampling,
        /// Stop after this many tokens.
        max_tokens: usize,
    },
    /// Stop the generation under way, if any.
    Stop,
}

/// How a text is to be routed, where a method leaves a choice; other methods do not ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manner {
    /// As the method is published where that looks at later tokens; otherwise left to right.
    pub ahead: bool,
    /// The task that the text belongs to, counted from 0, for methods that are told; `None` if nobody says.
    pub task: Option<usize>,
}

/// Engine to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The engine's code runs and waits for [`Request::Open`].
    Started,
    /// Loading goes on.
    Progress {
        /// What is being done.
        task: Task,
        /// Done so far, in bytes.
        done: u64,
        /// Of so many bytes, where known.
        total: Option<u64>,
    },
    /// Device and model are ready.
    Ready {
        /// The device and why it was taken.
        device: DeviceReport,
        /// The checkpoint's card (`card.json`) as it is; empty where there is none that is text.
        card: String,
        /// What of the model's files was passed over.
        passed_over: PassedOver,
    },
    /// A routed text.
    Trace {
        /// The request's ticket.
        ticket: u64,
        /// The trace.
        trace: Box<Trace>,
        /// What was cut off the text, if anything.
        cut: Option<Cut>,
    },
    /// A text routed by one of the models of [`Request::Compare`].
    Compared {
        /// The request's ticket.
        ticket: u64,
        /// The model's address, as it was asked for.
        model: String,
        /// Its trace.
        trace: Box<Trace>,
        /// Its card (`card.json`) as it is.
        card: String,
        /// What was cut off the text, if anything.
        cut: Option<Cut>,
    },
    /// One more generated token.
    Token {
        /// The request's ticket.
        ticket: u64,
        /// The token with its routing.
        step: Box<TraceStep>,
    },
    /// A generation ended.
    Finished {
        /// The request's ticket.
        ticket: u64,
        /// Why.
        reason: Finish,
    },
    /// Something went wrong. The engine goes on unless [`EngineFault::is_fatal`]; then the page starts a new one.
    Fault(EngineFault),
    /// One of the models of [`Request::Compare`] cannot be compared; the others are.
    NotCompared {
        /// The request's ticket.
        ticket: u64,
        /// The model's address, as it was asked for.
        model: String,
        /// Why not.
        fault: EngineFault,
    },
}

/// What is being done while a model is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// A device is opened.
    OpeningDevice,
    /// The model is put onto it.
    ReadingModel,
    /// A file of the visitor's is read.
    Reading {
        /// Its name.
        file: String,
    },
    /// A file is fetched.
    Fetching {
        /// Its name.
        file: String,
    },
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::OpeningDevice => engine::opening_device().to_owned(),
            Self::ReadingModel => engine::reading_model().to_owned(),
            Self::Reading { file } => engine::reading(file),
            Self::Fetching { file } => engine::fetching(file),
        })
    }
}

/// Which device the visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// WebGPU where it is safe and real, else the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// WebGPU, with an error where there is none.
    Gpu,
    /// WebGPU even in software: for tests.
    GpuForced,
}

impl DeviceChoice {
    /// Its name, in addresses and for the engine's script.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::GpuForced => "gpu-forced",
        }
    }

    /// The choice of that name; the automatic one for unknown names.
    pub fn from_name(name: &str) -> Self {
        [Self::Cpu, Self::Gpu, Self::GpuForced].into_iter().find(|choice| choice.name() == name).unwrap_or_default()
    }
}

/// The device in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Whether it is a GPU.
    pub gpu: bool,
    /// Its name, for example `CPU (Flex, SIMD)`.
    pub name: String,
    /// Why this one.
    pub why: DeviceReason,
}

/// Why a device was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceReason {
    /// The CPU: it was asked for.
    CpuChosen,
    /// The CPU: no GPU can be used.
    NoGpu(NoGpu),
    /// The CPU: a GPU would not be faster with a model as small as those that are trained here.
    SmallModel,
    /// A GPU: there is one.
    Available,
    /// A GPU that is emulated in software: it was asked for.
    Forced,
}

impl fmt::Display for DeviceReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CpuChosen => device::cpu_chosen(),
            Self::NoGpu(why) => return why.fmt(f),
            Self::SmallModel => device::small_model(),
            Self::Available => device::available(),
            Self::Forced => device::forced(),
        })
    }
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finish {
    /// As many tokens as asked for.
    Length,
    /// The model ended the document.
    EndOfText,
    /// The visitor or a newer request stopped it.
    Stopped,
}

/// What was cut off a text that was too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Characters of the text.
    pub chars: usize,
    /// Characters that were routed.
    pub kept: usize,
}

impl Cut {
    /// Whether [`MAX_CHARS`] was what cut; otherwise the tokens were too many.
    pub fn by_chars(&self) -> bool {
        self.kept >= MAX_CHARS
    }
}

/// A message as bytes.
///
/// # Errors
/// If the message cannot be written; none of the types here can fail.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(message)
}

/// A message from bytes.
///
/// # Errors
/// If the bytes are not such a message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}
