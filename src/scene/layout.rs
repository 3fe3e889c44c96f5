//! Where everything of the flow picture lies: columns of experts, lanes of tokens, and where ribbons dock.
//!
//! From left to right: a column of nodes, one for each token's lane; then for every layer a column of cells, one for each
//! expert, and another column of nodes, where what the experts gave is added to the lane. Ribbons only ever join a node to
//! a cell, so the picture cannot claim that an expert feeds an expert.
//!
//! What is drawn must not grow with the text: lanes that would be closer than a few pixels, or more ribbons than a
//! picture can hold, bundle into rivers of neighbouring tokens.

pub use super::shape::Size;

use super::{
    ViewState,
    rows::{self, Row},
    shape::SMALLEST,
};
use crate::trace::{LayerTrace, Matrix, Trace, metrics::LayerMetrics};

/// Ribbons that a picture may have before tokens bundle.
const MOST_RIBBONS: usize = 3_200;
/// Closest that lanes may be before tokens bundle.
const LEAST_LANE: f32 = 6.0;
/// Experts that share a ribbon of a river where there are more than [`rows::MOST_CELLS`].
const BANK: usize = 8;
/// Narrowest way from node to node. With more layers the picture becomes wider than asked for, and then comfortably so.
const LEAST_PITCH: f32 = 40.0;
const SCROLLED_PITCH: f32 = 64.0;
/// Height of the shared experts' cell, and the gap above and below it.
const SHARED: f32 = 18.0;
const GAP: f32 = 8.0;
/// From this width on the picture has room for names of tokens.
const WIDE: f32 = 640.0;

/// One layer's cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Left edge of the cells.
    pub x: f32,
    /// The cells, from the first expert downwards.
    pub rows: Vec<Row>,
    /// Choices of a token, k.
    top_k: usize,
    /// Where the ribbon of token t to its choice c docks, at t k + c.
    slots: Vec<f32>,
}

/// Places for a trace, a selection and a size.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Size of the picture.
    pub size: Size,
    /// Width that was asked for: what is seen at once of a picture that is wider.
    pub shown: f32,
    /// Whether there is room for names.
    pub wide: bool,
    /// Upper end of lanes and cells.
    pub top: f32,
    /// Lower end of lanes and cells.
    pub bottom: f32,
    /// The cell of the experts that every token passes through, below those that are chosen, where there are some.
    pub shared: Option<Row>,
    /// Width of a cell.
    pub cell: f32,
    /// Layers, left to right.
    pub columns: Vec<Column>,
    /// Columns of nodes, one more than layers.
    pub nodes: Vec<f32>,
    /// Lanes or, where tokens bundle, rivers.
    pub bundles: usize,
    /// Experts that share a river's ribbon.
    pub bank: usize,
    /// The share of choices that fills a cell, the same in all layers.
    pub full: f64,
    /// Numbers of each layer.
    pub metrics: Vec<LayerMetrics>,
    tokens: usize,
    top_k: usize,
}

impl Layout {
    /// Places for a picture of about `size`.
    pub fn new(trace: &Trace, view: &ViewState, size: Size) -> Self {
        let (layers, experts) = (trace.layers.len(), trace.model.experts.max(1));
        let wide = size.width >= WIDE;
        let (left, right) = if wide { (104.0, 22.0) } else { (12.0, 12.0) };
        let pitch = (size.width - left - right) / layers.max(1) as f32;
        let pitch = if pitch < LEAST_PITCH { SCROLLED_PITCH } else { pitch };
        let cell = (pitch * if pitch < 140.0 { 0.52 } else { 0.4 }).clamp(18.0, 104.0);
        let (top, foot) = if wide { (58.0, 34.0) } else { (44.0, 24.0) };
        let under = if trace.model.constants.shared > 0 { SHARED + 2.0 * GAP } else { 0.0 };
        let bottom = (size.height - foot - under).max(top + 40.0);
        let shared = (under > 0.0).then_some(Row { y: bottom + GAP, height: SHARED, named: true });
        let metrics = super::method::blended::metrics(trace);
        let highest = metrics.iter().flat_map(|m| m.share.iter().copied()).fold(0.0, f64::max);
        let full = (2.6 / experts as f64).max(highest).min(1.0);
        let nodes: Vec<f32> = (0..=layers).map(|l| left + pitch * l as f32).collect();
        let columns = trace.layers.iter().zip(&nodes).enumerate().map(|(l, (layer, node))| {
            let mut lens: Vec<usize> = layer.chosen(view.token).iter().map(|&id| usize::from(id)).collect();
            lens.extend(view.expert.filter(|_| view.layer == l));
            let rows = rows::rows(layer.info.experts.max(1), (top, bottom), &lens);
            Column { x: node + (pitch - cell) / 2.0, top_k: layer.info.top_k, slots: slots(layer, &rows), rows }
        });
        let mut layout = Self {
            size: Size { width: left + pitch * layers as f32 + right, height: bottom + under + foot },
            shown: size.width,
            wide,
            top,
            bottom,
            shared,
            cell,
            columns: columns.collect(),
            nodes,
            bundles: 0,
            bank: 1,
            full,
            metrics,
            tokens: trace.len(),
            top_k: trace.model.top_k,
        };
        layout.bundle(experts);
        layout
    }

