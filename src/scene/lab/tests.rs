use super::axis::Axis;
use super::columns::columns;
use super::curve::Curve;
use super::plot::{self, ruler};
use super::{PlotPlan, RunView};
use super::{streams, words};
use crate::run::history::History;
use crate::run::record;
use crate::run::record::{Evaluation, LayerEvaluation, LayerRecord, StepRecord};
use crate::scene::shape::{Anchor, Role, Scene, Shape, Stroke};

pub(super) fn layer(load: &[f32]) -> LayerRecord {
    LayerRecord {
        load: load.to_vec(),
        max_over_mean: record::max_over_mean(load),
        load_entropy: record::entropy(load),
        router_entropy: Some(0.5),
        dropped: 0.0,
        balance_loss: None,
        z_loss: None,
        importance_loss: None,
        load_loss: None,
    }
}

pub(super) fn step(branch: u32, step: u64, loss: f32, load: &[f32]) -> StepRecord {
    StepRecord { branch, step, loss, millis: 1.0, layers: vec![layer(load)] }
}

pub(super) fn run(branch: u32, steps: std::ops::RangeInclusive<u64>, load: &[f32]) -> Vec<StepRecord> {
    steps.map(|n| step(branch, n, 5.0, load)).collect()
}

pub(super) fn look<'a>(curves: Vec<Curve<'a>>, step: u64, experts: usize) -> RunView<'a> {
    RunView { curves, step, layers: 1, experts, ..RunView::default() }
}

pub(super) fn curve(steps: &[StepRecord]) -> Curve<'_> {
    Curve { name: "Branch 1".into(), steps: vec![steps], ..Curve::default() }
}

/// All strips in one.
pub(super) fn plot(look: &RunView, plan: &PlotPlan) -> Scene {
    let strips = plan.strips().into_iter().map(|strip| plot::plot(look, plan, strip));
    let shapes = strips.flat_map(|scene| scene.shapes).collect();
    Scene { size: plan.size, shapes, ..Scene::default() }
}

/// Hues are experts': branches differ by ink and dashes, and each has its name beside a piece of its line.
#[test]
fn branches_differ_without_hues() {
    let steps = run(0, 1..=300, &[0.5, 0.5]);
    let curves = (1..=7).map(|n| Curve { name: format!("Branch {n}"), ..curve(&steps) }).collect();
    let look = RunView { selected: 3, ..look(curves, 300, 2) };
    let scene = plot(&look, &PlotPlan::new(&look, 1100.0, 780.0));
    let at = |wanted: &str| {
        let place = |shape: &Shape| matches!(shape, Shape::Text { text, .. } if text == wanted);
        scene.shapes.iter().find(|shape| place(shape)).map(|shape| match shape {
            Shape::Text { at, .. } => at.y - 4.0,
            _ => f32::NAN,
        })
    };
    let strokes: Vec<Stroke> = (1..=7)
        .map(|n| {
            let y = at(&format!("Branch {n}")).unwrap();
            let sample = |shape: &Shape| match shape {
                Shape::Line { from, to, stroke } if from.y == y && to.y == y && stroke.role != Role::Rule => {
                    Some(*stroke)
                }
                _ => None,
            };
            scene.shapes.iter().find_map(sample).unwrap()
        })
        .collect();
    for (n, a) in strokes.iter().enumerate() {
        assert!([Role::Selected, Role::Ink, Role::Soft].contains(&a.role), "{a:?}");
        assert!(strokes[..n].iter().all(|b| (a.role, a.dash) != (b.role, b.dash)), "{strokes:?}");
    }
    assert!(strokes.iter().all(|stroke| (stroke.role == Role::Selected) == (stroke.width == 2.6)));
}

