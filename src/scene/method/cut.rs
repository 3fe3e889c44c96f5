//! A gate that keeps the k largest scores: the scores with their cut, and beside them how even the whole text comes out.
//!
//! For Shazeer's gate the text's numbers are those that its two losses are made of: importance, the sum of an expert's
//! weights, and load, here the tokens that chose it, each with its squared coefficient of variation. For Mixtral's and
//! its like they are those of their one loss: mean score and share of the choices. Noise belongs to training, and no trace holds its size.

use super::grid::{bold, label, rect};
use super::{Picture, Place, Table, paragraph, short};
use crate::messages::pictures as say;
use crate::methods::Coefficient;
use crate::scene::shape::{Anchor, Role, Scene, Shape, Size, Stroke, point};
use crate::scene::theme::hue;
use crate::scene::words::expert;
use crate::trace::metrics::LayerMetrics;

const ROW: f32 = 27.0;
/// Where the rows begin, below the heads and the cut's name.
const TOP: f32 = 42.0;
const NAMES: f32 = 34.0;
/// Room for a number.
const NUMBER: f32 = 48.0;
/// Room for a letter of one that is longer.
const LETTER: f32 = 7.0;
const GAP: f32 = 18.0;

/// A number of every expert over the whole text.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What it is.
    pub name: &'static str,
    /// The numbers, [E].
    pub values: Vec<f64>,
    digits: usize,
}

impl Side {
    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }

    /// Variance of the population over the squared mean, as both losses of Shazeer et al. use it; 0 where all are 0.
    pub fn cv_squared(&self) -> f64 {
        let mean = self.mean();
        let variance = self.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        if mean == 0.0 { 0.0 } else { variance / self.values.len().max(1) as f64 / (mean * mean) }
    }

    fn words(&self, e: usize) -> String {
        format!("{:.*}", self.digits, self.values.get(e).copied().unwrap_or_default())
    }
}

/// The sum of every expert's weights over all tokens, and how many tokens chose it.
pub fn importance_and_load(at: &Place<'_>) -> [Side; 2] {
    let (mut importance, mut load) = (vec![0.0; at.experts()], vec![0.0; at.experts()]);
    for token in 0..at.trace.len() {
        for (&e, &weight) in at.layer.chosen(token).iter().zip(at.weights.row(token)) {
            if let (Some(sum), Some(count)) = (importance.get_mut(usize::from(e)), load.get_mut(usize::from(e))) {
                *sum += f64::from(weight);
                *count += 1.0;
            }
        }
    }
    [
        Side { name: say::importance(), values: importance, digits: 2 },
        Side { name: say::load(), values: load, digits: 0 },
    ]
}

/// What stands beside the scores, and what is made of it.
fn sides(at: &Place<'_>) -> Option<([Side; 2], Vec<String>, String)> {
    let tokens = at.trace.len();
    if at.method().is_some_and(|method| method.order.is_some()) {
        let metrics = LayerMetrics::of(at.layer, at.experts())?;
        let loss = say::balance_loss(format!("{:.3}", metrics.balance_loss?));
        let sides = [
            Side { name: say::mean_score(), values: metrics.mean_prob?, digits: 3 },
            Side { name: say::share(), values: metrics.share, digits: 3 },
        ];
        let told = say::beside_shares(tokens);
        return Some((sides, vec![loss], told));
    }
    let sides = importance_and_load(at);
    if !at.method().is_some_and(|method| method.has(Coefficient::Noise)) {
        return Some((sides, Vec::new(), say::beside_plain(tokens)));
    }
    let foot = sides.iter().map(|side| format!("CV² {:.3}", side.cv_squared())).collect();
    let told = say::beside_importance(tokens);
    Some((sides, foot, told))
}

/// The picture; `None` where there is nothing to draw beside the scores.
pub(super) fn picture(at: &Place<'_>, width: f32) -> Option<Picture> {
    let logits = at.logits.row(at.token);
    let chosen: Vec<usize> = at.layer.chosen(at.token).iter().map(|&e| usize::from(e)).collect();
    let cut = chosen.iter().filter_map(|&e| logits.get(e)).copied().reduce(f32::min);
    let (sides, foot, told) = sides(at)?;
    let mut drawing = Drawing::new(at, width);
    drawing.scores(logits, &chosen, cut);
    for (place, side) in sides.iter().enumerate() {
        drawing.side(place, side, &chosen);
    }
    drawing.foot(&foot);
    let title = say::cut(at.number + 1, at.word(at.token, 24));
    let kept = cut.map_or_else(|| say::cut_none().to_owned(), |cut| say::cut_told(chosen.len(), short(cut)));
    let description = paragraph([Some(kept), Some(told)]);
    let size = Size { width, height: drawing.bottom() + 24.0 };
    let table = table(at, &chosen, cut, &sides, &foot);
    Some(Picture { scene: Scene { size, shapes: drawing.shapes, title, description }, table })
}

