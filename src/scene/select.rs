//! How keys, buttons and clicks move the selection, so that all of them agree. Which key is which move is the page's.

use super::{ViewState, hit::Target, motion::Timeline};
use crate::trace::Trace;

/// A wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The token so many places on; negative is back. Stops at the ends.
    Token(isize),
    /// The layer so many places on. Stops at the ends.
    Layer(isize),
    /// The expert so many places on; past the ends none is selected.
    Expert(isize),
    /// The first token.
    First,
    /// The last token.
    Last,
    /// No expert.
    NoExpert,
    /// Time runs or stands.
    Toggle,
}

/// How many tokens, layers and experts there are to move among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Tokens.
    pub tokens: usize,
    /// Layers.
    pub layers: usize,
    /// Experts in the selected layer.
    pub experts: usize,
}

impl Extent {
    /// Those of a trace, from one of its layers.
    pub fn of(trace: &Trace, layer: usize) -> Self {
        Self { tokens: trace.len(), layers: trace.layers.len(), experts: trace.experts(layer) }
    }
}

/// The state after a wish. A step moves the playhead along, so that the token's dots are at the selected experts.
pub fn apply(Extent { tokens, layers, experts }: Extent, view: ViewState, wish: Move) -> ViewState {
    let mut next = view;
    match wish {
        Move::Token(by) => next.token = along(view.token, by, tokens),
        Move::Layer(by) => next.layer = along(view.layer, by, layers),
        Move::First => next.token = 0,
        Move::Last => next.token = tokens.saturating_sub(1),
        Move::Expert(by) => next.expert = expert(view.expert, by, experts),
        Move::NoExpert => next.expert = None,
        Move::Toggle => next.playing = !view.playing,
    }
    if (next.token, next.layer) != (view.token, view.layer) && !next.playing {
        next.playhead = Timeline::new(tokens, layers).at(next.token, next.layer);
    }
    next
}

/// The next stop of the way through all layers of all tokens: the next layer, or the next token's first. After the last it
/// begins again. Time stands.
pub fn next_stop(trace: &Trace, view: ViewState) -> ViewState {
    let (tokens, layers) = (trace.len().max(1), trace.layers.len().max(1));
    let stop = view.token.min(tokens - 1) * layers + view.layer.min(layers - 1);
    let stop = (stop + 1) % (tokens * layers);
    at(trace, view, stop / layers, stop % layers)
}

/// The next token in the same layer; after the last it begins again. Time stands.
pub fn next_token(trace: &Trace, view: ViewState) -> ViewState {
    at(trace, view, (view.token + 1) % trace.len().max(1), view.layer)
}

/// The token before in the same layer. Time stands.
pub fn last_token(trace: &Trace, view: ViewState) -> ViewState {
    at(trace, view, view.token.saturating_sub(1), view.layer)
}

/// The token of that number in the same layer, or the last. Time stands.
pub fn token(trace: &Trace, view: ViewState, token: usize) -> ViewState {
    at(trace, view, token.min(trace.len().saturating_sub(1)), view.layer)
}

/// What a click selects; the selected expert once more is none.
pub fn click(view: ViewState, target: Option<Target>) -> ViewState {
    match target {
        None => ViewState { expert: None, ..view },
        Some(Target::Layer(layer)) => ViewState { layer, ..view },
        Some(Target::Token { layer, token }) => ViewState { layer, token, ..view },
        Some(Target::Expert { layer, expert }) => {
            let again = view.layer == layer && view.expert == Some(expert);
            ViewState { layer, expert: Some(expert).filter(|_| !again), ..view }
        }
    }
}

fn at(trace: &Trace, view: ViewState, token: usize, layer: usize) -> ViewState {
    let playhead = Timeline::new(trace.len(), trace.layers.len()).at(token, layer);
    ViewState { token, layer, playhead, playing: false, ..view }
}

fn along(from: usize, by: isize, count: usize) -> usize {
    from.saturating_add_signed(by).min(count.saturating_sub(1))
}

