//! The text field: an edit may come at any moment, also while the page still answers the one before.

use super::shared::Shared;
use super::typing::{KeyStroke, UndoGroups};
use super::undo::{Journal, Turn};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DataTransfer, HtmlTextAreaElement};
use yew::prelude::*;

/// The field's text; true if something in it was no text and is replaced.
pub fn whole_text(area: &HtmlTextAreaElement) -> (String, bool) {
    let raw = js_sys::Reflect::get(area, &JsValue::from_str("value"))
        .ok()
        .and_then(|v| v.dyn_into::<js_sys::JsString>().ok());
    let lossy = raw.as_ref().is_some_and(|raw| !raw.is_valid_utf16());
    let text = raw.map(String::from).unwrap_or_default();
    if lossy {
        let caret = area.selection_end().ok().flatten();
        area.set_value(&text);
        let _ = area.set_selection_start(caret).and_then(|()| area.set_selection_end(caret));
    }
    (text, lossy)
}

/// What is selected in the field; `None` where the caret is at its end, and should stay there as the text grows.
pub fn selection(area: &HtmlTextAreaElement) -> Option<(u32, u32)> {
    let (start, end) = (area.selection_start().ok()??, area.selection_end().ok()??);
    (end < area.text_length()).then_some((start, end))
}

/// What the field holds and where its caret belongs, between an edit and the moment at which the page has answered it.
#[derive(Default)]
pub struct Held {
    /// What the field holds: the beginning of the text.
    pub head: RefCell<String>,
    /// The text whose beginning was put there, and the byte from which on it is folded away. The page's text may be newer:
    /// what a model wrote meanwhile nobody has seen, and does not belong behind what is typed.
    rest: RefCell<(Rc<String>, usize)>,
    /// The caret, to be put there after the page has changed what the field holds.
    pub caret: Cell<Option<(u32, u32)>>,
    /// Edits so far.
    edits: Cell<u32>,
    /// The texts before, for undo where the browser has none.
    pub journal: RefCell<Journal>,
    /// What was typed and erased, for undo where the browser takes it back letter by letter.
    pub groups: RefCell<UndoGroups>,
}

impl Held {
    /// With the texts before.
    pub fn with(journal: Journal) -> Self {
        Self { journal: RefCell::new(journal), ..Self::default() }
    }

    /// Somebody edited the field, which holds `head` since.
    pub fn edited(&self, head: &str, caret: u32) {
        head.clone_into(&mut self.head.borrow_mut());
        self.caret.set(Some((caret, caret)));
        self.edits.set(self.edits.get().wrapping_add(1));
    }

    /// The text that the field was filled from, and the byte of it from which on it is folded away.
    pub fn rest(&self) -> (Rc<String>, usize) {
        self.rest.borrow().clone()
    }

    /// From now on that is folded away.
    pub fn fold(&self, whole: Rc<String>, shown: usize) {
        self.rest.replace((whole, shown));
    }
}

/// Puts the beginning of the text, up to byte `shown`, into the field, and the caret where it was.
///
/// Both at once: what a virtual DOM sets, it sets at another moment than this, and a slow machine takes the next key in
/// between. A key that came meanwhile has an answer of its own on the way.
#[hook]
pub fn use_field(field: &NodeRef, held: &Shared<Held>, text: &Rc<String>, shown: usize, growing: bool) {
    let (field, held, whole, edits) = (field.clone(), held.clone(), text.clone(), held.edits.get());
    // By address: a text that grows or slides may show a beginning of the same length.
    use_effect_with((Rc::as_ptr(text) as usize, shown), move |_| {
        let Some(area) = field.cast::<HtmlTextAreaElement>().filter(|_| held.edits.get() == edits) else { return };
        let head = whole.get(..shown).unwrap_or_default();
        let written = area.value() != head;
        if written {
            area.set_value(head);
        }
        held.journal.borrow_mut().shown(&whole, written.then_some(head), growing);
        head.clone_into(&mut held.head.borrow_mut());
        held.fold(whole.clone(), shown);
        if let Some((start, end)) = held.caret.take()
            && area.selection_end().ok().flatten() != Some(end)
        {
            let _ = area.set_selection_range(start, end);
        }
    });
}

/// Whether all that the field shows is selected.
pub fn is_marked(area: &HtmlTextAreaElement) -> bool {
    let (start, end) = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
    start == Some(0) && end == Some(area.text_length()) && end != Some(0)
}

/// Whether all that the field showed was selected right before its latest change. Not every change is announced: of those
/// that are not, as dictation's and scripts', the selection is known.
#[hook]
pub fn use_marked(field: &NodeRef, held: &Shared<Held>) -> Rc<Cell<bool>> {
    let (field, held, marked) = (field.clone(), held.clone(), use_memo((), |()| Cell::new(false)));
    let note = marked.clone();
    use_effect_with((), move |()| {
        let listeners = field.cast::<HtmlTextAreaElement>().map(|area| {
            let target = area.clone();
            let (page, noted) = (gloo::utils::document(), (area.clone(), note.clone()));
            let selected = EventListener::new(&page, "selectionchange", move |_| noted.1.set(is_marked(&noted.0)));
            let noted = move |event: &Event| {
                note.set(is_marked(&area));
                // A menu's undo would take back, from what the page wrote, what was typed into another text.
                let turn = event.dyn_ref::<InputEvent>().and_then(turn);
                if turn.is_some_and(|turn| held.journal.borrow().is_at_end(turn, &area.value())) {
                    event.prevent_default();
                }
            };
            let options = EventListenerOptions::enable_prevent_default();
            (selected, EventListener::new_with_options(&target, "beforeinput", options, noted))
        });
        move || drop(listeners)
    });
    marked
}

/// Which step of the browser's own an edit is.
pub fn turn(event: &InputEvent) -> Option<Turn> {
    match event.input_type().as_str() {
        "historyUndo" => Some(Turn::Back),
        "historyRedo" => Some(Turn::Forth),
        _ => None,
    }
}

/// Which stroke an edit is, and how many bytes it typed; none for another kind of edit.
pub fn stroke(event: &InputEvent) -> Option<(KeyStroke, usize)> {
    match event.input_type().as_str() {
        "insertText" => event.data().map(|letters| (KeyStroke::Typed, letters.len())),
        "insertLineBreak" => Some((KeyStroke::Typed, "\n".len())),
        "deleteContentBackward" => Some((KeyStroke::Backspace, 0)),
        "deleteContentForward" => Some((KeyStroke::Delete, 0)),
        _ => None,
    }
}

/// Gives a copying event another text than the selected one. Whether it took it.
pub fn put_on_clipboard(event: &Event, text: &str) -> bool {
    let data = js_sys::Reflect::get(event, &JsValue::from_str("clipboardData")).ok();
    let data = data.and_then(|data| data.dyn_into::<DataTransfer>().ok());
    data.is_some_and(|data| data.set_data("text/plain", text).is_ok())
}
