//! Where tokens lie in the text that a visitor edits.
//!
//! Tokens are byte ranges and may begin inside a character; the text field counts UTF-16 units; and while somebody types,
//! text and trace differ. All the arithmetic between the three is here, without a browser.

use crate::trace::{Token, Trace};
use std::ops::Range;
use unicode_segmentation::GraphemeCursor;

/// Up to which byte two texts are the same, at a character boundary of both.
pub fn common_prefix(a: &str, b: &str) -> usize {
    let equal = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    (0..=equal).rev().find(|&i| a.is_char_boundary(i) && b.is_char_boundary(i)).unwrap_or(0)
}

/// The first character boundary at or after `at`.
pub fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len())
}

/// The part of the text that shows a token. A character that several tokens share belongs to the first of them; the
/// others have an empty part.
pub fn shown(text: &str, token: &Token) -> Range<usize> {
    let start = ceil_boundary(text, token.start);
    start..ceil_boundary(text, token.end).max(start)
}

/// A part of the text with all of the letters that it has something of: what a reader takes for one, such as a letter with
/// its accent or a family of faces, is several characters (an extended grapheme cluster of Unicode's annex 29).
pub fn whole_letters(text: &str, part: Range<usize>) -> Range<usize> {
    let edge = |at: usize, outward: fn(&mut GraphemeCursor, &str) -> Option<usize>| {
        let mut cursor = GraphemeCursor::new(at, text.len(), true);
        // The whole text is at hand, so that the cursor asks for nothing and cannot fail.
        if cursor.is_boundary(text, 0) == Ok(false) { outward(&mut cursor, text).unwrap_or(at) } else { at }
    };
    let start = edge(part.start, |cursor, text| cursor.prev_boundary(text, 0).ok().flatten());
    start..edge(part.end, |cursor, text| cursor.next_boundary(text, 0).ok().flatten())
}

/// The token whose part of the text shows token `t`: itself, or the one that owns the character they share.
pub fn owner(trace: &Trace, t: usize) -> usize {
    let visible = |i: &usize| trace.tokens.get(*i).is_some_and(|token| !shown(&trace.text, token).is_empty());
    (0..=t).rev().find(visible).unwrap_or(t)
}

/// The characters that a token has only some bytes of; `None` for a token of whole characters.
pub fn split_characters<'a>(text: &'a str, token: &Token) -> Option<&'a str> {
    let whole = text.is_char_boundary(token.start) && text.is_char_boundary(token.end);
    let start = (0..=token.start.min(text.len())).rev().find(|&i| text.is_char_boundary(i))?;
    (!whole).then(|| text.get(start..ceil_boundary(text, token.end))).flatten()
}

/// The token at a byte of the text: the one that contains it, or the last before it.
pub fn token_at(trace: &Trace, byte: usize) -> Option<usize> {
    let after = trace.tokens.partition_point(|token| token.start <= byte);
    (!trace.tokens.is_empty()).then(|| after.saturating_sub(1))
}

/// A byte position from one in UTF-16 units, as text fields count.
pub fn byte_of_utf16(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// A position in UTF-16 units from one in bytes.
pub fn utf16_of_byte(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum()
}

/// Whether a text has letters that are written from right to left, or marks that turn its direction: Unicode's bidirectional
/// classes R and AL lie in these blocks.
pub fn turns_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}' | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// Line ends as a text field keeps them.
pub fn normal_lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(start: usize, end: usize) -> Token {
        Token { id: 0, text: String::new(), start, end }
    }

    #[test]
    fn a_shared_character_belongs_to_its_first_token() {
        let text = "a😀b"; // the face takes bytes 1 to 4
        assert_eq!(shown(text, &token(0, 1)), 0..1);
        assert_eq!(shown(text, &token(1, 3)), 1..5);
        assert_eq!(shown(text, &token(3, 5)), 5..5);
        assert_eq!(shown(text, &token(5, 6)), 5..6);
    }

    #[test]
    fn a_part_of_a_letter_stands_for_the_letter() {
        // Bytes: o with two marks 1 to 6, a family of three faces and two joiners 6 to 24, two flags of two letters each.
        let text = "ao\u{302}\u{323}👩\u{200d}👩\u{200d}👧🇫🇷🇩🇪";
        assert_eq!(whole_letters(text, 1..2), 1..6);
        assert_eq!(whole_letters(text, 4..6), 1..6);
        assert_eq!(whole_letters(text, 0..4), 0..6);
        assert_eq!(whole_letters(text, 10..13), 6..24);
        assert_eq!(whole_letters(text, 28..36), 24..40);
        assert_eq!(whole_letters(text, 0..1), 0..1);
        assert_eq!(whole_letters(text, 32..40), 32..40);
        // Ka, the sign that takes its vowel, and sha are one letter; a letter of Thai has its vowel and its tone.
        assert_eq!(whole_letters("\u{915}\u{94d}\u{937}", 3..6), 0..9);
        assert_eq!(whole_letters("น้ำใจ", 3..6), 0..9);
        assert_eq!(whole_letters("", 0..0), 0..0);
    }

    #[test]
    fn a_token_of_bytes_names_its_character() {
        let text = "a😀b";
        assert_eq!(split_characters(text, &token(0, 1)), None);
        assert_eq!(split_characters(text, &token(1, 3)), Some("😀"));
        assert_eq!(split_characters(text, &token(2, 4)), Some("😀"));
        assert_eq!(split_characters(text, &token(3, 6)), Some("😀b"));
        assert_eq!(split_characters(text, &token(1, 5)), None);
    }

    #[test]
    fn ranges_beyond_the_text_are_empty() {
        assert_eq!(shown("ab", &token(7, 9)), 2..2);
    }

    #[test]
    fn the_common_prefix_ends_at_a_character() {
        assert_eq!(common_prefix("naïve", "naïf"), 4);
        assert_eq!(common_prefix("é", "è"), 0); // same first byte
        assert_eq!(common_prefix("same", "same"), 4);
        assert_eq!(common_prefix("", "x"), 0);
    }

    #[test]
    fn positions_translate_both_ways() {
        let text = "a😀é\n";
        for (byte, units) in [(0, 0), (1, 1), (5, 3), (7, 4), (8, 5)] {
            assert_eq!(byte_of_utf16(text, units), byte);
            assert_eq!(utf16_of_byte(text, byte), units);
        }
        assert_eq!(byte_of_utf16(text, 99), text.len());
    }

    #[test]
    fn letters_from_right_to_left_are_told() {
        // Hebrew, Arabic, Thaana, N'Ko, Phoenician, Adlam, presentation forms, and a mark that turns the direction.
        for letter in ['א', 'ع', 'ދ', 'ߊ', '𐤀', '𞤀', 'ﭐ', 'ﻻ', '\u{202e}'] {
            assert!(turns_left(&format!("abc {letter}")), "{letter:?}");
        }
        assert!(!turns_left("naïve Ωμέγα Кот 日本語 हिन्दी ไทย 👩‍🚀 \u{feff}\u{200b}\u{200d} 12 — ()"));
    }

    #[test]
    fn lines_end_as_in_a_text_field() {
        assert_eq!(normal_lines("a\r\nb\rc\n"), "a\nb\nc\n");
    }
}
