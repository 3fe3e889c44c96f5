//! Undo and redo by keys: the same steps wherever the keyboard is, unless another field has it. A browser that is asked
//! elsewhere than in the text field goes letter by letter, or does nothing.

use super::action::Action;
use super::context::Dispatch;
use super::field::Held;
use super::shared::Shared;
use super::undo::Turn;
use super::{spans, typing};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

/// Takes the steps.
#[derive(Clone, PartialEq)]
pub struct Turning {
    /// What the field holds.
    pub held: Shared<Held>,
    /// The byte at which somebody wrote last.
    pub typed: Rc<RefCell<usize>>,
    /// Whether a generation is under way.
    pub running: bool,
    /// To the store.
    pub dispatch: Dispatch,
}

impl Turning {
    /// Takes a step in the field. Whether it did: otherwise the next one is the browser's own.
    pub fn take(&self, turn: Turn, area: &HtmlTextAreaElement) -> bool {
        let step = self.held.journal.borrow_mut().step(turn, &area.value());
        if let Some((text, at)) = step {
            if self.running {
                self.dispatch.emit(Action::Halt);
            }
            let caret = spans::utf16_of_byte(&text, at) as u32;
            self.held.caret.set(Some((caret, caret)));
            self.typed.replace(at);
            self.dispatch.emit(Action::Edit((*text).clone(), at, false));
            return true;
        }
        let group = self.held.groups.borrow().from(turn, &area.value());
        if let Some(group) = group {
            let area = area.clone();
            // Behind this event: every step is one of its own.
            spawn_local(async move { typing::go(turn, &group, &area) });
            return true;
        }
        false
    }
}

/// Whether keys mean undo or redo.
pub fn turn(event: &KeyboardEvent) -> Option<Turn> {
    let command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    match event.key().as_str() {
        "z" | "Z" if command && !event.shift_key() => Some(Turn::Back),
        "z" | "Z" | "y" | "Y" if command => Some(Turn::Forth),
        _ => None,
    }
}

/// Whether one writes where an event happened.
fn is_written(event: &Event) -> bool {
    let target = || event.target();
    let slides = |input: HtmlInputElement| matches!(input.type_().as_str(), "range" | "checkbox" | "radio" | "file");
    let input = target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    target().is_some_and(|target| target.is_instance_of::<HtmlTextAreaElement>())
        || input.is_some_and(|input| !slides(input))
}

/// Steps by keys that are pressed outside of every field: they lead into the text field.
#[hook]
pub fn use_turns(field: &NodeRef, turning: &Turning) {
    let field = field.clone();
    use_effect_with(turning.clone(), move |turning| {
        let turning = turning.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.default_prevented()) else {
                return;
            };
            let turn = turn(event).filter(|_| !is_written(event));
            let Some((turn, area)) = turn.zip(field.cast::<HtmlTextAreaElement>()) else { return };
            event.prevent_default();
            let _ = area.focus();
            if !turning.take(turn, &area) {
                spawn_local(async move { _ = typing::step(turn) });
            }
        });
        move || drop(listener)
    });
}
