//! Learns a vocabulary from documents: join the most frequent pair of neighbouring tokens, again and again.
//!
//! Words repeat, so the pairs are counted over distinct pieces of text, weighted by how often each occurs. A merge
//! changes only the pieces that hold its pair, and only their pairs are counted anew. Ties go to the pair of the lowest
//! token numbers, so the same documents always give the same vocabulary.

use super::error::TrainingFault;
use super::merge::Merges;
use super::{END_OF_TEXT, LARGEST, PassedOver, SMALLEST, Tokenizer, TokenizerError, split};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// The special token comes first, then one token for every byte.
const BYTES_FROM: u32 = 1;

/// How much of each corpus file the shipped tokenizer was trained on, in bytes.
pub const SHARE: usize = 2_500_000;

type Pair = (u32, u32);

/// The documents of a corpus file: what stands between lines that are exactly `<|end|>`.
///
/// The line break before such a line and the one after it belong to the separator, not to a document; other line breaks
/// are text. Empty documents are left out, so a separator at the end of the file adds nothing.
pub fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (document, after) = next_document(rest?);
        rest = after;
        Some(document)
    })
    .filter(|document| !document.is_empty())
}

/// The first documents of a corpus file, whole ones, as many as fit in so many bytes: equal shares of files that differ
/// in size.
pub fn first_documents(text: &str, mut bytes: usize) -> impl Iterator<Item = &str> {
    documents(text).map_while(move |document| {
        bytes = bytes.checked_sub(document.len())?;
        Some(document)
    })
}

/// The text up to the first separator, and what follows it.
fn next_document(text: &str) -> (&str, Option<&str>) {
    for (at, _) in text.match_indices(END_OF_TEXT) {
        let (before, after) = (&text[..at], &text[at + END_OF_TEXT.len()..]);
        let starts_line = before.is_empty() || before.ends_with('\n');
        if starts_line && (after.is_empty() || after.starts_with('\n')) {
            return (before.strip_suffix('\n').unwrap_or(before), Some(after.strip_prefix('\n').unwrap_or(after)));
        }
    }
    (text, None)
}

impl Tokenizer {
    /// Learns a vocabulary of exactly `vocab_size` tokens: the special one, the 256 bytes, and merges.
    /// `progress` is told how many tokens are learned, and of how many.
    ///
    /// The shipped tokenizer has 3328 tokens and comes from the [`first_documents`] of [`SHARE`] bytes of each of the
    /// corpus' training files.
    ///
    /// # Errors
    /// If the size leaves no room for the bytes, or the documents repeat too little to fill it.
    pub fn train(
        documents: &[&str],
        vocab_size: usize,
        progress: impl FnMut(usize, usize),
    ) -> Result<Self, TokenizerError> {
        let tokenizer = Self::train_at_most(documents, vocab_size, progress)?;
        match tokenizer.vocab_size() {
            size if size < vocab_size => {
                Err(TokenizerError::Training(TrainingFault::FewRepetitions { tokens: size, wanted: vocab_size }))
            }
            _ => Ok(tokenizer),
        }
    }

