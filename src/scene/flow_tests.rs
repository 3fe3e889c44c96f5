use super::{paint, still, way};
use crate::{
    scene::{
        ViewState,
        layout::Layout,
        shape::{Anchor, Dash, Role, Scene, Shape, Size, Stroke},
        svg::svg,
        theme::Theme,
    },
    trace::{Matrix, Trace, sample},
};

const SIZE: Size = Size { width: 1060.0, height: 600.0 };
const PHONE: Size = Size { width: 390.0, height: 520.0 };

fn view(layer: usize, token: usize, expert: Option<usize>) -> ViewState {
    ViewState { layer, token, expert, ..ViewState::default() }
}

/// Both ends' x of every ribbon of a role.
fn ribbons(scene: &Scene, wanted: impl Fn(Role) -> bool) -> Vec<(f32, f32, f32)> {
    let pick = |shape: &Shape| match shape {
        Shape::Ribbon { from, to, stroke } if wanted(stroke.role) => Some((from.x, to.x, stroke.width)),
        _ => None,
    };
    scene.shapes.iter().filter_map(pick).collect()
}

fn cases() -> Vec<(Trace, Size)> {
    let shapes =
        [(0, 4, 8, 2), (1, 4, 8, 2), (18, 4, 8, 2), (60, 8, 64, 8), (2000, 4, 8, 2), (512, 8, 64, 8), (30, 24, 128, 8)];
    let traces = shapes.map(|(t, l, e, k)| sample::trace(t, l, e, k));
    traces.iter().flat_map(|trace| [SIZE, PHONE].map(|size| (trace.clone(), size))).collect()
}

#[test]
fn no_ribbon_joins_expert_and_expert() {
    for (trace, size) in cases() {
        let view = view(1, 0, Some(3));
        let layout = Layout::new(&trace, &view, size);
        let node = |x: f32| layout.nodes.iter().any(|node| (node - x).abs() < 1e-3);
        for (from, to, _) in ribbons(&paint(&trace, &view, &layout), |_| true) {
            assert!(node(from) != node(to) && from < to);
        }
    }
}

#[test]
fn the_selected_token_has_a_ribbon_to_and_from_each_chosen_expert() {
    let trace = sample::trace(18, 4, 8, 2);
    let scene = still(&trace, &view(2, 9, None), SIZE);
    assert_eq!(ribbons(&scene, |role| role == Role::Path).len(), 4 * 2 * 2);
    assert_eq!(ribbons(&scene, |role| role == Role::River).len(), 18 * 4 * 2 * 2);
}

#[test]
fn a_selected_expert_picks_out_its_tokens() {
    let trace = sample::trace(18, 4, 8, 2);
    let takers = trace.layers[1].experts.iter().filter(|ids| ids.contains(&5)).count();
    assert!(takers > 0);
    let scene = still(&trace, &view(1, 9, Some(5)), SIZE);
    assert_eq!(ribbons(&scene, |role| role == Role::Picked(5)).len(), takers * 2 * 2);
}

/// The frame of an expert that is picked out is broken and lies around its cell; those on the selected way are whole. So an
/// expert that is both shows both.
#[test]
fn a_picked_expert_does_not_look_like_one_on_the_selected_way() {
    let trace = sample::trace(18, 4, 8, 2);
    let chosen = usize::from(trace.layers[1].experts.row(9)[0]);
    let other = (0..8).find(|e| !trace.layers[1].chosen(9).contains(&(*e as u16))).unwrap();
    for (expert, ways) in [(None, 8), (Some(other), 8), (Some(chosen), 8)] {
        let scene = still(&trace, &view(1, 9, expert), SIZE);
        let frames = |wanted: fn(&Stroke) -> bool| {
            let frame = |shape: &&Shape| matches!(shape, Shape::Rect { fill: None, stroke: Some(stroke), .. } if wanted(stroke));
            scene.shapes.iter().filter(frame).count()
        };
        assert_eq!(frames(|stroke| stroke.role == Role::Selected && stroke.dash == Dash::Whole), ways);
        assert_eq!(frames(|stroke| stroke.dash != Dash::Whole), usize::from(expert.is_some()));
    }
}

#[test]
fn wider_means_more_weight() {
    let mut trace = sample::trace(1, 1, 2, 2);
    trace.layers[0].weights = Matrix::new(2, vec![0.75, 0.25]);
    let scene = still(&trace, &view(0, 0, None), SIZE);
    for role in [Role::River, Role::Path] {
        let widths: Vec<_> = ribbons(&scene, |r| r == role).iter().map(|ribbon| ribbon.2).collect();
        assert_eq!(widths.len(), 4);
        assert!(widths[0] == widths[1] && widths[2] == widths[3] && widths[0] > 2.0 * widths[2]);
    }
}

