//! The kernels as operations on Burn tensors: an extension of the Flex backend.
//!
//! The functions here take and return [`Tensor`]s. They run on a Flex device, with or without autodiff; on any other
//! device Burn panics, so callers ask [`crate::model::Compute`] first.

use super::attention::AttentionShape;
use super::experts::ExpertShape;
use super::rotary::Angles;
use super::{attention, cross_entropy, experts, rms_norm};
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{DType, Int, Shape, Tensor, TensorData};

/// The operations, as Burn dispatches them.
#[backend_extension(Flex, Autodiff)]
pub trait MoeOps: Backend {
    /// See [`experts`].
    fn experts(
        x: FloatTensor<Self>,
        gate_up: FloatTensor<Self>,
        down: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        choice: IntTensor<Self>,
    ) -> FloatTensor<Self>;
    /// See [`attention`].
    fn attention(
        q: FloatTensor<Self>,
        k: FloatTensor<Self>,
        v: FloatTensor<Self>,
        shape: AttentionShape,
    ) -> FloatTensor<Self>;
    /// See [`rotary`].
    fn rotary(x: FloatTensor<Self>, start: usize, len: usize, head: usize, theta: f32) -> FloatTensor<Self>;
    /// See [`rms_norm`].
    fn rms_norm(x: FloatTensor<Self>, weight: FloatTensor<Self>, eps: f32) -> FloatTensor<Self>;
    /// See [`mean_loss`].
    fn mean_loss(
        hidden: FloatTensor<Self>,
        embedding: FloatTensor<Self>,
        targets: IntTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The weighted sum of the chosen experts, [T, d]: `x` [T, d], `gate_up` [E, 2F, d], `down` [E, d, F], `choice` and
/// `weights` [T, k]. See [`super::experts`].
pub fn experts(
    x: Tensor<2>,
    gate_up: Tensor<3>,
    down: Tensor<3>,
    choice: Tensor<2, Int>,
    weights: Tensor<2>,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::experts(
        x.into_dispatch(),
        gate_up.into_dispatch(),
        down.into_dispatch(),
        weights.into_dispatch(),
        choice.into_dispatch(),
    ))
}

/// Causal attention within a window, [batch * queries, heads * D]. See [`super::attention`].
pub fn attention(q: Tensor<2>, k: Tensor<2>, v: Tensor<2>, shape: AttentionShape) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::attention(q.into_dispatch(), k.into_dispatch(), v.into_dispatch(), shape))
}

/// Turns [batch * len, heads * D] to positions `start..start + len`. See [`super::rotary`].
pub fn rotary(x: Tensor<2>, start: usize, len: usize, head: usize, theta: f32) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::rotary(x.into_dispatch(), start, len, head, theta))
}

/// Normalises rows: `x` [T, d], `weight` [d]. See [`super::rms_norm`].
pub fn rms_norm(x: Tensor<2>, weight: Tensor<1>, eps: f32) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::rms_norm(x.into_dispatch(), weight.into_dispatch(), eps))
}

/// Mean next-token loss [1]: `hidden` [T, d], `embedding` [V, d], `targets` [T]. See [`super::cross_entropy`].
pub fn mean_loss(hidden: Tensor<2>, embedding: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::mean_loss(
        hidden.into_dispatch(),
        embedding.into_dispatch(),
        targets.into_dispatch(),
    ))
}

/// A Flex tensor's numbers, without gaps.
pub(super) struct Floats(FlexTensor);

impl Floats {
    pub(super) fn of(tensor: FlexTensor) -> Self {
        let gapless = tensor.is_contiguous() && tensor.layout().start_offset() == 0;
        Self(if gapless { tensor } else { tensor.to_contiguous() })
    }

    pub(super) fn get(&self) -> &[f32] {
        &self.0.storage::<f32>()[..self.0.layout().num_elements()]
    }
}

/// A Flex tensor's integers.
pub(super) fn integers(tensor: FlexTensor) -> Vec<i32> {
    let data = tensor.into_data();
    match data.dtype() {
        DType::I32 => data.iter::<i32>().collect(),
        _ => data.iter::<i64>().map(|value| value as i32).collect(),
    }
}

pub(super) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

pub(super) fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    let shape: &Shape = Layout::shape(tensor.layout());
    std::array::from_fn(|axis| shape[axis])
}

pub(super) fn expert_shape(x: &FlexTensor, down: &FlexTensor, choice: &FlexTensor) -> ExpertShape {
    let ([tokens, width], [experts, _, inner], [_, slots]) = (dims(x), dims(down), dims(choice));
    ExpertShape { tokens, slots, experts, width, inner }
}

pub(super) fn rotated(x: FlexTensor, start: usize, len: usize, head: usize, theta: f32, inverse: bool) -> FlexTensor {
    let [rows, width] = dims(&x);
    let mut values = Floats::of(x).get().to_vec();
    Angles::new(start, len, head, theta).rotate(&mut values, width, inverse);
    tensor(values, [rows, width])
}

impl MoeOps for Flex {
    fn experts(
        x: FlexTensor,
        gate_up: FlexTensor,
        down: FlexTensor,
        weights: FlexTensor,
        choice: FlexTensor,
    ) -> FlexTensor {
        let shape = expert_shape(&x, &down, &choice);
        let [x, gate_up, down, weights] = [x, gate_up, down, weights].map(Floats::of);
        let (y, _) = experts::forward(shape, x.get(), gate_up.get(), down.get(), &integers(choice), weights.get());
        tensor(y, [shape.tokens, shape.width])
    }

    fn attention(q: FlexTensor, k: FlexTensor, v: FlexTensor, shape: AttentionShape) -> FlexTensor {
        let size: [usize; 2] = dims(&q);
        let [q, k, v] = [q, k, v].map(Floats::of);
        tensor(attention::forward(shape, q.get(), k.get(), v.get()).0, size)
    }

    fn rotary(x: FlexTensor, start: usize, len: usize, head: usize, theta: f32) -> FlexTensor {
        rotated(x, start, len, head, theta, false)
    }

    fn rms_norm(x: FlexTensor, weight: FlexTensor, eps: f32) -> FlexTensor {
        let size: [usize; 2] = dims(&x);
        let [x, weight] = [x, weight].map(Floats::of);
        tensor(rms_norm::forward(x.get(), weight.get(), eps), size)
    }

    fn mean_loss(hidden: FlexTensor, embedding: FlexTensor, targets: FlexTensor) -> FlexTensor {
        let [tokens, width] = dims(&hidden);
        let [hidden, embedding] = [hidden, embedding].map(Floats::of);
        let losses = cross_entropy::losses(hidden.get(), embedding.get(), &integers(targets), width);
        let sum: f64 = losses.iter().map(|&loss| f64::from(loss)).sum();
        tensor(vec![(sum / tokens.max(1) as f64) as f32], [1])
    }
}
