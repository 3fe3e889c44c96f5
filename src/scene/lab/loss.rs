//! Loss over steps: training as a pale band from the smallest to the largest of each column, held-out text as a line.

use super::Axis;
use super::columns::{Column, columns};
use super::plot::{Look, Plan, label, text, title};
use crate::scene::shape::{Anchor, Point, Role, Shape, Stroke, point};

/// Smallest and largest loss that is drawn.
struct Scale {
    least: f32,
    most: f32,
}

impl Scale {
    fn of(look: &Look) -> Self {
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

    fn y(&self, plan: &Plan, loss: f32) -> f32 {
        plan.loss.y(((loss - self.least) / (self.most - self.least)).clamp(0.0, 1.0))
    }
}

/// The panel without the names of its lines.
pub(super) fn draw(look: &Look, plan: &Plan, shapes: &mut Vec<Shape>) {
    let scale = Scale::of(look);
    let at = look.curve().and_then(|curve| curve.measured_at(look.step));
    let value =
        at.map_or_else(String::new, |e| format!("held-out {:.2} nats · {:.2} bits per byte", e.loss, e.bits_per_byte));
    title(plan, plan.loss, ("Loss", "nats per token: band train, line held-out", value), shapes);
    for share in [0.0, 0.5, 1.0] {
        let loss = scale.least + (scale.most - scale.least) * share;
        let y = plan.loss.y(share);
        let stroke = Stroke::new(Role::Rule, 1.0);
        shapes.push(Shape::Line { from: point(plan.axis.left, y), to: point(plan.axis.right, y), stroke });
        shapes.push(label(point(plan.axis.left - 8.0, y + 4.0), Anchor::End, Role::Soft, format!("{loss:.1}")));
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
        let mean = train.iter().map(|column| point(column.x, scale.y(plan, column.mean))).collect();
        path(mean, Stroke::new(Role::Lane, if selected { 1.2 } else { 0.8 }), shapes);
        let held = curve.measured().filter(|e| e.step >= from).map(|e| (e.step, e.loss));
        let line: Vec<Point> =
            columns(&plan.axis, held).iter().map(|column| point(column.x, scale.y(plan, column.mean))).collect();
        let stroke = if selected { Stroke::new(Role::Accent, 2.2) } else { Stroke::new(Role::Other, 1.6) };
        if let [only] = line.as_slice() {
            shapes.push(Shape::Circle { at: *only, radius: 2.5, fill: stroke.role, stroke: None });
        }
        path(line, stroke, shapes);
    }
}

/// From the smallest to the largest.
fn band(train: &[Column], y: impl Fn(f32) -> f32, shapes: &mut Vec<Shape>) {
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
pub(super) fn labels(look: &Look, plan: &Plan, shapes: &mut Vec<Shape>) {
    let many = look.curves.len() > 1;
    for (at, curve) in look.curves.iter().enumerate().filter(|_| many) {
        let selected = at == look.selected;
        let role = if selected { Role::Accent } else { Role::Other };
        let y = plan.loss.top + 13.0 + 15.0 * at as f32;
        shapes.push(text(point(plan.axis.right - 4.0, y), Anchor::End, (12.0, selected), role, curve.name.clone()));
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
