//! Experts as cells that fill with their share of the choices; a dashed tick marks the even share.

use super::marks;
use crate::{
    messages::scene,
    scene::{
        ViewState,
        layout::Layout,
        rows::Row,
        shape::{Anchor, Dash, Font, Role, SMALLEST, Shape, Size, Stroke, point},
        theme, words,
    },
    trace::{Choice, Trace},
};

/// From this width on, a cell has room for larger names.
const ROOMY: f32 = 72.0;
/// Narrowest cell that holds a name.
const LEAST_NAMED: f32 = 22.0;

/// Cells without their labels.
pub(super) fn cells(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    for (l, column) in layout.columns.iter().enumerate() {
        let shares = layout.metrics.get(l).map(|m| m.share.as_slice()).unwrap_or_default();
        let chosen = trace.layers.get(l).map(|layer| layer.chosen(view.token)).unwrap_or_default();
        for (e, row) in column.rows.iter().enumerate() {
            let loud = chosen.iter().any(|&id| usize::from(id) == e);
            let picked = view.layer == l && view.expert == Some(e);
            let share = shares.get(e).copied().unwrap_or_default() / layout.full;
            let hue = theme::hue(e, column.rows.len());
            let fill = if loud || picked { Role::ShareLoud(hue) } else { Role::Share(hue) };
            cell(layout, column.x, row, (share as f32, fill), outline(loud, row), shapes);
            if picked {
                shapes.push(around(layout, column.x, row));
            }
        }
        tick(layout, column.x, &column.rows, shapes);
    }
}

/// The cell of the experts that no token can avoid: always full, of no expert's hue, and the selected token's too.
pub(super) fn shared(layout: &Layout, shapes: &mut Vec<Shape>) {
    let Some(row) = &layout.shared else { return };
    for column in &layout.columns {
        let stroke = Some(Stroke::new(Role::Selected, 1.0));
        cell(layout, column.x, row, (1.0, Role::Stream), stroke, shapes);
    }
}

fn outline(loud: bool, row: &Row) -> Option<Stroke> {
    match loud {
        true => Some(Stroke::new(Role::Selected, if row.named { 2.0 } else { 1.0 })),
        false if row.named => Some(Stroke::new(Role::Rule, 1.0)),
        false => None,
    }
}

