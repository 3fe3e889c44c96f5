//! What is offered in the middle: a first run, the run of an earlier visit, and what must be answered before it is done.

use super::action::Act;
use super::fields::mending;
use super::state::{TrainState, Trainer};
use crate::app::format::bytes;
use crate::app::translate::prose;
use crate::messages::lab;
use crate::run::{Preset, presets};
use yew::prelude::*;

/// Above the curves: what waits for an answer.
pub fn view(state: &TrainState, on: &Callback<Act>) -> Html {
    let branches = state.run.as_ref().map_or(0, |run| run.branches.len());
    html! {
        <>
            if let Some((_, step)) = state.offer {
                <p class="lab-offer">
                    { button(on, Act::GoBack, lab::go_back(step, state.lower()), "lab-go-back") }
                    { " " }{ lab::broken_stays() }
                </p>
            }
            if let Some(step) = state.branching { { planned(state, step, on) } }
            if state.sure {
                <p class="lab-offer" role="alertdialog" aria-label={lab::reset()} data-testid="lab-sure">
                    { prose(&lab::sure(branches)) }{ " " }
                    { button(on, Act::Sure(true), lab::reset().to_owned(), "lab-sure-yes") }{ " " }
                    { button(on, Act::Sure(false), lab::keep_branches().to_owned(), "lab-sure-no") }
                    { " " }{ lab::export_saves() }
                </p>
            }
        </>
    }
}

/// A branch that is being planned: what it shall do otherwise.
fn planned(state: &TrainState, step: u64, on: &Callback<Act>) -> Html {
    let otherwise = state.otherwise();
    let too_much = state.too_much().filter(|_| state.can_fork());
    let ready = otherwise.is_some() && state.can_fork() && too_much.is_none();
    let say = match &otherwise {
        Some(what) => lab::otherwise(what),
        None => lab::otherwise_what(state.selected + 1),
    };
    html! {
        <div id="lab-plan" class="lab-offer lab-plan" tabindex="-1" role="group" aria-label={lab::new_branch()}
            data-testid="lab-plan">
            <p role="status"><b>{ prose(&lab::new_branch_from(step)) }{ " " }</b>{ prose(&say) }</p>
            if let Some(why) = too_much {
                <p class="lab-error" role="status" data-testid="lab-error">{ prose(&why) }</p>
            }
            <button type="button" class="button" data-testid="lab-plan-go" disabled={!ready}
                onclick={on.reform(|_| Act::Fork)}>{ prose(&lab::branch_at(step)) }</button>
            if otherwise.is_none() {
                <button type="button" class="quiet" data-testid="lab-plan-copy" onclick={on.reform(|_| Act::Copy)}>
                    { lab::make_copy() }</button>
            }
            <button type="button" class="quiet" data-testid="lab-plan-no" onclick={on.reform(|_| Act::NoBranch)}>
                { lab::no_branch() }</button>
        </div>
    }
}

fn button(on: &Callback<Act>, act: Act, name: String, testid: &'static str) -> Html {
    let onclick = on.reform(move |_| act.clone());
    html! { <button type="button" class="button" data-testid={testid} {onclick}>{ prose(&name) }</button> }
}

/// Runs worth watching, on a phone, whose settings lie in a sheet: one is chosen and started without it.
fn narrow(chosen: Option<&'static str>, on: &Callback<Act>) -> Html {
    let offer = |preset: Preset| {
        let (name, on_it) = (preset.name, chosen == Some(preset.name));
        html! {
            <button type="button" key={name} class={classes!("lab-preset", on_it.then_some("on"))}
                aria-pressed={on_it.to_string()} data-testid={format!("offer-{name}")}
                onclick={on.reform(move |_| Act::Preset(name))}>{ (preset.title)() }</button>
        }
    };
    html! {
        <div class="lab-narrow" role="group" data-tour="lab-settings" aria-label={lab::start_from()}>
            { for presets().into_iter().map(offer) }
        </div>
    }
}

/// Before the first run.
pub fn welcome(state: &TrainState, on: &Callback<Act>) -> Html {
    let preset = Preset::of(&state.draft);
    let title = preset.as_ref().map_or(lab::own_settings(), |preset| (preset.title)());
    let watch = preset.as_ref().map_or("", |preset| (preset.watch)());
    let busy = state.progress.is_some() || matches!(state.trainer, Trainer::Starting) && state.making.is_some();
    let blocked = state.blocked();
    html! {
        <div class="lab-welcome" data-testid="lab-welcome">
            { narrow(preset.as_ref().map(|preset| preset.name), on) }
            <h2>{ title }</h2>
            <p>{ prose(watch) }</p>
            <button type="button" class="button loud" data-testid="lab-begin" disabled={busy || blocked.is_some()}
                onclick={on.reform(|_| Act::Start)}>{ if busy { lab::getting_ready() } else { lab::begin() } }</button>
            if let Some(why) = blocked {
                <p class="lab-error" role="status" data-testid="lab-error">{ prose(&why) }</p>
            }
            { for state.mend().map(|mend| mending(mend, on)) }
            if let Some(kept) = &state.kept {
                <div class="lab-kept" data-testid="lab-kept">
                    { button(on, Act::GoOn, lab::go_on(&kept.title), "lab-go-on") }{ " " }
                    <button type="button" class="quiet" data-testid="lab-forget" onclick={on.reform(|_| Act::Forget)}>
                        { lab::forget() }</button>
                    <p class="lab-fine">{ prose(&lab::kept_here(bytes(kept.file.len() as u64))) }</p>
                </div>
            }
            <p class="lab-fine">{ lab::nothing_is_sent() }</p>
        </div>
    }
}
