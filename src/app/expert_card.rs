//! The expert card: what one expert takes, as statistics against a shuffle, with "no clear speciality" as an honest end, and
//! no verdict at all where nothing chooses.

use super::action::Action;
use super::context::{Dispatch, use_dispatch};
use super::format::{choice, hue, percent, visible};
use super::shared::Shared;
use super::translate::prose;
use crate::messages::explore;
use crate::scene::method::blended;
use crate::trace::{
    Trace,
    speciality::{CharClass, Comparisons, Kind, Lift, Speciality, Standing, Verdict},
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
    let card = use_memo(of, move |(trace, layer, e)| Speciality::of(trace, &comparisons, *layer, *e));
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
            <h2><i class="swatch" />{ prose(&explore::expert_in_layer(choice(&props.trace, e), props.layer + 1)) }
                <small>{ prose(&explore::expert_takes(card.n, card.tokens, percent(share))) }</small></h2>
            <p data-testid="verdict">{ prose(&sentence(card)) }</p>
            if (lifted || table) && !card.top.is_empty() {
                <><h3>{ if table { explore::expert_sent() } else { explore::expert_kinds_tokens() } }</h3>
                    <ul class="lifts" data-testid="lifts-tokens">{ rows(&card.top, 5) }</ul></>
            }
            if lifted || table {
                <details><summary>{ explore::expert_kinds() }</summary>
                    <ul class="lifts" data-testid="lifts-kinds">{ rows(&card.classes, 6) }</ul></details>
            }
            if lifted {
                <p class="soft small">{ prose(explore::expert_chance()) }</p>
            }
            { pick(props, &dispatch) }
        </section>
    }
}

/// A kind, how many of it the expert took, and how that compares with a shuffle, where that says anything.
fn row(card: &Speciality, lift: &Lift) -> Html {
    let Lift { taken, total, .. } = lift;
    let against = matches!(card.verdict, Verdict::Kinds(_))
        .then(|| html! { <>{ format!("×{:.1}", lift.lift) }<small>{ format!(" {}", interval(lift)) }</small></> });
    let kind = match &lift.kind {
        Kind::Token(text) => html! { <span class="next-text" translate="no">{ visible(text) }</span> },
        Kind::Class(class) => html! { <span>{ name(*class) }</span> },
    };
    html! {
        <li>{ kind }<span translate="no">{ explore::expert_taken(*taken, *total) }</span>
            <span translate="no">{ against }</span></li>
    }
}

/// `1.4 to 2.1`.
fn interval(lift: &Lift) -> String {
    let (low, high) = lift.interval;
    explore::expert_interval(format!("{low:.1}"), format!("{high:.1}"))
}

/// What a class of characters is called, in the plural.
fn name(class: CharClass) -> &'static str {
    match class {
        CharClass::WordStart => explore::kind_word_start(),
        CharClass::WordPart => explore::kind_word_part(),
        CharClass::Capital => explore::kind_capital(),
        CharClass::OtherScript => explore::kind_other_script(),
        CharClass::Digits => explore::kind_digits(),
        CharClass::Signs => explore::kind_signs(),
        CharClass::Space => explore::kind_space(),
        CharClass::Bytes => explore::kind_bytes(),
        CharClass::Mixed => explore::kind_mixed(),
    }
}

/// What the card concludes.
fn sentence(card: &Speciality) -> String {
    let Speciality { n, tokens, comparisons, .. } = *card;
    let standing = match card.verdict {
        Verdict::OneNetwork => return explore::verdict_one_network().to_owned(),
        Verdict::Table => return explore::verdict_table(n, tokens),
        Verdict::Policy => return explore::verdict_policy().to_owned(),
        Verdict::Unused => return explore::verdict_unused(tokens),
        Verdict::EveryToken => return explore::verdict_every_token(tokens),
        Verdict::Kinds(Standing::Chance) => return explore::verdict_chance(n, tokens),
        Verdict::Kinds(standing) => standing,
    };
    let told = |more| {
        card.surest(standing, more).map(|lift| {
            let kind = match &lift.kind {
                Kind::Token(text) => format!("“{}”", visible(text)),
                Kind::Class(class) => name(*class).to_owned(),
            };
            explore::verdict_kind(kind, lift.taken, lift.total, format!("{:.1}", lift.lift), interval(lift))
        })
    };
    match (standing == Standing::Clear, told(true), told(false)) {
        (true, Some(more), Some(fewer)) => explore::verdict_clear(more, fewer, comparisons),
        (true, Some(more), None) => explore::verdict_clear_more(more, comparisons),
        (true, None, Some(fewer)) => explore::verdict_clear_fewer(fewer, comparisons),
        (false, Some(more), Some(fewer)) => explore::verdict_leans(more, fewer, comparisons),
        (false, Some(more), None) => explore::verdict_leans_to(more, comparisons),
        (false, None, Some(fewer)) => explore::verdict_leans_away(fewer, comparisons),
        (_, None, None) => String::new(),
    }
}

fn pick(props: &CardProps, dispatch: &Dispatch) -> Html {
    let (layer, e) = (props.layer, props.expert);
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Expert(layer, e));
    html! {
        <button type="button" class="link" data-testid="pick-expert" {onclick}>
            { if props.selected { explore::expert_let_go() } else { explore::expert_pick() } }</button>
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
                <span>{ explore::blend_token(t + 1) }</span><span>{ percent(weight) }</span></li>
        }
    });
    html! {
        <section class={classes!("panel", "card", hue(e, trace.experts(props.layer)))} data-testid="expert-card" data-tour="expert">
            <h2><i class="swatch" />{ prose(&explore::expert_in_layer(choice(trace, e), props.layer + 1)) }
                <small>{ prose(&explore::blend_works(mean)) }</small></h2>
            <p data-testid="verdict">{ explore::blend_verdict() }</p>
            <h3>{ explore::blend_tokens() }</h3><ul class="lifts">{ for most }</ul>
            { pick(props, dispatch) }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::trace::speciality::{Comparisons, Speciality};
    use crate::trace::{Matrix, Trace, from_json, sample};

    fn said(trace: &Trace, layer: usize, expert: usize) -> String {
        sentence(&Speciality::of(trace, &Comparisons::of(trace), layer, expert).unwrap())
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
