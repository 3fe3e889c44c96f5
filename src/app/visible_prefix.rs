//! How much of a very long text the field shows.
//!
//! A browser lays out all of a text field for every letter typed into it, and of a text this long only the beginning can
//! be routed. So the field holds the beginning and the rest is kept beside it, untouched, until somebody asks for it or
//! there is room again. Lines cost more than letters, for each line break is an element of its own in the browser's field: of
//! a text of very many lines the beginning is shown too.

use crate::protocol::MAX_CHARS;

/// Most characters shown while somebody types; one screen more than is routed.
pub const MOST: usize = MAX_CHARS + MAX_CHARS / 10;
/// Fewest, before more of the rest is taken in.
const FEWEST: usize = MAX_CHARS / 2;
/// Line breaks shown of a text that has more than [`MOST_LINES`]: no prose and hardly a program has as many in so few letters.
const LINES: usize = 4_000;
/// Most line breaks shown while somebody types.
const MOST_LINES: usize = LINES + LINES / 10;
/// Fewest, as with characters.
const FEWEST_LINES: usize = LINES / 2;

/// Up to which byte a text is shown, where the last `tail` bytes were not so far and the caret is at byte `caret`.
///
/// While somebody types, the same rest stays away, so that nothing moves below the caret. Of what somebody adds beyond the
/// end, about as much again is shown, so that the next letter comes after it.
pub fn end(text: &str, tail: usize, caret: usize) -> usize {
    let end = without_caret(text, tail);
    if caret > end && caret <= 2 * MAX_CHARS && text.is_char_boundary(caret) { caret } else { end }
}

/// Whether nothing is left of `head` in what took its place: one edit that leaves neither its first nor its last
/// character has replaced all of it.
pub fn replaced(head: &str, now: &str) -> bool {
    head.chars().next() != now.chars().next() && head.chars().next_back() != now.chars().next_back()
}

fn without_caret(text: &str, tail: usize) -> usize {
    if text.len() <= MAX_CHARS && text.matches('\n').count() <= MOST_LINES {
        return text.len();
    }
    let kept = text.len().checked_sub(tail).filter(|&at| tail > 0 && text.is_char_boundary(at));
    if let Some(at) = kept.filter(|&at| fits(text.get(..at).unwrap_or_default())) {
        return at;
    }
    let end = match text.char_indices().nth(MOST) {
        Some(_) => text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at),
        None => text.len(),
    };
    let mut lines = text.get(..end).unwrap_or_default().match_indices('\n').skip(LINES - 1);
    let last = lines.next();
    if lines.nth(MOST_LINES - LINES).is_some() { last.map_or(end, |(at, _)| at + 1) } else { end }
}

/// Whether the beginning of a text may stay as it is: neither too long nor, with a rest behind it, too short.
fn fits(head: &str) -> bool {
    let (chars, lines) = (head.chars().count(), head.matches('\n').count());
    chars <= MOST && lines <= MOST_LINES && (chars >= FEWEST || lines >= FEWEST_LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_can_be_routed_is_shown_whole() {
        for text in ["", "short", &"é".repeat(MAX_CHARS), &"x".repeat(MOST)] {
            assert_eq!(end(text, 0, 0), text.len());
            assert_eq!(end(text, text.len(), 0), text.len());
        }
    }

    #[test]
    fn a_text_that_became_short_is_shown_whole() {
        let shortened = "x\n".repeat(3_000) + &"x".repeat(9_000);
        assert_eq!(end(&shortened, 4_000, 1), shortened.len());
    }

    #[test]
    fn of_very_many_lines_the_first_are_shown() {
        for many in [5_000, 20_000, 1_000_000] {
            assert_eq!(end(&"\n".repeat(many), 0, 0), LINES, "{many}");
        }
        assert_eq!(end(&"a\n".repeat(9_000), 0, 0), 2 * LINES);
        let most = "\n".repeat(MOST_LINES);
        assert_eq!(end(&most, 0, 0), most.len(), "what is typed line by line is not folded at once");
        let program = "    let x = 1;\n".repeat(1_400);
        assert_eq!(end(&program, 0, 0), program.len());
        // Lines are added and taken away at the beginning: the same rest stays away.
        let tail = 16_000;
        for lines in [LINES + 1, MOST_LINES, LINES - 1, FEWEST_LINES] {
            assert_eq!(end(&"\n".repeat(lines + tail), tail, 1), lines);
        }
        assert_eq!(end(&"\n".repeat(FEWEST_LINES - 1 + tail), tail, 1), LINES);
    }

    #[test]
    fn of_a_longer_one_what_can_be_routed_is_shown() {
        let text = "é".repeat(10 * MAX_CHARS);
        assert_eq!(end(&text, 0, 0), 2 * MAX_CHARS);
        assert_eq!(end(&text, 1, 0), 2 * MAX_CHARS, "no half characters");
        assert_eq!(end(&text, 99 * MAX_CHARS, 0), 2 * MAX_CHARS);
    }

    #[test]
    fn the_rest_stays_away_while_somebody_types_and_comes_when_there_is_room() {
        let long = "x".repeat(10 * MAX_CHARS);
        let tail = long.len() - end(&long, 0, 0);
        let typed = format!("ab{long}");
        assert_eq!(end(&typed, tail, 1), MAX_CHARS + 2);
        let shorter = &long[MAX_CHARS - 3..];
        assert_eq!(end(shorter, tail, 0), MAX_CHARS, "three letters are too few to see");
        let pasted = format!("{long}{long}");
        assert_eq!(end(&pasted, tail, 0), MAX_CHARS);
    }

    #[test]
    fn whoever_writes_beyond_the_end_sees_what_they_write() {
        let long = "x".repeat(10 * MAX_CHARS);
        let at = MAX_CHARS + 5_000;
        assert_eq!(end(&long, long.len() - at, at), at);
        assert_eq!(end(&long, long.len() - at, 3), MAX_CHARS);
        assert_eq!(end(&long, 0, long.len()), MAX_CHARS, "a pasted book is not laid out whole");
    }

    #[test]
    fn a_text_of_which_neither_end_is_left_was_replaced() {
        assert!(replaced("lorem dolor ", "S") && replaced("lorem dolor ", ""));
        assert!(!replaced("lorem dolor ", "lorem dolor") && !replaced("lorem dolor ", "orem dolor "));
        assert!(!replaced("lorem dolor ", "l"), "it may be all that was left");
    }
}
