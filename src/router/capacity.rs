//! Queues before experts that take only so many tokens of a group, as tensor operations without a read-back.
//!
//! Every sequence is cut into groups of `group` places, counted from its beginning. The capacity follows from the
//! constants alone, not from how long a text happens to be, so that the end of a text does not decide what happens at
//! its beginning. An attempt is a token's try at an expert; attempts of T tokens are rows of zeros and ones, [T, E].
//! The place of an attempt in its expert's queue is the number of attempts before it, and it is dropped where the place
//! is not below the capacity. Attempts that were dropped count too: they find the expert full, and so do all after them.

use super::{Context, RouterSettings};
use crate::error::RouterFault;
use crate::run;
use crate::trace::Constants;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The constants of a method whose experts take only so many tokens of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacitySettings {
    /// An expert takes at most `factor * k * group / E` tokens of a group, rounded up; where experts choose, k is 1, so that a
    /// token has `factor` experts on average.
    pub capacity_factor: f64,
    /// Tokens that share a capacity, or that an expert picks from.
    pub group: usize,
}

impl RouterSettings for CapacitySettings {
    fn of_run(run: &run::Settings) -> Self {
        Self { capacity_factor: run.coefficients.capacity_factor, group: run.len }
    }

    fn check(&self, experts: usize, _top_k: usize) -> Result<(), RouterFault> {
        let Self { capacity_factor: factor, group } = *self;
        match factor > 0.0 && factor <= experts as f64 && group > 0 {
            true => Ok(()),
            false => Err(RouterFault::Capacity { factor, group, experts }),
        }
    }

    fn shown(&self) -> Constants {
        Constants { group: Some(self.group), ..Constants::default() }
    }
}

/// Tokens that one expert takes of a group, `factor * top_k * group / experts` rounded up and at least 1.
pub fn capacity(factor: f64, top_k: usize, group: usize, experts: usize) -> usize {
    let share = factor * top_k as f64 * group as f64 / experts as f64;
    // Rounding must not add a place: 1.1 * 10 is a little more than 11.
    ((share * (1.0 - 1e-12)).ceil() as usize).max(1)
}

/// How many tokens before each of the new ones tried each expert, in its group, [T, E], given the new tokens' attempts
/// [T, E]. A single sequence is remembered in `context.carry`, so that it can go on in the middle of a group.
pub fn before(attempts: Tensor<2>, context: &mut Context<'_>, group: usize) -> Tensor<2> {
    let new = attempts.dims()[0];
    if context.batch != 1 {
        return Groups::new(context.batch, new, group).before(attempts);
    }
    let all = context.carry.extend(attempts);
    let known = all.dims()[0] - new;
    let past = (context.start % group).min(known);
    let recent = all.narrow(0, known - past, past + new);
    Groups::new(1, past + new, group).before(recent).narrow(0, past, new)
}

/// T tokens of sequences of equal length, cut into groups; the last group of a sequence may be shorter.
#[derive(Clone, Copy, Debug)]
pub struct Groups {
    batch: usize,
    len: usize,
    group: usize,
}

impl Groups {
    /// The groups of `tokens` tokens in `batch` whole sequences.
    pub fn new(batch: usize, tokens: usize, group: usize) -> Self {
        let len = tokens / batch.max(1);
        Self { batch, len, group: group.min(len).max(1) }
    }

    /// How many tokens before each one tried each expert, in its group, [T, E].
    pub fn before(&self, attempts: Tensor<2>) -> Tensor<2> {
        let attempts = self.cut(attempts);
        self.join(attempts.clone().cumsum(1) - attempts)
    }

    /// How many tokens of each one's group tried each expert, [T, E].
    pub fn total(&self, attempts: Tensor<2>) -> Tensor<2> {
        let attempts = self.cut(attempts);
        let shape = attempts.dims();
        self.join(attempts.sum_dim(1).expand(shape))
    }

    /// Means over each group, [groups, n], of rows [T, n].
    pub fn means(&self, rows: Tensor<2>) -> Tensor<2> {
        let [tokens, width] = rows.dims();
        let ones = Tensor::ones([tokens, 1], &rows.device());
        let sums = self.cut(rows).sum_dim(1) / self.cut(ones).sum_dim(1);
        let count = sums.dims()[0];
        sums.reshape([count, width])
    }

    /// Rows [T, n] as [groups, group, n]; zeros fill up the last group of a sequence.
    fn cut(&self, rows: Tensor<2>) -> Tensor<3> {
        let (width, device) = (rows.dims()[1], rows.device());
        let count = self.len.div_ceil(self.group);
        let missing = count * self.group - self.len;
        let mut sequences = rows.reshape([self.batch, self.len, width]);
        if missing > 0 {
            sequences = Tensor::cat(vec![sequences, Tensor::zeros([self.batch, missing, width], &device)], 1);
        }
        sequences.reshape([self.batch * count, self.group, width])
    }

    /// The rows of [`Self::cut`] again, [T, n].
    fn join(&self, groups: Tensor<3>) -> Tensor<2> {
        let width = groups.dims()[2];
        let padded = self.len.div_ceil(self.group) * self.group;
        let sequences = groups.reshape([self.batch, padded, width]).narrow(1, 0, self.len);
        sequences.reshape([self.batch * self.len, width])
    }
}

#[cfg(test)]
mod tests {
    use super::{Groups, capacity};
    use burn::tensor::{Device, Tensor, TensorData};

    #[test]
    fn capacity_is_the_share_rounded_up() {
        assert_eq!(capacity(1.25, 1, 256, 8), 40);
        assert_eq!(capacity(1.0, 2, 256, 8), 64);
        assert_eq!(capacity(1.0, 1, 10, 4), 3);
        assert_eq!(capacity(1.1, 1, 10, 1), 11);
        assert_eq!(capacity(0.3, 1, 10, 3), 1);
        assert_eq!(capacity(0.01, 1, 4, 8), 1);
    }

    #[test]
    fn places_are_counted_from_the_beginning_of_each_group() {
        // Two sequences of five tokens in groups of three, one expert that all tokens try but the second one.
        let tried = vec![1.0_f32, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let attempts = Tensor::<2>::from_data(TensorData::new(tried, [10, 1]), &Device::flex());
        let groups = Groups::new(2, 10, 3);
        let numbers = |tensor: Tensor<2>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
        assert_eq!(numbers(groups.before(attempts.clone())), [0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 2.0, 0.0, 1.0]);
        assert_eq!(numbers(groups.total(attempts.clone())), [2.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 2.0, 2.0]);
        assert_eq!(numbers(groups.means(attempts)), [2.0 / 3.0, 1.0, 1.0, 1.0]);
    }
}
