//! The list of models: by family and year, with what each reached, and the one in use marked.

use super::{Entry, FIRST, Model, catalog};
use crate::app::action::Action;
use crate::app::context::use_dispatch;
use crate::app::format::bytes;
use crate::app::shared::Shared;
use crate::app::translate::prose;
use crate::messages::explore;
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
        return html! { <p class="menu-text soft" data-testid="models-absent">{ explore::models_absent() }</p> };
    };
    let item = |entry: &Entry| {
        let title = catalog::title(&entry.name);
        let model = super::named(&entry.name);
        let on = model == props.model;
        let choose = dispatch.reform(move |_: MouseEvent| Action::Choose(model.clone()));
        let year = catalog::year(&entry.name).map(|year| year.to_string());
        let reached =
            entry.bits_per_byte.map_or_else(|| explore::models_not_measured().to_owned(), |bits| format!("{bits:.2}"));
        let title_text = explore::models_to_fetch(bytes(entry.bytes));
        html! {
            <button key={entry.name.clone()} type="button" class={classes!("model-item", on.then_some("model-on"))}
                aria-pressed={on.to_string()} title={title_text} data-testid={format!("model-{}", entry.name)} onclick={choose}>
                <span class="model-year" translate="no">{ year }</span>
                <span class="model-name">{ prose(title) }<small>{ prose(&entry.summary) }</small>
                    if stands_apart(entry, entries) { <small>{ explore::models_larger() }</small> }</span>
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
            <p class="model-head"><span>{ explore::models_year() }</span><span>{ explore::models_method() }</span>
                <span title={explore::models_bits_what()}>{ explore::models_bits() }</span></p>
            { for Family::ALL.into_iter().map(family) }
            { for unknown.map(item) }
        </div>
    }
}

/// Whether a model's number is no match for the others': the one that the page opens with is larger than all of them.
fn stands_apart(entry: &Entry, entries: &[Entry]) -> bool {
    let mut others = entries.iter().filter(|other| other.name != entry.name).peekable();
    let larger = others.peek().is_some() && others.all(|other| other.parameters < entry.parameters);
    entry.name == FIRST && larger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_that_its_largest_model_stands_apart() {
        let json = include_str!("../../../assets/models/index.json");
        let entries: Vec<Entry> = serde_json::from_str(json).unwrap();
        let said: Vec<&str> = entries.iter().filter(|e| stands_apart(e, &entries)).map(|e| e.name.as_str()).collect();
        assert_eq!(said, [FIRST]);
        assert!(!stands_apart(&entries[0], &entries[..1]), "there is nothing to compare with");
    }
}
