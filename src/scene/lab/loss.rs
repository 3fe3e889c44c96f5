//! Loss over steps: training as a pale band from the smallest to the largest of each column with a thin line in it,
//! held-out text as a line with discs. Both have their names at their ends, so that no colour is needed to tell them.

use super::columns::{CurveColumn, columns};
use super::plan::{label, text, title};
use super::{Axis, PlotPlan, RunView};
use crate::format;
use crate::format::thousands;
use crate::messages::scene;
use crate::order;
use crate::scene::curves::ticks;
use crate::scene::shape::{Anchor, Point, Role, Shape, Size, Stroke, point};

/// Smallest and largest loss that is drawn.
struct Scale {
    least: f32,
    most: f32,
}

impl Scale {
    fn of(look: &RunView) -> Self {
        let losses = look.curves.iter().flat_map(|curve| {
            curve.records().map(|record| record.loss).chain(curve.measured().map(|evaluation| evaluation.loss))
        });
        let finite = losses.filter(|loss| loss.is_finite());
        let (least, most) = finite.fold((f32::MAX, 0.0_f32), |(least, most), loss| (least.min(loss), most.max(loss)));
        if least > most {
            return Self { least: 0.0, most: 1.0 };
        }
        // Room below for what is written there.
        let least = ((least - 0.2 * (most - least)).max(0.0) * 2.0).floor() / 2.0;
        Self { least, most: ((most * 2.0).ceil() / 2.0).max(least + 1.0) }
    }

    /// Round losses, and how they are written.
    fn ticks(&self) -> Vec<(f32, String)> {
        let ticks = ticks(self.least.into(), self.most.into(), 3);
        let whole = ticks.iter().all(|tick| tick.fract() == 0.0);
        let written = |tick: f64| match tick {
            tick if tick >= 1e6 => format!("{tick:.0e}"),
            tick if whole => thousands(tick.round() as usize),
            tick => format!("{tick:.1}"),
        };
        ticks.into_iter().map(|tick| (tick as f32, written(tick))).collect()
    }

    fn y(&self, plan: &PlotPlan, loss: f32) -> f32 {
        plan.loss.y(((loss - self.least) / (self.most - self.least)).clamp(0.0, 1.0))
    }
}

/// Least distance of two discs on a line.
const BEADS: f32 = 22.0;
/// Length of the piece of a curve beside its name.
const SAMPLE: f32 = 22.0;
/// Least distance of two names.
const LINE: f32 = 14.0;

/// The panel without the names of its branches.
pub(super) fn draw(look: &RunView, plan: &PlotPlan, shapes: &mut Vec<Shape>) {
    let scale = Scale::of(look);
    let at = look.curve().and_then(|curve| curve.measured_at(look.step));
    let value = at.map_or_else(String::new, |e| {
        scene::run_held_out_loss(format::loss(e.loss, 2), format::loss(e.bits_per_byte, 2))
    });
    title(plan, plan.loss, (scene::run_loss(), scene::run_loss_what(), value), shapes);
    for (loss, mark) in scale.ticks() {
        let y = scale.y(plan, loss);
        let stroke = Stroke::new(Role::Rule, 1.0);
        shapes.push(Shape::Line { from: point(plan.axis.left, y), to: point(plan.axis.right, y), stroke });
        shapes.push(label(point(plan.axis.left - 8.0, y + 4.0), Anchor::End, Role::Soft, mark));
    }
    let order = (0..look.curves.len()).filter(|&at| at != look.selected).chain([look.selected]);
    for (at, curve) in order.filter_map(|at| Some((at, look.curves.get(at)?))) {
        let selected = at == look.selected;
        let from = if selected { 0 } else { curve.fork };
        let steps = curve.records().filter(|r| r.step >= from).map(|record| (record.step, record.loss));
        let train = columns(&plan.axis, steps);
        if selected {
            band(&train, |loss| scale.y(plan, loss), shapes);
        }
        let mean: Vec<Point> = train.iter().map(|column| point(column.x, scale.y(plan, column.mean))).collect();
        let end = |points: &[Point]| points.last().copied();
        let trained = end(&mean);
        let held = curve.measured().filter(|e| e.step >= from).map(|e| (e.step, e.loss));
        let line: Vec<Point> =
            columns(&plan.axis, held).iter().map(|column| point(column.x, scale.y(plan, column.mean))).collect();
        let stroke = look.stroke(at, 2.6, 1.6);
        let measured = end(&line);
        let beads = beads(&line, stroke.role, if selected { 3.2 } else { 2.4 });
        path(line, stroke, shapes);
        // Thin, over the thick one: where both are the same, both are seen.
        let stroke = if selected { Stroke::new(Role::Ink, 1.1) } else { Stroke::new(Role::Lane, 0.8) };
        path(mean, stroke, shapes);
        shapes.extend(beads);
        if selected {
            names(plan, trained, measured, shapes);
        }
    }
}

