//! What the compare screen has fetched and how it is looked at: one store, and one component that owns it, because every
//! further one is code that each visitor downloads.

use crate::app::comparison::{With, is_name};
use crate::app::download::fetch_text;
use crate::app::flow::Clock;
use crate::app::folder::{Files, files};
use crate::app::scene_view::Watch;
use crate::app::urls;
use crate::messages::{compare, files as file_words};
use crate::results::shown::Shown;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Where the results lie, beside the page.
const RESULTS: &str = "assets/results.json";
/// Models that are looked for where there is no list of them.
const KNOWN: [&str; 8] = ["mixtral", "dense-total", "shazeer", "gshard", "switch", "base", "hash-balanced", "deepseek"];

/// The store.
#[derive(Clone, Default)]
pub struct Shelf {
    /// Width of the screen's column, in pixels; 0 until it is known.
    pub width: f32,
    /// The models that can be had.
    pub models: Vec<String>,
    /// The files of the chosen models, or why they cannot be had.
    pub files: BTreeMap<String, Result<Rc<Files>, String>>,
    /// The results, or why they cannot be had.
    pub results: Option<Result<Rc<Shown>, String>>,
    /// Whether curves are of the training loss instead of held-out text.
    pub training: bool,
    /// The step that the curves' readout is of; the last if none was chosen.
    pub step: Option<usize>,
    /// A clock for each picture: each moves its own on with every frame.
    pub clocks: [Clock; 3],
}

/// What happens to it.
pub enum Put {
    /// The width changed.
    Width(f32),
    /// The list of models is here.
    Models(Vec<String>),
    /// A model's files are here, or not to be had.
    Files(String, Result<Rc<Files>, String>),
    /// The results are here, or not to be had.
    Results(Result<Rc<Shown>, String>),
    /// The other curves are wanted.
    Training(bool),
    /// Another step is wanted.
    Step(usize),
}

impl Reducible for Shelf {
    type Action = Put;

    fn reduce(self: Rc<Self>, put: Put) -> Rc<Self> {
        let mut next = (*self).clone();
        match put {
            Put::Width(width) => next.width = width,
            Put::Models(models) => next.models = models,
            Put::Files(name, files) => drop(next.files.insert(name, files)),
            Put::Results(results) => next.results = Some(results),
            Put::Training(training) => next.training = training,
            Put::Step(step) => next.step = Some(step),
        }
        Rc::new(next)
    }
}

/// The store, and the element whose width it knows.
#[hook]
pub fn use_shelf(with: &With) -> (UseReducerHandle<Shelf>, NodeRef) {
    let shelf = use_reducer(Shelf::default);
    let node = use_node_ref();
    let known: Vec<String> =
        shelf.files.iter().filter(|(_, files)| files.is_ok()).map(|(name, _)| name.clone()).collect();
    {
        let (dispatch, node) = (shelf.dispatcher(), node.clone());
        use_effect_with(with.clone(), move |with| {
            for name in with.names().iter().filter(|name| !known.contains(name)).cloned() {
                let dispatch = dispatch.clone();
                spawn_local(async move {
                    let files = offered(&name).await.map(Rc::new);
                    dispatch.dispatch(Put::Files(name, files));
                });
            }
            if known.is_empty() {
                let dispatch = dispatch.clone();
                spawn_local(async move {
                    dispatch.dispatch(Put::Results(results().await.map(Rc::new)));
                    dispatch.dispatch(Put::Models(models().await));
                });
            }
            // Kept for as long as the models are: then another one watches.
            let watch = Watch::new(&node, move |width| dispatch.dispatch(Put::Width(width)));
            move || drop(watch)
        });
    }
    (shelf, node)
}

async fn results() -> Result<Shown, String> {
    let json = fetch_text(RESULTS).await.map_err(|fault| fault.to_string())?;
    serde_json::from_str(&json).map_err(|error| file_words::misread(RESULTS, error))
}

/// What a model's folder says, if the list has it: an address may name anything.
async fn offered(name: &str) -> Result<Files, String> {
    match index().await {
        Some(names) if !names.iter().any(|known| known == name) => Err(compare::not_listed(name)),
        _ => files(name).await,
    }
}

/// The list of models.
async fn index() -> Option<Vec<String>> {
    fetch_text(&format!("{}index.json", urls::sibling("."))).await.ok().as_deref().and_then(listed)
}

/// Those in the list, or where there is none, those that answer.
async fn models() -> Vec<String> {
    if let Some(names) = index().await {
        return names;
    }
    let mut names = Vec::new();
    for name in KNOWN {
        if fetch_text(&format!("{}card.json", urls::sibling(name))).await.is_ok() {
            names.push(name.to_owned());
        }
    }
    names
}

/// The names in `index.json`: its entries, or what they name.
fn listed(json: &str) -> Option<Vec<String>> {
    let entries: Vec<serde_json::Value> = serde_json::from_str(json).ok()?;
    let name = |entry: &serde_json::Value| entry.as_str().or_else(|| entry.get("name")?.as_str()).map(str::to_owned);
    Some(entries.iter().filter_map(name).filter(|name| is_name(name)).collect())
        .filter(|names: &Vec<_>| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_may_hold_names_or_entries() {
        assert_eq!(listed(r#"["a", {"name": "b", "bytes": 1}, 3, "../c"]"#).unwrap(), ["a", "b"]);
        assert_eq!((listed("{}"), listed("no"), listed("[]")), (None, None, None));
    }
}
