//! The chosen experts, and only those: gather the tokens of each expert, two matrix products, add back by weight.
//!
//! `y[t] = sum_s w[t,s] * D_e (silu(G_e x[t]) * (U_e x[t]))` with `e = choice[t,s]` (SwiGLU experts, Shazeer 2020,
//! arXiv:2002.05202; sparse sum of Shazeer et al. 2017, eq. 1). Tokens are sorted by expert with a counting sort, so
//! each expert is one matrix product over its own rows, and no row is computed for an expert that was not chosen.

use super::matrix::{View, product};
use super::{parallel, vector};

/// Sizes of a sparse layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpertShape {
    /// Tokens, T.
    pub tokens: usize,
    /// Chosen experts for a token, k.
    pub slots: usize,
    /// Experts, E.
    pub experts: usize,
    /// Width of the residual stream, d.
    pub width: usize,
    /// Width inside an expert, F.
    pub inner: usize,
}

/// What the backward pass needs from the forward pass, rows in expert order.
#[derive(Debug)]
pub struct Saved {
    routes: Routes,
    gathered: Vec<f32>,
    before: Vec<f32>,
    outputs: Vec<f32>,
}

/// Gradients of a scalar with respect to the inputs of [`forward`].
pub struct Gradients {
    /// [T, d]
    pub x: Vec<f32>,
    /// [E, 2F, d]
    pub gate_up: Vec<f32>,
    /// [E, d, F]
    pub down: Vec<f32>,
    /// [T, k]
    pub weights: Vec<f32>,
}

/// The place of a choice that is not computed.
const NOWHERE: usize = usize::MAX;

#[derive(Debug)]
struct Routes {
    /// place in expert order -> t * k + s
    order: Vec<usize>,
    /// t * k + s -> place in expert order; `NOWHERE` if nothing is computed for it
    place: Vec<usize>,
    /// rows of each expert
    counts: Vec<usize>,
}

impl Routes {
    fn sort(choice: &[i32], experts: usize) -> Self {
        let mut counts = vec![0; experts];
        let made = || choice.iter().enumerate().filter(|&(_, &expert)| expert >= 0);
        for (_, &expert) in made() {
            counts[expert as usize] += 1;
        }
        let mut next: Vec<usize> = counts
            .iter()
            .scan(0, |sum, count| {
                let start = *sum;
                *sum += count;
                Some(start)
            })
            .collect();
        let (mut order, mut place) = (vec![0; counts.iter().sum()], vec![NOWHERE; choice.len()]);
        for (route, &expert) in made() {
            let at = next[expert as usize];
            next[expert as usize] += 1;
            order[at] = route;
            place[route] = at;
        }
        Self { order, place, counts }
    }
}

/// Splits a slice into one piece for each expert, `width` numbers a row.
fn by_expert<'a>(mut rest: &'a mut [f32], counts: &[usize], width: usize) -> Vec<&'a mut [f32]> {
    counts
        .iter()
        .map(|count| {
            let (piece, tail) = std::mem::take(&mut rest).split_at_mut(count * width);
            rest = tail;
            piece
        })
        .collect()
}

fn silu_times_up(before: &[f32], inner: usize, rows: usize) -> Vec<f32> {
    let mut active = vec![0.0; rows * inner];
    for (out, row) in active.chunks_exact_mut(inner).zip(before.chunks_exact(2 * inner)) {
        let (gate, up) = row.split_at(inner);
        for ((out, &gate), &up) in out.iter_mut().zip(gate).zip(up) {
            *out = gate * vector::sigmoid(gate) * up;
        }
    }
    active
}

/// The layer's output [T, d], and what [`backward`] needs.
///
/// `x` [T, d], `gate_up` [E, 2F, d] (gate rows first), `down` [E, d, F], `choice` [T, k] with entries below E (negative
/// ones stand for no expert, whatever their weight), `weights` [T, k].
pub fn forward(
    shape: ExpertShape,
    x: &[f32],
    gate_up: &[f32],
    down: &[f32],
    choice: &[i32],
    weights: &[f32],
) -> (Vec<f32>, Saved) {
    let ExpertShape { tokens, slots, experts, width, inner } = shape;
    let routes = Routes::sort(choice, experts);
    let rows = routes.order.len();
    let mut gathered = vec![0.0; rows * width];
    for (row, &route) in gathered.chunks_exact_mut(width).zip(&routes.order) {
        let token = route / slots;
        row.copy_from_slice(&x[token * width..(token + 1) * width]);
    }
    let mut before = vec![0.0; rows * 2 * inner];
    let mut outputs = vec![0.0; rows * width];
    let mut start = 0;
    let mut work = Vec::with_capacity(experts);
    let pieces = by_expert(&mut before, &routes.counts, 2 * inner).into_iter().zip(by_expert(
        &mut outputs,
        &routes.counts,
        width,
    ));
    for (expert, (before, outputs)) in pieces.enumerate() {
        let count = routes.counts[expert];
        work.push((expert, &gathered[start * width..(start + count) * width], before, outputs));
        start += count;
    }
    parallel::each(work, |(expert, gathered, before, outputs)| {
        let count = outputs.len() / width;
        let gate_up = &gate_up[expert * 2 * inner * width..(expert + 1) * 2 * inner * width];
        let down = &down[expert * width * inner..(expert + 1) * width * inner];
        product(before, View::new(gathered, count, width), View::new(gate_up, 2 * inner, width).t());
        let active = silu_times_up(before, inner, count);
        product(outputs, View::new(&active, count, inner), View::new(down, width, inner).t());
    });
    let mut y = vec![0.0; tokens * width];
    let places = &routes.place;
    for (token, y) in y.chunks_exact_mut(width).enumerate() {
        let routes = token * slots..(token + 1) * slots;
        for (place, weight) in
            places[routes.clone()].iter().zip(&weights[routes]).filter(|(place, _)| **place != NOWHERE)
        {
            vector::add_scaled(y, &outputs[place * width..(place + 1) * width], *weight);
        }
    }
    (y, Saved { routes, gathered, before, outputs })
}

