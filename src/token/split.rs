//! Splits text into the pieces inside which tokens may be merged.
//!
//! The rule is GPT-2's with three changes: digits stand alone, so that numbers are read digit by digit; a run of white
//! space leaves its last character to the next piece only if that is a plain space, so that a line break with its tabs
//! stays whole; and a line break stays with the punctuation before it.
//!
//! The pieces, the first that matches:
//! 1. letters, with one space before them
//! 2. one digit, with one space before it
//! 3. punctuation and symbols, with one space before them and the line breaks after them
//! 4. white space up to, not including, a plain space before something else
//! 5. white space
//!
//! Unicode's own classes (`\p{L}`, `char::is_alphabetic`) grow with every version, and every engine has another one. A
//! text must give the same tokens everywhere, so the classes here are the short lists of ranges below, and [`pattern`]
//! writes the very same ranges into tokenizer.json's regular expression. What is in no list is a letter.

use std::fmt::Write;

type Ranges = &'static [(char, char)];

/// White space: Unicode's property `White_Space`.
const SPACES: Ranges = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{85}', '\u{85}'),
    ('\u{A0}', '\u{A0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200A}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202F}', '\u{202F}'),
    ('\u{205F}', '\u{205F}'),
    ('\u{3000}', '\u{3000}'),
];

/// Digits: ASCII's and their full-width forms.
const DIGITS: Ranges = &[('0', '9'), ('\u{FF10}', '\u{FF19}')];

/// Punctuation, symbols, controls and private characters, by block.
const MARKS: Ranges = &[
    ('\0', '\u{8}'),
    ('\u{E}', '\u{1F}'),
    ('!', '/'),
    (':', '@'),
    ('[', '`'),
    ('{', '\u{84}'),
    ('\u{86}', '\u{9F}'),
    ('\u{A1}', '\u{A9}'),
    ('\u{AB}', '\u{B4}'),
    ('\u{B6}', '\u{B9}'),
    ('\u{BB}', '\u{BF}'),
    ('\u{D7}', '\u{D7}'),
    ('\u{F7}', '\u{F7}'),
    ('\u{200B}', '\u{2027}'),
    ('\u{202A}', '\u{202E}'),
    ('\u{2030}', '\u{205E}'),
    ('\u{2060}', '\u{2BFF}'),
    ('\u{2E00}', '\u{2FFF}'),
    ('\u{3001}', '\u{3004}'),
    ('\u{3008}', '\u{3020}'),
    ('\u{3030}', '\u{3030}'),
    ('\u{303D}', '\u{303F}'),
    ('\u{30A0}', '\u{30A0}'),
    ('\u{30FB}', '\u{30FB}'),
    ('\u{E000}', '\u{F8FF}'),
    ('\u{FE00}', '\u{FE1F}'),
    ('\u{FE30}', '\u{FE6F}'),
    ('\u{FF01}', '\u{FF0F}'),
    ('\u{FF1A}', '\u{FF20}'),
    ('\u{FF3B}', '\u{FF40}'),
    ('\u{FF5B}', '\u{FF65}'),
    ('\u{FFE0}', '\u{FFFF}'),
    ('\u{1F000}', '\u{1FBFF}'),
    ('\u{E0000}', '\u{10FFFF}'),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Mark,
    Space,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\t'..='\r' | ' ' => Class::Space,
        '\0'..='\u{7F}' => Class::Mark,
        _ if contains(MARKS, c) => Class::Mark,
        _ if contains(SPACES, c) => Class::Space,
        _ if contains(DIGITS, c) => Class::Digit,
        _ => Class::Letter,
    }
}

fn contains(ranges: Ranges, c: char) -> bool {
    let after = ranges.partition_point(|&(first, _)| first <= c);
    after > 0 && c <= ranges[after - 1].1
}

/// The same rule as a regular expression, for tokenizer.json.
pub(super) fn pattern() -> String {
    let (spaces, digits, marks) = (in_brackets(SPACES), in_brackets(DIGITS), in_brackets(MARKS));
    format!(
        " ?[^{spaces}{digits}{marks}]+| ?[{digits}]| ?[{marks}]+[\\x0A\\x0D]*|[{spaces}]+(?= [^{spaces}])|[{spaces}]+"
    )
}

