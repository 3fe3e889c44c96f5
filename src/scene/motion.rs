//! Tokens in flight.
//!
//! A token sets out when the playhead reaches its number and takes a while through all layers, so that several are on
//! their way together, each behind the one that it may look at. At a layer it splits into one dot for each expert that
//! it chose, larger for more weight; behind the experts the dots meet again in the lane's sum.
//!
//! Frames are cheap: where a dot docks, how large it is and its hue are looked up once; all dots at the same point of the
//! way share one position across and one rise.

use super::{hit, layout::Layout, shape::Point, theme};
use crate::trace::Trace;

/// Seconds that a token takes through a layer at speed 1.
const LAYER_SECONDS: f32 = 1.1;
/// Seconds between two tokens at speed 1, for a short text.
const TOKEN_SECONDS: f32 = 0.55;
/// Seconds in which the last token of a long text sets out.
const TEXT_SECONDS: f32 = 14.0;
/// Where in a layer (0 to 1) dots enter and leave the cells.
const ENTER: f32 = 0.4;
const LEAVE: f32 = 0.6;

/// How the playhead, counted in tokens, moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timeline {
    /// Tokens that set out in a second at speed 1.
    pub rate: f32,
    /// Tokens that set out while one is in flight.
    pub flight: f32,
    /// Playhead at which the last token has arrived.
    pub end: f32,
    layers: f32,
}

impl Timeline {
    /// For a number of tokens and layers.
    pub fn new(tokens: usize, layers: usize) -> Self {
        let (tokens, layers) = (tokens.max(1) as f32, layers.max(1) as f32);
        let rate = tokens / (tokens * TOKEN_SECONDS).min(TEXT_SECONDS);
        let flight = rate * LAYER_SECONDS * layers;
        Self { rate, flight, end: tokens - 1.0 + flight, layers }
    }

    /// The playhead `seconds` later; behind the end it begins again.
    pub fn advance(&self, playhead: f32, seconds: f32, speed: f32) -> f32 {
        let next = playhead + seconds * speed * self.rate;
        if next.is_finite() && (0.0..self.end).contains(&next) { next } else { 0.0 }
    }

    /// The playhead at which a token is at the experts of a layer.
    pub fn at(&self, token: usize, layer: usize) -> f32 {
        token as f32 + self.flight * (layer as f32 + 0.5) / self.layers
    }
}

/// A token, or the part of it that goes to one expert, at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Its middle.
    pub at: Point,
    /// Its radius.
    pub radius: f32,
    /// Its expert's hue.
    pub hue: u8,
    /// The token it belongs to.
    pub token: usize,
    /// Whether it is inside an expert's cell, where it would lie over words.
    pub inside: bool,
}

/// What does not change from frame to frame.
#[derive(Clone, Debug)]
pub struct Motion {
    timeline: Timeline,
    /// [T] heights of lanes.
    lanes: Vec<f32>,
    /// [L]: nodes before and after, edges of the cells.
    ways: Vec<[f32; 4]>,
    /// [L]
    docks: Vec<Docks>,
}

/// Where the dots of one layer dock.
#[derive(Clone, Debug)]
struct Docks {
    /// Choices of a token, k.
    top_k: usize,
    /// [T k]
    all: Vec<Dock>,
}

#[derive(Clone, Copy, Debug)]
struct Dock {
    y: f32,
    radius: f32,
    hue: u8,
    dropped: bool,
    /// Whether there is a choice here at all.
    made: bool,
}

impl Motion {
    /// For a trace in a layout that was made for it.
    pub fn new(trace: &Trace, layout: &Layout) -> Self {
        let tokens = trace.len();
        let (least, most) = if tokens > 200 { (1.0, 1.8) } else { (2.0, 2.8) };
        let ways = layout.columns.iter().enumerate().map(|(l, column)| {
            [layout.nodes.get(l).copied().unwrap_or_default(), column.x, column.x + layout.cell, layout.node_after(l)]
        });
        let mut docks = Vec::with_capacity(trace.layers.len());
        for (l, layer) in trace.layers.iter().enumerate() {
            let (experts, top_k) = (layer.info.experts, layer.info.top_k);
            // Where weights are not recorded, all dots are alike.
            let alike = 1.0 / top_k.max(1) as f32;
            let made: Vec<usize> = (0..tokens).map(|token| layer.chosen(token).len()).collect();
            let all = layer.experts.as_slice().iter().enumerate().map(|(at, &id)| {
                let (token, choice) = (at / top_k.max(1), at % top_k.max(1));
                Dock {
                    y: layout.slot(l, token, choice).unwrap_or_default(),
                    radius: least + most * layer.asked(token, choice).unwrap_or(alike).clamp(0.0, 1.0),
                    hue: theme::hue(usize::from(id), experts),
                    dropped: layer.is_dropped(token, choice),
                    made: made.get(token).is_some_and(|&made| choice < made),
                }
            });
            docks.push(Docks { top_k, all: all.collect() });
        }
        Self {
            timeline: Timeline::new(tokens, trace.layers.len()),
            lanes: (0..tokens).map(|token| layout.lane(token)).collect(),
            ways: ways.collect(),
            docks,
        }
    }

