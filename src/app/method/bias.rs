//! A bias on the scores, as gpt-oss' gate has one: what it does to a token's choice and weights. Where the model has learnt
//! one, it is that; elsewhere the visitor gives one expert a bias, for the router has none.

use crate::app::format::expert;
use crate::messages::method as said;
use crate::scene::method::number;
use crate::trace::conventions::{Convention, Kept};
use yew::prelude::*;

/// Largest bias that can be set, and how finely.
const MOST: f32 = 4.0;
const STEP: f32 = 0.05;

/// A token's scores with and without bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Biased {
    /// `x W`, [E].
    pub raw: Vec<f32>,
    /// `b`, [E].
    pub bias: Vec<f32>,
}

impl Biased {
    /// From a model's scores [E], which hold its learnt bias [E] if it has one.
    pub fn new(logits: &[f32], learnt: &[f32]) -> Self {
        let bias: Vec<f32> = (0..logits.len()).map(|e| learnt.get(e).copied().unwrap_or(0.0)).collect();
        Self { raw: logits.iter().zip(&bias).map(|(score, bias)| score - bias).collect(), bias }
    }

    /// `x W + b`, [E].
    pub fn scores(&self) -> Vec<f32> {
        self.raw.iter().zip(&self.bias).map(|(score, bias)| score + bias).collect()
    }

    /// With another bias for one expert, if there is such an expert.
    #[must_use]
    pub fn with(mut self, own: Option<(usize, f32)>) -> Self {
        if let Some((place, value)) = own.and_then(|(e, value)| Some((self.bias.get_mut(e)?, value))) {
            *place = value;
        }
        self
    }

    /// The expert to begin with and its bias: of learnt ones that of the best expert; else the best expert that is not kept
    /// gets a bias that is just enough.
    pub fn first(&self, k: usize) -> (usize, f32) {
        let best = |scores: &[f32]| Convention::GptOss.keep(scores, scores.len()).experts;
        if self.bias.iter().any(|&bias| bias != 0.0) {
            let e = best(&self.scores()).first().copied().unwrap_or(0);
            return (e, self.bias.get(e).copied().unwrap_or(0.0));
        }
        let order = best(&self.raw);
        let e = order.get(k).or(order.last()).copied().unwrap_or(0);
        let score = |e: Option<&usize>| e.and_then(|&e| self.raw.get(e)).copied().unwrap_or(0.0);
        let gap = score(order.get(k.saturating_sub(1))) - score(Some(&e));
        (e, (((gap + STEP) / STEP).ceil() * STEP).clamp(STEP, MOST))
    }

    /// What the bias of an expert does to this token, of which k experts are kept.
    pub fn words(&self, e: usize, k: usize) -> String {
        let (plain, biased) = (Convention::GptOss.keep(&self.raw, k), Convention::GptOss.keep(&self.scores(), k));
        let list = |of: &Kept, other: &Kept| {
            let only = of.experts.iter().filter(|e| !other.experts.contains(e)).map(|&e| expert(e));
            only.reduce(said::names).unwrap_or_default()
        };
        let (come, gone) = (list(&biased, &plain), list(&plain, &biased));
        let choice = if come.is_empty() { said::same_experts().to_owned() } else { said::other_experts(come, gone) };
        let name = expert(e);
        let weight = match (weight(&biased, e), weight(&plain, e)) {
            (Some(now), Some(before)) => said::weight_both(name, number(now), number(before)),
            (Some(now), None) => said::weight_now(name, number(now)),
            (None, Some(before)) => said::weight_before(name, number(before)),
            (None, None) => said::weight_none(name),
        };
        format!("{choice} {weight} {}", said::bias_counts())
    }
}

/// The weight of an expert, if it is kept.
pub fn weight(kept: &Kept, e: usize) -> Option<f32> {
    let at = kept.experts.iter().position(|&kept| kept == e)?;
    kept.weights.get(at).copied()
}

/// The experts that are kept with or without bias: those without first, in their order.
pub fn columns(biased: &Biased, k: usize) -> Vec<usize> {
    let mut all = Convention::GptOss.keep(&biased.raw, k).experts;
    let more: Vec<usize> =
        Convention::GptOss.keep(&biased.scores(), k).experts.into_iter().filter(|e| !all.contains(e)).collect();
    all.extend(more);
    all
}

