//! What is offered in the middle: a first run, the run of an earlier visit, and what must be answered before it is done.

use super::act::Act;
use super::state::{State, Trainer};
use crate::app::format::{bytes, count};
use crate::lab::Preset;
use yew::prelude::*;

/// Above the curves: what waits for an answer.
pub fn view(state: &State, on: &Callback<Act>) -> Html {
    let branches = state.run.as_ref().map_or(0, |run| run.branches.len());
    html! {
        <>
            if let Some((_, step)) = state.offer {
                <p class="lab-offer">{ button(on, Act::GoBack, format!("Go back to step {} and branch with learning rate {}", count(step as usize), state.lower()), "lab-go-back") }{ " The broken branch stays to be looked at." }</p>
            }
            if state.sure {
                <p class="lab-offer" role="alertdialog" aria-label="Reset" data-testid="lab-sure">
                    { format!("Reset forgets all {branches} branches and begins the run again. ") }
                    { button(on, Act::Sure(true), "Reset".into(), "lab-sure-yes") }{ " " }
                    { button(on, Act::Sure(false), "Keep the branches".into(), "lab-sure-no") }
                    { " Run → Export saves the selected one, and all curves." }
                </p>
            }
        </>
    }
}

fn button(on: &Callback<Act>, act: Act, name: String, testid: &'static str) -> Html {
    html! { <button type="button" class="button" data-testid={testid} onclick={on.reform(move |_| act.clone())}>{ name }</button> }
}

/// Before the first run.
pub fn welcome(state: &State, on: &Callback<Act>) -> Html {
    let preset = Preset::of(&state.draft);
    let title = preset.as_ref().map_or("Settings of your own", |preset| preset.title);
    let watch = preset.as_ref().map_or("", |preset| preset.watch);
    let busy = state.progress.is_some() || matches!(state.trainer, Trainer::Starting) && state.making.is_some();
    html! {
        <div class="lab-welcome" data-testid="lab-welcome">
            <h2>{ title }</h2>
            <p>{ watch }</p>
            <button type="button" class="button loud" data-testid="lab-begin" disabled={busy} onclick={on.reform(|_| Act::Start)}>{ if busy { "Getting ready…" } else { "Start" } }</button>
            if let Some(kept) = &state.kept {
                <div class="lab-kept" data-testid="lab-kept">
                    { button(on, Act::GoOn, format!("Go on with your last run ({})", kept.title), "lab-go-on") }{ " " }
                    <button type="button" class="quiet" data-testid="lab-forget" onclick={on.reform(|_| Act::Forget)}>{ "Forget it" }</button>
                    <p class="lab-fine">{ format!("This browser kept its newest saved step, {}, on this machine.", bytes(kept.file.len() as u64)) }</p>
                </div>
            }
            <p class="lab-fine">{ "A small language model begins with random weights and learns from the text, in this page. Nothing is sent anywhere." }</p>
        </div>
    }
}
