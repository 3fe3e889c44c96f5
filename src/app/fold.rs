//! How much of a very long text the field shows.
//!
//! A browser lays out all of a text field for every letter typed into it, and of a text this long only the beginning can
//! be routed. So the field holds the beginning and the rest is kept beside it, untouched, until somebody asks for it or
//! there is room again.

use crate::protocol::MAX_CHARS;

/// Most characters shown while somebody types; one screen more than is routed.
const MOST: usize = MAX_CHARS + MAX_CHARS / 10;
/// Fewest, before more of the rest is taken in.
const FEWEST: usize = MAX_CHARS / 2;

/// Up to which byte a text is shown, where the last `tail` bytes were not so far.
///
/// While somebody types, the same rest stays away, so that nothing moves below the caret.
pub fn end(text: &str, tail: usize) -> usize {
    if text.len() <= MAX_CHARS {
        return text.len();
    }
    let kept = text.len().checked_sub(tail).filter(|&at| tail > 0 && text.is_char_boundary(at));
    if let Some(at) = kept
        && (FEWEST..=MOST).contains(&text.get(..at).unwrap_or_default().chars().count())
    {
        return at;
    }
    match text.char_indices().nth(MOST) {
        Some(_) => text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at),
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_can_be_routed_is_shown_whole() {
        for text in ["", "short", &"é".repeat(MAX_CHARS), &"x".repeat(MOST)] {
            assert_eq!(end(text, 0), text.len());
            assert_eq!(end(text, text.len()), text.len());
        }
    }

    #[test]
    fn of_a_longer_one_what_can_be_routed_is_shown() {
        let text = "é".repeat(10 * MAX_CHARS);
        assert_eq!(end(&text, 0), 2 * MAX_CHARS);
        assert_eq!(end(&text, 1), 2 * MAX_CHARS, "no half characters");
        assert_eq!(end(&text, 99 * MAX_CHARS), 2 * MAX_CHARS);
    }

    #[test]
    fn the_rest_stays_away_while_somebody_types_and_comes_when_there_is_room() {
        let long = "x".repeat(10 * MAX_CHARS);
        let tail = long.len() - end(&long, 0);
        let typed = format!("ab{long}");
        assert_eq!(end(&typed, tail), MAX_CHARS + 2);
        let shorter = &long[MAX_CHARS - 3..];
        assert_eq!(end(shorter, tail), MAX_CHARS, "three letters are too few to see");
        let pasted = format!("{long}{long}");
        assert_eq!(end(&pasted, tail), MAX_CHARS);
    }
}
