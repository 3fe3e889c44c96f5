//! The tour: a docked line that tells the six steps and points at the panel it talks about, without covering any.

use super::action::Action;
use super::context::use_dispatch;
use super::icon::Icon;
use super::tour_step::Step;
use super::translate::prose;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// What [`Tour`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TourProps {
    /// Which step.
    pub index: usize,
    /// The step.
    pub step: Step,
    /// How many there are.
    pub of: usize,
    /// Whether things may move.
    pub reduced_motion: bool,
}

/// The line.
#[component]
pub fn Tour(props: &TourProps) -> Html {
    let dispatch = use_dispatch();
    let next_button = use_node_ref();
    {
        let next_button = next_button.clone();
        let behavior = if props.reduced_motion { ScrollBehavior::Instant } else { ScrollBehavior::Smooth };
        use_effect_with(props.step.target, move |&target| {
            point_at(Some(target), behavior);
            if let Some(button) = next_button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
            move || point_at(None, behavior)
        });
    }
    let to = |step: Option<usize>| dispatch.reform(move |_: MouseEvent| Action::Tour(step));
    let last = props.index + 1 >= props.of;
    let next = (!last).then_some(props.index + 1);
    html! {
        <section class="tour" data-testid="tour" aria-label="Tour">
            <div class="tour-words" aria-live="polite">
                <span class="tour-count">{ prose(&format!("{} of {}", props.index + 1, props.of)) }</span>
                <p data-testid="tour-step"><b>{ props.step.name }</b>{ " " }{ prose(&props.step.words) }</p>
            </div>
            <div class="tour-buttons">
                if let Some(back) = props.index.checked_sub(1) {
                    <button type="button" class="quiet" data-testid="tour-back" onclick={to(Some(back))}>{ "Back" }</button>
                }
                <button ref={next_button} type="button" class="button" data-testid="tour-next" onclick={to(next)}>
                    { if last { "Done" } else { "Next" } }</button>
                <button type="button" class="quiet" data-testid="tour-close" aria-label="Leave the tour" onclick={to(None)}>
                    <Icon name="close" /></button>
            </div>
        </section>
    }
}

/// Marks the panel that a step is about, and brings it into sight.
fn point_at(target: Option<&str>, behavior: ScrollBehavior) {
    let document = gloo::utils::document();
    if let Ok(marked) = document.query_selector_all(".tour-on") {
        for element in (0..marked.length()).filter_map(|i| marked.item(i)?.dyn_into::<Element>().ok()) {
            let _ = element.class_list().remove_1("tour-on");
        }
    }
    if let Ok(Some(sheet)) = document.query_selector(".sheet") {
        sheet.set_scroll_top(0);
    }
    let Some(target) = target else { return };
    let Ok(found) = document.query_selector_all(&format!("[data-tour=\"{target}\"], [data-testid=\"{target}\"]"))
    else {
        return;
    };
    // What a phone keeps in a sheet is also where that is opened.
    let mut found = (0..found.length()).filter_map(|i| found.item(i)?.dyn_into::<Element>().ok());
    if let Some(element) = found.find(|element| element.client_height() > 0) {
        let _ = element.class_list().add_1("tour-on");
        let options = ScrollIntoViewOptions::new();
        options.set_behavior(behavior);
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
