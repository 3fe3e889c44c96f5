//! Causal attention within a window, in blocks of queries, so that the part of the score matrix that the mask hides is
//! never computed and the rest never leaves the cache.
//!
//! Query `i` stands at position `keys - queries + i` and sees the `window` positions up to and including its own
//! (Mixtral's and Mistral's `sliding_window`). Heads may share keys and values (grouped queries).
//! Backward recomputes the probabilities from the saved log-sum-exp (Dao et al. 2022, arXiv:2205.14135).

use super::matrix::{View, product_into};
use super::{parallel, vector};
use std::ops::Range;

const BLOCK: usize = 64;

/// Sizes of an attention layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttentionShape {
    /// Sequences in the batch.
    pub batch: usize,
    /// Query positions in each.
    pub queries: usize,
    /// Key positions in each, at least as many.
    pub keys: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Numbers a head, D.
    pub head: usize,
    /// Positions that a query sees, its own included.
    pub window: usize,
}

impl AttentionShape {
    fn q_width(&self) -> usize {
        self.heads * self.head
    }

    fn scale(&self) -> f32 {
        1.0 / (self.head as f32).sqrt()
    }

    /// The keys that a query sees.
    fn visible(&self, query: usize) -> Range<usize> {
        let position = self.keys - self.queries + query;
        (position + 1).saturating_sub(self.window)..position + 1
    }

    /// Rows of head `head` of sequence `batch` in `data`, from row `start`.
    fn rows<'a>(&self, data: &'a [f32], heads: usize, len: usize, at: (usize, usize), rows: Range<usize>) -> View<'a> {
        let width = heads * self.head;
        let offset = (at.0 * len + rows.start) * width + at.1 * self.head;
        View::strided(&data[offset.min(data.len())..], rows.len(), self.head, width)
    }
}

/// Probabilities of one block of queries over `keys`, [rows, keys] in `scores`; `lse` gets, or else gives, each row's
/// log-sum-exp.
fn probabilities(
    shape: &AttentionShape,
    block: &Range<usize>,
    keys: &Range<usize>,
    scores: &mut [f32],
    lse: &mut [f32],
    known: bool,
) {
    for ((query, row), lse) in block.clone().zip(scores.chunks_exact_mut(keys.len())).zip(lse) {
        let seen = shape.visible(query);
        let (from, to) = (seen.start - keys.start, seen.end - keys.start);
        row[..from].fill(0.0);
        row[to..].fill(0.0);
        let row = &mut row[from..to];
        if known {
            vector::exp_shifted(row, *lse);
        } else {
            let max = vector::max(row);
            let sum = vector::exp_shifted(row, max);
            vector::scale(row, 1.0 / sum);
            *lse = max + sum.ln();
        }
    }
}

/// Copies [batch, heads, len, D] into rows [batch * len, heads * D].
fn to_rows(by_head: &[f32], shape: &AttentionShape, heads: usize, len: usize) -> Vec<f32> {
    let (head, width) = (shape.head, heads * shape.head);
    let mut rows = vec![0.0; by_head.len()];
    for (at, block) in by_head.chunks_exact(len * head).enumerate() {
        let (batch, h) = (at / heads, at % heads);
        for (i, values) in block.chunks_exact(head).enumerate() {
            let start = (batch * len + i) * width + h * head;
            rows[start..start + head].copy_from_slice(values);
        }
    }
    rows
}

/// Output rows [batch * queries, heads * D] and each query's log-sum-exp [batch, heads, queries].
///
/// `q` [batch * queries, heads * D], `k` and `v` [batch * keys, kv_heads * D], already turned to their positions.
pub fn forward(shape: AttentionShape, q: &[f32], k: &[f32], v: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let AttentionShape { batch, queries, keys, heads, kv_heads, head, .. } = shape;
    if batch * queries == 0 {
        return (Vec::new(), Vec::new());
    }
    let mut out = vec![0.0; batch * queries * shape.q_width()];
    let mut lse = vec![0.0; batch * heads * queries];
    let work = out.chunks_exact_mut(queries * head).zip(lse.chunks_exact_mut(queries)).enumerate().collect();
    parallel::each(work, |(at, (out, lse)): (usize, (&mut [f32], &mut [f32]))| {
        let (b, h) = (at / heads, at % heads);
        let kv = (b, h / (heads / kv_heads));
        let mut scores = Vec::new();
        for block in parallel::ranges(queries, BLOCK) {
            let seen = shape.visible(block.start).start..shape.visible(block.end - 1).end;
            scores.resize(block.len() * seen.len(), 0.0);
            let q = shape.rows(q, heads, queries, (b, h), block.clone());
            let (k, v) =
                (shape.rows(k, kv_heads, keys, kv, seen.clone()), shape.rows(v, kv_heads, keys, kv, seen.clone()));
            product_into(&mut scores, seen.len(), q, k.t(), shape.scale(), false);
            probabilities(&shape, &block, &seen, &mut scores, &mut lse[block.clone()], false);
            let p = View::new(&scores, block.len(), seen.len());
            product_into(&mut out[block.start * head..block.end * head], head, p, v, 1.0, false);
        }
    });
    (to_rows(&out, &shape, heads, queries), lse)
}

