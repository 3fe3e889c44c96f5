//! What is compared: the chosen models, how each routed the text, and what went wrong.

use super::With;
use crate::app::shared::Shared;
use crate::card::Card;
use crate::error::EngineFault;
use crate::messages::engine;
use crate::protocol::{Cut, Manner};
use crate::trace::Trace;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A model's answer.
#[derive(Clone, Debug)]
pub struct Routed {
    /// The model's name.
    pub name: String,
    /// How it routed the text.
    pub trace: Shared<Trace>,
    /// Its card.
    pub card: Shared<Card>,
    /// What was cut off the text, if anything.
    pub cut: Option<Cut>,
}

/// What the compared models are asked. The trace is that of the model that is explored, which routes first.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The text.
    pub text: Rc<String>,
    /// The models.
    pub with: With,
    /// How.
    pub manner: Manner,
    /// The explored model's trace.
    pub trace: Option<Shared<Trace>>,
}

/// What is compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The chosen models.
    pub with: With,
    /// The first digits of their checkpoints' hashes in a link, in their order, while they and the text are the link's.
    pub linked: Vec<Option<String>>,
    /// Whether it was said which of the models here are of others.
    told: bool,
    /// What they were asked, while it holds.
    pub question: Option<Question>,
    /// Their answers, all of the same text.
    shown: Vec<Routed>,
    /// Answers of a newer text, until all are here: a picture of two texts would compare nothing.
    coming: Vec<Routed>,
    /// Models that cannot be compared, and why.
    pub faults: BTreeMap<String, String>,
    /// What is being fetched: what, bytes done, bytes in all.
    pub progress: Option<(String, u64, Option<u64>)>,
    /// Whether an answer is awaited.
    pub waiting: bool,
}

/// A model's name from its address.
fn name(address: &str) -> &str {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or(address)
}

impl Comparison {
    /// Of these models, none of which has answered.
    pub fn with(with: With) -> Self {
        Self { with, ..Self::default() }
    }

    /// The same, of a link that says with which checkpoints it was made.
    pub fn linked(with: With, linked: Vec<Option<String>>) -> Self {
        Self { linked, ..Self::with(with) }
    }

    /// An address was made with these checkpoints of the chosen models.
    pub fn link(&mut self, linked: Vec<Option<String>>) {
        self.told &= self.linked == linked;
        self.linked = linked;
    }

    /// Chooses other models; the answers of those that stay are kept.
    pub fn choose(&mut self, with: With) {
        let keep = |routed: &Routed| with.names().contains(&routed.name);
        self.shown.retain(keep);
        self.coming.retain(keep);
        self.faults.retain(|name, _| with.names().contains(name));
        if with != self.with {
            self.linked.clear();
        }
        self.with = with;
    }

    /// All models were asked again.
    pub fn asked(&mut self) {
        self.coming.clear();
        self.faults.clear();
        self.waiting = true;
    }

    /// A model's answer.
    pub fn take(&mut self, address: &str, trace: Trace, card: &str, cut: Option<Cut>) {
        let name = name(address).to_owned();
        self.progress = None;
        let routed = Routed { name, trace: Shared::new(trace), card: Shared::new(Card::read(card)), cut };
        let others = self.shown.iter().filter(|other| other.name != routed.name);
        if others.into_iter().all(|other| other.trace.text == routed.trace.text) {
            self.shown.retain(|other| other.name != routed.name);
            self.shown.push(routed.clone());
        }
        self.coming.push(routed);
        self.settle();
    }

    /// A model cannot be compared.
    pub fn refuse(&mut self, address: &str, fault: &EngineFault) {
        let name = name(address);
        let why = format!("{} {fault}", engine::not_compared(name));
        self.progress = None;
        self.shown.retain(|routed| routed.name != name);
        self.faults.insert(name.to_owned(), why);
        self.settle();
    }

    /// Shows the answers that came, if all did.
    fn settle(&mut self) {
        let came = |name: &String| self.faults.contains_key(name) || self.coming.iter().any(|one| one.name == *name);
        if self.with.names().iter().all(came) {
            self.shown = std::mem::take(&mut self.coming);
            self.waiting = false;
        }
    }

