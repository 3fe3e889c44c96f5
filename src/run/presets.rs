//! Runs worth watching. Each shows its effect within a minute on two CPU cores, whatever the seed.

use super::settings::{Coefficients, Settings};
use super::table::Words;
use crate::messages::run;
use crate::methods;

/// A named run.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its name, as in links and `moescope train --preset`.
    pub name: &'static str,
    /// Its title.
    pub title: Words,
    /// What to watch, in a sentence.
    pub watch: Words,
    /// The settings.
    pub settings: Settings,
    /// Steps after which the effect is there.
    pub steps: u64,
}

/// All presets.
pub fn presets() -> Vec<Preset> {
    let usual = Settings::default();
    // Room for all tokens at any expert: what balance alone does is to be seen, not what drops do.
    let roomy = with_room(&usual);
    let top_2 = Settings { method: &methods::LOSS_FREE, top_k: 2, inner: 48, ..Settings::default() };
    let with = |settings: &Settings, change: fn(&mut Coefficients)| {
        let mut settings = settings.clone();
        change(&mut settings.coefficients);
        settings
    };
    vec![
        Preset {
            name: "collapse",
            title: run::collapse,
            watch: run::collapse_watch,
            settings: with(&roomy, |c| c.balance = 0.0),
            steps: 400,
        },
        Preset {
            name: "switch-balanced",
            title: run::balanced,
            watch: run::balanced_watch,
            settings: roomy.clone(),
            steps: 400,
        },
        Preset {
            name: "loss-free",
            title: run::loss_free,
            watch: run::loss_free_watch,
            settings: with(&top_2, |c| c.bias_speed = 0.01),
            steps: 400,
        },
        Preset {
            name: "bias-too-fast",
            title: run::bias_too_fast,
            watch: run::bias_too_fast_watch,
            settings: with(&top_2, |c| c.bias_speed = 0.5),
            steps: 400,
        },
        Preset {
            name: "base",
            title: run::base,
            watch: run::base_watch,
            settings: Settings { method: &methods::BASE, ..usual.clone() },
            steps: 400,
        },
        Preset {
            name: "hash",
            title: run::hash,
            watch: run::hash_watch,
            settings: Settings { method: &methods::HASH_BALANCED, against: Some(&methods::SWITCH), ..roomy },
            steps: 400,
        },
    ]
}

/// Weight of the balancing loss where nothing else keeps the load even.
const BALANCE: f64 = 0.08;

/// The same with room for every token at every expert, balanced by the loss alone.
fn with_room(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.coefficients.capacity_factor = settings.experts as f64;
    settings.coefficients.balance = BALANCE;
    settings
}

impl Preset {
    /// The preset of that name.
    pub fn named(name: &str) -> Option<Self> {
        presets().into_iter().find(|preset| preset.name == name)
    }

    /// The preset that these settings are, but for seed and text.
    pub fn of(settings: &Settings) -> Option<Self> {
        presets().into_iter().find(|preset| {
            let Settings { seed, text, .. } = preset.settings;
            Settings { seed, text, ..settings.clone() } == preset.settings
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Preset, presets};
    use crate::run::Settings;

    #[test]
    fn every_preset_can_be_started_and_is_found_by_its_settings() {
        for preset in presets() {
            preset.settings.validate().unwrap_or_else(|error| panic!("{}: {error}", preset.name));
            let moved = Settings { seed: 99, ..preset.settings.clone() };
            assert_eq!(Preset::of(&moved).unwrap().name, preset.name);
            assert_eq!(Preset::named(preset.name).unwrap().settings, preset.settings);
        }
    }
}
