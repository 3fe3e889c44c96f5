//! The expert card: what one expert takes, as statistics against a shuffle, with "no clear speciality" as an honest end.

use super::format::{choice, count, hue, percent, plural, visible};
use super::translate::prose;
use crate::scene::method::blended;
use crate::trace::{
    Trace,
    speciality::{Card, Verdict},
};
use std::rc::Rc;
use yew::prelude::*;

/// What [`ExpertCard`] shows.
#[derive(Clone, Properties)]
pub struct CardProps {
    /// The trace; compared by address.
    pub trace: Rc<Trace>,
    /// The layer.
    pub layer: usize,
    /// The expert.
    pub expert: usize,
    /// Whether somebody selected it; otherwise it is the selected token's first.
    pub selected: bool,
    /// Selects it, or lets it go.
    pub on_expert: Callback<usize>,
}

impl PartialEq for CardProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && (self.layer, self.expert, self.selected) == (other.layer, other.expert, other.selected)
    }
}

/// The card.
#[component]
pub fn ExpertCard(props: &CardProps) -> Html {
    let card = {
        let (trace, layer, e) = (props.trace.clone(), props.layer, props.expert);
        use_memo((Rc::as_ptr(&props.trace), layer, e), move |_| Card::of(&trace, layer, e))
    };
    let Some(card) = &*card else { return html! {} };
    if blended::is_blended(&props.trace) {
        return blend(props);
    }
    let e = props.expert;
    let share = card.n as f32 / card.tokens.max(1) as f32;
    let top = card.top.iter().take(5).map(|lift| html! {
        <li translate="no"><span class="next-text">{ visible(&lift.kind) }</span><span>{ format!("{} of {}", lift.taken, lift.total) }</span>
            <span title={format!("shuffled 1.0 ± {:.1}", lift.shuffled_sd)}>{ format!("×{:.1}", lift.lift) }<small>{ format!(" ± {:.1}", lift.shuffled_sd) }</small></span></li>
    });
    let classes = card.classes.iter().filter(|lift| lift.taken > 0).take(4).map(|lift| html! {
        <li><span>{ lift.kind.name() }</span><span translate="no">{ format!("{} of {}", lift.taken, lift.total) }</span>
            <span translate="no" title={format!("shuffled 1.0 ± {:.1}", lift.shuffled_sd)}>{ format!("×{:.1}", lift.lift) }<small>{ format!(" ± {:.1}", lift.shuffled_sd) }</small></span></li>
    });
    html! {
        <section class={classes!("panel", "card", hue(e, props.trace.model.experts))} data-testid="expert-card" data-tour="expert">
            <h2><i class="swatch" />{ prose(&format!("{} in layer {}", choice(&props.trace, e), props.layer + 1)) }
                <small>{ prose(&format!("takes {} of {} ({})", card.n, plural(card.tokens, "token", "tokens"), percent(share))) }</small></h2>
            <p data-testid="verdict">{ prose(&card.sentence()) }</p>
            if card.verdict == Verdict::NoClearSpeciality && card.top.iter().any(|lift| lift.lift >= 1.5) {
                <p class="soft small" data-testid="verdict-why">{ "The lifts below may look large. But each kind comes only a few times here, and among so many kinds some stand out in any shuffle too (± is how far a shuffle strays): none is surer than that." }</p>
            }
            if !card.top.is_empty() {
                <><h3>{ "Tokens it takes most, against chance" }</h3><ul class="lifts">{ for top }</ul></>
            }
            if card.n > 0 {
                <details><summary>{ "Kinds of token" }</summary><ul class="lifts">{ for classes }</ul>
                    <p class="soft small">{ "×1 is what a shuffle gives; ± is how far a shuffle strays." }</p></details>
            }
            { pick(props) }
        </section>
    }
}

fn pick(props: &CardProps) -> Html {
    let (on_expert, e) = (props.on_expert.clone(), props.expert);
    html! {
        <button type="button" class="link" data-testid="pick-expert" onclick={move |_| on_expert.emit(e)}>
            { if props.selected { "Show all experts again" } else { "Pick out its tokens" } }</button>
    }
}

/// Where an expert takes every token, there is nothing to set against a shuffle: what differs is its weight.
fn blend(props: &CardProps) -> Html {
    let (trace, e) = (&props.trace, props.expert);
    let Some(layer) = trace.layers.get(props.layer) else { return html! {} };
    let sum: f32 = (0..trace.len()).map(|t| blended::weight(layer, t, e)).sum();
    let mean = percent(sum / trace.len().max(1) as f32);
    let most = blended::heaviest(layer, e, 5).into_iter().map(|(t, weight)| {
        let text = trace.tokens.get(t).map_or("", |token| &token.text);
        html! { <li translate="no"><span class="next-text">{ visible(text) }</span><span>{ format!("token {}", count(t + 1)) }</span><span>{ percent(weight) }</span></li> }
    });
    html! {
        <section class={classes!("panel", "card", hue(e, trace.model.experts))} data-testid="expert-card" data-tour="expert">
            <h2><i class="swatch" />{ prose(&format!("{} in layer {}", choice(trace, e), props.layer + 1)) }
                <small>{ prose(&format!("works for every token, with {mean} of the weight")) }</small></h2>
            <p data-testid="verdict">{ "It takes no tokens and leaves none: in this method every expert works for every token. What differs is its weight." }</p>
            <h3>{ "Tokens with the most of its weight" }</h3><ul class="lifts">{ for most }</ul>
            { pick(props) }
        </section>
    }
}
