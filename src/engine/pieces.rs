//! Tokens of bytes to a text of characters, while it grows.
//!
//! A generated token may end inside a character: its bytes wait until the character is whole. Bytes that no later byte can
//! make whole become U+FFFD, one for each run that Unicode's chapter 3.9 calls a maximal subpart. A token's range is
//! where its bytes lie in the text; waiting bytes count as if they were there already, so a range may reach up to three
//! bytes past the text.

/// A text under way.
pub(super) struct Pieces {
    len: usize,
    waiting: Vec<u8>,
}

/// What a token adds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

impl Pieces {
    /// After a text of `len` bytes.
    pub(super) fn after(len: usize) -> Self {
        Self { len, waiting: Vec::new() }
    }

    /// Whether a token's bytes go on with the text: each character that they end or begin can be made whole.
    pub(super) fn go_on(&self, bytes: &[u8]) -> bool {
        let whole = |bytes: &[u8]| !str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some());
        if self.waiting.is_empty() { whole(bytes) } else { whole(&[&self.waiting, bytes].concat()) }
    }

    /// Adds a token's bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Piece {
        let own = self.waiting.len();
        let mut all = std::mem::take(&mut self.waiting);
        all.extend_from_slice(bytes);
        let mut text = String::new();
        let mut start = None;
        let mut read = 0;
        for chunk in all.utf8_chunks() {
            for (part, shown) in [(chunk.valid().as_bytes(), chunk.valid()), (chunk.invalid(), "\u{fffd}")] {
                if (read..read + part.len()).contains(&own) {
                    start = Some(self.len + text.len() + own - read);
                }
                read += part.len();
                if part.is_empty() {
                    continue;
                }
                if read == all.len() && unfinished(part) {
                    self.waiting = part.to_vec();
                } else {
                    text.push_str(shown);
                }
            }
        }
        self.len += text.len();
        let end = self.len + self.waiting.len();
        Piece { text, start: start.unwrap_or(end), end }
    }
}

/// Whether more bytes can make a character of these.
fn unfinished(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::{Piece, Pieces};

    fn piece(text: &str, start: usize, end: usize) -> Piece {
        Piece { text: text.to_owned(), start, end }
    }

    #[test]
    fn characters_wait_until_they_are_whole() {
        let mut pieces = Pieces::after(10);
        let cat = "🐈".as_bytes();
        assert_eq!(pieces.push(b"a"), piece("a", 10, 11));
        assert_eq!(pieces.push(&cat[..1]), piece("", 11, 12));
        assert_eq!(pieces.push(&cat[1..3]), piece("", 12, 14));
        assert_eq!(pieces.push(&[cat[3], b'!']), piece("🐈!", 14, 16));
        assert_eq!(pieces.push(b"b"), piece("b", 16, 17));
    }

    #[test]
    fn bytes_without_a_character_are_replaced() {
        let mut pieces = Pieces::after(0);
        assert_eq!(pieces.push(&[0x80]), piece("\u{fffd}", 0, 3));
        assert_eq!(pieces.push(&[0xE2, 0x82]), piece("", 3, 5));
        // The two bytes become one character of three, and the token after it begins behind that.
        assert_eq!(pieces.push(b"x"), piece("\u{fffd}x", 6, 7));
        assert_eq!(pieces.push(&[0xF0]), piece("", 7, 8));
        assert_eq!(pieces.push(&[0xF0]), piece("\u{fffd}", 10, 11));
    }

    #[test]
    fn what_goes_on_is_what_unicode_calls_well_formed() {
        let after = |waiting: &[u8], bytes: &[u8]| Pieces { len: 0, waiting: waiting.to_vec() }.go_on(bytes);
        // Unicode 16, table 3-7.
        for (waiting, bytes) in [
            (&b""[..], &b"a"[..]),
            (b"", b"\xe2"),
            (b"\xe2", b"\x82"),
            (b"\xe2\x82", b"\xac!"),
            (b"\xf0", b"\x9f\x90"),
            (b"", b"a\xc3"),
        ] {
            assert!(after(waiting, bytes), "{waiting:?} {bytes:?}");
        }
        for (waiting, bytes) in [
            (&b""[..], &b"\x80"[..]),
            (b"", b"\xff"),
            (b"\xe2", b"a"),
            (b"\xe0", b"\x80"),
            (b"\xed", b"\xa0"),
            (b"\xe2\x82", b"\xac\xac"),
            (b"\xf0", b"\xf0"),
        ] {
            assert!(!after(waiting, bytes), "{waiting:?} {bytes:?}");
        }
    }

    #[test]
    fn the_text_is_that_of_all_bytes_together() {
        let text = "naïve 🐈‍⬛ שלום\u{fffd}!";
        for size in 1..6 {
            let mut pieces = Pieces::after(0);
            let mut ends = vec![0];
            let mut built = String::new();
            for bytes in text.as_bytes().chunks(size) {
                let piece = pieces.push(bytes);
                assert_eq!(piece.start, ends[ends.len() - 1]);
                ends.push(piece.end);
                built.push_str(&piece.text);
            }
            assert_eq!((built.as_str(), ends[ends.len() - 1]), (text, text.len()));
        }
    }
}
