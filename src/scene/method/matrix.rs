//! Tokens against experts, or experts against what decides: BASE's assignment, Soft MoE's mixing, DeepSeek's bias.

use super::grid::{Cell, Grid, GridRow, Mark};
use super::{Picture, Place, paragraph, short};
use crate::format::thousands;
use crate::messages::{pictures as say, scene};
use crate::order;
use crate::scene::theme::hue;
use crate::scene::words::expert;

/// The largest of a token's affinities, the first where they are equal: whom it would take by itself.
pub fn greedy(affinities: &[f32]) -> Option<usize> {
    let better = |best: usize, e: usize| if affinities[e] > affinities[best] { e } else { best };
    (!affinities.is_empty()).then(|| (1..affinities.len()).fold(0, better))
}

/// Tokens of the whole text that went to each expert, and that would have gone there by themselves, [E] each.
pub fn loads(at: &Place<'_>) -> (Vec<usize>, Vec<usize>) {
    let (mut went, mut wanted) = (vec![0; at.experts()], vec![0; at.experts()]);
    for token in 0..at.trace.len() {
        let choice = at.layer.chosen(token).first().map(|&e| usize::from(e));
        for (load, e) in [(&mut went, choice), (&mut wanted, greedy(at.logits.row(token)))] {
            if let Some(load) = e.and_then(|e| load.get_mut(e)) {
                *load += 1;
            }
        }
    }
    (went, wanted)
}

/// BASE: affinities of the tokens around the selected one, who was assigned where, and who wanted to go elsewhere.
pub(super) fn assignment(at: &Place<'_>, width: f32) -> Picture {
    let experts = at.experts();
    let row = |token: usize| {
        let affinities = at.logits.row(token);
        let (went, best) = (at.layer.chosen(token).first().map(|&e| usize::from(e)), greedy(affinities));
        let cell = |e: usize| Cell {
            share: at.probs.row(token).get(e).copied().unwrap_or_default(),
            text: affinities.get(e).map(|&s| short(s)).unwrap_or_default(),
            hue: hue(e, experts),
            mark: match (went == Some(e), best == Some(e)) {
                (true, _) => Mark::Chosen,
                (false, true) => Mark::Wanted,
                (false, false) => Mark::None,
            },
        };
        let cells = (0..experts).map(cell).collect();
        GridRow { name: at.word(token, 14), own: true, loud: token == at.token, cells }
    };
    let (went, wanted) = loads(at);
    let ahead = at.trace.model.looks_ahead;
    let mut rows: Vec<GridRow> = at.window().map(row).collect();
    rows.push(counts(say::assignment_went(), &went));
    if ahead {
        rows.push(counts(say::assignment_wanted(), &wanted));
    }
    let moved = (0..at.trace.len())
        .filter(|&token| at.layer.chosen(token).first().map(|&e| usize::from(e)) != greedy(at.logits.row(token)));
    let description = match ahead {
        true => say::assignment_balanced(at.trace.len(), moved.count()),
        false => say::assignment_greedy().to_owned(),
    };
    let description = paragraph([Some(description), at.drawn(), Some(say::assignment_below().to_owned())]);
    Grid {
        title: say::assignment(at.number + 1),
        description,
        corner: say::corner_token().to_owned(),
        columns: (0..experts).map(expert).collect(),
        rows,
    }
    .picture(width)
}

fn counts(name: &str, loads: &[usize]) -> GridRow {
    let most = loads.iter().copied().max().unwrap_or(0).max(1) as f32;
    let cell = |(e, &load): (usize, &usize)| Cell {
        share: load as f32 / most,
        text: thousands(load),
        hue: hue(e, loads.len()),
        mark: Mark::None,
    };
    GridRow { name: name.to_owned(), own: false, loud: false, cells: loads.iter().enumerate().map(cell).collect() }
}

/// Soft MoE as published: what share each token has in the inputs of an expert's slots.
pub(super) fn mixing(at: &Place<'_>, width: f32) -> Picture {
    let experts = at.experts();
    let most = at.group().flat_map(|token| at.layer.extra.row(token)).fold(0.0_f32, |most, &share| most.max(share));
    let row = |token: usize| {
        let cell = |(e, &share): (usize, &f32)| Cell {
            share: if most > 0.0 { share / most } else { 0.0 },
            text: format!("{:.1} %", 100.0 * share),
            hue: hue(e, experts),
            mark: Mark::None,
        };
        let cells = at.layer.extra.row(token).iter().enumerate().map(cell).collect();
        GridRow { name: at.word(token, 14), own: true, loud: token == at.token, cells }
    };
    Grid {
        title: say::mixing(at.number + 1),
        description: paragraph([Some(say::mixing_told().to_owned()), at.drawn()]),
        corner: say::corner_token().to_owned(),
        columns: (0..experts).map(expert).collect(),
        rows: at.window().map(row).collect(),
    }
    .picture(width)
}

