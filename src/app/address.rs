//! The address bar: what is on the screen, as a URL fragment that somebody else can open.
//!
//! `#text=…&layer=3&token=9`: names and values are percent-encoded, what equals its default is left out, and what
//! cannot be understood is ignored, because a link that lost a piece on its way should still open. A long text is packed
//! (`#packed=…`, [`super::packed`]).

use super::comparison::With;
use super::models::{self, Model};
use super::packed;
use super::settings::{Look, Screen, Settings, ThemeChoice};
use crate::protocol::DeviceChoice;
use crate::trace::SHORT_HASH;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Longest text, in encoded bytes, that goes into the address as it is, for everybody to read; longer ones are packed.
const MAX_PLAIN: usize = 6_000;

/// Longest text of a run's settings.
const MAX_RUN: usize = 600;

/// What the address bar holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// The text; `None` for the recording's text or one that is too long for an address.
    pub text: Option<String>,
    /// Whether there is a text that is too long for an address, and so is not in it.
    pub long: bool,
    /// From which byte of the text on it was generated.
    pub generated: Option<usize>,
    /// Selected layer, from 0.
    pub layer: usize,
    /// Selected token, from 0.
    pub token: Option<usize>,
    /// Selected expert, from 0.
    pub expert: Option<usize>,
    /// Everything that is set rather than selected.
    pub settings: Settings,
    /// The model.
    pub model: Model,
    /// The first digits of its checkpoint's hash, where a link says with which one it was made.
    pub checkpoint: Option<String>,
    /// The models that are compared.
    pub with: With,
    /// The settings of the run on the train screen, as [`crate::run::Settings::to_link`] writes them, or whatever stands in
    /// their place: the train screen reads it, and says what it cannot.
    pub run: String,
}

