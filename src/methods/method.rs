//! What is known of a routing method before any tensor: who published it, what its numbers are, what can be set.

use super::{Choices, Convention, Diagram, Family, GateCost, GateKind, GateShape, HashKey, Scores, Weights};
use crate::messages;
use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};

/// A routing method.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Its name in links, files and on the command line.
    pub id: &'static str,
    /// What people call it, on every screen.
    pub title: &'static str,
    /// Who published it, when, and where.
    pub paper: &'static str,
    /// The year of the paper; `None` for what is only compared with.
    pub year: Option<u16>,
    /// Which methods it belongs to.
    pub family: Family,
    /// The id of the method whose router computes it, as `config.json` and traces name routers: its own, or that of a method
    /// of which it is a setting.
    pub router: &'static str,
    /// How scores become weights, in words, as traces hold it ([`crate::trace::ModelInfo::convention`]). Methods with the same
    /// words have the same rules.
    pub convention: &'static str,
    /// What else it is called: by names of shipped models, by presets, and by older files.
    pub aliases: &'static [&'static str],
    /// How it looks at later tokens, if it does.
    pub ahead: Option<Ahead>,
    /// What the scores of a token are.
    pub scores: Scores,
    /// What the weights of a token's choices are.
    pub weights: Weights,
    /// What makes the scores.
    pub gate: GateKind,
    /// What the gate of one layer costs.
    pub cost: fn(&GateShape) -> GateCost,
    /// What a table or a hash looks a token's experts up by, where one chooses and it is known.
    pub key: Option<HashKey>,
    /// What decides in the first layers, where that is another method.
    pub first: Option<&'static Self>,
    /// The order of softmax, choice and normalisation, if it is one of those that are compared.
    pub order: Option<Convention>,
    /// How many experts a token has.
    pub choices: Choices,
    /// Whether all experts are used for every token, so that nothing is cut off.
    pub blends: bool,
    /// Whether experts have queues, so that a choice is dropped where one is full.
    pub drops: bool,
    /// Whether it spreads tokens evenly over the experts by itself, where it looks ahead.
    pub even: bool,
    /// What may be set while it trains and does something.
    pub coefficients: &'static [Coefficient],
    /// Experts beside the routed ones that see every token.
    pub shared: usize,
    /// Whether it decides on the host in every step, which a browser cannot do for a GPU.
    pub on_host: bool,
    /// What its picture shows.
    pub diagram: Diagram,
}

/// How a method looks at later tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// As published; left to right it is a causal variant.
    Published,
    /// In training only; as published it is causal afterwards.
    Training,
}

/// Something that may be set while a method trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coefficient {
    /// Of the loss that keeps the load even.
    Balance,
    /// Of the z-loss, which keeps logits small (Zoph et al. 2022, ST-MoE, arXiv:2202.08906, equation 5).
    Z,
    /// What the gate's noise is multiplied by.
    Noise,
    /// The capacity factor: how many tokens an expert takes, by the mean.
    Capacity,
    /// How far a step moves the bias of an expert that had too much or too little.
    Bias,
}

impl Method {
    /// What people call it, with the year of the paper where it has one.
    pub fn dated(&self) -> String {
        self.year.map_or_else(|| self.title.to_owned(), |year| format!("{} ({year})", self.title))
    }

    /// How its table or hash was made, in a sentence and in the language that is shown.
    pub fn rule(&self) -> Option<&'static str> {
        Some(messages::lesson(self.id, "rule").unwrap_or(self.key?.words))
    }

    /// Whether a fixed table or hash chooses, whatever makes the scores.
    pub fn is_fixed(&self) -> bool {
        self.gate == GateKind::Table || self.key.is_some()
    }

    /// Whether something may be set that does something.
    pub fn has(&self, coefficient: Coefficient) -> bool {
        self.coefficients.contains(&coefficient)
    }

    /// Whether a run can have it: a family and a part of another method cannot be trained by themselves.
    pub fn is_trained(&self) -> bool {
        let family = self.gate == GateKind::Table && self.key.is_none();
        let part = super::all().any(|other| other.first.is_some_and(|first| first.id == self.id));
        !family && !part && self.family != Family::Dense && self.is_known()
    }

    /// Whether its weights follow from its scores by a known rule: not where the router's setting decides and is not said.
    pub fn is_known(&self) -> bool {
        self.weights != Weights::Unknown
    }

    /// Whether the scores say how many experts a token has.
    pub fn varies(&self) -> bool {
        self.choices == Choices::Varies
    }

    /// Whether experts choose tokens.
    pub fn picks(&self) -> bool {
        self.diagram == Diagram::Picks
    }

    /// The allowed k nearest to the wish.
    pub fn top_k(&self, wish: usize, experts: usize) -> usize {
        match self.choices {
            Choices::Exactly(k) => k,
            Choices::Any => wish.clamp(1, experts.max(1)),
            Choices::Pairs => (wish.div_ceil(2) * 2).clamp(2, (experts / 2 * 2).max(2)),
            Choices::All | Choices::Varies => experts,
        }
    }

    /// Whether the weights of the chosen add up to the same however many they are, so that the weight of a single one is that
    /// whatever its score.
    pub fn renormalises(&self) -> bool {
        self.choices == Choices::Any && matches!(self.weights, Weights::Shares | Weights::Scaled | Weights::SumToOne)
    }

    /// Whether the experts must be even in number.
    pub fn needs_pairs(&self) -> bool {
        self.gate == GateKind::Tree
    }

    /// How many of the E experts have weights and can take a load: all, unless the last of them is "pass".
    pub fn stacked(&self, experts: usize) -> usize {
        experts.saturating_sub(usize::from(self.gate == GateKind::Policy))
    }
}

/// Each has an id of its own.
impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Method {}

/// As its id.
impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for &'static Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        super::by_id(&id).ok_or_else(|| D::Error::custom(format_args!("there is no method `{id}`")))
    }
}
