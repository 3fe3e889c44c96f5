//! Which settings can be: each setting within its bounds, those that hang on others, and the memory that all of them need.

use super::bounds;
use super::error::SettingsError;
use super::memory::Memory;
use super::method::Method;
use super::settings::{Coefficients, Settings};
use super::table::TABLE;
use crate::format::{number, thousands};
use crate::methods::{Choices, Coefficient};

impl Settings {
    /// Checks everything that can be checked without the text.
    ///
    /// # Errors
    /// The first setting that cannot be, the memory that is not there among them.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let mend = "Take fewer or narrower experts, or fewer tokens a step.";
        self.memory()?.check("These settings need", mend)
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
        let own = Settings { coefficients: *self, ..settings.clone() };
        TABLE.iter().filter(|row| row.coefficient.is_some()).try_for_each(|row| bounds::check(row, &own))?;
        let factor = self.capacity_factor;
        if settings.method.has(Coefficient::Capacity) && !(factor > 0.0 && factor <= experts) {
            let message = format!(
                "The capacity factor must be above 0 and at most the {experts} experts, not {}.",
                number(factor)
            );
            return Err(SettingsError { name: "capacity", message });
        }
        Ok(())
    }
}