    /// Decides whether tokens bundle, and into how many.
    fn bundle(&mut self, experts: usize) {
        let layers = self.columns.len().max(1);
        let lanes = ((self.bottom - self.top) / LEAST_LANE) as usize;
        let room = MOST_RIBBONS / (2 * layers);
        if self.tokens <= lanes && self.tokens * self.top_k <= room {
            self.bundles = self.tokens;
            return;
        }
        self.bank = if experts > rows::MOST_CELLS { BANK } else { 1 };
        let most = (room / experts.div_ceil(self.bank)).clamp(8, 64);
        self.bundles = most.min(self.tokens).min(((self.bottom - self.top) / 9.0) as usize).max(1);
    }

    /// Whether places depend on what is selected.
    pub fn lensed(&self) -> bool {
        self.columns.iter().any(|column| column.rows.len() > rows::MOST_CELLS)
    }

    /// Whether tokens bundle.
    pub fn bundled(&self) -> bool {
        self.bundles < self.tokens
    }

    /// The bundle of a token.
    pub fn bundle_of(&self, token: usize) -> usize {
        token * self.bundles / self.tokens.max(1)
    }

    /// Height of a token's lane.
    pub fn lane(&self, token: usize) -> f32 {
        self.top + (self.bottom - self.top) * (token as f32 + 0.5) / self.tokens.max(1) as f32
    }

    /// Height of a bundle's middle.
    pub fn river(&self, bundle: usize) -> f32 {
        self.top + (self.bottom - self.top) * (bundle as f32 + 0.5) / self.bundles.max(1) as f32
    }

    /// Distance between neighbouring lanes or rivers.
    pub fn spacing(&self) -> f32 {
        (self.bottom - self.top) / self.bundles.max(1) as f32
    }

    /// Where the ribbon of a token's choice docks at its expert's cell.
    pub fn slot(&self, layer: usize, token: usize, choice: usize) -> Option<f32> {
        let column = self.columns.get(layer)?;
        column.slots.get(token * column.top_k + choice).copied()
    }

    /// The column of nodes after a layer.
    pub fn node_after(&self, layer: usize) -> f32 {
        self.nodes.get(layer.saturating_add(1)).copied().unwrap_or_default()
    }

    /// Width of a quiet ribbon that carries `weight`, the sum over a bundle.
    pub fn ribbon(&self, weight: f32) -> f32 {
        let lane = (self.bottom - self.top) / self.tokens.max(1) as f32;
        let weight = weight.max(0.0);
        if self.bundled() {
            0.3 + 0.5 * lane * weight
        } else {
            0.4 + (0.4 * lane).min(if self.wide { 4.4 } else { 2.4 }) * weight
        }
    }

    /// Width of the selected token's ribbon.
    pub fn loud_ribbon(&self, weight: f32) -> f32 {
        (if self.wide { 1.0 + 8.0 * weight } else { 0.8 + 5.0 * weight }).clamp(0.6, 14.0)
    }

    /// Size of small text.
    pub fn small(&self) -> f32 {
        SMALLEST
    }
}