    /// The same, but fewer tokens where the documents repeat too little.
    ///
    /// # Errors
    /// If the size leaves no room for the bytes.
    pub fn train_at_most(
        documents: &[&str],
        vocab_size: usize,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Self, TokenizerError> {
        if !(SMALLEST..=LARGEST).contains(&vocab_size) {
            return Err(TokenizerError::Training(TrainingFault::Size { wanted: vocab_size }));
        }
        let total = vocab_size - SMALLEST;
        let mut tokens: Vec<Box<[u8]>> = vec![END_OF_TEXT.as_bytes().into()];
        tokens.extend((0..=u8::MAX).map(|byte| Box::from([byte])));
        let mut ids: HashMap<Box<[u8]>, u32> = tokens.iter().cloned().zip(0..).collect();
        let mut merges = Merges::default();
        let mut pairs = Pairs::count(documents);
        progress(0, total);
        while tokens.len() < vocab_size {
            let Some((left, right)) = pairs.most_frequent() else { break };
            let bytes = [&*tokens[left as usize], &*tokens[right as usize]].concat().into_boxed_slice();
            // Two merges may spell the same token in two ways; it is one token then.
            let joined = match ids.get(&bytes) {
                Some(&id) => id,
                None => {
                    let id = tokens.len() as u32;
                    ids.insert(bytes.clone(), id);
                    tokens.push(bytes);
                    id
                }
            };
            merges.push(left, right, joined);
            pairs.merge((left, right), joined);
            progress(tokens.len() - SMALLEST, total);
        }
        Ok(Self {
            tokens,
            byte_ids: std::array::from_fn(|byte| byte as u32 + BYTES_FROM),
            merges,
            end_of_text: 0,
            passed_over: PassedOver::default(),
        })
    }
}

/// A distinct piece of text, as tokens so far, and how often it occurs.
struct Word {
    ids: Vec<u32>,
    count: u64,
}

/// The neighbouring pairs of all words, counted.
struct Pairs {
    words: Vec<Word>,
    counts: HashMap<Pair, u64>,
    /// The words that hold a pair, or held it once.
    holders: HashMap<Pair, Vec<usize>>,
    /// Every pair with a count it had; those whose count has changed since are out of date.
    queue: BinaryHeap<(u64, Reverse<Pair>)>,
}

impl Pairs {
    fn count(documents: &[&str]) -> Self {
        let mut pieces: HashMap<&str, u64> = HashMap::new();
        for piece in documents.iter().flat_map(|text| text.split(END_OF_TEXT)).flat_map(split::pieces) {
            *pieces.entry(piece).or_default() += 1;
        }
        let words = pieces
            .into_iter()
            .filter(|(piece, _)| piece.len() > 1)
            .map(|(piece, count)| Word { ids: piece.bytes().map(|byte| u32::from(byte) + BYTES_FROM).collect(), count })
            .collect();
        let mut pairs = Self { words, counts: HashMap::new(), holders: HashMap::new(), queue: BinaryHeap::new() };
        for (index, word) in pairs.words.iter().enumerate() {
            for pair in neighbours(&word.ids) {
                *pairs.counts.entry(pair).or_default() += word.count;
                hold(&mut pairs.holders, pair, index);
            }
        }
        pairs.queue = pairs.counts.iter().map(|(&pair, &count)| (count, Reverse(pair))).collect();
        pairs
    }

    /// The pair that occurs most often, at least twice; of several the one of the lowest numbers.
    fn most_frequent(&mut self) -> Option<Pair> {
        while let Some((count, Reverse(pair))) = self.queue.pop() {
            if self.counts.get(&pair) == Some(&count) {
                return (count > 1).then_some(pair);
            }
        }
        None
    }

    /// Joins a pair in every word that holds it.
    fn merge(&mut self, pair: Pair, joined: u32) {
        let mut changed = HashSet::new();
        for index in self.holders.remove(&pair).unwrap_or_default() {
            let word = &mut self.words[index];
            let after = replace(&word.ids, pair, joined);
            if after.len() == word.ids.len() {
                continue;
            }
            for old in neighbours(&word.ids) {
                if let Some(count) = self.counts.get_mut(&old) {
                    *count -= word.count;
                    changed.insert(old);
                }
            }
            for new in neighbours(&after) {
                *self.counts.entry(new).or_default() += word.count;
                changed.insert(new);
                if new.0 == joined || new.1 == joined {
                    hold(&mut self.holders, new, index);
                }
            }
            word.ids = after;
        }
        for pair in changed {
            match self.counts.get(&pair) {
                Some(&count) if count > 0 => self.queue.push((count, Reverse(pair))),
                _ => drop(self.counts.remove(&pair)),
            }
        }
    }
}

/// Notes that a word holds a pair, once for a run of notes about the same word.
fn hold(holders: &mut HashMap<Pair, Vec<usize>>, pair: Pair, word: usize) {
    let words = holders.entry(pair).or_default();
    if words.last() != Some(&word) {
        words.push(word);
    }
}

fn neighbours(ids: &[u32]) -> impl Iterator<Item = Pair> {
    ids.windows(2).map(|pair| (pair[0], pair[1]))
}

/// The tokens with every occurrence of a pair joined, from the left.
fn replace(ids: &[u32], pair: Pair, joined: u32) -> Vec<u32> {
    let mut out = Vec::with_capacity(ids.len());
    let mut at = 0;
    while at < ids.len() {
        if ids[at] == pair.0 && ids.get(at + 1) == Some(&pair.1) {
            out.push(joined);
            at += 2;
        } else {
            out.push(ids[at]);
            at += 1;
        }
    }
    out
}
