//! Several models' choices for the same text, token above token: set like a score, in as many lines as the text needs.
//!
//! Expert numbers of different models mean nothing to each other, so what stands out is not another number but another
//! company: a token whose expert is not the one to which this model sends most of the tokens that share an expert in the
//! first model that has a choice ([`reference`], [`agreement::differences`]). Below each choice a bar is the token's loss;
//! what is more than the first model's loss is in ink, and what is less is left open.

use super::{
    shape::{Anchor, Dash, Font, Point, Role, SMALLEST, Scene, Shape, Size, Stroke, point},
    theme, words,
};
use crate::messages::scene;
use crate::trace::{Trace, agreement};

/// Tokens in a picture; longer texts are shown in parts.
pub const PART: usize = 80;
/// From this width on the models' names fit before the lines.
const WIDE: f32 = 640.0;
/// Room for the models' names.
const NAMES: f32 = 200.0;
const NAME: f32 = 24.0;
const CELL: f32 = 20.0;
const BAR: f32 = 26.0;
const GAP: f32 = 18.0;

/// The letter by which a model goes where its name has no room.
pub fn letter(model: usize) -> char {
    char::from(b'A' + u8::try_from(model % 26).unwrap_or(0))
}

/// What a model is called among others, the letter of its place first: `B Switch`.
pub fn labelled(place: usize, title: &str) -> String {
    format!("{} {title}", letter(place))
}

/// The model whose choices the others' are compared with: the first that has more than one expert to choose from.
pub fn reference(models: &[(&str, &Trace)]) -> Option<usize> {
    models.iter().position(|(_, trace)| trace.model.experts > 1)
}

/// The part of a text that holds a token.
pub fn part(tokens: usize, token: usize) -> std::ops::Range<usize> {
    let start = token.min(tokens.saturating_sub(1)) / PART * PART;
    start..(start + PART).min(tokens)
}

/// The picture, with the place of every token.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The picture.
    pub scene: Scene,
    /// Each token's left upper corner and width.
    places: Vec<(usize, Point, f32)>,
    line: f32,
}

impl Difference {
    /// The token at a point.
    pub fn hit(&self, at: Point) -> Option<usize> {
        let inside = |&&(_, corner, width): &&(usize, Point, f32)| {
            (corner.x..corner.x + width).contains(&at.x) && (corner.y..corner.y + self.line).contains(&at.y)
        };
        self.places.iter().find(inside).map(|(token, _, _)| *token)
    }
}

/// What is drawn of one model.
struct Row<'a> {
    trace: &'a Trace,
    choices: Vec<u16>,
    differs: Vec<bool>,
}

/// The part of the text that holds `token`, as these models (the first is what the others are compared with) see it in a
/// layer. All must have the same tokens; their names are as [`labelled`] makes them.
pub fn difference(models: &[(&str, &Trace)], layer: usize, token: usize, width: f32) -> Difference {
    let base = reference(models).and_then(|at| models.get(at));
    let base = base.map(|(_, trace)| agreement::first_choices(trace, layer)).unwrap_or_default();
    let rows: Vec<Row<'_>> = models
        .iter()
        .map(|(_, trace)| {
            let choices = agreement::first_choices(trace, layer);
            let comparable = trace.model.experts > 1 && choices.len() == base.len();
            let differs = if comparable { agreement::differences(&base, &choices) } else { vec![false; choices.len()] };
            Row { trace, choices, differs }
        })
        .collect();
    let tokens = models.first().map_or(0, |(_, trace)| trace.len());
    let shown = part(tokens, token);
    let left = if width >= WIDE { NAMES } else { 22.0 };
    let line = NAME + rows.len() as f32 * (CELL + BAR);
    let mut place = point(left, 0.0);
    let mut places = Vec::new();
    for t in shown.clone() {
        let column = column(models[0].1, t).min(width - left);
        if place.x + column > width && place.x > left {
            place = point(left, place.y + line + GAP);
        }
        places.push((t, place, column));
        place.x += column;
    }
    let height = if places.is_empty() { 0.0 } else { place.y + line + 4.0 };
    let most = rows.iter().flat_map(|row| row.trace.losses.get(shown.clone()).unwrap_or_default());
    let most = most.flatten().copied().fold(1.0, f32::max);
    let mut shapes = Vec::new();
    for &(t, corner, column) in &places {
        if corner.x == left {
            names(models, corner.y, left, width >= WIDE, &mut shapes);
        }
        if t == token {
            let (at, size) = (point(corner.x + 0.5, corner.y), Size { width: column - 1.0, height: line + 2.0 });
            let stroke = Some(Stroke::new(Role::Selected, 1.2));
            shapes.push(Shape::Rect { at, size, radius: 4.0, fill: Some(Role::Band), stroke });
        }
        let font = Font { size: 14.0, bold: t == token, serif: true };
        let role = if t == token { Role::Selected } else { Role::Ink };
        let (at, text) = (point(corner.x + column / 2.0, corner.y + 16.0), name(models[0].1, t));
        shapes.push(Shape::Text { at, anchor: Anchor::Middle, font, role, halo: false, text });
        for (r, row) in rows.iter().enumerate() {
            let at = point(corner.x + 1.5, corner.y + NAME + r as f32 * (CELL + BAR));
            cell(row, (layer, t), at, column - 3.0, &mut shapes);
            let base = rows.first().filter(|_| r > 0).and_then(|first| loss(first.trace, t));
            bar(loss(row.trace, t), base, most, point(at.x, at.y + CELL + BAR - 5.0), column - 3.0, &mut shapes);
        }
    }
    let scene = Scene {
        size: Size { width, height },
        shapes,
        title: scene::difference(models.len()),
        description: describe(models, &rows, layer),
    };
    Difference { scene, places, line }
}

