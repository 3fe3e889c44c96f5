//! The method's formula with the numbers of the selected token in the selected layer, step by step: what its method says
//! ([`crate::methods::Lesson::steps`]) of the numbers of the trace.

use super::weights::{expected, hold};
use super::{Place, buckets, picks, queues, tree};
use crate::messages::methods as say;
use crate::methods::{self, Around, Decision, TreeBranch};
use crate::scene::words::{choice, choice_in};

/// The steps from scores to output, each a sentence with its numbers. The last one says so if the weights of the trace do
/// not follow from them. `layered` says whether experts of other layers can be seen beside them, so that names say the layer.
pub fn steps(at: &Place<'_>, layered: bool) -> Vec<String> {
    let chosen: Vec<usize> = at.layer.chosen(at.token).iter().map(|&expert| usize::from(expert)).collect();
    let constants = &at.trace.model.constants;
    let recorded = Recorded { at, layered };
    let decision = |method| Decision {
        method,
        experts: at.experts(),
        chosen: &chosen,
        logits: at.logits.row(at.token),
        probs: at.probs.row(at.token),
        weights: at.weights.row(at.token),
        dropped: at.dropped.row(at.token),
        bias: at.layer.extra.row(0),
        shared: constants.shared,
        scaling: constants.scaling,
        slots: constants.slots,
        task: at.trace.model.task,
        tasks: at.layer.extra.rows(),
        looks_ahead: at.trace.model.looks_ahead,
        around: &recorded,
    };
    let taught = at.method().and_then(|method| Some((method, methods::lesson(method)?)));
    let mut steps = taught.map_or_else(Vec::new, |(method, lesson)| (lesson.steps)(&decision(method)));
    if expected(at).is_none() {
        steps.push(say::weights_unknown().to_owned());
    } else if !hold(at) {
        steps.push(say::weights_differ().to_owned());
    }
    steps
}

/// What the trace has around a token.
struct Recorded<'a> {
    at: &'a Place<'a>,
    layered: bool,
}

impl Around for Recorded<'_> {
    fn name(&self, expert: usize) -> String {
        let (trace, layer) = (self.at.trace, self.at.number);
        if self.layered { choice_in(trace, layer, expert) } else { choice(trace, expert) }
    }

    fn room(&self) -> Option<String> {
        Some(queues::room(self.at, &queues::queues(self.at)?))
    }

    fn place(&self, expert: usize) -> Option<usize> {
        let queues = queues::queues(self.at)?;
        Some(queues.of.get(expert)?.iter().position(|queued| queued.token == self.at.token)? + 1)
    }

    fn rank(&self, expert: usize) -> Option<(usize, usize)> {
        let picks = picks::picks(self.at);
        let picks = picks.get(expert)?;
        Some((picks.iter().position(|pick| pick.token == self.at.token)? + 1, picks.len()))
    }

    fn key(&self) -> String {
        buckets::looked_up(self.at, self.at.token)
    }

    fn branch(&self, expert: usize) -> Option<TreeBranch> {
        let branches = tree::branches(self.at)?;
        let size = (self.at.experts() / branches.len().max(1)).max(1);
        let (number, place) = (expert / size, expert % size);
        let branch = branches.get(number)?;
        Some(TreeBranch { number, share: branch.share, within: branch.leaves.get(place)?.within })
    }
}

#[cfg(test)]
#[path = "arithmetic_tests.rs"]
mod tests;
