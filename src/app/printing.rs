//! Paper is white, and nothing on it can be scrolled: while the page is printed, it has the light theme, and its canvases are
//! replaced by drawings that are as sharp as the printer.

use gloo::events::EventListener;
use yew::prelude::*;

/// Tells when printing begins and ends, for as long as it is kept.
#[derive(Debug)]
pub struct Watch {
    _listeners: [EventListener; 2],
}

impl Watch {
    /// `on` is called with whether the page is being printed.
    pub fn new(on: Callback<bool>) -> Self {
        let window = gloo::utils::window();
        let tell = |event: &'static str, printing: bool| {
            let on = on.clone();
            EventListener::new(&window, event, move |_| on.emit(printing))
        };
        Self { _listeners: [tell("beforeprint", true), tell("afterprint", false)] }
    }
}

/// Whether the page is being printed.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let set = printing.setter();
    use_effect_with((), move |()| {
        let watch = Watch::new(Callback::from(move |now| set.set(now)));
        move || drop(watch)
    });
    *printing
}
