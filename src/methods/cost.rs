//! What a gate costs: its parameters, and the multiplications that it makes for a token.

/// The numbers that a gate's cost hangs on; those that its method has no use for do not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GateShape {
    /// Width of the residual stream, d.
    pub width: usize,
    /// Experts, E.
    pub experts: usize,
    /// Groups of experts, for gates of two levels.
    pub groups: usize,
    /// Tokens in the vocabulary, V.
    pub vocabulary: usize,
    /// Tasks that a policy knows.
    pub tasks: usize,
    /// Slots of an expert.
    pub slots: usize,
    /// Experts chosen for a token, k.
    pub choices: usize,
}

/// What the gate of one layer costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateCost {
    /// Parameters, in the file.
    pub parameters: f64,
    /// Those that decide on one token at inference: the noise's weights have no part in it, and of a table it is one entry.
    pub used: f64,
    /// Multiplications with addition for a token at inference.
    pub products: f64,
}

/// What a gate's parameters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// One linear layer, [E, d].
    Linear,
    /// One linear layer with a bias, [E, d] and [E].
    Biased,
    /// Two linear layers for scores and for the size of their noise, [E, d] each.
    Noisy,
    /// A linear layer for groups and one for the experts in them, [groups, d] and [E, d].
    Tree,
    /// The same twice, for scores and for the size of their noise.
    NoisyTree,
    /// An expert for every token of the vocabulary, [V].
    Tokens,
    /// One linear layer, and k experts for every token of the vocabulary, [E, d] and [V, k].
    Tabled,
    /// None.
    None,
    /// For every task a score of each block and of passing, [tasks, E], and its mean reward, [tasks], which only training asks
    /// for.
    Policy,
    /// A vector for each slot, [E slots, d], and their scale.
    Slots,
}

impl Parameters {
    /// Of one layer.
    pub fn cost(self, shape: &GateShape) -> GateCost {
        let [d, e, groups, vocabulary, tasks, slots] =
            [shape.width, shape.experts, shape.groups, shape.vocabulary, shape.tasks, shape.slots].map(|n| n as f64);
        let k = shape.choices as f64;
        let linear = |rows: f64| GateCost { parameters: rows * d, used: rows * d, products: rows * d };
        let noisy = |rows: f64| GateCost { parameters: 2.0 * rows * d, ..linear(rows) };
        let table = |parameters: f64, used: f64| GateCost { parameters, used, products: 0.0 };
        match self {
            Self::Linear => linear(e),
            Self::Biased => GateCost { products: e * d, ..table(e * d + e, e * d + e) },
            Self::Noisy => noisy(e),
            Self::Tree => linear(groups + e),
            Self::NoisyTree => noisy(groups + e),
            Self::Tokens => table(vocabulary, 1.0),
            Self::Tabled => GateCost { products: e * d, ..table(e * d + vocabulary * k, e * d + k) },
            Self::None => table(0.0, 0.0),
            Self::Policy => table(tasks * (e + 1.0), e),
            // Scores, then tokens into slots, then slots back into tokens.
            Self::Slots => {
                GateCost { products: 3.0 * slots * e * d, ..table(slots * e * d + 1.0, slots * e * d + 1.0) }
            }
        }
    }
}
