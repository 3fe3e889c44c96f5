//! The inspector: what the gate did with the selected token in the selected layer, with the formula and its numbers.

use super::action::Action;
use super::context::use_dispatch;
use super::format::{choice_in, hue, prob, signed, token as token_name};
use super::gate_words;
use super::icon::Icon;
use super::shared::Shared;
use super::spans;
use super::translate::prose;
use crate::messages::{explore, scene};
use crate::methods::{Coefficient, Method};
use crate::order;
use crate::scene::ViewState;
use crate::scene::method::blended::is_blended;
use crate::scene::method::{Place, arithmetic};
use crate::trace::{Choice, Computed, LayerTrace, Trace, conventions::Convention, rules::GateKind};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Most experts listed before the rest is folded away.
const LISTED: usize = 12;

/// Most characters of a score that the usual column has room for: `−999.99`.
const SHORT: usize = 7;

/// What [`Scores`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ScoresProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// Whether it is the bundled recording, which was not computed here.
    pub recorded: bool,
    /// The selected layer.
    pub layer: usize,
    /// The selected token.
    pub token: usize,
    /// The selected expert.
    pub expert: Option<usize>,
}

/// Gate, scores, cut, weights.
#[component]
pub fn Scores(props: &ScoresProps) -> Html {
    let (all, dispatch) = (use_state(|| false), use_dispatch());
    let (trace, t) = (&*props.trace, props.token);
    let Some(layer) = trace.layers.get(props.layer).filter(|_| t < trace.len()) else {
        let words = match trace.is_counted() {
            true => explore::no_token_counted(),
            false => explore::no_token_empty(),
        };
        return html! { <section class="panel" data-testid="no-token"><p class="soft">{ words }</p></section> };
    };
    let (logits, scores) = (layer.logits(t).unwrap_or_default(), layer.scores(t));
    let probs = scores.unwrap_or_default();
    let chosen: Vec<usize> = layer.chosen(t).iter().map(|&e| usize::from(e)).collect();
    let rest = ranking(probs, logits, &chosen);
    let folded = if *all { 0 } else { rest.len().saturating_sub(LISTED.saturating_sub(chosen.len())) };
    let biased = trace.model.method().and_then(|method| method.order) == Some(Convention::GptOss);
    let (dense, scored) = (trace.model.experts == 1, trace.rules().gate != GateKind::Table);
    // Scores without a bound are drawn beside the largest.
    let most = probs.iter().copied().fold(1.0, f32::max);
    let row = |e: usize, kept: bool| {
        let l = props.layer;
        let pick = dispatch.reform(move |_: MouseEvent| Action::Expert(l, e));
        let p = probs.get(e).copied();
        let class = classes!(
            "score",
            hue(e, layer.info.experts),
            kept.then_some("score-in"),
            (props.expert == Some(e)).then_some("score-on")
        );
        let name = choice_in(trace, props.layer, e);
        let s = logits.get(e).map_or_else(|| scene::not_recorded().to_owned(), |&s| signed(s));
        let exact = p.map_or_else(|| scene::not_recorded().to_owned(), |p| format!("{p:.4}"));
        let title = match gate_words::has_probabilities(trace) {
            true => explore::score_probability(&name, s, exact),
            false => explore::score_alone(&name, s, exact),
        };
        html! {
            <button key={e} type="button" translate="no" {class} {title} data-testid={format!("score-{}", e + 1)}
                aria-pressed={(props.expert == Some(e)).to_string()} onclick={pick}>
                <span class="score-name">{ name }</span>
                <span class="score-logit">{ logits.get(e).filter(|_| scored).map_or_else(String::new, |&s| signed(s)) }</span>
                if let Some(p) = p { <Bar share={p / most} /><span class="score-p">{ prob(p) }</span> }
            </button>
        }
    };
    let long = logits.iter().any(|&s| signed(s).chars().count() > SHORT);
    let cut = cut(trace, layer, t, (&chosen, &rest));
    let unfold = {
        let all = all.clone();
        move |_| all.set(true)
    };
    html! {
        <>
        <section class="panel" data-testid="inspector-gate" data-tour="gate">
            <LayerTabs layer={props.layer} layers={trace.layers.len()} />
            <h2 class="subject"><span class="chip-token" translate="no" data-testid="selected-token">{ token_name(trace, t) }</span>
                <small data-testid="selected-place">{ prose(&place(trace, t)) }</small></h2>
            <p class="soft">{ prose(&gate_words::explanation(trace, props.layer)) }</p>
            if let Some(function) = gate_words::function(trace).filter(|_| !dense) {
                <p class="formula" translate="no">
                    if trace.rules().gate == GateKind::Linear {
                        <var>{ "s" }</var>{ " = " }<var>{ "W" }</var><sub>{ "g" }</sub>{ " " }<var>{ "x" }</var>
                        if biased { <>{ " + " }<var>{ "b" }</var></> }<span class="formula-gap" />
                    }
                    <var>{ "p" }</var>{ format!(" = {function}(") }<var>{ "s" }</var>{ ")" }</p>
            }
            if !dense { <div class={classes!("scores", long.then_some("scores-long"))}
                role="group" aria-label={explore::scores()} data-tour="experts">
                if scores.is_some() {
                    <div class="score score-head" translate="no" aria-hidden="true"><span />
                        <span class="score-logit">{ if scored { "s" } else { "" } }</span><span /><span class="score-p">{ "p" }</span></div>
                }
                { for chosen.iter().map(|&e| row(e, true)) }
                if scores.is_some() { <div class="cut"><span>{ prose(&cut) }</span></div> } else {
                    <p class="soft small" data-testid="scores-absent">{ explore::scores_absent() }</p>
                }
                { for rest.iter().take(rest.len() - folded).map(|&e| row(e, false)) }
                if folded > 0 { <button type="button" class="link" onclick={unfold}>{ prose(&explore::scores_more(folded)) }</button> }
            </div> }
        </section>
        <section class="panel" data-testid="inspector-weights" data-tour="weights">
            <Weights trace={props.trace.clone()} recorded={props.recorded} layer={props.layer} token={t} />
        </section>
        </>
    }
}

