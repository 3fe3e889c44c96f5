//! The tour: a docked line that tells the six steps and points at the panel it talks about, without covering any.

use super::action::Action;
use super::browser;
use super::context::use_dispatch;
use super::icon::Icon;
use super::tour_step::TourStep;
use super::translate::prose;
use crate::messages::explore;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// What [`Tour`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TourProps {
    /// Which step.
    pub index: usize,
    /// The step, while one is told: a text that is emptied takes it away, and a new one brings it back.
    pub step: Option<TourStep>,
    /// How many there are.
    pub of: usize,
    /// How often the visitor opened the tour, moved in it or left it: only then does it move the keyboard or what is in sight.
    pub moves: u32,
    /// Whether things may move.
    pub reduced_motion: bool,
}

/// The line.
#[component]
pub fn Tour(props: &TourProps) -> Html {
    let dispatch = use_dispatch();
    let next_button = use_node_ref();
    let target = props.step.as_ref().map(|step| step.target);
    use_effect_with(target, |&target| {
        mark(target);
        || mark(None)
    });
    {
        let next_button = next_button.clone();
        let behavior = if props.reduced_motion { ScrollBehavior::Instant } else { ScrollBehavior::Smooth };
        use_effect_with(props.moves, move |&moves| match target {
            _ if moves == 0 => {} // Nobody asked yet.
            Some(target) => {
                bring(target, behavior);
                if let Some(button) = next_button.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
            }
            None => give_back(),
        });
    }
    let Some(step) = &props.step else { return html! {} };
    let to = |step: Option<usize>| dispatch.reform(move |_: MouseEvent| Action::Tour(step));
    let last = props.index + 1 >= props.of;
    let next = (!last).then_some(props.index + 1);
    html! {
        <section class="tour" data-testid="tour" aria-label={explore::tour()}>
            <div class="tour-words" aria-live="polite">
                <span class="tour-count">{ prose(&explore::tour_step_of(props.index + 1, props.of)) }</span>
                <p data-testid="tour-step"><b>{ step.name }</b>{ " " }{ prose(&step.words) }</p>
            </div>
            <div class="tour-buttons">
                if let Some(back) = props.index.checked_sub(1) {
                    <button type="button" class="quiet" data-testid="tour-back" onclick={to(Some(back))}>{ explore::tour_back() }</button>
                }
                <button ref={next_button} type="button" class="button" data-testid="tour-next" onclick={to(next)}>
                    { if last { explore::tour_done() } else { explore::tour_next() } }</button>
                <button type="button" class="quiet" data-testid="tour-close" aria-label={explore::tour_leave()} onclick={to(None)}>
                    <Icon name="close" /></button>
            </div>
        </section>
    }
}

/// The panel that a step is about. What a phone keeps in a sheet is also where that is opened.
fn panel(target: &str) -> Option<Element> {
    let selector = format!("[data-tour=\"{target}\"], [data-testid=\"{target}\"]");
    let found = gloo::utils::document().query_selector_all(&selector).ok()?;
    let mut found = (0..found.length()).filter_map(|i| found.item(i)?.dyn_into::<Element>().ok());
    found.find(|element| element.client_height() > 0)
}

/// Marks the panel that a step is about, and no other.
fn mark(target: Option<&str>) {
    if let Ok(marked) = gloo::utils::document().query_selector_all(".tour-on") {
        for element in (0..marked.length()).filter_map(|i| marked.item(i)?.dyn_into::<Element>().ok()) {
            let _ = element.class_list().remove_1("tour-on");
        }
    }
    if let Some(element) = target.and_then(panel) {
        let _ = element.class_list().add_1("tour-on");
    }
}

/// Brings a panel into sight.
fn bring(target: &str, behavior: ScrollBehavior) {
    if let Ok(Some(sheet)) = gloo::utils::document().query_selector(".sheet") {
        sheet.set_scroll_top(0);
    }
    if let Some(element) = panel(target) {
        let options = ScrollIntoViewOptions::new();
        options.set_behavior(behavior);
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Gives the keyboard, if nothing has it, to where the tour is opened: the button, or a narrow header's menu.
fn give_back() {
    for opener in ["[data-testid=\"tour-start\"]", "[data-testid=\"more\"]"] {
        let document = gloo::utils::document();
        if document.active_element().is_some_and(|active| active.tag_name() != "BODY") {
            return;
        }
        browser::focus(opener); // What is not shown does not take it.
    }
}
