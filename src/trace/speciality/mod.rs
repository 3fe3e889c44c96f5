//! What one expert takes, as statistics.
//!
//! It is tempting to call an expert "the verbs expert". Papers that looked (Jiang et al. 2024, section 5; Muennighoff et
//! al. 2024) mostly found tokens and syntax, not topics, and in a short text most patterns are luck. So a card compares
//! what an expert took with what it would take if the same number of tokens were dealt to it at random. That shuffle
//! needs no random numbers: the count of a kind among n dealt tokens is hypergeometric. An expert may take more of a kind
//! than that, or fewer, so both tails count ([`Lift::p`]), and every lift has its 95 % interval.
//!
//! All experts of all layers can be looked at, and among so many comparisons some stray far by luck. So a card calls a kind
//! a speciality ([`Standing::Clear`]) where the false discovery rate over all comparisons of the trace (Benjamini and Hochberg
//! 1995) is at most [`FALSE_DISCOVERIES`] and the lift is at least [`LEAST_LIFT`], or at most its inverse. What only one
//! comparison by itself would find is a leaning. Where nothing chooses (one network, a policy, a table), there is no verdict.
//!
//! Tokens count once whichever of the k choices took them. Repeated tokens tend to be routed alike, so a repeated word
//! makes a pattern look surer than an independent sample would; the counts are shown for that reason.

mod chance;
mod class;

pub use class::CharClass;

use super::rules::GateKind;
use super::{LayerTrace, Trace};
use crate::order;
use chance::{Draw, LogFactorials};
use std::collections::BTreeSet;
use std::ops::Range;

/// Share of luck among the specialities that all cards of a trace name, at most, in expectation.
pub const FALSE_DISCOVERIES: f64 = 0.05;
/// Smallest lift that is worth a word; for what is taken less, its inverse.
pub const LEAST_LIFT: f64 = 1.5;
/// A leaning is as far from a shuffle as it comes by luck in this share of the comparisons.
const LEANING: f64 = 0.05;
/// Kinds listed on a card.
const LISTED: usize = 8;
/// Tokens that must be of a kind before it is compared.
const LEAST: usize = 2;

/// How sure it is that an expert treats a kind in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Beyond what luck explains over all comparisons, and large.
    Clear,
    /// Large, and beyond what luck explains if it were the only comparison.
    Leaning,
    /// As a shuffle has it, or too small to matter.
    Chance,
}

/// What tokens have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The same text.
    Token(String),
    /// The same class of characters.
    Class(CharClass),
}

/// How often an expert takes tokens of a kind, against chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Lift {
    /// The kind.
    pub kind: Kind,
    /// Tokens of the kind that the expert took.
    pub taken: usize,
    /// Tokens of the kind in the trace.
    pub total: usize,
    /// Share of the kind among what the expert took over its share in the text; 1 is what a shuffle gives on average.
    pub lift: f64,
    /// The lifts between which the truth lies with 95 % confidence; from 0 to infinity where the expert took nothing.
    pub interval: (f64, f64),
    /// Probability that a shuffle strays as far, to either side.
    pub p: f64,
    /// What that means among all comparisons.
    pub standing: Standing,
}

/// What a card concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is one network: nothing chooses.
    OneNetwork,
    /// A fixed table decides, so there is nothing to find but what it says.
    Table,
    /// A policy sends the whole text one way: no token chooses.
    Policy,
    /// The expert took no token.
    Unused,
    /// The expert took every token, so no kind can stand out.
    EveryToken,
    /// How sure its surest kind is.
    Kinds(Standing),
}

/// Statistics of one expert in one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Speciality {
    /// The layer, from 0.
    pub layer: usize,
    /// The expert, from 0.
    pub expert: usize,
    /// Tokens it took, n.
    pub n: usize,
    /// Tokens in the trace, T.
    pub tokens: usize,
    /// Comparisons over all cards of the trace.
    pub comparisons: usize,
    /// Tokens that occur several times, the surest first; for a table all that it sends here, the most frequent first.
    pub top: Vec<Lift>,
    /// Character classes, at most as many, the surest first.
    pub classes: Vec<Lift>,
    /// The conclusion.
    pub verdict: Verdict,
}