#[test]
fn a_dropped_choice_does_not_come_back() {
    let mut trace = sample::trace(2, 1, 4, 2);
    trace.layers[0].dropped = Matrix::new(2, vec![false, true, false, false]);
    let scene = still(&trace, &view(0, 0, None), SIZE);
    assert_eq!(ribbons(&scene, |role| role == Role::Path).len(), 3);
    assert_eq!(ribbons(&scene, |role| role == Role::River).len(), 3 + 4);
}

#[test]
fn long_texts_do_not_make_large_pictures() {
    for (trace, size) in cases() {
        let shapes = still(&trace, &view(0, 0, None), size).shapes.len();
        assert!(shapes < 12_000, "{} tokens: {shapes} shapes", trace.len());
    }
}

/// All widths of a layer's rivers together are what the same tokens would have as single ribbons.
#[test]
fn rivers_carry_the_weight_of_their_tokens() {
    let trace = sample::trace(2000, 1, 8, 2);
    let view = view(0, 0, None);
    let layout = Layout::new(&trace, &view, SIZE);
    let widths = ribbons(&paint(&trace, &view, &layout), |role| role == Role::Stream);
    let into: Vec<_> = widths.iter().filter(|(from, _, _)| *from == layout.nodes[0]).collect();
    let rim = layout.ribbon(0.0);
    let carried: f32 = into.iter().map(|(_, _, width)| width - rim).sum();
    assert!((carried - (layout.ribbon(2000.0) - rim)).abs() < 0.5);
}

#[test]
fn labels_can_be_read_and_stay_inside() {
    for (trace, size) in cases() {
        let scene = still(&trace, &view(1, 0, None), size);
        for shape in &scene.shapes {
            if let Shape::Text { at, font, text, .. } = shape {
                assert!(font.size >= 10.0, "{text}");
                assert!(
                    (0.0..=scene.size.width).contains(&at.x) && (8.0..=scene.size.height).contains(&at.y),
                    "{text} at {at:?}"
                );
            }
        }
    }
}

/// Every layer has an expert of each number, and no two cells of a picture have one name: where names have no room for their
/// layer there are none, and the key says which cell is whose.
#[test]
fn names_of_experts_say_their_layer() {
    let names = |layers: usize, experts: usize, size: Size| -> Vec<String> {
        let scene = still(&sample::trace(20, layers, experts, 2), &view(1, 9, None), size);
        let name = |shape: Shape| match shape {
            Shape::Text { text, .. } => Some(text),
            _ => None,
        };
        scene.shapes.into_iter().filter_map(name).collect()
    };
    for (layers, experts, size) in [(4, 8, SIZE), (2, 4, PHONE), (8, 16, SIZE)] {
        let texts = names(layers, experts, size);
        for (layer, expert) in (1..=layers).flat_map(|layer| (1..=experts).map(move |expert| (layer, expert))) {
            let name = format!("{layer}·E{expert}");
            assert_eq!(texts.iter().filter(|text| **text == name).count(), 1, "{name} of {layers} x {experts}");
        }
    }
    let small = Size { width: 708.0, height: 500.0 };
    for (layers, experts) in [(2, 4), (4, 8), (4, 64), (8, 16), (12, 32), (16, 4), (16, 8), (16, 64)] {
        for size in [SIZE, small, PHONE] {
            let texts = names(layers, experts, size);
            let bare = |text: &&String| text.strip_prefix('E').is_some_and(|number| number.parse::<usize>().is_ok());
            assert_eq!(texts.iter().find(bare), None, "{layers} x {experts}, {size:?}");
            let key = texts.iter().find(|text| text.contains("dashed")).unwrap();
            let told = texts.iter().find(|text| key.contains(&format!(" · {text}: layer 2’s E")));
            let named = texts.iter().any(|text| text.starts_with("2·E"));
            assert_eq!(told.is_some(), key.contains("layer 2"), "{layers} x {experts}, {size:?}: {key}");
            assert!(!key.contains("from the top") || !named, "{layers} x {experts}, {size:?}: {key}");
            if size == SIZE {
                assert!(told.is_some() || key.contains("experts count from the top"), "{layers} x {experts}: {key}");
            }
        }
    }
}

/// What is not seen without scrolling explains nothing.
#[test]
fn the_key_is_seen_whole() {
    for (layers, experts, tokens) in [(2, 8, 20), (12, 32, 20), (16, 64, 3), (16, 4, 20), (24, 8, 2000), (4, 8, 4000)] {
        for width in [390.0, 640.0, 708.0, 960.0, 1060.0] {
            let scene =
                still(&sample::trace(tokens, layers, experts, 2), &view(1, 1, None), Size { width, height: 520.0 });
            let key = |shape: &&Shape| matches!(shape, Shape::Text { text, .. } if text.contains("dashed"));
            let shape = scene.shapes.iter().find(key).unwrap();
            let (left, right, ..) = covered(shape).unwrap();
            assert!(left >= 0.0 && right <= width, "{layers} x {experts} at {width}: {left} to {right}, {shape:?}");
        }
    }
}

