//! What was typed, or erased, at one place: one undo takes it back, and one redo brings it again.
//!
//! Browsers do so themselves, but Chromium ends such a group whenever an element is removed anywhere in the page, as with every
//! answer to a letter. So the groups are kept here, and a step goes through all of the browser's own steps of one.

use super::undo::Turn;
use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlTextAreaElement;

/// Most groups kept.
const MOST: usize = 50;

/// What a key did, at the caret or to what was selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStroke {
    /// It typed.
    Typed,
    /// It erased what stood before the caret.
    Backspace,
    /// It erased what stood behind the caret.
    Delete,
}

/// Strokes of one kind, each where the one before had left the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoGroup {
    stroke: KeyStroke,
    /// What the field held before.
    start: String,
    /// What it held behind the last stroke.
    end: String,
    /// The byte at which the caret stood then.
    at: usize,
    /// Bytes that begin all texts of the group, and bytes that end them.
    around: (usize, usize),
}

impl UndoGroup {
    /// Whether a text may lie between the two ends: it has a part of what was typed or erased.
    fn passes(&self, text: &str) -> bool {
        let whole = if self.stroke == KeyStroke::Typed { &self.end } else { &self.start };
        let (head, tail) = (self.around.0, whole.len().saturating_sub(self.around.1));
        let [before, changed, behind] =
            [0..head, head..tail, tail..whole.len()].map(|bytes| whole.get(bytes).unwrap_or_default());
        let part = text.strip_prefix(before).and_then(|text| text.strip_suffix(behind));
        part.is_some_and(|part| changed.starts_with(part) || changed.ends_with(part))
    }
}

/// The latest groups, oldest first.
#[derive(Debug, Default)]
pub struct UndoGroups(Vec<UndoGroup>);

impl UndoGroups {
    /// A stroke that typed so many bytes, or none, made `text` of `before` and left the caret at byte `at`. Whether it goes on
    /// with the group before it.
    pub fn edited(&mut self, (stroke, typed): (KeyStroke, usize), before: &str, (text, at): (&str, usize)) -> bool {
        let tail = text.len().saturating_sub(at);
        let from = match stroke {
            KeyStroke::Typed | KeyStroke::Delete => at.saturating_sub(typed),
            KeyStroke::Backspace => before.len().saturating_sub(tail),
        };
        let same = |last: &&mut UndoGroup| last.stroke == stroke && last.at == from && last.end == before;
        if let Some(last) = self.0.last_mut().filter(same) {
            text.clone_into(&mut last.end);
            (last.at, last.around) = (at, (last.around.0.min(at), tail));
            return true;
        }
        let around = (from.min(at), tail);
        self.0.push(UndoGroup { stroke, start: before.to_owned(), end: text.to_owned(), at, around });
        self.0.drain(..self.0.len().saturating_sub(MOST));
        false
    }

    /// The group that a step from a field's text takes back or brings again.
    pub fn from(&self, turn: Turn, field: &str) -> Option<UndoGroup> {
        let found = match turn {
            Turn::Back => self.0.iter().rfind(|group| group.end == field),
            Turn::Forth => self.0.iter().rfind(|group| group.start == field),
        };
        found.cloned()
    }
}

