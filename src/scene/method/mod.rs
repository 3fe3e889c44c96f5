//! How each method decides: its formula with a token's numbers, and a picture of its own where it has one.
//!
//! Everything here is a function of a trace and a place in it. A picture comes with its table ([`Picture::table`]), so that
//! what it shows can be read too, and what a trace does not hold is not drawn.

pub mod arithmetic;
mod bars;
pub mod blended;
pub mod buckets;
mod chips;
pub mod cut;
mod grid;
pub mod matrix;
pub mod order;
pub mod picks;
pub mod policy;
pub mod queues;
#[cfg(test)]
pub(super) mod samples;
pub mod tree;
pub mod weights;

use super::ViewState;
use super::shape::Scene;
pub use crate::format::{hundredths as short, thousandths as number};
use crate::messages::pictures as say;
use crate::methods::{Diagram, Method};
use crate::trace::{LayerTrace, Matrix, Trace};
use std::ops::Range;

/// Tokens that a picture with a row for each shows at once.
const ROWS: usize = 24;

/// A picture and the same in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What to paint.
    pub scene: Scene,
    /// What it shows, as rows of words.
    pub table: Table,
}

/// A table of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

/// The method's own picture of the selected layer, `width` pixels wide or a little more; `None` where the method has none or
/// the trace lacks what it needs. `tasks` are the names of the tasks that a policy knows, as far as they are known.
pub fn picture(trace: &Trace, view: &ViewState, width: f32, tasks: &[String]) -> Option<Picture> {
    let at = Place::of(trace, view)?;
    match at.method()?.diagram {
        Diagram::Queues => Some(queues::picture(&queues::queues(&at)?, &at, width)),
        Diagram::Assignment => Some(matrix::assignment(&at, width)),
        Diagram::Buckets => Some(buckets::picture(&at, width)),
        Diagram::Tree => Some(tree::picture(&tree::branches(&at)?, &at, width)),
        Diagram::Policy => policy::picture(&at, tasks, width),
        Diagram::Picks => Some(picks::picture(&at, width)),
        Diagram::Mixing if at.layer.extra.rows() == trace.len() => Some(matrix::mixing(&at, width)),
        Diagram::Shares | Diagram::Mixing => Some(bars::shares(&at, width)),
        Diagram::Biases => Some(matrix::biased(&at, width)),
        Diagram::Cut => cut::picture(&at, width),
        Diagram::None => None,
    }
}

/// A token in a layer of which everything is recorded that pictures and arithmetic of a method need.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The trace.
    pub trace: &'a Trace,
    /// The layer.
    pub layer: &'a LayerTrace,
    /// Router outputs of the layer, [T][E].
    pub logits: &'a Matrix<f32>,
    /// Its scores, [T][E].
    pub probs: &'a Matrix<f32>,
    /// Its weights, [T][k].
    pub weights: &'a Matrix<f32>,
    /// Which of its choices were dropped, [T][k].
    pub dropped: &'a Matrix<bool>,
    /// Its number.
    pub number: usize,
    /// The token.
    pub token: usize,
}

impl<'a> Place<'a> {
    /// The selected one, if it is in the trace and so recorded.
    pub fn of(trace: &'a Trace, view: &ViewState) -> Option<Self> {
        let layer = trace.layers.get(view.layer).filter(|_| view.token < trace.len())?;
        let (logits, probs) = (layer.logits.as_ref()?, layer.probs.as_ref()?);
        let (weights, dropped) = (layer.weights.as_ref()?, layer.dropped.as_ref()?);
        Some(Self { trace, layer, logits, probs, weights, dropped, number: view.layer, token: view.token })
    }

    /// The layer's method, if it is known.
    pub fn method(&self) -> Option<&'static Method> {
        self.trace.method(self.number)
    }

    /// Experts, E.
    pub fn experts(&self) -> usize {
        self.layer.info.experts
    }

    /// The tokens around the selected one.
    pub fn window(&self) -> Range<usize> {
        let start = self.token.saturating_sub(ROWS / 2).min(self.trace.len().saturating_sub(ROWS));
        start..(start + ROWS).min(self.trace.len())
    }

    /// Which tokens those are, in a sentence; `None` where they are the whole text.
    fn drawn(&self) -> Option<String> {
        let (Range { start, end }, all) = (self.window(), self.trace.len());
        (end - start < all).then(|| say::tokens_drawn(start + 1, end, all))
    }

    /// The tokens that share a capacity with the selected one: its group, or the whole text where no group is recorded.
    pub fn group(&self) -> Range<usize> {
        let group = self.trace.model.constants.group.unwrap_or(usize::MAX).max(1);
        let start = self.token / group * group;
        start..start.saturating_add(group).min(self.trace.len())
    }

    /// A token's text, short.
    pub fn word(&self, token: usize, width: usize) -> String {
        self.trace.tokens.get(token).map(|token| super::words::short(&token.text, width)).unwrap_or_default()
    }
}

/// Sentences one after another.
fn paragraph<const N: usize>(sentences: [Option<String>; N]) -> String {
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods;
    use crate::trace::sample;

    fn caption(router: &str, tokens: usize, token: usize) -> String {
        let mut trace = sample::trace(tokens, 1, 4, 4);
        trace.model.router = router.to_owned();
        if router == "soft-moe" {
            trace.model.looks_ahead = true;
            trace.layers[0].extra = trace.layers[0].probs.clone().unwrap();
        }
        picture(&trace, &ViewState { token, ..ViewState::default() }, 500.0, &[]).unwrap().scene.description
    }

    /// Logits may be any finite numbers: no picture writes one in forty digits, or draws at a place that is no number.
    #[test]
    fn logits_of_any_size_are_drawn_and_written_short() {
        for router in methods::all().filter(|method| method.id == method.router).map(|method| method.id) {
            let mut trace = sample::trace(12, 1, 4, 2);
            trace.model.router = router.to_owned();
            let values =
                (0..48).map(|at| if at % 3 == 0 { f32::MIN } else { f32::MAX / (1 + at % 2) as f32 }).collect();
            trace.layers[0].logits = crate::trace::Matrix::new(4, values);
            let view = ViewState { token: 5, ..ViewState::default() };
            let Some(Picture { scene, table }) = picture(&trace, &view, 700.0, &[]) else { continue };
            let svg = crate::scene::svg::svg(&scene, crate::scene::theme::Theme::Light);
            let steps = Place::of(&trace, &view).map(|at| format!("{:?}", arithmetic::steps(&at, false)));
            for written in [svg, format!("{table:?}"), steps.unwrap_or_default()] {
                let long = |part: &str| part.len() > 12 && part.bytes().all(|byte| byte.is_ascii_digit());
                let found = written
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .find(|part| long(part) || *part == "NaN" || *part == "inf");
                assert_eq!(found, None, "{router}");
            }
        }
    }

    #[test]
    fn a_picture_of_a_part_says_which_part_it_is() {
        for router in ["jacobs", "base", "soft-moe"] {
            for (token, part) in
                [(0, "Tokens 1 to 24 of 90"), (40, "Tokens 29 to 52 of 90"), (89, "Tokens 67 to 90 of 90")]
            {
                let words = caption(router, 90, token);
                assert!(words.contains(&format!("{part} are drawn.")), "{router}: {words}");
            }
            assert!(!caption(router, 24, 3).contains("drawn"), "{router}");
        }
    }
}
