//! What the page does to the browser, and the browser to the page, beyond drawing: theme, keys, files.

use super::action::Action;
use super::digits::Digits;
use super::keymap::{self, Deed, Press};
use super::settings::{Screen, Settings};
use super::state::State;
use crate::scene::theme::Theme;
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

/// The keys that work wherever no control needs them. One listener hears them all; it is the last to do so, on the window,
/// so that a picture or the train screen takes its own before.
#[hook]
pub fn use_keys(state: &UseReducerHandle<State>, on_play: Callback<()>) {
    let (digits, now) = (use_mut_ref(Digits::default), use_mut_ref(|| (state.clone(), on_play.clone())));
    now.replace((state.clone(), on_play));
    use_effect_with((), move |()| {
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                let (state, on_play) = now.borrow().clone();
                press(&state, event, &on_play, &mut digits.borrow_mut());
            }
        });
        move || drop(listener)
    });
}

fn press(state: &UseReducerHandle<State>, event: &KeyboardEvent, on_play: &Callback<()>, digits: &mut Digits) {
    let Some(press) = Press::of(event) else { return };
    let view = state.view;
    let action = match press.deed(keymap::places(state.settings.screen)) {
        Some(Deed::LetGo) if state.tour.is_some() => Action::Tour(None),
        Some(Deed::LetGo) if state.help => Action::Help(false),
        Some(Deed::LetGo) => {
            if let Some(target) = press.target {
                let _ = target.blur(); // What cannot lose the keyboard keeps it.
            }
            return;
        }
        // The train screen takes those of its own.
        Some(deed) if state.settings.screen == Screen::Train && deed != Deed::Help => return,
        Some(Deed::Help) => Action::Help(!state.help),
        Some(Deed::Look) => Action::Set(Settings { look: state.settings.look.next(), ..state.settings }),
        Some(Deed::Run) => {
            event.prevent_default();
            return on_play.emit(());
        }
        Some(Deed::Edit) => {
            event.prevent_default();
            return focus("[data-testid=\"text\"]");
        }
        Some(Deed::Digit(digit)) => {
            let experts = state.trace.as_ref().map_or(0, |trace| trace.experts(view.layer));
            match digits.press(digit, event.time_stamp(), view.expert, experts) {
                Some(expert) => Action::Expert(view.layer, expert),
                None => return,
            }
        }
        Some(deed) => match deed.moves() {
            Some(wish) => Action::Move(wish),
            None => return,
        },
        None => return,
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
