//! A long text, packed so that a link can hold it: zlib's format (RFC 1950), whose checksum tells a link that lost a part on
//! its way, in base64url (RFC 4648, section 5), whose letters no address changes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// Longest packed text: 12,000 characters of prose in any of the corpus's languages.
pub const MAX: usize = 20_000;
/// Longest text that is packed or unpacked, in bytes: a link of a few letters may otherwise stand for gigabytes.
const MAX_BYTES: usize = 128 * 1024;
/// How hard to try, of 10.
const LEVEL: u8 = 9;

/// Packs a text; `None` if it is too long for a link.
pub fn pack(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let packed = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(text.as_bytes(), LEVEL));
    (packed.len() <= MAX).then_some(packed)
}

/// Unpacks a text; `None` if it is none, was cut or changed, or is too long.
pub fn unpack(packed: &str) -> Option<String> {
    if packed.len() > MAX {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(packed).ok()?;
    String::from_utf8(decompress_to_vec_zlib_with_limit(&bytes, MAX_BYTES).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for text in ["", "a", "naïve 日本 😀\r\n\0", &"The gate reads the sum. ".repeat(500)] {
            assert_eq!(unpack(&pack(text).unwrap()).as_deref(), Some(text));
        }
    }

    /// Packed by Python's `zlib.compress(…, 9)` and `base64.urlsafe_b64encode`.
    #[test]
    fn the_formats_are_the_usual_ones() {
        let packed = "eNoLyUhVSE8sSVUoSk1MKVYoAXKLS3OtYQyFzGKwjEJSJVgIpFRP4dn0pc_mrAEAbvAWbA";
        assert_eq!(unpack(packed).as_deref(), Some("The gate reads the sum; the sum is read by the gate. 日本"));
    }

    #[test]
    fn what_is_damaged_or_hostile_is_no_text() {
        let packed = pack(&"some words, and some more. ".repeat(40)).unwrap();
        for cut in 0..packed.len() {
            assert_eq!(unpack(&packed[..cut]), None, "{cut}");
        }
        for at in [3, 10, packed.len() - 3] {
            let letter = if &packed[at..=at] == "A" { "B" } else { "A" };
            assert_eq!(unpack(&format!("{}{letter}{}", &packed[..at], &packed[at + 1..])), None, "{at}");
        }
        let bomb = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&vec![b'x'; 10 << 20], 9));
        assert!(bomb.len() <= MAX, "a link can hold it");
        assert_eq!(unpack(&bomb), None);
        let binary = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(b"\xff\xfe", 9));
        assert_eq!((unpack(&binary), unpack(&"A".repeat(MAX + 1)), unpack("%%")), (None, None, None));
    }

    #[test]
    fn what_no_link_can_hold_is_not_packed() {
        let mut number = 1_u32;
        let letter = |_| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b' ' + (number >> 24) as u8 % 95)
        };
        let noise: String = (0..20_000).map(letter).collect();
        assert_eq!(pack(&noise), None);
        assert_eq!(pack(&"x".repeat(MAX_BYTES + 1)), None);
    }
}