fn loss(trace: &Trace, t: usize) -> Option<f32> {
    trace.losses.get(t).copied().flatten()
}

fn name(trace: &Trace, t: usize) -> String {
    trace.tokens.get(t).map(|token| words::short(&token.text, 12)).unwrap_or_default()
}

/// Width of a token's column: its letters, or an expert's name.
fn column(trace: &Trace, t: usize) -> f32 {
    let letters: f32 = name(trace, t).chars().map(|c| if c.is_ascii() { 7.6 } else { 13.0 }).sum();
    (letters + 10.0).max(34.0)
}

fn names(models: &[(&str, &Trace)], y: f32, left: f32, wide: bool, shapes: &mut Vec<Shape>) {
    for (m, (name, _)) in models.iter().enumerate() {
        let text = if wide { clipped(name, 28) } else { initial(name) };
        let at = point(left - 8.0, y + NAME + m as f32 * (CELL + BAR) + CELL * 0.72);
        let font = Font { size: 12.0, bold: true, serif: false };
        shapes.push(Shape::Text { at, anchor: Anchor::End, font, role: Role::Ink, halo: false, text });
        if wide {
            let at = point(left - 8.0, at.y + BAR - 2.0);
            let font = Font { size: SMALLEST, bold: false, serif: false };
            let text = scene::loss().to_owned();
            shapes.push(Shape::Text { at, anchor: Anchor::End, font, role: Role::Soft, halo: false, text });
        }
    }
}

/// The letter that a model's name begins with ([`labelled`]).
pub fn initial(label: &str) -> String {
    label.chars().take(1).collect()
}

/// A title that fits before a line.
fn clipped(name: &str, most: usize) -> String {
    if name.chars().count() <= most { name.to_owned() } else { name.chars().take(most - 1).chain(['…']).collect() }
}

/// The first expert of a token; the outline says whether it differs, dashes whether the choice was dropped.
fn cell(row: &Row<'_>, (layer, t): (usize, usize), at: Point, width: f32, shapes: &mut Vec<Shape>) {
    let experts = row.trace.experts(layer);
    let dense = experts < 2;
    let choice = row.choices.get(t).copied();
    let dropped = row.trace.layers.get(layer).is_some_and(|layer| layer.is_dropped(t, 0));
    let (text, fill) = match choice {
        None => ("–".to_owned(), Role::Cell),
        Some(_) if dense => (scene::all().to_owned(), Role::Cell),
        Some(agreement::NONE) => (scene::none().to_owned(), Role::Cell),
        Some(expert) => {
            let expert = usize::from(expert);
            (words::choice(row.trace, expert), Role::Share(theme::hue(expert, experts)))
        }
    };
    let stroke = match (row.differs.get(t), dropped) {
        (Some(true), dropped) => Some(Stroke { role: Role::Selected, width: 2.0, dash: Dash::of(dropped) }),
        (_, true) => Some(Stroke::dashed(Role::Ink, 1.5)),
        _ => None,
    };
    let size = Size { width, height: CELL - 2.0 };
    shapes.push(Shape::Rect { at, size, radius: 3.0, fill: Some(fill), stroke });
    shapes.push(Shape::Text {
        at: point(at.x + width / 2.0, at.y + 13.0),
        anchor: Anchor::Middle,
        font: Font { size: 11.0, bold: row.differs.get(t) == Some(&true), serif: false },
        role: if dense { Role::Soft } else { Role::Ink },
        halo: false,
        text,
    });
}

/// A loss as a bar that stands on `foot`, beside the first model's loss `base`.
fn bar(loss: Option<f32>, base: Option<f32>, most: f32, foot: Point, width: f32, shapes: &mut Vec<Shape>) {
    let Some(loss) = loss else { return };
    let scale = (BAR - 8.0) / most;
    let mut part = |low: f32, high: f32, fill: Option<Role>, stroke: Option<Stroke>| {
        let (at, size) =
            (point(foot.x, foot.y - high * scale), Size { width, height: ((high - low) * scale).max(0.0) });
        shapes.push(Shape::Rect { at, size, radius: 0.0, fill, stroke });
    };
    let same = base.map_or(loss, |base| base.min(loss));
    part(0.0, same, Some(Role::Lane), None);
    match base {
        Some(base) if loss > base => part(base, loss, Some(Role::Selected), None),
        Some(base) if loss < base => part(loss, base, None, Some(Stroke::new(Role::Lane, 1.0))),
        _ => {}
    }
}

