//! What can be wrong with settings.

use super::memory::Memory;
use super::table::{Reading, label};
use crate::format::{at_most_counted, megabytes};
use crate::messages::run;
use crate::methods::Method;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with settings: which one, and what it may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SettingsError {
    /// A number is out of its bounds.
    Bounds {
        /// The setting's name, as in links.
        name: String,
        /// The smallest that it may be.
        least: f64,
        /// The largest that it may be.
        most: f64,
        /// What it is.
        value: f64,
    },
    /// What is written there cannot be read as this setting.
    Misread {
        /// The setting's name, as in links.
        name: String,
        /// What is written there.
        value: String,
        /// What it may be.
        may: Reading,
    },
    /// The width is no multiple of 16.
    Width {
        /// It.
        width: usize,
    },
    /// The method needs pairs of experts.
    OddExperts {
        /// The method.
        method: &'static Method,
        /// Experts.
        experts: usize,
    },
    /// The method gives every expert the same number of tokens, and they do not divide.
    Uneven {
        /// The method.
        method: &'static Method,
        /// Sequences a step.
        batch: usize,
        /// Tokens a sequence.
        len: usize,
        /// Experts.
        experts: usize,
    },
    /// The method needs an expert beside the one that passes tokens on.
    OnlyPass {
        /// The method.
        method: &'static Method,
    },
    /// The method chooses another number of experts.
    Exactly {
        /// The method.
        method: &'static Method,
        /// How many it chooses.
        chosen: usize,
        /// How many the settings say.
        k: usize,
    },
    /// There are fewer experts than the method chooses.
    TooFewExperts {
        /// The method.
        method: &'static Method,
        /// How many it chooses.
        chosen: usize,
    },
    /// More experts are chosen than there are, or none.
    Chosen {
        /// Experts.
        experts: usize,
        /// How many the settings say.
        k: usize,
    },
    /// The method chooses in pairs.
    Pairs {
        /// The method.
        method: &'static Method,
        /// Experts.
        experts: usize,
        /// How many the settings say.
        k: usize,
    },
    /// The method may choose any number of experts.
    All {
        /// The method.
        method: &'static Method,
        /// Experts.
        experts: usize,
        /// How many the settings say.
        k: usize,
    },
    /// The capacity factor is out of its bounds.
    Capacity {
        /// Experts.
        experts: usize,
        /// It.
        factor: f64,
    },
    /// A text of one's own is asked for, and no file was chosen.
    NoFile,
    /// The method decides on the processor in every step, and the device is a browser's GPU.
    NeedsCpu {
        /// The method.
        method: &'static Method,
    },
    /// A branch would read another text than its run.
    OtherText,
    /// A branch that begins later than its run would have another shape.
    MustKeep {
        /// The name of the setting that must stay, as in links.
        name: String,
        /// The step at which the branch begins.
        step: u64,
    },
    /// There is not so much memory.
    Memory {
        /// What needs it.
        of: Needs,
        /// How much.
        memory: Memory,
    },
}

/// What needs memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Needs {
    /// A run of settings.
    Run,
    /// So many branches of a run, a new one among them.
    Branches(usize),
    /// So many branches of a file.
    File(usize),
}

impl SettingsError {
    /// The name of the setting that is wrong, as in links.
    pub fn name(&self) -> &str {
        match self {
            Self::Bounds { name, .. } | Self::Misread { name, .. } | Self::MustKeep { name, .. } => name,
            Self::Width { .. } => "width",
            Self::OddExperts { .. } | Self::Uneven { .. } | Self::OnlyPass { .. } | Self::TooFewExperts { .. } => {
                "experts"
            }
            Self::Exactly { .. } | Self::Chosen { .. } | Self::Pairs { .. } | Self::All { .. } => "k",
            Self::Capacity { .. } => "capacity",
            Self::NeedsCpu { .. } => "method",
            Self::NoFile | Self::OtherText => "text",
            Self::Memory { .. } => "memory",
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Bounds { name, least, most, value } => run::bounds(label(name), *least, *most, *value),
            Self::Misread { name, value, may } => misread(label(name), value, *may),
            Self::Width { width } => run::width(*width),
            Self::OddExperts { method, experts } => run::odd_experts(method.dated(), *experts),
            Self::Uneven { method, batch, len, experts } => {
                run::uneven(method.dated(), batch.saturating_mul(*len), *batch, *len, *experts)
            }
            Self::OnlyPass { method } => run::only_pass(method.dated()),
            Self::Exactly { method, chosen, k } => run::exactly(method.dated(), *chosen, *k),
            Self::TooFewExperts { method, chosen } => run::too_few_experts(method.dated(), *chosen),
            Self::Chosen { experts, k } => run::chosen(*experts, *k),
            Self::Pairs { method, experts, k } => run::pairs(method.dated(), *experts, *k),
            Self::All { method, experts, k } => run::all(method.dated(), *experts, *k),
            Self::Capacity { experts, factor } => run::capacity(*experts, *factor),
            Self::NoFile => run::no_file().to_owned(),
            Self::NeedsCpu { method } => run::needs_cpu(method.dated()),
            Self::OtherText => run::other_text().to_owned(),
            Self::MustKeep { name, step } => run::must_keep(label(name), *step),
            Self::Memory { of, memory } => too_much(*of, memory),
        })
    }
}

impl std::error::Error for SettingsError {}

/// What a setting of that label may be, where something else is written, or nothing.
fn misread(label: &str, value: &str, may: Reading) -> String {
    match (may, value.trim().is_empty()) {
        (Reading::Listed, true) => run::listed_empty(label),
        (Reading::Listed, false) => run::listed_misread(label, value),
        (Reading::Whole(least, most), true) => run::whole_empty(label, least, most),
        (Reading::Whole(least, most), false) => run::whole_misread(label, least, most, value),
        (Reading::Real(least, most), true) => run::real_empty(label, least, most),
        (Reading::Real(least, most), false) => run::real_misread(label, least, most, value),
        (Reading::AnyWhole, true) => run::any_whole_empty(label),
        (Reading::AnyWhole, false) => run::any_whole_misread(label, value),
        (Reading::Natural, true) => run::natural_empty(label, u64::MAX.to_string()),
        (Reading::Natural, false) => run::natural_misread(label, u64::MAX.to_string(), value),
        (Reading::UpToExperts, true) => run::up_to_experts_empty(label),
        (Reading::UpToExperts, false) => run::up_to_experts_misread(label, value),
    }
}

fn too_much(of: Needs, memory: &Memory) -> String {
    let (total, most) = (megabytes(memory.total()), megabytes(super::memory::LIMIT));
    let [training, step, snapshots] = [memory.training, memory.activations, memory.snapshots].map(megabytes);
    let parameters = at_most_counted(memory.parameters);
    match of {
        Needs::Run => run::memory_of_run(total, most, training, parameters, step, snapshots),
        Needs::Branches(branches) => {
            run::memory_of_branches(branches, total, most, training, parameters, step, snapshots)
        }
        Needs::File(branches) => run::memory_of_file(branches, total, most, training, parameters, step, snapshots),
    }
}
