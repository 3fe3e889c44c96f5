//! What a browser's translator may change. Students read in their own language, so sentences may be translated; numbers,
//! tokens, formulas and names of experts must stay what the model computed, so they carry `translate="no"`.
//!
//! That the page survives a translator at all, which takes away the text nodes that Yew goes on changing, is the work of
//! `www/translated.js`.

use crate::scene::svg::escape;
use yew::prelude::*;

/// Signs that only formulas, numbers and tokens whose white space is shown hold.
const SIGNS: &str = "=+−·×÷%√Σ∑≤≥<>≈±→^_|²³␣↵⇥⍽";

/// A sentence whose numbers, formulas, names of experts and tokens in quotes are kept from translators; one element, so
/// that it stays together in a row.
pub fn prose(words: &str) -> Html {
    let piece = |(kept, words): (bool, &str)| match kept {
        true => html! { <span translate="no">{ words.to_owned() }</span> },
        false => html! { { words.to_owned() } },
    };
    html! { <span>{ for pieces(words).into_iter().map(piece) }</span> }
}

/// The same as HTML, for tables that are set as one piece of it.
pub fn marked(words: &str) -> String {
    let piece = |(kept, words): (bool, &str)| match kept {
        true => format!("<span translate=\"no\">{}</span>", escape(words)),
        false => escape(words),
    };
    pieces(words).into_iter().map(piece).collect()
}

/// Whether a translator has nothing to do in it.
pub fn is_kept(words: &str) -> bool {
    pieces(words).iter().all(|(kept, words)| *kept || !words.contains(char::is_alphanumeric))
}

/// The pieces of a sentence in their order, each with whether it is kept. Neighbours that are kept are one piece, which
/// keeps a formula together; the full stop after it belongs to the sentence.
fn pieces(words: &str) -> Vec<(bool, &str)> {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut open) = (0, false);
    for word in words.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let from = bare.len() - bare.trim_start_matches('(').len();
        let core = bare.get(from..).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let mut until = from + core.len();
        if is_symbol(core) {
            let begin = match kept.pop_if(|_| open) {
                Some((begin, _)) => begin,
                None => at + from,
            };
            // A bracket that a formula opens it also closes.
            let run = words.get(begin..at + until).unwrap_or_default();
            let missing = run.matches('(').count().saturating_sub(run.matches(')').count());
            let closing = bare.get(until..).unwrap_or_default().chars().take_while(|c| *c == ')').count();
            until += missing.min(closing);
            kept.push((begin, at + until));
        }
        open = is_symbol(core) && until == bare.len();
        at += word.len();
    }
    let mut out = Vec::new();
    let mut done = 0;
    for (from, until) in kept {
        out.extend([(false, words.get(done..from)), (true, words.get(from..until))]);
        done = until;
    }
    out.push((false, words.get(done..)));
    out.into_iter().filter_map(|(kept, piece)| Some((kept, piece.filter(|piece| !piece.is_empty())?))).collect()
}

/// Whether a word without the marks around it is no word of a language.
fn is_symbol(core: &str) -> bool {
    let mut letters = core.chars();
    let Some(first) = letters.next() else { return false };
    match (first, letters.next()) {
        (one, None) if one.is_alphabetic() => !matches!(one, 'a' | 'A' | 'I'),
        (one, None) => one.is_ascii_digit() || one == '/' || SIGNS.contains(one),
        ('“', _) if core.ends_with('”') => true,
        // `top-k`, `z-loss`, `tokens/s`.
        _ if core.split(['-', '/']).any(|part| part.chars().count() == 1) => true,
        // A number, a name with one (`E3`, `2·E3`, `g2`, `top-2`), a formula.
        _ => core.contains(|one: char| one.is_ascii_digit() || SIGNS.contains(one)),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_kept, marked, pieces};

    /// The sentence with brackets around what is kept.
    fn bracketed(words: &str) -> String {
        let piece = |(kept, words): (bool, &str)| if kept { format!("[{words}]") } else { words.to_owned() };
        pieces(words).into_iter().map(piece).collect()
    }

    #[test]
    fn numbers_names_and_tokens_are_kept_and_words_are_not() {
        for (words, wanted) in [
            (
                "“␣gulls” itself had been given probability 0.003: a loss of 5.81 nats.",
                "[“␣gulls”] itself had been given probability [0.003]: a loss of [5.81] nats.",
            ),
            ("takes 1,024 of 2,048 tokens (12.5 %)", "takes [1,024] of [2,048] tokens ([12.5 %])"),
            ("E2 in layer 1, a word; I see", "[E2] in layer [1], a word; I see"),
            ("It splits max/mean of 16-bit floats.", "It splits max/mean of [16-bit] floats."),
            ("A top-2 cut, g2 only; L1 max/mean", "A [top-2] cut, [g2] only; [L1] max/mean"),
            ("Top-k of a z-loss; well-known", "[Top-k] of a [z-loss]; well-known"),
            ("It goes to 2·E3 and 12·E40, more or less.", "It goes to [2·E3] and [12·E40], more or less."),
            ("", ""),
            ("Émile 日本語 −", "Émile 日本語 [−]"),
        ] {
            assert_eq!(bracketed(words), wanted);
        }
    }

    #[test]
    fn a_formula_stays_together() {
        assert_eq!(
            bracketed("The weights are w_i = e^−1.37 / (e^2 + e^1.05), so E3 has 0.72 of it."),
            "The weights are [w_i = e^−1.37 / (e^2 + e^1.05)], so [E3] has [0.72] of it."
        );
    }

    #[test]
    fn what_has_no_words_is_kept_whole() {
        assert!(
            is_kept("E3 0.72 + E2 0.28")
                && is_kept("")
                && is_kept("1,024")
                && is_kept("≤ 0.3 %")
                && is_kept("1.04, 1.58")
        );
        assert!(!is_kept("none") && !is_kept("3 layers"));
    }

    #[test]
    fn a_cell_of_a_table_keeps_its_numbers_too() {
        assert_eq!(
            marked("✓ holds\n2.10 (1.86 to 2.33) max/mean & more"),
            "✓ holds\n<span translate=\"no\">2.10 (1.86</span> to <span translate=\"no\">2.33</span>) max/mean &amp; more"
        );
    }
}
