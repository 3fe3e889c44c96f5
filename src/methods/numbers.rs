//! What a method's numbers are: scores, weights, choices, and what makes them.

/// What the scores `probs` of a token are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scores {
    /// `softmax(logits)`: from 0 to 1, their sum 1.
    Softmax,
    /// A function of each logit by itself; they need not add up to anything.
    Each(&'static Function),
    /// 1 for the expert that a table names, 0 for the others; there are no logits.
    Table,
    /// Not known.
    Unknown,
}

/// A function that makes a score, 0 or more, of a logit s.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// What it is called.
    pub name: &'static str,
    /// The score as a formula of s.
    pub formula: &'static str,
    /// It.
    pub of: fn(f64) -> f64,
    /// The largest score, if there is one.
    pub most: Option<f64>,
}

/// `1 / (1 + e^-s)`
pub const SIGMOID: Function =
    Function { name: "sigmoid", formula: "σ(s)", of: |s| 1.0 / (1.0 + (-s).exp()), most: Some(1.0) };

/// `sqrt(ln(1 + e^s))`
pub const ROOT_SOFTPLUS: Function = Function {
    name: "√softplus",
    formula: "√ln(1 + e^s)",
    of: |s| (s.max(0.0) + (-s.abs()).exp().ln_1p()).sqrt(),
    most: None,
};

/// Each has a name of its own.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

/// What the weights of a token's choices are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// The scores of the chosen experts, divided by their sum.
    Shares,
    /// The same times a factor, which the trace's constants hold.
    Scaled,
    /// The scores themselves.
    Own,
    /// They add up to 1; how else they follow from the scores is not known, because noise had a part in it.
    SumToOne,
    /// 1.
    One,
    /// Not known.
    Unknown,
}

/// What makes the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateKind {
    /// One linear layer, a score for each expert.
    Linear,
    /// Two linear layers: one for groups of experts, one for the experts of each group.
    Tree,
    /// A likeness to learnt slots, some for each expert.
    Slots,
    /// A learnt list of scores, the same for all tokens of a text.
    Policy,
    /// A fixed table.
    Table,
    /// Not known.
    Unknown,
}

/// How many experts a token has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// Exactly so many.
    Exactly(usize),
    /// From 1 to E.
    Any,
    /// An even number, from 2 to E, E even too: two of the groups of two, or more.
    Pairs,
    /// Every expert may have a share in a token, so k is E.
    All,
    /// As many as the scores say, from none to E, so k is E; what a token does not use is left out.
    Varies,
}

/// What a token's experts are looked up by where a table or a hash chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashKey {
    /// What it looks at.
    pub looks_at: LooksAt,
    /// The same in a sentence, with how the rule was made.
    pub words: &'static str,
}

/// What a hash layer looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooksAt {
    /// The token itself.
    Token,
    /// The token before.
    Previous,
    /// The place in the text.
    Place,
    /// The token that comes next, where it may be seen.
    Next,
}