/// Each strip holds all of what it draws, words included, so that none is cut off, and no place is in two or in none.
#[test]
fn strips_lie_edge_to_edge_and_hold_what_they_draw() {
    let steps: Vec<StepRecord> = run(0, 1..=300, &[0.7, 0.1, 0.1, 0.1])
        .into_iter()
        .map(|record| StepRecord { layers: vec![layer(&[0.7, 0.1, 0.1, 0.1]); 5], ..record })
        .collect();
    for (width, height) in [(1100.0, 780.0), (844.0, 400.0), (390.0, 500.0)] {
        for layers in 0..=5 {
            let look = RunView { layers, drops: true, ..look(vec![curve(&steps)], 300, 4) };
            let plan = PlotPlan::new(&look, width, height);
            let strips = plan.strips();
            assert_eq!(strips.len(), 2 + layers.min(2));
            assert_eq!(strips.first().unwrap().top, 0.0);
            assert!((strips.last().unwrap().bottom - plan.size.height).abs() < 1.0);
            assert!(strips.windows(2).all(|pair| pair[0].bottom == pair[1].top && pair[1].top.fract() == 0.0));
            for strip in strips {
                for shape in plot::plot(&look, &plan, strip).shapes {
                    let heights = match shape {
                        Shape::Text { at, font, .. } => vec![at.y - 0.8 * font.size, at.y + 0.25 * font.size],
                        Shape::Area { points, .. } | Shape::Curve { points, .. } => {
                            points.iter().map(|p| p.y).collect()
                        }
                        Shape::Line { from, to, .. } => vec![from.y, to.y],
                        Shape::Circle { at, radius, .. } => vec![at.y - radius, at.y + radius],
                        Shape::Rect { at, size, .. } => vec![at.y, at.y + size.height],
                        Shape::Ribbon { .. } => unreachable!("no ribbons here"),
                    };
                    let inside = |y: &f32| (strip.top..=strip.bottom).contains(y);
                    assert!(heights.iter().all(inside), "{heights:?} in {strip:?} at {width} with {layers}");
                }
            }
        }
    }
}

#[test]
fn the_axis_ends_at_a_round_step_that_is_not_far() {
    assert_eq!(Axis::new(0.0, 100.0, 0).end, 50);
    for last in (50..200_000).step_by(37) {
        let end = Axis::new(0.0, 100.0, last).end;
        assert!(end >= last && end as f64 <= last as f64 * 1.26, "{last} {end}");
    }
}

#[test]
fn steps_and_places_are_each_others_inverse() {
    let axis = Axis::new(40.0, 840.0, 640);
    assert_eq!((axis.x(0), axis.x(axis.end)), (40.0, 840.0));
    for at in 0..=axis.end {
        assert_eq!(axis.step(axis.x(at)), at);
    }
    assert_eq!((axis.step(-9.0), axis.step(9e9)), (0, axis.end));
}

#[test]
fn ticks_are_round_and_apart() {
    let axis = Axis::new(0.0, 800.0, 10_000);
    let ticks = axis.ticks(80.0);
    assert_eq!(ticks, [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000]);
}

/// Whatever the length of the run, no more points than columns of two pixels, and the extremes survive.
#[test]
fn columns_keep_extremes_and_are_two_pixels_wide() {
    let axis = Axis::new(0.0, 300.0, 100_000);
    let values = (1..=100_000_u64).map(|n| (n, if n == 51_234 { 99.0 } else { 1.0 }));
    let out = columns(&axis, values);
    assert!(out.len() <= 151, "{}", out.len());
    assert_eq!(out.iter().map(|c| c.most).fold(0.0, f32::max), 99.0);
    assert!(out.windows(2).all(|pair| pair[0].x < pair[1].x));
    let weights: f32 = out.iter().map(|c| c.mean).sum::<f32>() / out.len() as f32;
    assert!((1.0..2.0).contains(&weights));
}

