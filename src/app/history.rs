//! State, address bar and the tab's history in step, and every text kept where no address holds it ([`super::saved_texts`]).

use super::action::Action;
use super::address::{Address, REST};
use super::notice::Tone;
use super::saved_texts::{self, SavedText};
use super::state::State;
use super::store::Store;
use crate::messages::explore;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// Milliseconds of quiet between two changes of the text that are steps of their own on the way back.
const STEP: f64 = 900.0;

/// What the address bar says right now, with the text that this tab keeps for it.
pub fn read_address() -> Address {
    let mut address = Address::read(&gloo::utils::window().location().hash().unwrap_or_default());
    let lost = saved_texts::left().filter(|_| is_reload());
    if let Some(SavedText { text, generated, drawn }) = lost.or_else(|| saved_texts::get(&saved_texts::entry()?)) {
        (address.text, address.generated, address.drawn, address.long) = (Some(text), generated, drawn, false);
    }
    address
}

/// Whether the page was loaded again where it was.
fn is_reload() -> bool {
    let entries = gloo::utils::window().performance().map(|performance| performance.get_entries_by_type("navigation"));
    let kind = |entry: JsValue| js_sys::Reflect::get(&entry, &JsValue::from_str("type")).ok();
    entries.and_then(|entries| kind(entries.get(0))).is_some_and(|kind| kind == "reload")
}

/// Where page and history stand.
struct Place {
    /// What the page shows.
    shown: RefCell<Address>,
    /// What the history's present entry is of.
    entered: RefCell<Address>,
    entry: RefCell<String>,
    typed_at: Cell<f64>,
    waiting: Cell<Option<Timeout>>,
    say: Callback<String>,
    said: Cell<bool>,
}

/// Keeps state and address bar in step. What changes the picture's subject (text, layer, expert, view) becomes an entry
/// of the history; the rest only updates the present one.
#[hook]
pub fn use_address(state: &State, store: &Store) {
    let dispatch = store.dispatch().clone();
    let place = use_memo((), |()| {
        let dispatch = dispatch.clone();
        let say = Callback::from(move |words| dispatch.emit(Action::Say(Tone::Fault, words)));
        Rc::new(Place::new(say))
    });
    {
        let place = (*place).clone();
        use_effect_with(state.address(), move |address| place.follow(address));
    }
    let place = (*place).clone();
    // What the page shows comes after an effect, on a slow machine too late for a page that ends; the store's state never does.
    let store = store.clone();
    use_effect_with((), move |()| {
        let window = gloo::utils::window();
        let (on_pop, on_leave, on_hide) = (place.clone(), place.clone(), place.clone());
        let (popped, left, hidden) = (store.clone(), store.clone(), store.clone());
        let listeners = [
            EventListener::new(&window, "popstate", move |_| {
                dispatch.emit(Action::Restore(Box::new(on_pop.go(&popped.state().address()))));
            }),
            EventListener::new(&window, "pagehide", move |_| {
                on_leave.leave(&left.state().address());
                saved_texts::leave_file(&on_leave.entry.borrow(), left.state().kept_file().as_ref());
            }),
            EventListener::new(&gloo::utils::document(), "visibilitychange", move |_| {
                if gloo::utils::document().hidden() {
                    on_hide.keep(&hidden.state().address());
                    saved_texts::leave_file(&on_hide.entry.borrow(), hidden.state().kept_file().as_ref());
                }
            }),
        ];
        move || {
            drop(listeners);
            place.give_way(store.state().address());
        }
    });
}

impl Place {
    fn new(say: Callback<String>) -> Self {
        let address = read_address();
        Self {
            shown: RefCell::new(address.clone()),
            entered: RefCell::new(address),
            entry: RefCell::new(enter()),
            typed_at: Cell::new(0.0),
            waiting: Cell::new(None),
            say,
            said: Cell::new(false),
        }
    }

    /// The page shows something else. The first change of a text after a rest is a step of its own at once, so that what
    /// was there before stays as it was; the changes that follow belong to that step.
    fn follow(self: &Rc<Self>, address: &Address) {
        let old = self.shown.replace(address.clone());
        if old.text != address.text {
            let now = js_sys::Date::now();
            let rested = now - self.typed_at.replace(now) > STEP;
            if rested && !old.long {
                if *self.entered.borrow() != old {
                    self.put(&old, false);
                }
                return self.write(true);
            }
        }
        let place = self.clone();
        let timer = Timeout::new(REST, move || place.write(false));
        drop(self.waiting.replace(Some(timer))); // cancels the one before
    }

    fn write(&self, step: bool) {
        drop(self.waiting.take());
        let address = self.shown.borrow().clone();
        let old = self.entered.replace(address.clone());
        let subject =
            |a: &Address| (a.model.clone(), a.layer, a.expert, a.settings.screen, a.settings.look, a.settings.manner());
        self.put(&address, step || subject(&old) != subject(&address));
    }

    /// Another page takes this one's place and reads the address bar: what waits for that is written now.
    fn give_way(&self, address: Address) {
        self.shown.replace(address);
        self.write(false);
    }

    fn put(&self, address: &Address, step: bool) {
        let Ok(history) = gloo::utils::window().history() else { return };
        let fragment = address.write();
        let url = format!("#{fragment}");
        // A browser may refuse to write too often; the next change writes again.
        if step {
            let entry = saved_texts::new_entry();
            if history.push_state_with_url(&JsValue::from_str(&entry), "", Some(&url)).is_ok() {
                self.entry.replace(entry);
            }
        } else {
            let entry = JsValue::from_str(&self.entry.borrow());
            drop(history.replace_state_with_url(&entry, "", Some(&url)));
        }
        let whole = address.text.is_none() || Address::holds_text(&fragment);
        if whole && gloo::utils::window().location().hash().is_ok_and(|hash| hash.trim_start_matches('#') == fragment) {
            saved_texts::drop_entry(&self.entry.borrow());
        } else {
            self.keep(address);
        }
    }

    /// Keeps the text in the tab.
    fn keep(&self, address: &Address) {
        let Some(text) = address.text.clone() else { return saved_texts::drop_entry(&self.entry.borrow()) };
        let kept = SavedText { text, generated: address.generated, drawn: address.drawn };
        let lost = saved_texts::put(&self.entry.borrow(), &kept).is_err() && !Address::holds_text(&address.write());
        if lost && !self.said.replace(true) {
            self.say.emit(explore::text_unkept().to_owned());
        }
    }

    /// The page ends.
    fn leave(&self, address: &Address) {
        self.keep(address);
        saved_texts::leave(&self.entry.borrow());
    }

    /// Somebody went to another entry of the history, or changed the address by hand, and `left` what is of the state.
    fn go(&self, left: &Address) -> Address {
        drop(self.waiting.take());
        if *left != *self.entered.borrow() {
            self.keep(left);
        }
        let address = read_address();
        self.entry.replace(enter());
        self.shown.replace(address.clone());
        self.entered.replace(address.clone());
        self.typed_at.set(0.0);
        address
    }
}

/// The number of the present entry; one that has none yet gets it.
fn enter() -> String {
    saved_texts::entry().unwrap_or_else(|| {
        let entry = saved_texts::new_entry();
        if let Ok(history) = gloo::utils::window().history() {
            drop(history.replace_state(&JsValue::from_str(&entry), ""));
        }
        entry
    })
}
