//! Undo where the browser has none: it forgets its own once the page writes into the field, as it does for a sample, for
//! what a model writes, and for a text too long to be shown whole.
//!
//! The browser's undo comes first. Once it has brought the field back to what the page wrote there, the texts before are
//! brought back from here.

use super::{spans, visible_prefix};
use std::rc::Rc;

/// Most texts kept.
const MOST: usize = 20;
/// Characters that an edit changes to be a step of its own here, where the browser's steps are lost.
const LARGE: usize = 16;

/// The texts that were there before the page wrote another one, and those that were taken back.
#[derive(Debug, Default)]
pub struct Journal {
    past: Vec<Rc<String>>,
    future: Vec<Rc<String>>,
    /// What steps by hand, and large edits, replaced since the page wrote last: the browser's to undo until the page writes
    /// again, or the field is another one.
    own: Vec<Rc<String>>,
    /// The text that was shown last; none before the first.
    now: Option<Rc<String>>,
    /// What the page wrote into the field last: where the browser's own undo ends.
    written: String,
    turn: Option<Turn>,
    /// Whether the text that is shown next begins a step by hand.
    begins: bool,
    /// The step of the browser's own that made the text that is shown next.
    browser: Option<Turn>,
    /// What the browser's own undo took back: while it stands, the browser's own redo comes first.
    undone: Option<Rc<String>>,
    /// Whether a model wrote the latest text.
    grew: bool,
    /// Whether there ever was a text. The empty field of a page that begins is none to go back to.
    begun: bool,
}

/// A journal as it is handed to another page: the texts before, those taken back, those that steps by hand replaced, the
/// one that is shown, and what the page wrote.
pub type Texts = (Vec<String>, Vec<String>, Vec<String>, Option<String>, String);

impl From<&Journal> for Texts {
    fn from(journal: &Journal) -> Self {
        let all = |texts: &[Rc<String>]| texts.iter().map(|text| (**text).clone()).collect();
        let now = journal.now.as_deref().cloned();
        (all(&journal.past), all(&journal.future), all(&journal.own), now, journal.written.clone())
    }
}

impl From<Texts> for Journal {
    fn from((past, future, own, now, written): Texts) -> Self {
        let all = |texts: Vec<String>| texts.into_iter().map(Rc::new).collect();
        let begun = now.as_ref().is_some_and(|now| !now.is_empty());
        let now = now.map(Rc::new);
        Self { past: all(past), future: all(future), own: all(own), now, written, begun, ..Self::default() }
    }
}

/// A step through the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Undo.
    Back,
    /// Redo.
    Forth,
}

impl Journal {
    /// The page shows `text`. It has `written` that into the field, unless somebody typed it there. A text that a model is
    /// `growing` is one change, however many tokens come.
    pub fn shown(&mut self, text: &Rc<String>, written: Option<&str>, growing: bool) {
        if let Some(written) = written {
            written.clone_into(&mut self.written);
        }
        let grew = std::mem::replace(&mut self.grew, growing);
        let (turn, browser) = (self.turn.take(), self.browser.take());
        let begun = self.begun;
        self.begun |= !text.is_empty();
        let Some(before) = self.now.replace(text.clone()).filter(|before| begun && before != text) else { return };
        let (undone, begins) = (self.undone.take(), std::mem::take(&mut self.begins));
        match (turn, browser) {
            // What the browser has undone it can redo no longer, once the page has written.
            (Some(Turn::Back), _) => self.future.extend(undone.into_iter().chain([before])),
            (Some(Turn::Forth), _) => self.past.push(before),
            (None, Some(browser)) => {
                let first = undone.or((browser == Turn::Back).then(|| before.clone()));
                self.undone = first.filter(|first| first != text);
                self.edited(before, text, browser == Turn::Forth);
            }
            (None, None) => {
                self.future.clear();
                match written {
                    // The last tokens may come together with the end.
                    Some(_) if grew && (growing || text.starts_with(before.as_str())) => {}
                    Some(_) => self.past.extend(self.own.drain(..).chain([before])),
                    None => self.edited(before, text, begins),
                }
            }
        }
        for texts in [&mut self.past, &mut self.own] {
            texts.drain(..texts.len().saturating_sub(MOST));
        }
    }

    /// The field is another one: what was typed into the one before the browser can no longer undo, so the texts that it
    /// would have led back to are steps from here.
    pub fn new_field(&mut self) {
        let Some(now) = self.now.clone() else { return };
        // Of a longer text the field held the beginning only, which is no text to go back to.
        let whole = self.written.chars().count() < visible_prefix::MOST;
        let typed = Some(Rc::new(self.written.clone())).filter(|written| whole && *written != now);
        self.past.extend(typed.into_iter().chain(self.own.drain(..)));
        self.past.dedup();
        self.past.truncate(self.past.iter().rposition(|text| *text != now).map_or(0, |last| last + 1));
        self.written.clone_from(&now);
        // Nor can it redo what it has undone.
        self.future.extend(self.undone.take());
    }

