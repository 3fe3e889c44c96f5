//! The noisy top-k gate of Shazeer et al. 2017 (arXiv:1701.06538, section 2.1) and what its balancing losses are made of
//! (section 4 and appendix A), for one gate or for many of the same size.

use super::select::{chosen, largest};
use crate::random::Random;
use burn::tensor::activation::{softmax, softplus};
use burn::tensor::{Bool, Int, Tensor, TensorData};

/// The smallest standard deviation of the noise. The paper has none; its authors' code adds the same number
/// (tensor2tensor, `noise_epsilon`), without which the load loss has no bounded gradient once the noise has gone.
const NOISE_FLOOR: f64 = 1e-2;

/// Keeps a division by a mean of 0 finite, as in the authors' code.
const EPSILON: f64 = 1e-10;

/// Stands for the paper's minus infinity.
const NEVER: f64 = -1e30;

/// What gates of n outputs say in N cases.
pub(super) struct NoisyScores {
    /// `x W_g`, [N, n].
    clean: Tensor<2>,
    /// `H(x)`: the same with noise, [N, n].
    noisy: Tensor<2>,
    /// The noise's standard deviation, [N, n]; `None` without noise.
    deviation: Option<Tensor<2>>,
}

impl NoisyScores {
    /// Without noise.
    pub fn quiet(clean: Tensor<2>) -> Self {
        Self { noisy: clean.clone(), clean, deviation: None }
    }

    /// `H = clean + N(0, 1) * (softplus(spread) + 0.01) * scale`, the random numbers drawn row after row; without noise
    /// where `scale` is 0.
    pub fn drawn(clean: Tensor<2>, spread: Tensor<2>, scale: f64, random: &mut Random) -> Self {
        if scale == 0.0 {
            return Self::quiet(clean);
        }
        let [rows, cols] = clean.dims();
        let normal: Vec<f32> = (0..rows * cols).map(|_| random.normal() as f32).collect();
        let normal = Tensor::from_data(TensorData::new(normal, [rows, cols]), &clean.device());
        let deviation = (softplus(spread, 1.0) + NOISE_FLOOR) * scale;
        Self { noisy: clean.clone() + normal * deviation.clone(), clean, deviation: Some(deviation) }
    }

    /// The `k` largest of `H`, largest first, [N, k].
    pub fn largest(&self, k: usize) -> Tensor<2, Int> {
        largest(&self.noisy, k)
    }

    /// Where the `k` largest of `H` are, [N, n].
    pub fn chosen(&self, k: usize) -> Tensor<2, Bool> {
        chosen(self.largest(k), self.clean.dims()[1]).greater_elem(0.0)
    }

    /// `G = softmax(KeepTopK(H, k))`, 0 for those not kept, [N, n].
    pub fn gates(&self, k: usize) -> Tensor<2> {
        softmax(self.noisy.clone().mask_fill(self.chosen(k).bool_not(), NEVER), 1)
    }

    /// `P(x, i)`, the probability that i is among the `k` largest if only its own noise is drawn again, [N, n]: the
    /// normal distribution's share below `(clean_i - kth_excluding(H, k, i)) / deviation_i`, where `kth_excluding` is the
    /// k-th largest entry of `H` other than i. Without noise, or if all are kept, it is 1 or 0.
    pub fn chance(&self, k: usize) -> Tensor<2> {
        let [rows, cols] = self.clean.dims();
        let kept = self.chosen(k);
        let Some(deviation) = self.deviation.clone().filter(|_| k < cols) else { return kept.float() };
        let order = self.largest(k + 1);
        let place = |rank| self.noisy.clone().gather(1, order.clone().narrow(1, rank, 1)).expand([rows, cols]);
        let bar = place(k - 1).mask_where(kept, place(k));
        normal_cdf((self.clean.clone() - bar) / deviation)
    }
}

/// The share of the standard normal distribution below each number.
fn normal_cdf(z: Tensor<2>) -> Tensor<2> {
    ((z * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5
}

/// The square of the coefficient of variation, [n] to [1]: population variance by squared mean (plus 1e-10).
pub(super) fn cv_squared(values: Tensor<1>) -> Tensor<1> {
    let mean = values.clone().mean();
    let apart = values - mean.clone();
    (apart.clone() * apart).mean() / (mean.clone() * mean + EPSILON)
}

#[cfg(test)]
mod tests {
    use super::{cv_squared, normal_cdf};
    use burn::tensor::{Device, Tensor};

    fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn the_normal_distribution_has_its_values_and_slopes() {
        // (z, share below z, density at z), from tables.
        let table = [
            (-30.0, 0.0, 0.0),
            (-1.96, 0.024_997_9, 0.058_440_9),
            (0.0, 0.5, 0.398_942_3),
            (1.0, 0.841_344_7, 0.241_970_7),
            (30.0, 1.0, 0.0),
        ];
        let z = Tensor::<2>::from_data([table.map(|(z, _, _)| z)], &Device::flex().autodiff()).require_grad();
        let share = normal_cdf(z.clone());
        let slope = z.grad(&share.clone().sum().backward()).unwrap();
        for ((share, slope), (z, expected, density)) in numbers(share).iter().zip(numbers(slope)).zip(table) {
            assert!((share - expected).abs() < 1e-6 && (slope - density).abs() < 1e-6, "{z}: {share}, {slope}");
        }
    }

    #[test]
    fn variation_is_zero_if_even_and_finite_if_nothing_is_there() {
        let variation = |values: [f32; 4]| numbers(cv_squared(Tensor::from_data(values, &Device::flex())))[0];
        assert_eq!(variation([0.3; 4]), 0.0);
        assert_eq!(variation([0.0; 4]), 0.0);
        assert!((variation([8.0, 0.0, 0.0, 0.0]) - 3.0).abs() < 1e-6);
    }
}
