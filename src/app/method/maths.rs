//! Formulas as plain text with `x_i` and `e^2`, shown with letters below and above the line.

use crate::app::translate::prose;
use yew::prelude::*;

/// A piece of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// On the line.
    Plain(&'a str),
    /// Below it.
    Below(&'a str),
    /// Above it.
    Above(&'a str),
}

/// The formula.
pub fn maths(text: &str) -> Html {
    let piece = |piece| match piece {
        Piece::Plain(words) => prose(words),
        Piece::Below(words) => html! { <sub translate="no">{ words.to_owned() }</sub> },
        Piece::Above(words) => html! { <sup translate="no">{ words.to_owned() }</sup> },
    };
    html! { <>{ for pieces(text).into_iter().map(piece) }</> }
}

/// What stands behind `_` or `^` is a run of letters, digits, signs and bars; a point only between digits, a bar only before
/// a letter, so that `g_j|i` keeps its condition and the bar that ends `|d − o_i|²` does not go below the line.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['_', '^']) {
        let (plain, tail) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
        let end = tail.char_indices().find(|&(at, c)| !belongs(tail, at, c)).map_or(tail.len(), |(end, _)| end);
        let (run, after) = tail.split_at(end);
        out.push(Piece::Plain(plain));
        out.push(if rest.as_bytes().get(at) == Some(&b'_') { Piece::Below(run) } else { Piece::Above(run) });
        rest = after;
    }
    out.push(Piece::Plain(rest));
    out
}

/// Whether the character `c` at `at` goes on with a run.
fn belongs(tail: &str, at: usize, c: char) -> bool {
    let next = tail.get(at + c.len_utf8()..).and_then(|after| after.chars().next());
    match c {
        '.' => next.is_some_and(|next| next.is_ascii_digit()),
        '|' => next.is_some_and(char::is_alphabetic),
        // Raised already.
        '²' | '³' => false,
        c => c.is_alphanumeric() || matches!(c, '[' | ']' | '−'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_they_should() {
        let shown = pieces("w_i = e^−1.37 / (e^2 + x). g_j|i E_table[token](x)");
        let below: Vec<_> = shown.iter().filter(|piece| !matches!(piece, Piece::Plain(_))).copied().collect();
        assert_eq!(
            below,
            [
                Piece::Below("i"),
                Piece::Above("−1.37"),
                Piece::Above("2"),
                Piece::Below("j|i"),
                Piece::Below("table[token]")
            ]
        );
        assert_eq!(pieces("plain."), [Piece::Plain("plain.")]);
    }

    #[test]
    fn a_bar_that_closes_stays_on_the_line() {
        let square = [Piece::Plain("|d − o"), Piece::Below("i"), Piece::Plain("|²).")];
        assert_eq!(pieces("|d − o_i|²)."), square);
        let blend = [
            Piece::Plain("|d − Σ p"),
            Piece::Below("i"),
            Piece::Plain(" o"),
            Piece::Below("i"),
            Piece::Plain("|², only"),
        ];
        assert_eq!(pieces("|d − Σ p_i o_i|², only"), blend);
        assert_eq!(pieces("g_j|i E"), [Piece::Plain("g"), Piece::Below("j|i"), Piece::Plain(" E")]);
    }
}
