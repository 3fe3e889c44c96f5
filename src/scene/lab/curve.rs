//! A branch's records from the run's first step on: its ancestors' up to where it left them, then its own.

use crate::methods::Method;
use crate::run::record::{BranchId, Evaluation, StepRecord};

/// What a branch and its ancestors recorded, without copying it.
#[derive(Clone, Debug, Default)]
pub struct Curve<'a> {
    /// Whose.
    pub branch: BranchId,
    /// Its name, for labels.
    pub name: String,
    /// After how many steps it left its parent; 0 for one that begins at the beginning.
    pub fork: u64,
    /// Routing methods on its way: after how many steps each began.
    pub methods: Vec<(u64, &'static Method)>,
    /// Steps, oldest first: ancestors' pieces, then its own.
    pub steps: Vec<&'a [StepRecord]>,
    /// Evaluations, in the same way.
    pub evaluations: Vec<&'a [Evaluation]>,
    /// Where on its way coefficients changed, and what to, in words.
    pub changes: Vec<(u64, String)>,
}

impl<'a> Curve<'a> {
    /// Every step.
    pub fn records(&self) -> impl Iterator<Item = &'a StepRecord> + '_ {
        self.steps.iter().copied().flatten()
    }

    /// Every evaluation.
    pub fn measured(&self) -> impl DoubleEndedIterator<Item = &'a Evaluation> + '_ {
        self.evaluations.iter().copied().flatten()
    }

    /// The newest step.
    pub fn last(&self) -> u64 {
        let step = self.steps.iter().rev().find_map(|piece| piece.last()).map_or(0, |record| record.step);
        step.max(self.fork)
    }

    /// The newest record that is not after a step; the first one before there is any.
    pub fn at(&self, step: u64) -> Option<&'a StepRecord> {
        newest(&self.steps, step, |record| record.step)
    }

    /// The method that the step after `step` - 1 steps is routed by.
    pub fn method_at(&self, step: u64) -> Option<&'static Method> {
        let last = self.methods.iter().rev().find(|(after, _)| *after < step);
        last.or(self.methods.first()).map(|(_, method)| *method)
    }

    /// The newest evaluations of both after the same steps, none after `step`, that are not one and the same.
    pub fn beside(&self, other: &Self, step: u64) -> Option<(&'a Evaluation, &'a Evaluation)> {
        let mut both = self.measured().rev().filter(|own| own.step <= step).filter_map(|own| {
            let other = other.measured_at(own.step).filter(|other| other.step == own.step)?;
            Some((own, other))
        });
        both.next().filter(|(own, other)| own.branch != other.branch)
    }

    /// The newest `n` records that are not after a step, oldest first.
    pub fn recent(&self, step: u64, n: usize) -> Vec<&'a StepRecord> {
        let kept = |piece: &&'a [StepRecord]| piece.partition_point(|record| record.step <= step);
        let until: usize = self.steps.iter().map(kept).sum();
        self.records().take(until).skip(until.saturating_sub(n)).collect()
    }

    /// The newest evaluation that is not after a step.
    pub fn measured_at(&self, step: u64) -> Option<&'a Evaluation> {
        newest(&self.evaluations, step, |evaluation| evaluation.step).filter(|evaluation| evaluation.step <= step)
    }

    /// The recorded step `by` records before (negative) or after a step.
    pub fn neighbour(&self, step: u64, by: i64) -> u64 {
        let before: usize = self.steps.iter().map(|piece| piece.partition_point(|record| record.step < step)).sum();
        let all: usize = self.steps.iter().map(|piece| piece.len()).sum();
        // Step 0 has no record but can be looked at; so records count from 1.
        let here = if step == 0 { 0 } else { before + 1 };
        let there = (here as i64).saturating_add(by).clamp(0, all as i64) as usize;
        there.checked_sub(1).and_then(|at| self.records().nth(at)).map_or(0, |record| record.step)
    }
}

fn newest<'a, T>(pieces: &[&'a [T]], step: u64, of: impl Fn(&T) -> u64) -> Option<&'a T> {
    let own =
        |piece: &&'a [T]| piece.partition_point(|item| of(item) <= step).checked_sub(1).and_then(|at| piece.get(at));
    pieces.iter().rev().find_map(own).or_else(|| pieces.iter().find_map(|piece| piece.first()))
}
