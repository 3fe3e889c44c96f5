//! What is known of a method's numbers from the words that a trace has for its convention.
//!
//! Methods differ: softmax adds up to 1 and sigmoids do not, a table has no scores, some weights are divided by their sum
//! and some are not. So a trace is held to the rules of the convention that it names, and sentences about its numbers say
//! only what that convention makes true. A convention that no method has, has no rules.

use super::fault::RuleFault;
use super::{LayerTrace, Trace};
use crate::methods::{self, Method};
pub use crate::methods::{GateKind, Scores, Weights};

/// How far numbers may be off, for files whose numbers were rounded.
const TOLERANCE: f64 = 0.01;

/// How far scores may add up to more than 1: as far as bfloat16 moves them, which keeps 8 significant bits and so rounds each by at
/// most 2⁻⁸ of itself.
const ABOVE: f64 = 1.0 / 256.0;

/// The rules of a convention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// What the scores are.
    pub scores: Scores,
    /// What the weights are.
    pub weights: Weights,
    /// What makes the scores.
    pub gate: GateKind,
    /// Whether a fixed table or hash chooses, in which the text has no say.
    pub fixed: bool,
    /// What weights that are scaled add up to, where it is recorded.
    pub scaling: Option<f64>,
}

impl Rules {
    const UNKNOWN: Self = Self {
        scores: Scores::Unknown,
        weights: Weights::Unknown,
        gate: GateKind::Unknown,
        fixed: false,
        scaling: None,
    };

    /// The rules of a convention, given in the words of [`super::ModelInfo::convention`].
    pub fn of(convention: &str) -> Self {
        methods::of_words(convention).map_or(Self::UNKNOWN, Self::of_method)
    }

    fn of_method(method: &Method) -> Self {
        Self {
            scores: method.scores,
            weights: method.weights,
            gate: method.gate,
            fixed: method.is_fixed(),
            scaling: None,
        }
    }

    /// Whether token `t` of a layer keeps to them.
    ///
    /// # Errors
    /// The field and what is wrong with it.
    pub(super) fn check(self, layer: &LayerTrace, t: usize) -> Result<(), (&'static str, RuleFault)> {
        if let Some(probs) = layer.scores(t) {
            self.check_scores(layer.logits(t), probs).map_err(|problem| ("probs", problem))?;
        }
        match layer.weights(t) {
            Some(weights) => self.check_weights(layer, t, weights).map_err(|problem| ("weights", problem)),
            None => Ok(()),
        }
    }

    fn check_scores(self, logits: Option<&[f32]>, probs: &[f32]) -> Result<(), RuleFault> {
        if self.scores == Scores::Unknown {
            return Ok(());
        }
        let sum: f64 = probs.iter().map(|&p| f64::from(p)).sum();
        if !matches!(self.scores, Scores::Each(_)) && !(1.0 - TOLERANCE..=1.0 + ABOVE).contains(&sum) {
            return Err(RuleFault::ScoresSum { sum });
        }
        let Some(logits) = logits else { return Ok(()) };
        let exact: Vec<f64> = match self.scores {
            Scores::Softmax => softmax(logits),
            Scores::Each(function) => logits.iter().map(|&s| (function.of)(f64::from(s))).collect(),
            Scores::Table | Scores::Unknown => return Ok(()),
        };
        match probs.iter().zip(&exact).find(|(p, exact)| (f64::from(**p) - **exact).abs() > TOLERANCE) {
            Some((&score, &exact)) => Err(RuleFault::Score { score, exact }),
            None => Ok(()),
        }
    }

    fn check_weights(self, layer: &LayerTrace, t: usize, weights: &[f32]) -> Result<(), RuleFault> {
        let (chosen, probs) = (layer.chosen(t), layer.scores(t));
        let lost = |at: usize| layer.is_dropped(t, at);
        let score =
            |expert: u16| probs.and_then(|probs| probs.get(usize::from(expert))).copied().map_or(0.0, f64::from);
        let asked: f64 = chosen.iter().map(|&expert| score(expert)).sum();
        let sum: f64 = weights.iter().map(|&w| f64::from(w)).sum();
        if self.weights == Weights::SumToOne && !chosen.is_empty() && (sum - 1.0).abs() > TOLERANCE {
            return Err(RuleFault::WeightsSum { sum });
        }
        for (at, (&expert, &weight)) in chosen.iter().zip(weights).enumerate().filter(|(at, _)| !lost(*at)) {
            let exact = match self.weights {
                Weights::Shares if asked > 0.0 => score(expert) / asked,
                // Where the factor is not recorded, the weights' own sum is.
                Weights::Scaled if asked > 0.0 => self.scaling.unwrap_or(sum) * score(expert) / asked,
                Weights::Own if probs.is_some() => score(expert),
                Weights::One => 1.0,
                _ => continue,
            };
            if (f64::from(weight) - exact).abs() > TOLERANCE {
                return Err(RuleFault::Weight { choice: at, weight, exact });
            }
        }
        Ok(())
    }
}

impl Trace {
    /// The rules of the convention that this trace names.
    pub fn rules(&self) -> Rules {
        Rules { scaling: self.model.constants.scaling, ..Rules::of(&self.model.convention) }
    }

    /// The rules of one of its layers: those of the method that the layer names, otherwise of the trace's convention.
    pub fn rules_of(&self, layer: &LayerTrace) -> Rules {
        let of = |method| Rules { scaling: self.model.constants.scaling, ..Rules::of_method(method) };
        layer.info.named().map_or_else(|| self.rules(), of)
    }

    /// What a layer's rules are called in words.
    pub(super) fn convention_of(&self, layer: &LayerTrace) -> &str {
        layer.info.named().map_or(&self.model.convention, |method| method.convention)
    }
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = logits.iter().map(|&s| (f64::from(s) - f64::from(max)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
