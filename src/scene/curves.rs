//! Loss against what it took: lines that are labelled where they end.

use super::shape::{Anchor, Dash, Font, Role, Scene, Shape, Size, Stroke, point};
use crate::messages::scene;
use crate::order;

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveLine {
    /// Its name.
    pub name: String,
    /// Its place among the lines: which ink and which dashes it is drawn in.
    pub place: usize,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// The point that is pointed at.
    pub at: Option<(f64, f64)>,
}

impl CurveLine {
    /// Lines are told apart by ink, dashes and their names, for hues are experts'.
    fn stroke(&self) -> Stroke {
        let (role, dash) = match self.place % 3 {
            0 => (Role::Ink, Dash::Whole),
            1 => (Role::Ink, Dash::Long),
            _ => (Role::Soft, Dash::Dots),
        };
        Stroke { role, width: 2.0, dash }
    }
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is along.
    pub title: String,
    /// What is upwards.
    pub upwards: String,
    /// Its lines.
    pub lines: Vec<CurveLine>,
    /// The range upwards, the same for charts side by side.
    pub range: (f64, f64),
}

const TOP: f32 = 34.0;
const FOOT: f32 = 24.0;
const LEFT: f32 = 34.0;
/// Least distance of two labels.
const LABEL: f32 = 14.0;

/// Round numbers from `low` to `high`, about `count` of them: 1, 2 or 5 times a power of ten apart.
pub fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return vec![];
    }
    let rough = span / count.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(rough);
    let first = (low / step - 1e-9).ceil() as i64;
    (first..).map(|n| n as f64 * step).take_while(|tick| *tick <= high + step * 1e-9).collect()
}

/// A tick's number, without idle zeros.
fn words(value: f64) -> String {
    if value.abs() >= 1000.0 {
        return crate::format::thousands(value.round() as usize);
    }
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Chart {
    /// The x of the line's point nearest to `x` pixels from the left, of any line.
    pub fn nearest(&self, x: f32, size: Size) -> Option<f64> {
        let place = self.place(size);
        let all = self.lines.iter().flat_map(|line| line.points.iter().map(|point| point.0));
        let distance = |value: f64| (place.x(value) - x).abs();
        all.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }

    fn place(&self, size: Size) -> Place {
        let letters = self.lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
        let right = (letters as f32 * 6.2 + 12.0).min(size.width * 0.36);
        let most = self.lines.iter().flat_map(|line| &line.points).map(|point| point.0).fold(0.0, f64::max);
        Place { size, right, most, range: self.range }
    }

    /// The picture.
    pub fn scene(&self, size: Size) -> Scene {
        let place = self.place(size);
        let mut shapes = Vec::new();
        let font = Font { size: 11.0, bold: false, serif: false };
        let mut text = |x: f32, y: f32, anchor, role, bold, text: String| {
            let font = Font { bold, ..font };
            shapes.push(Shape::Text { at: point(x, y), anchor, font, role, halo: role != Role::Soft, text });
        };
        text(0.0, 12.0, Anchor::Start, Role::Ink, true, self.title.clone());
        text(0.0, 26.0, Anchor::Start, Role::Soft, false, self.upwards.clone());
        let ends: Vec<(f32, &CurveLine)> =
            self.lines.iter().filter_map(|line| Some((place.y(line.points.last()?.1), line))).collect();
        for (y, line) in spread(ends, TOP, size.height - FOOT) {
            let end = line.points.last().map_or(0.0, |end| place.x(end.0));
            text(end + 7.0, y + 4.0, Anchor::Start, Role::Ink, true, line.name.clone());
        }
        for tick in ticks(self.range.0, self.range.1, 4) {
            text(LEFT - 6.0, place.y(tick) + 4.0, Anchor::End, Role::Soft, false, words(tick));
        }
        for tick in ticks(0.0, place.most, 4) {
            text(place.x(tick), size.height - 6.0, Anchor::Middle, Role::Soft, false, words(tick));
        }
        let labels = std::mem::take(&mut shapes);
        for tick in ticks(self.range.0, self.range.1, 4) {
            let (from, to) = (point(LEFT, place.y(tick)), point(size.width - place.right, place.y(tick)));
            shapes.push(Shape::Line { from, to, stroke: Stroke::new(Role::Rule, 1.0) });
        }
        for line in &self.lines {
            let points: Vec<_> = line.points.iter().map(|(x, y)| point(place.x(*x), place.y(*y))).collect();
            shapes.push(Shape::Curve { points, stroke: line.stroke() });
        }
        for line in &self.lines {
            if let Some((x, y)) = line.at {
                let stroke = Some(Stroke::new(Role::Paper, 1.5));
                let at = point(place.x(x), place.y(y));
                shapes.push(Shape::Circle { at, radius: 4.5, fill: line.stroke().role, stroke });
            }
        }
        shapes.extend(labels);
        let description = self.lines.iter().filter_map(|line| {
            let ((x0, y0), (x1, y1)) = (line.points.first()?, line.points.last()?);
            let [from, to] = [y0, y1].map(|y| format!("{y:.2}"));
            Some(scene::chart_line(&line.name, from, words(*x0), to, words(*x1)))
        });
        Scene {
            size,
            shapes,
            title: scene::chart(&self.upwards, &self.title),
            description: description.collect::<Vec<_>>().join(" "),
        }
    }
}

/// Labels as near to their ends as they can be without lying on one another.
fn spread(mut ends: Vec<(f32, &CurveLine)>, top: f32, bottom: f32) -> Vec<(f32, &CurveLine)> {
    order::sort(&mut ends, |a, b| a.0.total_cmp(&b.0));
    for at in 1..ends.len() {
        ends[at].0 = ends[at].0.max(ends[at - 1].0 + LABEL);
    }
    let mut limit = bottom;
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(limit);
        limit = end.0 - LABEL;
    }
    for end in &mut ends {
        end.0 = end.0.max(top - 6.0);
    }
    ends
}

