//! Text to the tokens that are routed, and what is cut off a text that is too long.

use crate::protocol::{Cut, MAX_CHARS};
use crate::token::{Encoded, Tokenizer};

/// A text as it will be routed.
pub(super) struct Prepared {
    /// The text that is left.
    pub text: String,
    /// The tokens of exactly that text.
    pub tokens: Vec<Encoded>,
    /// What was cut off.
    pub cut: Option<Cut>,
}

/// The tokens of at most [`MAX_CHARS`] characters and `max_tokens` tokens of `text`. The rest is cut off at a character, and
/// what is left is tokenised as if it had been typed so.
pub(super) fn prepare(tokenizer: &Tokenizer, text: &str, max_tokens: usize) -> Prepared {
    let mut keep = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
    let mut tokens = tokenizer.encode(&text[..keep]);
    while tokens.len() > max_tokens {
        // A shorter text has other tokens at its end, perhaps more of them: go on until they fit.
        keep = text.floor_char_boundary(tokens[max_tokens].start);
        tokens = tokenizer.encode(&text[..keep]);
    }
    let cut = (keep < text.len()).then(|| Cut { chars: text.chars().count(), kept: text[..keep].chars().count() });
    Prepared { text: text[..keep].to_owned(), tokens, cut }
}
