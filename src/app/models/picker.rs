//! The list of models: by family and year, with what each reached, and the one in use marked.

use super::{Entry, FIRST, Model, catalog};
use crate::app::action::Action;
use crate::app::context::use_dispatch;
use crate::app::format::bytes;
use crate::app::shared::Shared;
use crate::app::translate::prose;
use crate::methods::{self, Family};
use yew::prelude::*;

/// What [`ModelList`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ModelListProps {
    /// The models that exist; `None` while the list is on its way.
    pub entries: Option<Shared<Vec<Entry>>>,
    /// The one that is wanted.
    pub model: Model,
}

/// The list.
#[component]
pub fn ModelList(props: &ModelListProps) -> Html {
    let dispatch = use_dispatch();
    let Some(entries) = &props.entries else {
        return html! { <p class="menu-text soft" data-testid="models-absent">{ "The list of models is not here (yet)." }</p> };
    };
    let item = |entry: &Entry| {
        let title = catalog::title(&entry.name);
        let model = super::named(&entry.name);
        let on = model == props.model;
        let choose = dispatch.reform(move |_: MouseEvent| Action::Choose(model.clone()));
        let year = catalog::year(&entry.name).map(|year| year.to_string());
        let reached = entry.bits_per_byte.map_or_else(|| "not measured".to_owned(), |bits| format!("{bits:.2}"));
        let title_text = format!("{} to fetch", bytes(entry.bytes));
        html! {
            <button key={entry.name.clone()} type="button" class={classes!("model-item", on.then_some("model-on"))}
                aria-pressed={on.to_string()} title={title_text} data-testid={format!("model-{}", entry.name)} onclick={choose}>
                <span class="model-year" translate="no">{ year }</span>
                <span class="model-name">{ prose(title) }<small>{ prose(&entry.summary) }{ apart(entry, entries) }</small></span>
                <span class="model-bits">{ prose(&reached) }</span>
            </button>
        }
    };
    let family = |family: Family| {
        let rows: Vec<Html> = catalog::names(family)
            .filter_map(|name| entries.iter().find(|entry| entry.name == name))
            .map(item)
            .collect();
        if rows.is_empty() {
            return html! {};
        }
        html! { <div class="model-family" role="group" aria-label={family.title()}><h2>{ prose(family.title()) }</h2>{ for rows }</div> }
    };
    let unknown = entries.iter().filter(|entry| methods::named(&entry.name).is_none());
    html! {
        <div class="models" data-testid="models">
            <p class="model-head"><span>{ "Year" }</span><span>{ "Method" }</span>
                <span title="On held-out text; lower is better.">{ "bits/byte" }</span></p>
            { for Family::ALL.into_iter().map(family) }
            { for unknown.map(item) }
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
