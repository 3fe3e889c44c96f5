//! What several tests need: fixture files, and tensors as plain numbers.

#![allow(clippy::unwrap_used, reason = "a test that fails by panicking is a test that fails")]
#![allow(dead_code, reason = "every test uses a part")]

use burn::tensor::{Device, Int, Tensor, TensorData};
use std::path::Path;

/// A file of tests/fixtures.
pub fn read(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The same as text.
pub fn text(name: &str) -> String {
    String::from_utf8(read(name)).unwrap()
}

/// Ids as the model takes them, on the CPU.
pub fn ids(ids: &[u32]) -> Tensor<1, Int> {
    let ids: Vec<i32> = ids.iter().map(|&id| i32::try_from(id).unwrap()).collect();
    let len = ids.len();
    Tensor::from_data(TensorData::new(ids, [len]), &Device::flex())
}

/// A tensor's numbers, row after row.
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec::<f32>().unwrap()
}

/// The same for integers.
pub fn integers<const D: usize>(tensor: Tensor<D, Int>) -> Vec<i64> {
    tensor.into_data().iter::<i64>().collect()
}
