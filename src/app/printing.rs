//! Paper is white, and nothing on it can be scrolled: whatever the theme, drawings in light colours take the place of
//! canvases and of drawings in the screen's colours. The style sheet for paper does the rest.
//!
//! The browser prints as soon as the listeners have returned, and Yew may render only after that: while it is busy it waits
//! for a timer. So what only paper has, [`Paper`] puts into the document in its listener.

use super::translate::marked;
use crate::messages::files;
use crate::scene::{shape::Scene, svg, theme::Theme};
use gloo::events::EventListener;
use web_sys::Element;
use yew::prelude::*;

/// Most tokens that stand on paper, where nobody can turn pages of a table: some fifty sheets.
pub const TOKENS: usize = 2000;

/// Says what of so many tokens is not on paper, if any is not.
pub fn left_out(tokens: usize) -> String {
    if tokens <= TOKENS {
        return String::new();
    }
    format!("<p>{}</p>", marked(&files::not_on_paper(TOKENS + 1, tokens)))
}

/// Tells when printing begins and ends, for as long as it is kept.
struct Watch {
    _listeners: [EventListener; 2],
}

impl Watch {
    /// `on` is called with whether the page is being printed.
    fn new(on: Callback<bool>) -> Self {
        let window = gloo::utils::window();
        let tell = |event: &'static str, printing: bool| {
            let on = on.clone();
            EventListener::new(&window, event, move |_| on.emit(printing))
        };
        Self { _listeners: [tell("beforeprint", true), tell("afterprint", false)] }
    }
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

/// The scene as paper has it, to stand beside the same in the screen's colours, which has the class `on-screen`.
pub fn light(scene: &Scene) -> Html {
    let scene = scene.clone();
    html! { <Paper class="paper" make={Callback::from(move |()| svg::inline(&scene, Theme::Light))} /> }
}
