//! Today's conventions on one footing: the selected token's scores under each order of softmax, choice and normalisation, and
//! what the switch does to the gradient.

use super::bias::{Biased, columns, control, weight};
use crate::app::format::{expert, hue};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::scene::method::number;
use crate::trace::conventions::Convention;
use yew::prelude::*;

/// What [`Conventions`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ConventionsProps {
    /// The model's own.
    pub own: Convention,
    /// The token's scores before softmax, a bias included if the model has one, [E].
    pub logits: Vec<f32>,
    /// That bias, [E]; empty if there is none.
    pub learnt: Vec<f32>,
    /// Experts that the model keeps.
    pub k: usize,
}

/// The conventions side by side; their names are those of models that use them.
const ROWS: [(Convention, &str, &str, &str); 4] = [
    (Convention::Mixtral, "convention-mixtral", "Mixtral", "top k, then softmax"),
    (Convention::GptOss, "convention-gpt-oss", "gpt-oss", "scores + bias b, top k, then softmax"),
    (Convention::Qwen3Moe, "convention-qwen3", "Qwen3", "softmax, top k, renormalised"),
    (Convention::Olmoe, "convention-olmoe", "OLMoE", "softmax, top k"),
];

/// The panel.
#[component]
pub fn Conventions(props: &ConventionsProps) -> Html {
    let first = use_state(|| matches!(props.own, Convention::Olmoe | Convention::Qwen3Moe));
    let (norm, k) = (use_state(|| props.own != Convention::Olmoe), use_state(|| props.k));
    let with_bias = use_state(|| !props.learnt.is_empty());
    let moved = use_state(|| None::<(usize, f32)>);
    let kept = (*k).clamp(1, props.logits.len().max(1));
    let model = Biased::new(&props.logits, &props.learnt);
    let (at, start) = moved.unwrap_or_else(|| model.first(kept));
    let model = model.with(with_bias.then_some((at, start)));
    // Softmax over the kept adds up to 1 already, and only that order has a model with a bias.
    let convention = match (*first, *norm, *with_bias) {
        (false, _, false) => Convention::Mixtral,
        (false, _, true) => Convention::GptOss,
        (true, true, _) => Convention::Qwen3Moe,
        (true, false, _) => Convention::Olmoe,
    };
    let scores = |kind: Convention| if kind == Convention::GptOss { model.scores() } else { model.raw.clone() };
    let experts = columns(&model, kept);
    let side = |&(kind, id, who, how): &(Convention, &'static str, &'static str, &'static str)| {
        let on = kind == convention;
        let this = kind.keep(&scores(kind), kept);
        let sum: f32 = this.weights.iter().sum();
        let cell = |&e: &usize| match weight(&this, e) {
            Some(weight) => html! { <td translate="no">{ number(weight) }</td> },
            None => html! { <td class="soft">{ "–" }</td> },
        };
        html! {
            <tr class={if on { "row-on" } else { "" }} data-testid={id}><th scope="row"><span translate="no">{ who }</span><small>{ prose(how) }</small></th>
                { for experts.iter().map(cell) }<td class="soft" translate="no">{ number(sum) }</td></tr>
        }
    };
    let switch = |on: bool, name: &'static str, id: &'static str, set: Callback<()>| {
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} data-testid={id} onclick={move |_| set.emit(())}>{ prose(name) }</button>
        }
    };
    let to = |handle: &UseStateHandle<bool>, value: bool| {
        let handle = handle.setter();
        Callback::from(move |()| handle.set(value))
    };
    let order = |softmax_first: bool| {
        let (first, with_bias) = (first.setter(), with_bias.setter());
        Callback::from(move |()| {
            first.set(softmax_first);
            if softmax_first {
                with_bias.set(false);
            }
        })
    };
    let bias = |on: bool| {
        let (first, with_bias, moved) = (first.setter(), with_bias.setter(), moved.setter());
        Callback::from(move |()| {
            if on {
                first.set(false);
                moved.set(Some((at, start)));
            }
            with_bias.set(on);
        })
    };
    let ks = (1..=props.logits.len().min(4)).map(|wanted| {
        let set = k.setter();
        switch(
            wanted == kept,
            ["1", "2", "3", "4"][wanted - 1],
            ["k-1", "k-2", "k-3", "k-4"][wanted - 1],
            Callback::from(move |()| set.set(wanted)),
        )
    });
    let on_bias = {
        let moved = moved.setter();
        Callback::from(move |own| moved.set(Some(own)))
    };
    let own = ROWS.iter().find(|row| row.0 == props.own).map_or("", |row| row.2);
    let biases = match (props.own, props.learnt.is_empty()) {
        (_, false) => "Its bias was learnt; the other rows leave it out.",
        (Convention::GptOss, true) => {
            "How large the learnt one is, this trace does not say: it is in the scores of every row."
        }
        _ => "The router here has none: with b on, one expert gets a bias of yours.",
    };
    html! {
        <section class="conventions" data-testid="conventions">
            <h2>{ "The same scores under today’s conventions" }</h2>
            <div class="conventions-set">
                <span>{ "Order " }<span class="segments segments-small" role="group" aria-label="Order of softmax and choice">
                    { switch(!*first, "top k, then softmax", "order-top", order(false)) }{ switch(*first, "softmax, then top k", "order-softmax", order(true)) }</span></span>
                <span><span translate="no">{ "k" }</span>{ " " }<span class="segments segments-small" role="group" aria-label="Experts kept">{ for ks }</span></span>
                <span>{ "Renormalise " }<span class="segments segments-small" role="group" aria-label="Renormalise">
                    { switch(*norm || !*first, "yes", "norm-yes", to(&norm, true)) }{ switch(!*norm && *first, "no", "norm-no", to(&norm, false)) }</span></span>
                <span>{ "Bias " }<span class="segments segments-small" role="group" aria-label="Bias on the scores">
                    { switch(!*with_bias, "none", "bias-none", bias(false)) }{ switch(*with_bias, "b", "bias-on", bias(true)) }</span></span>
                if *with_bias { { control(&model, at, &on_bias, &props.learnt) } }
            </div>
            if *with_bias { <p class="soft small" data-testid="bias-words">{ prose(&model.words(at, kept)) }</p> }
            if !*first && !*with_bias { <p class="soft small">{ prose("Softmax over the kept adds up to 1 by itself: to renormalise changes nothing in this order.") }</p> }
            <Wide class="method-scroll" label="Weights by convention"><table>
                <caption>{ prose(&format!("Weights of the kept experts; the model in this page uses the row “{own}”. A gpt-oss router adds a bias b to each score before it chooses. {biases}")) }</caption>
                <thead><tr><th scope="col">{ "Convention" }</th>{ for experts.iter().map(|&e| html! { <th scope="col" translate="no" class={hue(e, props.logits.len())}><i class="swatch" />{ expert(e) }</th> }) }<th scope="col" translate="no">{ "Σ" }</th></tr></thead>
                <tbody>{ for ROWS.iter().map(side) }</tbody>
            </table></Wide>
            { gradient(convention, &scores(convention), kept) }
        </section>
    }
}

