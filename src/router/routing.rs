//! What a router decided.

use burn::tensor::{Bool, Int, Tensor};

/// What a router decided for T tokens.
#[derive(Clone, Debug)]
pub struct Routing {
    /// Router outputs before any normalisation, [T, E].
    pub logits: Tensor<2>,
    /// The scores that the method defines, [T, E].
    pub probs: Tensor<2>,
    /// Chosen experts in descending order of weight, [T, k].
    pub experts: Tensor<2, Int>,
    /// What the expert outputs are multiplied by, [T, k]; 0 where a choice was dropped or not made.
    pub weights: Tensor<2>,
    /// Choices that found their expert full, [T, k]; `None` if the method drops nothing.
    pub dropped: Option<Tensor<2, Bool>>,
    /// Entries of `experts` that only fill the row, [T, k]: the token uses fewer experts. `None` if there are none.
    pub unused: Option<Tensor<2, Bool>>,
    /// Tokens that one expert may take of a group, if the method has such a limit.
    pub capacity: Option<usize>,
    /// Mixing before the experts, for methods whose experts see mixtures of tokens.
    pub slots: Option<Slots>,
    /// Losses of the router itself, in training only.
    pub losses: Vec<Loss>,
    /// What else the method decides with, rows of E numbers ([`crate::trace::LayerTrace::extra`]); `None` if nothing.
    pub extra: Option<Tensor<2>>,
}

/// Soft MoE's mixing of G groups of n tokens through S slots; slot `s` belongs to expert `s * E / S`.
#[derive(Clone, Debug)]
pub struct Slots {
    /// Each slot's input is this mixture of tokens, [G, S, n].
    pub dispatch: Tensor<3>,
    /// Each token's output is this mixture of slots, [G, n, S].
    pub combine: Tensor<3>,
    /// Sequences that share the groups evenly. Where a sequence does not fill its groups, the last one ends in positions
    /// that hold no token, and of which `dispatch` takes nothing.
    pub sequences: usize,
}

/// What a training step showed, for routers that learn from it without a gradient.
pub struct Outcome<'a> {
    /// What this router decided.
    pub routing: &'a Routing,
    /// The sequences' tasks, [batch].
    pub tasks: &'a [usize],
    /// Each sequence's mean loss in nats per token, [batch]; empty unless [`super::RouterConfig::wants_losses`].
    pub losses: &'a [f32],
}

/// A loss of the router.
#[derive(Clone, Debug)]
pub struct Loss {
    /// Which.
    pub kind: LossKind,
    /// Its value, [1], before its coefficient.
    pub value: Tensor<1>,
}

/// The losses that routers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossKind {
    /// Even load, by the product of shares and scores.
    Balance,
    /// Small logits.
    Z,
    /// Even sums of gate values (Shazeer et al. 2017, eq. 7).
    Importance,
    /// Even expected load under noise (Shazeer et al. 2017, eq. 11).
    Load,
}

impl Routing {
    /// A routing without drops, slots and losses.
    pub fn new(logits: Tensor<2>, probs: Tensor<2>, experts: Tensor<2, Int>, weights: Tensor<2>) -> Self {
        Self {
            logits,
            probs,
            experts,
            weights,
            dropped: None,
            unused: None,
            capacity: None,
            slots: None,
            losses: Vec::new(),
            extra: None,
        }
    }

    /// The experts to compute, [T, k]: -1 where a choice was dropped or not made.
    pub fn computed(&self) -> Tensor<2, Int> {
        skip(self.asked(), &self.dropped)
    }

    /// The experts that were asked for, dropped choices included, [T, k]: -1 where no choice was made.
    pub fn asked(&self) -> Tensor<2, Int> {
        skip(self.experts.clone(), &self.unused)
    }
}

/// -1 in the place of the choices that a mask names.
fn skip(choice: Tensor<2, Int>, mask: &Option<Tensor<2, Bool>>) -> Tensor<2, Int> {
    match mask {
        Some(mask) => choice.mask_fill(mask.clone(), -1),
        None => choice,
    }
}
