//! What keys do: the one table by which every screen and picture goes, and from which the list of keys is made, so that a
//! key means one thing and no key is without its words.

use super::settings::Screen;
use crate::messages::keys;
use crate::scene::select::Move;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// On every screen.
    Page,
    /// On Explore and Compare, and on a picture of routes anywhere.
    Routes,
    /// On Explore, and on a picture of routes anywhere.
    Explore,
    /// On a picture of routes that has the keyboard; elsewhere the browser scrolls with these.
    Picture,
    /// On Train.
    Train,
}

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// So many tokens on, or recorded steps of a run; negative is back.
    Along(isize),
    /// So many layers on.
    Layer(isize),
    /// To the beginning of the text or of the run.
    First,
    /// To their end.
    Last,
    /// The expert so many places on.
    Expert(isize),
    /// A digit of an expert's number.
    Digit(usize),
    /// Time runs or stands: the picture plays, the model trains.
    Run,
    /// One training step.
    Step,
    /// A branch from the step that is looked at.
    Branch,
    /// Into the text field.
    Edit,
    /// The next view of the routes.
    Look,
    /// The list of keys.
    Help,
    /// Away from what is open, picked out or planned.
    LetGo,
}

/// What is written on a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// The same on every keyboard.
    Sign(&'static str),
    /// The space bar.
    Space,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Away.
    Escape,
}

impl Cap {
    /// As the list of keys shows it.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Sign(sign) => sign,
            Self::Space => keys::cap_space(),
            Self::PageUp => keys::cap_page_up(),
            Self::PageDown => keys::cap_page_down(),
            Self::Home => keys::cap_home(),
            Self::End => keys::cap_end(),
            Self::Escape => keys::cap_escape(),
        }
    }
}

/// Keys that belong together, with their words.
struct Row {
    place: KeyPlace,
    /// What is written on them.
    caps: &'static [Cap],
    words: fn() -> &'static str,
    /// As `KeyboardEvent.key` names them, letters small, `Shift ` in front where it must be held.
    keys: &'static [(&'static str, Deed)],
}

const TABLE: [Row; 19] = [
    Row {
        place: KeyPlace::Routes,
        caps: &[Cap::Sign("← →")],
        words: keys::along,
        keys: &[
            ("ArrowLeft", Deed::Along(-1)),
            ("ArrowRight", Deed::Along(1)),
            ("Shift ArrowLeft", Deed::Along(-10)),
            ("Shift ArrowRight", Deed::Along(10)),
        ],
    },
    Row {
        place: KeyPlace::Routes,
        caps: &[Cap::Sign("↑ ↓")],
        words: keys::layers,
        keys: &[("ArrowUp", Deed::Layer(-1)), ("ArrowDown", Deed::Layer(1))],
    },
    Row {
        place: KeyPlace::Picture,
        caps: &[Cap::PageUp, Cap::PageDown],
        words: keys::ten_along,
        keys: &[("PageUp", Deed::Along(-10)), ("PageDown", Deed::Along(10))],
    },
    Row {
        place: KeyPlace::Picture,
        caps: &[Cap::Home, Cap::End],
        words: keys::ends,
        keys: &[("Home", Deed::First), ("End", Deed::Last)],
    },
    Row { place: KeyPlace::Routes, caps: &[Cap::Space], words: keys::play, keys: &[(" ", Deed::Run)] },
    Row {
        place: KeyPlace::Explore,
        caps: &[Cap::Sign("1 … 9")],
        words: keys::digits,
        keys: &[
            ("1", Deed::Digit(1)),
            ("2", Deed::Digit(2)),
            ("3", Deed::Digit(3)),
            ("4", Deed::Digit(4)),
            ("5", Deed::Digit(5)),
            ("6", Deed::Digit(6)),
            ("7", Deed::Digit(7)),
            ("8", Deed::Digit(8)),
            ("9", Deed::Digit(9)),
            ("0", Deed::Digit(0)),
        ],
    },
    Row {
        place: KeyPlace::Explore,
        caps: &[Cap::Sign("X")],
        words: keys::experts,
        keys: &[("x", Deed::Expert(1)), ("Shift x", Deed::Expert(-1))],
    },
    Row { place: KeyPlace::Routes, caps: &[Cap::Sign("E")], words: keys::edit, keys: &[("e", Deed::Edit)] },
    Row { place: KeyPlace::Routes, caps: &[Cap::Sign("V")], words: keys::views, keys: &[("v", Deed::Look)] },
    Row { place: KeyPlace::Routes, caps: &[Cap::Escape], words: keys::let_go, keys: &[("Escape", Deed::LetGo)] },
    Row { place: KeyPlace::Train, caps: &[Cap::Space], words: keys::train, keys: &[(" ", Deed::Run)] },
    Row { place: KeyPlace::Train, caps: &[Cap::Sign("S")], words: keys::step, keys: &[("s", Deed::Step)] },
    Row {
        place: KeyPlace::Train,
        caps: &[Cap::Sign("← →")],
        words: keys::steps_along,
        keys: &[
            ("ArrowLeft", Deed::Along(-1)),
            ("ArrowRight", Deed::Along(1)),
            ("Shift ArrowLeft", Deed::Along(-10)),
            ("Shift ArrowRight", Deed::Along(10)),
        ],
    },
    Row {
        place: KeyPlace::Train,
        caps: &[Cap::PageUp, Cap::PageDown],
        words: keys::steps_ten_along,
        keys: &[("PageUp", Deed::Along(-10)), ("PageDown", Deed::Along(10))],
    },
    Row { place: KeyPlace::Train, caps: &[Cap::Home], words: keys::beginning, keys: &[("Home", Deed::First)] },
    Row { place: KeyPlace::Train, caps: &[Cap::End], words: keys::newest, keys: &[("End", Deed::Last)] },
    Row { place: KeyPlace::Train, caps: &[Cap::Sign("B")], words: keys::branch, keys: &[("b", Deed::Branch)] },
    Row { place: KeyPlace::Train, caps: &[Cap::Escape], words: keys::train_let_go, keys: &[("Escape", Deed::LetGo)] },
    Row { place: KeyPlace::Page, caps: &[Cap::Sign("?")], words: keys::list, keys: &[("?", Deed::Help)] },
];

