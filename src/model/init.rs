//! Random weights, the same for the same seed everywhere.

use super::ModelError;
use crate::random::Random;
use crate::router::{Init, WeightSource};
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

/// Weights out of a stream of random numbers.
pub(super) struct Initializer<'a> {
    pub random: Random,
    pub device: &'a Device,
}

impl Initializer<'_> {
    pub fn normal<const D: usize>(&mut self, shape: [usize; D], deviation: f64) -> Param<Tensor<D>> {
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| (self.random.normal() * deviation) as f32).collect();
        self.param(values, shape)
    }

    pub fn ones(&self, len: usize) -> Param<Tensor<1>> {
        Param::from_tensor(Tensor::ones([len], self.device))
    }

    fn param<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), self.device))
    }

    fn fill<const D: usize>(&mut self, shape: [usize; D], init: Init) -> Param<Tensor<D>> {
        match init {
            Init::Normal(deviation) => self.normal(shape, deviation),
            Init::Constant(value) => self.param(vec![value as f32; shape.iter().product()], shape),
            Init::Orthogonal(gain) => {
                let (rows, cols) = (shape[..D - 1].iter().product::<usize>(), shape[D - 1]);
                let values = orthogonal(&mut self.random, rows, cols, gain);
                self.param(values, shape)
            }
        }
    }
}

impl WeightSource for Initializer<'_> {
    fn matrix(&mut self, _: &str, shape: [usize; 2], init: Init) -> Result<Param<Tensor<2>>, ModelError> {
        Ok(self.fill(shape, init))
    }

    fn vector(&mut self, _: &str, len: usize, init: Init) -> Result<Param<Tensor<1>>, ModelError> {
        Ok(self.fill([len], init))
    }
}

/// Random rows of length `gain`; the first `cols` of them at right angles to each other (modified Gram and Schmidt).
fn orthogonal(random: &mut Random, rows: usize, cols: usize, gain: f64) -> Vec<f32> {
    let mut done: Vec<Vec<f64>> = Vec::with_capacity(rows);
    for row in 0..rows {
        let mut next: Vec<f64> = (0..cols).map(|_| random.normal()).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for other in &done[row / cols.max(1) * cols..] {
            let along = dot(&next, other);
            next.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
        }
        let length = dot(&next, &next).sqrt().max(1e-12);
        next.iter_mut().for_each(|x| *x /= length);
        done.push(next);
    }
    done.into_iter().flatten().map(|x| (x * gain) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::orthogonal;
    use crate::random::Random;

    #[test]
    fn rows_are_at_right_angles_and_of_the_asked_length() {
        let rows = orthogonal(&mut Random::new(3), 6, 16, 0.1);
        for (i, a) in rows.chunks(16).enumerate() {
            for (j, b) in rows.chunks(16).enumerate() {
                let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                assert!((dot - if i == j { 0.01 } else { 0.0 }).abs() < 1e-6, "{i} {j}: {dot}");
            }
        }
    }
}
