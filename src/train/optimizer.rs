//! Muon for the matrices inside the blocks, AdamW for the embedding, the routers and the norms.
//!
//! Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers") replaces a matrix's momentum by the nearest
//! orthogonal matrix, found with five Newton-Schulz steps, and needs fewer tokens than Adam for the same loss. Burn's own Muon
//! takes plain matrices; experts are stacked [E, out, in] here, so the steps run on whole stacks.
//! AdamW: Loshchilov and Hutter 2019, arXiv:1711.05101.

use crate::kernels::adam;
use crate::model::{Compute, Transformer};
use crate::router::readback::floats;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Gradients, Tensor, TensorData};
use std::collections::BTreeMap;

/// Settings of both methods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimizerSettings {
    /// Peak learning rate of Muon.
    pub muon_lr: f64,
    /// Peak learning rate of AdamW.
    pub adam_lr: f64,
    /// Decoupled weight decay of the matrices, multiplied by the learning rate.
    pub weight_decay: f64,
}

/// Which method changes which parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Muon for the matrices inside the blocks, AdamW for the rest.
    Muon(OptimizerSettings),
    /// AdamW with this peak learning rate for all of them, without weight decay: in models so small that orthogonal
    /// matrices would cost more than the gradient.
    Adam(f64),
}

const MUON_MOMENTUM: f32 = 0.95;
const ADAM_BETAS: (f64, f64) = (0.9, 0.95);
const ADAM_EPS: f32 = 1e-10;

/// Moments of every parameter, by the parameter's path in the model. A rank-3 view holds all shapes: [1, 1, d] for
/// vectors, [1, out, in] for matrices.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    /// Running mean of the gradient.
    pub first: BTreeMap<String, Tensor<3>>,
    /// Running mean of its square; AdamW only.
    pub second: BTreeMap<String, Tensor<3>>,
}

/// When a step is, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepInfo {
    /// What the schedule multiplies the learning rates by.
    pub factor: f64,
    /// Steps done before.
    pub step: usize,
    /// How the device computes.
    pub compute: Compute,
}

/// One step: the model after it.
pub fn step(
    model: Transformer,
    mut gradients: Gradients,
    moments: &mut Moments,
    rule: Rule,
    turn: StepInfo,
) -> Transformer {
    model.map(&mut Stepper { gradients: &mut gradients, moments, rule, turn, path: Vec::new() })
}

struct Stepper<'a> {
    gradients: &'a mut Gradients,
    moments: &'a mut Moments,
    rule: Rule,
    turn: StepInfo,
    path: Vec<String>,
}

impl ModuleMapper for Stepper<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        let Some(gradient) = param.val().grad_remove(self.gradients) else { return param };
        let shape = gradient.dims();
        let (rows, cols) = (if D > 1 { shape[D - 2] } else { 1 }, shape[D - 1]);
        let gradient = gradient.reshape([-1, rows as i32, cols as i32]);
        let hidden = !(D == 1 || path == "embedding" || self.path.iter().any(|part| part == "router"));
        param.map(|value| {
            let value = value.inner().reshape([-1, rows as i32, cols as i32]);
            let next = match self.rule {
                Rule::Muon(settings) if hidden => self.muon(path, value, gradient, settings),
                Rule::Muon(OptimizerSettings { adam_lr: rate, .. }) | Rule::Adam(rate) => {
                    self.adam(path, value, gradient, rate)
                }
            };
            Tensor::from_inner(next.reshape(shape)).require_grad()
        })
    }
}

