//! What can be wrong with a trace, and where: types, whose sentences stand in `messages/en/trace.ftl`.

use super::{SCHEMA, SCHEMA_1};
use crate::messages::trace;
use std::fmt;

/// What is wrong with a trace, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceError {
    /// Where; `None` where it is the whole file.
    pub(super) place: Option<FaultPlace>,
    /// What.
    pub(super) fault: TraceFault,
}

/// A place in a trace. Layers, tokens and rows count from 0, as in the file; what people read counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultPlace {
    /// A field of the whole trace.
    Field(&'static str),
    /// A field of a layer.
    Layer {
        /// The layer.
        layer: usize,
        /// The field.
        field: String,
    },
    /// A token's row of a layer's field.
    LayerToken {
        /// The layer.
        layer: usize,
        /// The token.
        token: usize,
        /// The field.
        field: String,
    },
    /// A row of a layer's field that belongs to no token.
    LayerRow {
        /// The layer.
        layer: usize,
        /// The row.
        row: usize,
        /// The field.
        field: &'static str,
    },
    /// A token's entry in a list.
    Token {
        /// The token.
        token: usize,
        /// The list.
        field: &'static str,
    },
    /// The bytes of the text that a token says it is.
    Bytes {
        /// The token.
        token: usize,
        /// The first.
        start: usize,
        /// The one behind the last.
        end: usize,
    },
}

impl fmt::Display for FaultPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Field(field) => return f.write_str(field),
            Self::Layer { layer, field } => trace::layer(layer + 1, format!("layers[{layer}].{field}")),
            Self::LayerToken { layer, token, field } => {
                trace::layer_token(layer + 1, token + 1, format!("layers[{layer}].{field}[{token}]"))
            }
            Self::LayerRow { layer, row, field } => {
                trace::layer_row(layer + 1, row + 1, format!("layers[{layer}].{field}[{row}]"))
            }
            Self::Token { token, field } => trace::token(token + 1, format!("{field}[{token}]")),
            Self::Bytes { token, start, end } => {
                trace::token_bytes(token + 1, format!("tokens[{token}]"), *start, *end)
            }
        })
    }
}

/// What the columns of a matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// Experts of the layer.
    Experts,
    /// Choices of a token.
    Choices,
    /// Tokens.
    Tokens,
}

/// What is wrong with a trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TraceFault {
    /// The file is larger than is read: both in MB of 2^20 bytes.
    TooLarge { size: usize, most: usize },
    /// The file breaks off.
    CutOff { bytes: usize },
    /// It is no JSON, or a field holds what it cannot, in the words of the reader of JSON.
    Unreadable(String),
    /// It is a list.
    List { entries: usize },
    /// It is an object without these fields.
    Lacks(Vec<&'static str>),
    /// It cannot be written, in the words of the writer of JSON.
    Unwritable(String),
    /// A step has other layers, experts or choices than the trace.
    OtherShape,
    /// The schema is unknown.
    Schema(String),
    /// Only the newer schema may leave a field out.
    Missing,
    /// A number is out of its bounds.
    Bounds { value: usize, least: usize, most: usize },
    /// So many of the experts cannot be chosen.
    TopK { k: usize, experts: usize },
    /// The groups do not divide the experts.
    Groups { groups: usize, experts: usize },
    /// A group without a token.
    NoToken,
    /// An expert without a slot.
    NoSlot,
    /// A number is too large.
    AtMost { value: usize, most: usize },
    /// Weights add up to nothing.
    Scaling { most: f32 },
    /// A capacity of no token.
    NoRoom,
    /// There are other layers than the model says.
    Layers { layers: usize, said: usize },
    /// The model's experts and choices are not the most of any layer.
    MostOfLayers { experts: usize, k: usize },
    /// A layer's experts.
    LayerExperts { value: usize, most: usize },
    /// A layer's choices.
    LayerTopK { value: usize, most: usize, experts: usize, k: usize },
    /// A layer's block.
    Block { block: usize, blocks: usize },
    /// A method that is unknown.
    Method(String),
    /// A duration that is none.
    Duration,
    /// More tokens than are read.
    TooManyTokens { tokens: usize, most: usize },
    /// A token ends before it begins.
    Backwards,
    /// A token lies before the one in front of it.
    OutOfOrder,
    /// A token lies behind the text's end.
    BehindTheEnd { bytes: usize },
    /// A token that is no part of a character begins or ends inside one.
    InsideACharacter,
    /// A token says something else than the text.
    OtherText { token: String, text: String },
    /// A list with another number of entries than tokens.
    Entries { entries: usize, tokens: usize },
    /// A matrix of another shape.
    Shape { rows: usize, columns: usize, tokens: usize, want: usize, of: Columns },
    /// Rows of another length than experts.
    Columns { columns: usize, experts: usize },
    /// A number that is not finite.
    NotFinite { entry: usize },
    /// An expert that is not there.
    NoExpert { expert: usize, experts: usize },
    /// An expert is chosen twice.
    Twice { expert: usize },
    /// Choices are not in descending order of weight.
    Unordered,
    /// A weight that no rule makes.
    NoWeight { entry: usize, weight: f32, most: f32 },
    /// A dropped choice has a weight.
    Dropped { weight: f32 },
    /// A root below 0.
    NoRoot { entry: usize, score: f32 },
    /// A score that is no probability.
    NoProbability { entry: usize, score: f32 },
    /// Probabilities add up to more than 1.
    MoreThanOne { sum: f64 },
    /// The probability of a prediction is none.
    Candidate,
    /// What the trace's convention rules out.
    Rule { fault: RuleFault, convention: String },
    /// A share of attention that is none.
    NoShare { entry: usize, share: f32 },
    /// Attention to a later token.
    Later { entry: usize, share: f32 },
    /// Shares of attention add up to more than 1.
    SharesSum { sum: f32 },
    /// Counts stand beside the tokens that they count.
    CountsAndTokens,
    /// Another number of counts than experts.
    Counts { counts: usize, experts: usize },
    /// An expert took more tokens than there are.
    Overloaded { expert: usize, load: u64, tokens: u64 },
    /// More choices than tokens can make.
    TooManyChoices { made: u128, k: usize, tokens: u64 },
    /// A loss that is not finite.
    NoLoss,
    /// A loss below 0.
    LossBelowZero { loss: f32 },
    /// A loss of another probability than the prediction's.
    OtherLoss { loss: f32, predicted: f32 },
}