/// Experts in a circle with "none" between the last and the first.
fn expert(from: Option<usize>, by: isize, experts: usize) -> Option<usize> {
    let place = from.map_or(0, |expert| expert.min(experts) + 1) as isize;
    let place = (place + by).rem_euclid(experts as isize + 1);
    usize::try_from(place - 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    fn view(layer: usize, token: usize) -> ViewState {
        ViewState { layer, token, ..ViewState::default() }
    }

    #[test]
    fn moves_stop_at_the_ends() {
        let extent = Extent::of(&sample::trace(3, 2, 4, 2), 0);
        let moved = |view, wish| apply(extent, view, wish);
        assert_eq!(moved(view(0, 0), Move::Token(-1)).token, 0);
        assert_eq!(moved(view(0, 0), Move::Token(1)).token, 1);
        assert_eq!(moved(view(0, 0), Move::Token(10)).token, 2);
        assert_eq!(moved(view(0, 9), Move::Token(1)).token, 2);
        assert_eq!((moved(view(0, 0), Move::Layer(-1)).layer, moved(view(1, 0), Move::Layer(1)).layer), (0, 1));
        assert_eq!((moved(view(0, 1), Move::First).token, moved(view(0, 1), Move::Last).token), (0, 2));
        assert!(moved(view(0, 0), Move::Toggle).playing);
    }

    #[test]
    fn experts_go_round_with_none_between() {
        let extent = Extent::of(&sample::trace(3, 2, 3, 2), 0);
        let mut state = view(0, 0);
        let mut seen = Vec::new();
        for _ in 0..5 {
            state = apply(extent, state, Move::Expert(1));
            seen.push(state.expert);
        }
        assert_eq!(seen, [Some(0), Some(1), Some(2), None, Some(0)]);
        assert_eq!(apply(extent, view(0, 0), Move::Expert(-1)).expert, Some(2));
        assert_eq!(apply(extent, state, Move::NoExpert).expert, None);
    }

    #[test]
    fn stepping_by_layer_visits_every_layer_of_every_token_in_order() {
        let trace = sample::trace(3, 2, 4, 2);
        let mut state = view(0, 0);
        let mut stops = Vec::new();
        for _ in 0..6 {
            state = next_stop(&trace, state);
            stops.push((state.token, state.layer));
        }
        assert_eq!(stops, [(0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (0, 0)]);
        assert_eq!((next_token(&trace, view(1, 2)).token, last_token(&trace, view(1, 0)).token), (0, 0));
    }

    #[test]
    fn the_scrubber_has_a_place_for_each_token() {
        let trace = sample::trace(61, 4, 8, 2);
        let places: Vec<usize> = (0..61).map(|place| token(&trace, view(2, 7), place).token).collect();
        assert_eq!(places, (0..61).collect::<Vec<_>>());
        let end = token(&trace, ViewState { playing: true, ..view(2, 7) }, 70);
        assert_eq!((end.token, end.layer, end.playing), (60, 2, false), "behind the end is the end");
    }

    #[test]
    fn clicking_an_expert_twice_lets_it_go() {
        let once = click(view(0, 0), Some(Target::Expert { layer: 1, expert: 3 }));
        assert_eq!((once.layer, once.expert), (1, Some(3)));
        assert_eq!(click(once, Some(Target::Expert { layer: 1, expert: 3 })).expert, None);
        assert_eq!(click(once, Some(Target::Expert { layer: 0, expert: 3 })).expert, Some(3));
        assert_eq!(click(once, None).expert, None);
        assert_eq!(click(once, Some(Target::Token { layer: 0, token: 5 })).token, 5);
    }

    #[test]
    fn a_trace_without_tokens_has_nowhere_to_go() {
        let trace = sample::trace(0, 2, 4, 2);
        for step in [next_stop, next_token, last_token] {
            assert_eq!(step(&trace, view(0, 0)).token, 0);
        }
        assert_eq!(apply(Extent::of(&trace, 0), view(0, 0), Move::Last).token, 0);
    }
}