impl Address {
    /// The fragment, without `#`.
    pub fn write(&self) -> String {
        let (usual, set) = (Settings::default(), &self.settings);
        let mut out: Vec<String> = Vec::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                out.push(format!("{name}={value}"));
            }
        };
        let one_based = |i: usize| (i + 1).to_string();
        // The train screen shows no routes of the text, so a selection in them is none of its link's.
        let routes = set.screen != Screen::Train;
        put("model", self.model.clone());
        put("checkpoint", self.checkpoint.clone());
        put("layer", (routes && self.layer > 0).then(|| one_based(self.layer)));
        put("token", self.token.filter(|_| routes).map(one_based));
        put("expert", self.expert.filter(|_| routes).map(one_based));
        put("screen", (set.screen != usual.screen).then(|| set.screen.name().into()));
        put("view", (set.look != usual.look).then(|| set.look.name().into()));
        put("run", (set.screen == Screen::Train && !self.run.is_empty()).then(|| encode(&self.run)));
        put("ahead", set.ahead.then(|| "1".into()));
        put("domain", set.task.map(one_based));
        put("with", (self.with != With::default()).then(|| self.with.write()));
        put("device", (set.device != usual.device).then(|| set.device.name().into()));
        put("theme", (set.theme != usual.theme).then(|| set.theme.name().into()));
        put("spaces", set.spaces.then(|| "1".into()));
        let (s, u) = (set.sampling, usual.sampling);
        put("temperature", (s.temperature != u.temperature).then(|| s.temperature.to_string()));
        put("top-k", (s.top_k != u.top_k).then(|| s.top_k.to_string()));
        put("top-p", (s.top_p != u.top_p).then(|| s.top_p.to_string()));
        put("seed", (s.seed != u.seed).then(|| s.seed.to_string()));
        put("tokens", (set.max_tokens != usual.max_tokens).then(|| set.max_tokens.to_string()));
        let plain = self.text.as_ref().map(|text| encode(text)).filter(|text| text.len() <= MAX_PLAIN);
        let packed = self.text.as_ref().filter(|_| plain.is_none()).and_then(|text| packed::pack(text));
        let held = plain.is_some() || packed.is_some();
        put("generated", self.generated.filter(|_| held).map(|at| at.to_string()));
        let long = if self.text.is_some() { !held } else { self.long };
        put("long", long.then(|| "1".into()));
        put("packed", packed);
        put("text", plain);
        out.join("&")
    }

    /// From a fragment, with or without `#`.
    pub fn read(fragment: &str) -> Self {
        let mut address = Self::default();
        for pair in fragment.trim_start_matches('#').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            address.take(name, value);
        }
        address
    }

    /// Whether a fragment holds its text.
    pub fn holds_text(fragment: &str) -> bool {
        fragment.split('&').any(|pair| pair.starts_with("text=") || pair.starts_with("packed="))
    }

    fn take(&mut self, name: &str, value: &str) {
        fn number<T: std::str::FromStr>(value: &str) -> Option<T> {
            value.parse().ok()
        }
        let index = || number::<usize>(value).and_then(|n| n.checked_sub(1));
        let set = &mut self.settings;
        match name {
            "text" => self.text = Some(super::spans::normal_lines(&decode(value))),
            "packed" => match packed::unpack(value) {
                Some(text) => self.text = Some(super::spans::normal_lines(&text)),
                None => self.long = true,
            },
            "generated" => self.generated = number(value),
            "long" => self.long |= value == "1",
            "model" => self.model = models::named(value),
            "checkpoint" => self.checkpoint = hash(value),
            "layer" => self.layer = index().unwrap_or(0),
            "token" => self.token = index(),
            "expert" => self.expert = index(),
            "run" => self.run = decode(value).chars().take(MAX_RUN).collect(),
            "with" => self.with = With::read(value),
            "screen" => set.screen = Screen::from_name(value),
            "view" => set.look = Look::from_name(value),
            "ahead" => set.ahead = value == "1",
            "domain" => set.task = index(),
            "device" => set.device = DeviceChoice::from_name(value),
            "theme" => set.theme = ThemeChoice::from_name(value),
            "spaces" => set.spaces = value == "1",
            "temperature" => set.sampling.temperature = number(value).unwrap_or(set.sampling.temperature),
            "top-k" => set.sampling.top_k = number(value).unwrap_or(set.sampling.top_k),
            "top-p" => set.sampling.top_p = number(value).unwrap_or(set.sampling.top_p),
            "seed" => set.sampling.seed = number(value).unwrap_or(set.sampling.seed),
            "tokens" => set.max_tokens = number(value).unwrap_or(set.max_tokens),
            _ => {}
        }
        *set = set.within_limits();
    }
}

/// The first digits of a hash.
fn hash(value: &str) -> Option<String> {
    let digits = value.len() == SHORT_HASH && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    digits.then(|| value.to_owned())
}

/// What stands for itself in a value: RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A value as it stands in an address; of one that is too long for it, enough to see that it is.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    for part in utf8_percent_encode(text, RESERVED) {
        out.push_str(part);
        if out.len() > MAX_PLAIN {
            break;
        }
    }
    out
}

