//! The bar below: start, pause, step, speed, scrub, branch, and what becomes of the run.

use super::act::{Act, Form};
use super::state::{State, Trainer};
use crate::app::format::{bytes, count};
use crate::app::icon::Icon;
use crate::app::menu::Menu;
use crate::app::save::picked;
use crate::app::translate::prose;
use crate::run::history::MOST;
use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Steps a second to choose from.
const SPEEDS: [(&str, &str); 5] =
    [("", "Full speed"), ("20", "20 steps/s"), ("5", "5 steps/s"), ("2", "2 steps/s"), ("1", "1 step/s")];

/// The bar.
pub fn view(state: &State, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    let button = |act: Act, name: &'static str, testid: &'static str, title: &'static str, blocked: bool| {
        html! { <button type="button" id={testid} class="quiet" data-testid={testid} {title} disabled={blocked} onclick={on.reform(move |_| act.clone())}>{ name }</button> }
    };
    let walk = |by: i64, icon: &'static str, name: &'static str, testid: &'static str| {
        html! { <button type="button" class="playback-button" aria-label={name} title={name} data-testid={testid} disabled={state.run.is_none()} onclick={on.reform(move |_| Act::Walk(by))}><Icon name={icon} /></button> }
    };
    let none = state.run.is_none();
    let waits = state.waits();
    let waiting = waits.is_some();
    let blocked = state.blocked().filter(|_| none).or(waits);
    let speed =
        on.reform(|event: Event| Act::Speed(event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok()));
    let main = match (state.trains(), none) {
        (true, _) => "❙❙ Pause",
        (false, true) => "▶ Start",
        (false, false) if state.newest() == 0 => "▶ Start",
        (false, false) => "▶ Continue",
    };
    html! {
        <footer class="lab-bar" data-testid="lab-bar">
            <button type="button" id="lab-main" class="button lab-main" data-testid={if state.trains() { "lab-pause" } else { "lab-start" }} disabled={blocked.is_some() && !state.trains()} title={blocked.clone().filter(|_| !state.trains())} onclick={on.reform(|_| Act::Toggle)}>{ main }</button>
            { button(Act::Step, "Step", "lab-step", "Train by one step", blocked.is_some()) }
            <select class="playback-speed" aria-label="Speed" data-testid="lab-speed" onchange={speed}>
                { for SPEEDS.map(|(value, name)| html! { <option {value} selected={state.speed.map(|speed| speed.to_string()).unwrap_or_default() == value}>{ name }</option> }) }
            </select>
            <span class="lab-scrub">
                { walk(-1, "left", "One recorded step back (←)", "lab-back") }
                { walk(1, "right", "One recorded step on (→)", "lab-on") }
                { button(Act::Seek(None), "Newest", "lab-newest", "Follow the newest step (End)", state.at.is_none()) }
            </span>
            <p class="lab-status" data-testid="lab-status" role="status">{ status(state) }</p>
            <span class="lab-deeds">
                <button type="button" class="quiet lab-sheet-open" data-testid="lab-sheet" data-tour="lab-settings" onclick={on.reform(|_| Act::Sheet(true))}>{ "Settings" }</button>
                { button(Act::Plan, "Branch here", "lab-fork", "From the step that is looked at, another way: with another method or other coefficients (B)", none || !state.can_fork() || state.branching.is_some() || waiting) }
                { button(Act::Explore, "Explore", "lab-explore", "Open the model as it is now in the explorer", none) }
                <Menu testid="lab-run" class="quiet" label={html! { "Run" }} closes=true>
                    { item(on, Act::Export, "Export", "settings, curves, checkpoints of all branches, traces: one ZIP", "lab-export", none) }
                    { item(on, Act::Picture(false), "Curves", "SVG, as they are drawn now", "lab-save-svg", none || state.table) }
                    { item(on, Act::Picture(true), "Curves", "PNG", "lab-save-png", none || state.table) }
                    { item(on, Act::Numbers, "Curves in numbers", "CSV of the selected branch: losses, load and every expert’s share", "lab-save-csv", none) }
                    if state.flow {
                        { item(on, Act::SaveProbe(Form::Svg), "Probe’s flow", "SVG, as it is drawn now", "lab-save-probe-svg", state.probe().is_none()) }
                        { item(on, Act::SaveProbe(Form::Png), "Probe’s flow", "PNG", "lab-save-probe-png", state.probe().is_none()) }
                    } else {
                        { item(on, Act::SaveProbe(Form::Csv), "Probe’s routes", "CSV, one line a choice", "lab-save-probe-csv", state.probe().is_none()) }
                    }
                    <label class="menu-item menu-file">{ "Open a file…" }<small>{ "a run exported here, a text, a trace, a checkpoint’s files; or drop them" }</small><input type="file" multiple={true} data-testid="lab-import" onchange={picked(on_files)} /></label>
                    { item(on, Act::Reset, "Reset", "the same run again from its beginning, with the settings it began with: changes on the way and branches are forgotten", "lab-reset", none || waiting) }
                    { background(state, on) }
                </Menu>
                <button type="button" class="quiet" data-testid="lab-share" title="Copy a link that starts the same run" onclick={on.reform(|_| Act::Share)}>{ "Share" }</button>
            </span>
        </footer>
    }
}

fn item(
    on: &Callback<Act>,
    act: Act,
    name: &'static str,
    what: &'static str,
    testid: &'static str,
    blocked: bool,
) -> Html {
    html! { <button type="button" class="menu-item" data-testid={testid} disabled={blocked} onclick={on.reform(move |_| act.clone())}>{ name }<small>{ what }</small></button> }
}

/// Whether a hidden tab trains.
fn background(state: &State, on: &Callback<Act>) -> Html {
    let set = on.reform(|event: Event| Act::Background(event.target_unchecked_into::<HtmlInputElement>().checked()));
    html! {
        <label class="choice"><input type="checkbox" data-testid="lab-background" checked={state.background} onchange={set} />
            <span>{ "Train on while this tab is hidden" }<small>{ "otherwise it pauses and goes on when you return" }</small></span></label>
    }
}

/// Device, rate and memory, or what goes on.
fn status(state: &State) -> Html {
    if let Some((task, done, total)) = &state.progress {
        let far = if *total > 0 {
            format!(": {} of {}", count(*done as usize), count(*total as usize))
        } else {
            "…".to_owned()
        };
        return prose(&format!("{task}{far}"));
    }
    match &state.trainer {
        // Why there is none, and what to do, is said above.
        Trainer::Off | Trainer::Failed(_) => html! {},
        Trainer::Starting => html! { "The trainer is loading…" },
        Trainer::Ready(device) => {
            let rate = state.rate.map(|rate| format!(" · {rate:.0} steps/s")).unwrap_or_default();
            let held = state
                .run
                .as_ref()
                .map(|run| format!(" · history {} of {}", bytes(run.recorded.0), bytes(run.recorded.1)))
                .unwrap_or_default();
            let limit = state.run.as_ref().map_or(0, |run| run.recorded.1);
            let title = format!(
                "{} At most {} of recorded weights and routing are kept: when they are full, those between near neighbours go first. Of a branch's curve at most {} steps are kept: then only every second pair of neighbours.",
                device.why,
                bytes(limit),
                count(MOST)
            );
            html! { <span {title}>{ prose(&format!("{}{rate}{held}", device.name)) }</span> }
        }
    }
}