/// Also of a run that went astray, and never a fraction of a large number.
#[test]
fn losses_are_marked_by_round_numbers() {
    let marks = |loss: f32| {
        let steps: Vec<StepRecord> =
            (1..=20).map(|n| step(0, n, if n == 10 { loss } else { 5.0 }, &[0.5; 2])).collect();
        let look = look(vec![curve(&steps)], 20, 2);
        let plan = PlotPlan::new(&look, 800.0, 600.0);
        let left = plan.axis.left - 8.0;
        let marks: Vec<String> = plot(&look, &plan)
            .shapes
            .into_iter()
            .filter_map(|shape| match shape {
                Shape::Text { at, anchor: Anchor::End, text, .. } if at.x == left && at.y < plan.loss.bottom + 5.0 => {
                    Some(text)
                }
                _ => None,
            })
            .collect();
        assert!(marks.len() >= 2, "{marks:?}");
        marks
    };
    assert_eq!(marks(3877.0), ["0", "2,000"]);
    assert_eq!(marks(3.2e9), ["0", "2e9"]);
    assert_eq!(marks(6.0), ["4.5", "5.0", "5.5", "6.0"]);
}

/// Streams that are high side by side, or cross each other.
#[test]
fn no_two_names_overlap() {
    for seed in 0..40_u64 {
        let load = |n: u64| {
            let raw: Vec<f32> = (0..8_u64)
                .map(|e| (1.0 + ((n as f32) / (9.0 + seed as f32) + (e * (seed + 3)) as f32).sin()).powi(2) + 0.02)
                .collect();
            let sum: f32 = raw.iter().sum();
            raw.iter().map(|share| share / sum).collect::<Vec<f32>>()
        };
        let steps: Vec<StepRecord> = (1..=200).map(|n| step(0, n, 5.0, &load(n))).collect();
        let look = look(vec![curve(&steps)], 200, 8);
        let plan = PlotPlan::new(&look, 900.0, 700.0);
        let mut names = Vec::new();
        for shape in &plot(&look, &plan).shapes {
            if let Shape::Text { at, anchor: Anchor::Middle, text, .. } = shape {
                names.push((*at, text.clone()));
            }
        }
        let beside: Vec<f32> = plot(&look, &PlotPlan::new(&look, 900.0, 500.0))
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Text { at, text, .. } if at.x < plan.axis.left - 9.0 && text.starts_with("1·E") => Some(at.y),
                _ => None,
            })
            .collect();
        assert!(beside.len() >= 3 && beside.windows(2).all(|pair| pair[1] - pair[0] >= 11.0), "{beside:?}");
        for (i, (a, one)) in names.iter().enumerate() {
            for (b, two) in &names[..i] {
                // Two figures, a point and a bold capital of 12 pixels are at least 25 wide and 9 high.
                assert!((a.x - b.x).abs() >= 25.0 || (a.y - b.y).abs() >= 9.0, "{one} on {two}, seed {seed}");
            }
        }
    }
}

#[test]
fn a_few_steps_stay_where_they_are_and_numbers_that_are_none_are_left_out() {
    let axis = Axis::new(0.0, 500.0, 50);
    let out = columns(&axis, [(10, 1.0), (20, f32::NAN), (30, 3.0)].into_iter());
    assert_eq!(out.iter().map(|c| (c.x, c.mean)).collect::<Vec<_>>(), [(100.0, 1.0), (300.0, 3.0)]);
}

#[test]
fn a_fork_is_its_ancestors_and_then_itself() {
    let (parent, child) = (run(0, 1..=10, &[1.0, 0.0]), run(1, 11..=14, &[0.5, 0.5]));
    let curve = Curve { branch: 1, fork: 10, steps: vec![&parent, &child], ..Curve::default() };
    assert_eq!(curve.last(), 14);
    assert_eq!(curve.at(10).unwrap().branch, 0);
    assert_eq!(curve.at(12).unwrap().branch, 1);
    assert_eq!(curve.at(99).unwrap().step, 14);
    assert_eq!((curve.neighbour(10, 1), curve.neighbour(11, -1), curve.neighbour(1, -1)), (11, 10, 0));
    assert_eq!((curve.neighbour(0, 1), curve.neighbour(14, 5), curve.neighbour(0, -1)), (1, 14, 0));
}

