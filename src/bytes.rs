//! Bytes as one piece: serde's way for `Vec<u8>` is a call for every byte, which for a checkpoint of many megabytes would
//! hold up the page. The message is the same, byte for byte.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Writes.
///
/// # Errors
/// Those of the format.
pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Reads.
///
/// # Errors
/// Those of the format.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    deserializer.deserialize_byte_buf(Bytes)
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    /// As JSON writes them.
    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<Vec<u8>, A::Error> {
        let mut out = Vec::new();
        while let Some(byte) = bytes.next_element()? {
            out.push(byte);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use crate::protocol::{FileBytes, decode, encode};
    use crate::run::protocol::LabRequest;

    #[test]
    fn the_message_is_what_serde_writes_for_a_list_of_bytes() {
        let file: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let message = LabRequest::Import { file: FileBytes::Here(file.clone()) };
        let bytes = encode(&message).unwrap();
        assert_eq!(bytes[2..], encode(&file).unwrap());
        assert_eq!(decode::<LabRequest>(&bytes).unwrap(), message);
    }
}
