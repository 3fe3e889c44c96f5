//! What several routers need to choose with.

use burn::tensor::{Int, Tensor};

/// The indices of the `k` largest entries of every row, largest first, the lower index first where they are equal, [T, k].
/// Outside the gradient.
pub fn largest(values: &Tensor<2>, k: usize) -> Tensor<2, Int> {
    let [tokens, experts] = values.dims();
    let values = values.clone().detach();
    if k < experts {
        return values.argtopk(k, 1);
    }
    // Burn's `argtopk` needs k < E: a last column that never wins makes room.
    let never = Tensor::full([tokens, 1], f32::MIN, &values.device());
    Tensor::cat(vec![values, never], 1).argtopk(k, 1)
}

/// How often each token [T, k] chose each of `experts` experts, [T, E]; entries outside 0..E count nowhere.
pub fn chosen(choice: Tensor<2, Int>, experts: usize) -> Tensor<2> {
    let [tokens, slots] = choice.dims();
    let numbers = Tensor::<1, Int>::arange(0..experts as i64, &choice.device());
    let numbers = numbers.unsqueeze::<3>().expand([tokens, slots, experts]);
    let hits = choice.unsqueeze_dim::<3>(2).expand([tokens, slots, experts]).equal(numbers).float();
    hits.sum_dim(1).reshape([tokens, experts])
}
