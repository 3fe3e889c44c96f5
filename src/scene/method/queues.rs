//! Queues before experts that take only so many tokens: who came in which order, and who found the expert full.

use super::grid::{bold, label, rect};
use super::{Picture, Place, Table, paragraph};
use crate::messages::pictures as say;
use crate::order;
use crate::scene::shape::{Anchor, Role, Scene, Shape, Size, Stroke, point};
use crate::scene::theme::hue;
use crate::scene::words::expert;
use crate::trace::LayerTrace;

/// Height of a queue.
const ROW: f32 = 30.0;
/// Where queues begin.
const START: f32 = 40.0;
/// Width of a box below which those that were dropped are drawn as one.
const NARROW: f32 = 8.0;
/// Room for the count behind a queue.
const COUNT: f32 = 96.0;

/// A choice in an expert's queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The token.
    pub token: usize,
    /// Its text, short.
    pub word: String,
    /// Whether the expert was full.
    pub dropped: bool,
    /// Whether it is the selected token.
    pub selected: bool,
}

/// The queues of one group of tokens in one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queues {
    /// Tokens that an expert takes of the group.
    pub capacity: usize,
    /// The group, in tokens.
    pub group: std::ops::Range<usize>,
    /// The layer.
    pub layer: usize,
    /// Every expert's queue, in the order in which places were given, [E].
    pub of: Vec<Vec<Queued>>,
}

/// The queues of the selected token's group; `None` where no capacity is recorded.
///
/// Places are given left to right, a token's better choice before its other one; GShard as published gives all first choices
/// of a group their places before any second one.
pub fn queues(at: &Place<'_>) -> Option<Queues> {
    let capacity = at.layer.capacity?;
    let group = at.group();
    let mut asked: Vec<(usize, usize, usize, bool)> = Vec::new(); // round, token, expert, dropped
    let method = at.method();
    let rounds = method.is_some_and(|method| method.drops && method.ahead.is_some()) && at.trace.model.looks_ahead;
    for token in group.clone() {
        let (logits, dropped) = (at.logits.row(token), at.dropped.row(token));
        let mut choices: Vec<(usize, bool)> =
            at.layer.chosen(token).iter().map(|&e| usize::from(e)).zip(dropped.iter().copied()).collect();
        // A dropped choice stands behind the other one: the scores say which was the first.
        let score = |e: usize| logits.get(e).copied().unwrap_or_default();
        order::sort(&mut choices, |a, b| score(b.0).total_cmp(&score(a.0)));
        asked.extend(
            choices
                .into_iter()
                .enumerate()
                .map(|(round, (e, dropped))| (if rounds { round } else { 0 }, token, e, dropped)),
        );
    }
    order::sort_by_key(&mut asked, |&(round, token, ..)| (round, token));
    let mut of = vec![Vec::new(); at.experts()];
    for (_, token, e, dropped) in asked {
        if let Some(queue) = of.get_mut(e) {
            queue.push(Queued { token, word: at.word(token, 9), dropped, selected: token == at.token });
        }
    }
    Some(Queues { capacity, group, layer: at.number, of })
}

/// Whether a capacity is recorded and no expert of the layer was ever full, so that there are no queues to see.
pub fn are_empty(layer: &LayerTrace) -> bool {
    layer.capacity.is_some() && layer.dropped.as_ref().is_some_and(|dropped| !dropped.as_slice().contains(&true))
}

/// How much room there is and how it comes about, with the trace's numbers: the capacity is what the group's tokens would take
/// if they were spread evenly, times a factor, which follows from the other three.
pub fn room(at: &Place<'_>, queues: &Queues) -> String {
    let (capacity, filled) = (queues.capacity, queues.group.len());
    let Some(group) = at.trace.model.constants.group.filter(|&group| group > 0) else {
        return say::room_unknown_group(capacity);
    };
    let factor = format!("{:.3}", capacity as f64 * at.experts() as f64 / group as f64);
    let factor = factor.trim_end_matches('0').trim_end_matches('.');
    let (first, last) = (queues.group.start + 1, queues.group.end);
    let fills = match (filled < at.trace.len(), filled < group) {
        (false, true) => say::room_text_fills(filled),
        (false, false) => say::room_text_fills_all().to_owned(),
        (true, true) => say::room_group_fills(first, last, filled),
        (true, false) => say::room_group(first, last),
    };
    paragraph([Some(say::room(capacity, group, factor, at.experts())), Some(fills)])
}