/// Which expert, and how large a bias.
pub fn control(biased: &Biased, e: usize, on: &Callback<(usize, f32)>, learnt: &[f32]) -> Html {
    let value = biased.bias.get(e).copied().unwrap_or(0.0);
    let other = {
        let (on, learnt) = (on.clone(), learnt.to_vec());
        Callback::from(move |event: Event| {
            if let Some(e) =
                event.target_dyn_into::<web_sys::HtmlSelectElement>().and_then(|list| list.value().parse().ok())
            {
                on.emit((e, learnt.get(e).copied().unwrap_or(value)));
            }
        })
    };
    let slide = on.reform(move |event: InputEvent| {
        let number = event.target_dyn_into::<web_sys::HtmlInputElement>().map(|input| input.value_as_number() as f32);
        (e, number.filter(|number| number.is_finite()).unwrap_or(value))
    });
    html! {
        <span class="conventions-bias">
            <label>{ said::bias_of() }{ " " }<select data-testid="bias-expert" onchange={other}>
                { for (0..biased.raw.len()).map(|at| html! {
                    <option value={at.to_string()} selected={at == e}>{ expert(at) }</option>
                }) }</select></label>
            <input type="range" min={(-MOST).to_string()} max={MOST.to_string()} step={STEP.to_string()}
                value={value.to_string()} aria-label={said::bias_slider(expert(e))} data-testid="bias" oninput={slide} />
            <b translate="no" data-testid="bias-value">{ number(value) }</b>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// e^(ln 4) = 4, 2 and 1: without bias the two best weigh 4/6 and 2/6.
    fn three() -> Vec<f32> {
        vec![4.0_f32.ln(), 2.0_f32.ln(), 0.0]
    }

    #[test]
    fn a_bias_counts_in_choice_and_weight() {
        let own = Biased::new(&three(), &[]).with(Some((2, 4.0_f32.ln())));
        assert_eq!(columns(&own, 2), [0, 1, 2]);
        let kept = Convention::GptOss.keep(&own.scores(), 2);
        assert!((weight(&kept, 2).unwrap() - 0.5).abs() < 1e-6, "e^(0 + ln 4) beside e^(ln 4): {kept:?}");
        assert_eq!(weight(&kept, 1), None);
        let words = own.words(2, 2);
        assert!(words.starts_with("With b this token has E3 in place of E2. The weight of E3 is 0.500."), "{words}");
        let words = own.with(Some((2, 0.0))).with(Some((0, 2.0_f32.ln()))).words(0, 2);
        assert!(
            words.starts_with("The same experts are kept as without b. The weight of E1 is 0.800, without b 0.667."),
            "{words}"
        );
    }

    #[test]
    fn a_learnt_bias_is_in_the_scores_already() {
        let learnt = [0.5, 0.0, -0.25];
        let logits: Vec<f32> = three().iter().zip(learnt).map(|(raw, bias)| raw + bias).collect();
        let model = Biased::new(&logits, &learnt);
        for (raw, exact) in model.raw.iter().zip(three()) {
            assert!((raw - exact).abs() < 1e-6);
        }
        assert_eq!(model.scores(), logits);
        assert_eq!(model.first(2), (0, 0.5));
        let words = model.clone().with(Some((2, -1.0))).words(2, 2);
        assert!(words.contains("E3 is not among them, with b or without."), "{words}");
        let words = model.with(Some((0, -4.0))).words(0, 2);
        assert!(words.contains("E3 in place of E1. Without b the weight of E1 is 0.667."), "{words}");
    }

    #[test]
    fn the_first_bias_is_just_enough() {
        for k in 1..=3 {
            let model = Biased::new(&three(), &[]);
            let (e, bias) = model.first(k);
            let at = |bias| Convention::GptOss.keep(&model.clone().with(Some((e, bias))).scores(), k).experts;
            assert!(at(bias).contains(&e), "k = {k}");
            assert!(k == 3 || !at(bias - 2.0 * STEP).contains(&e), "k = {k}");
        }
        assert_eq!(Biased::new(&[], &[]).first(2).0, 0);
    }
}
