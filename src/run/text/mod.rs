//! What the lab reads: bundled domains that are written by small grammars, the same on every machine, or the visitor's
//! own file.
//!
//! The bundled domains are so different (stories, sums, code, a weather log) that experts have something to divide among
//! themselves, and so regular that a tiny model learns them in seconds. They are made when they are needed and belong to
//! nobody.

mod arithmetic;
mod code;
mod fault;
mod own;
mod records;
mod stories;

pub use fault::{OwnError, OwnFault};
pub use own::{LEAST, own};

use super::settings::TextChoice;

/// Bytes of each bundled domain.
pub const SIZE: usize = 60_000;

/// A named kind of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its documents.
    pub documents: Vec<String>,
}

/// The bundled text of a choice; empty for the visitor's own.
pub fn bundled(choice: TextChoice) -> Vec<Source> {
    let all = [
        ("stories", TextChoice::Stories, stories::document as fn(&mut TextDraw) -> String),
        ("arithmetic", TextChoice::Arithmetic, arithmetic::document),
        ("code", TextChoice::Code, code::document),
        ("records", TextChoice::Mixed, records::document),
    ];
    let wanted = all.into_iter().filter(|&(_, own, _)| choice == TextChoice::Mixed || choice == own);
    wanted.map(|(name, _, write)| Source { name: name.to_owned(), documents: documents(name, write) }).collect()
}

fn documents(name: &str, write: fn(&mut TextDraw) -> String) -> Vec<String> {
    let seed = name.bytes().fold(17, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let (mut draw, mut size, mut out) = (TextDraw(seed), 0, Vec::new());
    while size < SIZE {
        let document = write(&mut draw);
        size += document.len();
        out.push(document);
    }
    out
}

/// Random choices, the same everywhere (SplitMix64, as in `model::random`).
pub(super) struct TextDraw(u64);

impl TextDraw {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `0..n`.
    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// One of several.
    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len() as u64) as usize;
        words.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{SIZE, bundled};
    use crate::run::TextChoice;

    #[test]
    fn the_bundled_text_is_always_the_same_and_as_large_as_said() {
        let text = bundled(TextChoice::Mixed);
        assert_eq!(text.len(), TextChoice::Mixed.domains());
        assert_eq!(text, bundled(TextChoice::Mixed));
        for source in &text {
            let size: usize = source.documents.iter().map(String::len).sum();
            assert!((SIZE..SIZE + 2000).contains(&size), "{}: {size}", source.name);
            assert!(source.documents.iter().all(|document| document.is_ascii() && !document.is_empty()));
        }
        for one in [TextChoice::Stories, TextChoice::Arithmetic, TextChoice::Code] {
            assert_eq!(bundled(one).len(), 1);
            assert!(text.contains(&bundled(one)[0]));
        }
        assert!(bundled(TextChoice::Own).is_empty());
    }
}
