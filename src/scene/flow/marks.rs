//! Everything around ribbons and cells: lanes, nodes, heads, names and the key.

use crate::{
    messages::scene,
    scene::{
        ViewState,
        layout::Layout,
        method::blended::is_blended,
        shape::{Anchor, Font, Point, Role, SMALLEST, Shape, Size, Stroke, point},
        words,
    },
    trace::Trace,
};

/// Lanes closer than this get no line and no names of their own.
const LEAST_NAME: f32 = 12.0;

/// Wide pictures lower than this have no key.
const LEAST_KEY: f32 = 262.0;

fn text(at: Point, anchor: Anchor, (size, bold): (f32, bool), role: Role, text: String) -> Shape {
    Shape::Text { at, anchor, font: Font { size, bold, serif: false }, role, halo: false, text }
}

/// The selected layer's ground.
pub(super) fn band(view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let (Some(&left), right) = (layout.nodes.get(view.layer), layout.node_after(view.layer)) else { return };
    let lowest = layout.shared.map_or(layout.bottom, |row| row.y + row.height + 4.0);
    if view.layer < layout.columns.len() {
        shapes.push(Shape::Rect {
            at: point(left, 6.0),
            size: Size { width: right - left, height: lowest - 2.0 },
            radius: 8.0,
            fill: Some(Role::Band),
            stroke: Some(Stroke::new(Role::Rule, 1.0)),
        });
    }
}

/// The residual stream: what a token carries past the experts.
pub(super) fn lanes(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let (Some(&first), Some(&last)) = (layout.nodes.first(), layout.nodes.last()) else { return };
    if !layout.bundled() && layout.spacing() >= LEAST_NAME {
        shapes.extend((0..layout.bundles).map(|lane| {
            let y = layout.river(lane);
            Shape::Line { from: point(first, y), to: point(last, y), stroke: Stroke::new(Role::Rule, 1.0) }
        }));
    }
    if view.token < trace.len() {
        let y = layout.lane(view.token);
        let stroke = Stroke::dashed(Role::Selected, 1.2);
        shapes.push(Shape::Line { from: point(first, y), to: point(last, y), stroke });
    }
}

/// Where lanes give to experts and take back: a dot for a token, a bar for a bundle.
pub(super) fn nodes(layout: &Layout, shapes: &mut Vec<Shape>) {
    for &x in &layout.nodes {
        for bundle in 0..layout.bundles {
            let y = layout.river(bundle);
            shapes.push(if layout.bundled() {
                let height = layout.spacing() * 0.72;
                Shape::Rect {
                    at: point(x - 1.25, y - height / 2.0),
                    size: Size { width: 2.5, height },
                    radius: 1.25,
                    fill: Some(Role::Lane),
                    stroke: None,
                }
            } else {
                let radius = (layout.spacing() / 3.0).min(2.0);
                Shape::Circle { at: point(x, y), radius, fill: Role::Lane, stroke: None }
            });
        }
    }
}

/// Height and radius of the selected token's nodes.
pub(super) fn node(view: &ViewState, layout: &Layout) -> (f32, f32) {
    (layout.lane(view.token), if layout.wide { 6.0 } else { 4.5 })
}

/// The selected token's nodes: a ring where it starts, a sum wherever its experts' outputs are added to it.
pub(super) fn selected(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    if view.token >= trace.len() {
        return;
    }
    let (y, radius) = node(view, layout);
    let line = |from, to| Shape::Line { from, to, stroke: Stroke::new(Role::Selected, 1.5) };
    for (n, &x) in layout.nodes.iter().enumerate() {
        let stroke = Some(Stroke::new(Role::Selected, 2.0));
        shapes.push(Shape::Circle { at: point(x, y), radius, fill: Role::Paper, stroke });
        if n > 0 {
            let arm = radius - 2.5;
            shapes.push(line(point(x - arm, y), point(x + arm, y)));
            shapes.push(line(point(x, y - arm), point(x, y + arm)));
        }
    }
}

