//! Element-wise loops, written so that the compiler turns them into SIMD instructions.

const LANES: usize = 8;

/// `e^x` to about one unit in the last place; 0 below -87, finite above 88.
///
/// `std`'s exponential is a call for every element; this one is straight-line arithmetic. `x = n ln 2 + r`, the
/// polynomial approximates `e^r` on |r| <= ln 2 / 2 (Cephes' coefficients), and `2^n` is written into the exponent.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding and subtracting it rounds to the nearest integer
    let clamped = x.clamp(-87.0, 88.0);
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = clamped - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4_f32;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let e_r = p * r * r + r + 1.0;
    // The low bits of `shifted` hold n as an integer: cheaper than a conversion, which would have to saturate.
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127);
    let scale = f32::from_bits(exponent << 23);
    if x < -87.0 { 0.0 } else { e_r * scale }
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Sum of `a[i] * b[i]`.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_whole, b_whole) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_whole.remainder().iter().zip(b_whole.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a_whole.zip(b_whole) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// `y += scale * x`.
pub fn add_scaled(y: &mut [f32], x: &[f32], scale: f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += scale * x;
    }
}

/// The largest entry; minus infinity for none.
pub fn max(x: &[f32]) -> f32 {
    let mut best = [f32::NEG_INFINITY; LANES];
    let whole = x.chunks_exact(LANES);
    let rest = whole.remainder().iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for chunk in whole {
        for lane in 0..LANES {
            best[lane] = if chunk[lane] > best[lane] { chunk[lane] } else { best[lane] };
        }
    }
    best.into_iter().fold(rest, f32::max)
}

/// `x = e^(x - shift)`, and the sum of the results.
pub fn exp_shifted(x: &mut [f32], shift: f32) -> f32 {
    for value in x.iter_mut() {
        *value = exp(*value - shift);
    }
    sum(x)
}

/// The sum of all entries.
pub fn sum(x: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let whole = x.chunks_exact(LANES);
    let rest: f32 = whole.remainder().iter().sum();
    for chunk in whole {
        for lane in 0..LANES {
            sums[lane] += chunk[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// `x *= scale`.
pub fn scale(x: &mut [f32], scale: f32) {
    for value in x {
        *value *= scale;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn exp_follows_the_standard_library() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let (ours, theirs) = (super::exp(x), (f64::from(x)).exp());
            let error = (f64::from(ours) - theirs).abs() / theirs;
            assert!(error < 4e-7, "exp({x}) = {ours}, relative error {error}");
        }
        assert_eq!(super::exp(-1000.0), 0.0);
        assert_eq!(super::exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(super::exp(0.0), 1.0);
    }

    #[test]
    fn reductions_cover_the_remainder() {
        let x: Vec<f32> = (1..=19).map(|i| i as f32).collect();
        assert_eq!(super::dot(&x, &x), 2470.0); // n(n+1)(2n+1)/6
        assert_eq!(super::max(&x), 19.0);
        assert_eq!(super::max(&[]), f32::NEG_INFINITY);
        let mut zeros = vec![3.0; 19];
        assert_eq!(super::exp_shifted(&mut zeros, 3.0), 19.0);
    }
}
