//! The left column: runs worth watching, and all settings.

use super::action::Act;
use super::fields::{LIVE, READING, SHAPE, choice, fields, methods};
use super::run::Run;
use super::state::TrainState;
use crate::app::format::bytes;
use crate::app::icon::Icon;
use crate::app::save::picked;
use crate::app::translate::prose;
use crate::format::megabytes;
use crate::messages::lab;
use crate::run::memory::LIMIT;
use crate::run::notes::notes;
use crate::run::protocol::TextInfo;
use crate::run::{Memory, Preset, Settings, TextChoice, presets};
use web_sys::File;
use yew::prelude::*;

/// The column. `on_file` is called with a file that was chosen.
pub fn view(state: &TrainState, on: &Callback<Act>, on_files: &Callback<Vec<File>>) -> Html {
    let chosen = Preset::of(&state.draft).map(|preset| preset.name);
    let preset = |preset: Preset| {
        let on_it = chosen == Some(preset.name);
        let name = preset.name;
        html! {
            <button type="button" key={name} class={classes!("lab-preset", on_it.then_some("on"))}
                aria-pressed={on_it.to_string()} data-testid={format!("preset-{name}")}
                title={(preset.watch)()} onclick={on.reform(move |_| Act::Preset(name))}>{ (preset.title)() }
                if on_it { <small>{ prose((preset.watch)()) }</small> }
            </button>
        }
    };
    let draft = &state.draft;
    let note = |note: &String| html! { <p class="lab-fine lab-note" data-testid="lab-note">{ prose(note) }</p> };
    let texts = TextChoice::ALL.map(|choice| (choice.name(), title(choice).to_owned())).to_vec();
    html! {
        <section class={classes!("lab-left", state.sheet.then_some("lab-sheet-up"))} data-testid="lab-settings"
            aria-label={lab::settings()}>
            <button type="button" class="quiet lab-sheet-close" aria-label={lab::settings_close()}
                onclick={on.reform(|_| Act::Sheet(false))}><Icon name="close" /></button>
            <h2>{ lab::start_from() }</h2>
            <div class="lab-presets">{ for presets().into_iter().map(preset) }</div>
            <p class="lab-fine lab-note">{ lab::too_fast() }</p>
            <h2>{ lab::settings() }<small>{ lab::settings_when() }</small></h2>
            { fields(state, on, &LIVE) }
            { wishes(state, on) }
            <h2>{ lab::model() }<small>{ lab::model_when() }</small></h2>
            { choice("method", draft.method.id, methods(None), on) }
            { choice("against", draft.against.map_or("none", |method| method.id), methods(Some(lab::nothing())), on) }
            { for notes(draft).iter().map(note) }
            { fields(state, on, &SHAPE) }
            <h2>{ lab::text() }<small>{ lab::text_when() }</small></h2>
            { choice("text", draft.text.name(), texts, on) }
            { own(state, on_files) }
            { fields(state, on, &READING) }
            { estimate(state) }
        </section>
    }
}

fn title(choice: TextChoice) -> &'static str {
    match choice {
        TextChoice::Mixed => lab::text_mixed(),
        TextChoice::Stories => lab::text_stories(),
        TextChoice::Arithmetic => lab::text_arithmetic(),
        TextChoice::Code => lab::text_code(),
        TextChoice::Own => lab::text_own(),
    }
}

/// The visitor's own file.
fn own(state: &TrainState, on_files: &Callback<Vec<File>>) -> Html {
    let pick = picked(on_files);
    let error = state.error().filter(|error| error.name() == "text");
    let reads = state.run.as_ref().and_then(|run| run.own.as_ref()).filter(|own| Some(*own) != state.own.as_ref());
    let own = state.own.as_ref().filter(|_| state.draft.text == TextChoice::Own);
    html! {
        <div class="lab-own">
            <label class="link">{ lab::choose_file() }
                <input type="file" data-testid="lab-file" onchange={pick} /></label>
            if let Some(own) = own {
                <small data-testid="lab-own" translate="no">
                    { format!(" {}, {}", own.name, bytes(own.bytes.len() as u64)) }</small>
            } else {
                <small>{ " " }{ lab::drop_file() }</small>
            }
            if let Some(own) = reads { <small data-testid="lab-reads">{ " " }{ lab::run_reads(&own.name) }</small> }
            if let Some(error) = error {
                <small class="lab-error" data-testid="lab-error">{ prose(&error.to_string()) }</small>
            }
        </div>
    }
}

/// Settings that were chosen and do not hold: what can be done with them.
fn wishes(state: &TrainState, on: &Callback<Act>) -> Html {
    // What becomes of a branch that is being planned is chosen above the curves.
    let planned = state.branching.is_some();
    if state.run.is_none() || planned || !(state.needs_new_run() || state.staged()) {
        return html! {};
    }
    let button = |act: Act, name: String, testid: &'static str| {
        html! {
            <button type="button" class="button" data-testid={testid} onclick={on.reform(move |_| act.clone())}>
                { prose(&name) }</button>
        }
    };
    let new = state.needs_new_run();
    let step = state.branching.unwrap_or_else(|| state.step());
    let blocked = state.blocked();
    let waits = state.waits();
    let why = if new || state.at.is_none() { lab::not_in_force() } else { lab::not_in_force_past() };
    html! {
        <div class="lab-wishes" data-testid="lab-wishes" role="status">
            <p>{ why }</p>
            if state.can_fork() { { button(Act::Fork, lab::branch_at(step), "lab-fork-wish") } }
            if let Some(why) = &blocked { <small class="lab-error" data-testid="lab-error">{ prose(why) }</small> }
            if !new && blocked.is_none() { { button(Act::Apply, lab::apply().to_owned(), "lab-apply") } }
            <button type="button" class="button" data-testid="lab-start-new"
                disabled={blocked.is_some() || waits.is_some()} title={waits.clone()}
                onclick={on.reform(|_| Act::Start)}>{ lab::start_new() }</button>
            { button(Act::Undo, lab::undo().to_owned(), "lab-undo") }
            <small>{ lab::new_takes_place() }</small>
        </div>
    }
}

/// What the branches need together.
fn together(run: &Run) -> Html {
    let settings: Vec<Settings> = run.branches.iter().map(|branch| branch.info.settings.clone()).collect();
    let total = Memory::together(&settings).total();
    html! { <><br />{ prose(&lab::needs_together(settings.len(), megabytes(total), megabytes(LIMIT))) }</> }
}

/// What the settings need.
fn estimate(state: &TrainState) -> Html {
    let needs = |memory: Memory| {
        let words = lab::needs(memory.parameters, megabytes(memory.total()));
        html! { <span class={(memory.total() > LIMIT).then_some("lab-error")}>{ prose(&words) }</span> }
    };
    let read = |run: &Run| {
        let TextInfo { bytes: read, total, train, held_out, .. } = run.text;
        match total > read + read / 50 {
            true => lab::text_read_part(bytes(read), train, held_out, bytes(total)),
            false => lab::text_read(bytes(read), train, held_out),
        }
    };
    html! {
        <p class="lab-fine" data-testid="lab-memory">
            { for state.memory().map(needs) }
            if let Some(run) = state.run.as_ref().filter(|run| run.branched()) { { together(run) } }
            if let Some(run) = &state.run { <><br />{ prose(&read(run)) }</> }
        </p>
    }
}
