//! GPT-2's byte alphabet: one printable character for every byte.
//!
//! tokenizer.json keeps tokens as strings, but a token is any run of bytes. GPT-2 therefore writes a byte that is a
//! printable character in Latin-1 as that character, and the other 68 bytes, in order, as U+0100 and on. The space,
//! for example, becomes `Ġ`.

/// Whether a byte stands for itself.
const fn is_itself(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF)
}

/// The character of every byte.
pub(super) fn byte_chars() -> [char; 256] {
    let mut chars = ['\0'; 256];
    let mut others = '\u{100}'..='\u{143}';
    for byte in 0..=u8::MAX {
        chars[usize::from(byte)] =
            if is_itself(byte) { char::from(byte) } else { others.next().unwrap_or(char::REPLACEMENT_CHARACTER) };
    }
    chars
}

/// The byte of a character, if it stands for one.
pub(super) fn char_byte(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0..=0xFF => u8::try_from(code).ok().filter(|&byte| is_itself(byte)),
        code @ 0x100..=0x143 => {
            let nth = usize::try_from(code - 0x100).ok()?;
            (0..=u8::MAX).filter(|&byte| !is_itself(byte)).nth(nth)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_character_and_back() {
        let chars = byte_chars();
        for byte in 0..=u8::MAX {
            assert_eq!(char_byte(chars[usize::from(byte)]), Some(byte));
        }
        let distinct: std::collections::BTreeSet<_> = chars.iter().collect();
        assert_eq!(distinct.len(), 256);
        assert_eq!((1..0x11_0000).filter_map(char::from_u32).filter(|&c| char_byte(c).is_some()).count(), 256);
    }

    #[test]
    fn known_characters_of_gpt2() {
        let chars = byte_chars();
        let known =
            [(b' ', 'Ġ'), (b'\n', 'Ċ'), (b'\t', 'ĉ'), (0, 'Ā'), (0x7F, 'ġ'), (0xAD, 'Ń'), (b'a', 'a'), (0xE9, 'é')];
        for (byte, c) in known {
            assert_eq!(chars[usize::from(byte)], c);
        }
    }
}
