//! The left column: runs worth watching, and all settings.

use super::act::Act;
use super::fields::{LIVE, READING, SHAPE, choice, fields, methods};
use super::run::Run;
use super::state::State;
use crate::app::format::{bytes, count};
use crate::app::icon::Icon;
use crate::app::save::picked;
use crate::app::translate::prose;
use crate::format::{counted, megabytes};
use crate::run::memory::LIMIT;
use crate::run::notes::notes;
use crate::run::{Memory, Preset, Settings, TextChoice, presets};
use web_sys::File;
use yew::prelude::*;

/// The column. `on_file` is called with a file that was chosen.
pub fn view(state: &State, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    let chosen = Preset::of(&state.draft).map(|preset| preset.name);
    let preset = |preset: Preset| {
        let on_it = chosen == Some(preset.name);
        let name = preset.name;
        html! {
            <button type="button" key={name} class={classes!("lab-preset", on_it.then_some("on"))} aria-pressed={on_it.to_string()} data-testid={format!("preset-{name}")}
                title={preset.watch} onclick={on.reform(move |_| Act::Preset(name))}>{ preset.title }
                if on_it { <small>{ prose(preset.watch) }</small> }
            </button>
        }
    };
    let draft = &state.draft;
    let texts = TextChoice::ALL.map(|choice| (choice.name(), title(choice).to_owned())).to_vec();
    html! {
        <section class={classes!("lab-left", state.sheet.then_some("lab-sheet-up"))} data-testid="lab-settings" aria-label="Settings">
            <button type="button" class="quiet lab-sheet-close" aria-label="Close the settings" onclick={on.reform(|_| Act::Sheet(false))}><Icon name="close" /></button>
            <h2>{ "Start from" }</h2>
            <div class="lab-presets">{ for presets().into_iter().map(preset) }</div>
            <p class="lab-fine lab-note">{ "Too fast to follow? The bar below has lower speeds, and every recorded step can be gone back to." }</p>
            <h2>{ "Settings" }<small>{ "change while it runs" }</small></h2>
            { fields(state, on, &LIVE) }
            { wishes(state, on) }
            <h2>{ "Model" }<small>{ "for a new run; the method also for a branch" }</small></h2>
            { choice("method", draft.method.id, methods(None), on) }
            { choice("against", draft.against.map_or("none", |method| method.id), methods(Some("nothing")), on) }
            { for notes(draft).iter().map(|note| html! { <p class="lab-fine lab-note" data-testid="lab-note">{ prose(note) }</p> }) }
            { fields(state, on, &SHAPE) }
            <h2>{ "Text" }<small>{ "for a new run" }</small></h2>
            { choice("text", draft.text.name(), texts, on) }
            { own(state, on_files) }
            { fields(state, on, &READING) }
            { estimate(state) }
        </section>
    }
}

fn title(choice: TextChoice) -> &'static str {
    match choice {
        TextChoice::Mixed => "All bundled texts",
        TextChoice::Stories => "Short stories",
        TextChoice::Arithmetic => "Sums and differences",
        TextChoice::Code => "A small programming language",
        TextChoice::Own => "Your own file",
    }
}

/// The visitor's own file.
fn own(state: &State, on_files: &Callback<Vec<File>>) -> Html {
    let pick = picked(on_files);
    let error = state.error().filter(|error| error.name() == "text");
    let reads = state.run.as_ref().and_then(|run| run.own.as_ref()).filter(|own| Some(*own) != state.own.as_ref());
    let own = state.own.as_ref().filter(|_| state.draft.text == TextChoice::Own);
    html! {
        <div class="lab-own">
            <label class="link">{ "Choose a file…" }<input type="file" data-testid="lab-file" onchange={pick} /></label>
            if let Some(own) = own { <small data-testid="lab-own" translate="no">{ format!(" {}, {}", own.name, bytes(own.bytes.len() as u64)) }</small> }
            else { <small>{ " or drop one here. It stays on this machine." }</small> }
            if let Some(own) = reads { <small data-testid="lab-reads">{ format!(" The run reads {}.", own.name) }</small> }
            if let Some(error) = error { <small class="lab-error" data-testid="lab-error">{ prose(&error.to_string()) }</small> }
        </div>
    }
}

/// Settings that were chosen and do not hold: what can be done with them.
fn wishes(state: &State, on: &Callback<Act>) -> Html {
    // What becomes of a branch that is being planned is chosen above the curves.
    let planned = state.branching.is_some();
    if state.run.is_none() || planned || !(state.needs_new_run() || state.staged()) {
        return html! {};
    }
    let button = |act: Act, name: String, testid: &'static str| {
        html! {
            <button type="button" class="button" data-testid={testid} onclick={on.reform(move |_| act.clone())}>{ prose(&name) }</button>
        }
    };
    let new = state.needs_new_run();
    let step = count(state.branching.unwrap_or_else(|| state.step()) as usize);
    let blocked = state.blocked();
    html! {
        <div class="lab-wishes" data-testid="lab-wishes" role="status">
            <p>{ if new || state.at.is_none() { "Not yet in force." } else { "Chosen while looking at the past: not yet in force." } }</p>
            if state.can_fork() { { button(Act::Fork, format!("Branch at step {step}"), "lab-fork-wish") } }
            if let Some(why) = &blocked { <small class="lab-error" data-testid="lab-error">{ prose(why) }</small> }
            if !new && blocked.is_none() { { button(Act::Apply, "Apply now".into(), "lab-apply") } }
            <button type="button" class="button" data-testid="lab-start-new" disabled={blocked.is_some() || state.waits().is_some()} title={state.waits()} onclick={on.reform(|_| Act::Start)}>{ "Start a new run" }</button>
            { button(Act::Undo, "Undo".into(), "lab-undo") }
            <small>{ "A new run takes the place of this one: export it first to keep it." }</small>
        </div>
    }
}

/// What the branches need together.
fn together(run: &Run) -> Html {
    let settings: Vec<Settings> = run.branches.iter().map(|branch| branch.info.settings.clone()).collect();
    let total = Memory::together(&settings).total();
    html! { <><br />{ prose(&format!("All {} branches: about {} of memory, {} at most", settings.len(), megabytes(total), megabytes(LIMIT))) }</> }
}

/// What the settings need.
fn estimate(state: &State) -> Html {
    let needs = |memory: Memory| {
        let words =
            format!("{} parameters · about {} of memory", counted(memory.parameters), megabytes(memory.total()));
        html! { <span class={(memory.total() > LIMIT).then_some("lab-error")}>{ prose(&words) }</span> }
    };
    html! {
        <p class="lab-fine" data-testid="lab-memory">
            { for state.memory().map(needs) }
            if let Some(run) = state.run.as_ref().filter(|run| run.branched()) { { together(run) } }
            if let Some(run) = &state.run {
                <><br />{ prose(&format!("Read: {} of text, {} tokens to train on, {} held out", bytes(run.text.bytes), count(run.text.train as usize), count(run.text.held_out as usize))) }
                if run.text.total > run.text.bytes + run.text.bytes / 50 { { prose(&format!(" (the file has {})", bytes(run.text.total))) } }</>
            }
        </p>
    }
}
