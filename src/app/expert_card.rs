//! The expert card: what one expert takes, as statistics against a shuffle, with "no clear speciality" as an honest end, and
//! no verdict at all where nothing chooses.

use super::action::Action;
use super::context::{Dispatch, use_dispatch};
use super::format::{choice, count, hue, percent, plural, visible};
use super::shared::Shared;
use super::translate::prose;
use crate::scene::method::blended;
use crate::trace::{
    Trace,
    speciality::{Card, Comparisons, Kind, Lift, Standing, Verdict},
};
use yew::prelude::*;

/// What [`ExpertCard`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct CardProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// The layer.
    pub layer: usize,
    /// The expert.
    pub expert: usize,
    /// Whether somebody selected it; otherwise it is the selected token's first.
    pub selected: bool,
}

/// The card.
#[component]
pub fn ExpertCard(props: &CardProps) -> Html {
    let dispatch = use_dispatch();
    let comparisons = use_memo(props.trace.clone(), |trace| Comparisons::of(trace));
    let of = (props.trace.clone(), props.layer, props.expert);
    let card = use_memo(of, move |(trace, layer, e)| Card::of(trace, &comparisons, *layer, *e));
    let Some(card) = &*card else { return html! {} };
    if blended::is_blended(&props.trace) {
        return blend(props, &dispatch);
    }
    let e = props.expert;
    let share = card.n as f32 / card.tokens.max(1) as f32;
    let rows = |lifts: &[Lift], most: usize| lifts.iter().take(most).map(|lift| row(card, lift)).collect::<Html>();
    let (lifted, table) = (matches!(card.verdict, Verdict::Kinds(_)), card.verdict == Verdict::Table);
    html! {
        <section class={classes!("panel", "card", hue(e, props.trace.experts(props.layer)))} data-testid="expert-card" data-tour="expert">
            <h2><i class="swatch" />{ prose(&format!("{} in layer {}", choice(&props.trace, e), props.layer + 1)) }
                <small>{ prose(&format!("takes {} of {} ({})", count(card.n), plural(card.tokens, "token", "tokens"), percent(share))) }</small></h2>
            <p data-testid="verdict">{ prose(&sentence(card)) }</p>
            if (lifted || table) && !card.top.is_empty() {
                <><h3>{ if table { "What the table sends here" } else { "Tokens against chance, the surest first" } }</h3>
                    <ul class="lifts" data-testid="lifts-tokens">{ rows(&card.top, 5) }</ul></>
            }
            if lifted || table {
                <details><summary>{ "Kinds of token" }</summary>
                    <ul class="lifts" data-testid="lifts-kinds">{ rows(&card.classes, 6) }</ul></details>
            }
            if lifted {
                <p class="soft small">{ prose("×1 is what a shuffle gives. Behind it, between which values the truth lies with 95 % confidence.") }</p>
            }
            { pick(props, &dispatch) }
        </section>
    }
}

/// A kind, how many of it the expert took, and how that compares with a shuffle, where that says anything.
fn row(card: &Card, lift: &Lift) -> Html {
    let Lift { taken, total, .. } = lift;
    let against = matches!(card.verdict, Verdict::Kinds(_))
        .then(|| html! { <>{ format!("×{:.1}", lift.lift) }<small>{ format!(" {}", interval(lift)) }</small></> });
    let name = match &lift.kind {
        Kind::Token(text) => html! { <span class="next-text" translate="no">{ visible(text) }</span> },
        Kind::Class(class) => html! { <span>{ class.name() }</span> },
    };
    html! {
        <li>{ name }<span translate="no">{ format!("{} of {}", count(*taken), count(*total)) }</span>
            <span translate="no">{ against }</span></li>
    }
}

/// `1.4 to 2.1`.
fn interval(lift: &Lift) -> String {
    let (low, high) = lift.interval;
    format!("{low:.1} to {high:.1}")
}

/// What the card concludes.
fn sentence(card: &Card) -> String {
    let [n, tokens, comparisons] = [card.n, card.tokens, card.comparisons].map(count);
    let standing = match card.verdict {
        Verdict::OneNetwork => {
            return "One network works for every token. Nothing chooses, so there is no speciality.".to_owned();
        }
        Verdict::Table => {
            return format!(
                "A fixed table sends {n} of the {tokens} tokens here. Nothing was learnt: what stands below is what the table says."
            );
        }
        Verdict::Policy => {
            return "The policy sends the whole text one way. No token chooses, so there is no speciality.".to_owned();
        }
        Verdict::Unused => return format!("Took none of the {tokens} tokens."),
        Verdict::EveryToken => return format!("Took all {tokens} tokens, so no kind of token can stand out."),
        Verdict::Kinds(Standing::Chance) => {
            return format!(
                "No clear speciality: no kind of token strays far from a shuffle of its {n} of {tokens} tokens, beyond what luck explains."
            );
        }
        Verdict::Kinds(standing) => standing,
    };
    let told = |more| {
        card.surest(standing, more).map(|lift| {
            let name = match &lift.kind {
                Kind::Token(text) => format!("“{}”", visible(text)),
                Kind::Class(class) => class.name().to_owned(),
            };
            let (taken, total) = (count(lift.taken), count(lift.total));
            format!("{name} ({taken} of {total}, ×{:.1}; {})", lift.lift, interval(lift))
        })
    };
    let (more, fewer) = (told(true), told(false));
    let both = |to: &str, away: &str| match (&more, &fewer) {
        (Some(more), Some(fewer)) => format!("{to} {more} and {away} {fewer}"),
        (Some(more), None) => format!("{to} {more}"),
        (None, Some(fewer)) => format!("{away} {fewer}"),
        (None, None) => String::new(),
    };
    match standing {
        Standing::Clear => {
            format!("Takes {} than a shuffle deals, even after {comparisons} comparisons.", both("more", "fewer"))
        }
        _ => format!(
            "Leans {}: not beyond doubt, for {comparisons} comparisons find some such by luck.",
            both("to", "away from")
        ),
    }
}

