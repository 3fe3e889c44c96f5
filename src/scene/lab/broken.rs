//! Upright lines that leave out the words they would strike through.

use crate::order;
use crate::scene::shape::{Anchor, Shape, Stroke, point};

/// Room left around a word.
const MARGIN: f32 = 3.0;

/// Adds a line at `x`, from top to bottom, with gaps where `shapes` have words already.
pub(super) fn line(x: f32, (top, bottom): (f32, f32), stroke: Stroke, shapes: &mut Vec<Shape>) {
    let mut gaps: Vec<(f32, f32)> = shapes.iter().filter_map(|shape| gap(shape, x)).collect();
    order::sort(&mut gaps, |a, b| a.0.total_cmp(&b.0));
    let mut from = top;
    for (above, below) in gaps.into_iter().chain([(bottom, bottom)]) {
        let to = above.min(bottom);
        if to > from {
            shapes.push(Shape::Line { from: point(x, from), to: point(x, to), stroke });
        }
        from = from.max(below);
    }
}

/// The height of a text that lies at `x`.
fn gap(shape: &Shape, x: f32) -> Option<(f32, f32)> {
    let Shape::Text { at, anchor, font, text, .. } = shape else { return None };
    let width = text.chars().count() as f32 * font.size * if font.bold { 0.6 } else { 0.55 };
    let left = match anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - width / 2.0,
        Anchor::End => at.x - width,
    };
    let across = (left - MARGIN..=left + width + MARGIN).contains(&x) && !text.is_empty();
    across.then_some((at.y - 0.8 * font.size - MARGIN, at.y + 0.25 * font.size + MARGIN))
}