/// DeepSeek, and the later layers of its V4: the selected token's scores, the bias that balances, and the shared expert, which is always on.
pub(super) fn biased(at: &Place<'_>, width: f32) -> Picture {
    let (experts, scores, bias) = (at.experts(), at.probs.row(at.token), at.layer.extra.row(0));
    let (chosen, weights) = (at.layer.chosen(at.token), at.weights.row(at.token));
    // Scores without a bound, and weights that add up to more than 1, are drawn beside the largest.
    let [most, heaviest] = [scores, weights].map(|values| values.iter().copied().fold(1.0, f32::max));
    // By the logits: sigmoids of large ones are all 1.
    let by_score = ranked(at.logits.row(at.token), chosen.len());
    let row = |e: usize| {
        let score = scores.get(e).copied().unwrap_or_default();
        let place = chosen.iter().position(|&id| usize::from(id) == e);
        let mark = match (place.is_some(), by_score.contains(&e)) {
            (true, _) => Mark::Chosen,
            (false, true) => Mark::Wanted,
            (false, false) => Mark::None,
        };
        let plain = |share: f32, text: String| Cell { share, text, hue: hue(e, experts), mark: Mark::None };
        let known = bias.get(e).copied();
        let sum = known.map(|bias| score + bias);
        let weight = place.and_then(|place| weights.get(place)).copied();
        GridRow {
            name: expert(e),
            own: false,
            loud: false,
            cells: vec![
                plain(score / most, super::number(score)),
                plain(0.0, known.map_or_else(|| scene::not_recorded().to_owned(), super::number)),
                Cell { mark, ..plain(sum.unwrap_or(0.0) / most, sum.map(super::number).unwrap_or_default()) },
                plain(weight.unwrap_or(0.0) / heaviest, weight.map(short).unwrap_or_default()),
            ],
        }
    };
    let always = |number: usize| GridRow {
        name: say::shared(number + 1),
        cells: vec![
            Cell::default(),
            Cell::default(),
            Cell { text: say::always_on().to_owned(), ..Cell::default() },
            Cell { share: 1.0 / heaviest, text: "1".to_owned(), hue: 9, mark: Mark::Chosen },
        ],
        ..GridRow::default()
    };
    Grid {
        title: say::biases(at.number + 1),
        description: say::biases_told().to_owned(),
        corner: say::corner_expert().to_owned(),
        columns: [say::score(), say::bias(), "s + b", say::weight()].map(str::to_owned).to_vec(),
        rows: (0..at.trace.model.constants.shared).map(always).chain((0..experts).map(row)).collect(),
    }
    .picture(width)
}

/// The places of the k largest.
fn ranked(values: &[f32], k: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    order::sort(&mut places, |&a, &b| values[b].total_cmp(&values[a]));
    places.truncate(k);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;
    use crate::trace::Matrix;

    #[test]
    fn what_was_assigned_elsewhere_is_seen_and_counted() {
        let trace = samples::base();
        let at = samples::place(&trace, 1);
        assert_eq!(loads(&at), (vec![2, 2], vec![3, 1]));
        let picture = assignment(&at, 500.0);
        // Token 3 wanted the first expert and went to the second.
        assert_eq!(picture.table.rows[2][1..], ["0.90 wanted", "0.80 chosen"]);
        assert!(picture.scene.description.contains("of all 4 tokens 1 went"), "{}", picture.scene.description);
        assert_eq!(picture.table.rows[4][1..], ["2", "2"]);
        assert_eq!(picture.table.rows[5][1..], ["3", "1"]);
    }

    #[test]
    fn the_bias_changes_the_choice_and_not_the_weight() {
        let trace = samples::deepseek();
        let picture = biased(&samples::place(&trace, 0), 500.0);
        let row = |e: usize| &picture.table.rows[e + 1];
        assert_eq!(picture.table.rows[0][..1], ["shared 1"]);
        // By score alone the first, by score and bias the second.
        assert_eq!(row(0)[1..], ["0.700", "−0.200", "0.500 wanted", ""]);
        assert_eq!(row(1)[1..], ["0.600", "0.100", "0.700 chosen", "1.00"]);
    }

    #[test]
    fn mixing_shows_the_shares_of_the_trace() {
        let mut trace = samples::expert_choice();
        trace.model.router = "soft-moe".to_owned();
        let shares = vec![0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.3, 0.4, 0.4, 0.2, 0.1, 0.1];
        trace.layers[0].extra = Matrix::new(3, shares).unwrap();
        let picture = mixing(&samples::place(&trace, 0), 500.0);
        assert_eq!(picture.table.rows[1][1..], ["40.0 %", "30.0 %", "20.0 %"]);
        assert_eq!(picture.table.rows.len(), 4);
    }

    #[test]
    fn a_trace_without_the_bias_says_so() {
        let mut trace = samples::deepseek();
        trace.layers[0].extra = Matrix::default();
        let picture = biased(&samples::place(&trace, 0), 500.0);
        assert_eq!(picture.table.rows[1][2], "not recorded");
    }
}
