//! What one expert takes, as statistics.
//!
//! It is tempting to call an expert "the verbs expert". Papers that looked (Jiang et al. 2024, section 5; Muennighoff et
//! al. 2024) mostly found tokens and syntax, not topics, and in a short text most patterns are luck. So a card compares
//! what an expert took with what it would take if the same number of tokens were dealt to it at random. That shuffle
//! needs no dice: the count of a kind among n dealt tokens is hypergeometric, with a known mean, spread and tail.
//! A card names a speciality only if its tail probability, times the number of kinds and cards that one could have looked
//! at (Bonferroni), is below [`SIGNIFICANCE`]. Otherwise the answer is "no clear speciality".
//!
//! Tokens count once whichever of the k choices took them. Repeated tokens tend to be routed alike, so a repeated word
//! makes a pattern look surer than an independent sample would; the counts are shown for that reason.

mod chance;
mod class;

pub use chance::Chance;
pub use class::CharClass;

use super::Trace;
use chance::LogFactorials;
use std::collections::BTreeMap;

/// Chance that a card names a speciality where there is none, over all cards of a trace.
pub const SIGNIFICANCE: f64 = 0.01;
/// Kinds listed on a card.
const LISTED: usize = 8;
/// Tokens that must be of a kind before it is compared.
const LEAST: usize = 2;

/// How often an expert takes tokens of a kind, against chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Lift<K> {
    /// The kind.
    pub kind: K,
    /// Tokens of the kind that the expert took.
    pub taken: usize,
    /// Tokens of the kind in the trace.
    pub total: usize,
    /// Share of the kind among what the expert took over its share in the text; 1 is what a shuffle gives on average.
    pub lift: f64,
    /// Standard deviation of the lift under shuffling.
    pub shuffled_sd: f64,
    /// Probability that a shuffle gives the expert at least as many.
    pub tail: f64,
}

/// What a card concludes.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The expert took no token.
    Unused,
    /// Nothing stands out from a shuffle of this many tokens.
    NoClearSpeciality,
    /// It takes more of a character class than a shuffle can explain.
    Class(CharClass),
    /// It takes more of one token than a shuffle can explain.
    Token(String),
}

/// Statistics of one expert in one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The layer, from 0.
    pub layer: usize,
    /// The expert, from 0.
    pub expert: usize,
    /// Tokens it took, n.
    pub n: usize,
    /// Tokens in the trace, T.
    pub tokens: usize,
    /// Over-used tokens, the surest first.
    pub top: Vec<Lift<String>>,
    /// All character classes that occur, the surest first.
    pub classes: Vec<Lift<CharClass>>,
    /// The conclusion.
    pub verdict: Verdict,
}

impl Card {
    /// The card of `expert` in `layer`; `None` where there is no such expert or no token.
    pub fn of(trace: &Trace, layer: usize, expert: usize) -> Option<Self> {
        let choices = trace.layers.get(layer)?;
        if expert >= trace.model.experts || trace.is_empty() {
            return None;
        }
        let mut texts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut kinds: BTreeMap<CharClass, (usize, usize)> = BTreeMap::new();
        let mut n = 0;
        for (t, token) in trace.tokens.iter().enumerate() {
            let taken = usize::from(choices.chosen(t).iter().any(|&id| usize::from(id) == expert));
            n += taken;
            for (sum, total) in
                [texts.entry(&token.text).or_default(), kinds.entry(CharClass::of(&token.text)).or_default()]
            {
                *sum += taken;
                *total += 1;
            }
        }
        let tokens = trace.len();
        let table = LogFactorials::up_to(tokens);
        let lift = |taken, total| table.chance(tokens, total, n, taken);
        let mut top: Vec<_> = texts
            .into_iter()
            .filter(|(_, (_, total))| *total >= LEAST)
            .map(|(text, (taken, total))| Lift::new(text.to_owned(), (taken, total), lift(taken, total)))
            .collect();
        let mut classes: Vec<_> = kinds
            .into_iter()
            .map(|(kind, (taken, total))| Lift::new(kind, (taken, total), lift(taken, total)))
            .collect();
        let looked_at = (top.len() + classes.len()) * trace.layers.len() * trace.model.experts;
        let verdict = Verdict::of(n, &mut classes, &mut top, SIGNIFICANCE / looked_at.max(1) as f64);
        top.retain(|kind| kind.lift > 1.0);
        top.truncate(LISTED);
        Some(Self { layer, expert, n, tokens, top, classes, verdict })
    }

    /// The conclusion as a sentence for the page.
    pub fn sentence(&self) -> String {
        let (n, tokens) = (self.n, self.tokens);
        match &self.verdict {
            Verdict::Unused => format!("Took none of the {tokens} tokens."),
            Verdict::NoClearSpeciality => {
                format!("No clear speciality: a shuffle of the same {n} of {tokens} tokens looks much the same.")
            }
            Verdict::Class(class) => match self.classes.iter().find(|lift| lift.kind == *class) {
                Some(lift) => format!("Takes more {} than chance: {}.", class.name(), lift.numbers()),
                None => format!("Takes more {} than chance.", class.name()),
            },
            Verdict::Token(text) => match self.top.iter().find(|lift| lift.kind == *text) {
                Some(lift) => format!("Takes “{text}” more than chance: {}.", lift.numbers()),
                None => format!("Takes “{text}” more than chance."),
            },
        }
    }
}

impl<K> Lift<K> {
    fn new(kind: K, (taken, total): (usize, usize), chance: Chance) -> Self {
        let lift = if chance.mean > 0.0 { taken as f64 / chance.mean } else { 0.0 };
        let shuffled_sd = if chance.mean > 0.0 { chance.sd / chance.mean } else { 0.0 };
        Self { kind, taken, total, lift, shuffled_sd, tail: chance.tail }
    }

    fn numbers(&self) -> String {
        let Self { taken, total, lift, shuffled_sd, .. } = self;
        format!("{taken} of {total}, lift {lift:.1} (shuffled 1.0 ± {shuffled_sd:.1})")
    }
}

impl Verdict {
    /// Sorts both lists by how sure they are and takes what passes `threshold`, a class before a token.
    fn of(n: usize, classes: &mut [Lift<CharClass>], top: &mut [Lift<String>], threshold: f64) -> Self {
        classes.sort_by(|a, b| a.tail.total_cmp(&b.tail).then(b.lift.total_cmp(&a.lift)));
        top.sort_by(|a, b| a.tail.total_cmp(&b.tail).then(b.lift.total_cmp(&a.lift)));
        if n == 0 {
            return Self::Unused;
        }
        let class = classes.first().filter(|lift| lift.tail < threshold);
        let token = top.first().filter(|lift| lift.tail < threshold);
        match (class, token) {
            (Some(class), _) => Self::Class(class.kind),
            (None, Some(token)) => Self::Token(token.kind.clone()),
            (None, None) => Self::NoClearSpeciality,
        }
    }
}

#[cfg(test)]
mod tests;