/// Where the keys work that a screen itself takes, without those of its pictures.
pub fn places(screen: Screen) -> &'static [KeyPlace] {
    match screen {
        Screen::Explore => &[KeyPlace::Page, KeyPlace::Routes, KeyPlace::Explore],
        Screen::Compare => &[KeyPlace::Page, KeyPlace::Routes],
        Screen::Train => &[KeyPlace::Page, KeyPlace::Train],
    }
}

/// Where the keys work that a picture of routes takes while it has the keyboard.
pub const PICTURE: &[KeyPlace] = &[KeyPlace::Picture, KeyPlace::Routes, KeyPlace::Explore];

/// The list of a screen's keys: what is written on them, and what they do.
pub fn help(screen: Screen) -> impl Iterator<Item = (&'static [Cap], &'static str)> {
    let pictures = screen != Screen::Train;
    let here = move |row: &&Row| places(screen).contains(&row.place) || (pictures && row.place == KeyPlace::Picture);
    TABLE.iter().filter(here).map(|row| (row.caps, (row.words)()))
}

/// What a key means in any of some places.
fn meaning(places: &[KeyPlace], key: &str, shift: bool) -> Option<Deed> {
    let named = |wanted: &str| {
        let rows = TABLE.iter().filter(|row| places.contains(&row.place));
        rows.flat_map(|row| row.keys).find(|(key, _)| *key == wanted).map(|(_, deed)| *deed)
    };
    // One letter, whatever Shift and the lock of capitals make of it.
    let key = if key.chars().count() == 1 { key.to_lowercase() } else { key.to_owned() };
    shift.then(|| named(&format!("Shift {key}"))).flatten().or_else(|| named(&key))
}

impl Deed {
    /// How it moves the selection in a picture of routes, if it does.
    pub fn moves(self) -> Option<Move> {
        Some(match self {
            Self::Along(by) => Move::Token(by),
            Self::Layer(by) => Move::Layer(by),
            Self::First => Move::First,
            Self::Last => Move::Last,
            Self::Expert(by) => Move::Expert(by),
            Self::LetGo => Move::NoExpert,
            Self::Run => Move::Toggle,
            Self::Digit(_) | Self::Step | Self::Branch | Self::Edit | Self::Look | Self::Help => return None,
        })
    }
}

/// A key press that nothing has taken yet.
#[derive(Debug)]
pub struct Press {
    key: String,
    shift: bool,
    /// The element that has the keyboard, if it is no picture without a tag of its own.
    pub target: Option<HtmlElement>,
    /// Whether one writes or chooses there.
    pub in_field: bool,
    /// Whether a space presses what is there.
    on_control: bool,
}

