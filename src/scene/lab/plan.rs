//! Where every panel of the picture is.

use super::{Axis, RunView, metrics};
use crate::scene::shape::{Anchor, Font, Point, Role, Shape, Size, point};

/// A panel: its title's base line and its inner rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Upper edge.
    pub top: f32,
    /// Lower edge.
    pub bottom: f32,
}

impl Panel {
    /// Where a share of the height is, 0 at the bottom.
    pub fn y(&self, share: f32) -> f32 {
        self.bottom - (self.bottom - self.top) * share
    }
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotPlan {
    /// The picture.
    pub size: Size,
    /// Time.
    pub axis: Axis,
    /// Whether there is room for long labels.
    pub wide: bool,
    /// Loss.
    pub loss: Panel,
    /// A stream graph for each layer.
    pub layers: Vec<Panel>,
    /// Rows of metrics.
    pub rows: Vec<Panel>,
}

/// Room for a panel's title.
const TITLE: f32 = 26.0;
/// How much of that room belongs to the panel above: the lower half of the number at its lowest mark.
const BELOW: f32 = 8.0;
/// Room below the last panel.
const FOOT: f32 = 12.0;
/// How much higher loss is than a layer.
const LOSS: f32 = 1.05;
/// Height of a row of metrics.
const ROW: f32 = 38.0;

impl PlotPlan {
    /// For a place of that width; the picture is at least as high as its panels need, and fills `height` if that is more.
    pub fn new(look: &RunView, width: f32, height: f32) -> Self {
        let wide = width >= 560.0;
        let many = look.experts > crate::scene::theme::HUES;
        let (left, right) = match (wide, many) {
            (true, _) => (68.0, 62.0),
            (false, true) => (64.0, 12.0),
            (false, false) => (if look.experts > 9 { 44.0 } else { 36.0 }, 12.0),
        };
        let axis = Axis::new(left, (width - right).max(left + 40.0), look.last());
        let (count, rows) = (look.layers.max(1) as f32, metrics::shown(look).count() as f32);
        let fixed = rows * (TITLE + ROW) + count * TITLE + TITLE + 16.0;
        // Loss gets a little more than a layer.
        let share = ((height - fixed) / (count + LOSS)).clamp(if wide { 74.0 } else { 64.0 }, 190.0);
        let mut y = 0.0;
        let mut panel = |height: f32| {
            let top = y + TITLE;
            y = top + height;
            Panel { top, bottom: y }
        };
        let loss = panel((share * LOSS).max(84.0));
        let layers = (0..look.layers).map(|_| panel(share)).collect();
        let rows = (0..metrics::shown(look).count()).map(|_| panel(ROW)).collect();
        Self { size: Size { width, height: y + FOOT }, axis, wide, loss, layers, rows }
    }

    /// The picture's strips from the top down: loss, the layers in two halves, the rows. They lie edge to edge, on whole
    /// pixels.
    pub fn strips(&self) -> Vec<Strip> {
        let half = self.layers.len().div_ceil(2);
        let parts = [Part::Loss, Part::Layers(0, half), Part::Layers(half, self.layers.len()), Part::Rows];
        let last = |part: Part| match part {
            Part::Loss => Some(self.loss),
            Part::Layers(from, to) => self.layers.get(from..to).unwrap_or_default().last().copied(),
            Part::Rows => self.rows.last().copied(),
        };
        let mut top = 0.0;
        let mut strips: Vec<Strip> = Vec::new();
        for (part, panel) in parts.into_iter().filter_map(|part| Some((part, last(part)?))) {
            let bottom = (panel.bottom + BELOW).round();
            strips.push(Strip { part, top, bottom });
            top = bottom;
        }
        if let Some(last) = strips.last_mut() {
            last.bottom = self.size.height.ceil();
        }
        strips
    }
}

/// Which panels a strip has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Loss,
    /// From one layer to before another.
    Layers(usize, usize),
    Rows,
}

/// A part of the picture, as wide as it, that is painted by itself: a browser without a GPU would need too long for a frame
/// with all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    pub(super) part: Part,
    /// Upper edge in the picture.
    pub top: f32,
    /// Lower edge in the picture.
    pub bottom: f32,
}

/// A panel's title: its name, what it shows, and its value at the right.
pub(super) fn title(plan: &PlotPlan, panel: Panel, (name, what, value): (&str, &str, String), shapes: &mut Vec<Shape>) {
    let (y, left) = (panel.top - 7.0, plan.axis.left);
    let value_width = value.chars().count() as f32 * 6.6;
    shapes.push(text(point(left, y), Anchor::Start, (12.5, true), Role::Ink, name.to_owned()));
    let from = left + name.chars().count() as f32 * 7.2 + 10.0;
    let room = plan.axis.right - value_width - 12.0 - from;
    if what.chars().count() as f32 * 6.3 < room {
        shapes.push(label(point(from, y), Anchor::Start, Role::Soft, what.to_owned()));
    }
    if !value.is_empty() {
        shapes.push(label(point(plan.axis.right, y), Anchor::End, Role::Ink, value));
    }
}

/// A small text set off from what lies below.
pub(super) fn label(at: Point, anchor: Anchor, role: Role, what: String) -> Shape {
    text(at, anchor, (12.0, false), role, what)
}

/// A text set off from what lies below.
pub(super) fn text(at: Point, anchor: Anchor, (size, bold): (f32, bool), role: Role, text: String) -> Shape {
    let halo = role != Role::Paper;
    Shape::Text { at, anchor, font: Font { size, bold, serif: false }, role, halo, text }
}
