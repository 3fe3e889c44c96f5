//! The tour of the screen that is seen, each step told with the numbers that are on it while it is read.

use super::format::{choice_in, count, prob, quoted, visible};
use super::gate_words;
use super::settings::{Look, Screen};
use super::state::State;
use super::tour_step::Step;
use crate::scene::{ViewState, method::blended, words::pool};
use crate::trace::{Choice, Trace, rules::Gate};

/// How many steps the tour of the explorer has.
const STEPS: usize = 6;

/// How many steps the tour of a screen has.
pub fn steps(screen: Screen) -> usize {
    match screen {
        #[cfg(feature = "studio")]
        Screen::Compare => super::tour_further::STEPS.0,
        #[cfg(feature = "studio")]
        Screen::Train => super::tour_further::STEPS.1,
        _ => STEPS,
    }
}

/// A step of the tour of the screen that is seen; `None` beyond the last, or where there is nothing to explain yet.
pub fn now(index: usize, state: &State) -> Option<Step> {
    match state.settings.screen {
        #[cfg(feature = "studio")]
        Screen::Compare => super::tour_further::compare(index, state),
        #[cfg(feature = "studio")]
        Screen::Train => super::tour_further::train(index),
        _ => {
            let trace = state.trace.as_ref().filter(|trace| !trace.is_empty())?;
            step(index, trace, (&state.view, state.settings.look), *state.text == trace.text)
        }
    }
}

/// A step of the tour for a trace and a selection; `None` beyond the last. `own` says whether the trace is of the text in the
/// field, or a recording of another that is shown until an engine is there.
pub fn step(index: usize, trace: &Trace, (view, look): (&ViewState, Look), own: bool) -> Option<Step> {
    let (t, l) = (view.token, view.layer);
    let (name, target, words) = match index {
        0 => ("Tokens", "text", tokens(trace, t, own)),
        1 => ("The gate", "gate", gate_words::tour(trace, t, l)),
        2 => ("Experts", "flow", experts(trace, (t, l), look)),
        3 => ("Weights", "weights", weights(trace, (t, l), look)),
        4 => ("Balance", "balance", balance(trace, l)),
        5 => ("Next token", "next", next(trace, t)),
        _ => return None,
    };
    Some(Step { name, target, words })
}

fn tokens(trace: &Trace, t: usize, own: bool) -> String {
    let (chars, tokens, token) = (count(trace.text.chars().count()), count(trace.len()), quoted(trace, t));
    match own {
        true => format!(
            "The model does not read letters but tokens. This text of {chars} characters is {tokens} tokens; the selected one is {token}. Click another, or type: everything follows."
        ),
        false => format!(
            "The model does not read letters but tokens. The picture is a recording of another text than yours, of {chars} characters and {tokens} tokens; the selected one is {token}. Yours is routed once the engine is there."
        ),
    }
}

fn experts(trace: &Trace, (t, l): (usize, usize), look: Look) -> String {
    let names: Vec<String> = trace
        .layers
        .get(l)
        .map(|layer| layer.chosen(t).iter().map(|&e| choice_in(trace, l, usize::from(e))).collect())
        .unwrap_or_default();
    let (k, all) = (trace.model.top_k, trace.model.experts);
    let who = match k == all {
        _ if trace.rules().gate == Gate::Policy => format!("One of {} works on the whole text.", pool(trace)),
        true => format!("All {all} experts work on every token."),
        false => format!("Only {k} of {all} experts work on a token."),
    };
    format!(
        "{who} In layer {} {} goes to {}; {}",
        l + 1,
        quoted(trace, t),
        names.join(" and "),
        match look {
            Look::Flow => format!("the loud ribbon is its way through all {} layers.", trace.layers.len()),
            Look::Table => format!("its row is its way through all {} layers.", trace.layers.len()),
            Look::Method => "the picture shows how that was decided.".to_owned(),
        }
    )
}

fn weights(trace: &Trace, (t, l): (usize, usize), look: Look) -> String {
    let terms: Vec<String> = trace
        .layers
        .get(l)
        .map(|layer| {
            let term =
                |choice: Choice| Some(format!("{:.2} of {}", choice.weight?, choice_in(trace, l, choice.expert)));
            layer.choices(t).filter_map(term).collect()
        })
        .unwrap_or_default();
    if terms.is_empty() && trace.layers.get(l).is_some_and(|layer| layer.weights.is_none()) {
        return "What the chosen experts say is mixed by weight and added to the token. The weights are not recorded here."
            .to_owned();
    }
    format!(
        "What the chosen experts say is mixed by weight, {}, and added to the token.{}",
        terms.join(" and "),
        if look == Look::Flow { " Thicker ribbons weigh more." } else { "" }
    )
}

fn balance(trace: &Trace, l: usize) -> String {
    let Some(m) = blended::metrics(trace).into_iter().nth(l) else {
        return "With no tokens there is no load.".into();
    };
    let busiest = m.share.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(e, _)| e);
    if m.is_passed() {
        return format!("The policy lets this text pass layer {} by, so no block of it has a load.", l + 1);
    }
    if blended::is_blended(trace) {
        return format!(
            "Every expert works for every token, so the bars count weight (dashed: the even share). On this text {} has most in layer {}, {:.2} times its even share.",
            choice_in(trace, l, busiest),
            l + 1,
            m.balance.max_over_mean
        );
    }
    let rules = trace.layers.get(l).map_or_else(|| trace.rules(), |layer| trace.rules_of(layer));
    let aim = match rules.gate {
        _ if rules.fixed => {
            "A fixed table decides, so the load is as even as the table makes it (dashed: the even share)."
        }
        Gate::Policy => "One block takes the whole text, so no load can be even (the dashed line).",
        _ => "Training pushes the load to be even (the dashed line).",
    };
    let reached = m
        .best()
        .filter(|best| best.dead > 0)
        .map_or_else(String::new, |best| format!(" So short a text leaves {} without work at best.", best.dead));
    format!(
        "{aim} On this text the busiest expert of layer {} is {}, with {:.2} times its even share; {} of the {} took nothing.{reached}",
        l + 1,
        choice_in(trace, l, busiest),
        m.balance.max_over_mean,
        if m.balance.dead == 0 { "none".to_owned() } else { m.balance.dead.to_string() },
        m.load.len()
    )
}

fn next(trace: &Trace, t: usize) -> String {
    let list = trace.predictions.get(t).filter(|list| !list.is_empty()).unwrap_or(&trace.next);
    let best = list.first().map_or_else(String::new, |c| {
        format!(
            " After {} it expects “{}” most, with probability {}.",
            quoted(trace, t),
            visible(&c.text),
            prob(c.prob)
        )
    });
    format!("All this serves one purpose: to say what comes next.{best} “Continue” lets it go on.")
}
