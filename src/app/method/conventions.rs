//! Today's conventions on one footing: the selected token's scores under each order of softmax, choice and normalisation, and
//! what the switch does to the gradient.

use super::bias::{Biased, columns, control, weight};
use crate::app::format::{expert, hue};
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::messages::method as said;
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

/// A convention, its name for tests, a model that uses it, and its order in words.
type Row = (Convention, &'static str, &'static str, fn() -> &'static str);

/// The conventions side by side; their names are those of models that use them.
const ROWS: [Row; 4] = [
    (Convention::Mixtral, "convention-mixtral", "Mixtral", said::convention_mixtral),
    (Convention::GptOss, "convention-gpt-oss", "gpt-oss", said::convention_gpt_oss),
    (Convention::Qwen3Moe, "convention-qwen3", "Qwen3", said::convention_qwen),
    (Convention::Olmoe, "convention-olmoe", "OLMoE", said::convention_olmoe),
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
    let side = |&(kind, id, who, how): &Row| {
        let on = kind == convention;
        let this = kind.keep(&scores(kind), kept);
        let sum: f32 = this.weights.iter().sum();
        let cell = |&e: &usize| match weight(&this, e) {
            Some(weight) => html! { <td translate="no">{ number(weight) }</td> },
            None => html! { <td class="soft">{ "–" }</td> },
        };
        html! {
            <tr class={if on { "row-on" } else { "" }} data-testid={id}>
                <th scope="row"><span translate="no">{ who }</span><small>{ prose(how()) }</small></th>
                { for experts.iter().map(cell) }<td class="soft" translate="no">{ number(sum) }</td></tr>
        }
    };
    let switch = |on: bool, name: &'static str, id: &'static str, set: Callback<()>| {
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} data-testid={id}
                onclick={move |_| set.emit(())}>{ prose(name) }</button>
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
        (_, false) => said::bias_learnt(),
        (Convention::GptOss, true) => said::bias_unknown(),
        _ => said::bias_yours(),
    };
    let head = |e: usize| {
        html! {
            <th scope="col" translate="no" class={hue(e, props.logits.len())}><i class="swatch" />{ expert(e) }</th>
        }
    };
    html! {
        <section class="conventions" data-testid="conventions">
            <h2>{ said::conventions() }</h2>
            <div class="conventions-set">
                <span>{ said::order() }{ " " }<span class="segments segments-small" role="group" aria-label={said::order_label()}>
                    { switch(!*first, said::order_choice_first(), "order-top", order(false)) }
                    { switch(*first, said::order_softmax_first(), "order-softmax", order(true)) }</span></span>
                <span><span translate="no">{ "k" }</span>{ " " }
                    <span class="segments segments-small" role="group" aria-label={said::kept()}>{ for ks }</span></span>
                <span>{ said::renormalise() }{ " " }
                    <span class="segments segments-small" role="group" aria-label={said::renormalise()}>
                    { switch(*norm || !*first, said::yes(), "norm-yes", to(&norm, true)) }
                    { switch(!*norm && *first, said::no(), "norm-no", to(&norm, false)) }</span></span>
                <span>{ said::bias() }{ " " }<span class="segments segments-small" role="group" aria-label={said::bias_label()}>
                    { switch(!*with_bias, said::bias_none(), "bias-none", bias(false)) }
                    { switch(*with_bias, "b", "bias-on", bias(true)) }</span></span>
                if *with_bias { { control(&model, at, &on_bias, &props.learnt) } }
            </div>
            if *with_bias { <p class="soft small" data-testid="bias-words">{ prose(&model.words(at, kept)) }</p> }
            if !*first && !*with_bias { <p class="soft small">{ prose(said::softmax_of_kept()) }</p> }
            <Wide class="method-scroll" label={said::weights()}><table>
                <caption>{ prose(&format!("{} {biases}", said::weights_caption(own))) }</caption>
                <thead><tr><th scope="col">{ said::convention() }</th>{ for experts.iter().copied().map(head) }
                    <th scope="col" translate="no">{ "Σ" }</th></tr></thead>
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
            [_] if renormalised => said::gradient_one(),
            _ => said::gradient_far(),
        };
    }
    if kept.len() == jacobian.cols() {
        said::gradient_all()
    } else if jacobian.iter().any(others) {
        said::gradient_pull()
    } else if renormalised {
        said::gradient_zero()
    } else {
        said::gradient_small()
    }
}

/// How each weight changes with each score.
fn gradient(convention: Convention, logits: &[f32], k: usize) -> Html {
    let (kept, jacobian) = (convention.keep(logits, k), convention.jacobian(logits, k));
    let words = told(convention, &kept.experts, &jacobian);
    let cell = |&d: &f32| html! { <td class={if d == 0.0 { "soft" } else { "" }}>{ number(d + 0.0) }</td> };
    let row = |(&e, row): (&usize, &[f32])| {
        html! {
            <tr translate="no"><th scope="row" class={hue(e, logits.len())}><i class="swatch" />{ expert(e) }</th>
                { for row.iter().map(cell) }</tr>
        }
    };
    let heads = (0..logits.len()).map(|e| html! { <th scope="col">{ expert(e) }</th> });
    html! {
        <Wide class="method-scroll" label={said::gradient()}><table data-testid="gradient">
            <caption>{ said::gradient_caption() }{ " " }<b data-testid="gradient-words">{ prose(words) }</b></caption>
            <thead translate="no"><tr><th scope="col">{ "dw / ds" }</th>{ for heads }</tr></thead>
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
