//! What goes into a forward pass.

use crate::router::Mode;

/// Sequences of equal length, one after another.
#[derive(Clone, Debug)]
pub struct Input {
    /// Token ids, [batch * len], each below V.
    pub ids: Vec<u32>,
    /// Sequences.
    pub batch: usize,
    /// What the pass is for.
    pub mode: Mode,
    /// The task of each sequence for routers that know tasks, [batch]; empty if unknown.
    pub tasks: Vec<usize>,
}

impl Input {
    /// Sequences to infer from.
    pub fn new(ids: Vec<u32>, batch: usize) -> Self {
        Self { ids, batch, mode: Mode::Infer, tasks: Vec::new() }
    }

    /// The id before each token in its sequence.
    pub(super) fn previous(&self) -> Vec<Option<u32>> {
        let len = (self.ids.len() / self.batch.max(1)).max(1);
        let before = std::iter::once(None).chain(self.ids.iter().copied().map(Some));
        before.take(self.ids.len()).enumerate().map(|(at, id)| id.filter(|_| !at.is_multiple_of(len))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn a_sequence_begins_without_a_previous_token() {
        let input = Input::new(vec![5, 6, 7, 8, 9, 10], 2);
        assert_eq!(input.previous(), [None, Some(5), Some(6), None, Some(8), Some(9)]);
        assert!(Input::new(Vec::new(), 1).previous().is_empty());
    }
}