/// Ribbons dock along a cell in the order of the tokens, each with room for its weight.
fn slots(layer: &LayerTrace, rows: &[Row]) -> Vec<f32> {
    // Zero weights too need a place, hence the small addition.
    let room = |weight: f32| weight.max(0.0) + 1e-3;
    let weights = layer.weights.as_ref().map(Matrix::as_slice);
    // Where weights are not recorded, all have the same room.
    let weight = |at: usize| weights.map_or(1.0, |weights| weights.get(at).copied().unwrap_or_default());
    let pairs = || layer.experts.as_slice().iter().enumerate().map(|(at, &id)| (usize::from(id), weight(at)));
    let mut sums = vec![0.0_f32; rows.len()];
    for (expert, weight) in pairs() {
        if let Some(sum) = sums.get_mut(expert) {
            *sum += room(weight);
        }
    }
    let mut used = vec![0.0_f32; rows.len()];
    pairs()
        .map(|(expert, weight)| match (rows.get(expert), used.get_mut(expert), sums.get(expert)) {
            (Some(row), Some(used), Some(sum)) => {
                let at = (*used + room(weight) / 2.0) / sum;
                *used += room(weight);
                row.dock(at)
            }
            _ => 0.0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    const SIZE: Size = Size { width: 1060.0, height: 600.0 };

    fn layout(tokens: usize, layers: usize, experts: usize, k: usize, size: Size) -> Layout {
        Layout::new(&sample::trace(tokens, layers, experts, k), &ViewState::default(), size)
    }

    #[test]
    fn columns_stand_between_their_nodes() {
        for (layers, width) in [(4, 1060.0), (4, 390.0), (8, 390.0), (24, 390.0), (1, 200.0)] {
            let layout = layout(18, layers, 8, 2, Size { width, height: 500.0 });
            assert!(layout.size.width >= width - 0.1);
            for (l, column) in layout.columns.iter().enumerate() {
                assert!(layout.nodes[l] + 8.0 <= column.x && column.x + layout.cell + 8.0 <= layout.nodes[l + 1]);
            }
            assert!(layout.nodes[layers] < layout.size.width);
        }
    }

    #[test]
    fn ribbons_dock_in_their_cell_in_the_order_of_the_tokens() {
        let trace = sample::trace(40, 2, 8, 2);
        let layout = Layout::new(&trace, &ViewState::default(), SIZE);
        for (l, layer) in trace.layers.iter().enumerate() {
            let mut last = [0.0_f32; 8];
            for (t, ids) in layer.experts.iter().enumerate() {
                for (c, &id) in ids.iter().enumerate() {
                    let (y, row) = (layout.slot(l, t, c).unwrap(), layout.columns[l].rows[usize::from(id)]);
                    assert!(row.y < y && y < row.y + row.height);
                    assert!(y > last[usize::from(id)]);
                    last[usize::from(id)] = y;
                }
            }
        }
    }

    #[test]
    fn many_tokens_bundle_and_few_do_not() {
        assert!(!layout(1, 4, 8, 2, SIZE).bundled());
        assert!(!layout(60, 4, 8, 2, SIZE).bundled());
        for (tokens, layers, experts, k) in [(2000, 4, 8, 2), (4096, 8, 64, 8), (100, 16, 128, 8), (70_000, 2, 4, 1)] {
            let layout = layout(tokens, layers, experts, k, SIZE);
            assert!(layout.bundled());
            assert!(layout.bundles * experts.div_ceil(layout.bank) * layers * 2 <= MOST_RIBBONS + 2048);
            let bundles: Vec<_> = (0..tokens).map(|t| layout.bundle_of(t)).collect();
            assert!(bundles.is_sorted() && bundles.last() == Some(&(layout.bundles - 1)));
        }
    }

    /// Weights of a token add up to 1, so all ribbons of a layer together are half as high as the
    /// lanes, however many.
    #[test]
    fn rivers_keep_their_total_width() {
        let layout = layout(2000, 4, 8, 2, SIZE);
        let total = layout.ribbon(2000.0) - layout.ribbon(0.0);
        assert!((total - 0.5 * (layout.bottom - layout.top)).abs() < 1e-2);
    }

    #[test]
    fn no_token_and_no_size_give_a_layout_too() {
        let empty = layout(0, 3, 8, 2, Size::default());
        assert!(!empty.bundled() && empty.lane(0).is_finite() && empty.spacing().is_finite());
    }
}
