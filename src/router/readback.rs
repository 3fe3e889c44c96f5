//! Numbers from the device, for methods that decide on the host.
//!
//! A browser cannot wait for its GPU, so this is for training, which runs natively, and for the CPU device, which answers
//! at once everywhere.

use burn::tensor::{Int, Tensor};

/// A tensor's numbers, row after row.
#[allow(clippy::disallowed_methods, reason = "in a browser only tensors of the CPU device come here")]
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.detach().into_data().iter::<f32>().collect()
}

/// The same for whole numbers.
#[allow(clippy::disallowed_methods, reason = "in a browser only tensors of the CPU device come here")]
pub fn integers<const D: usize>(tensor: Tensor<D, Int>) -> Vec<i64> {
    tensor.into_data().iter::<i64>().collect()
}

/// Whole numbers [n] as a tensor on the device of another.
pub fn upload<const D: usize>(values: impl Iterator<Item = usize>, like: &Tensor<D>) -> Tensor<1, Int> {
    let values: Vec<i32> = values.map(|value| value as i32).collect();
    let len = values.len();
    Tensor::from_data(burn::tensor::TensorData::new(values, [len]), &like.device())
}