impl Press {
    /// The press of an event; none where the browser or somebody else has it.
    pub fn of(event: &KeyboardEvent) -> Option<Self> {
        let for_browser = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
        if event.default_prevented() || for_browser {
            return None;
        }
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let tag = target.as_ref().map(|target| target.tag_name()).unwrap_or_default();
        Some(Self {
            key: event.key(),
            shift: event.shift_key(),
            target,
            in_field: matches!(tag.as_str(), "TEXTAREA" | "INPUT" | "SELECT"),
            on_control: matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY" | "LABEL"),
        })
    }

    /// What it means in any of some places. A field has its keys for itself, but for the one that leads out of it.
    pub fn deed(&self, places: &[KeyPlace]) -> Option<Deed> {
        let deed = meaning(places, &self.key, self.shift)?;
        let taken = (self.in_field && deed != Deed::LetGo) || (self.on_control && deed == Deed::Run);
        (!taken).then_some(deed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn pressed(places: &[KeyPlace], key: &str) -> Option<Deed> {
        meaning(places, key, false)
    }

    #[test]
    fn a_key_means_one_thing_wherever_it_works() {
        let mut meant: BTreeMap<&str, Deed> = BTreeMap::new();
        for (key, deed) in TABLE.iter().flat_map(|row| row.keys) {
            let before = meant.insert(key, *deed);
            assert!(before.is_none_or(|before| before == *deed), "{key}: {before:?} and {deed:?}");
        }
        for places in [Screen::Explore, Screen::Compare, Screen::Train].map(places).into_iter().chain([PICTURE]) {
            for (key, _) in TABLE.iter().flat_map(|row| row.keys) {
                let rows = TABLE.iter().filter(|row| places.contains(&row.place));
                let times = rows.flat_map(|row| row.keys).filter(|(other, _)| other == key).count();
                assert!(times <= 1, "{key} is {times} times in {places:?}");
            }
        }
    }

    #[test]
    fn every_key_is_written_in_the_help_of_its_screen() {
        for screen in [Screen::Explore, Screen::Compare, Screen::Train] {
            let listed: Vec<_> = help(screen).collect();
            let pictures: &[KeyPlace] = if screen == Screen::Train { &[] } else { &[KeyPlace::Picture] };
            for row in TABLE.iter().filter(|row| places(screen).contains(&row.place) || pictures.contains(&row.place)) {
                assert!(listed.contains(&(row.caps, (row.words)())), "{screen:?}: {:?}", row.caps);
                for (key, _) in row.keys {
                    let bare = key.trim_start_matches("Shift ");
                    let cap = match bare {
                        "ArrowLeft" => "←",
                        "ArrowRight" => "→",
                        "ArrowUp" => "↑",
                        "ArrowDown" => "↓",
                        "PageUp" => "PgUp",
                        "PageDown" => "PgDn",
                        "Escape" => "Esc",
                        " " => "Space",
                        "0" | "2" | "3" | "4" | "5" | "6" | "7" | "8" => "…",
                        other => &other.to_uppercase().replace("HOME", "Home").replace("END", "End"),
                    };
                    let written: String = row.caps.iter().map(|cap| cap.shown()).collect();
                    assert!(written.contains(cap), "{key} is not among {:?}", row.caps);
                    assert!(bare == *key || (row.words)().contains("with Shift"), "{key}: {}", (row.words)());
                }
            }
        }
    }

    #[test]
    fn e_edits_the_text_on_a_picture_too() {
        assert_eq!(pressed(PICTURE, "e"), Some(Deed::Edit));
        assert_eq!(Deed::Edit.moves(), None, "so the picture leaves it to the page");
        assert_eq!(pressed(places(Screen::Train), "e"), None);
    }

    #[test]
    fn letters_are_read_whatever_shift_and_the_lock_make_of_them() {
        let explore = places(Screen::Explore);
        assert_eq!((pressed(explore, "V"), meaning(explore, "X", true)), (Some(Deed::Look), Some(Deed::Expert(-1))));
        assert_eq!((pressed(explore, "X"), meaning(explore, "?", true)), (Some(Deed::Expert(1)), Some(Deed::Help)));
        assert_eq!(meaning(explore, "ArrowUp", true), Some(Deed::Layer(-1)), "Shift changes nothing there");
        assert_eq!(meaning(explore, "ArrowRight", true), Some(Deed::Along(10)));
        assert_eq!((pressed(explore, "Home"), pressed(PICTURE, "Home")), (None, Some(Deed::First)));
    }
}