fn decode(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_special_is_an_empty_fragment() {
        assert_eq!(Address::default().write(), "");
        assert_eq!(Address::read(""), Address::default());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut settings = Settings {
            screen: Screen::Compare,
            look: Look::Method,
            ahead: true,
            task: Some(4),
            spaces: true,
            theme: ThemeChoice::Dark,
            max_tokens: 9,
            ..Settings::default()
        };
        settings.device = DeviceChoice::Cpu;
        settings.sampling.temperature = 0.35;
        settings.sampling.seed = u64::MAX;
        let model = Some("hash-balanced".to_owned());
        let text = Some("a&b=c%#+ 😀\n\u{0}سلام".to_owned());
        let address = Address {
            text,
            long: false,
            generated: Some(3),
            layer: 2,
            token: Some(8),
            expert: Some(5),
            settings,
            model,
            checkpoint: Some("0123456789ab".to_owned()),
            with: With::read("switch,base"),
            run: String::new(),
        };
        assert_eq!(Address::read(&address.write()), address);
    }

    #[test]
    fn a_run_is_read_back_whatever_it_says() {
        let settings = Settings { screen: Screen::Train, ..Settings::default() };
        let address = Address { run: "preset~base_seed~7".into(), settings, ..Address::default() };
        assert_eq!(address.write(), "screen=train&run=preset~base_seed~7");
        assert_eq!(Address::read("screen=train&run=preset~base_seed%7E7"), address);
        let selected = Address { layer: 2, token: Some(23), expert: Some(1), ..address.clone() };
        assert_eq!(selected.write(), address.write(), "what is selected elsewhere is not its");
        for run in ["<b>", "a&b=c", "%FF", "lr~NaN", "\u{e9}\n"] {
            let odd = Address { run: run.into(), ..address.clone() };
            assert_eq!(Address::read(&odd.write()), odd, "{run}");
        }
        assert_eq!(Address::read(&format!("run={}", "x".repeat(601))).run, "x".repeat(600));
    }

    #[test]
    fn the_encoding_is_the_usual_one() {
        let address = Address { text: Some("naïve & +".into()), ..Address::default() };
        assert_eq!(address.write(), "text=na%C3%AFve%20%26%20%2B");
        assert_eq!(Address::read("#text=a+b%20c").text.as_deref(), Some("a b c"));
    }

    #[test]
    fn broken_fragments_are_tolerated() {
        let address = Address::read("#layer=x&token=0&expert=-4&&=&text=%zz%F&temperature=nan&top-p=7&device=abacus");
        assert_eq!(address.layer, 0);
        assert_eq!(address.token, None);
        assert_eq!(address.text.as_deref(), Some("%zz%F"));
        assert_eq!(address.settings.device, DeviceChoice::Auto);
        assert!((0.0..=1.0).contains(&address.settings.sampling.top_p));
        assert!(address.settings.sampling.temperature.is_finite());
        for name in ["../secret", "a/b", "%2e%2e", "", "Switch ", "https://x", &"x".repeat(65)] {
            assert_eq!(Address::read(&format!("model={name}")).model, None, "{name}");
        }
        for hash in ["", "0123456789AB", "0123456789a", "0123456789abc", "0123456789é"] {
            assert_eq!(Address::read(&format!("checkpoint={hash}")).checkpoint, None, "{hash}");
        }
        assert_eq!(Address::read("%FF=%FF&text=%FF").text.as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn a_text_too_long_for_an_address_is_left_out() {
        let text = Some("é".repeat(100_000));
        let address = Address { text, generated: Some(1), layer: 1, ..Address::default() };
        assert_eq!(address.write(), "layer=2&long=1");
        assert!(Address::read("layer=2&long=1").long && !Address::holds_text("layer=2&long=1"));
    }

    #[test]
    fn a_page_of_prose_comes_back() {
        let samples = crate::app::samples::samples();
        let prose: String = samples.iter().map(|sample| sample.text.as_str()).cycle().take(120).collect();
        let prose: String = prose.chars().take(12_000).collect();
        assert_eq!(prose.chars().count(), 12_000);
        let address = Address { text: Some(prose), generated: Some(40), layer: 1, ..Address::default() };
        let fragment = address.write();
        assert!(fragment.starts_with("layer=2&generated=40&packed=") && fragment.len() < 20_100);
        assert!(Address::holds_text(&fragment));
        assert_eq!(Address::read(&fragment), address);
    }

    #[test]
    fn a_packed_text_that_lost_a_part_is_a_text_that_is_missing() {
        let address = Address { text: Some("words and words ".repeat(600)), ..Address::default() };
        let fragment = address.write();
        let cut = Address::read(&fragment[..fragment.len() - 9]);
        assert_eq!((cut.text, cut.long), (None, true));
    }
}
