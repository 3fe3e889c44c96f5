//! The whole picture: where every panel is, and what lies across all of them.

use super::plan::{Part, label, text};
use super::{Curve, PlotPlan, RunView, Strip, broken, loss, rows, streams};
use crate::format::thousands;
use crate::messages::scene;
use crate::order;
use crate::scene::shape::{Anchor, Dash, Role, Scene, Shape, Size, Stroke, point};

/// Lower edge of the ruler's handle.
const PILL: f32 = 20.0;

/// A strip of the picture. Its size is the strip's, its shapes are where they are in the whole picture.
pub fn plot(look: &RunView, plan: &PlotPlan, strip: Strip) -> Scene {
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
    order::sort_by_key(&mut shapes, |shape| matches!(shape, Shape::Text { .. }));
    Scene { size, shapes, ..Scene::default() }
}

/// The axis above the picture, which stays in sight: a handle at the step that is looked at, and below it round steps.
pub fn ruler(look: &RunView, plan: &PlotPlan, height: f32) -> Scene {
    let base = height - 8.0;
    let (axis, x) = (&plan.axis, plan.axis.x(look.step));
    let here = scene::run_step(look.step);
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

fn grid(plan: &PlotPlan, (top, bottom): (f32, f32), shapes: &mut Vec<Shape>) {
    let axis = &plan.axis;
    for tick in axis.ticks(if plan.wide { 84.0 } else { 64.0 }) {
        let x = axis.x(tick);
        shapes.push(Shape::Line { from: point(x, top), to: point(x, bottom), stroke: Stroke::new(Role::Rule, 1.0) });
    }
}

/// What lies across all panels: where the branch left its parent, where settings changed, and the scrub line. `across`
/// says from where to where a line that begins at a height goes.
fn marks(look: &RunView, curve: &Curve, plan: &PlotPlan, across: impl Fn(f32) -> (f32, f32), shapes: &mut Vec<Shape>) {
    let mut line = |step: u64, from: f32, stroke: Stroke| broken::line(plan.axis.x(step), across(from), stroke, shapes);
    if curve.fork > 0 {
        line(curve.fork, 0.0, Stroke { role: Role::Ink, width: 1.5, dash: Dash::Long });
    }
    for (step, _) in curve.changes.iter().filter(|(step, _)| *step != curve.fork) {
        line(*step, plan.loss.top, Stroke::dashed(Role::Soft, 1.0));
    }
    line(look.step, 0.0, Stroke::new(Role::Ink, 1.5));
}
