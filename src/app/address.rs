//! The address bar: what is on the screen, as a URL fragment that somebody else can open.
//!
//! `#text=…&layer=3&token=9`, by the rows of one table: values are percent-encoded, what equals its default is left out, and what
//! cannot be understood is ignored, because a link that lost a piece on its way should still open. A long text is packed
//! (`#packed=…`, [`super::packed`]).

use super::comparison::{MOST, With};
use super::continuation::Continuation;
use super::models::{self, Model};
use super::packed;
use super::settings::{Look, PageSettings, Screen, ThemeChoice};
use crate::protocol::DeviceChoice;
use crate::trace::{SHORT_HASH, Sampling};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Milliseconds without a change after which it reaches the address bar.
pub const REST: u32 = 150;

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
    /// How that part was chosen, if `model` (of that `checkpoint`, where it is named) wrote it and that is known.
    pub drawn: Option<Sampling>,
    /// Selected layer, from 0.
    pub layer: usize,
    /// Selected token, from 0.
    pub token: Option<usize>,
    /// Selected expert, from 0.
    pub expert: Option<usize>,
    /// Everything that is set rather than selected.
    pub settings: PageSettings,
    /// The model.
    pub model: Model,
    /// The first digits of its checkpoint's hash, where a link says with which one it was made.
    pub checkpoint: Option<String>,
    /// The models that are compared.
    pub with: With,
    /// The same of their checkpoints, in their order; empty where nothing is said of any.
    pub compared: Vec<Option<String>>,
    /// The settings of the run on the train screen, as [`crate::run::Settings::to_link`] writes them, or whatever stands in
    /// their place: the train screen reads it, and says what it cannot.
    pub run: String,
}

/// What is written into a fragment.
struct Writing<'a> {
    address: &'a Address,
    /// The text as it is, where it is short enough.
    plain: Option<String>,
    /// Else the text packed, where that is short enough.
    packed: Option<String>,
}

/// A name of the fragment: what is written under it, which is nothing for its default, and what is read from it.
struct Row {
    name: &'static str,
    write: fn(&Writing) -> Option<String>,
    read: fn(&mut Address, &str),
}

/// All names, in the order in which they are written.
const TABLE: [Row; 25] = [
    Row { name: "model", write: |w| w.address.model.clone(), read: |a, value| a.model = models::named(value) },
    Row { name: "checkpoint", write: |w| w.address.checkpoint.clone(), read: |a, value| a.checkpoint = hash(value) },
    Row {
        name: "layer",
        write: |w| Some(w.address.layer).filter(|&layer| w.routes() && layer > 0).map(one_based),
        read: |a, value| a.layer = index(value).unwrap_or(0),
    },
    Row {
        name: "token",
        write: |w| w.address.token.filter(|_| w.routes()).map(one_based),
        read: |a, value| a.token = index(value),
    },
    Row {
        name: "expert",
        write: |w| w.address.expert.filter(|_| w.routes()).map(one_based),
        read: |a, value| a.expert = index(value),
    },
    Row {
        name: "screen",
        write: |w| unusual(w, |set| set.screen).map(|screen| screen.name().to_owned()),
        read: |a, value| a.settings.screen = Screen::from_name(value),
    },
    Row {
        name: "view",
        write: |w| unusual(w, |set| set.look).map(|look| look.name().to_owned()),
        read: |a, value| a.settings.look = Look::from_name(value),
    },
    Row {
        name: "run",
        write: |w| Some(&w.address.run).filter(|run| !w.routes() && !run.is_empty()).map(|run| encode(run)),
        read: |a, value| a.run = decode(value).chars().take(MAX_RUN).collect(),
    },
    Row { name: "ahead", write: |w| flag(w.address.settings.ahead), read: |a, value| a.settings.ahead = value == "1" },
    Row {
        name: "domain",
        write: |w| w.address.settings.task.map(one_based),
        read: |a, value| a.settings.task = index(value),
    },
    Row {
        name: "with",
        write: |w| Some(&w.address.with).filter(|with| **with != With::default()).map(With::write),
        read: |a, value| a.with = With::read(value),
    },
    Row {
        name: "checkpoints",
        write: |w| hashes(&w.address.compared),
        read: |a, value| a.compared = read_hashes(value),
    },
    Row {
        name: "device",
        write: |w| unusual(w, |set| set.device).map(|device| device.name().to_owned()),
        read: |a, value| a.settings.device = DeviceChoice::from_name(value),
    },
    Row {
        name: "theme",
        write: |w| unusual(w, |set| set.theme).map(|theme| theme.name().to_owned()),
        read: |a, value| a.settings.theme = ThemeChoice::from_name(value),
    },
    Row {
        name: "spaces",
        write: |w| flag(w.address.settings.spaces),
        read: |a, value| a.settings.spaces = value == "1",
    },
    Row {
        name: "temperature",
        write: |w| unusual(w, |set| set.sampling.temperature).map(|t| t.to_string()),
        read: |a, value| put(&mut a.settings.sampling.temperature, value),
    },
    Row {
        name: "top-k",
        write: |w| unusual(w, |set| set.sampling.top_k).map(|k| k.to_string()),
        read: |a, value| put(&mut a.settings.sampling.top_k, value),
    },
    Row {
        name: "top-p",
        write: |w| unusual(w, |set| set.sampling.top_p).map(|p| p.to_string()),
        read: |a, value| put(&mut a.settings.sampling.top_p, value),
    },
    Row {
        name: "seed",
        write: |w| unusual(w, |set| set.sampling.seed).map(|seed| seed.to_string()),
        read: |a, value| put(&mut a.settings.sampling.seed, value),
    },
    Row {
        name: "tokens",
        write: |w| unusual(w, |set| set.max_tokens).map(|tokens| tokens.to_string()),
        read: |a, value| put(&mut a.settings.max_tokens, value),
    },
    Row {
        name: "generated",
        write: |w| w.address.generated.filter(|_| w.holds_text()).map(|at| at.to_string()),
        read: |a, value| a.generated = value.parse().ok(),
    },
    Row {
        name: "drawn",
        write: |w| w.address.drawn.filter(|_| w.address.generated.is_some() && w.holds_text()).map(write_sampling),
        read: |a, value| a.drawn = read_sampling(value),
    },
    Row {
        name: "long",
        write: |w| flag(if w.address.text.is_some() { !w.holds_text() } else { w.address.long }),
        read: |a, value| a.long |= value == "1",
    },
    Row {
        name: "packed",
        write: |w| w.packed.clone(),
        read: |a, value| match packed::unpack(value) {
            Some(text) => a.text = Some(super::spans::normal_lines(&text)),
            None => a.long = true,
        },
    },
    Row {
        name: "text",
        write: |w| w.plain.clone(),
        read: |a, value| a.text = Some(super::spans::normal_lines(&decode(value))),
    },
];

