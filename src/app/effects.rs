//! What the page does to the browser, and the browser to the page, beyond drawing: theme, keys, files.

use super::action::Action;
use super::digits::Digits;
use super::settings::Screen;
use super::state::State;
use crate::scene::{ViewState, theme::Theme};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{
    DataTransfer, DragEvent, File, FileList, FileSystemEntry, HtmlElement, KeyboardEvent, MediaQueryListEvent,
};
use yew::prelude::*;

/// Whether a media query holds, now and later.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let list = use_memo((), |()| gloo::utils::window().match_media(query).ok().flatten());
    let holds = use_state(|| list.as_ref().as_ref().is_some_and(web_sys::MediaQueryList::matches));
    {
        let holds = holds.clone();
        use_effect_with((), move |()| {
            let listener = list.as_ref().as_ref().map(|list| {
                EventListener::new(list, "change", move |event| {
                    if let Some(event) = event.dyn_ref::<MediaQueryListEvent>() {
                        holds.set(event.matches());
                    }
                })
            });
            move || drop(listener)
        });
    }
    *holds
}

/// Puts the theme on the root element, where the style sheets look for it, instead of the sheet that follows the system.
#[hook]
pub fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        let name = if *theme == Theme::Dark { "dark" } else { "light" };
        let document = gloo::utils::document();
        if let Some(root) = document.document_element()
            && root.set_attribute("data-theme", name).is_ok()
            && let Some(sheet) = document.get_element_by_id("first-dark")
        {
            sheet.remove();
        }
    });
}

/// The keys that work wherever no control needs them.
#[hook]
pub fn use_keys(state: &UseReducerHandle<State>, on_play: Callback<()>) {
    let (state, digits) = (state.clone(), use_mut_ref(Digits::default));
    use_effect(move || {
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
        let listener = EventListener::new_with_options(&gloo::utils::document(), "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                press(&state, event, &on_play, &mut digits.borrow_mut());
            }
        });
        move || drop(listener)
    });
}

fn press(state: &UseReducerHandle<State>, event: &KeyboardEvent, on_play: &Callback<()>, digits: &mut Digits) {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return;
    }
    let target = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok());
    let tag = target.as_ref().map(|t| t.tag_name()).unwrap_or_default();
    let key = event.key();
    if key == "Escape" {
        if state.tour.is_some() {
            state.dispatch(Action::Tour(None));
        } else if state.help {
            state.dispatch(Action::Help(false));
        } else if let Some(target) = target {
            let _ = target.blur();
        }
        return;
    }
    // The train screen has keys of its own.
    let elsewhere = state.settings.screen == super::settings::Screen::Train && key != "?";
    if elsewhere || matches!(tag.as_str(), "TEXTAREA" | "INPUT" | "SELECT") {
        return;
    }
    let on_control = matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY" | "LABEL");
    let view: ViewState = state.view;
    let action = match key.as_str() {
        "ArrowLeft" => Action::Token(view.token.saturating_sub(1)),
        "ArrowRight" => Action::Token(view.token + 1),
        "ArrowUp" => Action::Layer(view.layer.saturating_sub(1)),
        "ArrowDown" => Action::Layer(view.layer + 1),
        "v" => Action::Set(super::settings::Settings { look: state.settings.look.next(), ..state.settings }),
        "?" => Action::Help(!state.help),
        " " if !on_control => {
            event.prevent_default();
            return on_play.emit(());
        }
        "e" => {
            event.prevent_default();
            return focus("[data-testid=\"text\"]");
        }
        digit if digit.len() == 1 && state.settings.screen == Screen::Explore => {
            let experts = state.trace.as_ref().map_or(0, |trace| trace.model.experts);
            let picked =
                digit.parse().ok().and_then(|digit| digits.press(digit, event.time_stamp(), view.expert, experts));
            match picked {
                Some(expert) => Action::Expert(view.layer, expert),
                None => return,
            }
        }
        _ => return,
    };
    event.prevent_default();
    state.dispatch(action);
}

/// Moves the keyboard to the first element of a kind.
pub fn focus(selector: &str) {
    if let Ok(Some(element)) = gloo::utils::document().query_selector(selector)
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// What was dropped: files, or the name of a folder among them.
pub type Dropped = Result<Vec<File>, String>;

/// The files of a list.
pub fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default()
}

/// The first folder among what was dropped, which the browser lists as a file that cannot be read.
fn folder(data: &DataTransfer) -> Option<String> {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten());
    entries.into_iter().find(FileSystemEntry::is_directory).map(|entry| entry.name())
}

/// What is said of a folder.
pub fn of_folder(name: &str) -> String {
    format!(
        "{name} is a folder, and this page opens files: drop what is in it. A model’s are config.json, tokenizer.json and model.safetensors, together."
    )
}

/// Files dropped anywhere on the page. Returns whether one hovers over it.
#[hook]
pub fn use_drop(on_drop: Callback<Dropped>) -> bool {
    let over = use_state(|| false);
    {
        let over = over.clone();
        use_effect_with((), move |()| {
            let document = gloo::utils::document();
            let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
            let listen = |name: &'static str, act: Box<dyn Fn(&DragEvent)>| {
                EventListener::new_with_options(&document, name, options, move |event| {
                    if let Some(event) = event.dyn_ref::<DragEvent>()
                        && event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
                    {
                        event.prevent_default();
                        act(event);
                    }
                })
            };
            let (over_too, over_three) = (over.clone(), over.clone());
            let listeners = [
                listen("dragover", Box::new(move |_| over.set(true))),
                listen(
                    "dragleave",
                    Box::new(move |event| {
                        if event.related_target().is_none() {
                            over_too.set(false);
                        }
                    }),
                ),
                listen(
                    "drop",
                    Box::new(move |event| {
                        over_three.set(false);
                        if let Some(data) = event.data_transfer() {
                            on_drop.emit(folder(&data).map_or_else(|| Ok(listed(data.files())), Err));
                        }
                    }),
                ),
            ];
            move || drop(listeners)
        });
    }
    *over
}
