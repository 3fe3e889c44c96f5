//! What a run is: everything that decides its curve.

use super::bounds;
use super::memory::Memory;
use super::method::{Choices, Method};
use crate::scene::words::{counted, thousands};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The routing method.
    pub method: Method,
    /// A second branch with this method, all else equal, to compare with.
    pub against: Option<Method>,
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
            method: Method::Switch,
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

/// What is wrong with settings: which one, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The setting's name, as in links.
    pub name: &'static str,
    /// What is wrong and what is possible, in a sentence.
    pub message: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

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

    /// Checks everything that can be checked without the text.
    ///
    /// # Errors
    /// The first setting that cannot be, the memory that is not there among them.
    pub fn validate(&self) -> Result<(), SettingsError> {
        self.branches().iter().try_for_each(Self::check)?;
        let mend = "Take fewer or narrower experts, or fewer tokens a step.";
        Memory::of(self).check("These settings need", mend)
    }

    fn check(&self) -> Result<(), SettingsError> {
        bounds::whole(bounds::EXPERTS, self.experts)?;
        bounds::whole(bounds::WIDTH, self.width)?;
        bounds::whole(bounds::LAYERS, self.layers)?;
        bounds::whole(bounds::INNER, self.inner)?;
        bounds::whole(bounds::BATCH, self.batch)?;
        bounds::whole(bounds::LEN, self.len)?;
        bounds::whole(bounds::VOCABULARY, self.vocabulary)?;
        let wrong = |name, message| Err(SettingsError { name, message });
        if !self.width.is_multiple_of(16) {
            return wrong("width", format!("The width must be a multiple of 16, not {}.", thousands(self.width)));
        }
        self.check_choices()?;
        self.coefficients.check(self)
    }

    fn check_choices(&self) -> Result<(), SettingsError> {
        let (method, k, experts) = (self.method.title(), self.top_k, self.experts);
        let wrong = |name, message| Err(SettingsError { name, message });
        if self.method.needs_pairs() && (experts < 2 || experts % 2 == 1) {
            return wrong("experts", format!("{method} needs an even number of experts, not {}.", thousands(experts)));
        }
        if self.method == Method::Base && experts > 0 && !self.tokens().is_multiple_of(experts) {
            return wrong(
                "experts",
                format!(
                    "{method} gives every expert the same number of tokens, and the {} of a step (batch {} times length {}) do not divide by {experts} experts.",
                    thousands(self.tokens()),
                    self.batch,
                    self.len
                ),
            );
        }
        if self.method == Method::RoutingNetworks && experts < 2 {
            return wrong("experts", format!("{method} needs a block beside \"pass\", so at least 2 experts."));
        }
        match self.method.choices() {
            Choices::Exactly(n) if k != n => {
                wrong("k", format!("{method} chooses {n} for a token, so k is not {}.", thousands(k)))
            }
            Choices::Exactly(n) if experts < n => {
                wrong("experts", format!("{method} chooses {n} for a token, so there must be {n} experts or more."))
            }
            Choices::Any if !(1..=experts).contains(&k) => {
                wrong("k", format!("k must be from 1 to the {experts} experts, not {}.", thousands(k)))
            }
            Choices::Pairs if k < 2 || k % 2 == 1 || k > experts => wrong(
                "k",
                format!(
                    "{method} chooses in pairs: k must be even, from 2 to the {experts} experts, not {}.",
                    thousands(k)
                ),
            ),
            Choices::All if k != experts => wrong(
                "k",
                format!(
                    "With {method} every expert may have a share in a token, so k is {experts}, not {}.",
                    thousands(k)
                ),
            ),
            _ => Ok(()),
        }
    }
}

impl Coefficients {
    /// Checks the coefficients of a run.
    ///
    /// # Errors
    /// The first one that cannot be.
    pub fn check(&self, settings: &Settings) -> Result<(), SettingsError> {
        let experts = settings.experts as f64;
        bounds::real(bounds::RATE, self.learning_rate)?;
        bounds::real(bounds::BALANCE, self.balance)?;
        bounds::real(bounds::Z, self.z)?;
        bounds::real(bounds::NOISE, self.noise)?;
        bounds::real(bounds::BIAS, self.bias_speed)?;
        let factor = self.capacity_factor;
        if settings.method.has_capacity() && !(factor > 0.0 && factor <= experts) {
            let message = format!(
                "The capacity factor must be above 0 and at most the {experts} experts, not {}.",
                number(factor)
            );
            return Err(SettingsError { name: "capacity", message });
        }
        Ok(())
    }
}

/// A coefficient as somebody would write it.
pub fn number(value: f64) -> String {
    // As far as a page counts.
    let whole = value.fract() == 0.0 && (1000.0..=f64::from(u32::MAX)).contains(&value);
    if whole { counted(value as u64) } else { value.to_string() }
}

/// Bytes in words.
pub fn megabytes(bytes: u64) -> String {
    let more = if bytes == u64::MAX { "more than " } else { "" };
    format!("{more}{} MB", counted((bytes as f64 / 1e6).round() as u64))
}
