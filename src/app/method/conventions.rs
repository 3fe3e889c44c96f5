//! Today's conventions on one footing: the selected token's scores under each order of softmax, choice and normalisation, and
//! what the switch does to the gradient.

use crate::app::format::{expert, hue};
use crate::scene::method::number;
use crate::trace::conventions::Convention;
use yew::prelude::*;

/// What [`Conventions`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ConventionsProps {
    /// The token's scores before softmax, [E].
    pub logits: Vec<f32>,
    /// Experts that the model keeps.
    pub k: usize,
}

/// The conventions side by side; their names are those of models that use them.
const COLUMNS: [(Convention, &str, &str); 4] = [
    (Convention::Mixtral, "Mixtral", "top k, then softmax"),
    (Convention::GptOss, "gpt-oss", "scores + bias b, top k, then softmax; b = 0 here"),
    (Convention::Qwen3Moe, "Qwen3", "softmax, top k, renormalised"),
    (Convention::Olmoe, "OLMoE", "softmax, top k"),
];

/// The panel.
#[component]
pub fn Conventions(props: &ConventionsProps) -> Html {
    let (first, norm, k) = (use_state(|| false), use_state(|| true), use_state(|| props.k));
    let kept = (*k).clamp(1, props.logits.len().max(1));
    // Softmax over the kept adds up to 1 already.
    let convention = match (*first, *norm) {
        (false, _) => Convention::Mixtral,
        (true, true) => Convention::Qwen3Moe,
        (true, false) => Convention::Olmoe,
    };
    let side = |(kind, who, how): &(Convention, &'static str, &'static str)| {
        let on = *kind == convention;
        let weights = kind.keep(&props.logits, kept).weights;
        let sum: f32 = weights.iter().sum();
        let id = format!("convention-{}", who.split([',', ' ']).next().unwrap_or_default().to_lowercase());
        html! {
            <tr class={if on { "row-on" } else { "" }} data-testid={id}><th scope="row">{ *who }<small>{ *how }</small></th>
                { for weights.iter().map(|&weight| html! { <td>{ number(weight) }</td> }) }<td class="soft">{ number(sum) }</td></tr>
        }
    };
    let experts = Convention::Mixtral.keep(&props.logits, kept).experts;
    let switch = |on: bool, name: &'static str, id: &'static str, set: Callback<()>| {
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} data-testid={id} onclick={move |_| set.emit(())}>{ name }</button>
        }
    };
    let to = |handle: &UseStateHandle<bool>, value: bool| {
        let handle = handle.setter();
        Callback::from(move |()| handle.set(value))
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
    html! {
        <section class="conventions" data-testid="conventions">
            <h2>{ "The same scores under today’s conventions" }</h2>
            <div class="conventions-set">
                <span>{ "Order " }<span class="segments segments-small" role="group" aria-label="Order of softmax and choice">
                    { switch(!*first, "top k, then softmax", "order-top", to(&first, false)) }{ switch(*first, "softmax, then top k", "order-softmax", to(&first, true)) }</span></span>
                <span>{ "k " }<span class="segments segments-small" role="group" aria-label="Experts kept">{ for ks }</span></span>
                <span>{ "Renormalise " }<span class="segments segments-small" role="group" aria-label="Renormalise">
                    { switch(*norm || !*first, "yes", "norm-yes", to(&norm, true)) }{ switch(!*norm && *first, "no", "norm-no", to(&norm, false)) }</span></span>
            </div>
            if !*first { <p class="soft small">{ "Softmax over the kept adds up to 1 by itself: to renormalise changes nothing in this order." }</p> }
            <div class="method-scroll"><table>
                <caption>{ "Weights of the kept experts. The model in this page uses the first row. A gpt-oss router adds a learnt bias b to each score before it chooses; the router here has none, so that row is with b = 0." }</caption>
                <thead><tr><th scope="col">{ "Convention" }</th>{ for experts.iter().map(|&e| html! { <th scope="col" class={hue(e, props.logits.len())}><i class="swatch" />{ expert(e) }</th> }) }<th scope="col">{ "Σ" }</th></tr></thead>
                <tbody>{ for COLUMNS.iter().map(side) }</tbody>
            </table></div>
            { gradient(convention, &props.logits, kept) }
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
            <tr><th scope="row" class={hue(e, logits.len())}><i class="swatch" />{ expert(e) }</th>{ for row.iter().map(|&d| html! { <td class={if d == 0.0 { "soft" } else { "" }}>{ number(d + 0.0) }</td> }) }</tr>
        }
    };
    html! {
        <div class="method-scroll" data-testid="gradient"><table>
            <caption>{ "What it does to the gradient: how the weight of each kept expert (row) changes with each score (column), dw/ds. " }<b data-testid="gradient-words">{ words }</b></caption>
            <thead><tr><th scope="col">{ "dw / ds" }</th>{ for (0..logits.len()).map(|e| html! { <th scope="col">{ expert(e) }</th> }) }</tr></thead>
            <tbody>{ for kept.experts.iter().zip(jacobian.iter()).map(row) }</tbody>
        </table></div>
    }
}