/// The name of the selected token at the sum behind the selected layer, on a plate of its own above the ribbons, as long
/// as the gap between the cells lets it be. It stands above or below its node, off the `tags`; where neither is free, the
/// node says enough.
pub(super) fn sum(trace: &Trace, view: &ViewState, layout: &Layout, tags: &[Shape], shapes: &mut Vec<Shape>) {
    let (Some(token), Some(column)) = (trace.tokens.get(view.token), layout.columns.get(view.layer)) else { return };
    let (y, radius) = node(view, layout);
    let (x, last) = (layout.node_after(view.layer), view.layer + 1 == layout.columns.len());
    let end = if last { layout.size.width - 2.0 } else { x + (x - column.x - layout.cell) };
    let size = layout.small();
    // A tag may stand at the cell's edge.
    let letters = ((end - column.x - layout.cell - 40.0) / (size * 0.62)) as usize;
    let fits = Some(letters.saturating_sub(2)).filter(|&letters| letters >= 6);
    let text =
        fits.map_or_else(|| "Σ".to_owned(), |letters| format!("Σ {}", words::short(&token.text, letters.min(10))));
    let (width, height) = (size * 0.66 * text.chars().count() as f32 + 8.0, size + 5.0);
    let left = if last { end - width } else { x - width / 2.0 };
    let free = |top: f32| {
        tags.iter().all(|tag| match tag {
            Shape::Rect { at, size, .. } => {
                at.x + size.width < left || left + width < at.x || at.y + size.height < top || top + height < at.y
            }
            _ => true,
        })
    };
    let (above, below) = (y - radius - 4.0 - height, y + radius + 4.0);
    // Off the heads, and off the key.
    let room = |top: f32| y - layout.top >= 20.0 && top == above || top == below && top + height <= layout.bottom + 8.0;
    let Some(top) = [above, below].into_iter().find(|&top| room(top) && free(top)) else { return };
    shapes.push(Shape::Rect {
        at: point(left, top),
        size: Size { width, height },
        radius: 3.0,
        fill: Some(Role::Paper),
        stroke: Some(Stroke::new(Role::Selected, 1.0)),
    });
    let at = point(left + width / 2.0, top + height / 2.0 + size * 0.36);
    shapes.push(self::text(at, Anchor::Middle, (size, true), Role::Selected, text));
}

/// Names of layers and how even they are.
pub(super) fn heads(view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let pitch = layout.node_after(0) - layout.nodes.first().copied().unwrap_or_default();
    let (first, second) = if layout.wide { (26.0, 43.0) } else { (20.0, 34.0) };
    for (l, column) in layout.columns.iter().enumerate() {
        let middle = column.x + layout.cell / 2.0;
        let (name, size) = match pitch {
            pitch if pitch >= 110.0 => (scene::layer(l + 1), 13.0),
            pitch if pitch >= 56.0 => (scene::layer(l + 1), 11.0),
            _ => (format!("L{}", l + 1), 11.0),
        };
        let role = if l == view.layer { Role::Selected } else { Role::Soft };
        shapes.push(text(point(middle, first), Anchor::Middle, (size, true), role, name));
        if let Some(metrics) = layout.metrics.get(l) {
            let value = words::largest(metrics.balance.max_over_mean);
            let named = pitch >= 84.0 && !metrics.is_passed();
            let value = if named { scene::max_over_mean(value) } else { value };
            shapes.push(text(point(middle, second), Anchor::Middle, (layout.small(), false), Role::Soft, value));
        }
    }
}

/// Names of lanes at the left edge, or their numbers where names have no room.
pub(super) fn names(trace: &Trace, view: &ViewState, layout: &Layout, shapes: &mut Vec<Shape>) {
    let Some(x) = layout.nodes.first().map(|x| x - 14.0).filter(|_| layout.wide) else { return };
    let size = if layout.bundled() { 12.0 } else { (layout.spacing() * 0.86).clamp(SMALLEST, 12.5) };
    let mut name = |token: usize, text: String, loud: bool| {
        shapes.push(Shape::Text {
            at: point(x, layout.lane(token) + size * 0.34),
            anchor: Anchor::End,
            font: Font { size, bold: loud, serif: true },
            role: if loud { Role::Selected } else { Role::Soft },
            halo: loud,
            text,
        });
    };
    if !layout.bundled() && layout.spacing() >= LEAST_NAME {
        for (t, token) in trace.tokens.iter().enumerate() {
            name(t, words::short(&token.text, 12), t == view.token);
        }
        return;
    }
    for number in ruler(trace.len(), layout.bottom - layout.top) {
        if (layout.lane(number - 1) - layout.lane(view.token)).abs() > size {
            name(number - 1, crate::format::thousands(number), false);
        }
    }
    if let Some(token) = trace.tokens.get(view.token) {
        name(view.token, words::short(&token.text, 12), true);
    }
}