    /// Somebody made `text` of `before`, or the browser did so by its own undo; whether it `begins` a step.
    fn edited(&mut self, before: Rc<String>, text: &String, begins: bool) {
        match self.own.iter().position(|own| **own == *text) {
            Some(at) => self.own.truncate(at),
            None if begins || changed(&before, text) > LARGE => self.own.push(before),
            None => {}
        }
    }

    /// The text that is shown next begins a step by hand: it goes on with nothing that was typed or erased before.
    pub fn begins(&mut self) {
        self.begins = true;
    }

    /// The text that is shown next is what a step of the browser's own made.
    pub fn stepped(&mut self, turn: Turn) {
        self.browser = Some(turn);
    }

    /// Whether the browser has no step of its own: the field holds what the page wrote there, and nothing typed over it
    /// was undone.
    pub fn is_at_end(&self, turn: Turn, field: &str) -> bool {
        field == self.written && (turn == Turn::Back || self.undone.is_none())
    }

    /// The text one step away, with the byte at which what the step changed in it ends; none where the browser still has steps of its own,
    /// or there is no such text. It is to be shown then.
    pub fn step(&mut self, turn: Turn, field: &str) -> Option<(Rc<String>, usize)> {
        if !self.is_at_end(turn, field) {
            return None;
        }
        let texts = match turn {
            Turn::Back => &mut self.past,
            Turn::Forth => &mut self.future,
        };
        let text = texts.pop()?;
        self.turn = Some(turn);
        let now = self.now.as_deref().map_or("", String::as_str);
        let from = spans::common_prefix(&text, now);
        let rests = [text.as_str(), now].map(|text| text.get(from..).unwrap_or_default().chars().rev());
        let [rest, other] = rests;
        let tail: usize = rest.zip(other).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let end = text.len() - tail;
        Some((text, end))
    }
}

