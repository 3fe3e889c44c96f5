//! What lies under the pointer.

use super::{
    layout::Layout,
    shape::{Point, point},
};
use crate::trace::Trace;

/// How far from a ribbon or a node still counts.
const REACH: f32 = 9.0;

/// Something that can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A layer, by its head.
    Layer(usize),
    /// An expert of a layer.
    Expert {
        /// The layer.
        layer: usize,
        /// The expert.
        expert: usize,
    },
    /// A token on its way through a layer.
    Token {
        /// The layer.
        layer: usize,
        /// The token.
        token: usize,
    },
}

/// What lies at `at`; `None` for empty ground.
pub fn hit(trace: &Trace, layout: &Layout, at: Point) -> Option<Target> {
    let layer = layout.nodes.windows(2).position(|pair| pair[0] <= at.x && at.x < pair[1]);
    let Some(layer) = layer else { return outside(trace, layout, at) };
    if at.y < layout.top - 4.0 {
        return Some(Target::Layer(layer));
    }
    if at.y > layout.bottom + 4.0 {
        return None;
    }
    let column = layout.columns.get(layer)?;
    if (column.x..=column.x + layout.cell).contains(&at.x) {
        // The gap below a row belongs to it: thin rows would else be hard to hit.
        let below = column.rows.partition_point(|row| row.y <= at.y);
        return Some(Target::Expert { layer, expert: below.saturating_sub(1) });
    }
    nearest(trace, layout, layer, at).map(|token| Target::Token { layer, token })
}

/// Left of the first nodes lie the names of lanes; right of the last, their ends.
fn outside(trace: &Trace, layout: &Layout, at: Point) -> Option<Target> {
    let inside = !trace.is_empty() && at.y >= layout.top && at.y < layout.bottom;
    let layer = if at.x < *layout.nodes.first()? { 0 } else { layout.columns.len().checked_sub(1)? };
    let share = (at.y - layout.top) / (layout.bottom - layout.top);
    let token = ((share * trace.len() as f32) as usize).min(trace.len().saturating_sub(1));
    inside.then_some(Target::Token { layer, token })
}

/// The token with the nearest ribbon at this height.
fn nearest(trace: &Trace, layout: &Layout, layer: usize, at: Point) -> Option<usize> {
    let (column, left, right) = (layout.columns.get(layer)?, *layout.nodes.get(layer)?, layout.node_after(layer));
    let across = if at.x < column.x {
        (at.x - left) / (column.x - left)
    } else {
        (right - at.x) / (right - column.x - layout.cell)
    };
    let rise = rise(across);
    let top_k = trace.layers.get(layer)?.info.top_k;
    let ways = (0..trace.len()).flat_map(|token| (0..top_k).map(move |choice| (token, choice)));
    let distance = |(token, choice)| {
        let lane = layout.lane(token);
        let y = lane + (layout.slot(layer, token, choice)? - lane) * rise;
        Some(((y - at.y).abs(), token))
    };
    let (distance, token) = ways.filter_map(distance).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= REACH).then_some(token)
}

/// How far a ribbon has risen (0 to 1) where it is `across` of its way (0 to 1).
///
/// Across goes as 1.5 t - 1.5 t^2 + t^3 with the curve's parameter t, and up as 3 t^2 - 2 t^3.
pub fn rise(across: f32) -> f32 {
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    for _ in 0..24 {
        let t = (low + high) / 2.0;
        if cross(t) < across { low = t } else { high = t }
    }
    let t = (low + high) / 2.0;
    t * t * (3.0 - 2.0 * t)
}

/// How far across a ribbon is at its parameter t.
pub(super) fn cross(t: f32) -> f32 {
    t * (1.5 + t * (t - 1.5))
}

/// Places to point at in tests and lessons: the middle of an expert's cell.
pub fn cell(layout: &Layout, layer: usize, expert: usize) -> Option<Point> {
    let column = layout.columns.get(layer)?;
    Some(point(column.x + layout.cell / 2.0, column.rows.get(expert)?.middle()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        scene::{ViewState, shape::Size},
        trace::sample,
    };

    fn setting(tokens: usize, experts: usize, k: usize) -> (Trace, Layout) {
        let trace = sample::trace(tokens, 4, experts, k);
        let layout = Layout::new(&trace, &ViewState::default(), Size { width: 1060.0, height: 600.0 });
        (trace, layout)
    }

    /// De Casteljau's construction with control points half-way across.
    fn bezier(t: f32) -> (f32, f32) {
        let mix = |a: (f32, f32), b: (f32, f32)| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let [a, b, c, d] = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (1.0, 1.0)];
        let (ab, bc, cd) = (mix(a, b), mix(b, c), mix(c, d));
        mix(mix(ab, bc), mix(bc, cd))
    }

    #[test]
    fn rise_follows_the_painted_curve() {
        for i in 0..=50 {
            let (across, up) = bezier(i as f32 / 50.0);
            assert!((rise(across) - up).abs() < 1e-4, "{across}: {} is not {up}", rise(across));
        }
    }

    #[test]
    fn every_cell_is_found_at_its_middle() {
        for experts in [1, 8, 64, 128] {
            let (trace, layout) = setting(30, experts, 1);
            for (layer, expert) in (0..4).flat_map(|l| (0..experts).map(move |e| (l, e))) {
                let found = hit(&trace, &layout, cell(&layout, layer, expert).unwrap());
                assert_eq!(found, Some(Target::Expert { layer, expert }));
            }
        }
    }

    #[test]
    fn tokens_are_found_at_their_nodes_and_on_their_ribbons() {
        let (trace, layout) = setting(18, 8, 2);
        for token in 0..18 {
            for layer in 0..4 {
                let at = point(layout.nodes[layer] + 0.5, layout.lane(token));
                assert_eq!(hit(&trace, &layout, at), Some(Target::Token { layer, token }));
                let at = point(layout.columns[layer].x - 0.2, layout.slot(layer, token, 0).unwrap());
                assert_eq!(hit(&trace, &layout, at), Some(Target::Token { layer, token }));
            }
            let at = point(10.0, layout.lane(token));
            assert_eq!(hit(&trace, &layout, at), Some(Target::Token { layer: 0, token }));
        }
    }

    #[test]
    fn heads_are_layers_and_the_rest_is_ground() {
        let (trace, layout) = setting(18, 8, 2);
        assert_eq!(hit(&trace, &layout, point(layout.columns[2].x, 20.0)), Some(Target::Layer(2)));
        for at in [point(-5.0, -5.0), point(500.0, 599.0), point(f32::NAN, 10.0), point(5.0, f32::NAN)] {
            assert_eq!(hit(&trace, &layout, at), None);
        }
        let (none, layout) = setting(0, 8, 2);
        assert_eq!(hit(&none, &layout, point(5.0, 300.0)), None);
    }
}
