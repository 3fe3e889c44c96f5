//! What keys do in the lab.

use super::act::Act;
use super::state::State;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

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
        "b" => Act::Fork,
        "Escape" if state.sure => Act::Sure(false),
        "Escape" if state.branching.is_some() => Act::NoBranch,
        "Escape" if state.sheet => Act::Sheet(false),
        _ => return None,
    })
}