/// Round numbers of tokens, 40 pixels or more apart, and the first.
fn ruler(tokens: usize, height: f32) -> Vec<usize> {
    let least = 40.0 * tokens as f32 / height.max(1.0);
    let steps = (0..6).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_usize.pow(zeros)));
    let step = steps.into_iter().find(|&step| step as f32 >= least).unwrap_or(tokens.max(1));
    std::iter::once(1)
        .filter(|_| tokens > 0)
        .chain((step..=tokens).step_by(step).filter(|&number| number > 1))
        .collect()
}

/// What widths and fills mean, and names, as far as that can be seen at once; of less use comes later. `second` is the first
/// named expert of the second layer, with its name there.
pub(super) fn key(trace: &Trace, layout: &Layout, second: Option<(usize, String)>, shapes: &mut Vec<Shape>) {
    if layout.wide && layout.size.height < LEAST_KEY {
        return; // Small pictures stand among others that have been explained.
    }
    let size = layout.small();
    let experts = trace.model.experts.max(1) as f64;
    let (full, even) = (words::percent(layout.full), words::percent(1.0 / experts));
    let weighed = trace.layers.iter().all(|layer| layer.weights.is_some());
    let tag = match (layout.wide, weighed) {
        _ if trace.is_counted() => scene::tag_counted(),
        (true, true) => scene::tag_weighed(),
        (false, true) => scene::tag_weighed_short(),
        (true, false) => scene::tag_alike(),
        (false, false) => scene::tag_alike_short(),
    };
    let mut key = match (layout.wide, is_blended(trace)) {
        (true, false) => scene::key_choices(full, even, tag),
        (true, true) => scene::key_weights(full, even, tag),
        (false, false) => scene::key_choices_short(full, tag),
        (false, true) => scene::key_weights_short(full, tag),
    };
    let mut add = |more: &str| {
        let more = format!(" · {more}");
        let fits = width(&key, size) + width(&more, size) <= layout.shown - 16.0;
        if fits {
            key.push_str(&more);
        }
        fits
    };
    let counted = layout.wide && layout.bundled() && add(&scene::bundled(trace.len(), layout.bundles));
    if layout.bundled() && !counted {
        add(&scene::bundles(layout.bundles));
    }
    let several = layout.columns.len() > 1 && experts > 1.0;
    let name = second.filter(|_| several);
    if name.is_none() && several {
        add(scene::from_the_top());
    }
    if !layout.bundled() && layout.wide && !trace.is_empty() {
        add(scene::sum());
    }
    if let Some((e, name)) = name.filter(|_| layout.wide) {
        add(&scene::second_layer(name, words::choice(trace, e)));
    }
    // Of a picture that scrolls, the part that is seen first has it.
    let at = point(layout.shown / 2.0, layout.size.height - if layout.wide { 12.0 } else { 8.0 });
    shapes.push(text(at, Anchor::Middle, (size, false), Role::Soft, key));
}

/// About how wide a text is at most, by the widths of Inter's letters.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let em = |c: char| match c {
        ' ' | '·' | '.' | ',' | ':' | 'i' | 'l' | '’' => 0.3,
        '⊕' | '%' => 0.9,
        c if c.is_ascii_digit() => 0.65,
        _ => 0.58,
    };
    text.chars().map(em).sum::<f32>() * size
}

#[cfg(test)]
mod tests {
    use super::ruler;

    #[test]
    fn rulers_count_in_round_numbers() {
        assert_eq!(ruler(2000, 500.0), [1, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]);
        assert_eq!(ruler(60, 500.0), [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
        assert_eq!((ruler(1, 500.0), ruler(0, 500.0)), (vec![1], vec![]));
        assert_eq!(ruler(9, 0.0), [1]);
    }
}