/// The height of a stream at the right end is its expert's share.
#[test]
fn streams_fill_the_panel_in_proportion_to_shares() {
    let steps = run(0, 1..=20, &[0.1, 0.2, 0.3, 0.4]);
    let look = look(vec![curve(&steps)], 20, 4);
    let plan = PlotPlan::new(&look, 800.0, 600.0);
    let scene = plot(&look, &plan);
    let heights: Vec<f32> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Area { points, fill: Role::ShareLoud(_) } => Some(points.last().unwrap().y - points[0].y),
            _ => None,
        })
        .collect();
    let panel = plan.layers[0].bottom - plan.layers[0].top;
    for (height, share) in heights.iter().zip([0.1, 0.2, 0.3, 0.4]) {
        assert!((height / panel - share).abs() < 1e-3, "{heights:?}");
    }
    assert_eq!(heights.len(), 4);
}

#[test]
fn many_experts_share_streams_and_every_expert_is_in_one() {
    for experts in 1..=64 {
        let groups = streams::groups(experts);
        assert!(groups.len() <= 10, "{experts}: {}", groups.len());
        assert_eq!((groups[0].0, groups[groups.len() - 1].1), (0, experts));
        assert!(groups.windows(2).all(|pair| pair[0].1 == pair[1].0));
    }
}

#[test]
fn everything_stays_inside_the_picture() {
    for (width, height) in [(1100.0, 780.0), (844.0, 400.0), (390.0, 500.0)] {
        let steps = run(0, 1..=9000, &[0.7, 0.1, 0.1, 0.1]);
        let look = look(vec![curve(&steps)], 9000, 4);
        let plan = PlotPlan::new(&look, width, height);
        for scene in [plot(&look, &plan), ruler(&look, &plan, 44.0)] {
            assert!(scene.shapes.len() < 400, "{}", scene.shapes.len());
            for shape in &scene.shapes {
                let points = match shape {
                    Shape::Area { points, .. } | Shape::Curve { points, .. } => points.clone(),
                    Shape::Line { from, to, .. } => vec![*from, *to],
                    Shape::Text { at, .. } | Shape::Circle { at, .. } | Shape::Rect { at, .. } => vec![*at],
                    Shape::Ribbon { .. } => vec![],
                };
                for point in points {
                    assert!((0.0..=width).contains(&point.x) && (-1.0..=scene.size.height + 1.0).contains(&point.y));
                }
            }
        }
    }
}

/// At every step: the upright line leaves out every word, and the handle hides no label of the axis.
#[test]
fn no_upright_line_strikes_through_a_word() {
    let steps = run(0, 1..=400, &[0.7, 0.1, 0.1, 0.1]);
    for at in (0..=400).step_by(5) {
        let curve = Curve { changes: vec![(200, "balance 0.1".into())], ..curve(&steps) };
        let look = look(vec![curve], at, 4);
        let plan = PlotPlan::new(&look, 800.0, 600.0);
        let (picture, ruler) = (plot(&look, &plan), ruler(&look, &plan, 44.0));
        let mut seen = 0.0;
        for shape in &picture.shapes {
            let Shape::Line { from, to, stroke } = shape else { continue };
            if from.x != to.x || stroke.role == Role::Rule {
                continue;
            }
            seen += if stroke.role == Role::Ink { to.y - from.y } else { 0.0 };
            for word in &picture.shapes {
                let Shape::Text { at, anchor: Anchor::End, text, .. } = word else { continue };
                // Narrow letters, so that what is inside is surely inside.
                let inside = from.x < at.x && from.x > at.x - 4.0 * text.chars().count() as f32;
                assert!(!(inside && from.y < at.y - 4.0 && to.y > at.y - 4.0), "{text} at step {}", look.step);
            }
        }
        assert!(seen > 0.5 * plan.size.height, "most of the line is there: {seen}");
        let labels = |role: Role| {
            let of = |s: &&Shape| matches!(s, Shape::Text { role: own, .. } if *own == role);
            ruler.shapes.iter().filter(of).count()
        };
        assert_eq!(labels(Role::Soft), plan.axis.ticks(84.0).len());
    }
}

