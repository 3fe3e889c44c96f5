//! Texts kept in this tab, so that a reload and the way back lose nothing of them.
//!
//! A link cannot hold every text, and the address bar is behind while somebody types. So each entry of the tab's history
//! has a number of its own (in `history.state`), and the session's storage keeps a text under that number where the
//! address does not hold it yet, or cannot. That storage belongs to one tab: two tabs never see each other's texts.

use super::address::{read_sampling, write_sampling};
use crate::trace::Sampling;
use wasm_bindgen::JsValue;
use web_sys::Storage;

/// What the names of kept texts begin with.
const PREFIX: &str = "moescope.text.";
/// Where the entry stands that the page was at when it ended.
const LEFT: &str = "moescope.left";

/// Where it stands that the tour was seen.
const TOUR: &str = "moescope.tour";

/// Where it stands which opened file was shown.
const FILE: &str = "moescope.file";

/// A text with what the address would say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedText {
    /// The text.
    pub text: String,
    /// From which byte of it on it was generated.
    pub generated: Option<usize>,
    /// How that part was chosen, if that is known.
    pub drawn: Option<Sampling>,
}

impl SavedText {
    /// One line for the place and how that part was chosen, then the text.
    fn write(&self) -> String {
        let at = self.generated.map(|at| at.to_string()).unwrap_or_default();
        let drawn = self.drawn.map(|drawn| format!(" {}", write_sampling(drawn))).unwrap_or_default();
        format!("{at}{drawn}\n{}", self.text)
    }

    fn read(value: &str) -> Option<Self> {
        let (line, text) = value.split_once('\n')?;
        let (at, drawn) = line.split_once(' ').unwrap_or((line, ""));
        Some(Self { text: text.to_owned(), generated: at.parse().ok(), drawn: read_sampling(drawn) })
    }
}

/// The number of the history's present entry, if the page gave it one.
pub fn entry() -> Option<String> {
    gloo::utils::window().history().ok()?.state().ok()?.as_string()
}

/// A number for a new entry: later ones are greater.
pub fn new_entry() -> String {
    format!("{:.0}", js_sys::Date::now())
}

/// The text kept for an entry.
pub fn get(entry: &str) -> Option<SavedText> {
    SavedText::read(&storage()?.get_item(&format!("{PREFIX}{entry}")).ok()??)
}

/// Keeps a text for an entry. Where there is no room, the texts of the oldest other entries make it.
///
/// # Errors
/// If the browser keeps nothing, or the text alone is too long for it.
pub fn put(entry: &str, kept: &SavedText) -> Result<(), JsValue> {
    let storage = storage().ok_or("there is no session storage")?;
    let (name, value) = (format!("{PREFIX}{entry}"), kept.write());
    loop {
        let Err(error) = storage.set_item(&name, &value) else { return Ok(()) };
        let Some(oldest) = oldest(&storage, &name) else { return Err(error) };
        storage.remove_item(&oldest)?;
    }
}

/// The page ends at an entry.
pub fn leave(entry: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(LEFT, entry); // without it only the loss that `left` mends is not mended
    }
}

/// The text of the entry that the page ended at, once, if that is not the present one: a browser that reloads right after
/// the entry was made may not have noted it yet, and comes back to the one before.
pub fn left() -> Option<SavedText> {
    let storage = storage()?;
    let left = storage.get_item(LEFT).ok()??;
    storage.remove_item(LEFT).ok()?;
    if entry().as_ref() == Some(&left) { None } else { get(&left) }
}

/// An opened file that the tab showed when it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Under which the browser keeps it.
    pub key: String,
    /// What it is called.
    pub name: String,
}

/// The page ends, or may, while it shows that opened file, or none.
pub fn leave_file(entry: &str, file: Option<&KeptFile>) {
    let Some(storage) = storage() else { return };
    // Without it a reload does not show the file: then nothing can be done.
    let _ = match file {
        Some(KeptFile { key, name }) => storage.set_item(FILE, &format!("{entry}\n{key}\n{name}")),
        None => storage.remove_item(FILE),
    };
}

/// The opened file that the tab showed at the history's present entry.
pub fn file() -> Option<KeptFile> {
    let value = storage()?.get_item(FILE).ok()??;
    let (of, rest) = value.split_once('\n')?;
    let (key, name) = rest.split_once('\n')?;
    (entry().as_deref() == Some(of)).then(|| KeptFile { key: key.to_owned(), name: name.to_owned() })
}

/// What this browser keeps for the page over all visits; nothing where the visitor lets no site keep anything.
fn lasting() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

/// Whether the tour was seen before.
pub fn tour_seen() -> bool {
    lasting().and_then(|storage| storage.get_item(TOUR).ok().flatten()).is_some()
}

/// Remembers that the tour was seen.
pub fn remember_tour() {
    if let Some(storage) = lasting() {
        let _ = storage.set_item(TOUR, "true"); // A browser that forgets offers the tour again: no harm.
    }
}

/// Lets go of an entry's text: its address holds it.
pub fn drop_entry(entry: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("{PREFIX}{entry}")); // an old text too many does no harm
    }
}

fn storage() -> Option<Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

fn oldest(storage: &Storage, but: &str) -> Option<String> {
    let names = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    names.filter(|name| name.starts_with(PREFIX) && name != but).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back() {
        let drawn = Some(Sampling { temperature: 0.35, top_k: 0, top_p: 0.9, seed: 7 });
        for (text, generated) in [("", None), ("\n\n", Some(0)), ("12\nab 😀", Some(3)), ("x", None)] {
            for drawn in [None, drawn.filter(|_| generated.is_some())] {
                let kept = SavedText { text: text.to_owned(), generated, drawn };
                assert_eq!(SavedText::read(&kept.write()), Some(kept));
            }
        }
        let before = SavedText { text: "a b\nc".to_owned(), generated: Some(3), drawn: None };
        assert_eq!(SavedText::read("3\na b\nc"), Some(before), "as the page wrote it before it kept how");
        assert_eq!(SavedText::read("nothing of ours"), None);
    }
}
