//! Paper is white, and nothing on it can be scrolled: while the page is printed, it has the light theme, and its canvases are
//! replaced by drawings that are as sharp as the printer.
//!
//! The browser prints as soon as the listeners have returned, and Yew may render only after that: while it is busy it waits
//! for a timer. So what only paper has, [`Paper`] puts into the document in its listener.

use gloo::events::EventListener;
use web_sys::Element;
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

/// What [`Paper`] holds.
#[derive(Clone, PartialEq, Properties)]
pub struct PaperProps {
    /// Style classes.
    pub class: &'static str,
    /// Makes its markup, in which all words are escaped.
    pub make: Callback<(), String>,
}

/// A place that is empty but while the page is being printed.
#[component]
pub fn Paper(props: &PaperProps) -> Html {
    let node = use_node_ref();
    {
        let (node, make) = (node.clone(), props.make.clone());
        use_effect(move || {
            let watch = Watch::new(Callback::from(move |printing: bool| {
                if let Some(element) = node.cast::<Element>() {
                    element.set_inner_html(&if printing { make.emit(()) } else { String::new() });
                }
            }));
            move || drop(watch)
        });
    }
    html! { <div class={props.class} ref={node} /> }
}
