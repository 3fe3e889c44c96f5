//! Continues a text, one token at a time, each with its routing.

use super::pieces::Pieces;
use super::sampling::choose;
use super::session::Session;
use crate::error::RequestFault;
use crate::model::ModelError;
use crate::protocol::{Finish, Sampling};
use crate::random::Random;
use crate::token::Encoded;
use crate::trace::{Trace, TraceStep};

/// A text being continued.
pub struct Generation {
    sampling: Sampling,
    random: Random,
    left: usize,
    pieces: Pieces,
}

/// What a step of a generation gives.
#[derive(Debug)]
pub enum Step {
    /// A token.
    Token(Box<TraceStep>),
    /// The end.
    Finished(Finish),
}

impl Generation {
    /// Begins after `trace`, the text that the session routed last.
    pub fn after(trace: &Trace, sampling: Sampling, max_tokens: usize) -> Self {
        let pieces = Pieces::after(trace.text.len());
        Self { sampling, random: Random::new(sampling.seed), left: max_tokens, pieces }
    }
}

impl Session {
    /// Chooses the next token and computes it.
    ///
    /// # Errors
    /// As [`Session::route`].
    pub async fn step(&mut self, generation: &mut Generation) -> Result<Step, ModelError> {
        if generation.left == 0 || self.ids.len() >= self.max_tokens() {
            return Ok(Step::Finished(Finish::Length));
        }
        // Half a character that nothing makes whole would be another text, with other tokens, in a link or after a reload.
        let goes_on = |id: u32| generation.pieces.go_on(self.tokenizer.bytes(id).unwrap_or_default());
        let chosen = choose(&self.rows.last, &generation.sampling, &mut generation.random, goes_on);
        let Some(id) = chosen else {
            return Err(ModelError::Request(RequestFault::NoText));
        };
        if id == self.tokenizer.end_of_text() {
            return Ok(Step::Finished(Finish::EndOfText));
        }
        generation.left -= 1;
        let loss = self.rows.follow(id);
        self.compute(&[id], &[]).await?;
        let piece = generation.pieces.push(self.tokenizer.bytes(id).unwrap_or_default());
        Ok(Step::Token(Box::new(TraceStep {
            token: self.token(Encoded { id, start: piece.start, end: piece.end }),
            text: piece.text,
            loss,
            layers: self.rows.last_step(),
            next: self.rows.next(self.rows.len(), &self.tokenizer),
        })))
    }
}