/// The picture.
pub(super) fn picture(queues: &Queues, at: &Place<'_>, width: f32) -> Picture {
    let longest = queues.of.iter().map(Vec::len).max().unwrap_or(0).max(queues.capacity).max(1);
    let unit = ((width - START - COUNT) / longest as f32).clamp(1.5, 70.0);
    let height = ROW * queues.of.len() as f32 + 26.0;
    let full = START + queues.capacity as f32 * unit;
    let size = Size { width: width.max(START + longest as f32 * unit + COUNT), height };
    let mut shapes = Vec::new();
    for (e, queue) in queues.of.iter().enumerate() {
        let y = 22.0 + ROW * e as f32;
        shapes.push(bold(4.0, y + 18.0, Anchor::Start, Role::Ink, &expert(e)));
        shapes.push(rect(START, y + 3.0, (queues.capacity as f32 * unit, ROW - 8.0), Some(Role::Cell), None));
        for (place, queued) in queue.iter().enumerate() {
            draw(queued, &mut shapes, (START + place as f32 * unit, y + 4.0), unit, hue(e, queues.of.len()));
        }
        let dropped = queue.iter().filter(|queued| queued.dropped).count();
        if dropped > 0 && unit < NARROW {
            let from = START + (queue.len() - dropped) as f32 * unit;
            let stroke = Some(Stroke::dashed(Role::Ink, 1.0));
            shapes.push(rect(from, y + 4.0, (dropped as f32 * unit, ROW - 10.0), None, stroke));
        }
        let count = if dropped > 0 { say::queue_count(queue.len(), dropped) } else { queue.len().to_string() };
        let end = full.max(START + queue.len() as f32 * unit);
        shapes.push(label(end + 6.0, y + 18.0, Anchor::Start, Role::Soft, &count));
    }
    let stroke = Stroke::dashed(Role::Ink, 1.5);
    shapes.push(Shape::Line { from: point(full, 18.0), to: point(full, height - 2.0), stroke });
    shapes.push(label(full, 13.0, Anchor::End, Role::Ink, &say::queue_capacity(queues.capacity)));
    let title = say::queues(queues.layer + 1, queues.group.start + 1, queues.group.end);
    let dropped = queues.of.iter().flatten().filter(|queued| queued.dropped).count();
    let end = match dropped {
        0 => say::queues_none_dropped().to_owned(),
        dropped => say::queues_dropped(dropped),
    };
    let description = paragraph([Some(say::queues_told().to_owned()), Some(room(at, queues)), Some(end)]);
    Picture { scene: Scene { size, shapes, title, description }, table: table(queues) }
}

fn draw(queued: &Queued, shapes: &mut Vec<Shape>, (x, y): (f32, f32), unit: f32, hue: u8) {
    if queued.dropped && !queued.selected && unit < NARROW {
        return; // One box stands for all of them.
    }
    let stroke = match (queued.selected, queued.dropped) {
        (true, _) => Some(Stroke::new(Role::Selected, 2.0)),
        (false, true) => Some(Stroke::dashed(Role::Ink, 1.0)),
        (false, false) => None,
    };
    let fill = (!queued.dropped).then_some(Role::ShareLoud(hue));
    let gap = if unit > 6.0 { 1.5 } else { 0.5 };
    shapes.push(rect(x + gap / 2.0, y, (unit - gap, ROW - 10.0), fill, stroke));
    if unit >= 8.0 * 7.0 {
        shapes.push(label(x + unit / 2.0, y + 14.0, Anchor::Middle, Role::Ink, &queued.word));
    }
}

