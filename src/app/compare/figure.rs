//! The figure that explains the field: one block of each model, drawn to scale, with the same tokens flowing through.

use super::Look;
use super::results::{made, sheet};
use crate::app::action::Action;
use crate::app::model_folder::Files;
use crate::app::models::catalog::title;
use crate::app::scene_view::drawn;
use crate::app::translate::prose;
use crate::card::Cost;
use crate::format::amount;
use crate::messages::compare as words;
use crate::results::shown::ReportTable;
use crate::scene::block::{DrawnBlock, Scale, block, least_height};
use crate::scene::shape::Size;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

const HEIGHT: f32 = 480.0;
/// Narrowest picture of a block.
const LEAST: f32 = 296.0;
const GAP: f32 = 36.0;

/// The figure.
pub(super) fn section(look: &Look<'_>, files: &BTreeMap<String, Result<Rc<Files>, String>>) -> Html {
    let width = look.width;
    let names = look.with.names();
    let known: Vec<(&String, &Files)> =
        names.iter().filter_map(|name| Some((name, &**files.get(name)?.as_ref().ok()?))).collect();
    let blocks: Vec<DrawnBlock<'_>> = known
        .iter()
        .map(|(name, files)| {
            let routed = look.routed.iter().find(|routed| routed.name == **name);
            let trace = routed.map(|routed| &*routed.trace).filter(|trace| look.layer < trace.layers.len());
            DrawnBlock { name, parts: files.parts, cost: files.card.cost.as_ref(), trace }
        })
        .collect();
    let columns = if width < 2.0 * LEAST + GAP { 1 } else { blocks.len().clamp(1, 3) };
    let columns = if columns == 3 && width < 3.0 * LEAST + 2.0 * GAP { 2 } else { columns };
    let size =
        Size { width: ((width - (columns - 1) as f32 * GAP) / columns as f32).clamp(280.0, 560.0), height: HEIGHT };
    let scale = Scale::of(&blocks, size);
    let panel = |one: &DrawnBlock<'_>| {
        // Below one another, each is as high as it needs; side by side, all are alike.
        let height = if columns == 1 { least_height(one, &scale) } else { size.height };
        let scene = block(one, (look.layer, look.token), &scale, Size { height, ..size });
        html! {
            <figure key={one.name.to_owned()} class="block" data-testid={format!("block-{}", one.name)}>
                <figcaption><b translate="no" title={one.name.to_owned()}>{ title(one.name) }</b>
                    <small>{ prose(&words::figure_layer(look.layer + 1)) }
                    if one.trace.is_none() { { format!(" · {}", words::figure_unrouted()) } }</small></figcaption>
                { drawn(&scene, look.theme) }
            </figure>
        }
    };
    let faults = names.iter().filter_map(|name| files.get(name)?.as_ref().err().map(|why| (name, why)));
    let step = |by: isize, name: &'static str, testid: &'static str| {
        let (dispatch, layer, token) = (look.dispatch.clone(), look.layer, look.token);
        html! {
            <button type="button" class="quiet" data-testid={testid}
                onclick={move |_| dispatch.emit(Action::Place(layer, token.saturating_add_signed(by)))}>{ name }</button>
        }
    };
    html! {
        <section class="part" data-testid="figure" tabindex="-1" aria-label={words::figure()}>
            <div class="part-head"><h2>{ words::figure_head() }</h2>
                { step(-1, words::figure_back(), "figure-back") }{ step(1, words::figure_next(), "figure-next") }</div>
            <p class="part-lead">{ words::figure_lead() }</p>
            <div class="part-body blocks">
                if look.table { { sheet(&table(&blocks), look.with) } }
                else if width > 0.0 { { for blocks.iter().map(panel) } }
            </div>
            { for faults.map(|(name, why)| html! {
                <p class="soft" data-testid={format!("figure-fault-{name}")}>
                    { format!("{} {why}", words::figure_fault(title(name))) }</p>
            }) }
            <p class="part-note">{ prose(&note(&blocks)) }</p>
        </section>
    }
}

/// What is counted, and what of it is not as it is drawn.
fn note(blocks: &[DrawnBlock<'_>]) -> String {
    let cost = blocks.iter().find_map(|block| block.cost);
    let counted = cost.map_or_else(|| words::figure_note_half().to_owned(), |cost| words::figure_note(cost.context));
    match blocks.iter().any(DrawnBlock::costs_as_published) {
        true => format!("{counted} {}", words::figure_note_slots()),
        false => counted,
    }
}

/// A row's name and title, and what it says of a cost.
type Row = (&'static str, fn() -> &'static str, fn(&Cost) -> String);

/// Whether there is nothing to choose from.
fn dense(block: &DrawnBlock<'_>) -> bool {
    block.parts.experts + block.parts.shared == 1
}

/// The same in numbers.
pub fn table(blocks: &[DrawnBlock<'_>]) -> ReportTable {
    let row = |name: &'static str, title: &str, value: &dyn Fn(&DrawnBlock<'_>) -> String| {
        (name, std::iter::once(title.to_owned()).chain(blocks.iter().map(value)).collect::<Vec<String>>())
    };
    let mut rows = vec![
        row("attention", words::block_attention(), &|block| amount(block.parts.attention)),
        row("router", words::block_router(), &|block| match dense(block) {
            true => words::block_no_router().to_owned(),
            false => amount(block.parts.router),
        }),
        row("expert", words::block_expert(), &|block| amount(block.parts.expert)),
        row("experts", words::block_experts(), &|block| match dense(block) {
            true => words::block_one().to_owned(),
            false => format!("{} + {}", block.parts.experts, block.parts.shared),
        }),
    ];
    let costs: [Row; 7] = [
        ("held", words::block_held, |cost| amount(cost.parameters as f64)),
        ("used", words::block_used, |cost| amount(cost.active_parameters)),
        ("flops-attention", words::block_flops_attention, |cost| mega(cost.attention)),
        ("flops-router", words::block_flops_router, |cost| mega(cost.router)),
        ("flops-experts", words::block_flops_experts, |cost| mega(cost.experts)),
        ("flops-output", words::block_flops_output, |cost| mega(cost.output)),
        ("flops", words::block_flops, |cost| mega(cost.flops())),
    ];
    rows.extend(costs.map(|(name, title, value)| {
        row(name, title(), &|block| block.cost.map_or_else(|| words::not_recorded().to_owned(), value))
    }));
    let heads = std::iter::once("").chain(blocks.iter().map(|block| block.name)).map(str::to_owned).collect();
    made("block-row", words::blocks(), heads, rows)
}

fn mega(flops: f64) -> String {
    format!("{:.3}", flops / 1e6)
}