impl Writing<'_> {
    /// The train screen shows no routes of the text, so a selection in them is none of its link's, and a run is none of others'.
    fn routes(&self) -> bool {
        self.address.settings.screen != Screen::Train
    }

    fn holds_text(&self) -> bool {
        self.plain.is_some() || self.packed.is_some()
    }
}

/// What is set, where that is not the default.
fn unusual<T: PartialEq>(writing: &Writing, get: fn(&PageSettings) -> T) -> Option<T> {
    Some(get(&writing.address.settings)).filter(|value| *value != get(&PageSettings::default()))
}

fn flag(on: bool) -> Option<String> {
    on.then(|| "1".to_owned())
}

fn one_based(index: usize) -> String {
    (index + 1).to_string()
}

/// Counted from 0 what is written counted from 1.
fn index(value: &str) -> Option<usize> {
    value.parse::<usize>().ok()?.checked_sub(1)
}

/// What cannot be read changes nothing.
fn put<T: std::str::FromStr>(place: &mut T, value: &str) {
    if let Ok(value) = value.parse() {
        *place = value;
    }
}

impl Address {
    /// The fragment, without `#`.
    pub fn write(&self) -> String {
        let plain = self.text.as_ref().map(|text| encode(text)).filter(|text| text.len() <= MAX_PLAIN);
        let packed = self.text.as_ref().filter(|_| plain.is_none()).and_then(|text| packed::pack(text));
        let writing = Writing { address: self, plain, packed };
        let pair = |row: &Row| Some(format!("{}={}", row.name, (row.write)(&writing)?));
        TABLE.iter().filter_map(pair).collect::<Vec<_>>().join("&")
    }

    /// From a fragment, with or without `#`.
    pub fn read(fragment: &str) -> Self {
        let mut address = Self::default();
        for pair in fragment.trim_start_matches('#').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Some(row) = TABLE.iter().find(|row| row.name == name) {
                (row.read)(&mut address, value);
                address.settings = address.settings.within_limits();
            }
        }
        address
    }

    /// How the generated part was chosen, and by whom.
    pub fn continuation(&self) -> Option<Continuation> {
        let (model, checkpoint) = (models::name(&self.model).to_owned(), self.checkpoint.clone());
        self.drawn.map(|sampling| Continuation { sampling, model, checkpoint })
    }

    /// Whether a fragment holds its text.
    pub fn holds_text(fragment: &str) -> bool {
        fragment.split('&').any(|pair| pair.starts_with("text=") || pair.starts_with("packed="))
    }
}

/// The first digits of a hash.
fn hash(value: &str) -> Option<String> {
    let digits = value.len() == SHORT_HASH && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    digits.then(|| value.to_owned())
}

/// The first digits of several hashes, with commas between; nothing stands for one that is not known.
fn hashes(of: &[Option<String>]) -> Option<String> {
    let all: Vec<&str> = of.iter().map(|hash| hash.as_deref().unwrap_or_default()).collect();
    all.iter().any(|hash| !hash.is_empty()).then(|| all.join(","))
}

fn read_hashes(value: &str) -> Vec<Option<String>> {
    let all: Vec<Option<String>> = value.split(',').take(MOST).map(hash).collect();
    if all.iter().any(Option::is_some) { all } else { Vec::new() }
}

