//! What keys do in the lab, and which element they go to.

use super::action::Act;
use super::state::TrainState;
use crate::app::keymap::{self, Deed, Press};
use crate::app::settings::Screen;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

/// The button that starts and pauses.
pub const MAIN: &str = "lab-main";
/// What is asked of a branch that is being planned.
pub const PLAN: &str = "lab-plan";

/// Gives the keyboard to the element of that id, if it is there.
pub fn focus(id: &str) {
    let element =
        gloo::utils::document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus(); // What cannot have it leaves it where it is.
    }
}

/// Whether no control has the keyboard, because the one that had it is gone.
pub fn nobody_types() -> bool {
    gloo::utils::document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// What a key does that no control wants; nothing for most.
pub fn act(state: &TrainState, event: &KeyboardEvent) -> Option<Act> {
    let press = Press::of(event).filter(|press| !press.in_field)?;
    Some(match press.deed(keymap::places(Screen::Train))? {
        Deed::Run => Act::Toggle,
        Deed::Along(by) => Act::Walk(by as i64),
        Deed::First => Act::Seek(Some(0)),
        Deed::Last => Act::Seek(None),
        Deed::Step => Act::Step,
        Deed::Branch if state.branching.is_some() => Act::Fork,
        Deed::Branch => Act::Plan,
        Deed::LetGo if state.sure => Act::Sure(false),
        Deed::LetGo if state.branching.is_some() => Act::NoBranch,
        Deed::LetGo if state.sheet => Act::Sheet(false),
        _ => return None,
    })
}
