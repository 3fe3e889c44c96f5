//! Experts as cells that fill with their share of the choices; a dashed tick marks the even share.

use crate::{
    scene::{
        ViewState,
        layout::Layout,
        rows::Row,
        shape::{Anchor, Font, Role, Shape, Size, Stroke, point},
        theme, words,
    },
    trace::Trace,
};

/// Cells without their labels.
pub(super) fn cells(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    for (l, column) in layout.columns.iter().enumerate() {
        let shares = layout.metrics.get(l).map(|m| m.share.as_slice()).unwrap_or_default();
        let chosen = trace.layers.get(l).map(|layer| layer.experts.row(view.token)).unwrap_or_default();
        for (e, row) in column.rows.iter().enumerate() {
            let loud = chosen.iter().any(|&id| usize::from(id) == e);
            let picked = view.layer == l && view.expert == Some(e);
            let share = shares.get(e).copied().unwrap_or_default() / layout.full;
            let hue = theme::hue(e, column.rows.len());
            let fill = if loud || picked { Role::ShareLoud(hue) } else { Role::Share(hue) };
            cell(layout, column.x, row, (share as f32, fill), outline(loud, picked, row), shapes);
        }
        tick(layout, column.x, &column.rows, shapes);
    }
}

fn outline(loud: bool, picked: bool, row: &Row) -> Option<Stroke> {
    match (loud, picked) {
        (_, true) => Some(Stroke::new(Role::Ink, 2.0)),
        (true, _) => Some(Stroke::new(Role::Accent, if row.named { 2.0 } else { 1.0 })),
        _ if row.named => Some(Stroke::new(Role::Rule, 1.0)),
        _ => None,
    }
}

fn cell(
    layout: &Layout,
    x: f32,
    row: &Row,
    (share, fill): (f32, Role),
    stroke: Option<Stroke>,
    shapes: &mut Vec<Shape>,
) {
    let radius = (row.height / 6.0).min(6.0);
    let rect = |width, fill, stroke| Shape::Rect {
        at: point(x, row.y),
        size: Size { width, height: row.height },
        radius,
        fill,
        stroke,
    };
    shapes.push(rect(layout.cell, Some(Role::Cell), None));
    if share > 0.0 {
        let width = (layout.cell * share.min(1.0)).max(2.0);
        shapes.push(rect(width, Some(fill), None));
    }
    if stroke.is_some() {
        shapes.push(rect(layout.cell, None, stroke));
    }
}

/// The even share: one tick through every cell that has a name, or one line where rows are thin.
fn tick(layout: &Layout, x: f32, rows: &[Row], shapes: &mut Vec<Shape>) {
    let even = layout.cell * (1.0 / rows.len().max(1) as f64 / layout.full) as f32;
    let line = |top: f32, bottom: f32| Shape::Line {
        from: point(x + even, top),
        to: point(x + even, bottom),
        stroke: Stroke::dashed(Role::Soft, 1.0),
    };
    if rows.iter().all(|row| row.named) {
        shapes.extend(rows.iter().map(|row| line(row.y + 3.0, row.y + row.height - 3.0)));
    } else {
        shapes.push(line(layout.top, layout.bottom));
    }
}

/// Names of experts, and the selected token's weights.
pub(super) fn labels(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let roomy = layout.cell >= 72.0;
    let (size, inset) = if roomy { (12.0, 8.0) } else { (10.0, if layout.cell < 44.0 { 3.0 } else { 4.0 }) };
    for (l, column) in layout.columns.iter().enumerate() {
        let layer = trace.layers.get(l);
        let chosen = layer.map(|layer| layer.experts.row(view.token)).unwrap_or_default();
        let weights = layer.map(|layer| layer.weights.row(view.token)).unwrap_or_default();
        for (e, row) in column.rows.iter().enumerate().filter(|(_, row)| row.named) {
            let choice = chosen.iter().position(|&id| usize::from(id) == e);
            let text = |x, anchor, text| Shape::Text {
                at: point(x, row.middle() + size * 0.35),
                anchor,
                font: Font { size, bold: choice.is_some(), serif: false },
                role: Role::Ink,
                halo: false,
                text,
            };
            if layout.cell >= 26.0 {
                shapes.push(text(column.x + inset, Anchor::Start, words::expert(e)));
            }
            let weight = choice.and_then(|choice| weights.get(choice)).filter(|_| layout.cell >= 46.0);
            if let Some(weight) = weight {
                shapes.push(text(column.x + layout.cell - inset, Anchor::End, format!("{weight:.2}")));
            }
        }
    }
}