/// Left, right, top and bottom.
type Edges = (f32, f32, f32, f32);

/// What a text covers, by the widths of Inter's letters; the column of names at the left has serifs, which are narrower.
fn covered(shape: &Shape) -> Option<Edges> {
    let Shape::Text { at, anchor, font, text, .. } = shape else { return None };
    let em = |c: char| match c {
        '·' | '.' | ' ' | ',' | ':' | 'l' | 'i' => 0.29,
        'E' | 'L' => 0.6,
        _ if c.is_ascii_digit() => {
            if font.bold {
                0.65
            } else {
                0.62
            }
        }
        _ => {
            if font.bold {
                0.59
            } else {
                0.55
            }
        }
    };
    let width = text.chars().map(em).sum::<f32>() * font.size;
    let left = match anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - width / 2.0,
        Anchor::End => at.x - width,
    };
    Some((left, left + width, at.y - 0.73 * font.size, at.y))
}

/// What a weight's tag or a name's plate covers.
fn plate(shape: &Shape) -> Option<Edges> {
    match shape {
        Shape::Rect { at, size, fill: Some(Role::Selected | Role::Paper), .. } if size.height < 30.0 => {
            Some((at.x, at.x + size.width, at.y, at.y + size.height))
        }
        _ => None,
    }
}

/// What a sum or the start of the selected token covers.
fn sum(shape: &Shape) -> Option<Edges> {
    match shape {
        Shape::Circle { at, radius, stroke: Some(stroke), .. } if stroke.role == Role::Selected => {
            Some((at.x - radius, at.x + radius, at.y - radius, at.y + radius))
        }
        _ => None,
    }
}

/// From 2 to 16 layers and from 4 to 64 experts, on the stages of windows of 1440 and 1024 pixels; what a phone shows, on its.
#[test]
fn no_word_lies_on_another() {
    let over = |a: Edges, b: Edges| a.0 < b.1 && b.0 < a.1 && a.2 < b.3 && b.2 < a.3;
    for (layers, experts, k) in
        [2, 3, 4, 6, 8, 12, 16].into_iter().flat_map(|l| [(l, 4, 2), (l, 8, 2), (l, 16, 4), (l, 32, 4), (l, 64, 8)])
    {
        let trace = sample::trace(27, layers, experts, k);
        let phone = Some(Size { width: 390.0, height: 400.0 }).filter(|_| layers <= 4 && experts <= 8);
        let wide = [Size { width: 1076.0, height: 560.0 }, Size { width: 708.0, height: 500.0 }];
        for size in wide.into_iter().chain(phone) {
            for token in (0..27).step_by(2) {
                let layer = token % layers;
                let scene = still(&trace, &view(layer, token, None), size);
                let mut seen: Vec<(Edges, &str)> = Vec::new();
                let sums: Vec<Edges> = scene.shapes.iter().filter_map(sum).collect();
                for shape in &scene.shapes {
                    if let Some(place) = plate(shape).or_else(|| covered(shape)) {
                        let met: Vec<_> = sums.iter().filter(|sum| over(**sum, place)).collect();
                        assert!(met.is_empty(), "{layers} x {experts}, {size:?}, token {token}: {shape:?} on {met:?}");
                    }
                    // A plate hides what is below it, and its own words come after it.
                    if let Some(plate) = plate(shape) {
                        let hidden: Vec<_> = seen.iter().filter(|(word, _)| over(*word, plate)).collect();
                        assert!(
                            hidden.is_empty(),
                            "{layers} x {experts}, {size:?}, token {token}: a plate over {hidden:?}"
                        );
                    }
                    if let (Some(place), Shape::Text { text, font, .. }) = (covered(shape), shape) {
                        assert!(font.size >= 11.0, "{layers} x {experts}, {size:?}: “{text}” is small");
                        let below: Vec<_> = seen.iter().filter(|(word, _)| over(*word, place)).collect();
                        assert!(
                            below.is_empty(),
                            "{layers} x {experts}, {size:?}, token {token}: “{text}” over {below:?}"
                        );
                        seen.push((place, text));
                    }
                }
            }
        }
    }
}

