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

/// A gate of `rows` rows of numbers with a column for each of the residual stream's, [rows, d].
fn of_rows(shape: &GateShape, rows: f64) -> GateCost {
    let products = rows * shape.width as f64;
    GateCost { parameters: products, used: products, products }
}

/// The same with as many numbers again for the size of the noise, which has no part in inference.
fn with_noise(cost: GateCost) -> GateCost {
    GateCost { parameters: 2.0 * cost.parameters, ..cost }
}

/// One linear layer, [E, d].
pub(super) fn linear(shape: &GateShape) -> GateCost {
    of_rows(shape, shape.experts as f64)
}

/// One linear layer with a bias, [E, d] and [E].
pub(super) fn biased(shape: &GateShape) -> GateCost {
    let (linear, bias) = (linear(shape), shape.experts as f64);
    GateCost { parameters: linear.parameters + bias, used: linear.used + bias, ..linear }
}

/// Two linear layers for scores and for the size of their noise, [E, d] each.
pub(super) fn noisy(shape: &GateShape) -> GateCost {
    with_noise(linear(shape))
}

/// A linear layer for groups and one for the experts in them, [groups, d] and [E, d].
pub(super) fn tree(shape: &GateShape) -> GateCost {
    of_rows(shape, shape.groups as f64 + shape.experts as f64)
}

/// The same twice, for scores and for the size of their noise.
pub(super) fn noisy_tree(shape: &GateShape) -> GateCost {
    with_noise(tree(shape))
}

/// An expert for every token of the vocabulary, [V].
pub(super) fn tokens(shape: &GateShape) -> GateCost {
    GateCost { parameters: shape.vocabulary as f64, used: 1.0, products: 0.0 }
}

/// One linear layer, and k experts for every token of the vocabulary, [E, d] and [V, k].
pub(super) fn tabled(shape: &GateShape) -> GateCost {
    let (linear, k) = (linear(shape), shape.choices as f64);
    GateCost { parameters: linear.parameters + shape.vocabulary as f64 * k, used: linear.used + k, ..linear }
}

/// No parameters.
pub(super) fn nothing(_: &GateShape) -> GateCost {
    GateCost { parameters: 0.0, used: 0.0, products: 0.0 }
}

/// For every task a score of each block and of passing, [tasks, E], and its mean reward, [tasks], which only training asks for.
pub(super) fn policy(shape: &GateShape) -> GateCost {
    let [experts, tasks] = [shape.experts, shape.tasks].map(|n| n as f64);
    GateCost { parameters: tasks * (experts + 1.0), used: experts, products: 0.0 }
}

/// A vector for each slot, [E slots, d], and their scale.
pub(super) fn slots(shape: &GateShape) -> GateCost {
    let rows = of_rows(shape, shape.slots as f64 * shape.experts as f64);
    // Scores, then tokens into slots, then slots back into tokens.
    GateCost { parameters: rows.parameters + 1.0, used: rows.used + 1.0, products: 3.0 * rows.products }
}
