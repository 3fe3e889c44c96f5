//! Today's conventions on one footing: the selected token's scores under each order of softmax, choice and normalisation, and
//! what the switch does to the gradient.

use super::bias::{Biased, columns, control, weight};
use crate::app::format::{expert, hue};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::scene::method::number;
use crate::trace::Matrix;
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

/// What the derivatives of the weights of the kept experts, [k, E], say to the gate.
fn told(convention: Convention, kept: &[usize], jacobian: &Matrix<f32>) -> &'static str {
    let others = |row: &[f32]| row.iter().enumerate().any(|(j, &d)| !kept.contains(&j) && d != 0.0);
    let renormalised = convention != Convention::Olmoe;
    if jacobian.as_slice().iter().all(|&d| d == 0.0) {
        return match kept {
            [_] if renormalised => {
                "Every entry is 0: a single weight divided by itself is always 1, and the loss tells the gate nothing."
            }
            _ => {
                "Every entry is 0: these scores lie so far apart that a small change of one changes no weight, and the loss tells the gate nothing by this token."
            }
        };
    }
    if kept.len() == jacobian.cols() {
        "All experts are kept, so every score has a part in the weights."
    } else if jacobian.iter().any(others) {
        "The experts that were not kept still pull on the weights, so the gate learns about them from this token too."
    } else if renormalised {
        "What was not kept has 0 in every row: nothing tells the gate how those experts would have done."
    } else {
        "What was not kept has 0 in every row here, for its probabilities are too small to be told from 0."
    }
}

/// How each weight changes with each score.
fn gradient(convention: Convention, logits: &[f32], k: usize) -> Html {
    let (kept, jacobian) = (convention.keep(logits, k), convention.jacobian(logits, k));
    let words = told(convention, &kept.experts, &jacobian);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Softmax of 5210.5 and 2100 is 1 and 0: already e^-746 is below the smallest number.
    #[test]
    fn what_derivatives_say_holds_for_scores_far_apart_too() {
        let near = [2.0, 1.0, 0.5, 0.0];
        let apart = [5210.5, 2100.0, -3.0, 12.0];
        for convention in [Convention::Mixtral, Convention::GptOss, Convention::Qwen3Moe, Convention::Olmoe] {
            let words = |scores: &[f32], k: usize| {
                told(convention, &convention.keep(scores, k).experts, &convention.jacobian(scores, k))
            };
            let own = convention == Convention::Olmoe;
            let divided = "divided by itself";
            assert_eq!([words(&near, 1), words(&apart, 1)].map(|words| words.contains(divided)), [!own; 2]);
            assert_eq!(words(&near, 2).contains("still pull"), own, "{convention:?}");
            for (k, scores) in [(2, &apart), (4, &apart)] {
                let words = words(scores, k);
                assert!(words.contains("so far apart") && !words.contains(divided), "{convention:?}, {k}: {words}");
            }
            assert!(words(&near, 4).contains("All experts are kept"), "{convention:?}");
            assert!(words(&[7.0; 4], 2).contains(if own { "still pull" } else { "What was not kept" }));
            // The kept pull on each other; e^-2000 is 0.
            let gap = words(&[3.0, 2.0, -2000.0, -2000.0], 2);
            assert!(gap.contains("0 in every row") && gap.contains("here") == own, "{convention:?}: {gap}");
        }
    }
}
