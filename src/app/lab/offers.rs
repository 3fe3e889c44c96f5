//! What is offered in the middle: a first run, the run of an earlier visit, and what must be answered before it is done.

use super::act::Act;
use super::fields::mending;
use super::state::{State, Trainer};
use crate::app::format::{bytes, count};
use crate::app::translate::prose;
use crate::run::{Preset, presets};
use yew::prelude::*;

/// Above the curves: what waits for an answer.
pub fn view(state: &State, on: &Callback<Act>) -> Html {
    let branches = state.run.as_ref().map_or(0, |run| run.branches.len());
    html! {
        <>
            if let Some((_, step)) = state.offer {
                <p class="lab-offer">{ button(on, Act::GoBack, format!("Go back to step {} and branch with learning rate {}", count(step as usize), state.lower()), "lab-go-back") }{ " The broken branch stays to be looked at." }</p>
            }
            if let Some(step) = state.branching { { planned(state, step, on) } }
            if state.sure {
                <p class="lab-offer" role="alertdialog" aria-label="Reset" data-testid="lab-sure">
                    { prose(&format!("Reset forgets all {branches} branches and begins the run again. ")) }
                    { button(on, Act::Sure(true), "Reset".into(), "lab-sure-yes") }{ " " }
                    { button(on, Act::Sure(false), "Keep the branches".into(), "lab-sure-no") }
                    { " Run → Export saves them." }
                </p>
            }
        </>
    }
}

/// A branch that is being planned: what it shall do otherwise.
fn planned(state: &State, step: u64, on: &Callback<Act>) -> Html {
    let (otherwise, step) = (state.otherwise(), count(step as usize));
    let too_much = state.too_much().filter(|_| state.can_fork());
    let ready = otherwise.is_some() && state.can_fork() && too_much.is_none();
    let say = match &otherwise {
        Some(what) => format!("It goes its own way with: {what}."),
        None => format!(
            "What shall it do otherwise? Choose another routing method or coefficient in the settings. Unchanged, it would do the same as branch {} again.",
            state.selected + 1
        ),
    };
    html! {
        <div id="lab-plan" class="lab-offer lab-plan" tabindex="-1" role="group" aria-label="New branch" data-testid="lab-plan">
            <p role="status"><b>{ prose(&format!("New branch from step {step}. ")) }</b>{ prose(&say) }</p>
            if let Some(why) = too_much { <p class="lab-error" role="status" data-testid="lab-error">{ prose(&why) }</p> }
            <button type="button" class="button" data-testid="lab-plan-go" disabled={!ready} onclick={on.reform(|_| Act::Fork)}>{ prose(&format!("Branch at step {step}")) }</button>
            if otherwise.is_none() { <button type="button" class="quiet" data-testid="lab-plan-copy" onclick={on.reform(|_| Act::Copy)}>{ "Make a copy" }</button> }
            <button type="button" class="quiet" data-testid="lab-plan-no" onclick={on.reform(|_| Act::NoBranch)}>{ "No branch" }</button>
        </div>
    }
}

fn button(on: &Callback<Act>, act: Act, name: String, testid: &'static str) -> Html {
    html! { <button type="button" class="button" data-testid={testid} onclick={on.reform(move |_| act.clone())}>{ prose(&name) }</button> }
}

/// Runs worth watching, on a phone, whose settings lie in a sheet: one is chosen and started without it.
fn narrow(chosen: Option<&'static str>, on: &Callback<Act>) -> Html {
    let offer = |preset: Preset| {
        let (name, on_it) = (preset.name, chosen == Some(preset.name));
        html! { <button type="button" key={name} class={classes!("lab-preset", on_it.then_some("on"))} aria-pressed={on_it.to_string()} data-testid={format!("offer-{name}")} onclick={on.reform(move |_| Act::Preset(name))}>{ preset.title }</button> }
    };
    html! { <div class="lab-narrow" role="group" data-tour="lab-settings" aria-label="Start from">{ for presets().into_iter().map(offer) }</div> }
}

/// Before the first run.
pub fn welcome(state: &State, on: &Callback<Act>) -> Html {
    let preset = Preset::of(&state.draft);
    let title = preset.as_ref().map_or("Settings of your own", |preset| preset.title);
    let watch = preset.as_ref().map_or("", |preset| preset.watch);
    let busy = state.progress.is_some() || matches!(state.trainer, Trainer::Starting) && state.making.is_some();
    let blocked = state.blocked();
    html! {
        <div class="lab-welcome" data-testid="lab-welcome">
            { narrow(preset.as_ref().map(|preset| preset.name), on) }
            <h2>{ title }</h2>
            <p>{ prose(watch) }</p>
            <button type="button" class="button loud" data-testid="lab-begin" disabled={busy || blocked.is_some()} onclick={on.reform(|_| Act::Start)}>{ if busy { "Getting ready…" } else { "Start" } }</button>
            if let Some(why) = blocked { <p class="lab-error" role="status" data-testid="lab-error">{ prose(&why) }</p> }
            { for state.mend().map(|mend| mending(mend, on)) }
            if let Some(kept) = &state.kept {
                <div class="lab-kept" data-testid="lab-kept">
                    { button(on, Act::GoOn, format!("Go on with your last run ({})", kept.title), "lab-go-on") }{ " " }
                    <button type="button" class="quiet" data-testid="lab-forget" onclick={on.reform(|_| Act::Forget)}>{ "Forget it" }</button>
                    <p class="lab-fine">{ prose(&format!("This browser kept its newest saved step, {}, on this machine.", bytes(kept.file.len() as u64))) }</p>
                </div>
            }
            <p class="lab-fine">{ "A small language model begins with random weights and learns from the text, in this page. Nothing is sent anywhere." }</p>
        </div>
    }
}
