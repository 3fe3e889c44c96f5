//! One more token for a trace: what generation sends, so that a long text is not sent again for every token.

use super::fault::{TraceError, TraceFault};
use super::{Candidate, LayerTrace, Token, Trace};
use serde::{Deserialize, Serialize};

/// A token that joins a trace, with its routing in every layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceStep {
    /// The token; its byte range continues the trace's text.
    pub token: Token,
    /// What it adds to the text (whole characters only; the rest follows with a later token).
    pub text: String,
    /// Its loss in nats.
    pub loss: Option<f32>,
    /// Its row in each layer.
    pub layers: Vec<LayerStep>,
    /// The most likely tokens after it.
    pub next: Vec<Candidate>,
}

/// One layer's row of a [`TraceStep`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerStep {
    /// Router outputs, [E].
    pub logits: Vec<f32>,
    /// Scores, [E].
    pub probs: Vec<f32>,
    /// Chosen experts, [k].
    pub experts: Vec<u16>,
    /// Their weights, [k].
    pub weights: Vec<f32>,
    /// Which of them were dropped, [k].
    pub dropped: Vec<bool>,
}

impl Trace {
    /// Adds a token.
    ///
    /// # Errors
    /// If the step has another number of layers, experts or choices than the trace; the trace is then unchanged.
    pub fn append(&mut self, step: TraceStep) -> Result<(), TraceError> {
        let fits = step.layers.len() == self.layers.len()
            && self.layers.iter().zip(&step.layers).all(|(layer, row)| {
                let (experts, chosen) = (layer.info.experts, layer.info.top_k);
                let recorded = layer.logits.is_some() && layer.probs.is_some();
                let weighed = layer.weights.is_some() && layer.dropped.is_some();
                recorded
                    && weighed
                    && row.logits.len() == experts
                    && row.probs.len() == experts
                    && row.experts.len() == chosen
                    && row.weights.len() == chosen
                    && row.dropped.len() == chosen
            });
        if !fits {
            return Err(TraceFault::OtherShape.into());
        }
        for (layer, row) in self.layers.iter_mut().zip(step.layers) {
            layer.logits.iter_mut().for_each(|all| _ = all.push(&row.logits));
            layer.probs.iter_mut().for_each(|all| _ = all.push(&row.probs));
            layer.experts.push(&row.experts);
            layer.weights.iter_mut().for_each(|all| _ = all.push(&row.weights));
            layer.dropped.iter_mut().for_each(|all| _ = all.push(&row.dropped));
        }
        if !self.losses.is_empty() || self.tokens.is_empty() {
            self.losses.push(step.loss);
        }
        if !self.predictions.is_empty() || self.tokens.is_empty() {
            self.predictions.push(step.next.clone());
        }
        self.tokens.push(step.token);
        self.text.push_str(&step.text);
        self.next = step.next;
        Ok(())
    }

    /// The row of token `t` as a step; `None` where there is no such token, or not all of a step is recorded.
    pub fn step(&self, t: usize) -> Option<TraceStep> {
        let token = self.tokens.get(t)?.clone();
        let step = |layer: &LayerTrace| {
            Some(LayerStep {
                logits: layer.logits(t)?.to_vec(),
                probs: layer.scores(t)?.to_vec(),
                experts: layer.experts.row(t).to_vec(),
                weights: layer.weights(t)?.to_vec(),
                dropped: layer.dropped.as_ref()?.row(t).to_vec(),
            })
        };
        let layers = self.layers.iter().map(step).collect::<Option<_>>()?;
        Some(TraceStep {
            text: self.text.get(token.start..token.end).unwrap_or_default().to_owned(),
            loss: self.losses.get(t).copied().flatten(),
            next: self.predictions.get(t).cloned().unwrap_or_default(),
            token,
            layers,
        })
    }
}
