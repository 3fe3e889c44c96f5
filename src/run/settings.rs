//! What a run is: everything that decides its curve.

use crate::methods::{self, Method};
use serde::{Deserialize, Serialize};

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The routing method.
    pub method: &'static Method,
    /// A second branch with this method, all else equal, to compare with.
    pub against: Option<&'static Method>,
    /// Experts in every layer, E. For routing networks the last one is "pass".
    pub experts: usize,
    /// Experts for a token, k.
    pub top_k: usize,
    /// Width of the residual stream, d.
    pub width: usize,
    /// Blocks, L.
    pub layers: usize,
    /// Width inside an expert, F.
    pub inner: usize,
    /// Sequences a step.
    pub batch: usize,
    /// Tokens a sequence; also the attention window and the group that shares a capacity.
    pub len: usize,
    /// Most tokens in the vocabulary, V; it is learned from the text.
    pub vocabulary: usize,
    /// Decides initial weights, order of the text, noise and samples.
    pub seed: u64,
    /// What is read.
    pub text: TextChoice,
    /// What may change while it runs.
    pub coefficients: Coefficients,
}

/// What may change while a run is going on, from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coefficients {
    /// Learning rate of AdamW after the first [`super::settings::WARMUP`] steps.
    pub learning_rate: f64,
    /// Weight of the balancing losses: balance, importance and load.
    pub balance: f64,
    /// Weight of the z-loss.
    pub z: f64,
    /// The method's noise in training, times this: 1 is as published, 0 none.
    pub noise: f64,
    /// An expert takes at most `factor * k * len / E` tokens of a sequence.
    pub capacity_factor: f64,
    /// How far a step moves the bias of an expert that had too much or too little.
    pub bias_speed: f64,
}

/// Steps of rising learning rate at the beginning.
pub const WARMUP: u64 = 10;
/// Sequences of held-out text that are measured on, from all domains together; a domain has at least one.
pub const SEQUENCES: usize = 8;

/// What is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextChoice {
    /// All bundled domains.
    #[default]
    Mixed,
    /// Short stories.
    Stories,
    /// Sums and differences.
    Arithmetic,
    /// Lines of a small programming language.
    Code,
    /// The visitor's file.
    Own,
}

impl TextChoice {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Mixed, Self::Stories, Self::Arithmetic, Self::Code, Self::Own];

    /// Its name in links and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Stories => "stories",
            Self::Arithmetic => "arithmetic",
            Self::Code => "code",
            Self::Own => "own",
        }
    }

    /// The choice of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    /// Domains it consists of: what routing networks call tasks.
    pub fn domains(self) -> usize {
        if self == Self::Mixed { 4 } else { 1 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            method: &methods::SWITCH,
            against: None,
            experts: 8,
            top_k: 1,
            width: 48,
            layers: 2,
            inner: 96,
            batch: 8,
            len: 64,
            vocabulary: 320,
            seed: 1,
            text: TextChoice::Mixed,
            coefficients: Coefficients::default(),
        }
    }
}

impl Default for Coefficients {
    fn default() -> Self {
        Self { learning_rate: 0.0015, balance: 0.02, z: 1e-3, noise: 1.0, capacity_factor: 1.25, bias_speed: 0.001 }
    }
}

impl Settings {
    /// Attention heads: of 16 numbers each.
    pub fn heads(&self) -> usize {
        (self.width / 16).max(1)
    }

    /// Tokens a step.
    pub fn tokens(&self) -> usize {
        self.batch.saturating_mul(self.len)
    }

    /// Tokens of held-out text that are measured on.
    pub fn held_out_tokens(&self) -> usize {
        SEQUENCES.next_multiple_of(self.text.domains().max(1)) * self.len
    }

    /// Groups of experts for gates of two levels: two, or for a gate that chooses among them groups of two experts.
    pub fn groups(&self) -> usize {
        if self.method == &methods::SHAZEER_HIERARCHICAL { self.experts / 2 } else { 2 }
    }

    /// Layers, from the first on, that have another method than the rest, where the method is mixed so: one of the few here.
    pub fn first_layers(&self) -> usize {
        usize::from(self.method.first.is_some())
    }

    /// Slots of an expert in Soft MoE: two for every token that would be its even share.
    pub fn slots(&self) -> usize {
        (self.len.saturating_mul(2) / self.experts.max(1)).max(1)
    }

    /// The same with k as the method wants it.
    #[must_use]
    pub fn fitted(mut self) -> Self {
        self.top_k = self.method.top_k(self.top_k, self.experts);
        self
    }

    /// The settings of every branch that the run begins with: one, or two with [`Settings::against`]. The second keeps
    /// the width that a token uses.
    pub fn branches(&self) -> Vec<Self> {
        let first = Self { against: None, ..self.clone() };
        let second = self.against.map(|method| Self { method, ..first.clone() }.fitted());
        std::iter::once(first).chain(second).collect()
    }
}
