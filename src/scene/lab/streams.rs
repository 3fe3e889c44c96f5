//! A layer's experts over the steps: each one's share of the choices is a stream, and all streams fill the height.
//!
//! The dashed lines are where the streams would part if all shares were the same, 1/E; the experts' names at the left stand
//! between them.

use super::columns::columns;
use super::plot::{Look, Panel, Plan, text, title};
use crate::scene::shape::{Anchor, Font, Role, Shape, Stroke, point};
use crate::scene::{theme, words};

/// A stream is named inside where it is this high.
const NAMED: f32 = 17.0;

/// Experts that share a stream: one each as long as hues can be told apart, else runs of neighbours of the same hue.
pub(super) fn groups(experts: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for expert in 0..experts {
        match out.last_mut() {
            Some((first, end))
                if experts > theme::HUES && theme::hue(*first, experts) == theme::hue(expert, experts) =>
            {
                *end = expert + 1;
            }
            _ => out.push((expert, expert + 1)),
        }
    }
    out
}

fn name((first, end): (usize, usize)) -> String {
    if end - first == 1 { words::expert(first) } else { format!("{}–{end}", words::expert(first)) }
}

/// The panel of a layer.
pub(super) fn draw(look: &Look, plan: &Plan, layer: usize, panel: Panel, shapes: &mut Vec<Shape>) {
    let Some(curve) = look.curve() else { return };
    let at = curve.at(look.step).and_then(|record| record.layers.get(layer));
    let value = at.map_or_else(String::new, |layer| format!("max/mean {:.2}", layer.max_over_mean));
    title(
        plan,
        panel,
        (&format!("Layer {}", layer + 1), "share of the choices by expert; dashed: even", value),
        shapes,
    );
    let groups = groups(look.experts);
    let mut below: Vec<Vec<f32>> = Vec::new();
    let mut xs: Vec<f32> = Vec::new();
    for &(_, end) in &groups {
        let sums = curve.records().filter_map(|record| {
            let load = &record.layers.get(layer)?.load;
            Some((record.step, load.iter().take(end).sum::<f32>()))
        });
        let columns = columns(&plan.axis, sums);
        if xs.is_empty() {
            xs = columns.iter().map(|column| column.x).collect();
        }
        below.push(columns.iter().map(|column| column.mean.clamp(0.0, 1.0)).collect());
    }
    // From the top down, as the names at the left.
    let y = |share: f32| panel.top + (panel.bottom - panel.top) * share;
    let zero = vec![0.0; xs.len()];
    for (at, group) in groups.iter().enumerate() {
        let (Some(lower), upper) = (below.get(at), at.checked_sub(1).and_then(|at| below.get(at)).unwrap_or(&zero))
        else {
            continue;
        };
        let edge =
            |shares: &[f32]| -> Vec<_> { xs.iter().zip(shares).map(|(&x, &share)| point(x, y(share))).collect() };
        let hue = theme::hue(group.0, look.experts);
        let (above, under) = (edge(upper), edge(lower));
        if xs.len() > 1 {
            let points = above.into_iter().chain(under.iter().rev().copied()).collect();
            shapes.push(Shape::Area { points, fill: Role::ShareLoud(hue) });
            if at + 1 < groups.len() {
                shapes.push(Shape::Curve { points: under, stroke: Stroke::new(Role::Paper, 1.0) });
            }
        }
    }
    even(plan, panel, &groups, look.experts, shapes);
    inside(&xs, (&below, &zero), panel, &groups, shapes);
}

/// Even shares: dashed lines, and names between them.
fn even(plan: &Plan, panel: Panel, groups: &[(usize, usize)], experts: usize, shapes: &mut Vec<Shape>) {
    let y = |share: f32| panel.top + (panel.bottom - panel.top) * share;
    let all = experts.max(1) as f32;
    for &(first, end) in groups {
        if end < experts {
            let at = y(end as f32 / all);
            let stroke = Stroke::dashed(Role::Ink, 0.6);
            shapes.push(Shape::Line { from: point(plan.axis.left, at), to: point(plan.axis.right, at), stroke });
        }
        let (middle, height) =
            (y((first + end) as f32 / 2.0 / all), (panel.bottom - panel.top) * (end - first) as f32 / all);
        if height >= 9.0 {
            let (hue, size) = (theme::hue(first, experts), (height + 1.0).min(11.5));
            shapes.push(Shape::Rect {
                at: point(plan.axis.left - 7.0, middle - height / 2.0 + 1.0),
                size: crate::scene::shape::Size { width: 4.0, height: height - 2.0 },
                radius: 1.0,
                fill: Some(Role::ShareLoud(hue)),
                stroke: None,
            });
            let at = point(plan.axis.left - 11.0, middle + size * 0.36);
            shapes.push(text(at, Anchor::End, (size, false), Role::Soft, name((first, end))));
        }
    }
}

/// Names in the streams, each where its stream is highest.
fn inside(
    xs: &[f32],
    (below, zero): (&[Vec<f32>], &Vec<f32>),
    panel: Panel,
    groups: &[(usize, usize)],
    shapes: &mut Vec<Shape>,
) {
    let height = panel.bottom - panel.top;
    for (at, group) in groups.iter().enumerate() {
        let upper = at.checked_sub(1).and_then(|at| below.get(at)).unwrap_or(zero);
        let Some(lower) = below.get(at) else { continue };
        // Where it is high for a while, not only for a moment.
        let around = xs.len() / 24;
        let high = |at: usize| {
            let span = at.saturating_sub(around)..(at + around + 1).min(xs.len());
            span.filter_map(|at| Some(lower.get(at)? - upper.get(at)?)).fold(f32::MAX, f32::min)
        };
        let places = (2 * around..xs.len().saturating_sub(2 * around)).map(|at| (at, high(at)));
        let Some((column, least)) = places.max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        let (top, bottom) = (upper.get(column).copied().unwrap_or(0.0), lower.get(column).copied().unwrap_or(0.0));
        let Some(&x) = xs.get(column).filter(|_| least * height >= NAMED) else { continue };
        shapes.push(Shape::Text {
            at: point(x, panel.top + height * (top + bottom) / 2.0 + 4.0),
            anchor: Anchor::Middle,
            font: Font { size: 12.0, bold: true, serif: false },
            role: Role::Ink,
            halo: false,
            text: name(*group),
        });
    }
}
