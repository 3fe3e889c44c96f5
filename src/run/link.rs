//! Settings as a short text for the address bar and the command line: `method~loss-free_k~2_bias~0.1_seed~7`.
//!
//! Only what differs from the defaults, or from a preset named first (`preset~hash_seed~3`), is written. Every character is
//! one that a URL leaves as it is. What cannot be understood is ignored, because a link that lost a piece on its way
//! should still open.

use super::presets::Preset;
use super::settings::Settings;
use super::table::{self, TABLE};

impl Settings {
    /// The text for a link.
    pub fn to_link(&self) -> String {
        let mut out = Vec::new();
        let base = match Preset::of(self) {
            Some(preset) => {
                out.push(format!("preset~{}", preset.name));
                preset.settings
            }
            None => Self::default(),
        };
        let (ours, usual) = (self.fields(), base.fields());
        out.extend(ours.iter().zip(&usual).filter(|(a, b)| a != b).map(|((name, value), _)| format!("{name}~{value}")));
        // A link that names nothing would not be one.
        if out.is_empty() {
            out.push(format!("method~{}", self.method.id));
        }
        out.join("_")
    }

    /// The same with every value, defaults too: for files, which outlive the defaults.
    pub fn to_text(&self) -> String {
        let pairs = self.fields().into_iter().map(|(name, value)| format!("{name}~{value}"));
        pairs.collect::<Vec<_>>().join("_")
    }

    /// Reads a link's text.
    #[must_use]
    pub fn from_link(text: &str) -> Self {
        let pairs = || text.split('_').filter_map(|pair| pair.split_once('~'));
        let preset = pairs().find(|&(name, _)| name == "preset").and_then(|(_, value)| Preset::named(value));
        let mut settings = preset.map(|preset| preset.settings).unwrap_or_default();
        for (name, value) in pairs() {
            settings.set(name, value);
        }
        // Whoever writes a link by hand names a method, and not always how many experts it takes.
        if pairs().all(|(name, _)| name != "k") { settings.fitted() } else { settings }
    }

    /// The pieces of a link that [`Settings::from_link`] cannot understand.
    pub fn unread(text: &str) -> Vec<&str> {
        let mut any = Self::default();
        let known = |piece: &str, any: &mut Self| match piece.split_once('~') {
            Some(("preset", name)) => Preset::named(name).is_some(),
            Some((name, value)) => any.set(name, value),
            None => piece.is_empty(),
        };
        text.split('_').filter(|piece| !known(piece, &mut any)).collect()
    }

    /// Sets one value by its name in links; whether it was understood.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        table::named(name).is_some_and(|row| row.set(self, value))
    }

    /// Every setting's name in links and its value.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        TABLE.iter().map(|row| (row.name, row.get(self))).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::methods;
    use crate::run::{Coefficients, Preset, Settings, TextChoice, presets};

    #[test]
    fn what_is_no_finite_number_is_not_read() {
        let pieces = ["lr~NaN", "balance~inf", "noise~-inf", "z~1e999", "bias~nan", "capacity~infinity"];
        let link = pieces.join("_");
        assert_eq!(Settings::unread(&link), pieces);
        assert_eq!(Settings::from_link(&link), Settings::default());
    }

    #[test]
    fn a_link_that_names_only_a_method_can_be_started() {
        for method in methods::trained() {
            let settings = Settings::from_link(&format!("method~{}_width~16", method.id));
            assert_eq!((settings.method, settings.validate().err()), (method, None));
        }
    }

    #[test]
    fn links_hold_what_differs_and_nothing_that_a_url_would_change() {
        assert_eq!(Settings::default().to_link(), "method~switch");
        let collapse = Preset::named("collapse").unwrap().settings;
        assert_eq!(Settings { seed: 7, ..collapse.clone() }.to_link(), "preset~collapse_seed~7");
        let coefficients = Coefficients { learning_rate: 1e-5, z: 0.0, ..Coefficients::default() };
        let odd = Settings {
            method: &methods::SHAZEER_HIERARCHICAL,
            against: Some(&methods::HASH_PREVIOUS),
            experts: 16,
            top_k: 4,
            text: TextChoice::Own,
            coefficients,
            ..Settings::default()
        };
        for settings in presets().into_iter().map(|preset| preset.settings).chain([odd, collapse, Settings::default()])
        {
            let link = settings.to_link();
            assert_eq!(Settings::from_link(&link), settings, "{link}");
            assert_eq!(Settings::from_link(&settings.to_text()), settings);
            assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c)), "{link}");
        }
    }

    #[test]
    fn a_link_that_lost_a_piece_still_opens() {
        let settings = Settings::from_link("preset~nothing_experts~many_k_~_seed~3_colour~red");
        assert_eq!(settings, Settings { seed: 3, ..Settings::default() });
        assert_eq!(Settings::from_link(""), Settings::default());
        let unread = Settings::unread("preset~nothing_experts~many_k_~_seed~3_colour~red");
        assert_eq!(unread, ["preset~nothing", "experts~many", "k", "~", "colour~red"]);
        assert!(Settings::unread("").is_empty() && Settings::unread("preset~hash_seed~7_against~none").is_empty());
    }
}
