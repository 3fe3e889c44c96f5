//! Rotary positions (Su et al. 2021, arXiv:2104.09864) in the half-split convention of Llama and Mixtral: component `i`
//! and component `i + D/2` of a head turn together by `position * theta^(-2i/D)`.
//!
//! Angles are computed in 32-bit floats, step by step as Hugging Face's transformers does, so that both agree at
//! positions in the thousands too.

/// Cosines and sines, [positions, D/2] each.
pub struct Angles {
    half: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Angles {
    /// For positions `start..start + len` and heads of width `head`.
    pub fn new(start: usize, len: usize, head: usize, theta: f32) -> Self {
        let half = head / 2;
        let frequencies: Vec<f32> = (0..half).map(|i| 1.0 / theta.powf((2 * i) as f32 / head as f32)).collect();
        let angles = || (start..start + len).flat_map(|p| frequencies.iter().map(move |f| p as f32 * f));
        Self { half, cos: angles().map(f32::cos).collect(), sin: angles().map(f32::sin).collect() }
    }

    /// Cosines, [positions, D/2] row-major.
    pub fn cos(&self) -> &[f32] {
        &self.cos
    }

    /// Sines, [positions, D/2] row-major.
    pub fn sin(&self) -> &[f32] {
        &self.sin
    }

    /// Turns rows in place: `x` [batch * len, heads * D], position by position, backwards if `inverse`.
    pub fn rotate(&self, x: &mut [f32], width: usize, inverse: bool) {
        let half = self.half;
        let len = self.cos.len() / half.max(1);
        for (row, x) in x.chunks_exact_mut(width).enumerate() {
            let position = (row % len) * half;
            let (cos, sin) = (&self.cos[position..position + half], &self.sin[position..position + half]);
            for head in x.chunks_exact_mut(2 * half) {
                let (low, high) = head.split_at_mut(half);
                for i in 0..half {
                    let sin = if inverse { -sin[i] } else { sin[i] };
                    let (a, b) = (low[i], high[i]);
                    low[i] = a * cos[i] - b * sin;
                    high[i] = b * cos[i] + a * sin;
                }
            }
        }
    }
}
