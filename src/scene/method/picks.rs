//! Expert choice from the experts' side: which tokens of its group each expert took, and which nobody did.

use super::chips::{Chip, Line};
use super::{Picture, Place, chips, short};
use crate::format::thousands;
use crate::order;
use crate::scene::theme::hue;
use crate::scene::words::expert;

/// A token that an expert took.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// The token.
    pub token: usize,
    /// Its score in the expert's column, which is its weight too.
    pub score: f32,
}

/// The tokens of the selected token's group that each expert took, the largest score first, [E].
pub fn picks(at: &Place<'_>) -> Vec<Vec<Pick>> {
    let mut picks = vec![Vec::new(); at.experts()];
    for token in at.group() {
        for (&e, &score) in at.layer.chosen(token).iter().zip(at.weights.row(token)) {
            if let Some(list) = picks.get_mut(usize::from(e)) {
                list.push(Pick { token, score });
            }
        }
    }
    for list in &mut picks {
        order::sort(list, |a, b| b.score.total_cmp(&a.score));
    }
    picks
}

/// The tokens of the group that no expert took.
pub fn left(at: &Place<'_>) -> Vec<usize> {
    at.group().filter(|&token| at.layer.chosen(token).is_empty()).collect()
}

/// The picture.
pub(super) fn picture(at: &Place<'_>, width: f32) -> Picture {
    let experts = at.experts();
    let chip = |token: usize, detail: String| Chip { word: at.word(token, 14), detail, loud: token == at.token };
    let line = |(e, picks): (usize, Vec<Pick>)| {
        let note = thousands(picks.len());
        let mut chips: Vec<Chip> = picks.into_iter().map(|pick| chip(pick.token, short(pick.score))).collect();
        order::sort_by_key(&mut chips, |chip| !chip.loud);
        Line { name: expert(e), note, hue: Some(hue(e, experts)), chips }
    };
    let mut lines: Vec<Line> = picks(at).into_iter().enumerate().map(line).collect();
    let left = left(at);
    let note = thousands(left.len());
    let chips = left.into_iter().map(|token| chip(token, String::new())).collect();
    lines.push(Line { name: "nobody".to_owned(), note: String::new(), hue: None, chips });
    if let Some(last) = lines.last_mut() {
        last.name = format!("none {note}");
    }
    let title = format!("What each expert of layer {} took", at.number + 1);
    let description = if at.trace.model.looks_ahead {
        "Each expert’s tokens with their scores, as many for every expert; the last row are tokens that none took."
    } else {
        "Left to right a token takes its own best experts, so the experts’ numbers differ; as published each would take as many."
    };
    let group = at.group();
    let part = match group.len() < at.trace.len() {
        true => format!(
            " These are tokens {} to {} of {}, one group.",
            thousands(group.start + 1),
            thousands(group.end),
            thousands(at.trace.len())
        ),
        false => String::new(),
    };
    chips::picture(&lines, width, [title, format!("{description}{part}")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;

    #[test]
    fn experts_have_as_many_tokens_each_and_a_token_may_have_none() {
        let trace = samples::expert_choice();
        let at = samples::place(&trace, 0);
        let picks = picks(&at);
        assert_eq!(picks.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2]);
        for (e, list) in picks.iter().enumerate() {
            assert!(list.windows(2).all(|pair| pair[0].score >= pair[1].score));
            // What was taken is what is largest in the expert's column.
            let least = list.last().unwrap().score;
            let taken: Vec<usize> = list.iter().map(|pick| pick.token).collect();
            let others = (0..trace.len()).filter(|token| !taken.contains(token));
            assert!(others.map(|token| trace.layers[0].scores(token).unwrap()[e]).all(|score| score <= least));
        }
        assert_eq!(left(&at), [2]);
    }
}