/// Whatever the gate says, a token passes through the shared experts with weight 1: there and back in every layer, below the
/// cells that are chosen from.
#[test]
fn shared_experts_stand_apart_and_every_token_passes_through_them() {
    let mut trace = sample::trace(6, 3, 4, 2);
    let loud = |trace: &Trace, size: Size| {
        let scene = still(trace, &view(1, 2, None), size);
        let ways = ribbons(&scene, |role| role == Role::Path).len();
        let named = |shape: &&Shape| matches!(shape, Shape::Text { text, .. } if text.starts_with("shared"));
        (ways, scene.shapes.iter().filter(named).count())
    };
    for size in [SIZE, PHONE] {
        trace.model.constants.shared = 0;
        let (without, none) = loud(&trace, size);
        trace.model.constants.shared = 1;
        assert_eq!((loud(&trace, size), none), ((without + 2 * 3, 3), 0));
        let layout = Layout::new(&trace, &view(0, 0, None), size);
        let shared = layout.shared.unwrap();
        assert!(layout.columns.iter().flat_map(|column| &column.rows).all(|row| row.y + row.height <= shared.y));
        assert!(shared.y + shared.height < layout.size.height);
    }
}

#[test]
fn a_selection_that_is_not_there_selects_nothing() {
    let trace = sample::trace(3, 2, 4, 1);
    let scene = still(&trace, &view(usize::MAX, usize::MAX, Some(usize::MAX)), SIZE);
    assert!(ribbons(&scene, |role| role == Role::Path).is_empty());
    assert!(way(&trace, 99, &Layout::new(&trace, &view(0, 0, None), SIZE)).is_empty());
}

#[test]
fn the_description_tells_the_way() {
    let trace = sample::trace(18, 2, 8, 2);
    let scene = still(&trace, &view(0, 8, None), SIZE);
    let first = usize::from(trace.layers[1].experts.row(8)[0]) + 1;
    assert!(scene.title.contains("18 tokens through 2 layers of 8 experts"), "{}", scene.title);
    assert!(scene.description.contains(&format!("layer 2: E{first} ")), "{}", scene.description);
}

/// Writes pictures to look at, if told where to.
#[test]
fn pictures_are_whole_files() {
    for (index, (trace, size)) in cases().into_iter().enumerate() {
        for theme in [Theme::Light, Theme::Dark] {
            let selected = view(2, 8.min(trace.len().saturating_sub(1)), (index % 3 == 2).then_some(2));
            let file = svg(&still(&trace, &selected, size), theme);
            let opened = file.matches("<text").count();
            assert_eq!(opened, file.matches("</text>").count());
            assert!(!file.contains("NaN") && !file.contains("inf"));
            if let Ok(folder) = std::env::var("MOESCOPE_PICTURES") {
                let name = format!("{}-{}-{}-{theme:?}.svg", trace.len(), trace.model.experts, size.width);
                std::fs::write(std::path::Path::new(&folder).join(name), file).unwrap();
            }
        }
    }
}

fn said(scene: &Scene) -> String {
    let words = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    words.collect::<Vec<_>>().join("\n")
}

/// Where no weight is recorded, ribbons, dots and docks are all alike, there is no tag, and the key says why.
#[test]
fn routes_without_weights_are_drawn_alike_and_say_so() {
    let (full, ids) = (sample::mixed(9), sample::ids_only(9));
    let size = Size { width: 1060.0, height: 600.0 };
    let view = ViewState { token: 4, ..ViewState::default() };
    let (with, without) = (still(&full, &view, size), still(&ids, &view, size));
    let ribbons = |scene: &Scene| scene.shapes.iter().filter(|shape| matches!(shape, Shape::Ribbon { .. })).count();
    assert_eq!(ribbons(&without), ribbons(&with));
    assert!(said(&without).contains("weights are not recorded: ribbons are alike"), "{}", said(&without));
    assert!(!said(&with).contains("not recorded"), "{}", said(&with));
    assert!(!said(&without).lines().any(|word| word.starts_with("0.") || word.starts_with("1.")), "{}", said(&without));
    let metrics = crate::trace::metrics::LayerMetrics::of_trace(&ids);
    let words = crate::scene::words::of_expert(&ids, &metrics, 1, 0);
    assert!(words.contains("choices") && words.ends_with("mean score not recorded"), "{words}");
    assert!(crate::scene::words::of_layer(&ids, &metrics, 1).ends_with("dropped not recorded"));
}

/// Counts fill the cells, and the picture says that there are no tokens.
#[test]
fn counts_without_tokens_fill_the_cells() {
    let trace = sample::counted();
    let scene = still(&trace, &ViewState::default(), Size { width: 1060.0, height: 600.0 });
    assert!(scene.title.contains("counts, without tokens"), "{}", scene.title);
    assert!(said(&scene).contains("counted, without tokens"), "{}", said(&scene));
    assert!(!said(&scene).contains("lane"), "nothing is added to any: {}", said(&scene));
    let metrics = crate::trace::metrics::LayerMetrics::of_trace(&trace);
    let words = crate::scene::words::of_expert(&trace, &metrics, 0, 0);
    assert!(words.starts_with("Layer 1 · E1 · 80 of 200 choices, 40.0 %"), "{words}");
}