fn describe(models: &[(&str, &Trace)], rows: &[Row<'_>], layer: usize) -> String {
    let Some((_, trace)) = models.first() else { return String::new() };
    let base = reference(models);
    let mut said = vec![scene::difference_of(layer + 1, trace.len())];
    for (m, ((name, trace), row)) in models.iter().zip(rows).enumerate() {
        let other = base.filter(|base| *base != m).and_then(|base| models.get(base));
        if trace.model.experts < 2 {
            said.push(scene::difference_dense(name));
        } else if let Some((base, _)) = other {
            let differ = row.differs.iter().filter(|&&differs| differs).count();
            said.push(scene::difference_sends(name, differ, base));
        }
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Matrix, sample};

    fn accents(scene: &Scene) -> usize {
        let loud = |shape: &&Shape| matches!(shape, Shape::Rect { stroke: Some(stroke), fill: Some(Role::Share(_)), .. } if stroke.role == Role::Selected);
        scene.shapes.iter().filter(loud).count()
    }

    #[test]
    fn a_model_does_not_differ_from_itself_renamed() {
        let a = sample::trace(30, 2, 4, 1);
        let mut b = a.clone();
        let renamed = a.layers[1].experts.as_slice().iter().map(|expert| [2, 0, 3, 1][usize::from(*expert)]).collect();
        b.layers[1].experts = Matrix::new(1, renamed).unwrap();
        assert_eq!(accents(&difference(&[("a", &a), ("b", &b)], 1, 0, 900.0).scene), 0);
        // One token among others of its group sent elsewhere.
        let mut one = a.layers[1].experts.as_slice().to_vec();
        let place = (0..30).find(|&t| one.iter().filter(|expert| **expert == one[t]).count() > 2).unwrap();
        one[place] = (one[place] + 1) % 4;
        b.layers[1].experts = Matrix::new(1, one).unwrap();
        let picture = difference(&[("a", &a), ("b", &b)], 1, 0, 900.0);
        assert_eq!(accents(&picture.scene), 1);
        assert!(picture.scene.description.contains("b sends 1 of them elsewhere"), "{}", picture.scene.description);
    }

    #[test]
    fn every_token_of_the_part_has_a_place_inside_and_is_hit_there() {
        let a = sample::trace(170, 2, 8, 2);
        for width in [360.0, 900.0] {
            let picture = difference(&[("a", &a), ("b", &a), ("c", &a)], 0, 90, width);
            assert_eq!(picture.places.iter().map(|(t, _, _)| *t).collect::<Vec<_>>(), (80..160).collect::<Vec<_>>());
            for &(t, corner, column) in &picture.places {
                assert!(
                    corner.x >= 0.0
                        && corner.x + column <= width
                        && corner.y + picture.line <= picture.scene.size.height
                );
                assert_eq!(picture.hit(point(corner.x + column / 2.0, corner.y + 30.0)), Some(t));
            }
            assert_eq!(picture.hit(point(3.0, 3.0)), None);
        }
    }

    #[test]
    fn what_is_worse_is_loud_and_what_is_better_is_open() {
        let mut a = sample::trace(3, 1, 4, 1);
        let mut b = a.clone();
        a.losses = vec![None, Some(2.0), Some(2.0)];
        b.losses = vec![None, Some(3.0), Some(1.0)];
        let scene = difference(&[("a", &a), ("b", &b)], 0, 0, 900.0).scene;
        let heights = |wanted: fn(&Shape) -> bool| -> Vec<f32> {
            let height = |shape: &Shape| match shape {
                Shape::Rect { size, .. } => size.height,
                _ => 0.0,
            };
            scene.shapes.iter().filter(|shape| wanted(shape)).map(height).collect()
        };
        let loud = heights(|shape| matches!(shape, Shape::Rect { fill: Some(Role::Selected), .. }));
        let open = heights(|shape| matches!(shape, Shape::Rect { fill: None, .. }));
        let quiet = heights(|shape| matches!(shape, Shape::Rect { fill: Some(Role::Lane), .. }));
        // One nat of three is a third of the bars' height.
        let nat = (BAR - 8.0) / 3.0;
        for (found, expected) in
            [(loud, vec![nat]), (open, vec![nat]), (quiet, vec![2.0 * nat, 2.0 * nat, 2.0 * nat, nat])]
        {
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn nothing_to_show_is_an_empty_picture() {
        assert_eq!(difference(&[], 0, 0, 500.0).scene.shapes, vec![]);
        let empty = sample::trace(0, 1, 4, 1);
        assert_eq!(difference(&[("a", &empty)], 0, 5, 500.0).places, vec![]);
        let dense = sample::trace(4, 1, 1, 1);
        let sparse = sample::trace(4, 1, 4, 1);
        assert_eq!((reference(&[("a", &dense), ("b", &sparse)]), reference(&[("a", &dense)])), (Some(1), None));
        assert_eq!(accents(&difference(&[("a", &dense), ("b", &sample::trace(4, 1, 4, 1))], 0, 0, 500.0).scene), 0);
    }
}