/// Every expert has a quarter in one step and nothing in the next.
pub(super) fn swinging(steps: std::ops::RangeInclusive<u64>) -> Vec<StepRecord> {
    let (even, odd) = ([0.25, 0.0, 0.25, 0.0, 0.25, 0.0, 0.25, 0.0], [0.0, 0.25, 0.0, 0.25, 0.0, 0.25, 0.0, 0.25]);
    steps.map(|n| step(0, n, 5.0, if n % 2 == 0 { &even } else { &odd })).collect()
}

/// However many steps fall into a pixel, a swing is drawn at its full width, and always as a step that was.
#[test]
fn streams_show_a_swing_at_every_zoom() {
    for last in [60, 300, 2600, 20_000, 100_000] {
        let mut history = History::default();
        for record in swinging(1..=last) {
            history.push(record);
        }
        let look = look(vec![curve(history.steps())], last, 8);
        let plan = PlotPlan::new(&look, 800.0, 600.0);
        let shapes = plot(&look, &plan).shapes;
        let first = shapes.iter().find_map(|shape| match shape {
            Shape::Area { points, fill: Role::ShareLoud(_) } => Some(&points[points.len() / 2..]),
            _ => None,
        });
        for width in [340.0, 800.0] {
            let scene = plot(&look, &PlotPlan::new(&look, width, 600.0));
            let said = |s: &Shape| matches!(s, Shape::Text { text, .. } if text.contains("stripes: single steps"));
            assert!(scene.shapes.iter().any(said), "said at {width}");
        }
        let panel = plan.layers[0];
        let share = |y: f32| (y - panel.top) / (panel.bottom - panel.top);
        let jumps: Vec<f32> = first.unwrap().iter().map(|point| share(point.y)).collect();
        let swings = jumps.windows(2).filter(|pair| (pair[0] - pair[1]).abs() > 0.2).count();
        let places = (plan.axis.x(last) - plan.axis.left) / 4.0;
        assert!(swings as f32 >= 0.7 * places.min(last as f32), "{last} steps: {swings} of {places}");
        let real = jumps.iter().filter(|&&share| share < 1e-4 || (share - 0.25).abs() < 1e-4).count();
        assert!(real as f32 > 0.95 * jumps.len() as f32, "{last} steps: {real} of {}", jumps.len());
    }
}

#[test]
fn load_that_stays_is_drawn_without_stripes() {
    let steps = run(0, 1..=9000, &[0.7, 0.1, 0.1, 0.1]);
    let look = look(vec![curve(&steps)], 9000, 4);
    let scene = plot(&look, &PlotPlan::new(&look, 800.0, 600.0));
    let says = |what: &str| scene.shapes.iter().any(|s| matches!(s, Shape::Text { text, .. } if text.contains(what)));
    assert!(says("dashed: even") && !says("stripes"));
}

#[test]
fn held_out_numbers_come_from_the_evaluation_at_or_before_the_step() {
    let steps = run(0, 1..=20, &[0.5, 0.5]);
    let measured = [evaluation(5, 1), evaluation(15, 0)];
    let with = |step| {
        let curve = Curve { evaluations: vec![&measured], ..curve(&steps) };
        words::explain(&look(vec![curve], step, 2)).join(" ")
    };
    assert!(!with(4).contains("never asked"));
    assert!(with(14).contains("1 of 2 experts was never asked") && with(14).contains("97 %"));
    assert!(!with(15).contains("never asked"));
    assert!(words::explain(&look(vec![curve(&steps)], 0, 2))[0].contains("random"));
}

pub(super) fn evaluation(step: u64, dead: u32) -> Evaluation {
    Evaluation {
        branch: 0,
        step,
        loss: 4.0,
        bits_per_byte: 3.0,
        layers: vec![LayerEvaluation {
            load: vec![1.0, 0.0],
            domains: vec![],
            max_over_mean: 2.0,
            dead,
            unchanged: Some(0.97),
        }],
    }
}