impl Stepper<'_> {
    fn adam(&mut self, path: String, value: Tensor<3>, gradient: Tensor<3>, rate: f64) -> Tensor<3> {
        let (b1, b2) = ADAM_BETAS;
        let n = self.turn.step as i32 + 1;
        let (c1, c2) = (1.0 - b1.powi(n), 1.0 - b2.powi(n));
        let lr = rate * self.turn.factor;
        if let (Compute::Sparse, Some(first), Some(second)) =
            (self.turn.compute, self.moments.first.get(&path), self.moments.second.get(&path))
        {
            let scalars = adam::Scalars {
                first: (b1 as f32, (1.0 - b1) as f32),
                second: (b2 as f32, (1.0 - b2) as f32),
                rate: (lr / c1) as f32,
                correction: c2 as f32,
                eps: ADAM_EPS,
            };
            let shape = value.dims();
            let (mut value, mut first, mut second) = (floats(value), floats(first.clone()), floats(second.clone()));
            let device = gradient.device();
            adam::step(&mut value, &floats(gradient), &mut first, &mut second, scalars);
            let tensor = |values| Tensor::from_data(TensorData::new(values, shape), &device);
            self.moments.first.insert(path.clone(), tensor(first));
            self.moments.second.insert(path, tensor(second));
            return tensor(value);
        }
        let first = average(self.moments.first.remove(&path), gradient.clone(), b1);
        let second = average(self.moments.second.remove(&path), gradient.clone() * gradient, b2);
        self.moments.first.insert(path.clone(), first.clone());
        self.moments.second.insert(path, second.clone());
        value - first.mul_scalar(lr / c1) / ((second.div_scalar(c2)).sqrt() + ADAM_EPS)
    }

    fn muon(&mut self, path: String, value: Tensor<3>, gradient: Tensor<3>, settings: OptimizerSettings) -> Tensor<3> {
        // The two halves of a stacked gate-and-up matrix are matrices of their own.
        let shape = value.dims();
        let halves = if path.ends_with("gate_up") { 2 } else { 1 };
        let matrices = [-1, (shape[1] / halves) as i32, shape[2] as i32];
        let momentum = match self.moments.first.remove(&path) {
            Some(momentum) => momentum * MUON_MOMENTUM + gradient.clone(),
            None => gradient.clone(),
        };
        self.moments.first.insert(path, momentum.clone());
        let update = orthogonal((gradient + momentum * MUON_MOMENTUM).reshape(matrices));
        let [_, rows, cols] = update.dims();
        let lr = settings.muon_lr * self.turn.factor;
        let scale = lr * (rows as f64 / cols as f64).max(1.0).sqrt();
        value * (1.0 - lr * settings.weight_decay) - update.reshape(shape) * scale
    }
}

fn average(mean: Option<Tensor<3>>, new: Tensor<3>, beta: f64) -> Tensor<3> {
    let new = new * (1.0 - beta);
    match mean {
        Some(mean) => mean * beta + new,
        None => new,
    }
}

/// Roughly the nearest orthogonal matrix to each of a stack [n, rows, cols]: singular values go to about 1.
pub fn orthogonal(x: Tensor<3>) -> Tensor<3> {
    const COEFFICIENTS: (f32, f32, f32) = (3.4445, -4.7750, 2.0315);
    let [_, rows, cols] = x.dims();
    let tall = rows > cols;
    let x = if tall { x.swap_dims(1, 2) } else { x };
    let norm = (x.clone() * x.clone()).sum_dim(2).sum_dim(1).sqrt() + 1e-7;
    let mut x = x / norm;
    let (a, b, c) = COEFFICIENTS;
    for _ in 0..5 {
        let square = x.clone().matmul(x.clone().swap_dims(1, 2));
        let polynomial = square.clone() * b + square.clone().matmul(square) * c;
        x = x.clone() * a + polynomial.matmul(x);
    }
    if tall { x.swap_dims(1, 2) } else { x }
}

#[cfg(test)]
mod tests {
    use super::orthogonal;
    use crate::random::Random;
    use burn::tensor::{Device, Tensor, TensorData};

    #[test]
    fn newton_schulz_brings_singular_values_near_one() {
        let mut random = Random::new(1);
        let values: Vec<f32> = (0..2 * 24 * 8).map(|_| random.normal() as f32).collect();
        let x = Tensor::<3>::from_data(TensorData::new(values, [2, 24, 8]), &Device::flex());
        let q = orthogonal(x.clone());
        // The columns are nearly orthonormal, and the result keeps the direction of x.
        let gram = q.clone().swap_dims(1, 2).matmul(q.clone()).into_data().try_into_vec::<f32>().unwrap();
        for (at, value) in gram.iter().enumerate() {
            let diagonal = (at % 64) % 9 == 0;
            let range = if diagonal { 0.4..1.5 } else { -0.35..0.35 };
            assert!(range.contains(value), "{at}: {value}");
        }
        assert!((q * x).sum().into_data().try_into_vec::<f32>().unwrap()[0] > 0.0);
    }
}
