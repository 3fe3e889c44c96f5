//! Which models are compared, and how far they are.

use super::{Comparison, With, is_name, with::MOST};
use crate::app::download::fetch_text;
use crate::app::format::bytes;
use crate::app::wiring;
use crate::scene::difference::letter;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Models that are looked for where there is no list of them.
const KNOWN: [&str; 9] =
    ["mixtral", "dense-active", "mixtral-small", "shazeer", "gshard", "switch", "base", "hash-balanced", "deepseek"];

/// The names in `index.json`: of its entries, or the entries themselves.
fn listed(json: &str) -> Option<Vec<String>> {
    let entries: Vec<serde_json::Value> = serde_json::from_str(json).ok()?;
    let name = |entry: &serde_json::Value| entry.as_str().or_else(|| entry.get("name")?.as_str()).map(str::to_owned);
    Some(entries.iter().filter_map(name).filter(|name| is_name(name)).collect())
}

/// The models that can be had: those in the list, or where there is none, those that answer.
#[hook]
pub fn use_models() -> Rc<Vec<String>> {
    let models = use_state(|| Rc::new(Vec::new()));
    {
        let models = models.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                let index = fetch_text(&format!("{}index.json", wiring::sibling("."))).await;
                if let Some(names) = index.ok().as_deref().and_then(listed).filter(|names| !names.is_empty()) {
                    return models.set(Rc::new(names));
                }
                let mut names = Vec::new();
                for name in KNOWN {
                    if fetch_text(&format!("{}card.json", wiring::sibling(name))).await.is_ok() {
                        names.push(name.to_owned());
                    }
                }
                models.set(Rc::new(names));
            });
        });
    }
    (*models).clone()
}

/// What [`Picker`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct PickerProps {
    /// The chosen models.
    pub with: With,
    /// What to say of the state of things.
    pub status: AttrValue,
    /// Called with other models.
    pub on_with: Callback<With>,
}

/// The picker.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let models = use_models();
    let names = props.with.names();
    let options = |chosen: &str| {
        let mut all: Vec<&str> = models.iter().map(String::as_str).collect();
        if !all.contains(&chosen) && !chosen.is_empty() {
            all.push(chosen);
        }
        let taken = |name: &str| name != chosen && names.iter().any(|other| other == name);
        let option = |name: &str| html! { <option value={name.to_owned()} selected={name == chosen} disabled={taken(name)}>{ name }</option> };
        html! { { for all.into_iter().map(option) } }
    };
    let onchange = |place: usize| {
        let (with, on_with) = (props.with.clone(), props.on_with.clone());
        move |event: Event| {
            if let Some(select) =
                event.target_dyn_into::<HtmlSelectElement>().filter(|select| !select.value().is_empty())
            {
                on_with.emit(with.set(place, Some(&select.value())));
            }
        }
    };
    let chip = |(place, name): (usize, &String)| {
        let (with, on_with) = (props.with.clone(), props.on_with.clone());
        let remove = move |_: MouseEvent| on_with.emit(with.set(place, None));
        html! {
            <span class="with-model" key={place}>
                <b>{ letter(place) }</b>
                <select data-testid={format!("with-{}", place + 1)} aria-label={format!("Model {}", letter(place))} onchange={onchange(place)}>{ options(name) }</select>
                if names.len() > 1 { <button type="button" class="quiet" data-testid={format!("without-{}", place + 1)} aria-label={format!("Take {name} away")} onclick={remove}>{ "×" }</button> }
            </span>
        }
    };
    html! {
        <div class="with" role="group" aria-label="Models to compare" data-testid="with">
            { for names.iter().enumerate().map(chip) }
            if names.len() < MOST {
                <span class="with-model"><b>{ letter(names.len()) }</b>
                    <select data-testid="with-add" aria-label="Add a model" onchange={onchange(names.len())}>
                        <option value="" selected=true>{ "add a model" }</option>{ options("") }</select></span>
            }
            <span class="soft small" role="status" data-testid="compare-status">{ &props.status }</span>
        </div>
    }
}

/// How far the comparison is, in words.
pub fn status(comparison: &Comparison, ready: bool) -> String {
    match &comparison.progress {
        _ if !ready => "The engine is not ready yet: the device menu says how far it is.".to_owned(),
        Some((what, done, Some(total))) => format!("{what}: {} of {}", bytes(*done), bytes(*total)),
        Some((what, ..)) => what.clone(),
        None if comparison.waiting => "routing…".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_may_hold_names_or_entries() {
        assert_eq!(listed(r#"["a", {"name": "b", "bytes": 1}, 3, "../c"]"#).unwrap(), ["a", "b"]);
        assert_eq!((listed("{}"), listed("no")), (None, None));
    }
}