/// The kinds of a trace's tokens, and how its comparisons, each kind with each expert of each layer, came out.
#[derive(Debug)]
pub struct Comparisons {
    factorials: LogFactorials,
    /// Each token's text and class, as places in `texts` and `classes`, [T].
    kinds: Vec<(usize, usize)>,
    texts: Vec<String>,
    classes: Vec<CharClass>,
    /// How many tokens are of each text, then of each class.
    totals: Vec<usize>,
    /// How many comparisons there are.
    count: usize,
    /// Largest p-value of a discovery; below 0 where there is none.
    threshold: f64,
}

/// The tokens that an expert took, and of each kind ([`Comparisons::totals`]).
struct Taken {
    n: usize,
    of: Vec<usize>,
}

impl Comparisons {
    /// Of a trace.
    pub fn of(trace: &Trace) -> Self {
        let texts: BTreeSet<&str> = trace.tokens.iter().map(|token| token.text.as_str()).collect();
        let classes: BTreeSet<CharClass> = trace.tokens.iter().map(|token| CharClass::of(&token.text)).collect();
        let (texts, classes) = (Vec::from_iter(texts), Vec::from_iter(classes));
        let place = |text: &str| {
            let class = classes.binary_search(&CharClass::of(text)).unwrap_or_default();
            (texts.binary_search(&text).unwrap_or_default(), texts.len() + class)
        };
        let kinds: Vec<_> = trace.tokens.iter().map(|token| place(&token.text)).collect();
        let mut totals = vec![0; texts.len() + classes.len()];
        kinds.iter().flat_map(|(text, class)| [*text, *class]).for_each(|kind| totals[kind] += 1);
        let texts = texts.into_iter().map(str::to_owned).collect();
        let factorials = LogFactorials::up_to(trace.len());
        let mut all = Self { factorials, kinds, texts, classes, totals, count: 0, threshold: -1.0 };
        let (mut count, mut small) = (0, Vec::new());
        let open = trace.layers.iter().filter(|layer| chooses(trace, layer));
        for taken in open.flat_map(|layer| all.taken(layer, 0..layer.info.experts)) {
            for (draw, seen) in all.draws(&taken) {
                count += 1;
                small.extend(Some(draw.two_sided(&all.factorials, seen)).filter(|p| *p <= FALSE_DISCOVERIES));
            }
        }
        order::sort(&mut small, f64::total_cmp);
        let bound = |rank: usize| FALSE_DISCOVERIES * (rank + 1) as f64 / count as f64;
        let last = (0..small.len()).rev().find(|&rank| small[rank] <= bound(rank));
        all.count = count;
        all.threshold = last.map_or(-1.0, |rank| small[rank]);
        all
    }

    /// What each of these experts took in a layer.
    fn taken(&self, layer: &LayerTrace, experts: Range<usize>) -> Vec<Taken> {
        let mut taken: Vec<_> = experts.clone().map(|_| Taken { n: 0, of: vec![0; self.totals.len()] }).collect();
        for (t, (text, class)) in self.kinds.iter().enumerate() {
            for &expert in layer.chosen(t) {
                let own = usize::from(expert).checked_sub(experts.start).and_then(|at| taken.get_mut(at));
                if let Some(Taken { n, of }) = own {
                    *n += 1;
                    of[*text] += 1;
                    of[*class] += 1;
                }
            }
        }
        taken
    }

    /// What is compared of an expert: for each kind of several tokens the draw, and how many of them it took. Nothing for one
    /// that took no token, or every one.
    fn draws<'a>(&'a self, taken: &'a Taken) -> impl Iterator<Item = (Draw, usize)> + 'a {
        let (balls, drawn) = (self.kinds.len(), taken.n);
        let compared = move |total: usize| total >= LEAST && drawn > 0 && drawn < balls;
        let kinds = self.totals.iter().zip(&taken.of).filter(move |(total, _)| compared(**total));
        kinds.map(move |(&marked, &seen)| (Draw { balls, marked, drawn }, seen))
    }

