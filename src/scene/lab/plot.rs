//! The whole picture: where every panel is, and what lies across all of them.

use super::{Axis, Curve, broken, loss, rows, streams};
use crate::format::thousands;
use crate::run::record::Saturation;
use crate::scene::shape::{Anchor, Dash, Font, Point, Role, Scene, Shape, Size, Stroke, point};

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct Look<'a> {
    /// All branches; never empty while there is something to draw.
    pub curves: Vec<Curve<'a>>,
    /// Which of `curves` is selected.
    pub selected: usize,
    /// The step that is looked at.
    pub step: u64,
    /// Steps done by the branch that has done most, recorded or not.
    pub newest: u64,
    /// Layers.
    pub layers: usize,
    /// Experts in each.
    pub experts: usize,
    /// Saturation against the newest step, if it was asked for.
    pub saturation: Option<&'a Saturation>,
    /// Whether a choice was ever dropped because its expert was full.
    pub drops: bool,
}

impl<'a> Look<'a> {
    /// How the curve in this place is drawn: the selected one loud and whole, the others told apart by ink and dashes.
    pub(super) fn stroke(&self, at: usize, loud: f32, quiet: f32) -> Stroke {
        if at == self.selected {
            return Stroke::new(Role::Selected, loud);
        }
        let (role, dash) = match (at - usize::from(at > self.selected)) % 6 {
            0 => (Role::Ink, Dash::Long),
            1 => (Role::Soft, Dash::Whole),
            2 => (Role::Ink, Dash::Dots),
            3 => (Role::Soft, Dash::Long),
            4 => (Role::Ink, Dash::Short),
            _ => (Role::Soft, Dash::Dots),
        };
        Stroke { role, width: quiet, dash }
    }

