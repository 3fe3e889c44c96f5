//! How numbers, experts and tokens are written, so that every panel writes them alike.
//!
//! Layers, tokens and experts count from 0 in a trace and from 1 on the screen.

use crate::messages::explore;
pub use crate::scene::words::{choice, choice_in, expert, expert_in};
use crate::{
    scene::{theme, words},
    trace::Trace,
};

/// A token's text with white space and control characters made visible.
pub fn visible(text: &str) -> String {
    if text.is_empty() {
        return "\u{2205}".into();
    }
    words::visible(text)
}

/// The style class that gives an expert its hue, the same as in the picture; neighbours share one where there are too
/// many for hues to be told apart.
pub fn hue(expert: usize, experts: usize) -> &'static str {
    const HUES: [&str; 10] = ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7", "hue-8", "hue-9"];
    HUES.get(usize::from(theme::hue(expert, experts))).copied().unwrap_or("hue-0")
}

/// A share as a percentage, with a digit more where it is small.
pub fn percent(share: f32) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.1 {
        "<0.1 %".into()
    } else if value < 9.95 && value > 0.0 {
        format!("{value:.1} %")
    } else {
        format!("{value:.0} %")
    }
}

/// A probability with two digits; a small one says that it is not zero.
pub fn prob(p: f32) -> String {
    if p > 0.0 && p < 0.005 { "<0.01".into() } else { format!("{:.2}", p + 0.0) } // The sum has no negative zero.
}

/// A number with a true minus sign.
pub fn signed(value: f32) -> String {
    let size = crate::format::fixed(value.abs().into(), 2);
    if value < 0.0 { format!("−{size}") } else { size }
}

/// A count with commas between thousands, as everywhere on the screen.
pub fn count(n: usize) -> String {
    crate::format::thousands(n)
}

/// Bytes in the unit that reads best.
pub fn bytes(n: u64) -> String {
    if n < 1_000_000 { format!("{} kB", n.div_ceil(1000)) } else { format!("{:.1} MB", n as f64 / 1e6) }
}

/// Milliseconds, with a digit more where they are few.
pub fn millis(ms: f64) -> String {
    format!("{} ms", crate::format::fixed(ms, usize::from(ms < 9.95)))
}

/// Names in a row, as a sentence lists them.
pub fn listed(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().reduce(explore::and_more).unwrap_or_default()
}

/// Whole sentences one after the other, without those that are empty.
pub fn paragraph(sentences: &[&str]) -> String {
    let said: Vec<&str> = sentences.iter().copied().filter(|sentence| !sentence.is_empty()).collect();
    said.join(" ")
}

/// A token of a trace in quotes, for sentences.
pub fn quoted(trace: &Trace, t: usize) -> String {
    format!("“{}”", token(trace, t))
}

/// A token of a trace as it is shown, or nothing where there is no such token.
pub fn token(trace: &Trace, token: usize) -> String {
    trace.tokens.get(token).map(|t| visible(&t.text)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_seen() {
        assert_eq!(visible(" a\n\tb\0"), "␣a↵⇥b\\x00");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn large_is_not_long() {
        assert_eq!([signed(f32::MIN), signed(f32::MAX), signed(-1.5)], ["−3.4e38", "3.4e38", "−1.50"]);
        assert_eq!([millis(1e300), millis(12_345.6), millis(9.94)], ["1.0e300 ms", "12346 ms", "9.9 ms"]);
    }

    #[test]
    fn small_is_not_zero() {
        assert_eq!(prob(0.0), "0.00");
        assert_eq!(prob(0.001), "<0.01");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.0004), "<0.1 %");
    }
}