/// How each weight changes with each score.
fn gradient(convention: Convention, logits: &[f32], k: usize) -> Html {
    let (kept, jacobian) = (convention.keep(logits, k), convention.jacobian(logits, k));
    let others = |row: &[f32]| row.iter().enumerate().any(|(j, &d)| !kept.experts.contains(&j) && d != 0.0);
    let words = if jacobian.as_slice().iter().all(|&d| d == 0.0) {
        "Every entry is 0: a single weight divided by itself is always 1, and the loss tells the gate nothing."
    } else if jacobian.iter().any(others) {
        "The experts that were not kept still pull on the weights, so the gate learns about them from this token too."
    } else {
        "What was not kept has 0 in every row: nothing tells the gate how those experts would have done."
    };
    let row = |(&e, row): (&usize, &[f32])| {
        html! {
            <tr translate="no"><th scope="row" class={hue(e, logits.len())}><i class="swatch" />{ expert(e) }</th>{ for row.iter().map(|&d| html! { <td class={if d == 0.0 { "soft" } else { "" }}>{ number(d + 0.0) }</td> }) }</tr>
        }
    };
    html! {
        <Wide class="method-scroll" label="Derivatives of the weights"><table data-testid="gradient">
            <caption>{ "What it does to the gradient: how the weight of each kept expert (row) changes with each score (column), dw/ds. " }<b data-testid="gradient-words">{ prose(words) }</b></caption>
            <thead translate="no"><tr><th scope="col">{ "dw / ds" }</th>{ for (0..logits.len()).map(|e| html! { <th scope="col">{ expert(e) }</th> }) }</tr></thead>
            <tbody>{ for kept.experts.iter().zip(jacobian.iter()).map(row) }</tbody>
        </table></Wide>
    }
}