/// Discs on a line, the newest at its end and the others so far apart that the line is seen between them.
fn beads(line: &[Point], role: Role, radius: f32) -> Vec<Shape> {
    let mut next = f32::MAX;
    let far = |at: &&Point| {
        let far = next - at.x >= BEADS;
        next = if far { at.x } else { next };
        far
    };
    let stroke = Some(Stroke::new(Role::Paper, 1.0));
    line.iter().rev().filter(far).map(|at| Shape::Circle { at: *at, radius, fill: role, stroke }).collect()
}

/// The names of the selected branch's two lines, at their ends: beside them where there is room, else above and below.
fn names(plan: &PlotPlan, trained: Option<Point>, measured: Option<Point>, shapes: &mut Vec<Shape>) {
    let mut ends: Vec<(Point, &str, bool)> = Vec::new();
    ends.extend(trained.map(|at| (at, scene::run_train(), false)));
    ends.extend(measured.map(|at| (at, scene::run_held_out(), true)));
    order::sort(&mut ends, |a, b| a.0.y.total_cmp(&b.0.y));
    let x = ends.iter().map(|(at, ..)| at.x).fold(0.0, f32::max);
    let beside = plan.size.width - x > 58.0;
    let middle = ends.iter().map(|(at, ..)| at.y).sum::<f32>() / ends.len().max(1) as f32;
    let apart = match ends.as_slice() {
        [(a, ..), (b, ..)] => (b.y - a.y).max(if beside { LINE } else { LINE + 8.0 }),
        _ => 0.0,
    };
    let top =
        (middle - apart / 2.0).clamp(plan.loss.top + 4.0, (plan.loss.bottom - apart - 4.0).max(plan.loss.top + 4.0));
    for (at, (_, name, bold)) in ends.into_iter().enumerate() {
        let y = top + apart * at as f32 + 4.0;
        let (x, anchor) = if beside { (x + 6.0, Anchor::Start) } else { (x - 4.0, Anchor::End) };
        shapes.push(text(point(x, y), anchor, (12.0, bold), Role::Ink, name.to_owned()));
    }
}

/// From the smallest to the largest.
fn band(train: &[CurveColumn], y: impl Fn(f32) -> f32, shapes: &mut Vec<Shape>) {
    if train.len() < 2 {
        return;
    }
    let upper = train.iter().map(|column| point(column.x, y(column.most) - 0.6));
    let lower = train.iter().rev().map(|column| point(column.x, y(column.least) + 0.6));
    shapes.push(Shape::Area { points: upper.chain(lower).collect(), fill: Role::River });
}

pub(super) fn path(points: Vec<Point>, stroke: Stroke, shapes: &mut Vec<Shape>) {
    if points.len() > 1 {
        shapes.push(Shape::Curve { points, stroke });
    }
}

/// Names of the lines, above their ends, where a falling loss leaves room; and below what changed on the way.
pub(super) fn labels(look: &RunView, plan: &PlotPlan, shapes: &mut Vec<Shape>) {
    let many = look.curves.len() > 1;
    for (at, curve) in look.curves.iter().enumerate().filter(|_| many) {
        let selected = at == look.selected;
        let stroke = look.stroke(at, 2.6, 1.6);
        let (right, y) = (plan.axis.right - 4.0, plan.loss.top + 13.0 + 15.0 * at as f32);
        // On paper, so that a curve that begins here does not strike the name through.
        let width = curve.name.chars().count() as f32 * 6.8 + SAMPLE + 12.0;
        let (corner, size) = (point(right - width, y - 11.0), Size { width, height: 15.0 });
        shapes.push(Shape::Rect { at: corner, size, radius: 2.0, fill: Some(Role::Paper), stroke: None });
        shapes.push(Shape::Line { from: point(right - SAMPLE, y - 4.0), to: point(right, y - 4.0), stroke });
        let place = point(right - SAMPLE - 6.0, y);
        shapes.push(text(place, Anchor::End, (12.0, selected), stroke.role, curve.name.clone()));
    }
    let Some(curve) = look.curve() else { return };
    let mut last = f32::MIN;
    for (step, what) in &curve.changes {
        let x = plan.axis.x(*step);
        let width = what.chars().count() as f32 * 6.2;
        // A name that has no room is left out; the table has it.
        if x > last + 8.0 {
            let (anchor, at) =
                if near_end(&plan.axis, x, width) { (Anchor::End, x - 5.0) } else { (Anchor::Start, x + 5.0) };
            shapes.push(label(point(at, plan.loss.bottom - 5.0), anchor, Role::Soft, what.clone()));
            last = x + width;
        }
    }
}

fn near_end(axis: &Axis, x: f32, width: f32) -> bool {
    x + width + 8.0 > axis.right
}