fn table(at: &Place<'_>, chosen: &[usize], cut: Option<f32>, sides: &[Side; 2], foot: &[String]) -> Table {
    let logits = at.logits.row(at.token);
    let row = |e: usize| {
        let score = logits.get(e).copied().unwrap_or_default();
        let kept = match chosen.iter().position(|&id| id == e) {
            Some(place) => say::cut_kept(short(at.weights.row(at.token).get(place).copied().unwrap_or_default())),
            None => cut.map(|cut| say::cut_below(short(f64::from(cut) - f64::from(score)))).unwrap_or_default(),
        };
        vec![expert(e), short(score), kept, sides[0].words(e), sides[1].words(e)]
    };
    let end = |place: usize| foot.get(place).cloned().unwrap_or_default();
    let last = vec![say::all_experts().to_owned(), String::new(), String::new(), end(0), end(1)];
    let head = [say::corner_expert(), say::score(), "", sides[0].name, sides[1].name].map(str::to_owned).to_vec();
    Table { head, rows: (0..at.experts()).map(row).chain([last]).collect() }
}

struct Drawing {
    shapes: Vec<Shape>,
    experts: usize,
    /// Where the scores' bars begin and end.
    plot: (f32, f32),
    /// Where each side begins, and how wide it is.
    sides: [f32; 2],
    side: f32,
}

impl Drawing {
    fn new(at: &Place<'_>, width: f32) -> Self {
        let room = width - NAMES - 2.0 * GAP;
        let side = (room * 0.29).min(190.0);
        let end = NAMES + room - 2.0 * side;
        let sides = [end + GAP, end + 2.0 * GAP + side];
        let scores = at.logits.row(at.token).iter();
        let longest = scores.map(|&score| short(score).chars().count()).max().unwrap_or_default();
        let number = NUMBER.max(6.0 + LETTER * longest as f32);
        Self { shapes: Vec::new(), experts: at.experts(), plot: (NAMES + number, end), sides, side }
    }

    fn bottom(&self) -> f32 {
        TOP + ROW * self.experts as f32
    }

    fn line(&mut self, x: f32, (top, bottom): (f32, f32), stroke: Stroke) {
        self.shapes.push(Shape::Line { from: point(x, top), to: point(x, bottom), stroke });
    }

    fn scores(&mut self, logits: &[f32], chosen: &[usize], cut: Option<f32>) {
        let (left, right) = self.plot;
        let low = f64::from(logits.iter().copied().fold(0.0, f32::min));
        let high = f64::from(logits.iter().copied().fold(0.0, f32::max));
        // The largest f32 and its opposite lie further apart than an f32 can say.
        let part = |score: f32| ((f64::from(score) - low) / (high - low).max(1e-6)) as f32;
        let x = |score: f32| left + 3.0 + (right - left - 6.0) * part(score);
        self.shapes.push(label(NAMES, 14.0, Anchor::Start, Role::Soft, say::score()));
        for (e, &score) in logits.iter().enumerate() {
            let (y, kept) = (TOP + ROW * e as f32, chosen.contains(&e));
            let (fill, make) = if kept {
                (Role::ShareLoud(hue(e, self.experts)), bold as fn(f32, f32, Anchor, Role, &str) -> Shape)
            } else {
                (Role::Share(hue(e, self.experts)), label as _)
            };
            let (from, to) = (x(score.min(0.0)), x(score.max(0.0)));
            self.shapes.push(rect(from, y + 6.0, ((to - from).max(1.0), ROW - 12.0), Some(fill), None));
            self.shapes.push(make(4.0, y + 17.5, Anchor::Start, Role::Ink, &expert(e)));
            self.shapes.push(make(left - 8.0, y + 17.5, Anchor::End, Role::Ink, &short(score)));
        }
        let bottom = self.bottom();
        self.line(x(0.0), (TOP, bottom), Stroke::new(Role::Lane, 1.0));
        let Some(cut) = cut else { return };
        self.line(x(cut), (TOP - 6.0, bottom), Stroke::dashed(Role::Selected, 1.6));
        let words = say::cut_line(short(cut));
        let at = x(cut).min(right - 26.0).max(left + 20.0);
        self.shapes.push(bold(at, TOP - 11.0, Anchor::Middle, Role::Selected, &words));
    }

