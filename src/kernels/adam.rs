//! One step of Adam on slices, in a single pass: composed from a tensor library's operations it would be a dozen passes over
//! all parameters, which in a tiny model cost as much as the gradient.

use super::parallel;

/// The constants of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scalars {
    /// Decay of the gradient's mean, and the share of the newest one.
    pub first: (f32, f32),
    /// Decay of its square's mean, and the share of the newest one.
    pub second: (f32, f32),
    /// Learning rate over the mean's bias correction.
    pub rate: f32,
    /// The square's bias correction.
    pub correction: f32,
    /// Keeps the division finite.
    pub eps: f32,
}

/// Numbers that are worked on together.
const CHUNK: usize = 1 << 15;

/// Changes parameters and moments, [n] each, in the order of operations in which Burn's would: the same bits come out.
///
/// `m = m b1 + g (1 - b1)`, `v = v b2 + g g (1 - b2)`, `p = p - m rate / (sqrt(v / correction) + eps)` (Kingma and Ba 2015,
/// arXiv:1412.6980, algorithm 1).
pub fn step(value: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32], scalars: Scalars) {
    let chunks = value
        .chunks_mut(CHUNK)
        .zip(gradient.chunks(CHUNK))
        .zip(first.chunks_mut(CHUNK).zip(second.chunks_mut(CHUNK)))
        .collect();
    parallel::each(chunks, |((value, gradient), (first, second))| {
        let Scalars { first: (decay, newest), second: (square_decay, square_newest), rate, correction, eps } = scalars;
        for (((value, &g), m), v) in value.iter_mut().zip(gradient).zip(first).zip(second) {
            *m = *m * decay + g * newest;
            *v = *v * square_decay + g * g * square_newest;
            *value -= *m * rate / ((*v / correction).sqrt() + eps);
        }
    });
}
