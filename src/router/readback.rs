//! Numbers from the device, for what is decided or computed on the host.
//!
//! A browser cannot wait for its GPU, so this is for training, which runs natively, and for the CPU device, which answers
//! at once everywhere.

use burn::tensor::kind::Basic;
use burn::tensor::{Int, Tensor, TensorData};

/// A tensor's numbers, row after row.
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = data(tensor.detach());
    // Copied in one piece where the device computes in 32 bits.
    data.as_slice::<f32>().map_or_else(|_| data.iter::<f32>().collect(), <[f32]>::to_vec)
}

/// The same for whole numbers.
pub fn integers<const D: usize>(tensor: Tensor<D, Int>) -> Vec<i64> {
    data(tensor).iter::<i64>().collect()
}

#[allow(clippy::disallowed_methods, reason = "in a browser only tensors of the CPU device come here")]
fn data<const D: usize, K: Basic>(tensor: Tensor<D, K>) -> TensorData {
    tensor.into_data()
}

/// Whole numbers [n] as a tensor on the device of another.
pub fn upload<const D: usize>(values: impl Iterator<Item = usize>, like: &Tensor<D>) -> Tensor<1, Int> {
    let values: Vec<i32> = values.map(|value| value as i32).collect();
    let len = values.len();
    Tensor::from_data(TensorData::new(values, [len]), &like.device())
}
