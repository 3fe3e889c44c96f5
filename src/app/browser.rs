//! What the page does to the browser, and the browser to the page, beyond drawing: theme, keys, files.

use super::action::Action;
use super::digits::Digits;
use super::flow::Clock;
use super::keymap::{self, Deed, Press};
use super::settings::{PageSettings, Screen};
use super::state::State;
use super::store::Store;
use crate::messages::files;
use crate::scene::{ViewState, theme::Theme};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::RefCell;
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
pub fn use_keys(store: &Store, clock: &Clock) {
    let (store, clock) = (store.clone(), clock.clone());
    use_effect_with((), move |()| {
        let digits = RefCell::new(Digits::default());
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::default() };
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if let Some(action) = press(&store.state(), event, &clock, &mut digits.borrow_mut()) {
                event.prevent_default();
                store.dispatch().emit(action);
            }
        });
        move || drop(listener)
    });
}

fn press(state: &State, event: &KeyboardEvent, clock: &Clock, digits: &mut Digits) -> Option<Action> {
    let press = Press::of(event)?;
    let view = state.view;
    Some(match press.deed(keymap::places(state.settings.screen))? {
        Deed::LetGo if state.tour.is_some() => Action::Tour(None),
        Deed::LetGo if state.help => Action::Help(false),
        Deed::LetGo => {
            let _ = press.target?.blur(); // What cannot lose the keyboard keeps it.
            return None;
        }
        Deed::Help => Action::Help(!state.help),
        // The train screen takes those of its own.
        _ if state.settings.screen == Screen::Train => return None,
        Deed::Look => Action::Set(PageSettings { look: state.settings.look.next(), ..state.settings }),
        Deed::Run => Action::View(ViewState { playing: !view.playing, playhead: clock.get(), ..view }),
        Deed::Edit => {
            event.prevent_default();
            focus("[data-testid=\"text\"]");
            return None;
        }
        Deed::Digit(digit) => {
            let experts = state.trace.as_ref().map_or(0, |trace| trace.model.experts);
            Action::Expert(view.layer, digits.press(digit, event.time_stamp(), view.expert, experts)?)
        }
        deed => Action::Move(deed.moves()?),
    })
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
    files::folder(name)
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
