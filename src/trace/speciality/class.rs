//! Kinds of tokens by their characters: what one can tell without a linguist.

/// What a token's characters are. Every token is of exactly one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CharClass {
    /// Letters after a space, in lower case: the beginning of a word.
    WordStart,
    /// Lower-case letters without a space: the inside of a word, or one after a sign.
    WordPart,
    /// Letters of which the first is a capital.
    Capital,
    /// Letters of which the first is not of the Latin script.
    OtherScript,
    /// Digits.
    Digits,
    /// Punctuation and other signs.
    Signs,
    /// Nothing but white space.
    Space,
    /// Bytes that are not a whole character.
    Bytes,
    /// Several of these in one token.
    Mixed,
}

impl CharClass {
    /// The class of a token's text as a trace gives it (`\xNN` for bytes that are not whole characters).
    pub fn of(text: &str) -> Self {
        let word = text.trim();
        if word.is_empty() {
            return Self::Space;
        }
        if is_bytes(word) {
            return Self::Bytes;
        }
        let first = word.chars().next().unwrap_or(' ');
        if word.chars().all(char::is_alphabetic) {
            return match first {
                _ if !is_latin(first) => Self::OtherScript,
                _ if first.is_uppercase() => Self::Capital,
                _ if text.starts_with(char::is_whitespace) => Self::WordStart,
                _ => Self::WordPart,
            };
        }
        if word.chars().all(char::is_numeric) {
            return Self::Digits;
        }
        if !word.chars().any(char::is_alphanumeric) {
            return Self::Signs;
        }
        Self::Mixed
    }
}

/// The Latin script's blocks up to Latin Extended-B, and Latin Extended Additional.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether a token is written as bytes, as `\xNN`.
fn is_bytes(word: &str) -> bool {
    word.match_indices("\\x").any(|(at, _)| {
        let digits = word.as_bytes().get(at + 2..at + 4).unwrap_or(&[]);
        digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use super::CharClass::{self, *};

    #[test]
    fn classes_of_typical_tokens() {
        let cases = [
            (" gulls", WordStart),
            ("house", WordPart),
            ("The", Capital),
            (" Été", Capital),
            ("東京", OtherScript),
            (" кот", OtherScript),
            ("17", Digits),
            ("'", Signs),
            (" {", Signs),
            ("\n  ", Space),
            ("", Space),
            ("\\xe2\\x80", Bytes),
            ("x1", Mixed),
            ("'s", Mixed),
            ("\\xyz", Mixed),
        ];
        for (text, class) in cases {
            assert_eq!(CharClass::of(text), class, "{text:?}");
        }
    }
}