    fn side(&mut self, place: usize, side: &Side, chosen: &[usize]) {
        let left = self.sides[place];
        let most = side.values.iter().copied().fold(0.0, f64::max);
        let scale = |value: f64| if most > 0.0 { (self.side - NUMBER + 6.0) * (value / most) as f32 } else { 0.0 };
        let even = left + scale(side.mean());
        self.shapes.push(label(left, 14.0, Anchor::Start, Role::Soft, side.name));
        for (e, &value) in side.values.iter().enumerate() {
            let y = TOP + ROW * e as f32;
            let hue = hue(e, self.experts);
            let fill = if chosen.contains(&e) { Role::ShareLoud(hue) } else { Role::Share(hue) };
            let long = scale(value).max(1.0);
            self.shapes.push(rect(left, y + 6.0, (long, ROW - 12.0), Some(fill), None));
            self.shapes.push(label(
                left + long.max(scale(side.mean())) + 5.0,
                y + 17.5,
                Anchor::Start,
                Role::Ink,
                &side.words(e),
            ));
        }
        let bottom = self.bottom();
        self.line(even, (TOP, bottom), Stroke::dashed(Role::Ink, 1.0));
    }

    fn foot(&mut self, foot: &[String]) {
        let y = self.bottom() + 16.0;
        for (words, left) in foot.iter().zip(self.sides) {
            self.shapes.push(bold(left, y, Anchor::Start, Role::Ink, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::method::samples;
    use crate::trace::sample;

    /// Loads 3, 1, 2 around the mean 2: variance 2/3 over 4. Weights add up to 2, 1/4, 3/4 around 1: variance 13/24 over 1.
    #[test]
    fn importance_and_load_by_hand() {
        let trace = samples::shazeer();
        let [importance, load] = importance_and_load(&samples::place(&trace, 0));
        assert_eq!(load.values, [3.0, 1.0, 2.0]);
        assert!((load.cv_squared() - 1.0 / 6.0).abs() < 1e-9, "2/3 over 4: {}", load.cv_squared());
        let by_hand = [2.0, 0.25, 0.75];
        assert!(importance.values.iter().zip(by_hand).all(|(ours, by_hand)| (ours - by_hand).abs() < 1e-6));
        assert!((importance.cv_squared() - 13.0 / 24.0).abs() < 1e-6, "{}", importance.cv_squared());
    }

    #[test]
    fn the_picture_says_what_is_kept_and_how_far_the_others_are_below_the_cut() {
        let trace = samples::shazeer();
        let picture = picture(&samples::place(&trace, 2), 600.0).unwrap();
        let rows = &picture.table.rows;
        assert_eq!(rows[0][1..3], ["1.00", "kept, weight 0.50"]);
        assert_eq!(rows[1][1..3], ["−2.00", "3.00 below the cut"]);
        assert_eq!(rows[2][1..3], ["1.00", "kept, weight 0.50"]);
        assert_eq!(rows[3][3..], ["CV² 0.542", "CV² 0.167"]);
        assert!(picture.scene.description.contains("adds no noise"));
    }

    #[test]
    fn what_is_kept_with_weight_0_is_kept() {
        let trace = sample::saturated();
        let picture = picture(&samples::place(&trace, 0), 600.0).unwrap();
        let said = picture.scene.description;
        assert!(said.contains("The 2 best are kept, those from the cut at −3471.00 upwards"), "{said}");
        let kept: Vec<&str> = picture.table.rows.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(
            kept[2..6],
            ["kept, weight 1.00", "4629.00 below the cut", "kept, weight 0.00", "2529.00 below the cut"]
        );
    }

    /// A letter is about 0.6 em wide.
    #[test]
    fn names_and_numbers_do_not_run_together() {
        let trace = sample::saturated();
        for (token, width) in [(0, 600.0), (1, 600.0), (0, 280.0)] {
            let scene = picture(&samples::place(&trace, token), width).unwrap().scene;
            let texts: Vec<_> = scene
                .shapes
                .iter()
                .filter_map(|shape| match shape {
                    Shape::Text { at, anchor, font, text, .. } => {
                        Some((at, *anchor, text, font.size * 0.6 * text.chars().count() as f32))
                    }
                    _ => None,
                })
                .collect();
            for (name, _, text, wide) in texts.iter().filter(|(at, ..)| at.x == 4.0) {
                let number = texts.iter().find(|(at, anchor, ..)| at.y == name.y && *anchor == Anchor::End);
                let (number, _, score, room) = number.unwrap();
                assert!(name.x + wide + 4.0 <= number.x - room, "{text} and {score}");
            }
        }
    }

    #[test]
    fn nothing_leaves_the_picture() {
        let trace = samples::shazeer();
        for width in [280.0, 340.0, 700.0] {
            let scene = picture(&samples::place(&trace, 1), width).unwrap().scene;
            for shape in &scene.shapes {
                if let Shape::Rect { at, size, .. } = shape {
                    assert!(at.x >= 0.0 && at.x + size.width <= width && at.y + size.height <= scene.size.height);
                }
            }
        }
    }
}
