//! What the visitor chooses: settings, one by one or all at once. Nothing that was chosen is lost without a word, and what
//! cannot be is said where it was written.

use super::action::Out;
use super::state::TrainState;
use crate::app::notice::{Tone, Topic};
use crate::messages::lab;
use crate::methods::Choices;
use crate::run::protocol::LabRequest;
use crate::run::table::{self, SettingRow};
use crate::run::{Preset, Settings, TextChoice, bounds};

/// Experts of a token before anybody chose how many.
const USUAL: usize = 2;

impl TrainState {
    /// A setting was written or picked.
    pub(super) fn set(&mut self, name: &'static str, value: &str) -> Vec<Out> {
        let (before, old) = (self.draft.coefficients, self.draft.method);
        let k = self.draft.top_k;
        self.typos.retain(|(own, _)| *own != name);
        if !self.draft.set(name, value) {
            self.typos.push((name, value.to_owned()));
            return Vec::new();
        }
        if name == "method" {
            // What a method imposes is no choice, and is gone with it.
            if matches!(old.choices, Choices::Any | Choices::Pairs) {
                self.k = Some(k);
            }
            self.draft.top_k = self.k.unwrap_or(USUAL);
        }
        if matches!(name, "method" | "experts") {
            self.draft = self.draft.clone().fitted();
        }
        if name == "text" {
            self.other_words();
        }
        // Looking at the newest step, a change holds at once; looking at the past, it is for a branch.
        let follows = self.at.is_none() && self.branching.is_none();
        if self.draft.coefficients != before && follows && !self.needs_new_run() { self.change() } else { Vec::new() }
    }

    /// The chosen coefficients hold on the selected branch from its next step on.
    pub(super) fn change(&mut self) -> Vec<Out> {
        let coefficients = self.draft.coefficients;
        match self.branch() {
            Some(branch) if coefficients.check(&branch.info.settings).is_ok() => {
                vec![Out::Ask(LabRequest::SetCoefficients { branch: self.selected, coefficients })]
            }
            _ => Vec::new(),
        }
    }

    /// All settings but seed and text become a preset's. What was set by hand and is so no more is told.
    pub(super) fn preset(&mut self, name: &str) {
        let Some(preset) = Preset::named(name) else { return };
        let Settings { seed, text, .. } = self.draft;
        let new = Settings { seed, text, ..preset.settings };
        let (base, now) = (self.base.fields(), new.fields());
        let lost: Vec<String> = self
            .draft
            .fields()
            .into_iter()
            .zip(base.iter().zip(&now))
            .filter(|((name, own), ((_, base), (_, now)))| {
                own != base && own != now && !matches!(*name, "seed" | "text")
            })
            .map(|((name, own), (_, (_, now)))| lab::replaced_one(name, own, now))
            .collect();
        self.all(new);
        self.notices.retain(|notice| notice.topic != Topic::Replaced);
        if !lost.is_empty() {
            self.say(Topic::Replaced, Tone::Info, lab::replaced((preset.title)(), lost.join(", ")));
        }
    }

    /// A link's settings.
    pub(super) fn linked(&mut self, link: &str) {
        self.all(Settings::from_link(link));
        self.bundled();
        self.say_unread(link);
    }

    /// What a link asks for and nobody here knows.
    pub(super) fn say_unread(&mut self, link: &str) {
        let unread = Settings::unread(link);
        if !unread.is_empty() {
            let asked: Vec<String> = unread.iter().map(lab::quoted).collect();
            self.say(Topic::Link, Tone::Info, lab::link_unknown(asked.join(", ")));
        }
    }

    /// Back to the settings that hold.
    pub(super) fn undo(&mut self) {
        self.branching = None;
        if let (Some(run), Some(branch)) = (&self.run, self.branch()) {
            let Settings { method, top_k, coefficients, .. } = branch.info.settings.clone();
            let settings = Settings { method, top_k, coefficients, ..run.asked.clone() };
            self.own = run.own.clone().or(self.own.take());
            self.all(settings);
            self.bundled();
        }
    }

    /// All settings at once.
    pub(super) fn all(&mut self, settings: Settings) {
        self.base.clone_from(&settings);
        self.draft = settings;
        self.k = None;
        self.typos.clear();
    }

    /// What is wrong with a setting as it is written, by its name.
    pub(super) fn wrong(&self, name: &str) -> Option<String> {
        let typo = self.typos.iter().find(|(own, _)| *own == name);
        let typo = typo.map(|(name, value)| bounds::misread(name, value));
        typo.or_else(|| self.draft.validate().err().filter(|error| error.name() == name)).map(|error| error.to_string())
    }

    /// Whether a setting has a control: it does something, or it is wrong, which a link may make what does nothing here.
    pub(super) fn shows(&self, row: &SettingRow) -> bool {
        (row.applies)(&self.draft) || self.wrong(row.name).is_some()
    }

    /// The setting that is wrong and does nothing here, so that nobody may know what to write, and what to take for it: what the
    /// method imposes, or what is usual.
    pub(super) fn mend(&self) -> Option<(&'static str, String)> {
        let row = table::named(self.error()?.name()).filter(|row| !(row.applies)(&self.draft))?;
        let fitted = row.get(&self.draft.clone().fitted());
        let value = if fitted == row.get(&self.draft) { row.get(&Settings::default()) } else { fitted };
        Some((row.name, value))
    }

    /// What was said of a file of one's own holds no more where another text is chosen.
    fn bundled(&mut self) {
        if self.draft.text != TextChoice::Own {
            self.notices.retain(|notice| notice.topic != Topic::Cut);
        }
    }

    /// What was said of a text, here or by the trainer, holds no more where another one is chosen.
    pub(super) fn other_words(&mut self) {
        self.notices.retain(|notice| !matches!(notice.topic, Topic::Cut | Topic::Route));
    }
}
