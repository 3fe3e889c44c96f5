//! Which models are compared, and how far they are.

use crate::app::action::Action;
use crate::app::comparison::{Comparison, MOST, With};
use crate::app::context::Dispatch;
use crate::app::format::bytes;
use crate::app::models::catalog::{dated, title};
use crate::app::translate::prose;
use crate::messages::compare as words;
use crate::scene::difference::letter;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The picker: a list for each model, and one to add a model.
pub fn picker(with: &With, models: &[String], status: String, dispatch: &Dispatch) -> Html {
    let names = with.names();
    let options = |chosen: &str| {
        let mut all: Vec<&str> = models.iter().map(String::as_str).collect();
        if !all.contains(&chosen) && !chosen.is_empty() {
            all.push(chosen);
        }
        let taken = |name: &str| name != chosen && names.iter().any(|other| other == name);
        let option = |name: &str| {
            html! {
                <option value={name.to_owned()} title={name.to_owned()} selected={name == chosen} disabled={taken(name)}>
                    { dated(name) }</option>
            }
        };
        html! { { for all.into_iter().map(option) } }
    };
    let onchange = |place: usize| {
        let (with, dispatch) = (with.clone(), dispatch.clone());
        move |event: Event| {
            if let Some(select) =
                event.target_dyn_into::<HtmlSelectElement>().filter(|select| !select.value().is_empty())
            {
                dispatch.emit(Action::With(with.set(place, Some(&select.value()))));
            }
        }
    };
    let chip = |(place, name): (usize, &String)| {
        let with = with.clone();
        let remove = dispatch.reform(move |_: MouseEvent| Action::With(with.set(place, None)));
        let (chosen, without) = (format!("with-{}", place + 1), format!("without-{}", place + 1));
        html! {
            <span class="with-model" key={place}>
                <b translate="no">{ letter(place) }</b>
                <select translate="no" title={name.clone()} data-testid={chosen} aria-label={words::model(letter(place))}
                    onchange={onchange(place)}>{ options(name) }</select>
                if names.len() > 1 {
                    <button type="button" class="quiet" data-testid={without} aria-label={words::take_away(title(name))}
                        translate="no" onclick={remove}>{ "×" }</button>
                }
            </span>
        }
    };
    html! {
        <div class="with" data-tour="models" role="group" aria-label={words::models()} data-testid="with">
            { for names.iter().enumerate().map(chip) }
            if names.len() < MOST {
                <span class="with-model"><b translate="no">{ letter(names.len()) }</b>
                    <select data-testid="with-add" aria-label={words::add_label()} onchange={onchange(names.len())}>
                        <option value="" selected=true>{ words::add() }</option>{ options("") }</select></span>
            }
            <span class="soft small" role="status" data-testid="compare-status">{ prose(&status) }</span>
        </div>
    }
}

/// How far the comparison is, in words.
pub fn status(comparison: &Comparison, ready: bool) -> String {
    match &comparison.progress {
        _ if !ready => words::engine_not_ready().to_owned(),
        Some((what, done, Some(total))) => words::progress(what, bytes(*done), bytes(*total)),
        Some((what, ..)) => what.clone(),
        None if comparison.waiting => words::routing().to_owned(),
        None => String::new(),
    }
}
