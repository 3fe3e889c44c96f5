//! What a router may know besides the hidden states.

use crate::random::Random;
use burn::tensor::Tensor;

/// What the routing is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Left to right: a token's routing depends on this and earlier tokens only, whatever the method. Generation, and
    /// everything else unless something else is asked for.
    Infer,
    /// As the method is published for whole sequences, later tokens included where it looks at them.
    Published,
    /// As the method is trained: noise, losses, balanced assignment.
    Train {
        /// Decides all random choices of this step.
        noise: u64,
    },
}

/// What a router may know besides the hidden states of T = batch * len tokens.
pub struct Context<'a> {
    /// Experts for a token, k.
    pub top_k: usize,
    /// Sequences of equal length, one after another.
    pub batch: usize,
    /// Place of the first token in its sequence: 0 unless a sequence is continued.
    pub start: usize,
    /// The block, counted from 0.
    pub block: usize,
    /// What this is for.
    pub mode: Mode,
    /// Token ids, [T].
    pub ids: &'a [u32],
    /// The id before each token, [T]; `None` at a sequence's beginning.
    pub previous: &'a [Option<u32>],
    /// The task that each sequence belongs to, for methods that know tasks, [batch]; empty if unknown.
    pub tasks: &'a [usize],
    /// What this router remembers of the sequence so far.
    pub carry: &'a mut Carry,
}

impl Context<'_> {
    /// Tokens of a sequence.
    pub fn len(&self) -> usize {
        self.ids.len() / self.batch.max(1)
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether losses and noise are wanted.
    pub fn training(&self) -> bool {
        matches!(self.mode, Mode::Train { .. })
    }

    /// Random numbers for this step and block; the same ones outside training.
    pub fn random(&self) -> Random {
        let noise = if let Mode::Train { noise } = self.mode { noise } else { 0 };
        let mut seeds = Random::new(noise ^ (self.block as u64 + 1).wrapping_mul(0x9e6c_63d0_876a_3f6b));
        Random::new(seeds.bits())
    }
}

/// What a router remembers of one sequence: a row for every token so far. A sequence that is cut back is remembered
/// only so far.
#[derive(Clone, Debug, Default)]
pub struct Carry(Option<Tensor<2>>);

impl Carry {
    /// Rows so far, if any.
    pub fn rows(&self) -> Option<&Tensor<2>> {
        self.0.as_ref()
    }

    /// Adds rows [new, n] and gives all.
    pub fn extend(&mut self, rows: Tensor<2>) -> Tensor<2> {
        let all = match self.0.take() {
            None => rows,
            Some(old) => Tensor::cat(vec![old, rows], 0),
        };
        self.0 = Some(all.clone());
        all
    }

    /// Forgets all but the first `len` rows.
    pub fn truncate(&mut self, len: usize) {
        self.0 = self.0.take().filter(|_| len > 0).map(|rows| {
            let len = len.min(rows.dims()[0]);
            rows.narrow(0, 0, len)
        });
    }
}
