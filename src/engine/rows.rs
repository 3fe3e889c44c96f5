//! What was computed for the tokens in the cache, so that a text whose beginning is known costs only its end.

use super::readout::{LayerReadout, Readout, Successors};
use crate::error::DeviceFault;
use crate::kernels::vector;
use crate::model::ModelError;
use crate::token::Tokenizer;
use crate::trace::{Candidate, LayerInfo, LayerStep, LayerTrace, Matrix};

/// Candidates kept after each token of a trace; after the last one there are more.
const PREDICTIONS: usize = 5;

/// Results for a run of tokens, in every layer.
pub(super) struct Rows {
    experts: usize,
    chosen: usize,
    layers: Vec<LayerReadout>,
    /// For every token what may follow; `loss` there is that of the following token.
    successors: Vec<Successors>,
    /// Logits after the last token, up to a constant, [V].
    pub last: Vec<f32>,
}

impl Rows {
    pub(super) fn new(layers: usize, experts: usize, chosen: usize) -> Self {
        let empty = || LayerReadout {
            logits: Vec::new(),
            probs: Vec::new(),
            experts: Vec::new(),
            weights: Vec::new(),
            dropped: Vec::new(),
            capacity: None,
            extra: Matrix::default(),
        };
        Self {
            experts,
            chosen,
            layers: std::iter::repeat_with(empty).take(layers).collect(),
            successors: Vec::new(),
            last: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.successors.len()
    }

    pub(super) fn truncate(&mut self, tokens: usize) {
        let (experts, chosen) = (self.experts, self.chosen);
        for layer in &mut self.layers {
            layer.logits.truncate(tokens * experts);
            layer.probs.truncate(tokens * experts);
            layer.experts.truncate(tokens * chosen);
            layer.weights.truncate(tokens * chosen);
            layer.dropped.truncate(tokens * chosen);
        }
        self.successors.truncate(tokens);
        self.last.clear();
    }

    /// Adds what `tokens` more tokens gave.
    pub(super) fn extend(&mut self, read: Readout, tokens: usize) -> Result<(), ModelError> {
        let (scores, choices) = (tokens * self.experts, tokens * self.chosen);
        let fits = read.successors.len() == tokens
            && read.layers.len() == self.layers.len()
            && read.layers.iter().all(|layer| {
                (layer.logits.len(), layer.probs.len()) == (scores, scores)
                    && [layer.experts.len(), layer.weights.len(), layer.dropped.len()] == [choices; 3]
            });
        if !fits {
            return Err(ModelError::Device(DeviceFault::OtherShape));
        }
        for (layer, new) in self.layers.iter_mut().zip(read.layers) {
            layer.logits.extend(new.logits);
            layer.probs.extend(new.probs);
            layer.experts.extend(new.experts);
            layer.weights.extend(new.weights);
            layer.dropped.extend(new.dropped);
            layer.capacity = new.capacity;
            layer.extra = new.extra;
        }
        self.successors.extend(read.successors);
        self.last = read.last;
        Ok(())
    }

    /// The first `tokens` rows of every layer.
    /// `method` is the id of the method that decides in a block.
    pub(super) fn layers(&self, tokens: usize, method: impl Fn(usize) -> &'static str) -> Vec<LayerTrace> {
        let (experts, chosen) = (self.experts, self.chosen);
        let layer = |(block, rows): (usize, &LayerReadout)| LayerTrace {
            block,
            info: LayerInfo { method: Some(method(block).to_owned()), experts, top_k: chosen },
            logits: Some(table(experts, rows.logits[..tokens * experts].to_vec())),
            probs: Some(table(experts, rows.probs[..tokens * experts].to_vec())),
            experts: table(chosen, rows.experts[..tokens * chosen].to_vec()),
            weights: Some(table(chosen, rows.weights[..tokens * chosen].to_vec())),
            dropped: Some(table(chosen, rows.dropped[..tokens * chosen].to_vec())),
            capacity: rows.capacity,
            extra: rows.extra.clone(),
            attention: None,
            counts: None,
        };
        self.layers.iter().enumerate().map(layer).collect()
    }

    /// The last row of every layer.
    pub(super) fn last_step(&self) -> Vec<LayerStep> {
        let row = self.len().saturating_sub(1);
        let step = |layer: &LayerReadout| LayerStep {
            logits: layer.logits[row * self.experts..].to_vec(),
            probs: layer.probs[row * self.experts..].to_vec(),
            experts: layer.experts[row * self.chosen..].to_vec(),
            weights: layer.weights[row * self.chosen..].to_vec(),
            dropped: layer.dropped[row * self.chosen..].to_vec(),
        };
        self.layers.iter().map(step).collect()
    }

    /// `-ln p` of the first `tokens` tokens.
    pub(super) fn losses(&self, tokens: usize) -> Vec<Option<f32>> {
        let later = self.successors.iter().map(|successors| successors.loss);
        std::iter::once(None).chain(later).take(tokens).collect()
    }

    /// Says which token follows the last one; its loss.
    pub(super) fn follow(&mut self, id: u32) -> Option<f32> {
        let max = vector::max(&self.last);
        let sum: f32 = self.last.iter().map(|logit| (logit - max).exp()).sum();
        let loss = self.last.get(id as usize).map(|logit| max + sum.ln() - logit);
        if let Some(successors) = self.successors.last_mut() {
            successors.loss = loss;
        }
        loss
    }

    /// The most likely successors of the first `tokens` tokens.
    pub(super) fn predictions(&self, tokens: usize, tokenizer: &Tokenizer) -> Vec<Vec<Candidate>> {
        let of = |successors: &Successors| candidates(&successors.top, PREDICTIONS, tokenizer);
        self.successors.iter().take(tokens).map(of).collect()
    }

    /// The most likely successors of token `tokens - 1`.
    pub(super) fn next(&self, tokens: usize, tokenizer: &Tokenizer) -> Vec<Candidate> {
        let last = tokens.checked_sub(1).and_then(|last| self.successors.get(last));
        last.map(|successors| candidates(&successors.top, usize::MAX, tokenizer)).unwrap_or_default()
    }
}

fn candidates(top: &[(u32, f32)], most: usize, tokenizer: &Tokenizer) -> Vec<Candidate> {
    let candidate = |&(id, prob): &(u32, f32)| Candidate { id, text: tokenizer.display(id), prob };
    top.iter().take(most).map(candidate).collect()
}

/// A table of whole rows: the lengths were checked when the rows came in.
fn table<T>(cols: usize, data: Vec<T>) -> Matrix<T> {
    match data.is_empty() {
        true => Matrix::empty(cols),
        false => Matrix::new(cols, data).unwrap_or_else(|| Matrix::empty(cols)),
    }
}