/// What a convention rules out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RuleFault {
    /// Scores do not add up to 1.
    ScoresSum { sum: f64 },
    /// A score is not what its logit makes.
    Score { score: f32, exact: f64 },
    /// Weights do not add up to 1.
    WeightsSum { sum: f64 },
    /// A weight is not what its score makes.
    Weight { choice: usize, weight: f32, exact: f64 },
}

impl RuleFault {
    fn said(self, convention: &str) -> String {
        match self {
            Self::ScoresSum { sum } => trace::scores_sum(format!("{sum:.3}"), convention),
            Self::Score { score, exact } => {
                trace::other_score(format!("{score:.3}"), format!("{exact:.3}"), convention)
            }
            Self::WeightsSum { sum } => trace::weights_sum(format!("{sum:.3}"), convention),
            Self::Weight { choice, weight, exact } => {
                trace::other_weight(choice + 1, format!("{weight:.3}"), format!("{exact:.3}"), convention)
            }
        }
    }
}

impl fmt::Display for TraceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::TooLarge { size, most } => trace::too_large(*size, *most),
            Self::CutOff { bytes } => trace::cut_off(*bytes),
            Self::Unreadable(detail) => trace::unreadable(detail),
            Self::List { entries } => trace::list(*entries),
            Self::Lacks(fields) => match fields.split_last() {
                Some((last, [])) => trace::lacks(last),
                Some((last, others)) => trace::lacks_many(others.join(", "), last),
                None => return Ok(()),
            },
            Self::Unwritable(detail) => trace::unwritable(detail),
            Self::OtherShape => trace::other_shape().to_owned(),
            Self::Schema(schema) => trace::schema(short(schema), SCHEMA, SCHEMA_1),
            Self::Missing => trace::missing(SCHEMA),
            Self::Bounds { value, least, most } => trace::bounds(*value, *least, *most),
            Self::TopK { k, experts } => trace::top_k(*k, *experts),
            Self::Groups { groups, experts } => trace::groups(*groups, *experts),
            Self::NoToken => trace::no_token().to_owned(),
            Self::NoSlot => trace::no_slot().to_owned(),
            Self::AtMost { value, most } => trace::at_most(*value, *most),
            Self::Scaling { most } => trace::scaling(format!("{most:?}")),
            Self::NoRoom => trace::no_room().to_owned(),
            Self::Layers { layers, said } => trace::layers(*layers, *said),
            Self::MostOfLayers { experts, k } => trace::most_of_layers(*experts, *k),
            Self::LayerExperts { value, most } => trace::layer_experts(*value, *most),
            Self::LayerTopK { value, most, experts, k } => trace::layer_top_k(*value, *most, *experts, *k),
            Self::Block { block, blocks } => trace::block(*block, *blocks),
            Self::Method(method) => trace::method(short(method)),
            Self::Duration => trace::duration().to_owned(),
            Self::TooManyTokens { tokens, most } => trace::too_many_tokens(*tokens, *most),
            Self::Backwards => trace::backwards().to_owned(),
            Self::OutOfOrder => trace::out_of_order().to_owned(),
            Self::BehindTheEnd { bytes } => trace::behind_the_end(*bytes),
            Self::InsideACharacter => trace::inside_a_character().to_owned(),
            Self::OtherText { token, text } => trace::other_text(short(token), short(text)),
            Self::Entries { entries, tokens } => trace::entries(*entries, *tokens),
            Self::Shape { rows, columns, tokens, want, of: Columns::Experts } => {
                trace::rows_of_experts(*rows, *columns, *tokens, *want)
            }
            Self::Shape { rows, columns, tokens, want, of: Columns::Choices } => {
                trace::rows_of_choices(*rows, *columns, *tokens, *want)
            }
            Self::Shape { rows, columns, tokens, of: Columns::Tokens, .. } => {
                trace::rows_of_tokens(*rows, *columns, *tokens)
            }
            Self::Columns { columns, experts } => trace::columns(*columns, *experts),
            Self::NotFinite { entry } => trace::not_finite(*entry),
            Self::NoExpert { expert, experts } => trace::no_expert(*expert, *experts, experts.saturating_sub(1)),
            Self::Twice { expert } => trace::twice(*expert),
            Self::Unordered => trace::unordered().to_owned(),
            Self::NoWeight { entry, weight, most } => {
                trace::no_weight(*entry, format!("{weight:?}"), format!("{most:?}"))
            }
            Self::Dropped { weight } => trace::dropped(weight.to_string()),
            Self::NoRoot { entry, score } => trace::no_root(entry + 1, *entry, format!("{score:?}")),
            Self::NoProbability { entry, score } => trace::no_probability(entry + 1, *entry, format!("{score:?}")),
            Self::MoreThanOne { sum } => trace::more_than_one(format!("{sum:.4}")),
            Self::Candidate => trace::candidate().to_owned(),
            Self::Rule { fault, convention } => fault.said(&short(convention)),
            Self::NoShare { entry, share } => trace::no_share(*entry, format!("{share:?}")),
            Self::Later { entry, share } => trace::later(*entry, format!("{share:?}")),
            Self::SharesSum { sum } => trace::shares_sum(sum.to_string()),
            Self::CountsAndTokens => trace::counts_and_tokens().to_owned(),
            Self::Counts { counts, experts } => trace::counts(*counts, *experts),
            Self::Overloaded { expert, load, tokens } => trace::overloaded(expert + 1, *expert, *load, *tokens),
            Self::TooManyChoices { made, k, tokens } => trace::too_many_choices(made.to_string(), *k, *tokens),
            Self::NoLoss => trace::no_loss().to_owned(),
            Self::LossBelowZero { loss } => trace::loss_below_zero(loss.to_string()),
            Self::OtherLoss { loss, predicted } => {
                trace::other_loss(loss.to_string(), format!("{:.3}", (-loss).exp()), format!("{predicted:.3}"))
            }
        })
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => f.write_str(&trace::at(place.to_string(), self.fault.to_string())),
            None => self.fault.fmt(f),
        }
    }
}

impl std::error::Error for TraceError {}

impl From<TraceFault> for TraceError {
    fn from(fault: TraceFault) -> Self {
        Self { place: None, fault }
    }
}

impl TraceFault {
    /// It, at a place.
    pub(super) fn at(self, place: FaultPlace) -> TraceError {
        TraceError { place: Some(place), fault: self }
    }
}

/// The beginning of a string that may be of any length.
fn short(text: &str) -> String {
    const KEPT: usize = 40;
    let mut kept: String = text.chars().take(KEPT).collect();
    if text.chars().nth(KEPT).is_some() {
        kept.push('…');
    }
    kept
}
