//! Cards and shapes of the chosen models, fetched once each.

use crate::app::compare::With;
use crate::app::download::fetch_text;
use crate::app::wiring;
use crate::card::{Card, Parts, Shape};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What a model's folder says.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// Its card.
    pub card: Card,
    /// The parts of a block.
    pub parts: Parts,
}

type All = BTreeMap<String, Result<Files, String>>;

/// Takes in what was fetched.
#[derive(Default, PartialEq)]
struct Shelf(Rc<All>);

impl Reducible for Shelf {
    type Action = (String, Result<Files, String>);

    fn reduce(self: Rc<Self>, (name, files): Self::Action) -> Rc<Self> {
        let mut all = (*self.0).clone();
        all.insert(name, files);
        Rc::new(Self(Rc::new(all)))
    }
}

/// The files of these models, as far as they are here, or why they are not.
#[hook]
pub fn use_files(with: &With) -> Rc<All> {
    let shelf = use_reducer(Shelf::default);
    {
        let (dispatch, all) = (shelf.dispatcher(), shelf.0.clone());
        use_effect_with(with.clone(), move |with| {
            for name in with.names().iter().filter(|name| !matches!(all.get(*name), Some(Ok(_)))) {
                let (dispatch, name) = (dispatch.clone(), name.clone());
                spawn_local(async move {
                    let files = fetch(&name).await;
                    dispatch.dispatch((name, files));
                });
            }
        });
    }
    shelf.0.clone()
}

async fn fetch(name: &str) -> Result<Files, String> {
    let folder = wiring::sibling(name);
    let card = Card::read(&fetch_text(&format!("{folder}card.json")).await?);
    let shape = Shape::read(&fetch_text(&format!("{folder}config.json")).await?)?;
    let held = card.parameters.ok_or("its card does not say how many parameters it holds")?;
    Ok(Files { parts: shape.parts(held), card })
}
