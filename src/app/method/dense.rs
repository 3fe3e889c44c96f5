//! A dense model has no gate to draw. What can be drawn is what it stands for: a block that uses all it holds, beside a
//! sparse one that holds more than it uses, both by their real shapes.

use super::painted::{Painted, TableTwin};
use crate::app::action::Action;
use crate::app::compare::figure;
use crate::app::comparison::With;
use crate::app::context::use_dispatch;
use crate::app::model_folder::{Files, files};
use crate::app::models::catalog::title;
use crate::app::settings::Screen;
use crate::app::shared::Shared;
use crate::app::translate::prose;
use crate::messages::method as words;
use crate::scene::block::{DrawnBlock, Scale, block, least_height};
use crate::scene::method::Table;
use crate::scene::shape::Size;
use crate::scene::theme::Theme;
use crate::trace::Trace;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The sparse model of the common size whose tokens use what `dense-active` holds and which holds what `dense-total` does.
const SPARSE: &str = "shazeer";
const HEIGHT: f32 = 390.0;
const LEAST: f32 = 270.0;
const GAP: f32 = 28.0;

/// What [`DenseBlock`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DenseProps {
    /// The dense model's trace.
    pub trace: Shared<Trace>,
    /// The selected layer and token.
    pub at: (usize, usize),
    /// Room for both.
    pub width: f32,
    /// Light or dark.
    pub theme: Theme,
}

/// Both blocks.
#[component]
pub fn DenseBlock(props: &DenseProps) -> Html {
    let (found, dispatch) = (use_state(|| None::<Result<[Files; 2], String>>), use_dispatch());
    let name = props.trace.model.name.clone();
    {
        let found = found.setter();
        use_effect_with(name.clone(), move |name| {
            let name = name.clone();
            spawn_local(async move {
                let both = async { Ok([files(&name).await?, files(SPARSE).await?]) };
                found.set(Some(both.await));
            });
        });
    }
    let pictures = match &*found {
        None => html! { <p class="soft">{ words::dense_fetching() }</p> },
        Some(Err(why)) => {
            html! { <p class="soft" data-testid="dense-fault">{ format!("{} {why}", words::dense_fault()) }</p> }
        }
        Some(Ok(both)) => drawn(props, &name, both),
    };
    let with = With::read(&format!("{name},{SPARSE}"));
    let compare = move |_: MouseEvent| {
        dispatch.emit(Action::With(with.clone()));
        dispatch.emit(Action::Go(Screen::Compare));
    };
    html! {
        <>
            <p data-testid="method-none">{ words::dense_none() }</p>
            { pictures }
            <p class="soft small">{ prose(&words::dense_filled(title(SPARSE))) }{ " " }
                <button type="button" class="link" data-testid="dense-compare" onclick={compare}>
                    { words::dense_compare() }</button></p>
        </>
    }
}

fn drawn(props: &DenseProps, name: &str, [own, sparse]: &[Files; 2]) -> Html {
    let trace = Some(&*props.trace);
    let blocks = [
        DrawnBlock { name, parts: own.parts, cost: own.card.cost.as_ref(), trace },
        DrawnBlock { name: SPARSE, parts: sparse.parts, cost: sparse.card.cost.as_ref(), trace: None },
    ];
    let beside = props.width >= 2.0 * LEAST + GAP;
    let width = if beside { ((props.width - GAP) / 2.0).min(420.0) } else { props.width.min(420.0) };
    let size = Size { width, height: HEIGHT };
    let scale = Scale::of(&blocks, size);
    let panel = |one: &DrawnBlock<'_>| {
        let height = if beside { size.height } else { least_height(one, &scale) };
        let scene = block(one, props.at, &scale, Size { width, height });
        html! {
            <figure class="block" key={one.name.to_owned()} data-testid={format!("dense-{}", one.name)}>
                <figcaption><b>{ title(one.name) }</b></figcaption><Painted {scene} theme={props.theme} /></figure>
        }
    };
    let table = figure::table(&blocks);
    let mut head = table.heads;
    head.iter_mut().skip(1).for_each(|name| *name = title(name).to_owned());
    let rows = table.rows.into_iter().map(|(_, cells)| cells.into_iter().map(|(words, _)| words).collect()).collect();
    html! { <><div class="blocks">{ for blocks.iter().map(panel) }</div><TableTwin table={Table { head, rows }} /></> }
}