    /// The answer of a model.
    pub fn of(&self, name: &str) -> Option<&Routed> {
        self.shown.iter().find(|routed| routed.name == name)
    }

    /// All answers, in the order in which the models were chosen.
    pub fn routed(&self) -> Vec<&Routed> {
        self.with.names().iter().filter_map(|name| self.of(name)).collect()
    }

    /// The first digits of the hash of each chosen model's checkpoint, where it has answered.
    pub fn checkpoints(&self) -> Vec<Option<String>> {
        let of = |name: &String| self.of(name)?.trace.model.short_checkpoint().map(str::to_owned);
        self.with.names().iter().map(of).collect()
    }

    /// What an address names of each chosen model's checkpoint: what a link named, else the one here; empty where nothing is
    /// known of any.
    pub fn named_checkpoints(&self) -> Vec<Option<String>> {
        let linked = self.linked.iter().cloned().chain(std::iter::repeat(None));
        let named: Vec<_> = linked.zip(self.checkpoints()).map(|(linked, here)| linked.or(here)).collect();
        if named.iter().any(Option::is_some) { named } else { Vec::new() }
    }

    /// Once all models have answered: those that a link was made with another checkpoint of, each with the first digits of
    /// that one's hash and of its own. They are told once.
    pub fn differing(&mut self) -> Vec<(String, String, String)> {
        if self.waiting || self.linked.is_empty() || std::mem::replace(&mut self.told, true) {
            return Vec::new();
        }
        let linked = self.linked.iter().cloned();
        let pairs = self.with.names().iter().zip(linked.zip(self.checkpoints()));
        let other = |(name, (linked, here)): (&String, (Option<String>, Option<String>))| {
            let (linked, here) = (linked?, here?);
            (linked != here).then(|| (name.clone(), linked, here))
        };
        pairs.filter_map(other).collect()
    }

    /// The most layers that a model has.
    pub fn layers(&self) -> usize {
        self.shown.iter().map(|routed| routed.trace.layers.len()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FetchFault;
    use crate::trace::sample;

    fn comparison(with: &str) -> Comparison {
        Comparison::with(With::read(with))
    }

    fn texts(comparison: &Comparison) -> Vec<(String, usize)> {
        comparison.routed().iter().map(|one| (one.name.clone(), one.trace.len())).collect()
    }

    fn take(comparison: &mut Comparison, name: &str, tokens: usize) {
        comparison.take(&format!("https://x/models/{name}/"), sample::trace(tokens, 2, 4, 2), "{}", None);
    }

    #[test]
    fn first_answers_show_at_once_and_newer_ones_together() {
        let mut state = comparison("b,a");
        state.asked();
        take(&mut state, "a", 5);
        assert_eq!(texts(&state), [("a".to_owned(), 5)]);
        take(&mut state, "b", 5);
        assert_eq!((texts(&state), state.waiting), (vec![("b".to_owned(), 5), ("a".to_owned(), 5)], false));
        state.asked();
        take(&mut state, "b", 6);
        assert_eq!(texts(&state)[0].1, 5, "one alone would be compared with another text");
        take(&mut state, "a", 6);
        assert_eq!(texts(&state), [("b".to_owned(), 6), ("a".to_owned(), 6)]);
    }

    #[test]
    fn a_model_that_is_missing_does_not_hold_up_the_others() {
        let mut state = comparison("a,gone");
        state.asked();
        let address = "https://x/models/gone/config.json".to_owned();
        let gone = FetchFault::Refused { address, status: 404, words: "Not Found".to_owned() };
        state.refuse("https://x/models/gone/", &EngineFault::Fetch(gone));
        take(&mut state, "a", 5);
        assert_eq!((texts(&state).len(), state.waiting), (1, false));
        assert!(state.faults["gone"].contains("404"));
        state.choose(With::read("a,b"));
        assert_eq!((texts(&state).len(), state.faults.len()), (1, 0));
    }
}
