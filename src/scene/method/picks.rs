//! Expert choice from the experts' side: which tokens of its group each expert took, and which nobody did.

use super::chips::{Chip, ChipLine};
use super::{Picture, Place, chips, paragraph, short};
use crate::format::thousands;
use crate::messages::pictures as say;
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
        ChipLine { name: expert(e), note, hue: Some(hue(e, experts)), chips }
    };
    let mut lines: Vec<ChipLine> = picks(at).into_iter().enumerate().map(line).collect();
    let left = left(at);
    let name = say::picks_none(left.len());
    let chips = left.into_iter().map(|token| chip(token, String::new())).collect();
    lines.push(ChipLine { name, note: String::new(), hue: None, chips });
    let title = say::picks(at.number + 1);
    let description = if at.trace.model.looks_ahead { say::picks_ahead() } else { say::picks_causal() };
    let group = at.group();
    let part = group.len() < at.trace.len();
    let part = part.then(|| say::picks_group(group.start + 1, group.end, at.trace.len()));
    chips::picture(&lines, width, [title, paragraph([Some(description.to_owned()), part])])
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
