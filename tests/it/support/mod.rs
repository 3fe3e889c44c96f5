//! What several tests need: fixture files, and tensors as plain numbers.

pub mod capacity;
pub mod chunks;
pub mod mixtures;
pub mod tiny;

use burn::tensor::{Device, Int, Tensor, TensorData};
use moescope::router::{Carry, Context, Mode, Router, Routing};
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

/// A tensor's numbers, row after row.
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec::<f32>().unwrap()
}

/// The same for integers.
pub fn integers<const D: usize>(tensor: Tensor<D, Int>) -> Vec<i64> {
    tensor.into_data().iter::<i64>().collect()
}

/// Rows of a fixture.
pub fn tensor(rows: &[Vec<f64>]) -> Tensor<2> {
    numbers(&rows.concat(), [rows.len(), rows[0].len()])
}

/// Numbers of a fixture in a shape.
pub fn numbers<const D: usize>(values: &[f64], shape: [usize; D]) -> Tensor<D> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex().autodiff())
}

/// Numbers are those of a reference, within 1e-5 of one, or of the number where that is larger.
pub fn all_close(ours: &[f32], reference: &[f64], what: &str) {
    assert_eq!(ours.len(), reference.len(), "{what}");
    for (place, (a, b)) in ours.iter().zip(reference).enumerate() {
        assert!((f64::from(*a) - b).abs() <= 1e-5 * (1.0 + b.abs()), "{what}, place {place}: {a}, reference {b}");
    }
}

/// The same for a tensor's numbers, row after row.
pub fn close<const D: usize>(ours: Tensor<D>, reference: &[f64], what: &str) {
    all_close(&floats(ours), reference, what);
}

/// Routes one sequence of hidden states as for inference, with token ids 0, 1, 2 and so on.
pub fn route(router: &impl Router, x: Tensor<2>, top_k: usize) -> Routing {
    route_in(router, x, top_k, 1, Mode::Infer)
}

/// Routes `batch` sequences in a mode.
pub fn route_in(router: &impl Router, x: Tensor<2>, top_k: usize, batch: usize, mode: Mode) -> Routing {
    let tokens = x.dims()[0];
    let len = tokens / batch;
    let ids: Vec<u32> = (0..tokens as u32).collect();
    let previous: Vec<Option<u32>> =
        ids.iter().map(|&id| id.checked_sub(1).filter(|_| !(id as usize).is_multiple_of(len))).collect();
    let mut carry = Carry::default();
    let (ids, previous, tasks) = (&ids[..], &previous[..], &[][..]);
    router.route(x, &mut Context { top_k, batch, start: 0, block: 0, mode, ids, previous, tasks, carry: &mut carry })
}