    /// How its time runs.
    pub fn timeline(&self) -> Timeline {
        self.timeline
    }

    /// Fills `dots` with those in flight at `playhead`.
    pub fn dots(&self, playhead: f32, dots: &mut Vec<Dot>) {
        dots.clear();
        let (flight, layers) = (self.timeline.flight, self.ways.len());
        if !playhead.is_finite() || self.lanes.is_empty() {
            return;
        }
        let first = (playhead - flight).ceil().max(0.0) as usize;
        for token in first..self.lanes.len() {
            let done = (playhead - token as f32) / flight;
            if done < 0.0 {
                break;
            }
            let at = done * layers as f32;
            let layer = (at as usize).min(layers.saturating_sub(1));
            self.token(token, layer, at - layer as f32, dots);
        }
    }

    /// The dots of one token that is `part` (0 to 1) through a layer.
    fn token(&self, token: usize, layer: usize, part: f32, dots: &mut Vec<Dot>) {
        let (Some(&[before, enter, leave, after]), Some(&lane)) = (self.ways.get(layer), self.lanes.get(token)) else {
            return;
        };
        let between = |a: f32, b: f32, share: f32| a + (b - a) * share;
        let (x, rise) = if part < ENTER {
            let t = part / ENTER;
            (between(before, enter, hit::cross(t)), t * t * (3.0 - 2.0 * t))
        } else if part < LEAVE {
            (between(enter, leave, (part - ENTER) / (LEAVE - ENTER)), 1.0)
        } else {
            let t = (1.0 - part).max(0.0) / (1.0 - LEAVE);
            (between(after, leave, hit::cross(t)), t * t * (3.0 - 2.0 * t))
        };
        let inside = (ENTER..LEAVE).contains(&part);
        let Some(Docks { top_k, all }) = self.docks.get(layer) else { return };
        for dock in all.get(token * top_k..(token + 1) * top_k).unwrap_or_default() {
            // A dropped choice ends at the cell.
            if dock.made && (part < LEAVE || !dock.dropped) {
                let at = Point { x, y: between(lane, dock.y, rise) };
                dots.push(Dot { at, radius: dock.radius, hue: dock.hue, token, inside });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        scene::{ViewState, shape::Size},
        trace::{Matrix, sample},
    };

    fn setting(tokens: usize, layers: usize, experts: usize, k: usize) -> (Trace, Layout, Motion) {
        let trace = sample::trace(tokens, layers, experts, k);
        let layout = Layout::new(&trace, &ViewState::default(), Size { width: 1060.0, height: 600.0 });
        let motion = Motion::new(&trace, &layout);
        (trace, layout, motion)
    }

    fn of(motion: &Motion, playhead: f32, token: usize) -> Vec<Dot> {
        let mut dots = Vec::new();
        motion.dots(playhead, &mut dots);
        dots.into_iter().filter(|dot| dot.token == token).collect()
    }

    #[test]
    fn each_layer_has_as_many_dots_and_cells_as_it_has_choices_and_experts() {
        let trace = sample::mixed(9);
        let layout = Layout::new(&trace, &ViewState::default(), Size { width: 1060.0, height: 600.0 });
        assert_eq!(layout.columns.iter().map(|column| column.rows.len()).collect::<Vec<_>>(), [4, 8]);
        let (motion, middle) = (Motion::new(&trace, &layout), layout.cell / 2.0);
        for token in 0..9 {
            for (l, layer) in trace.layers.iter().enumerate() {
                let dots = of(&motion, motion.timeline().at(token, l), token);
                let row = |&id: &u16| layout.columns[l].rows[usize::from(id)];
                for (dot, row) in dots.iter().zip(layer.chosen(token).iter().map(row)) {
                    assert!((dot.at.x - layout.columns[l].x - middle).abs() < 1.0, "{dot:?}");
                    assert!(row.y < dot.at.y && dot.at.y < row.y + row.height, "{dot:?} {row:?}");
                }
                assert_eq!(dots.len(), layer.info.top_k);
            }
        }
    }

    #[test]
    fn a_choice_of_weight_0_has_its_dot() {
        let trace = sample::saturated();
        let layout = Layout::new(&trace, &ViewState::default(), Size { width: 1060.0, height: 600.0 });
        let motion = Motion::new(&trace, &layout);
        let time = motion.timeline();
        assert_eq!([of(&motion, time.at(0, 0), 0).len(), of(&motion, time.at(1, 0), 1).len()], [2, 2]);
    }

    #[test]
    fn a_token_starts_at_its_lane_passes_its_experts_and_ends_at_its_lane() {
        let (trace, layout, motion) = setting(18, 4, 8, 2);
        let time = motion.timeline();
        for token in [0, 9, 17] {
            for dot in of(&motion, token as f32, token) {
                assert!((dot.at.x - layout.nodes[0]).abs() < 1e-3 && (dot.at.y - layout.lane(token)).abs() < 1e-3);
            }
            for layer in 0..4 {
                let dots = of(&motion, time.at(token, layer), token);
                assert_eq!(dots.len(), 2);
                for (choice, dot) in dots.iter().enumerate() {
                    let cell = layout.columns[layer].x..layout.columns[layer].x + layout.cell;
                    assert!(dot.inside && cell.contains(&dot.at.x), "{} in {cell:?}", dot.at.x);
                    assert!((dot.at.y - layout.slot(layer, token, choice).unwrap()).abs() < 1e-3);
                    assert_eq!(dot.hue, trace.layers[layer].experts.row(token)[choice] as u8);
                }
            }
            for dot in of(&motion, token as f32 + time.flight * 0.99999, token) {
                assert!((dot.at.x - layout.nodes[4]).abs() < 0.5 && (dot.at.y - layout.lane(token)).abs() < 0.5);
            }
        }
    }

    #[test]
    fn flight_is_unbroken() {
        let (_, _, motion) = setting(18, 4, 8, 2);
        let step = motion.timeline().flight / 2000.0;
        let mut last = of(&motion, 3.0, 3)[0].at;
        for i in 1..2000 {
            let at = of(&motion, 3.0 + step * i as f32, 3)[0].at;
            // At a sum the dot turns to another expert, and its way goes on from the same place.
            assert!((at.x - last.x).abs() < 4.0 && (at.y - last.y).abs() < 6.0, "{last:?} {at:?}");
            assert!(at.x >= last.x - 1e-3);
            last = at;
        }
    }

    #[test]
    fn only_tokens_that_set_out_and_have_not_arrived_are_in_flight() {
        let (_, _, motion) = setting(300, 4, 8, 2);
        let time = motion.timeline();
        let mut dots = Vec::new();
        motion.dots(100.5, &mut dots);
        let tokens: Vec<_> = dots.iter().map(|dot| dot.token).collect();
        assert_eq!(tokens.last(), Some(&100));
        assert_eq!(tokens[0], (100.5 - time.flight).ceil() as usize);
        for odd in [-1.0, f32::NAN, f32::INFINITY, time.end + 1.0] {
            motion.dots(odd, &mut dots);
            assert!(dots.is_empty(), "{odd}");
        }
    }

    #[test]
    fn dropped_choices_end_at_the_expert() {
        let (mut trace, layout, _) = setting(1, 1, 8, 2);
        trace.layers[0].dropped = Matrix::new(2, vec![false, true]);
        let motion = Motion::new(&trace, &layout);
        let flight = motion.timeline().flight;
        assert_eq!((of(&motion, 0.3 * flight, 0).len(), of(&motion, 0.8 * flight, 0).len()), (2, 1));
    }

    #[test]
    fn time_runs_in_circles() {
        for (tokens, layers) in [(0, 0), (1, 1), (18, 4), (2000, 32)] {
            let time = Timeline::new(tokens, layers);
            assert!(time.rate > 0.0 && time.flight > 0.0 && time.end >= time.flight);
            assert_eq!(time.advance(time.end - 1e-3, 1.0, 1.0), 0.0);
            assert_eq!(time.advance(f32::NAN, 1.0, 1.0), 0.0);
            assert!(time.advance(0.0, 0.016, 2.0) > time.advance(0.0, 0.016, 1.0));
        }
        // A long text sets out within 14 seconds at speed 1.
        assert!((Timeline::new(2000, 4).rate - 2000.0 / 14.0).abs() < 1e-3);
    }
}
