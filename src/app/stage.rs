//! The stage: the one dominant picture (or its table), its time controls, and a line that says what is being looked at.

use super::action::Action;
use super::context::{Dispatch, use_dispatch, use_page};
use super::domain_select::{DomainSelect, domains};
use super::flow::{Clock, FlowView, Playback};
use super::header::ViewSwitch;
#[cfg(feature = "studio")]
use super::method::MethodView;
use super::models::catalog;
use super::samples::SampleRow;
use super::settings::{Look, PageSettings};
use super::state::{Engine, State, TraceSource};
use super::table::TableView;
use super::translate::prose;
use crate::messages::explore;
use crate::scene::{ViewState, method::order, theme::Theme};
use yew::prelude::*;

/// What [`Stage`] needs besides the state.
#[derive(Clone, PartialEq, Properties)]
pub struct StageProps {
    /// The playhead.
    pub clock: Clock,
    /// Light or dark.
    pub theme: Theme,
    /// Whether dots may move.
    pub reduced_motion: bool,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let (state, dispatch) = (use_page(), use_dispatch());
    let on_view = use_callback(dispatch.clone(), |view, dispatch| dispatch.emit(Action::View(view)));
    let Some(trace) = state.trace.clone() else {
        let words = match &state.coming {
            Some(file) => explore::stage_opening(&file.name),
            None if state.no_recording => explore::stage_first().to_owned(),
            None => explore::stage_loading().to_owned(),
        };
        return html! {
            <main class="stage" data-testid="flow-panel" data-tour="flow"><p class="stage-empty">{ words }</p></main>
        };
    };
    let recorded = catalog::title(&trace.model.name);
    let what = match &state.source {
        TraceSource::Recording if state.unrouted().is_some() => Some(explore::source_unrouted(recorded)),
        TraceSource::Recording | TraceSource::Live if state.awaited().is_some() => state.awaited().map(|wanted| {
            let wanted = catalog::title(wanted);
            match state.source {
                TraceSource::Recording => explore::source_recording_until(recorded, wanted),
                _ => explore::source_until(recorded, wanted),
            }
        }),
        TraceSource::Recording if state.own_text && !state.in_step() => Some(match state.engine {
            Engine::Failed(_) => explore::source_other_text_failed().to_owned(),
            _ => explore::source_other_text().to_owned(),
        }),
        TraceSource::Recording => Some(explore::source_recording().to_owned()),
        TraceSource::File(name) => Some(explore::source_file(name)),
        TraceSource::Live => None,
    };
    let counted = trace.is_counted();
    let empty = (trace.is_empty() || state.text.is_empty()) && !counted;
    let picture = if empty {
        html! {
            <div class="stage-empty" data-testid="empty">
                <p>{ explore::stage_empty() }</p>
                <SampleRow />
            </div>
        }
    } else if counted && state.settings.look != Look::Flow {
        html! { <p class="stage-empty" data-testid="counted">{ explore::stage_counted() }</p> }
    } else if state.settings.look == Look::Method
        && state.source == TraceSource::Recording
        && what_comes(&state).is_some()
    {
        html! { <p class="stage-empty" role="status" data-testid="method-coming">{ for what_comes(&state) }</p> }
    } else if state.settings.look == Look::Method {
        #[cfg(feature = "studio")]
        {
            html! {
                <MethodView trace={trace.clone()} card={state.card.clone()} layer={state.view.layer} token={state.view.token}
                    settings={state.settings} gpu={state.device.as_ref().is_some_and(|device| device.gpu)}
                    generated={state.generated.is_some()} theme={props.theme} />
            }
        }
        #[cfg(not(feature = "studio"))]
        super::deferred::coming()
    } else if state.settings.look == Look::Table {
        let ViewState { layer, token, expert, .. } = state.view;
        html! { <TableView trace={trace.clone()} {layer} {token} {expert} /> }
    } else {
        html! {
            <div class="stage-picture">
                <FlowView trace={trace.clone()} view={state.view} theme={props.theme} reduced_motion={props.reduced_motion}
                    clock={props.clock.clone()} on_view={on_view.clone()} />
            </div>
        }
    };
    let order = order::routed(&trace, state.generated.is_some());
    let order = order.filter(|_| !empty && state.settings.look != Look::Method);
    html! {
        <main class="stage" data-testid="flow-panel" data-tour="flow">
            { picture }
            { for order.map(|words| ordered(words, state.settings, &dispatch)) }
            if !empty && !state.held {
                <DomainSelect trace={trace.clone()} domains={domains(state.card.as_deref())} settings={state.settings} />
            }
            if !empty {
                <div class="stage-bar">
                    if state.settings.look == Look::Flow && !counted {
                        <Playback {trace} view={state.view} clock={props.clock.clone()} reduced_motion={props.reduced_motion} {on_view} />
                    }
                    <ViewSwitch settings={state.settings} />
                    if let Some(words) = what {
                        <p class="source" data-testid="source">{ prose(&words) }
                            if state.held && !counted {
                                <button type="button" class="link" data-testid="live"
                                    onclick={dispatch.reform(|_| Action::Live)}>{ explore::source_live() }</button>
                            }
                        </p>
                    }
                </div>
            }
        </main>
    }
}

/// What the recording is not, of which another model's method or another text's numbers would be taught.
fn what_comes(state: &State) -> Option<String> {
    let unrouted = state.own_text && !state.in_step();
    match state.awaited() {
        Some(wanted) => Some(explore::method_coming_model(catalog::title(wanted))),
        None if unrouted && !matches!(state.engine, Engine::Failed(_)) => Some(explore::method_coming().to_owned()),
        None => None,
    }
}

/// In which order a method that looks ahead was used, with the way to its switch.
fn ordered(words: String, settings: PageSettings, dispatch: &Dispatch) -> Html {
    let change = dispatch.reform(move |_| Action::Set(PageSettings { look: Look::Method, ..settings }));
    html! {
        <p class="stage-order"><span data-testid="order">{ prose(&words) }</span>
            <button type="button" class="link" data-testid="order-change" onclick={change}>{ explore::order_change() }</button></p>
    }
}
