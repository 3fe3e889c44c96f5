//! A layer's experts over the steps: each one's share of the choices is a stream, and all streams fill the height.
//!
//! The dashed lines are where the streams would part if all shares were the same, 1/E; the experts' names at the left stand
//! between them.

use super::plan::{Panel, text, title};
use super::{Curve, PlotPlan, RunView, words};
use crate::messages::scene;
use crate::order;
use crate::run::record::moved;
use crate::scene::shape::{Anchor, Font, Point, Role, Shape, Size, Stroke, point};
use crate::scene::theme;
use crate::scene::words::{expert_in, largest};

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

/// `2·E3`, or `2·E3–6` for experts that share a stream.
fn name(layer: usize, (first, end): (usize, usize)) -> String {
    if end - first == 1 { expert_in(layer, first) } else { format!("{}–{end}", expert_in(layer, first)) }
}

/// Width of a column where load is calm, in pixels: shares change slowly, and every stream has two edges to fill between.
const CALM: f32 = 3.0;
/// Width of a stripe, in pixels: what is narrower would run into grey.
const STRIPE: f32 = 4.0;

/// A vertical cut through all streams.
struct Cut {
    x: f32,
    /// Whether load jumps from step to step here, so that this is one step of several and not their mean.
    jumps: bool,
    /// The share of each group and all before it, [groups].
    below: Vec<f32>,
}

/// The streams' cuts: means of what falls into the same column, but single steps where load jumps, because there
/// the mean is a calm that never was. Of the steps that fall into a stripe the one that differs most from the stripe before
/// is drawn. Every record is read once.
fn cuts(curve: &Curve, plan: &PlotPlan, layer: usize, groups: &[(usize, usize)]) -> Vec<Cut> {
    let (mut out, mut place, mut n) = (Vec::<Cut>::new(), (i64::MIN, false), 0.0_f32);
    let (mut before, mut pace, mut drawn) = (None::<(u64, &[f32])>, 0.0_f32, None::<(&[f32], &[f32])>);
    for record in curve.records() {
        let Some(load) = record.layers.get(layer).map(|layer| layer.load.as_slice()) else { continue };
        if let Some((_, last)) = before.filter(|(step, _)| step + 1 == record.step) {
            pace += (moved(last, load) - pace) / 6.0;
        }
        before = Some((record.step, load));
        let (x, jumps) = (plan.axis.x(record.step), pace >= words::JUMPS);
        let here = ((x / if jumps { STRIPE } else { CALM }).floor() as i64, jumps);
        let new = here != place;
        if new {
            // The stripe before, and this one.
            drawn = jumps.then(|| (drawn.map_or(load, |(_, last)| last), load));
            (place, n) = (here, 0.0);
            out.push(Cut { x, jumps, below: vec![0.0; groups.len()] });
        } else if let (true, Some((last, own))) = (jumps, drawn) {
            if moved(last, load) <= moved(last, own) {
                continue;
            }
            drawn = Some((last, load));
        }
        n += 1.0;
        let Some(cut) = out.last_mut() else { continue };
        let weight = if jumps { 1.0 } else { 1.0 / n };
        let mut sum = 0.0;
        for (&(first, end), share) in groups.iter().zip(&mut cut.below) {
            sum += load.get(first..end.min(load.len())).unwrap_or_default().iter().sum::<f32>();
            *share += (sum.clamp(0.0, 1.0) - *share) * weight;
        }
    }
    out
}

/// The edge of a stream along the cuts: sloping, but steps of a stair where load jumps.
fn edge(cuts: &[Cut], share: impl Fn(&Cut) -> f32, y: impl Fn(f32) -> f32) -> Vec<Point> {
    let middle = |a: usize, b: usize| Some((cuts.get(a)?.x + cuts.get(b)?.x) / 2.0);
    let mut out = Vec::with_capacity(cuts.len());
    for (at, cut) in cuts.iter().enumerate() {
        let height = y(share(cut));
        if cut.jumps {
            let left = at.checked_sub(1).and_then(|before| middle(before, at)).unwrap_or(cut.x);
            out.push(point(left, height));
            out.push(point(middle(at, at + 1).unwrap_or(cut.x), height));
        } else {
            out.push(point(cut.x, height));
        }
    }
    out
}

/// The panel of a layer.
pub(super) fn draw(look: &RunView, plan: &PlotPlan, layer: usize, panel: Panel, shapes: &mut Vec<Shape>) {
    let Some(curve) = look.curve() else { return };
    let at = curve.at(look.step).and_then(|record| record.layers.get(layer));
    let value = at.map_or_else(String::new, |layer| match layer.max_over_mean {
        passed if passed <= 0.0 => largest(0.0),
        value => scene::max_over_mean(format!("{value:.2}")),
    });
    let groups = groups(look.experts);
    let cuts = cuts(curve, plan, layer, &groups);
    let what = match (cuts.iter().any(|cut| cut.jumps), plan.axis.right - plan.axis.left >= 640.0) {
        (true, true) => scene::run_stripes(),
        (true, false) => scene::run_stripes_short(),
        (false, _) => scene::run_streams(),
    };
    title(plan, panel, (&scene::layer(layer + 1), what, value), shapes);
    // From the top down, as the names at the left.
    let y = |share: f32| panel.top + (panel.bottom - panel.top) * share;
    for (at, group) in groups.iter().enumerate().filter(|_| cuts.len() > 1) {
        let upper = |cut: &Cut| at.checked_sub(1).and_then(|at| cut.below.get(at)).copied().unwrap_or(0.0);
        let lower = |cut: &Cut| cut.below.get(at).copied().unwrap_or(0.0);
        let (above, under) = (edge(&cuts, upper, y), edge(&cuts, lower, y));
        let points = above.into_iter().chain(under.into_iter().rev()).collect();
        shapes.push(Shape::Area { points, fill: Role::ShareLoud(theme::hue(group.0, look.experts)) });
        // A line between streams would hide stripes.
        for calm in cuts.split(|cut| cut.jumps).filter(|calm| calm.len() > 1 && at + 1 < groups.len()) {
            let points = calm.iter().map(|cut| point(cut.x, y(lower(cut)))).collect();
            shapes.push(Shape::Curve { points, stroke: Stroke::new(Role::Rim, 1.0) });
        }
    }
    // Around all of them, outside.
    if let ([first, .., last], [_, ..]) = (&*cuts, &*groups) {
        let (width, height) = (last.x - first.x + 1.0, panel.bottom - panel.top + 1.0);
        let (at, stroke) = (point(first.x - 0.5, panel.top - 0.5), Some(Stroke::new(Role::Rim, 1.0)));
        shapes.push(Shape::Rect { at, size: Size { width, height }, radius: 0.0, fill: None, stroke });
    }
    even(plan, panel, (layer, &groups), look.experts, shapes);
    inside(&cuts, panel, (layer, &groups), shapes);
}

