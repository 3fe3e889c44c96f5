//! The same text's way through each model, above one another.

use super::{Routed, same};
use crate::app::flow::{Clock, FlowView};
use crate::app::format::plural;
use crate::scene::{ViewState, difference::letter, theme::Theme};
use crate::trace::Trace;
use std::rc::Rc;
use yew::prelude::*;

/// What [`Flows`] shows.
#[derive(Clone, Properties)]
pub struct FlowsProps {
    /// The models' answers.
    pub routed: Rc<Vec<Routed>>,
    /// Selection and playback.
    pub view: ViewState,
    /// Light or dark.
    pub theme: Theme,
    /// Whether dots may move.
    pub reduced_motion: bool,
    /// Called with a new selection or playback state.
    pub on_view: Callback<ViewState>,
}

impl PartialEq for FlowsProps {
    fn eq(&self, other: &Self) -> bool {
        same(&self.routed, &other.routed)
            && (self.view, self.theme, self.reduced_motion) == (other.view, other.theme, other.reduced_motion)
    }
}

/// A model's kind in a few words.
fn kind(trace: &Trace) -> String {
    let layers = plural(trace.layers.len(), "layer", "layers");
    if trace.model.experts < 2 {
        return format!("dense · {layers}");
    }
    format!("{} · {} of {} experts · {layers}", trace.model.router, trace.model.top_k, trace.model.experts)
}

/// The flows.
#[component]
pub fn Flows(props: &FlowsProps) -> Html {
    let flow = |(m, routed): (usize, &Routed)| {
        html! {
            <article class="compare-flow" key={routed.name.clone()} data-testid={format!("compare-{}", routed.name)}>
                <h3><b>{ letter(m) }</b>{ " " }{ &routed.name }<small>{ kind(&routed.trace) }</small></h3>
                <div class="stage-picture">
                    <Flow routed={routed.clone()} view={props.view} theme={props.theme} reduced_motion={props.reduced_motion} on_view={props.on_view.clone()} />
                </div>
            </article>
        }
    };
    html! {
        <section class="compare-flows" data-testid="compare-flows" tabindex="-1" aria-label="The text’s way through each model">
            if props.routed.is_empty() { <p class="stage-empty">{ "The pictures appear when the models have routed the text." }</p> }
            { for props.routed.iter().enumerate().map(flow) }
            if !props.routed.is_empty() { <p class="part-note">{ "A cell fills with its share of the choices; the dashed tick is the even share; a ribbon’s width is the weight, and its outputs are added to the token’s lane." }</p> }
        </section>
    }
}

#[derive(Clone, Properties)]
struct FlowProps {
    routed: Routed,
    view: ViewState,
    theme: Theme,
    reduced_motion: bool,
    on_view: Callback<ViewState>,
}

impl PartialEq for FlowProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.routed.trace, &other.routed.trace)
            && (self.view, self.theme, self.reduced_motion) == (other.view, other.theme, other.reduced_motion)
    }
}

/// One flow, with a clock of its own: each picture moves its clock on with every frame.
#[component]
fn Flow(props: &FlowProps) -> Html {
    let clock = use_memo((), |()| Clock::default());
    let (view, on_view) = (props.view, props.on_view.clone());
    // Experts of different models have nothing to do with each other, so none is selected in all.
    let on_view = Callback::from(move |next: ViewState| {
        on_view.emit(ViewState { expert: None, playhead: view.playhead, ..next })
    });
    html! {
        <FlowView trace={props.routed.trace.clone()} {view} theme={props.theme} reduced_motion={props.reduced_motion}
            clock={(*clock).clone()} name={format!("flow-{}", props.routed.name)} {on_view} />
    }
}
