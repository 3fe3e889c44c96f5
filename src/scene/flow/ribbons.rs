//! Ribbons: from a lane to the chosen experts and back. Width is weight.

use crate::{
    scene::{
        ViewState,
        layout::Layout,
        shape::{Dash, Point, Role, Shape, Stroke, point},
        theme,
    },
    trace::{LayerTrace, Trace},
};
use std::ops::Range;

/// Calls `draw` with both ends, weight and whether it was dropped, for every ribbon of a token. A dropped choice has no
/// way back: the expert gave nothing.
pub(super) fn of_token(trace: &Trace, token: usize, layout: &Layout, draw: &mut impl FnMut(Point, Point, f32, bool)) {
    if token < trace.len() {
        let lane = layout.lane(token);
        for (l, layer) in trace.layers.iter().enumerate() {
            of_layer(layer, (l, token, lane), layout, draw);
        }
    }
}

/// What a ribbon's width carries. Where weights are not recorded all are alike, which the key says.
fn asked(layer: &LayerTrace, token: usize, choice: usize) -> f32 {
    layer.asked(token, choice).unwrap_or(1.0 / layer.info.top_k.max(1) as f32)
}

fn of_layer(
    layer: &LayerTrace,
    (l, token, lane): (usize, usize, f32),
    layout: &Layout,
    draw: &mut impl FnMut(Point, Point, f32, bool),
) {
    let (Some(column), Some(&before)) = (layout.columns.get(l), layout.nodes.get(l)) else { return };
    for choice in 0..layer.chosen(token).len() {
        let weight = asked(layer, token, choice);
        let Some(slot) = layout.slot(l, token, choice) else { continue };
        let dropped = layer.is_dropped(token, choice);
        draw(point(before, lane), point(column.x, slot), weight, dropped);
        if !dropped {
            draw(point(column.x + layout.cell, slot), point(layout.node_after(l), lane), weight, false);
        }
    }
}

/// All tokens.
pub(super) fn quiet(trace: &Trace, layout: &Layout, shapes: &mut Vec<Shape>) {
    let role = if layout.bundled() { Role::Stream } else { Role::River };
    all(trace, 0..trace.layers.len(), layout, role, &|_| true, shapes);
}

/// The tokens that chose the selected expert, on their way through the selected layer. Their way through all layers would
/// be most of the picture, and so pick out nothing.
pub(super) fn picked(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let (Some(expert), Some(layer)) = (view.expert, trace.layers.get(view.layer)) else { return };
    let role = Role::Picked(theme::hue(expert, layer.info.experts));
    let layers = view.layer..view.layer + 1;
    all(trace, layers, layout, role, &|token| layer.chosen(token).iter().any(|&id| usize::from(id) == expert), shapes);
}

/// The selected token, to the middle of its experts' cells.
pub(super) fn selected(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    shared(trace, view.token, layout, shapes);
    of_token(trace, view.token, layout, &mut |from, to, weight, dropped| {
        let stroke = Stroke { role: Role::Path, width: layout.loud_ribbon(weight), dash: Dash::of(dropped) };
        shapes.push(Shape::Ribbon { from, to, stroke });
    });
}

/// A token's way through the experts that every token passes through, whose weight is 1. Other tokens take the same way,
/// so that drawing it for them would say nothing.
fn shared(trace: &Trace, token: usize, layout: &Layout, shapes: &mut Vec<Shape>) {
    let Some(row) = layout.shared.filter(|_| token < trace.len()) else { return };
    let (lane, stroke) = (layout.lane(token), Stroke::new(Role::Path, layout.loud_ribbon(1.0)));
    for (l, (column, &before)) in layout.columns.iter().zip(&layout.nodes).enumerate() {
        let (left, right) = (point(column.x, row.middle()), point(column.x + layout.cell, row.middle()));
        shapes.push(Shape::Ribbon { from: point(before, lane), to: left, stroke });
        shapes.push(Shape::Ribbon { from: right, to: point(layout.node_after(l), lane), stroke });
    }
}

fn all(
    trace: &Trace,
    layers: Range<usize>,
    layout: &Layout,
    role: Role,
    wanted: &dyn Fn(usize) -> bool,
    shapes: &mut Vec<Shape>,
) {
    if layout.bundled() {
        for (l, layer) in trace.layers.iter().enumerate().filter(|(l, _)| layers.contains(l)) {
            rivers(layer, l, layout, role, wanted, shapes);
        }
        return;
    }
    for token in (0..trace.len()).filter(|&token| wanted(token)) {
        let lane = layout.lane(token);
        for (l, layer) in trace.layers.iter().enumerate().filter(|(l, _)| layers.contains(l)) {
            of_layer(layer, (l, token, lane), layout, &mut |from, to, weight, dropped| {
                let stroke = Stroke { role, width: layout.ribbon(weight), dash: Dash::of(dropped) };
                shapes.push(Shape::Ribbon { from, to, stroke });
            });
        }
    }
}

/// What a bundle sends to a bank of experts.
#[derive(Clone, Copy, Default)]
struct River {
    /// Sum of weights.
    sent: f32,
    /// Sum of weights that were not dropped.
    returned: f32,
    /// Sum of weight times place.
    moment: f32,
    /// Sum of places, for when all weights are 0.
    places: f32,
    count: f32,
}

fn rivers(
    layer: &LayerTrace,
    l: usize,
    layout: &Layout,
    role: Role,
    wanted: &dyn Fn(usize) -> bool,
    shapes: &mut Vec<Shape>,
) {
    let (Some(column), Some(&before)) = (layout.columns.get(l), layout.nodes.get(l)) else { return };
    let banks = column.rows.len().div_ceil(layout.bank);
    let mut rivers = vec![River::default(); layout.bundles * banks];
    for token in (0..layer.experts.rows()).filter(|&token| wanted(token)) {
        for (choice, &id) in layer.chosen(token).iter().enumerate() {
            let at = layout.bundle_of(token) * banks + usize::from(id) / layout.bank;
            let (Some(river), Some(slot)) = (rivers.get_mut(at), layout.slot(l, token, choice)) else { continue };
            let weight = asked(layer, token, choice).max(0.0);
            river.sent += weight;
            river.returned += if layer.is_dropped(token, choice) { 0.0 } else { weight };
            river.moment += weight * slot;
            river.places += slot;
            river.count += 1.0;
        }
    }
    for (at, river) in rivers.iter().enumerate().filter(|(_, river)| river.count > 0.0) {
        let lane = layout.river(at / banks);
        let slot = if river.sent > 0.0 { river.moment / river.sent } else { river.places / river.count };
        let stroke = |weight| Stroke::new(role, layout.ribbon(weight));
        shapes.push(Shape::Ribbon { from: point(before, lane), to: point(column.x, slot), stroke: stroke(river.sent) });
        if river.returned > 0.0 {
            let (from, to) = (point(column.x + layout.cell, slot), point(layout.node_after(l), lane));
            shapes.push(Shape::Ribbon { from, to, stroke: stroke(river.returned) });
        }
    }
}