/// Ranges as they stand in a bracket expression: escapes that every engine reads alike, beyond U+FFFF plain characters.
fn in_brackets(ranges: Ranges) -> String {
    let mut out = String::new();
    for &(first, last) in ranges {
        push_char(&mut out, first);
        if last != first {
            out.push('-');
            push_char(&mut out, last);
        }
    }
    out
}

fn push_char(out: &mut String, c: char) {
    // Writing into a String cannot fail.
    let _ = match u32::from(c) {
        code @ 0..=0x7F if !c.is_ascii_alphanumeric() => write!(out, "\\x{code:02X}"),
        code @ 0x80..=0xFFFF => write!(out, "\\u{code:04X}"),
        _ => write!(out, "{c}"),
    };
}

/// The pieces of a text, in order, without gaps.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(first_piece(rest));
        rest = after;
        Some(piece)
    })
}

/// Length in bytes of the first piece of a text that is not empty.
fn first_piece(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(mut first) = chars.next() else { return 0 };
    let mut length = first.len_utf8();
    if first == ' '
        && let Some(next) = chars.next().filter(|&next| class(next) != Class::Space)
    {
        first = next;
        length += next.len_utf8();
    }
    match class(first) {
        Class::Digit => length,
        Class::Letter => length + run(&text[length..], |c| class(c) == Class::Letter),
        Class::Mark => {
            length += run(&text[length..], |c| class(c) == Class::Mark);
            length + run(&text[length..], |c| matches!(c, '\n' | '\r'))
        }
        Class::Space => {
            let end = run(text, |c| class(c) == Class::Space);
            // A single plain space before something else was taken above, so a piece is left.
            if end < text.len() && text[..end].ends_with(' ') { end - 1 } else { end }
        }
    }
}

/// Length in bytes of the characters at the start of a text that satisfy a condition.
fn run(text: &str, mut condition: impl FnMut(char) -> bool) -> usize {
    text.find(|c| !condition(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        pieces(text).collect()
    }

    #[test]
    fn classes_do_not_overlap_and_are_sorted() {
        for ranges in [SPACES, DIGITS, MARKS] {
            assert!(ranges.iter().all(|&(first, last)| first <= last));
            assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
        for c in '\0'..=char::MAX {
            let classes = [SPACES, DIGITS, MARKS].iter().filter(|ranges| contains(ranges, c)).count();
            assert!(classes <= 1, "{c:?}");
            assert_eq!(class(c) == Class::Letter, classes == 0, "{c:?}");
            assert_eq!(class(c) == Class::Space, contains(SPACES, c), "{c:?}");
            assert_eq!(class(c) == Class::Digit, contains(DIGITS, c), "{c:?}");
        }
    }

    #[test]
    fn white_space_is_unicodes() {
        for c in '\0'..=char::MAX {
            assert_eq!(class(c) == Class::Space, c.is_whitespace(), "{c:?}");
        }
    }

    #[test]
    fn splits_as_the_rule_says() {
        assert_eq!(split("Hello, big  world"), ["Hello", ",", " big", " ", " world"]);
        assert_eq!(split("x = 1234;"), ["x", " =", " 1", "2", "3", "4", ";"]);
        assert_eq!(split("if a {\n    b();\n}\n"), ["if", " a", " {\n", "   ", " b", "();\n", "}\n"]);
        assert_eq!(split("word\n\n\tnext"), ["word", "\n\n\t", "next"]);
        assert_eq!(split("end  \n "), ["end", "  \n "]);
        assert_eq!(split("だ。\n　彼は"), ["だ", "。\n", "　", "彼は"]);
        assert_eq!(split(" "), [" "]);
        assert_eq!(split("  "), ["  "]);
        assert_eq!(split("a\u{3000} b"), ["a", "\u{3000}", " b"]);
        assert_eq!(split(""), [""; 0]);
    }
}
