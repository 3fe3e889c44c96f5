//! Text to numbers and back: byte-level byte-pair encoding.
