//! The hash table, as far as the text uses it: which tokens share a bucket, and so an expert.

use super::chips::{Chip, ChipLine};
use super::{Picture, Place, chips};
use crate::format::thousands;
use crate::messages::pictures as say;
use crate::methods::{GateKind, LooksAt};
use crate::order;
use crate::scene::theme::hue;
use crate::scene::words::expert;

/// A key of the table and how often the text uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The token's text, or the place.
    pub word: String,
    /// How often.
    pub count: usize,
    /// Whether the selected token is looked up by it.
    pub selected: bool,
}

/// What it looks at.
pub(super) fn looks_at(at: &Place<'_>) -> Option<LooksAt> {
    Some(at.method()?.key?.looks_at)
}

/// What a token is looked up by: another token, or a place; the second is whether anything is known of it.
fn key(at: &Place<'_>, token: usize) -> (Option<usize>, bool) {
    match looks_at(at) {
        Some(LooksAt::Previous) => (token.checked_sub(1), true),
        Some(LooksAt::Next) if at.trace.model.looks_ahead && token + 1 < at.trace.len() => (Some(token + 1), true),
        Some(LooksAt::Place) => (None, false),
        _ => (Some(token), true),
    }
}

/// What decides for a token, in words.
pub fn looked_up(at: &Place<'_>, token: usize) -> String {
    match key(at, token) {
        (Some(by), _) => format!("“{}”", at.word(by, 24)),
        (None, true) => say::key_beginning().to_owned(),
        (None, false) => say::key_place(token + 1),
    }
}

/// Every expert's bucket: the keys of this text that lead to it, in order of appearance, [E].
pub fn buckets(at: &Place<'_>) -> Vec<Vec<Key>> {
    let mut buckets: Vec<Vec<(Option<u32>, Key)>> = vec![Vec::new(); at.experts()];
    for token in 0..at.trace.len() {
        let (by, words) = key(at, token);
        let id = by.and_then(|by| at.trace.tokens.get(by)).map(|token| token.id);
        let selected = token == at.token;
        for &e in at.layer.chosen(token) {
            let Some(bucket) = buckets.get_mut(usize::from(e)) else { continue };
            if let Some((_, key)) = bucket.iter_mut().find(|(known, _)| words && *known == id) {
                (key.count, key.selected) = (key.count + 1, key.selected || selected);
                continue;
            }
            let word = match (by, words) {
                (Some(by), _) => at.word(by, 16),
                (None, true) => say::bucket_beginning().to_owned(),
                (None, false) => thousands(token + 1),
            };
            bucket.push((id, Key { word, count: 1, selected }));
        }
    }
    buckets.into_iter().map(|bucket| bucket.into_iter().map(|(_, key)| key).collect()).collect()
}

/// The picture.
pub(super) fn picture(at: &Place<'_>, width: f32) -> Picture {
    let experts = at.experts();
    let line = |(e, bucket): (usize, Vec<Key>)| {
        let times = |key: &Key| if key.count > 1 { format!("×{}", key.count) } else { String::new() };
        let tokens: usize = bucket.iter().map(|key| key.count).sum();
        let mut chips: Vec<Chip> =
            bucket.into_iter().map(|key| Chip { detail: times(&key), word: key.word, loud: key.selected }).collect();
        order::sort_by_key(&mut chips, |chip| !chip.loud);
        ChipLine { name: expert(e), note: thousands(tokens), hue: Some(hue(e, experts)), chips }
    };
    let lines: Vec<ChipLine> = buckets(at).into_iter().enumerate().map(line).collect();
    let (title, description) = match looks_at(at) {
        Some(LooksAt::Place) => (say::buckets_of_places(at.number + 1), say::buckets_of_places_told()),
        _ if at.method().is_some_and(|method| method.gate == GateKind::Linear) => {
            (say::buckets_of_table(at.number + 1), say::buckets_of_table_told())
        }
        _ => (say::buckets_of_hash(at.number + 1), say::buckets_of_hash_told()),
    };
    chips::picture(&lines, width, [title, description.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;

    #[test]
    fn the_same_token_has_one_key_in_one_bucket() {
        let trace = samples::hash("balanced");
        let buckets = buckets(&samples::place(&trace, 2));
        let words =
            |e: usize| buckets[e].iter().map(|key| (key.word.as_str(), key.count, key.selected)).collect::<Vec<_>>();
        assert_eq!(words(0), [("a", 2, true)]);
        assert_eq!(words(1), [("b", 1, false), ("c", 1, false)]);
        let tokens: usize = buckets.iter().flatten().map(|key| key.count).sum();
        assert_eq!(tokens, trace.len(), "every token is in one bucket");
    }

    #[test]
    fn a_token_with_several_experts_is_in_the_bucket_of_each() {
        let trace = samples::deepseek_v4(true);
        let buckets = buckets(&samples::place(&trace, 2));
        let words = |e: usize| buckets[e].iter().map(|key| (key.word.as_str(), key.count)).collect::<Vec<_>>();
        assert_eq!([words(0), words(1), words(2), words(3)], [[("a", 2)], [("a", 2)], [("b", 1)], [("b", 1)]]);
    }

    #[test]
    fn what_is_looked_up_is_what_the_kind_looks_at() {
        let word = |kind: &str, ahead: bool, token: usize| {
            let mut trace = samples::hash(kind);
            trace.model.looks_ahead = ahead;
            looked_up(&samples::place(&trace, token), token)
        };
        assert_eq!(word("random", false, 1), "“b”");
        assert_eq!([word("previous", false, 1), word("previous", false, 0)], ["“a”", "the beginning"]);
        assert_eq!(word("position", false, 1), "place 2");
        assert_eq!([word("oracle", true, 1), word("oracle", false, 1), word("oracle", true, 3)], ["“a”", "“b”", "“c”"]);
    }
}