fn table(queues: &Queues) -> Table {
    let words = |wanted: bool, queue: &[Queued]| {
        let words = queue.iter().filter(|queued| queued.dropped == wanted);
        words.map(|queued| format!("{} ({})", queued.word, queued.token + 1)).collect::<Vec<_>>().join(", ")
    };
    let row = |(e, queue): (usize, &Vec<Queued>)| {
        let taken = queue.iter().filter(|queued| !queued.dropped).count();
        vec![expert(e), say::queue_taken(taken, queues.capacity), words(false, queue), words(true, queue)]
    };
    let head =
        [say::corner_expert(), say::head_taken(), say::head_tokens(), say::head_dropped()].map(str::to_owned).to_vec();
    Table { head, rows: queues.of.iter().enumerate().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;
    use crate::trace::Trace;

    /// Four tokens, two experts, capacity 2: all want E1 first. Left to right E1 has room for tokens 1 and 2 only; E2, the
    /// second choice of all, for tokens 1 and 2 too.
    #[test]
    fn places_are_given_left_to_right_and_the_rest_is_dropped() {
        let trace = samples::gshard();
        let at = samples::place(&trace, 3);
        let queues = queues(&at).unwrap();
        let tokens = |e: usize| queues.of[e].iter().map(|q| (q.token, q.dropped)).collect::<Vec<_>>();
        assert_eq!(tokens(0), [(0, false), (1, false), (2, true), (3, true)]);
        assert_eq!(tokens(1), [(0, false), (1, false), (2, true), (3, true)]);
        for queue in &queues.of {
            for (place, queued) in queue.iter().enumerate() {
                assert_eq!(queued.dropped, place >= queues.capacity, "a place behind the capacity is a dropped one");
            }
        }
        assert!(queues.of[0][3].selected && !queues.of[0][0].selected);
        let picture = picture(&queues, &at, 600.0);
        assert_eq!(picture.table.rows[0][1], "2 of 2");
        assert!(picture.scene.description.contains("4 were dropped"));
    }

    /// 0.5 × 4 / 2 = 1 for Switch and 1 × 4 / 2 = 2 for GShard, whose second group is the rest of the text.
    #[test]
    fn the_room_is_the_factor_times_the_even_share() {
        let said = |trace: &Trace, token: usize| {
            let at = samples::place(trace, token);
            room(&at, &queues(&at).unwrap())
        };
        let switch = samples::switch();
        assert_eq!(
            said(&switch, 0),
            "Each expert has room for 1 in a group of 4 tokens (0.5 × 4 / 2). This text fills 2 of them."
        );
        let mut gshard = samples::gshard();
        assert!(said(&gshard, 0).ends_with("(1 × 4 / 2). This text fills it."), "{}", said(&gshard, 0));
        gshard.model.constants.group = Some(3);
        gshard.layers[0].capacity = Some(3);
        assert!(
            said(&gshard, 3).ends_with("(2 × 3 / 2). This one, tokens 4 to 4, has 1 of them."),
            "{}",
            said(&gshard, 3)
        );
        assert!(said(&gshard, 0).ends_with("This one is tokens 1 to 3."), "{}", said(&gshard, 0));
        gshard.model.constants.group = None;
        assert!(said(&gshard, 0).contains("not recorded"));
    }

    /// The shipped Switch: 1.25 × 256 / 8.
    #[test]
    fn a_short_text_leaves_most_of_a_group_empty() {
        let mut trace = crate::trace::sample::trace(37, 1, 8, 1);
        trace.model.router = "switch".to_owned();
        trace.model.constants.group = Some(256);
        trace.layers[0].capacity = Some(40);
        let at = samples::place(&trace, 5);
        let queues = queues(&at).unwrap();
        let words =
            "Each expert has room for 40 in a group of 256 tokens (1.25 × 256 / 8). This text fills 37 of them.";
        assert_eq!(room(&at, &queues), words);
        assert!(picture(&queues, &at, 600.0).scene.description.ends_with("nothing was dropped."));
    }

    #[test]
    fn a_group_begins_anew() {
        let mut trace = samples::gshard();
        trace.model.constants.group = Some(2);
        let queues = queues(&samples::place(&trace, 3)).unwrap();
        assert_eq!(queues.group, 2..4);
        assert_eq!(queues.of[0].iter().map(|q| q.token).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn without_a_capacity_there_is_no_queue() {
        let mut trace = samples::gshard();
        trace.layers[0].capacity = None;
        assert_eq!(queues(&samples::place(&trace, 0)), None);
    }
}
