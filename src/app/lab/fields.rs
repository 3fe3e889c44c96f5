//! The settings as controls: a number with a slider each, what it means, and what is wrong with it.

use super::action::Act;
use super::state::TrainState;
use super::typed::Typed;
use crate::app::translate::prose;
use crate::messages::lab;
use crate::methods;
use crate::run::bounds;
use crate::run::table::{self, SettingRow};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What may change while it runs.
pub const LIVE: [&str; 6] = ["lr", "balance", "z", "noise", "capacity", "bias"];
/// What a model is made of.
pub const SHAPE: [&str; 5] = ["experts", "k", "layers", "width", "inner"];
/// What is read, and how much of it in a step.
pub const READING: [&str; 4] = ["batch", "len", "vocabulary", "seed"];

/// The controls of the settings of those names, as far as they do something or are wrong.
pub fn fields(state: &TrainState, on: &Callback<Act>, names: &[&str]) -> Html {
    let one = |row: &'static SettingRow| {
        let typo = state.typos.iter().find(|(name, _)| *name == row.name).map(|(_, value)| value.clone());
        let mend = state.mend().filter(|(name, _)| *name == row.name).map(|mend| mending(mend, on));
        control(row, &typo.unwrap_or_else(|| row.get(&state.draft)), state.wrong(row.name), mend, on)
    };
    let rows = names.iter().filter_map(|name| table::named(name));
    rows.filter(|row| state.shows(row)).map(one).collect()
}

/// A button that takes what goes together for a setting that does nothing here and is wrong: its name and that value.
pub fn mending((name, value): (&'static str, String), on: &Callback<Act>) -> Html {
    let words = lab::take(&value, table::label(name));
    let onclick = on.reform(move |_| Act::Set(name, value.clone()));
    html! {
        <button type="button" class="button" data-testid={format!("lab-mend-{name}")} {onclick}>{ prose(&words) }</button>
    }
}

fn control(
    row: &'static SettingRow,
    value: &str,
    wrong: Option<String>,
    mend: Option<Html>,
    on: &Callback<Act>,
) -> Html {
    let SettingRow { name, label, what, stops, .. } = *row;
    let number: f64 = value.parse().unwrap_or(0.0);
    let distance = |stop: &f64| (stop - number).abs();
    let at = (0..stops.len()).min_by(|&a, &b| {
        let of = |at: usize| stops.get(at).map_or(f64::MAX, distance);
        of(a).total_cmp(&of(b))
    });
    let typed = on.reform(move |value: String| Act::Set(name, value));
    let slid = on.reform(move |event: InputEvent| {
        let at = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Act::Set(name, stops.get(at as usize).copied().unwrap_or_default().to_string())
    });
    let label = label();
    let about = [what.map(|what| what().to_owned()), bounds::bounds(name)];
    let about = about.into_iter().flatten().collect::<Vec<String>>().join(" ");
    html! {
        <div class="lab-field" key={name} title={about}>
            <label for={format!("lab-{name}")}>{ prose(label) }</label>
            <Typed id={format!("lab-{name}")} testid={format!("lab-{name}")} value={value.to_owned()} invalid={wrong.is_some()}
                described={wrong.is_some().then(|| format!("lab-{name}-error"))} on_done={typed} />
            <input class="lab-range" type="range" aria-label={label} aria-valuetext={value.to_owned()}
                min="0" max={stops.len().saturating_sub(1).to_string()} step="1"
                value={at.unwrap_or(0).to_string()} oninput={slid} />
            if let Some(wrong) = wrong {
                <small id={format!("lab-{name}-error")} class="lab-error" data-testid="lab-error">
                    { prose(&wrong) }{ for mend }</small>
            }
        </div>
    }
}

/// A choice of a few names.
pub fn choice(name: &'static str, value: &str, options: Vec<(&'static str, String)>, on: &Callback<Act>) -> Html {
    let set = on.reform(move |event: Event| Act::Set(name, event.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |(own, title): (&'static str, String)| {
        html! { <option key={own} value={own} selected={own == value}>{ title }</option> }
    };
    html! {
        <div class="lab-field">
            <label for={format!("lab-{name}")}>{ prose(table::label(name)) }</label>
            <select id={format!("lab-{name}")} data-testid={format!("lab-{name}")} onchange={set}>
                { for options.into_iter().map(option) }
            </select>
        </div>
    }
}

/// All methods, with what nothing is called in front if that is a choice.
pub fn methods(nothing: Option<&str>) -> Vec<(&'static str, String)> {
    let nothing = nothing.map(|title| ("none", title.to_owned()));
    nothing.into_iter().chain(methods::trained().map(|method| (method.id, method.dated()))).collect()
}
