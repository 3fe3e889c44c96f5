//! The same text's way through each model, above one another.

use super::{CompareProps, Routed};
use crate::app::action::Action;
use crate::app::context::Dispatch;
use crate::app::flow::{Clock, FlowView};
use crate::app::models::catalog::title;
use crate::app::state::State;
use crate::app::translate::prose;
use crate::messages::compare as words;
use crate::methods::{Ahead, GateKind, Method};
use crate::scene::{ViewState, difference::letter, words::pool};
use crate::trace::Trace;
use yew::prelude::*;

/// A model's kind in a few words: parts that stand beside one another.
fn kind(trace: &Trace) -> String {
    let layers = words::layers(trace.layers.len());
    if trace.model.experts < 2 {
        return format!("{} · {layers}", words::dense());
    }
    let model = &trace.model;
    let is = |what: fn(&Method) -> bool| model.method().is_some_and(what);
    let chosen = match () {
        () if is(|method| method.gate == GateKind::Policy) && model.task.is_some() => words::policy_told(pool(trace)),
        () if is(|method| method.gate == GateKind::Policy) => words::policy_not_told(pool(trace)),
        () if is(Method::picks) => words::experts_choose(model.experts),
        () if is(Method::varies) => words::any_of(model.experts),
        () if is(|method| method.blends) => words::all_experts(model.experts),
        () if model.constants.shared > 0 => words::some_and_shared(model.top_k, model.experts, model.constants.shared),
        () => words::some_experts(model.top_k, model.experts),
    };
    format!("{chosen} · {layers}{}", order(trace).map(|order| format!(" · {order}")).unwrap_or_default())
}

/// In which order a method that looks ahead was used here.
pub fn order(trace: &Trace) -> Option<&'static str> {
    Some(match (trace.model.looks_ahead, trace.model.method()?.ahead?) {
        (true, Ahead::Training) => words::balanced(),
        (true, Ahead::Published) => words::published(),
        (false, Ahead::Training) => words::best_each(),
        (false, Ahead::Published) => words::not_published(),
    })
}

/// The flows: a place for every chosen model, which its picture takes, or why there is none, so that neither moves the others.
pub fn flows(
    props: &CompareProps,
    (state, dispatch): (&State, &Dispatch),
    routed: &[&Routed],
    view: ViewState,
    clocks: &[Clock],
) -> Html {
    let comparison = &state.comparison;
    let place = |(m, (name, clock)): (usize, (&String, &Clock))| {
        // Experts of different models have nothing to do with each other, so none is selected in all.
        let on_view = dispatch
            .reform(move |next: ViewState| Action::View(ViewState { expert: None, playhead: view.playhead, ..next }));
        let one = routed.iter().find(|one| one.name == *name);
        let picture = match (one, comparison.faults.get(name)) {
            (Some(one), _) => html! {
                <FlowView trace={one.trace.clone()} {view} theme={props.theme} reduced_motion={props.reduced_motion}
                    clock={clock.clone()} name={format!("flow-{name}")} {on_view} />
            },
            (None, Some(why)) => fault(name, why),
            (None, None) => {
                html! { <p class="stage-empty">{ words::flow_later() }</p> }
            }
        };
        html! {
            <article class="compare-flow" key={name.clone()} data-testid={format!("compare-{name}")}>
                <h2><b translate="no">{ letter(m) }</b>{ " " }
                    <span translate="no" title={name.clone()}>{ title(name) }</span>
                    if let Some(one) = one { <small>{ prose(&kind(&one.trace)) }</small> }</h2>
                <div class="stage-picture">{ picture }</div>
            </article>
        }
    };
    html! {
        <section class="compare-flows" data-testid="compare-flows" tabindex="-1" aria-label={words::flows()}>
            { for comparison.with.names().iter().zip(clocks).enumerate().map(place) }
            <p class="part-note">{ words::flows_note() }</p>
        </section>
    }
}

/// Why a model cannot be compared.
pub fn fault(name: &str, why: &str) -> Html {
    html! {
        <p class="notice notice-fault" role="alert" data-testid={format!("fault-{name}")}>
            <span>{ format!("{why} {}", words::others_shown()) }</span></p>
    }
}