/// What stands between the experts that were chosen and the rest, at token `t`.
fn cut(trace: &Trace, layer: &LayerTrace, t: usize, (chosen, rest): (&[usize], &[usize])) -> String {
    let (k, probs) = (chosen.len(), layer.scores(t).unwrap_or_default());
    let p = |e: &usize| probs.get(*e).copied().unwrap_or(0.0);
    let least = chosen.iter().map(p).fold(f32::INFINITY, f32::min);
    let (method, rules) = (trace.model.method(), trace.rules_of(layer));
    let is = |what: fn(&Method) -> bool| method.is_some_and(what);
    let by_score = rest.iter().all(|e| p(e) <= least);
    let passes = trace.rules().gate == GateKind::Policy;
    let dropped = layer.drops(t) > 0;
    match k {
        _ if rules.fixed && rules.gate == GateKind::Linear => explore::cut_table().to_owned(),
        _ if is(|method| method.has(Coefficient::Bias)) && !by_score => explore::cut_bias(k),
        _ if rest.is_empty() || is_blended(trace) => explore::cut_every().to_owned(),
        0 => explore::cut_none().to_owned(),
        _ if is(Method::picks) && !by_score => explore::cut_by_experts().to_owned(),
        _ if is(Method::varies) => explore::cut_varies().to_owned(),
        _ if is(Method::needs_pairs) && !is(|method| method.blends) => explore::cut_tree().to_owned(),
        _ if !by_score => explore::cut_other().to_owned(),
        1 if passes => explore::cut_policy().to_owned(),
        1 if dropped => explore::cut_one_asked().to_owned(),
        1 => explore::cut_one().to_owned(),
        _ if dropped => explore::cut_asked(k),
        _ => explore::cut_used(k),
    }
}

/// Which token it is; one that holds only some bytes of a character says of which.
fn place(trace: &Trace, t: usize) -> String {
    let part = trace.tokens.get(t).and_then(|token| spans::split_characters(&trace.text, token));
    match part {
        Some(characters) => explore::token_of_bytes(t + 1, trace.len(), characters),
        None => explore::token_of(t + 1, trace.len()),
    }
}

/// The experts that were not chosen, most probable first; of those rounded to the same number the one with the larger logit.
fn ranking(probs: &[f32], logits: &[f32], chosen: &[usize]) -> Vec<usize> {
    let mut rest: Vec<usize> = (0..probs.len()).filter(|e| !chosen.contains(e)).collect();
    let order =
        |row: &[f32], a: usize, b: usize| row.get(b).partial_cmp(&row.get(a)).unwrap_or(std::cmp::Ordering::Equal);
    order::sort(&mut rest, |&a, &b| order(probs, a, b).then(order(logits, a, b)));
    rest
}

/// What [`Bar`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct BarProps {
    /// From 0 to 1.
    pub share: f32,
}

/// A bar in the hue of its surroundings.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let width = format!("{:.2}%", (props.share.clamp(0.0, 1.0) * 100.0).max(0.5));
    html! { <svg class="bar" aria-hidden="true"><rect {width} height="100%" rx="2" /></svg> }
}

#[derive(Clone, PartialEq, Properties)]
struct TabsProps {
    layer: usize,
    layers: usize,
}

