//! Text to numbers and back: byte-level byte-pair encoding, as GPT-2 does it.
//!
//! Every text is first a run of bytes, so nothing is unknown: emoji, broken control characters and languages never seen
//! in training all have tokens. The rule is written in plain Rust, without a regular-expression engine and without
//! Unicode tables of the standard library, so that native and wasm builds agree, and it is exactly the rule that
//! Hugging Face's `tokenizers` follows when it reads the tokenizer.json written here.
//!
//! A text goes through three steps: [`Tokenizer::encode`] cuts out the special token, `split` cuts the rest into pieces
//! (a word, a digit, some punctuation, white space), and `merge` joins the bytes of a piece into tokens.

mod alphabet;
mod error;
mod json;
mod merge;
mod other;
mod parts;
mod split;
mod train;

pub use error::{JsonFault, MergeFault, TokenizerError, TrainingFault, VocabularyFault};
pub use other::OtherTokenizer;
pub use train::{SHARE, documents, first_documents};

use crate::messages::engine;
use merge::Merges;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The special token that stands between two documents, as it is written in a text.
pub const END_OF_TEXT: &str = "<|end|>";

/// Tokens of the smallest vocabulary: that and the bytes.
const SMALLEST: usize = 257;
/// Tokens of the largest.
const LARGEST: usize = 1 << 20;

/// A byte-level BPE vocabulary with its merges.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    /// The bytes of every token, by id.
    tokens: Vec<Box<[u8]>>,
    /// The token of every single byte.
    byte_ids: [u32; 256],
    merges: Merges,
    end_of_text: u32,
    passed_over: PassedOver,
}

/// What a tokenizer's file asks for and is not done: it says how to cut or fill up texts, and not how to make tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// Cut long texts.
    pub truncation: bool,
    /// Fill up short ones.
    pub padding: bool,
}

impl PassedOver {
    /// That, in a sentence; `None` if there is nothing.
    pub fn said(self) -> Option<String> {
        match (self.truncation, self.padding) {
            (true, true) => Some(engine::passed_over_both().to_owned()),
            (true, false) => Some(engine::passed_over_truncation().to_owned()),
            (false, true) => Some(engine::passed_over_padding().to_owned()),
            (false, false) => None,
        }
    }
}

/// A token of a text and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Encoded {
    /// The token's number in the vocabulary.
    pub id: u32,
    /// First byte in the text. It may lie inside a character that takes several tokens.
    pub start: usize,
    /// One past the last byte in the text.
    pub end: usize,
}

impl Tokenizer {
    /// The tokens of a text. Their byte ranges follow each other without gaps from the text's first byte to its last.
    ///
    /// Where the text holds [`END_OF_TEXT`] literally, that is the special token, as in Hugging Face's `tokenizers`.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<Encoded> {
        let mut out = Vec::with_capacity(text.len() / 3 + 1);
        let mut known: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut at = 0;
        for (number, part) in text.split(END_OF_TEXT).enumerate() {
            if number > 0 {
                self.push(&mut out, self.end_of_text, &mut at);
            }
            for piece in split::pieces(part) {
                let ids = known.entry(piece).or_insert_with(|| self.merge(piece));
                for &id in &*ids {
                    self.push(&mut out, id, &mut at);
                }
            }
        }
        out
    }

    /// The tokens of a piece, without the special one.
    fn merge(&self, piece: &str) -> Vec<u32> {
        let mut ids = piece.bytes().map(|byte| self.byte_ids[usize::from(byte)]).collect();
        self.merges.apply(&mut ids);
        ids
    }

    fn push(&self, out: &mut Vec<Encoded>, id: u32, at: &mut usize) {
        let start = *at;
        *at += self.bytes(id).map_or(0, <[u8]>::len);
        out.push(Encoded { id, start, end: *at });
    }

    /// The bytes of tokens, one after the other. Numbers that are no token give nothing.
    #[must_use]
    pub fn decode(&self, ids: &[u32]) -> Vec<u8> {
        ids.iter().filter_map(|&id| self.bytes(id)).flatten().copied().collect()
    }

    /// The bytes of a token; none if there is no such token.
    #[must_use]
    pub fn bytes(&self, id: u32) -> Option<&[u8]> {
        self.tokens.get(usize::try_from(id).ok()?).map(AsRef::as_ref)
    }

    /// The text of a token for people. Bytes that are not whole characters are written `\xNN`; a number that is no token
    /// gives an empty text.
    #[must_use]
    pub fn display(&self, id: u32) -> String {
        crate::trace::shown(self.bytes(id).unwrap_or_default())
    }

    /// How many tokens there are.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    /// What its file asks for and is not done.
    #[must_use]
    pub fn passed_over(&self) -> PassedOver {
        self.passed_over
    }

    /// The special token that stands between two documents.
    #[must_use]
    pub fn end_of_text(&self) -> u32 {
        self.end_of_text
    }
}
