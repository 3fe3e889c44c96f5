//! What a method is told of a text besides its words: the domain, which routing networks learn a policy for each of.
//!
//! Nobody can read it off the text, so the visitor says it, or leaves it open.

use super::action::Action;
use super::card;
use super::context::use_dispatch;
use super::settings::PageSettings;
use super::shared::Shared;
use crate::card::Card;
use crate::messages::explore;
use crate::trace::{Trace, rules::GateKind};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What [`DomainSelect`] needs.
#[derive(Clone, PartialEq, Properties)]
pub struct DomainSelectProps {
    /// The text's trace.
    pub trace: Shared<Trace>,
    /// The domains that the model was trained on, in the order of its tasks.
    pub domains: Vec<String>,
    /// What is set.
    pub settings: PageSettings,
}

/// The domains that a card (`card.json`) names, in the order of the model's tasks; none without a card.
pub fn domains(card: Option<&String>) -> Vec<String> {
    card.map(|card| Card::read(card).domains()).unwrap_or_default()
}

/// Whether a trace's method is told the domain.
pub fn is_told(trace: &Trace) -> bool {
    trace.rules().gate == GateKind::Policy
}

/// The choice; nothing for methods that are told nothing.
#[component]
pub fn DomainSelect(props: &DomainSelectProps) -> Html {
    let (DomainSelectProps { trace, domains, settings }, dispatch) = (props.clone(), use_dispatch());
    if !is_told(&trace) {
        return html! {};
    }
    let now = settings.task.filter(|&task| task < domains.len());
    let on_change = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            dispatch.emit(Action::Set(PageSettings { task: select.value().parse().ok(), ..settings }));
        }
    });
    let option = |(task, name): (usize, &String)| {
        html! { <option value={task.to_string()} selected={now == Some(task)}>{ card::domain(name).to_owned() }</option> }
    };
    let says = match trace.model.task {
        Some(_) => explore::domain_policy(),
        None => explore::domain_mean(),
    };
    html! {
        <p class="stage-order"><label>{ explore::domain() }{ " " }
            <select class="playback-speed" data-testid="domain" onchange={on_change} disabled={domains.is_empty()}>
                <option value="" selected={now.is_none()}>{ explore::domain_not_said() }</option>
                { for domains.iter().enumerate().map(option) }
            </select></label>
            <span data-testid="domain-says">{ says }</span></p>
    }
}
