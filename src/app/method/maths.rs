//! Formulas as plain text with `x_i` and `e^2`, shown as MathML, which browsers set and screen readers read by themselves.

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

/// A text with formulas in it. A word with something below or above the line is set as one formula, so that lines break
/// between words only.
pub fn maths(text: &str) -> Html {
    html! { <>{ for words(text).into_iter().map(|(is_formula, words)| if is_formula { formula(words) } else { prose(words) }) }</> }
}

/// The words that are formulas, and what stands between them, in their order.
fn words(text: &str) -> Vec<(bool, &str)> {
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if bare.contains(['_', '^']) {
            out.extend([(false, text.get(from..at)), (true, Some(bare))]);
            from = at + bare.len();
        }
        at += word.len();
    }
    out.push((false, text.get(from..)));
    out.into_iter()
        .filter_map(|(is_formula, words)| Some((is_formula, words.filter(|words| !words.is_empty())?)))
        .collect()
}

/// A formula without white space.
fn formula(text: &str) -> Html {
    let (mut out, mut symbol) = (Vec::new(), "");
    for piece in pieces(text) {
        match piece {
            Piece::Plain(plain) => {
                let (before, last) = apart(plain);
                out.extend((!before.is_empty()).then(|| part(before)));
                symbol = last;
            }
            Piece::Below(run) => out.push(html! { <msub>{ part(std::mem::take(&mut symbol)) }{ part(run) }</msub> }),
            Piece::Above(run) => out.push(html! { <msup>{ part(std::mem::take(&mut symbol)) }{ part(run) }</msup> }),
        }
    }
    out.extend((!symbol.is_empty()).then(|| part(symbol)));
    html! { <math translate="no">{ for out }</math> }
}

/// A part of a formula, in the letters of the text around it.
fn part(text: &str) -> Html {
    html! { <mtext>{ text.to_owned() }</mtext> }
}

/// A text before what is below or above its end: the part before, and the symbol that it stands at.
fn apart(plain: &str) -> (&str, &str) {
    let symbol = plain.char_indices().rev().take_while(|(_, c)| is_letter(*c)).last();
    let last = plain.char_indices().next_back();
    plain.split_at(symbol.or(last).map_or(0, |(at, _)| at))
}

/// Whether it belongs to a name: letters, digits, and what stands above letters.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
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
    fn a_word_with_something_below_is_one_formula() {
        let shown = words("w of E1 = e^2 / (e^2 + x), Σ p_i(x) of all.");
        let pieces = [
            (false, "w of E1 = "),
            (true, "e^2"),
            (false, " / "),
            (true, "(e^2"),
            (false, " + x), Σ "),
            (true, "p_i(x)"),
            (false, " of all."),
        ];
        assert_eq!(shown, pieces);
        assert_eq!(words("p_1"), [(true, "p_1")]);
        assert_eq!(
            [apart("|d − o"), apart("(e"), apart("W)"), apart("3·x̃"), apart("")],
            [("|d − ", "o"), ("(", "e"), ("W", ")"), ("3·", "x̃"), ("", "")]
        );
    }

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
