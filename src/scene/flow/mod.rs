//! The flow picture: how tokens leave their lanes for experts and come back.
//!
//! Everything quiet, the selected token loud. Colour repeats what place, width or a label already says, and never says
//! it alone.

mod cells;
mod marks;
mod ribbons;
mod sheet;

pub use sheet::Sheet;

use super::{
    ViewState,
    layout::Layout,
    shape::{Dash, Role, Scene, Shape, Size, Stroke, point},
    words,
};
use crate::trace::Trace;

/// The still picture of a trace.
pub fn still(trace: &Trace, view: &ViewState, size: Size) -> Scene {
    paint(trace, view, &Layout::new(trace, view, size))
}

/// The still picture in a layout made for the same trace and selection: [`ground`], [`rivers`], [`front`].
pub fn paint(trace: &Trace, view: &ViewState, layout: &Layout) -> Scene {
    let mut shapes = ground(trace, view, layout);
    shapes.append(&mut rivers(trace, layout));
    shapes.append(&mut front(trace, view, layout));
    Scene {
        size: layout.size,
        shapes,
        title: words::title(trace),
        description: words::description(trace, &layout.metrics, view),
    }
}

/// What lies below the ribbons.
pub fn ground(trace: &Trace, view: &ViewState, layout: &Layout) -> Vec<Shape> {
    let paper = Some(Role::Paper);
    let mut shapes =
        vec![Shape::Rect { at: point(0.0, 0.0), size: layout.size, radius: 0.0, fill: paper, stroke: None }];
    marks::band(view, layout, &mut shapes);
    marks::lanes(trace, view, layout, &mut shapes);
    shapes
}

/// The ribbons of all tokens: most of the picture's shapes, and the same whatever is selected in the same layout.
pub fn rivers(trace: &Trace, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    ribbons::quiet(trace, layout, &mut shapes);
    shapes
}

/// What lies above them: cells, the selection and all words.
pub fn front(trace: &Trace, view: &ViewState, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    ribbons::picked(trace, view, layout, &mut shapes);
    marks::nodes(layout, &mut shapes);
    cells::cells(trace, view, layout, &mut shapes);
    cells::shared(layout, &mut shapes);
    ribbons::selected(trace, view, layout, &mut shapes);
    marks::selected(trace, view, layout, &mut shapes);
    cells::labels(trace, view, layout, &mut shapes);
    cells::shared_labels(trace, layout, &mut shapes);
    shapes.append(&mut top(trace, view, layout));
    marks::heads(view, layout, &mut shapes);
    marks::names(trace, view, layout, &mut shapes);
    let second = cells::names(trace, layout).find(|(l, ..)| *l == 1).map(|(_, e, name)| (e, name));
    marks::key(trace, layout, second, &mut shapes);
    shapes
}

/// The part of it that no dot may cover: the selected token's weights and name.
pub fn top(trace: &Trace, view: &ViewState, layout: &Layout) -> Vec<Shape> {
    let (mut shapes, mut tags) = (Vec::new(), Vec::new());
    cells::tags(trace, view, layout, &mut tags);
    marks::sum(trace, view, layout, &tags, &mut shapes);
    shapes.append(&mut tags);
    shapes
}

/// The way of one token, to lay over the still picture.
pub fn way(trace: &Trace, token: usize, layout: &Layout) -> Vec<Shape> {
    let mut shapes = Vec::new();
    ribbons::of_token(trace, token, layout, &mut |from, to, _, dropped| {
        let stroke = Stroke { role: Role::Hover, width: 1.6, dash: Dash::of(dropped) };
        shapes.push(Shape::Ribbon { from, to, stroke });
    });
    shapes
}

#[cfg(test)]
#[path = "../flow_tests.rs"]
mod tests;
