//! The bar below: start, pause, step, speed, scrub, branch, and what becomes of the run.

use super::action::{Act, Form};
use super::state::{TrainState, Trainer};
use crate::app::format::bytes;
use crate::app::icon::Icon;
use crate::app::menu::Menu;
use crate::app::save::picked;
use crate::app::translate::prose;
use crate::messages::lab;
use crate::run::history::MOST;
use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Steps a second to choose from; as fast as it goes if none.
const SPEEDS: [Option<u32>; 5] = [None, Some(20), Some(5), Some(2), Some(1)];

/// The bar.
pub fn view(state: &TrainState, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    html! {
        <footer class="lab-bar" data-testid="lab-bar">
            { playback(state, on) }
            <p class="lab-status" data-testid="lab-status" role="status">{ status(state) }</p>
            <span class="lab-deeds">{ deeds(state, on, on_files) }</span>
        </footer>
    }
}

/// A button with words, its id for tests and for the keyboard, and what it does in more words.
fn button(
    on: &Callback<Act>,
    act: Act,
    (name, title): (&'static str, &'static str),
    testid: &'static str,
    blocked: bool,
) -> Html {
    let onclick = on.reform(move |_| act.clone());
    html! {
        <button type="button" id={testid} class="quiet" data-testid={testid} {title} disabled={blocked} {onclick}>
            { name }</button>
    }
}

/// One recorded step back or on.
fn walk(
    state: &TrainState,
    on: &Callback<Act>,
    by: i64,
    (icon, name): (&'static str, &'static str),
    testid: &str,
) -> Html {
    let onclick = on.reform(move |_| Act::Walk(by));
    html! {
        <button type="button" class="playback-button" aria-label={name} title={name} data-testid={testid.to_owned()}
            disabled={state.run.is_none()} {onclick}><Icon name={icon} /></button>
    }
}

/// Start, step, speed and scrub.
fn playback(state: &TrainState, on: &Callback<Act>) -> Html {
    let none = state.run.is_none();
    let blocked = state.blocked().filter(|_| none).or(state.waits());
    let main = match (state.trains(), none) {
        (true, _) => lab::pause(),
        (false, true) => lab::start(),
        (false, false) if state.newest() == 0 => lab::start(),
        (false, false) => lab::train_on(),
    };
    let speed =
        on.reform(|event: Event| Act::Speed(event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok()));
    let chosen = state.speed.map(|speed| speed.to_string()).unwrap_or_default();
    let option = |steps: Option<u32>| {
        let value = steps.map(|steps| steps.to_string()).unwrap_or_default();
        let name = steps.map_or_else(|| lab::speed_full().to_owned(), lab::speed_limit);
        html! { <option value={value.clone()} selected={value == chosen}>{ name }</option> }
    };
    html! {
        <>
            <button type="button" id="lab-main" class="button lab-main"
                data-testid={if state.trains() { "lab-pause" } else { "lab-start" }}
                disabled={blocked.is_some() && !state.trains()} title={blocked.clone().filter(|_| !state.trains())}
                onclick={on.reform(|_| Act::Toggle)}>{ main }</button>
            { button(on, Act::Step, (lab::step_once(), lab::step_once_what()), "lab-step", blocked.is_some()) }
            <select class="playback-speed" aria-label={lab::speed()} data-testid="lab-speed" onchange={speed}>
                { for SPEEDS.map(option) }
            </select>
            <span class="lab-scrub">
                { walk(state, on, -1, ("left", lab::back()), "lab-back") }
                { walk(state, on, 1, ("right", lab::on()), "lab-on") }
                { button(on, Act::Seek(None), (lab::newest(), lab::newest_what()), "lab-newest", state.at.is_none()) }
            </span>
        </>
    }
}