/// How many bytes of the longer of two texts are not in what both begin and end with.
fn changed(a: &str, b: &str) -> usize {
    let begin = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    a.len().max(b.len()) - (begin + end).min(a.len().min(b.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Rc<String> {
        Rc::new(words.to_owned())
    }

    /// A journal, a field, and what a page and a person do to them.
    #[derive(Default)]
    struct Page {
        journal: Journal,
        field: String,
    }

    impl Page {
        fn writes(&mut self, words: &str) {
            self.field = words.to_owned();
            self.journal.shown(&text(words), Some(words), false);
        }

        fn typed(&mut self, words: &str) {
            self.field = words.to_owned();
            self.journal.shown(&text(words), None, false);
        }

        fn begins(&mut self, words: &str) {
            self.journal.begins();
            self.typed(words);
        }

        /// The browser's own undo or redo makes these words.
        fn steps(&mut self, turn: Turn, words: &str) {
            self.journal.stepped(turn);
            self.typed(words);
        }

        fn turns(&mut self, turn: Turn) -> Option<String> {
            let (words, _) = self.journal.step(turn, &self.field)?;
            self.writes(&words);
            Some(self.field.clone())
        }
    }

    #[test]
    fn nothing_comes_before_the_first_text() {
        let mut page = Page::default();
        page.writes("first");
        assert_eq!(page.turns(Turn::Back), None);
    }

    #[test]
    fn what_was_typed_is_the_browsers_to_undo_and_comes_back_with_what_the_page_replaced() {
        let mut page = Page::default();
        page.writes("sample");
        page.typed("samples");
        assert_eq!(page.turns(Turn::Back), None, "the browser undoes the letter");
        page.writes("other");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("samples"));
        assert_eq!(page.turns(Turn::Back), None);
        assert_eq!(page.turns(Turn::Forth).as_deref(), Some("other"));
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("samples"));
        page.typed("new");
        page.typed("samples");
        assert_eq!(page.turns(Turn::Forth), None, "after a new edit there is nothing to redo");
    }

    #[test]
    fn what_was_typed_into_a_field_that_is_gone_is_undone_here() {
        let mut page = Page::default();
        page.writes("sample");
        page.typed("samples");
        page.journal = Texts::from(&page.journal).into();
        page.journal.new_field();
        page.writes("samples");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("sample"));
        assert_eq!(page.turns(Turn::Back), None);
        assert_eq!(page.turns(Turn::Forth).as_deref(), Some("samples"));
        page.journal.new_field();
        page.writes("samples");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("sample"), "once only, however often the field is another");
        assert_eq!(page.turns(Turn::Back), None);
    }

    #[test]
    fn what_the_browser_has_undone_it_redoes() {
        let mut page = Page::default();
        page.writes("before");
        page.writes("example");
        page.typed("S");
        page.steps(Turn::Back, "example");
        assert!(page.journal.is_at_end(Turn::Back, "example") && !page.journal.is_at_end(Turn::Forth, "example"));
        assert_eq!(page.turns(Turn::Forth), None, "the browser redoes the letter");
        page.steps(Turn::Forth, "S");
        page.steps(Turn::Back, "example");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("before"));
        assert_eq!(page.turns(Turn::Forth).as_deref(), Some("example"));
        assert_eq!(page.turns(Turn::Forth).as_deref(), Some("S"), "also what the browser has forgotten since");
    }

    #[test]
    fn what_is_typed_after_an_undo_ends_the_redo() {
        let mut page = Page::default();
        page.writes("example");
        page.typed("S");
        page.steps(Turn::Back, "example");
        page.typed("example!");
        page.typed("example");
        assert!(page.journal.is_at_end(Turn::Forth, "example"));
        assert_eq!(page.turns(Turn::Forth), None);
    }

    #[test]
    fn the_empty_field_of_a_page_that_begins_is_no_text_to_go_back_to() {
        let mut page = Page::default();
        page.typed("");
        page.writes("recording");
        assert_eq!(page.turns(Turn::Back), None);
        page.writes("");
        page.writes("sample");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some(""), "an emptied one is");
    }

    #[test]
    fn large_edits_by_hand_outlive_the_browsers_own_undo() {
        let mut page = Page::default();
        page.writes("a sentence to begin with");
        page.typed("another sentence, pasted over it");
        page.typed("something else, pasted over that");
        page.typed("another sentence, pasted over it"); // by the browser's undo
        page.typed("another sentence, pasted over it!");
        page.writes("sample");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("another sentence, pasted over it!"));
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("a sentence to begin with"));
        assert_eq!(page.turns(Turn::Back), None);
    }

    #[test]
    fn how_much_was_changed() {
        for (a, b, bytes) in
            [("", "", 0), ("abc", "abXc", 1), ("aaa", "aa", 1), ("abc", "xyz", 3), ("one two", "one", 4)]
        {
            assert_eq!((changed(a, b), changed(b, a)), (bytes, bytes), "{a} {b}");
        }
    }

    #[test]
    fn a_text_that_a_model_wrote_goes_in_one_step() {
        let mut page = Page::default();
        page.writes("seed");
        for (grown, growing) in [("seed and", true), ("seed and more", true), ("seed and more words", false)] {
            page.journal.shown(&text(grown), Some(grown), growing);
            page.field = grown.to_owned();
        }
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("seed"));
        assert_eq!(page.turns(Turn::Forth).as_deref(), Some("seed and more words"));
        page.writes("seed and more words, and a sample");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("seed and more words"));
    }

    #[test]
    fn a_step_to_the_same_text_is_over_at_once() {
        let mut page = Page::default();
        ["one", "two", "one"].into_iter().for_each(|words| page.writes(words));
        page.journal.past.push(text("one"));
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("one"));
        page.writes("three");
        assert_eq!(page.turns(Turn::Forth), None, "what came after is no step back");
        assert_eq!(page.turns(Turn::Back).as_deref(), Some("one"));
    }

    #[test]
    fn only_the_latest_texts_are_kept() {
        let mut page = Page::default();
        (0..100).for_each(|at| page.writes(&at.to_string()));
        let back: Vec<String> = std::iter::from_fn(|| page.turns(Turn::Back)).collect();
        assert_eq!((back.len(), back.last().map(String::as_str)), (MOST, Some("79")));
    }

    #[test]
    fn the_caret_goes_behind_what_a_step_brings_back() {
        for (before, after, back, forth) in [
            ("äö old", "äü", "äö old".len(), "äü".len()),
            ("seed", "seed and more", "seed".len(), "seed and more".len()),
            ("seed and more", "seed", "seed and more".len(), "seed".len()),
            ("a bö d", "a cö d", "a b".len(), "a c".len()),
            ("aa", "aaa", 2, 3),
            ("ü", "ö", 2, 2),
        ] {
            let mut page = Page::default();
            page.writes(before);
            page.writes(after);
            let step = page.journal.step(Turn::Back, after);
            assert_eq!(step, Some((text(before), back)), "{before} to {after}");
            page.writes(before);
            assert_eq!(page.journal.step(Turn::Forth, before), Some((text(after), forth)), "{before} to {after}");
        }
    }

    #[test]
    fn each_step_by_hand_outlives_the_field() {
        let mut page = Page::default();
        page.writes("one two");
        // A word is cut, another pasted, and two letters of it are erased.
        page.begins("one ");
        page.begins("one three");
        page.begins("one thre");
        page.typed("one thr");
        page.steps(Turn::Back, "one three");
        page.steps(Turn::Forth, "one thr");
        page.journal = Texts::from(&page.journal).into();
        page.journal.new_field();
        for back in ["one three", "one ", "one two"] {
            assert_eq!(page.turns(Turn::Back).as_deref(), Some(back));
        }
        assert_eq!(page.turns(Turn::Back), None);
        for forth in ["one ", "one three", "one thr"] {
            assert_eq!(page.turns(Turn::Forth).as_deref(), Some(forth));
        }
    }
}