/// Takes one of the browser's own steps in the field that has the keyboard. Whether the browser can be asked for one.
pub fn step(turn: Turn) -> bool {
    let command = if turn == Turn::Back { "undo" } else { "redo" };
    let document = gloo::utils::document();
    let exec = Reflect::get(&document, &"execCommand".into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
    exec.is_some_and(|exec| exec.call1(&document, &command.into()).is_ok())
}

/// Goes through the browser's own steps from one end of a group to the other, or as far as there are any.
pub fn go(turn: Turn, group: &UndoGroup, field: &HtmlTextAreaElement) {
    let end = if turn == Turn::Back { &group.start } else { &group.end };
    let mut now = field.value();
    while step(turn) {
        let next = field.value();
        if next == *end || next == now || !group.passes(&next) {
            return;
        }
        now = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, its caret at a byte, and the groups.
    #[derive(Default)]
    struct Page {
        groups: UndoGroups,
        text: String,
        at: usize,
    }

    impl Page {
        fn with(text: &str, at: usize) -> Self {
            Self { text: text.to_owned(), at, ..Self::default() }
        }

        /// Types over so many bytes behind the caret.
        fn types(&mut self, mut over: usize, letters: &str) {
            for letter in letters.chars() {
                let before = self.text.clone();
                self.text.replace_range(self.at..self.at + std::mem::take(&mut over), letter.encode_utf8(&mut [0; 4]));
                self.at += letter.len_utf8();
                self.groups.edited((KeyStroke::Typed, letter.len_utf8()), &before, (&self.text, self.at));
            }
        }

        /// Erases a character of one byte, so many times.
        fn erases(&mut self, stroke: KeyStroke, times: usize) {
            for _ in 0..times {
                let before = self.text.clone();
                self.at -= usize::from(stroke == KeyStroke::Backspace);
                self.text.remove(self.at);
                self.groups.edited((stroke, 0), &before, (&self.text, self.at));
            }
        }

        /// Where a step from a text leads.
        fn to(&self, turn: Turn, text: &str) -> Option<String> {
            let group = self.groups.from(turn, text)?;
            Some(if turn == Turn::Back { group.start } else { group.end })
        }
    }

    #[test]
    fn what_was_typed_over_a_text_is_one_group() {
        let (sample, own) = ("Nine lamps burn.", "Nö 🙂 e.");
        let mut page = Page::with(sample, 0);
        page.types(sample.len(), own);
        assert_eq!(page.text, own);
        assert_eq!(page.to(Turn::Back, own).as_deref(), Some(sample));
        assert_eq!(page.to(Turn::Forth, sample).as_deref(), Some(own));
        assert_eq!((page.to(Turn::Back, "Nö"), page.to(Turn::Forth, "Nö")), (None, None));
        let group = page.groups.from(Turn::Back, own).unwrap();
        assert!(["N", "Nö", "Nö 🙂"].iter().all(|step| group.passes(step)));
        assert!(!group.passes("Nö 🙂 e. and what was pasted behind it"));
    }

    #[test]
    fn another_place_begins_another_group() {
        let mut page = Page::with("a c", 3);
        page.types(0, "de");
        page.at = 1;
        page.types(0, "bb");
        assert_eq!(page.text, "abb cde");
        assert_eq!(page.to(Turn::Back, "abb cde").as_deref(), Some("a cde"));
        assert_eq!(page.to(Turn::Back, "a cde").as_deref(), Some("a c"));
        let last = page.groups.from(Turn::Back, "abb cde").unwrap();
        assert!(last.passes("ab cde") && !last.passes("a c") && !last.passes("x cde"));
        // What was selected and typed over.
        page.at = 2;
        page.types(1, "x");
        assert_eq!(page.to(Turn::Back, "abx cde").as_deref(), Some("abb cde"));
    }

    #[test]
    fn what_was_erased_is_a_group_of_its_own() {
        let mut page = Page::with("one two three", 7);
        page.types(0, "!!");
        page.erases(KeyStroke::Backspace, 5);
        assert_eq!(page.text, "one  three");
        assert_eq!(page.to(Turn::Back, "one  three").as_deref(), Some("one two!! three"));
        assert_eq!(page.to(Turn::Back, "one two!! three").as_deref(), Some("one two three"));
        assert!(page.groups.from(Turn::Back, "one  three").unwrap().passes("one tw three"));
        page.erases(KeyStroke::Delete, 6);
        assert_eq!(page.text, "one ");
        assert_eq!(page.to(Turn::Back, "one ").as_deref(), Some("one  three"));
        assert!(page.groups.from(Turn::Back, "one ").unwrap().passes("one ree"));
        page.types(0, "4");
        assert_eq!(page.to(Turn::Forth, "one ").as_deref(), Some("one 4"));
        assert_eq!(page.to(Turn::Forth, "one  three").as_deref(), Some("one "));
    }
}
