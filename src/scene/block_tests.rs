use super::*;
use crate::trace::sample;

const SIZE: Size = Size { width: 420.0, height: 460.0 };

fn parts(expert: f64, experts: usize, shared: usize) -> Parts {
    Parts { attention: 36_864.0, router: 768.0, expert, experts, shared }
}

fn cost(parameters: usize) -> Cost {
    Cost { parameters, active_parameters: 6e5, attention: 5e5, router: 4e3, experts: 3e5, output: 6e5, context: 256 }
}

/// All boxes but those of the bars at the foot.
fn rects(scene: &Scene) -> Vec<(Point, Size, Role)> {
    let rect = |shape: &Shape| match shape {
        Shape::Rect { at, size, fill: Some(fill), .. } if at.y < SIZE.height - FOOT => Some((*at, *size, *fill)),
        _ => None,
    };
    scene.shapes.iter().filter_map(rect).collect()
}

#[test]
fn areas_are_parameters_in_every_block_of_a_figure() {
    let (dense, sparse) = (sample::trace(12, 2, 1, 1), sample::trace(12, 2, 8, 2));
    let cost = cost(1_000_000);
    let blocks = [
        DrawnBlock { name: "dense", parts: parts(55_296.0, 1, 0), cost: Some(&cost), trace: Some(&dense) },
        DrawnBlock { name: "sparse", parts: parts(27_648.0, 8, 0), cost: Some(&cost), trace: Some(&sparse) },
        DrawnBlock { name: "shared", parts: parts(13_824.0, 16, 1), cost: Some(&cost), trace: None },
    ];
    let scale = Scale::of(&blocks, SIZE);
    let mut per_parameter = Vec::new();
    for one in &blocks {
        let scene = block(one, (1, 5), &scale, SIZE);
        let rects = rects(&scene);
        // One network has nothing to choose from, and no router is drawn.
        let feed_forward = one.parts.experts + one.parts.shared;
        assert_eq!(rects.len(), 1 + feed_forward + usize::from(feed_forward > 1));
        let area = |(_, size, _): &(Point, Size, Role)| f64::from(size.width * size.height);
        let counts = [one.parts.attention].into_iter();
        let counts = counts.chain(std::iter::repeat_n(one.parts.expert, one.parts.experts + one.parts.shared));
        per_parameter
            .extend(rects.iter().zip(counts.chain([one.parts.router])).map(|(rect, count)| area(rect) / count));
        assert!(rects.iter().all(|(at, size, _)| at.y >= TOP - 0.1 && at.y + size.height <= SIZE.height - FOOT + 0.1));
    }
    let first = per_parameter[0];
    assert!(per_parameter.iter().all(|area| (area / first - 1.0).abs() < 1e-3), "{per_parameter:?}");
}

#[test]
fn only_what_the_selected_token_uses_is_filled() {
    let trace = sample::trace(12, 2, 8, 2);
    let one = DrawnBlock { name: "sparse", parts: parts(27_648.0, 8, 0), cost: None, trace: Some(&trace) };
    let scale = Scale::of(&[one], SIZE);
    for token in [0, 5, 11] {
        let scene = block(&one, (1, token), &scale, SIZE);
        let rects = rects(&scene);
        let filled: Vec<usize> = (0..8).filter(|e| matches!(rects[1 + e].2, Role::ShareLoud(_))).collect();
        let mut chosen: Vec<usize> = trace.layers[1].chosen(token).iter().map(|e| usize::from(*e)).collect();
        chosen.sort_unstable();
        assert_eq!(filled, chosen);
        let loud = |shape: &&Shape| matches!(shape, Shape::Ribbon { stroke, .. } if stroke.role == Role::Path);
        assert_eq!(scene.shapes.iter().filter(loud).count(), 2 + 2 * 2, "in and out of attention and two experts");
    }
}

#[test]
fn an_expert_of_weight_0_is_used_and_a_dropped_choice_is_not() {
    let mut trace = sample::saturated();
    let filled = |trace: &crate::trace::Trace| {
        let one = DrawnBlock { name: "s", parts: parts(27_648.0, 8, 0), cost: None, trace: Some(trace) };
        let scene = block(&one, (0, 0), &Scale::of(&[one], SIZE), SIZE);
        let rects = rects(&scene);
        (0..8).filter(|e| matches!(rects[1 + e].2, Role::ShareLoud(_))).collect::<Vec<usize>>()
    };
    assert_eq!(filled(&trace), [2, 4]);
    trace.layers[0].dropped = crate::trace::Matrix::new(2, vec![false, true, false, false]);
    assert_eq!(filled(&trace), [2]);
}

#[test]
fn a_shared_expert_is_always_used_and_nothing_is_without_a_trace() {
    let trace = sample::trace(12, 1, 16, 3);
    let with = |trace| DrawnBlock { name: "d", parts: parts(13_824.0, 16, 1), cost: None, trace };
    let scale = Scale::of(&[with(None)], SIZE);
    let filled = |one: &DrawnBlock<'_>| {
        let scene = block(one, (0, 3), &scale, SIZE);
        rects(&scene).iter().filter(|rect| matches!(rect.2, Role::ShareLoud(_))).count()
    };
    assert_eq!((filled(&with(Some(&trace))), filled(&with(None))), (4, 0));
}

#[test]
fn bars_are_lengths_of_what_the_card_counts() {
    let (small, large) = (cost(500_000), cost(1_000_000));
    let one = |cost| DrawnBlock { name: "m", parts: parts(27_648.0, 8, 0), cost: Some(cost), trace: None };
    let scale = Scale::of(&[one(&small), one(&large)], SIZE);
    let scene = block(&one(&small), (0, 0), &scale, SIZE);
    let bars: Vec<f32> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Rect { at, size, .. } if at.y > SIZE.height - FOOT => Some(size.width),
            _ => None,
        })
        .collect();
    // Half of the largest is held; the four parts of the operations fill the width together.
    assert!((bars[0] - 210.0).abs() < 0.1 && (bars[2..].iter().sum::<f32>() - 420.0).abs() < 0.1, "{bars:?}");
    assert!((bars[2] / bars[4] - 5.0 / 3.0).abs() < 1e-3);
}

#[test]
fn amounts_are_short() {
    assert_eq!([768.0, 27_648.0, 1_096_608.0].map(amount), ["768", "27.6 k", "1.10 M"]);
}