/// Temperature, top-k, top-p and seed, with commas between.
pub(super) fn write_sampling(Sampling { temperature, top_k, top_p, seed }: Sampling) -> String {
    format!("{temperature},{top_k},{top_p},{seed}")
}

/// What [`write_sampling`] wrote; `None` for anything by which nothing can be chosen.
pub(super) fn read_sampling(value: &str) -> Option<Sampling> {
    let mut numbers = value.split(',');
    let (temperature, top_k) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let (top_p, seed) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let sampling = Sampling { temperature, top_k, top_p, seed };
    let settings = PageSettings { sampling, ..PageSettings::default() };
    (numbers.next().is_none() && settings.within_limits().sampling == sampling).then_some(sampling)
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
        let mut settings = PageSettings {
            screen: Screen::Compare,
            look: Look::Method,
            ahead: true,
            task: Some(4),
            spaces: true,
            theme: ThemeChoice::Dark,
            max_tokens: 9,
            ..PageSettings::default()
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
            drawn: Some(Sampling { temperature: 0.1, top_k: 0, top_p: 0.95, seed: u64::MAX }),
            layer: 2,
            token: Some(8),
            expert: Some(5),
            settings,
            model,
            checkpoint: Some("0123456789ab".to_owned()),
            with: With::read("switch,base"),
            compared: vec![None, Some("ba9876543210".to_owned())],
            run: String::new(),
        };
        assert!(address.write().contains("&with=switch,base&checkpoints=,ba9876543210&"), "{}", address.write());
        assert_eq!(Address::read(&address.write()), address);
    }

    /// Numbers that look random and are the same every time.
    struct Draws(u64);

    impl Draws {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % most
        }

        fn some<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
            (self.below(2) == 0).then(|| value(self))
        }

        fn name(&mut self) -> String {
            ["switch", "hash-balanced", "opened-mine", "a", "x9-y"][self.below(5)].to_owned()
        }

        fn address(&mut self) -> Address {
            const PIECES: [&str; 9] = ["&", "=", "%41", "+", "#", "\u{0}", "\n", "سلام 😀", "word "];
            let text = self.some(|d| (0..d.below(40)).map(|_| PIECES[d.below(9)]).collect::<String>());
            let screen = Screen::ALL[self.below(3)];
            let (routes, held) = (screen != Screen::Train, text.is_some());
            let mut settings = PageSettings {
                screen,
                look: Look::ALL[self.below(3)],
                ahead: self.below(2) == 0,
                task: self.some(|d| d.below(9)),
                spaces: self.below(2) == 0,
                max_tokens: 1 + self.below(512),
                ..PageSettings::default()
            };
            settings.device = [DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::Gpu][self.below(3)];
            settings.theme = [ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark][self.below(3)];
            settings.sampling.temperature = self.below(4_000) as f32 / 1_000.0;
            settings.sampling.top_p = (10 + self.below(990)) as f32 / 1_000.0;
            settings.sampling.top_k = self.below(300);
            settings.sampling.seed = self.0;
            let run = self.some(|d| format!("preset~{}_seed~{}&%", d.name(), d.below(99)));
            Address {
                text,
                // A text that is there and is not held is long: that one is told by another test.
                long: !held && self.below(2) == 0,
                generated: self.some(|d| d.below(30)).filter(|_| held),
                drawn: None,
                layer: if routes { self.below(9) } else { 0 },
                token: self.some(|d| d.below(4_000)).filter(|_| routes),
                expert: self.some(|d| d.below(64)).filter(|_| routes),
                settings,
                model: self.some(Self::name),
                checkpoint: self.some(|d| format!("{:012x}", d.0 >> 20)),
                with: With::read(&[self.name(), self.name(), self.name()].join(",")),
                compared: (0..self.below(3)).map(|_| Some(format!("{:012x}", self.below(1 << 30)))).collect(),
                run: run.filter(|_| !routes).unwrap_or_default(),
            }
        }
    }

    #[test]
    fn whatever_is_on_the_screen_is_written_and_read_back() {
        let mut draws = Draws(3);
        for _ in 0..1_000 {
            let address = draws.address();
            let fragment = address.write();
            assert_eq!(Address::read(&fragment), address, "{fragment}");
            assert_eq!(Address::read(&fragment).write(), fragment);
        }
    }

    #[test]
    fn no_name_stands_twice_in_the_table() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..at].iter().all(|other| other.name != row.name), "{}", row.name);
        }
    }

    #[test]
    fn a_run_is_read_back_whatever_it_says() {
        let settings = PageSettings { screen: Screen::Train, ..PageSettings::default() };
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
            assert_eq!(Address::read(&format!("checkpoints={hash}")).compared, [], "{hash}");
        }
        for drawn in
            ["", "1,2", "1,2,3", "1,2,0.5,4,5", "nan,0,0.5,1", "9,0,0.5,1", "1,0,0,1", "1,-1,0.5,1", "1,0,0.5,x"]
        {
            assert_eq!(Address::read(&format!("drawn={drawn}")).drawn, None, "{drawn}");
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