    /// The selected branch.
    pub fn curve(&self) -> Option<&Curve<'a>> {
        self.curves.get(self.selected)
    }

    /// The newest step of all.
    pub fn last(&self) -> u64 {
        self.curves.iter().map(Curve::last).max().unwrap_or(0).max(self.newest)
    }
}

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
pub struct Plan {
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

/// Lower edge of the ruler's handle.
const PILL: f32 = 20.0;
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

impl Plan {
    /// For a place of that width; the picture is at least as high as its panels need, and fills `height` if that is more.
    pub fn new(look: &Look, width: f32, height: f32) -> Self {
        let wide = width >= 560.0;
        let many = look.experts > crate::scene::theme::HUES;
        let (left, right) = match (wide, many) {
            (true, _) => (68.0, 62.0),
            (false, true) => (64.0, 12.0),
            (false, false) => (if look.experts > 9 { 44.0 } else { 36.0 }, 12.0),
        };
        let axis = Axis::new(left, (width - right).max(left + 40.0), look.last());
        let (count, rows) = (look.layers.max(1) as f32, rows::count(look) as f32);
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
        let rows = (0..rows::count(look)).map(|_| panel(ROW)).collect();
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
enum Part {
    Loss,
    /// From one layer to before another.
    Layers(usize, usize),
    Rows,
}

/// A part of the picture, as wide as it, that is painted by itself: a browser without a GPU would need too long for a frame
/// with all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    part: Part,
    /// Upper edge in the picture.
    pub top: f32,
    /// Lower edge in the picture.
    pub bottom: f32,
}

/// A strip of the picture. Its size is the strip's, its shapes are where they are in the whole picture.
pub fn plot(look: &Look, plan: &Plan, strip: Strip) -> Scene {
    let mut shapes = Vec::new();
    let size = Size { width: plan.size.width, height: strip.bottom - strip.top };
    let Some(curve) = look.curve() else { return Scene { size, ..Scene::default() } };
    let across = |from: f32| (from.max(strip.top), (plan.size.height - 8.0).min(strip.bottom));
    grid(plan, across(0.0), &mut shapes);
    match strip.part {
        Part::Loss => {
            loss::draw(look, plan, &mut shapes);
            loss::labels(look, plan, &mut shapes);
        }
        Part::Layers(from, to) => {
            for (layer, panel) in plan.layers.iter().enumerate().take(to).skip(from) {
                streams::draw(look, plan, layer, *panel, &mut shapes);
            }
        }
        Part::Rows => rows::draw(look, plan, &mut shapes),
    }
    marks(look, curve, plan, across, &mut shapes);
    // Words are on top of what crosses them.
    shapes.sort_by_key(|shape| matches!(shape, Shape::Text { .. }));
    Scene { size, shapes, ..Scene::default() }
}

/// The axis above the picture, which stays in sight: a handle at the step that is looked at, and below it round steps.
pub fn ruler(look: &Look, plan: &Plan, height: f32) -> Scene {
    let base = height - 8.0;
    let (axis, x) = (&plan.axis, plan.axis.x(look.step));
    let here = format!("step {}", thousands(look.step as usize));
    let half = here.len() as f32 * 3.6 + 10.0;
    let middle = x.clamp(axis.left + half - 10.0, (axis.right - half + 6.0).max(axis.left + half - 10.0));
    let mut shapes = vec![Shape::Line {
        from: point(axis.left, height - 0.5),
        to: point(axis.right, height - 0.5),
        stroke: Stroke::new(Role::Rule, 1.0),
    }];
    for tick in axis.ticks(if plan.wide { 84.0 } else { 64.0 }) {
        let at = axis.x(tick);
        shapes.push(label(point(at, base), Anchor::Middle, Role::Soft, thousands(tick as usize)));
        shapes.push(Shape::Line {
            from: point(at, height - 4.0),
            to: point(at, height),
            stroke: Stroke::new(Role::Soft, 1.0),
        });
    }
    broken::line(x, (PILL, height), Stroke::new(Role::Ink, 1.5), &mut shapes);
    shapes.push(Shape::Rect {
        at: point(middle - half, 1.0),
        size: Size { width: 2.0 * half, height: PILL - 1.0 },
        radius: (PILL - 1.0) / 2.0,
        fill: Some(Role::Ink),
        stroke: None,
    });
    shapes.push(text(point(middle, PILL - 6.0), Anchor::Middle, (12.0, true), Role::Paper, here));
    Scene { size: Size { width: plan.size.width, height }, shapes, ..Scene::default() }
}

fn grid(plan: &Plan, (top, bottom): (f32, f32), shapes: &mut Vec<Shape>) {
    let axis = &plan.axis;
    for tick in axis.ticks(if plan.wide { 84.0 } else { 64.0 }) {
        let x = axis.x(tick);
        shapes.push(Shape::Line { from: point(x, top), to: point(x, bottom), stroke: Stroke::new(Role::Rule, 1.0) });
    }
}

/// What lies across all panels: where the branch left its parent, where settings changed, and the scrub line. `across`
/// says from where to where a line that begins at a height goes.
fn marks(look: &Look, curve: &Curve, plan: &Plan, across: impl Fn(f32) -> (f32, f32), shapes: &mut Vec<Shape>) {
    let mut line = |step: u64, from: f32, stroke: Stroke| broken::line(plan.axis.x(step), across(from), stroke, shapes);
    if curve.fork > 0 {
        line(curve.fork, 0.0, Stroke { role: Role::Ink, width: 1.5, dash: Dash::Long });
    }
    for (step, _) in curve.changes.iter().filter(|(step, _)| *step != curve.fork) {
        line(*step, plan.loss.top, Stroke::dashed(Role::Soft, 1.0));
    }
    line(look.step, 0.0, Stroke::new(Role::Ink, 1.5));
}

/// A panel's title: its name, what it shows, and its value at the right.
pub(super) fn title(plan: &Plan, panel: Panel, (name, what, value): (&str, &str, String), shapes: &mut Vec<Shape>) {
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
