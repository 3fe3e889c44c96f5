//! The picture as a sheet to hand on, for a slide or a paper: with what routed which text, where, and made with what.
//!
//! Here nobody can point at a lane to learn its name, so the sheet grows with the text for as long as each token can be
//! named; after that it is as wide as it is high, and lanes are numbered.

use super::still;
use crate::{
    messages::scene,
    scene::{
        ViewState,
        frame::{EDGES, Frame},
        shape::{Scene, Shape, Size},
        svg,
        theme::Theme,
        words,
    },
    trace::Trace,
};

/// Width of the picture, and least height.
const SIZE: Size = Size { width: 1440.0, height: 810.0 };
/// Most height.
const MOST: f32 = 1440.0;
/// Height that a named lane takes, and that of a picture without lanes.
const LANE: (f32, f32) = (15.0, 92.0);

/// A sheet.
pub struct Sheet {
    scene: Scene,
    frame: Vec<Shape>,
    /// Width and height of it all.
    pub size: Size,
}

impl Sheet {
    /// For a trace and a selection; `model` is what people call the model and how it routes.
    pub fn new(trace: &Trace, view: &ViewState, model: &str) -> Self {
        let wanted = LANE.0 * trace.len() as f32 + LANE.1;
        let height = if wanted <= MOST { wanted.max(SIZE.height) } else { SIZE.height };
        let scene = still(trace, view, Size { height, ..SIZE });
        let size = Size { height: scene.size.height + EDGES.0 + EDGES.1, ..scene.size };
        let frame = Frame {
            title: format!("{model} · {}", scene::layer_selected(view.layer + 1)),
            text: trace.text.clone(),
            about: words::of_token(trace, view.layer, view.token),
            made: trace.device.as_ref().map(|run| scene::routed_on(&run.device)),
        };
        let frame = frame.shapes(size);
        Self { scene, frame, size }
    }

    /// As a file; `style` brings the fonts.
    pub fn svg(&self, style: &str, theme: Theme) -> String {
        svg::sheet(&self.scene, (&self.frame, EDGES.0, self.size), style, theme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::Anchor;
    use crate::trace::sample;

    /// Base lines of names at the left edge.
    fn names(tokens: usize) -> Vec<f32> {
        let sheet = Sheet::new(&sample::trace(tokens, 4, 8, 2), &ViewState::default(), "M");
        let name = |shape: &Shape| match shape {
            Shape::Text { at, anchor: Anchor::End, font, .. } if font.serif => Some(at.y),
            _ => None,
        };
        let mut names: Vec<f32> = sheet.scene.shapes.iter().filter_map(name).collect();
        names.sort_by(f32::total_cmp);
        names
    }

    #[test]
    fn names_never_overlap_and_short_texts_have_them_all() {
        for tokens in [1, 18, 63, 89, 90, 119, 120, 500, 4000] {
            let names = names(tokens);
            assert!(names.windows(2).all(|pair| pair[1] - pair[0] >= 12.0), "{tokens}: {names:?}");
            assert!(tokens > 89 || names.len() == tokens, "{tokens}: {}", names.len());
        }
    }

    #[test]
    fn a_sheet_says_what_it_shows() {
        let trace = sample::trace(18, 4, 8, 2);
        let view = ViewState { layer: 2, ..ViewState::default() };
        let file = Sheet::new(&trace, &view, "Mixtral · top 2 of 8").svg("@font-face{}", Theme::Light);
        assert!(file.contains("<style>@font-face{}</style>"));
        assert!(file.contains("Mixtral · top 2 of 8 · layer 3 selected</text>"));
        assert!(file.contains(">moescope"));
    }
}
