//! Which settings can be: each setting within its bounds, those that hang on others, and the memory that all of them need.

use super::bounds;
use super::error::{Needs, SettingsError};
use super::memory::{LIMIT, Memory};
use super::settings::{Coefficients, Settings};
use super::table::TABLE;
use crate::methods;
use crate::methods::{Choices, Coefficient};

impl Settings {
    /// Checks everything that can be checked without the text.
    ///
    /// # Errors
    /// The first setting that cannot be, the memory that is not there among them.
    pub fn validate(&self) -> Result<(), SettingsError> {
        self.memory()?.check(Needs::Run)
    }

    /// What a run of these settings needs, whether it is there or not.
    ///
    /// # Errors
    /// The first setting that cannot be: there is no such run, so nothing that it needs.
    pub fn memory(&self) -> Result<Memory, SettingsError> {
        self.branches().iter().try_for_each(Self::check)?;
        Ok(Memory::of(self))
    }

    fn check(&self) -> Result<(), SettingsError> {
        TABLE.iter().filter(|row| row.coefficient.is_none()).try_for_each(|row| bounds::check(row, self))?;
        if !self.width.is_multiple_of(16) {
            return Err(SettingsError::Width { width: self.width });
        }
        self.check_choices()?;
        self.coefficients.check(self)
    }

    fn check_choices(&self) -> Result<(), SettingsError> {
        let (method, k, experts) = (self.method, self.top_k, self.experts);
        if method.needs_pairs() && (experts < 2 || experts % 2 == 1) {
            return Err(SettingsError::OddExperts { method, experts });
        }
        if method == &methods::BASE && experts > 0 && !self.tokens().is_multiple_of(experts) {
            return Err(SettingsError::Uneven { method, batch: self.batch, len: self.len, experts });
        }
        if method == &methods::ROUTING_NETWORKS && experts < 2 {
            return Err(SettingsError::OnlyPass { method });
        }
        match method.choices {
            Choices::Exactly(chosen) if k != chosen => Err(SettingsError::Exactly { method, chosen, k }),
            Choices::Exactly(chosen) if experts < chosen => Err(SettingsError::TooFewExperts { method, chosen }),
            Choices::Any if !(1..=experts).contains(&k) => Err(SettingsError::Chosen { experts, k }),
            Choices::Pairs if k < 2 || k % 2 == 1 || k > experts => Err(SettingsError::Pairs { method, experts, k }),
            Choices::All | Choices::Varies if k != experts => Err(SettingsError::All { method, experts, k }),
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
        let own = Settings { coefficients: *self, ..settings.clone() };
        TABLE.iter().filter(|row| row.coefficient.is_some()).try_for_each(|row| bounds::check(row, &own))?;
        let factor = self.capacity_factor;
        if settings.method.has(Coefficient::Capacity) && !(factor > 0.0 && factor <= experts) {
            return Err(SettingsError::Capacity { experts: settings.experts, factor });
        }
        Ok(())
    }
}

impl Memory {
    /// Checks that all of it is there.
    ///
    /// # Errors
    /// If it is more than what is tried.
    pub fn check(&self, of: Needs) -> Result<(), SettingsError> {
        match self.total() <= LIMIT {
            true => Ok(()),
            false => Err(SettingsError::Memory { of, memory: *self }),
        }
    }
}

/// Checks that a branch can be added to those of a run.
///
/// # Errors
/// If all of them together need more than is tried.
pub fn check_another(branches: &[Settings], new: &Settings) -> Result<(), SettingsError> {
    let all: Vec<Settings> = branches.iter().chain([new]).cloned().collect();
    Memory::together(&all).check(Needs::Branches(all.len()))
}
