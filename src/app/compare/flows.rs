//! The same text's way through each model, above one another.

use super::{CompareProps, Routed};
use crate::app::flow::{Clock, FlowView};
use crate::app::format::plural;
use crate::scene::{ViewState, difference::letter};
use crate::trace::Trace;
use yew::prelude::*;

/// A model's kind in a few words.
fn kind(trace: &Trace) -> String {
    let layers = plural(trace.layers.len(), "layer", "layers");
    if trace.model.experts < 2 {
        return format!("dense · {layers}");
    }
    format!("{} · {} of {} experts · {layers}", trace.model.router, trace.model.top_k, trace.model.experts)
}

/// The flows.
pub fn flows(props: &CompareProps, routed: &[&Routed], view: ViewState, clocks: &[Clock]) -> Html {
    let flow = |(m, (routed, clock)): (usize, (&&Routed, &Clock))| {
        let on_view = props.on_view.clone();
        // Experts of different models have nothing to do with each other, so none is selected in all.
        let on_view = Callback::from(move |next: ViewState| {
            on_view.emit(ViewState { expert: None, playhead: view.playhead, ..next })
        });
        html! {
            <article class="compare-flow" key={routed.name.clone()} data-testid={format!("compare-{}", routed.name)}>
                <h3><b>{ letter(m) }</b>{ " " }{ &routed.name }<small>{ kind(&routed.trace) }</small></h3>
                <div class="stage-picture">
                    <FlowView trace={routed.trace.clone()} {view} theme={props.theme} reduced_motion={props.reduced_motion}
                        clock={clock.clone()} name={format!("flow-{}", routed.name)} {on_view} />
                </div>
            </article>
        }
    };
    html! {
        <section class="compare-flows" data-testid="compare-flows" tabindex="-1" aria-label="The text’s way through each model">
            if routed.is_empty() { <p class="stage-empty">{ "The pictures appear when the models have routed the text." }</p> }
            { for routed.iter().zip(clocks).enumerate().map(flow) }
            if !routed.is_empty() { <p class="part-note">{ "A cell fills with its share of the choices; the dashed tick is the even share; a ribbon’s width is the weight, and its outputs are added to the token’s lane." }</p> }
        </section>
    }
}
