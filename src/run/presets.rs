//! Runs worth watching. Each shows its effect within a minute on two CPU cores, whatever the seed.

use super::settings::{Coefficients, Settings};
use crate::methods;

/// A named run.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name, as in links and `moescope train --preset`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What to watch, in a sentence.
    pub watch: &'static str,
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
            title: "No balancing: watch it collapse",
            watch: "A few experts get better because they are used, and are used because they are better; within a second or two \
                    the others starve. Left alone for long, some of them come back.",
            settings: with(&roomy, |c| c.balance = 0.0),
            steps: 400,
        },
        Preset {
            name: "switch-balanced",
            title: "Switch with a balancing loss",
            watch: "The same model and text with the balancing loss, and nothing else changed: load stays near its even share.",
            settings: roomy.clone(),
            steps: 400,
        },
        Preset {
            name: "loss-free",
            title: "Loss-free bias",
            watch: "No loss balances anything: a bias moves a little after every step until load is even.",
            settings: with(&top_2, |c| c.bias_speed = 0.01),
            steps: 400,
        },
        Preset {
            name: "bias-too-fast",
            title: "Bias too fast: watch it oscillate",
            watch: "The same bias, moved too far in every step: load jumps from expert to expert.",
            settings: with(&top_2, |c| c.bias_speed = 0.5),
            steps: 400,
        },
        Preset {
            name: "base",
            title: "BASE: balanced assignment",
            watch: "In training tokens are assigned, equally many to every expert, so the bands are flat. In use each token \
                    goes to its best expert: watch how uneven held-out text is at first, and that it never becomes quite even.",
            settings: Settings { method: &methods::BASE, ..usual.clone() },
            steps: 400,
        },
        Preset {
            name: "hash",
            title: "Hash against learned",
            watch: "Two branches: a fixed table of tokens beside a router that learns; no expert is ever full. Which held-out \
                    loss is lower?",
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
            assert_eq!(Preset::named(preset.name), Some(preset));
        }
    }
}