/// From numbers to pixels.
struct Place {
    size: Size,
    right: f32,
    most: f64,
    range: (f64, f64),
}

impl Place {
    fn x(&self, x: f64) -> f32 {
        let share = if self.most > 0.0 { x / self.most } else { 0.0 };
        LEFT + (self.size.width - LEFT - self.right) * share as f32
    }

    fn y(&self, y: f64) -> f32 {
        let span = self.range.1 - self.range.0;
        let share = if span > 0.0 { ((y - self.range.0) / span).clamp(0.0, 1.0) } else { 0.0 };
        self.size.height - FOOT - (self.size.height - FOOT - TOP) * share as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 400.0, height: 240.0 };

    fn chart() -> Chart {
        let line = |name: &str, place, last| CurveLine {
            name: name.to_owned(),
            place,
            points: vec![(100.0, 4.0), (400.0, 3.0), (800.0, last)],
            at: Some((400.0, 3.0)),
        };
        let lines = vec![line("one", 0, 2.0), line("two", 1, 2.01), line("three", 2, 2.02)];
        Chart { title: "steps".into(), upwards: "bits per byte".into(), lines, range: (2.0, 4.0) }
    }

    #[test]
    fn lines_differ_without_hues() {
        let strokes = |scene: Scene| -> Vec<Stroke> {
            let stroke = |shape: &Shape| match shape {
                Shape::Curve { stroke, .. } => Some(*stroke),
                _ => None,
            };
            scene.shapes.iter().filter_map(stroke).collect()
        };
        let strokes = strokes(chart().scene(SIZE));
        assert_eq!(strokes.len(), 3);
        for (at, a) in strokes.iter().enumerate() {
            assert!([Role::Ink, Role::Soft].contains(&a.role), "{a:?}");
            assert!(strokes[..at].iter().all(|b| a.dash != b.dash), "{strokes:?}");
        }
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 800.0, 4), [0.0, 200.0, 400.0, 600.0, 800.0]);
        assert_eq!(ticks(2.1, 3.6, 4).iter().map(|t| format!("{t:.1}")).collect::<Vec<_>>(), ["2.5", "3.0", "3.5"]);
        assert_eq!((ticks(1.0, 1.0, 4), ticks(0.0, f64::NAN, 4)), (vec![], vec![]));
    }

    #[test]
    fn less_loss_is_lower_and_more_steps_are_further_right() {
        let scene = chart().scene(SIZE);
        for shape in &scene.shapes {
            if let Shape::Curve { points, .. } = shape {
                assert!(points.windows(2).all(|pair| pair[0].x < pair[1].x && pair[0].y < pair[1].y));
                assert!(points.iter().all(|p| p.x >= 0.0 && p.x < SIZE.width && p.y >= 0.0 && p.y < SIZE.height));
            }
        }
        assert!(scene.description.starts_with("one falls from 4.00 at 100 to 2.00 at 800."));
    }

    #[test]
    fn labels_of_near_ends_do_not_touch() {
        let scene = chart().scene(SIZE);
        let mut heights: Vec<f32> = scene
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Text { at, text, .. } if ["one", "two", "three"].contains(&text.as_str()) => Some(at.y),
                _ => None,
            })
            .collect();
        order::sort(&mut heights, f32::total_cmp);
        assert_eq!(heights.len(), 3);
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= LABEL - 0.01), "{heights:?}");
    }

    #[test]
    fn the_pointer_finds_the_nearest_point() {
        let chart = chart();
        let x = |value| chart.place(SIZE).x(value);
        assert_eq!(chart.nearest(x(390.0), SIZE), Some(400.0));
        assert_eq!((chart.nearest(-50.0, SIZE), chart.nearest(9999.0, SIZE)), (Some(100.0), Some(800.0)));
        assert_eq!(Chart { lines: vec![], ..chart }.nearest(0.0, SIZE), None);
    }
}