/// Gradients with respect to `q`, `k` and `v`, in their shapes, given the output, its log-sum-exps and `d_out`.
pub fn backward(
    shape: AttentionShape,
    [q, k, v]: [&[f32]; 3],
    out: &[f32],
    lse: &[f32],
    d_out: &[f32],
) -> [Vec<f32>; 3] {
    let AttentionShape { batch, queries, keys, heads, kv_heads, head, .. } = shape;
    if batch * queries == 0 {
        return [Vec::new(), vec![0.0; k.len()], vec![0.0; v.len()]];
    }
    let group = heads / kv_heads;
    let mut d_q = vec![0.0; q.len()];
    let (mut d_k, mut d_v) = (vec![0.0; k.len()], vec![0.0; v.len()]);
    let work = d_q
        .chunks_exact_mut(group * queries * head)
        .zip(d_k.chunks_exact_mut(keys * head))
        .zip(d_v.chunks_exact_mut(keys * head))
        .enumerate()
        .collect();
    type Piece<'a> = (usize, ((&'a mut [f32], &'a mut [f32]), &'a mut [f32]));
    parallel::each(work, |(at, ((d_q, d_k), d_v)): Piece<'_>| {
        let kv = (at / kv_heads, at % kv_heads);
        let (mut p, mut d_p) = (Vec::new(), Vec::new());
        for (member, d_q) in d_q.chunks_exact_mut(queries * head).enumerate() {
            let at = (kv.0, kv.1 * group + member);
            let lse_start = (at.0 * heads + at.1) * queries;
            for block in parallel::ranges(queries, BLOCK) {
                let seen = shape.visible(block.start).start..shape.visible(block.end - 1).end;
                let cells = block.len() * seen.len();
                p.resize(cells, 0.0);
                d_p.resize(cells, 0.0);
                let q = shape.rows(q, heads, queries, at, block.clone());
                let d_o = shape.rows(d_out, heads, queries, at, block.clone());
                let k = shape.rows(k, kv_heads, keys, kv, seen.clone());
                let v = shape.rows(v, kv_heads, keys, kv, seen.clone());
                product_into(&mut p, seen.len(), q, k.t(), shape.scale(), false);
                let mut known = lse[lse_start + block.start..lse_start + block.end].to_vec();
                probabilities(&shape, &block, &seen, &mut p, &mut known, true);
                let probs = View::new(&p, block.len(), seen.len());
                product_into(&mut d_v[seen.start * head..seen.end * head], head, probs.t(), d_o, 1.0, true);
                product_into(&mut d_p, seen.len(), d_o, v.t(), 1.0, false);
                for (i, (d_row, row)) in d_p.chunks_exact_mut(seen.len()).zip(p.chunks_exact(seen.len())).enumerate() {
                    let start = (at.0 * queries + block.start + i) * shape.q_width() + at.1 * head;
                    let delta = vector::dot(&out[start..start + head], &d_out[start..start + head]);
                    for (d, p) in d_row.iter_mut().zip(row) {
                        *d = p * (*d - delta);
                    }
                }
                let d_s = View::new(&d_p, block.len(), seen.len());
                product_into(&mut d_q[block.start * head..block.end * head], head, d_s, k, shape.scale(), false);
                product_into(&mut d_k[seen.start * head..seen.end * head], head, d_s.t(), q, shape.scale(), true);
            }
        }
    });
    [
        to_rows(&d_q, &shape, heads, queries),
        to_rows(&d_k, &shape, kv_heads, keys),
        to_rows(&d_v, &shape, kv_heads, keys),
    ]
}
