//! The list of models: by family and year, with what each reached, and the one in use marked.

use super::catalog::{FAMILIES, Known};
use super::{Entry, FIRST, Model};
use crate::app::format::bytes;
use crate::app::translate::prose;
use std::rc::Rc;
use yew::prelude::*;

/// What [`ModelList`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ModelListProps {
    /// The models that exist; `None` while the list is on its way.
    pub entries: Option<Rc<Vec<Entry>>>,
    /// The one that is wanted.
    pub model: Model,
    /// Called with a model.
    pub on_choose: Callback<Model>,
}

/// The list.
#[component]
pub fn ModelList(props: &ModelListProps) -> Html {
    let Some(entries) = &props.entries else {
        return html! { <p class="menu-text soft" data-testid="models-absent">{ "The list of models is not here (yet)." }</p> };
    };
    let item = |entry: &Entry, title: &str, year: u16| {
        let model = super::named(&entry.name);
        let on = model == props.model;
        let (on_choose, chosen) = (props.on_choose.clone(), model);
        let year = if year > 0 { year.to_string() } else { String::new() };
        let reached = entry.bits_per_byte.map_or_else(|| "not measured".to_owned(), |bits| format!("{bits:.2}"));
        let title_text = format!("{} to fetch", bytes(entry.bytes));
        html! {
            <button key={entry.name.clone()} type="button" class={classes!("model-item", on.then_some("model-on"))} aria-pressed={on.to_string()} title={title_text}
                data-testid={format!("model-{}", entry.name)} onclick={move |_| on_choose.emit(chosen.clone())}>
                <span class="model-year" translate="no">{ year }</span><span class="model-name">{ title }<small>{ prose(&entry.summary) }{ apart(entry, entries) }</small></span><span class="model-bits">{ prose(&reached) }</span>
            </button>
        }
    };
    let family = |(name, models): &(&'static str, &'static [Known])| {
        let rows: Vec<Html> = models
            .iter()
            .filter_map(|known| {
                let entry = entries.iter().find(|entry| entry.name == known.name)?;
                Some(item(entry, known.title, known.year))
            })
            .collect();
        if rows.is_empty() {
            return html! {};
        }
        html! { <div class="model-family" role="group" aria-label={*name}><h2>{ prose(name) }</h2>{ for rows }</div> }
    };
    let unknown = entries
        .iter()
        .filter(|entry| !FAMILIES.iter().any(|(_, models)| models.iter().any(|known| known.name == entry.name)));
    html! {
        <div class="models" data-testid="models">
            <p class="model-head"><span>{ "Year" }</span><span>{ "Method" }</span><span title="On held-out text; lower is better.">{ "bits/byte" }</span></p>
            { for FAMILIES.iter().map(family) }
            { for unknown.map(|entry| item(entry, &entry.name, 0)) }
        </div>
    }
}

/// What makes a model's number no match for the others': the one that the page opens with is larger than all of them.
fn apart(entry: &Entry, entries: &[Entry]) -> &'static str {
    let mut others = entries.iter().filter(|other| other.name != entry.name).peekable();
    let larger = others.peek().is_some() && others.all(|other| other.parameters < entry.parameters);
    if entry.name == FIRST && larger {
        "; larger than the others and trained on more text, so its number does not compare"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_that_its_largest_model_stands_apart() {
        let json = include_str!("../../../assets/models/index.json");
        let entries: Vec<Entry> = serde_json::from_str(json).unwrap();
        let said: Vec<&str> =
            entries.iter().filter(|e| !apart(e, &entries).is_empty()).map(|e| e.name.as_str()).collect();
        assert_eq!(said, [FIRST]);
        assert_eq!(apart(&entries[0], &entries[..1]), "", "there is nothing to compare with");
    }
}