    /// Without its interval, which takes longest to find.
    fn lift(&self, kind: Kind, n: usize, taken: usize, total: usize) -> Lift {
        let draw = Draw { balls: self.kinds.len(), marked: total, drawn: n };
        let (mean, p) = (draw.mean(), draw.two_sided(&self.factorials, taken));
        let lift = if mean > 0.0 { taken as f64 / mean } else { 0.0 };
        let large = lift >= LEAST_LIFT || lift * LEAST_LIFT <= 1.0;
        let standing = match p {
            p if large && p <= self.threshold => Standing::Clear,
            p if large && p < LEANING && total >= LEAST => Standing::Leaning,
            _ => Standing::Chance,
        };
        Lift { kind, taken, total, lift, interval: (0.0, f64::INFINITY), p, standing }
    }

    /// The lifts that are listed, with their intervals.
    fn listed(&self, mut lifts: Vec<Lift>, n: usize) -> Vec<Lift> {
        lifts.truncate(LISTED);
        for lift in &mut lifts {
            let draw = Draw { balls: self.kinds.len(), marked: lift.total, drawn: n };
            let (low, high) = draw.interval(&self.factorials, lift.taken);
            let mean = draw.mean();
            lift.interval = if mean > 0.0 { (low / mean, high / mean) } else { lift.interval };
        }
        lifts
    }
}

/// Whether tokens, or experts, choose in a layer of this trace.
fn chooses(trace: &Trace, layer: &LayerTrace) -> bool {
    let rules = trace.rules_of(layer);
    layer.info.experts > 1 && !rules.fixed && rules.gate != GateKind::Policy
}

/// The surest first; equally sure ones by their lift.
fn sort(lifts: &mut Vec<Lift>) {
    order::sort(lifts, |a, b| a.standing.cmp(&b.standing).then(a.p.total_cmp(&b.p)).then(b.lift.total_cmp(&a.lift)));
}

impl Speciality {
    /// The card of `expert` in `layer`; `None` where there is no such expert or no token. `all` are the comparisons of the
    /// same trace.
    pub fn of(trace: &Trace, all: &Comparisons, layer: usize, expert: usize) -> Option<Self> {
        let within = trace.layers.get(layer)?;
        if expert >= within.info.experts || trace.is_empty() {
            return None;
        }
        let taken = all.taken(within, expert..expert + 1).pop()?;
        let (n, tokens) = (taken.n, trace.len());
        let mut counts = taken.of.iter().zip(&all.totals);
        let mut top: Vec<_> = all
            .texts
            .iter()
            .zip(counts.by_ref())
            .filter(|(_, (_, total))| **total >= LEAST || !chooses(trace, within))
            .map(|(text, (&taken, &total))| all.lift(Kind::Token(text.clone()), n, taken, total))
            .collect();
        let mut classes: Vec<_> = all
            .classes
            .iter()
            .zip(counts)
            .map(|(&class, (&taken, &total))| all.lift(Kind::Class(class), n, taken, total))
            .collect();
        sort(&mut top);
        sort(&mut classes);
        let surest = top.first().map(|lift| lift.standing).into_iter().chain(classes.first().map(|lift| lift.standing));
        let rules = trace.rules_of(within);
        let verdict = match rules.gate {
            _ if within.info.experts == 1 => Verdict::OneNetwork,
            _ if rules.fixed => Verdict::Table,
            GateKind::Policy => Verdict::Policy,
            _ if n == 0 => Verdict::Unused,
            _ if n == tokens => Verdict::EveryToken,
            _ => Verdict::Kinds(surest.min().unwrap_or(Standing::Chance)),
        };
        if verdict == Verdict::Table {
            top.retain(|lift| lift.taken > 0);
            order::sort_by_key(&mut top, |lift| std::cmp::Reverse(lift.taken));
        }
        let (top, classes) = (all.listed(top, n), all.listed(classes, n));
        Some(Self { layer, expert, n, tokens, comparisons: all.count, top, classes, verdict })
    }

    /// The surest kind of this standing that it takes more of than a shuffle, or fewer: a class before a token.
    pub fn surest(&self, standing: Standing, more: bool) -> Option<&Lift> {
        let fits = |lift: &&Lift| lift.standing == standing && (lift.lift > 1.0) == more;
        self.classes.iter().find(fits).or_else(|| self.top.iter().find(fits))
    }
}

#[cfg(test)]
mod tests;