/// Even shares: dashed lines, and names between them.
fn even(
    plan: &PlotPlan,
    panel: Panel,
    (layer, groups): (usize, &[(usize, usize)]),
    experts: usize,
    shapes: &mut Vec<Shape>,
) {
    let y = |share: f32| panel.top + (panel.bottom - panel.top) * share;
    let all = experts.max(1) as f32;
    let mut last = f32::MIN;
    for &(first, end) in groups {
        if end < experts {
            let at = y(end as f32 / all);
            let stroke = Stroke::dashed(Role::Ink, 0.6);
            shapes.push(Shape::Line { from: point(plan.axis.left, at), to: point(plan.axis.right, at), stroke });
        }
        let (middle, height) =
            (y((first + end) as f32 / 2.0 / all), (panel.bottom - panel.top) * (end - first) as f32 / all);
        if height >= 4.0 {
            let (hue, size) = (theme::hue(first, experts), 11.5);
            shapes.push(Shape::Rect {
                at: point(plan.axis.left - 7.0, middle - height / 2.0 + 1.0),
                size: Size { width: 4.0, height: height - 2.0 },
                radius: 1.0,
                fill: Some(Role::ShareLoud(hue)),
                stroke: None,
            });
            // Where there is no room for all, every second one or fewer.
            if middle - last >= size {
                last = middle;
                let at = point(plan.axis.left - 11.0, middle + size * 0.36);
                shapes.push(text(at, Anchor::End, (size, false), Role::Soft, name(layer, (first, end))));
            }
        }
    }
}

/// Names in the streams, each where its stream is highest and no other name stands; the highest streams first.
fn inside(cuts: &[Cut], panel: Panel, (layer, groups): (usize, &[(usize, usize)]), shapes: &mut Vec<Shape>) {
    let height = panel.bottom - panel.top;
    // Where it is high for a while, not only for a moment.
    let around = cuts.len() / 24;
    let edges = |at: usize, cut: &Cut| {
        let upper = at.checked_sub(1).and_then(|at| cut.below.get(at)).copied().unwrap_or(0.0);
        (upper, cut.below.get(at).copied().unwrap_or(0.0))
    };
    let high = |at: usize, middle: usize| {
        let span = cuts.get(middle.saturating_sub(around)..(middle + around + 1).min(cuts.len()));
        let heights = span.unwrap_or_default().iter().map(|cut| match edges(at, cut) {
            // No name stands on stripes.
            _ if cut.jumps => 0.0,
            (upper, lower) => lower - upper,
        });
        heights.fold(f32::MAX, f32::min)
    };
    let all = |at: usize| {
        let middles = 2 * around..cuts.len().saturating_sub(2 * around);
        let places = middles.filter_map(|middle| Some((high(at, middle), cuts.get(middle)?)));
        places.filter(|(least, _)| least * height >= NAMED).collect::<Vec<(f32, &Cut)>>()
    };
    let highest = |places: &[(f32, &Cut)]| places.iter().map(|(least, _)| *least).fold(0.0, f32::max);
    let mut streams: Vec<_> = (0..groups.len()).map(|at| (at, all(at))).collect();
    order::sort(&mut streams, |a, b| highest(&b.1).total_cmp(&highest(&a.1)));
    let mut taken: Vec<(Point, f32)> = Vec::new();
    for (at, places) in streams {
        let Some(group) = groups.get(at) else { continue };
        let (words, size) = (name(layer, *group), 12.0);
        let half = words.chars().count() as f32 * size * 0.34 + 2.0;
        let place = |cut: &Cut| {
            let (top, bottom) = edges(at, cut);
            point(cut.x, panel.top + height * (top + bottom) / 2.0 + 4.0)
        };
        let free = |own: Point| {
            taken
                .iter()
                .all(|(other, wide)| (own.x - other.x).abs() > half + wide || (own.y - other.y).abs() > size + 1.0)
        };
        let room = places.iter().filter(|(_, cut)| free(place(cut))).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some(own) = room.map(|(_, cut)| place(cut)) else { continue };
        taken.push((own, half));
        shapes.push(Shape::Text {
            at: own,
            anchor: Anchor::Middle,
            font: Font { size, bold: true, serif: false },
            role: Role::Ink,
            halo: false,
            text: words,
        });
    }
}