/// Gradients given `dy` [T, d].
pub fn backward(
    shape: ExpertShape,
    saved: &Saved,
    gate_up: &[f32],
    down: &[f32],
    weights: &[f32],
    dy: &[f32],
) -> Gradients {
    let ExpertShape { tokens, slots, experts, width, inner } = shape;
    let Saved { routes, gathered, before, outputs } = saved;
    let rows = routes.order.len();
    let mut d_weights = vec![0.0; tokens * slots];
    for (place, &route) in routes.order.iter().enumerate() {
        let (token, d_weight) = (route / slots, &mut d_weights[route]);
        *d_weight = vector::dot(&dy[token * width..(token + 1) * width], &outputs[place * width..(place + 1) * width]);
    }
    let mut d_gathered = vec![0.0; rows * width];
    let mut d_gate_up = vec![0.0; experts * 2 * inner * width];
    let mut d_down = vec![0.0; experts * width * inner];
    let mut start = 0;
    let mut work = Vec::with_capacity(experts);
    let pieces = by_expert(&mut d_gathered, &routes.counts, width)
        .into_iter()
        .zip(d_gate_up.chunks_exact_mut(2 * inner * width))
        .zip(d_down.chunks_exact_mut(width * inner));
    for (expert, ((d_gathered, d_gate_up), d_down)) in pieces.enumerate() {
        let count = routes.counts[expert];
        work.push((expert, start..start + count, d_gathered, d_gate_up, d_down));
        start += count;
    }
    parallel::each(work, |(expert, places, d_gathered, d_gate_up, d_down)| {
        let count = places.len();
        let gathered = &gathered[places.start * width..places.end * width];
        let before = &before[places.start * 2 * inner..places.end * 2 * inner];
        let gate_up = &gate_up[expert * 2 * inner * width..(expert + 1) * 2 * inner * width];
        let down = &down[expert * width * inner..(expert + 1) * width * inner];
        let mut d_out = vec![0.0; count * width];
        for (row, &route) in d_out.chunks_exact_mut(width).zip(&routes.order[places]) {
            let token = route / slots;
            vector::add_scaled(row, &dy[token * width..(token + 1) * width], weights[route]);
        }
        let mut d_active = vec![0.0; count * inner];
        product(&mut d_active, View::new(&d_out, count, width), View::new(down, width, inner));
        let active = silu_times_up(before, inner, count);
        product(d_down, View::new(&d_out, count, width).t(), View::new(&active, count, inner));
        let mut d_before = vec![0.0; count * 2 * inner];
        let rows = d_before.chunks_exact_mut(2 * inner).zip(before.chunks_exact(2 * inner));
        for ((d_row, row), d_active) in rows.zip(d_active.chunks_exact(inner)) {
            let (gate, up) = row.split_at(inner);
            let (d_gate, d_up) = d_row.split_at_mut(inner);
            for i in 0..inner {
                let sigmoid = vector::sigmoid(gate[i]);
                let silu = gate[i] * sigmoid;
                d_up[i] = d_active[i] * silu;
                d_gate[i] = d_active[i] * up[i] * (sigmoid + silu * (1.0 - sigmoid));
            }
        }
        product(d_gate_up, View::new(&d_before, count, 2 * inner).t(), View::new(gathered, count, width));
        product(d_gathered, View::new(&d_before, count, 2 * inner), View::new(gate_up, 2 * inner, width));
    });
    let mut d_x = vec![0.0; tokens * width];
    for (token, d_x) in d_x.chunks_exact_mut(width).enumerate() {
        let places = routes.place[token * slots..(token + 1) * slots].iter();
        for place in places.filter(|&&place| place != NOWHERE) {
            vector::add_scaled(d_x, &d_gathered[place * width..(place + 1) * width], 1.0);
        }
    }
    Gradients { x: d_x, gate_up: d_gate_up, down: d_down, weights: d_weights }
}