/// The expert that is picked out: a broken frame around its cell, so that it does not look like one on the selected way.
fn around(layout: &Layout, x: f32, row: &Row) -> Shape {
    let rim = 2.5;
    Shape::Rect {
        at: point(x - rim, row.y - rim),
        size: Size { width: layout.cell + 2.0 * rim, height: row.height + 2.0 * rim },
        radius: (row.height / 6.0).min(6.0) + rim,
        fill: None,
        stroke: Some(Stroke { role: Role::Ink, width: 1.5, dash: Dash::Long }),
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

/// The even share: a tick in every cell that has a name, broken where the name is, or one line where rows are thin.
fn tick(layout: &Layout, x: f32, rows: &[Row], shapes: &mut Vec<Shape>) {
    let even = layout.cell * (1.0 / rows.len().max(1) as f64 / layout.full) as f32;
    let mut line = |top: f32, bottom: f32| {
        if bottom - top >= 2.0 {
            let stroke = Stroke::dashed(Role::Soft, 1.0);
            shapes.push(Shape::Line { from: point(x + even, top), to: point(x + even, bottom), stroke });
        }
    };
    if !rows.iter().all(|row| row.named) {
        let mut top = layout.top;
        for row in rows.iter().filter(|row| row.named) {
            line(top, row.y);
            top = row.y + row.height;
        }
        line(top, layout.bottom);
        return;
    }
    for row in rows {
        let name = if layout.cell >= ROOMY { 8.0 } else { 16.0 };
        line(row.y + 2.0, row.middle() - name);
        line(row.middle() + name, row.y + row.height - 2.0);
    }
}

/// Size of the names of experts, and how far from their cells' left edge they begin.
fn lettering(layout: &Layout) -> (f32, f32) {
    match layout.cell {
        cell if cell >= ROOMY => (12.0, 8.0),
        cell if cell >= 44.0 => (SMALLEST, 4.0),
        _ => (SMALLEST, 2.5),
    }
}

/// What the experts with names are called, each with its layer and number. Where layers stand side by side, a name says its
/// layer, or where that has no room, there is none: `E1` in two columns would be two networks of one name.
pub(super) fn names<'a>(trace: &'a Trace, layout: &'a Layout) -> impl Iterator<Item = (usize, usize, String)> + 'a {
    let (size, inset) = lettering(layout);
    let room = layout.cell - inset - TagLook::of(layout).inside;
    let longest = words::expert_in(layout.columns.len().saturating_sub(1), trace.model.experts.saturating_sub(1));
    let layered = marks::width(&longest, size) <= room;
    let any = layout.cell >= LEAST_NAMED && (layered || layout.columns.len() == 1);
    let rows = layout.columns.iter().enumerate().filter(move |_| any);
    let rows = rows.flat_map(|(l, column)| column.rows.iter().enumerate().map(move |(e, row)| (l, e, row)));
    let name = move |l, e| if layered { words::choice_in(trace, l, e) } else { words::choice(trace, e) };
    rows.filter(|(.., row)| row.named).map(move |(l, e, _)| (l, e, name(l, e)))
}

/// Names of experts, in their cells.
pub(super) fn labels(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let (size, inset) = lettering(layout);
    for (l, e, text) in names(trace, layout) {
        let Some((column, row)) = layout.columns.get(l).and_then(|column| Some((column, column.rows.get(e)?))) else {
            continue;
        };
        let chosen = trace.layers.get(l).is_some_and(|layer| layer.chosen(view.token).contains(&(e as u16)));
        shapes.push(Shape::Text {
            at: point(column.x + inset, row.middle() + size * 0.35),
            anchor: Anchor::Start,
            font: Font { size, bold: chosen, serif: false },
            role: Role::Ink,
            halo: false,
            text,
        });
    }
}

/// What the cell of the shared experts is called.
pub(super) fn shared_labels(trace: &Trace, layout: &Layout, shapes: &mut Vec<Shape>) {
    let Some(row) = layout.shared.filter(|_| layout.cell >= LEAST_NAMED) else { return };
    let text = match trace.model.constants.shared {
        1 if layout.cell >= ROOMY => scene::shared_every_token().to_owned(),
        1 => scene::shared().to_owned(),
        many => scene::shared_many(many),
    };
    for column in &layout.columns {
        shapes.push(Shape::Text {
            at: point(column.x + layout.cell / 2.0, row.middle() + 3.5),
            anchor: Anchor::Middle,
            font: Font { size: SMALLEST, bold: false, serif: false },
            role: Role::Ink,
            halo: false,
            text: text.clone(),
        });
    }
}

/// The selected token's weights, each as a tag on its ribbon where that leaves the cell: inside the cell it would read as
/// the value of the fill. A tag that would lie on the token's sum stands above or below it, off the other tags.
pub(super) fn tags(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let look = TagLook::of(layout);
    let (lane, radius) = marks::node(view, layout);
    for (l, (column, layer)) in layout.columns.iter().zip(&trace.layers).enumerate().filter(|_| layout.cell >= 30.0) {
        let left = column.x + layout.cell - look.inside;
        let tags = layer.choices(view.token).enumerate().filter_map(|(choice, Choice { expert, weight, .. })| {
            let row = column.rows.get(expert).filter(|row| row.named)?;
            Some(look.tag(row, layout.slot(l, view.token, choice)?, weight?))
        });
        let apart = |tag: &Tag| tag.size.height / 2.0 + radius + 1.0;
        let on_sum =
            |tag: &Tag| left + tag.size.width > layout.node_after(l) - radius && (tag.middle - lane).abs() < apart(tag);
        let (near, mut tags): (Vec<Tag>, Vec<Tag>) = tags.partition(on_sum);
        for mut tag in near {
            let side = 1.0_f32.copysign(tag.middle - lane);
            let places = (0..16).flat_map(|n| [side, -side].map(|side| lane + side * (apart(&tag) + 2.0 * n as f32)));
            let free = |y: &f32| {
                tags.iter().all(|other| (other.middle - y).abs() > (other.size.height + tag.size.height) / 2.0)
            };
            tag.middle = places.into_iter().find(free).unwrap_or(tag.middle);
            tags.push(tag);
        }
        tags.into_iter().for_each(|tag| tag.draw(left, look.size, shapes));
    }
}

/// How the tags of a picture look: all of its gaps between cell and node are alike.
struct TagLook {
    /// Size of the number.
    size: f32,
    /// Height of the tag.
    height: f32,
    /// How much of it lies in the cell.
    inside: f32,
    /// Whether the zero before the point is left out.
    short: bool,
}

impl TagLook {
    fn of(layout: &Layout) -> Self {
        let edge = layout.columns.first().map_or(0.0, |column| column.x) + layout.cell;
        match layout.node_after(0) - edge >= 40.0 {
            true => Self { size: 11.0, height: 16.0, inside: 0.0, short: false },
            false => Self { size: SMALLEST, height: 14.0, inside: 7.0, short: true },
        }
    }

    /// The tag of a weight that leaves a row at a height, as near to that as the row lets it be.
    fn tag(&self, row: &Row, slot: f32, weight: f32) -> Tag {
        let number = format!("{weight:.2}");
        let number = number.strip_prefix('0').filter(|_| self.short).unwrap_or(&number);
        let height = f32::min(self.height, row.height);
        let room = (row.height - height) / 2.0;
        Tag {
            middle: row.middle() + (slot - row.middle()).clamp(-room, room),
            size: Size { width: self.size * 0.6 * number.len() as f32 + 6.0, height },
            number: number.to_owned(),
        }
    }
}

/// A weight on its plate.
struct Tag {
    /// The height of its middle.
    middle: f32,
    size: Size,
    number: String,
}

impl Tag {
    /// Draws it, from `left` on, with letters of that size.
    fn draw(self, left: f32, letters: f32, shapes: &mut Vec<Shape>) {
        let Self { middle, size, number } = self;
        shapes.push(Shape::Rect {
            at: point(left, middle - size.height / 2.0),
            size,
            radius: 3.0,
            fill: Some(Role::Selected),
            stroke: None,
        });
        shapes.push(Shape::Text {
            at: point(left + size.width / 2.0, middle + letters * 0.36),
            anchor: Anchor::Middle,
            font: Font { size: letters, bold: true, serif: false },
            role: Role::Paper,
            halo: false,
            text: number,
        });
    }
}
