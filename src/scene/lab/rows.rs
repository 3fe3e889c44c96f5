//! Rows of metrics below the streams, all with the balanced value as a dashed line where there is one.

use super::columns::columns;
use super::loss::path;
use super::metrics::{Metric, MetricRow, mean, most, shown};
use super::plan::{Panel, label, title};
use super::{Curve, PlotPlan, RunView};
use crate::messages::scene;
use crate::methods::{self, Method};
use crate::run::record::Evaluation;
use crate::scene::shape::{Anchor, Role, Shape, Stroke, point};

/// All rows.
pub(super) fn draw(look: &RunView, plan: &PlotPlan, shapes: &mut Vec<Shape>) {
    for (row, panel) in shown(look).zip(&plan.rows) {
        one(look, plan, row, *panel, shapes);
    }
}

fn one(look: &RunView, plan: &PlotPlan, row: &MetricRow, panel: Panel, shapes: &mut Vec<Shape>) {
    let Some(curve) = look.curve() else { return };
    let value = curve.at(look.step).and_then(row.step);
    let value = value.or_else(|| curve.measured_at(look.step).and_then(row.measured));
    let method = curve.method_at(look.step);
    let held = (row.of == Metric::MaxOverMean && method == Some(&methods::BASE))
        .then(|| curve.measured_at(look.step))
        .flatten();
    let value = match value {
        // A table prefers nothing.
        Some(_) if row.of == Metric::RouterEntropy && method.is_some_and(Method::is_fixed) => {
            scene::run_table_decides().to_owned()
        }
        Some(value) => format!("{value:.2}"),
        None => String::new(),
    };
    let value = match held.and_then(in_use) {
        Some(held) => scene::run_beside_held_out(value, format!("{held:.2}")),
        None => value,
    };
    title(plan, panel, ((row.name)(), (row.what)(), value), shapes);
    let most = row.most.unwrap_or(look.experts.max(2) as f32);
    let share = |value: f32| ((value - row.least) / (most - row.least)).clamp(0.0, 1.0);
    for (value, role) in [(row.least, Role::Rule), (most, Role::Rule)] {
        let y = panel.y(share(value));
        let stroke = Stroke::new(role, 1.0);
        shapes.push(Shape::Line { from: point(plan.axis.left, y), to: point(plan.axis.right, y), stroke });
        shapes.push(label(point(plan.axis.left - 8.0, y + 4.0), Anchor::End, Role::Soft, format!("{value:.0}")));
    }
    if let Some(even) = row.even {
        let y = panel.y(share(even));
        let stroke = Stroke::dashed(Role::Ink, 1.0);
        shapes.push(Shape::Line { from: point(plan.axis.left, y), to: point(plan.axis.right, y), stroke });
    }
    let order = (0..look.curves.len()).filter(|&at| at != look.selected).chain([look.selected]);
    for (at, curve) in order.filter_map(|at| Some((at, look.curves.get(at)?))) {
        let selected = at == look.selected;
        let from = if selected { 0 } else { curve.fork };
        // A table is neither sure nor unsure.
        let decides =
            |step: u64| row.of != Metric::RouterEntropy || !curve.method_at(step).is_some_and(Method::is_fixed);
        let steps = curve.records().filter(|r| r.step >= from && decides(r.step));
        let steps = steps.filter_map(|r| Some((r.step, (row.step)(r)?)));
        let measured = curve.measured().filter(|e| e.step >= from).filter_map(|e| Some((e.step, (row.measured)(e)?)));
        let stroke = look.stroke(at, 1.6, 1.2);
        for values in [columns(&plan.axis, steps), columns(&plan.axis, measured)] {
            if selected && values.len() > 1 {
                let upper = values.iter().map(|column| point(column.x, panel.y(share(column.most)) - 0.4));
                let lower = values.iter().rev().map(|column| point(column.x, panel.y(share(column.least)) + 0.4));
                shapes.push(Shape::Area { points: upper.chain(lower).collect(), fill: Role::River });
            }
            path(values.iter().map(|column| point(column.x, panel.y(share(column.mean)))).collect(), stroke, shapes);
        }
    }
    if held.is_some() {
        greedy(curve, plan, panel, share, shapes);
    }
    if row.of == Metric::Saturation {
        settled(look, plan, panel, shapes);
    }
}

/// The worst layer's load on held-out text.
fn in_use(evaluation: &Evaluation) -> Option<f32> {
    most(evaluation.layers.iter().map(|layer| layer.max_over_mean))
}

/// Load on held-out text, where training assigns evenly and use does not.
fn greedy(curve: &Curve, plan: &PlotPlan, panel: Panel, share: impl Fn(f32) -> f32, shapes: &mut Vec<Shape>) {
    let points = curve.measured().filter_map(|evaluation| Some((evaluation.step, in_use(evaluation)?)));
    let line = columns(&plan.axis, points).iter().map(|c| point(c.x, panel.y(share(c.mean)))).collect();
    path(line, Stroke::dashed(Role::Ink, 1.4), shapes);
    let at = point(plan.axis.right, panel.top + 12.0);
    shapes.push(label(at, Anchor::End, Role::Soft, scene::run_dashed_in_use().to_owned()));
}

/// Saturation against the newest step.
fn settled(look: &RunView, plan: &PlotPlan, panel: Panel, shapes: &mut Vec<Shape>) {
    let Some(saturation) = look.saturation.filter(|s| look.curve().is_some_and(|curve| curve.branch == s.branch))
    else {
        return;
    };
    let points = saturation.points.iter().filter_map(|(step, layers)| Some((*step, mean(layers.iter().copied())?)));
    let line = columns(&plan.axis, points).iter().map(|c| point(c.x, panel.y(c.mean.clamp(0.0, 1.0)))).collect();
    path(line, Stroke::dashed(Role::Ink, 1.4), shapes);
    let words = scene::run_dashed_against(saturation.against);
    shapes.push(label(point(plan.axis.right, panel.bottom - 4.0), Anchor::End, Role::Soft, words));
}
