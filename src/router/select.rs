//! What several routers need to choose with.

use burn::tensor::{Bool, Int, Tensor};

/// Columns above which Burn's CPU backend sorts unstably, so that of equal entries any may come first.
const STABLE: usize = 20;

/// The indices of the `k` largest entries of every row, largest first, the lower index first where they are equal, [T, k].
/// Outside the gradient.
pub fn largest(values: &Tensor<2>, k: usize) -> Tensor<2, Int> {
    let [tokens, experts] = values.dims();
    // Adding 0 makes -0 a 0: Burn's CPU backend would put it behind.
    let values = values.clone().detach() + 0.0;
    // Below, all entries of a row need one column more.
    if experts + usize::from(k >= experts) > STABLE {
        return in_order(values, k);
    }
    if k < experts {
        return values.argtopk(k, 1);
    }
    // Burn's `argtopk` needs k < E: a last column that never wins makes room.
    let never = Tensor::full([tokens, 1], f32::MIN, &values.device());
    Tensor::cat(vec![values, never], 1).argtopk(k, 1)
}

/// The same where of equal `values` the one with the larger entry in `then` comes first, both [T, E].
pub fn largest_then(values: &Tensor<2>, then: &Tensor<2>, k: usize) -> Tensor<2, Int> {
    let order = largest(then, then.dims()[1]);
    order.clone().gather(1, largest(&values.clone().detach().gather(1, order), k))
}

/// The same where Burn's order of equal entries is not defined: only entries that all differ are sorted here.
fn in_order(values: Tensor<2>, k: usize) -> Tensor<2, Int> {
    let ([tokens, experts], device) = (values.dims(), values.device());
    // The places of the k largest, the lowest place first: minus the place for those, and less for all others.
    let places = Tensor::<1, Int>::arange(0..experts as i64, &device).float().neg().unsqueeze::<2>();
    let keys = places.expand([tokens, experts]).mask_fill(best(values.clone(), k).bool_not(), f32::MIN);
    let room = Tensor::full([tokens, 1], f32::MIN, &device);
    let kept = Tensor::cat(vec![keys, room], 1).argtopk(k, 1);
    // The rank of each is the number of larger ones and of equal ones before it.
    let own = values.gather(1, kept.clone());
    let [row, column] =
        [own.clone().unsqueeze_dim::<3>(2), own.unsqueeze_dim::<3>(1)].map(|v| v.expand([tokens, k, k]));
    let before = Tensor::<2>::ones([k, k], &device).tril(-1).unsqueeze::<3>().expand([tokens, k, k]);
    let rank = column.clone().greater(row.clone()).float() + column.equal(row).float() * before;
    let rank = rank.sum_dim(2).reshape([tokens, k]).neg();
    let room = Tensor::full([tokens, 1], f32::MIN, &device);
    kept.gather(1, Tensor::cat(vec![rank, room], 1).argtopk(k, 1))
}

/// Marks the `count` largest entries of every row [R, n]. Of equal ones the first are taken on every device: Burn only
/// finds the smallest value that is in, since its own order of equal values is not defined.
pub fn best(values: Tensor<2>, count: usize) -> Tensor<2, Bool> {
    let [rows, n] = values.dims();
    if count >= n {
        return values.clone().equal(values);
    }
    let last = values.clone().gather(1, values.clone().argtopk(count, 1)).min_dim(1);
    let last = last.expand([rows, n]);
    let above = values.clone().greater(last.clone()).float();
    let level = values.equal(last).float();
    let room = (above.clone().sum_dim(1).neg() + count as f32).expand([rows, n]);
    let first = level.clone().cumsum(1).lower_equal(room).float();
    (above + level * first).greater_elem(0.5)
}

/// How often each token [T, k] chose each of `experts` experts, [T, E]; entries outside 0..E count nowhere.
pub fn chosen(choice: Tensor<2, Int>, experts: usize) -> Tensor<2> {
    let [tokens, slots] = choice.dims();
    let numbers = Tensor::<1, Int>::arange(0..experts as i64, &choice.device());
    let numbers = numbers.unsqueeze::<3>().expand([tokens, slots, experts]);
    let hits = choice.unsqueeze_dim::<3>(2).expand([tokens, slots, experts]).equal(numbers).float();
    hits.sum_dim(1).reshape([tokens, experts])
}

#[cfg(test)]
mod tests {
    use super::largest;
    use crate::random::Random;
    use burn::tensor::{Device, Tensor, TensorData};

    /// Few different values, 0 with both signs among them, so that most are equal to another; a stable sort of plain numbers
    /// says what is right.
    #[test]
    fn of_equal_entries_the_first_is_taken_however_many_there_are() {
        let mut random = Random::new(5);
        for experts in [1, 2, 8, 20, 21, 24, 64, 130] {
            for k in [1, 2, 8, experts].into_iter().filter(|&k| k <= experts) {
                let rows: Vec<f32> = (0..16 * experts).map(|_| [-1.0, -0.0, 0.0, 1.0][random.below(4)]).collect();
                let values = Tensor::<2>::from_data(TensorData::new(rows.clone(), [16, experts]), &Device::flex());
                let ours: Vec<i64> = largest(&values, k).into_data().iter::<i64>().collect();
                for (row, ours) in rows.chunks(experts).zip(ours.chunks(k)) {
                    let mut places: Vec<i64> = (0..experts as i64).collect();
                    places.sort_by(|&a, &b| row[b as usize].partial_cmp(&row[a as usize]).unwrap());
                    assert_eq!(ours, &places[..k], "{experts} experts, {k} of them: {row:?}");
                }
            }
        }
    }
}
