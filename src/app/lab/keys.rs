//! What keys do in the lab, and which element they go to.

use super::act::Act;
use super::state::State;
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
pub fn act(state: &State, event: &KeyboardEvent) -> Option<Act> {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let tag = target.map(|target| target.tag_name()).unwrap_or_default();
    let busy = event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key();
    if busy || matches!(tag.as_str(), "INPUT" | "SELECT" | "TEXTAREA") {
        return None;
    }
    let far = if event.shift_key() { 10 } else { 1 };
    Some(match event.key().as_str() {
        " " if !matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY" | "LABEL") => Act::Toggle,
        "ArrowLeft" => Act::Walk(-far),
        "ArrowRight" => Act::Walk(far),
        "PageUp" => Act::Walk(-10),
        "PageDown" => Act::Walk(10),
        "Home" => Act::Seek(Some(0)),
        "End" => Act::Seek(None),
        "s" => Act::Step,
        "b" if state.branching.is_some() => Act::Fork,
        "b" => Act::Plan,
        "Escape" if state.sure => Act::Sure(false),
        "Escape" if state.branching.is_some() => Act::NoBranch,
        "Escape" if state.sheet => Act::Sheet(false),
        _ => return None,
    })
}