fn pick(props: &CardProps, dispatch: &Dispatch) -> Html {
    let (layer, e) = (props.layer, props.expert);
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Expert(layer, e));
    html! {
        <button type="button" class="link" data-testid="pick-expert" {onclick}>
            { if props.selected { "Show all experts again" } else { "Pick out its tokens" } }</button>
    }
}

/// Where an expert takes every token, there is nothing to set against a shuffle: what differs is its weight.
fn blend(props: &CardProps, dispatch: &Dispatch) -> Html {
    let (trace, e) = (&props.trace, props.expert);
    let Some(layer) = trace.layers.get(props.layer) else { return html! {} };
    let sum: f32 = (0..trace.len()).map(|t| blended::weight(layer, t, e)).sum();
    let mean = percent(sum / trace.len().max(1) as f32);
    let most = blended::heaviest(layer, e, 5).into_iter().map(|(t, weight)| {
        let text = trace.tokens.get(t).map_or("", |token| &token.text);
        html! {
            <li translate="no"><span class="next-text">{ visible(text) }</span>
                <span>{ format!("token {}", count(t + 1)) }</span><span>{ percent(weight) }</span></li>
        }
    });
    html! {
        <section class={classes!("panel", "card", hue(e, trace.experts(props.layer)))} data-testid="expert-card" data-tour="expert">
            <h2><i class="swatch" />{ prose(&format!("{} in layer {}", choice(trace, e), props.layer + 1)) }
                <small>{ prose(&format!("works for every token, with {mean} of the weight")) }</small></h2>
            <p data-testid="verdict">{ "It takes no tokens and leaves none: in this method every expert works for every token. What differs is its weight." }</p>
            <h3>{ "Tokens with the most of its weight" }</h3><ul class="lifts">{ for most }</ul>
            { pick(props, dispatch) }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::trace::speciality::{Card, Comparisons};
    use crate::trace::{Matrix, Trace, from_json, sample};

    fn said(trace: &Trace, layer: usize, expert: usize) -> String {
        sentence(&Card::of(trace, &Comparisons::of(trace), layer, expert).unwrap())
    }

    /// The numbers are scipy's, as in the tests of the statistics.
    #[test]
    fn sentences_say_what_the_tables_beside_them_say() {
        let trace = from_json(include_str!("../../assets/traces/first.json")).unwrap();
        assert_eq!(
            said(&trace, 0, 1),
            "Takes more word beginnings (18 of 24, ×1.8; 1.4 to 2.1) and fewer word parts (2 of 28, ×0.2; 0.0 to 0.5) than a shuffle deals, even after 435 comparisons."
        );
        assert_eq!(
            said(&trace, 3, 4),
            "Leans to digits (2 of 2, ×7.6; 1.3 to 7.6) and away from word beginnings (0 of 24, ×0.0; 0.0 to 0.9): not beyond doubt, for 435 comparisons find some such by luck."
        );
        assert_eq!(
            said(&trace, 0, 3),
            "No clear speciality: no kind of token strays far from a shuffle of its 13 of 61 tokens, beyond what luck explains."
        );
        assert_eq!(said(&trace, 2, 6), "Took none of the 61 tokens.");
    }

    #[test]
    fn where_nothing_chooses_there_is_no_verdict() {
        let of = |convention: &str, experts: usize| {
            let mut trace = sample::trace(30, 1, experts, 1);
            trace.model.convention = convention.to_owned();
            trace.layers[0].experts = Matrix::new(1, vec![0; 30]).unwrap();
            said(&trace, 0, 0)
        };
        assert!(of("1: no router", 1).starts_with("One network works for every token."));
        assert!(of("1: no router", 4).ends_with("what stands below is what the table says."));
        assert!(
            of("1: the policy picks one block; 0 for pass", 4).starts_with("The policy sends the whole text one way.")
        );
        assert_eq!(of("as it likes", 4), "Took all 30 tokens, so no kind of token can stand out.");
    }
}
