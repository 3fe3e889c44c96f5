//! A button with a panel below it: for what is needed now and then and must not cover the picture meanwhile.

use super::icon::Icon;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, Node};
use yew::prelude::*;

/// What [`Menu`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// What the button says.
    pub label: Html,
    /// What the button is called where its label is not words.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// For tests.
    pub testid: &'static str,
    /// Style classes of the button.
    #[prop_or_default]
    pub class: &'static str,
    /// Whether a click in the panel closes it.
    #[prop_or(true)]
    pub closes: bool,
    /// The panel.
    pub children: Html,
}

/// The button and its panel. Escape and a press elsewhere close it.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    {
        let (root, open) = (root.clone(), open.clone());
        use_effect_with(*open, move |&is_open| {
            let listener = is_open.then(|| {
                EventListener::new(&gloo::utils::document(), "pointerdown", move |event| {
                    let inside = event
                        .target()
                        .and_then(|t| t.dyn_into::<Node>().ok())
                        .is_some_and(|target| root.cast::<Node>().is_some_and(|root| root.contains(Some(&target))));
                    if !inside {
                        open.set(false);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let onkeydown = {
        let (open, button) = (open.clone(), button.clone());
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
            }
        }
    };
    let pick = {
        let (open, closes) = (open.clone(), props.closes);
        move |event: MouseEvent| {
            let on_button = event
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
                .and_then(|t| t.closest("button, a").ok().flatten())
                .is_some();
            if closes && on_button {
                open.set(false);
            }
        }
    };
    let chosen = {
        let (open, closes) = (open.clone(), props.closes);
        move |_: Event| {
            if closes {
                open.set(false);
            }
        }
    };
    html! {
        <div class="menu" ref={root} {onkeydown}>
            <button ref={button} type="button" class={classes!("menu-button", props.class)}
                data-testid={props.testid} aria-expanded={open.to_string()}
                aria-label={props.name.clone()} onclick={toggle}>
                { props.label.clone() }<Icon name="down" />
            </button>
            <div class="menu-panel" hidden={!*open} data-testid={format!("{}-panel", props.testid)} onclick={pick} onchange={chosen}>
                { props.children.clone() }
            </div>
        </div>
    }
}