/// What becomes of the run.
fn deeds(state: &TrainState, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    let none = state.run.is_none();
    let branches = none || !state.can_fork() || state.branching.is_some() || state.waits().is_some();
    html! {
        <>
            <button type="button" class="quiet lab-sheet-open" data-testid="lab-sheet" data-tour="lab-settings"
                onclick={on.reform(|_| Act::Sheet(true))}>{ lab::settings() }</button>
            { button(on, Act::Plan, (lab::branch_here(), lab::branch_here_what()), "lab-fork", branches) }
            { button(on, Act::Explore, (lab::explore(), lab::explore_what()), "lab-explore", none) }
            <Menu testid="lab-run" class="quiet" label={html! { { lab::run() } }} closes=true>
                { items(state, on, on_files) }
            </Menu>
            <button type="button" class="quiet" data-testid="lab-share" title={lab::share_what()}
                onclick={on.reform(|_| Act::Share)}>{ lab::share() }</button>
        </>
    }
}

/// What the menu of the run offers.
fn items(state: &TrainState, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    let none = state.run.is_none();
    let item = |act: Act, name: &'static str, what: &'static str, testid: &'static str, blocked: bool| {
        let onclick = on.reform(move |_| act.clone());
        html! {
            <button type="button" class="menu-item" data-testid={testid} disabled={blocked} {onclick}>
                { name }<small>{ what }</small></button>
        }
    };
    let (undrawn, unprobed) = (none || state.table, state.probe().is_none());
    let flow = |act, what, testid| item(Act::SaveProbe(act), lab::probe_flow_save(), what, testid, unprobed);
    html! {
        <>
            { item(Act::Export, lab::export(), lab::export_what(), "lab-export", none) }
            { item(Act::Picture(false), lab::curves(), lab::curves_svg(), "lab-save-svg", undrawn) }
            { item(Act::Picture(true), lab::curves(), lab::curves_png(), "lab-save-png", undrawn) }
            { item(Act::Numbers, lab::curves_csv(), lab::curves_csv_what(), "lab-save-csv", none) }
            if state.flow {
                { flow(Form::Svg, lab::probe_flow_svg(), "lab-save-probe-svg") }
                { flow(Form::Png, lab::probe_flow_png(), "lab-save-probe-png") }
            } else {
                { item(
                    Act::SaveProbe(Form::Csv),
                    lab::probe_routes_save(),
                    lab::probe_routes_csv(),
                    "lab-save-probe-csv",
                    unprobed,
                ) }
            }
            <label class="menu-item menu-file">{ lab::open_file() }<small>{ lab::open_file_what() }</small>
                <input type="file" multiple={true} data-testid="lab-import" onchange={picked(on_files)} /></label>
            { item(Act::Reset, lab::reset(), lab::reset_what(), "lab-reset", none || state.waits().is_some()) }
            { background(state, on) }
        </>
    }
}

/// Whether a hidden tab trains.
fn background(state: &TrainState, on: &Callback<Act>) -> Html {
    let set = on.reform(|event: Event| Act::Background(event.target_unchecked_into::<HtmlInputElement>().checked()));
    html! {
        <label class="choice">
            <input type="checkbox" data-testid="lab-background" checked={state.background} onchange={set} />
            <span>{ lab::background() }<small>{ lab::background_what() }</small></span></label>
    }
}

/// Device, rate and memory, or what goes on.
fn status(state: &TrainState) -> Html {
    if let Some((task, done, total)) = &state.progress {
        let far = if *total > 0 { lab::progress(task, *done, *total) } else { lab::progress_begun(task) };
        return prose(&far);
    }
    match &state.trainer {
        // Why there is none, and what to do, is said above.
        Trainer::Off | Trainer::Failed(_) => html! {},
        Trainer::Starting => html! { { lab::trainer_loading() } },
        Trainer::Ready(device) => {
            let rate = state.rate.map(|rate| lab::rate(format!("{rate:.0}")));
            let (used, limit) = state.run.as_ref().map_or((0, 0), |run| run.recorded);
            let held = state.run.as_ref().map(|_| lab::history(bytes(used), bytes(limit)));
            let all: Vec<String> = [device.name.clone()].into_iter().chain(rate).chain(held).collect();
            let title = format!("{} {}", device.why, lab::history_what(bytes(limit), MOST));
            html! { <span {title}>{ prose(&all.join(" · ")) }</span> }
        }
    }
}
