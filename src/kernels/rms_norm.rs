//! Root-mean-square normalisation: `y = w * x / sqrt(mean(x^2) + eps)` for every row (Zhang and Sennrich 2019,
//! arXiv:1910.07467).

use super::vector::dot;

/// Normalised rows. `x` [T, d], `weight` [d].
pub fn forward(x: &[f32], weight: &[f32], eps: f32) -> Vec<f32> {
    let width = weight.len();
    let mut y = vec![0.0; x.len()];
    for (y, x) in y.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
        let inverse = inverse_rms(x, eps);
        for ((y, x), w) in y.iter_mut().zip(x).zip(weight) {
            *y = w * (x * inverse);
        }
    }
    y
}

/// Gradients with respect to `x` and `weight`, given `dy` [T, d].
///
/// With `r = 1 / rms`: `dx = r (w dy) - x r^3 / d * sum(w dy x)`, `dw = sum over rows of dy x r`.
pub fn backward(x: &[f32], weight: &[f32], eps: f32, dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let width = weight.len();
    let (mut d_x, mut d_weight) = (vec![0.0; x.len()], vec![0.0; width]);
    let mut scaled = vec![0.0; width];
    for ((d_x, x), dy) in d_x.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(dy.chunks_exact(width)) {
        let inverse = inverse_rms(x, eps);
        for i in 0..width {
            scaled[i] = weight[i] * dy[i];
            d_weight[i] += dy[i] * x[i] * inverse;
        }
        let pull = dot(&scaled, x) * inverse * inverse * inverse / width as f32;
        for i in 0..width {
            d_x[i] = scaled[i] * inverse - x[i] * pull;
        }
    }
    (d_x, d_weight)
}

fn inverse_rms(x: &[f32], eps: f32) -> f32 {
    1.0 / (dot(x, x) / x.len() as f32 + eps).sqrt()
}