/// Most layers with a button each; of more, one is chosen from a list.
const BUTTONS: usize = 4;

/// Which layer is inspected.
#[component]
fn LayerTabs(props: &TabsProps) -> Html {
    let dispatch = use_dispatch();
    if props.layers > BUTTONS {
        return html! { <LayerList ..props.clone() /> };
    }
    let tab = |l: usize| {
        let (on, onclick) = (l == props.layer, dispatch.reform(move |_: MouseEvent| Action::Layer(l)));
        html! {
            <button key={l} type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()}
                data-testid={format!("layer-{}", l + 1)} {onclick}>{ l + 1 }</button>
        }
    };
    html! {
        <div class="layer-tabs" role="group" aria-label={explore::layers()}><span class="soft">{ explore::layers() }</span>
            <div class="segments segments-small" translate="no">{ for (0..props.layers).map(tab) }</div></div>
    }
}

/// The same where buttons would have no room: a step back, the list, a step on.
#[component]
fn LayerList(props: &TabsProps) -> Html {
    let (list, dispatch) = (use_node_ref(), use_dispatch());
    {
        // What a visitor chose stays chosen in a list, whatever its options say.
        let list = list.clone();
        use_effect_with(props.layer, move |layer| {
            if let Some(list) = list.cast::<HtmlSelectElement>() {
                list.set_value(&layer.to_string());
            }
        });
    }
    let step = |to: Option<usize>, icon: &'static str, name: &'static str, testid: &'static str| {
        let to = to.filter(|&to| to < props.layers);
        let dispatch = dispatch.clone();
        let onclick = move |_: MouseEvent| to.map(Action::Layer).into_iter().for_each(|act| dispatch.emit(act));
        html! {
            <button type="button" class="playback-button" aria-label={name} title={name} data-testid={testid}
                disabled={to.is_none()} {onclick}><Icon name={icon} /></button>
        }
    };
    let choose = dispatch.clone();
    let onchange = move |event: Event| {
        if let Some(layer) = event.target_dyn_into::<HtmlSelectElement>().and_then(|list| list.value().parse().ok()) {
            choose.emit(Action::Layer(layer));
        }
    };
    let option = |l: usize| {
        html! { <option value={l.to_string()} selected={l == props.layer}>{ scene::layer(l + 1) }</option> }
    };
    html! {
        <div class="layer-tabs" role="group" aria-label={explore::layers()}>
            { step(props.layer.checked_sub(1), "left", explore::layer_before(), "layer-before") }
            <select ref={list} class="playback-speed" aria-label={explore::layers()} data-testid="layer-list" {onchange}>
                { for (0..props.layers).map(option) }</select>
            { step(Some(props.layer + 1), "right", explore::layer_after(), "layer-after") }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WeightsProps {
    trace: Shared<Trace>,
    recorded: bool,
    layer: usize,
    token: usize,
}

/// From scores to weights, and the output they make.
#[component]
fn Weights(props: &WeightsProps) -> Html {
    let Some(layer) = props.trace.layers.get(props.layer) else { return html! {} };
    let weighed = layer.weights.is_some();
    let terms = layer.choices(props.token).enumerate().map(|(i, Choice { expert: e, weight, .. })| html! {
        <>{ if i > 0 { " + " } else { "" } }
            <span class="formula-term">
                if let Some(w) = weight { <b>{ format!("{w:.2}") }</b> } else { <var>{ "w" }</var><sub>{ i + 1 }</sub> }
                { " × " }{ choice_in(&props.trace, props.layer, e) }{ "(" }<var>{ "x" }</var>{ ")" }</span></>
    });
    let view = ViewState { layer: props.layer, token: props.token, ..ViewState::default() };
    let words = Place::of(&props.trace, &view).and_then(|at| arithmetic::steps(&at, true).pop()).unwrap_or_default();
    let nobody = layer.chosen(props.token).is_empty();
    let slots = props.trace.rules().gate == GateKind::Slots && props.trace.model.looks_ahead;
    // No expert saw the token by itself: what came out of the slots was blended.
    let output = match slots {
        true => {
            html! {
                <>{ "Σ" }<sub>{ "s" }</sub>{ " " }<var>{ "C" }</var><sub>{ "s" }</sub>{ " · " }<var>{ "E" }</var>
                    { "(" }<var>{ "x̃" }</var><sub>{ "s" }</sub>{ ")" }</>
            }
        }
        false if nobody => html! { { "0" } },
        false => html! { { for terms } },
    };
    let shared = match props.trace.model.constants.shared {
        0 => Html::default(),
        1 => {
            html! { <>{ " + " }<b>{ "1.00" }</b>{ " × " }<var>{ "E" }</var><sub>{ "shared" }</sub>{ "(" }<var>{ "x" }</var>{ ")" }</> }
        }
        _ => {
            html! { <>{ " + Σ " }<b>{ "1.00" }</b>{ " × " }<var>{ "E" }</var><sub>{ "shared" }</sub>{ "(" }<var>{ "x" }</var>{ ")" }</> }
        }
    };
    let dropped = layer.drops(props.token);
    let made = match props.recorded {
        true => recorded(&props.trace, dropped),
        false => explore::computed_here(computed(&props.trace, dropped)),
    };
    html! {
        <>
        <p class="formula formula-loud" translate="no" data-testid="formula"><var>{ "y" }</var>{ " = " }{ output }{ shared }</p>
        if weighed { <p class="soft" data-testid="arithmetic">{ prose(&words) }</p> } else {
            <p class="soft" data-testid="weights-absent">{ explore::weights_absent() }</p>
        }
        if dropped > 0 {
            <p class="soft" data-testid="dropped">{ prose(&explore::choices_dropped_full(dropped)) }</p>
        }
        <p class="soft small" data-testid="computed">
            { prose(&made) }</p>
        </>
    }
}

/// On what a recording was made, and what was computed then.
fn recorded(trace: &Trace, dropped: usize) -> String {
    let what = computed_experts(trace, dropped);
    match &trace.device {
        Some(run) => explore::recorded_on(&run.device, what),
        None => explore::recorded_there(what),
    }
}

/// What was computed for a token of which so many choices were dropped, and on what.
pub fn computed(trace: &Trace, dropped: usize) -> String {
    let what = computed_experts(trace, dropped);
    match &trace.device {
        Some(run) => format!("{what} · {}", run.device),
        None => what,
    }
}

fn computed_experts(trace: &Trace, dropped: usize) -> String {
    let (k, experts) = (trace.model.top_k, trace.model.experts);
    match trace.model.computed {
        Computed::Sparse if experts == 1 => explore::computed_network().to_owned(),
        Computed::Sparse if trace.rules().gate == GateKind::Slots && trace.model.looks_ahead => {
            explore::computed_mixtures(experts)
        }
        Computed::Sparse if k == experts && trace.model.method().is_some_and(|method| method.blends) => {
            explore::computed_all(experts)
        }
        Computed::Sparse if trace.model.method().is_some_and(Method::varies) => explore::computed_chosen().to_owned(),
        Computed::Sparse if k == experts => explore::computed_taking().to_owned(),
        Computed::Sparse if trace.rules().gate == GateKind::Policy => {
            explore::computed_policy(experts.saturating_sub(1))
        }
        Computed::Sparse if dropped > 0 && dropped >= k => explore::computed_dropped().to_owned(),
        Computed::Sparse => {
            let shared = trace.model.constants.shared;
            explore::computed_sparse(k - dropped.min(k), experts, shared)
        }
        Computed::Dense if experts == 1 => explore::computed_network().to_owned(),
        Computed::Dense => explore::computed_dense(experts),
        Computed::NotRecorded => explore::computed_unknown().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Matrix, sample};

    fn said(trace: &Trace) -> String {
        let layer = &trace.layers[0];
        let chosen: Vec<usize> = layer.chosen(0).iter().map(|&e| usize::from(e)).collect();
        let rest = ranking(layer.scores(0).unwrap(), layer.logits(0).unwrap(), &chosen);
        cut(trace, layer, 0, (&chosen, &rest))
    }

    #[test]
    fn the_cut_says_what_was_computed() {
        let trace = sample::saturated();
        assert_eq!(said(&trace), "top-2 cut: only the experts above are used");
        assert!(computed(&trace, 0).starts_with("2 of 8 experts for this token"), "{}", computed(&trace, 0));
    }

    /// Where experts are blended, all are computed, even those whose share is rounded to 0.
    #[test]
    fn a_blend_uses_every_expert() {
        let mut trace = sample::trace(1, 1, 3, 3);
        trace.model.router = "jacobs".to_owned();
        trace.model.convention = "softmax over all experts, all of them used".to_owned();
        let layer = &mut trace.layers[0];
        layer.logits = Matrix::new(3, vec![-2000.0, 0.0, -4000.0]);
        layer.probs = Matrix::new(3, vec![0.0, 1.0, 0.0]);
        layer.experts = Matrix::new(3, vec![1, 0, 2]).unwrap();
        layer.weights = Matrix::new(3, vec![1.0, 0.0, 0.0]);
        assert_eq!(said(&trace), "every expert is used");
        assert_eq!(computed(&trace, 0), "all 3 experts");
    }
}
