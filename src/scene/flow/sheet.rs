//! The picture as a sheet to hand on, for a slide or a paper: with what routed which text, where, and made with what.
//!
//! Here nobody can point at a lane to learn its name, so the sheet grows with the text for as long as each token can be
//! named; after that it is as wide as it is high, and lanes are numbered.

use super::still;
use crate::{
    scene::{
        ViewState,
        shape::{Anchor, Font, Point, Role, Scene, Shape, Size, point},
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
/// Room above for the title, and below for the credit.
const EDGES: (f32, f32) = (98.0, 26.0);
/// Distance of words from the edges.
const MARGIN: f32 = 28.0;
/// Letters of the text that are quoted; wide scripts count double.
const EXCERPT: usize = 90;

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
        let title = format!("{model} · layer {} selected", view.layer + 1);
        let text = |y: f32, (size, bold, serif): (f32, bool, bool), role, text| Shape::Text {
            at: point(MARGIN, y),
            anchor: Anchor::Start,
            font: Font { size, bold, serif },
            role,
            halo: false,
            text,
        };
        let credit = trace.device.as_ref().map_or_else(String::new, |run| format!(" · routed on {}", run.device));
        let frame = vec![
            Shape::Rect { at: Point::default(), size, radius: 0.0, fill: Some(Role::Paper), stroke: None },
            text(40.0, (25.0, true, true), Role::Ink, title),
            text(66.0, (16.0, false, true), Role::Ink, excerpt(&trace.text)),
            text(88.0, (12.0, false, false), Role::Soft, words::of_token(trace, view.layer, view.token)),
            Shape::Text {
                at: point(size.width - MARGIN, size.height - 13.0),
                anchor: Anchor::End,
                font: Font { size: 11.0, bold: false, serif: false },
                role: Role::Soft,
                halo: false,
                text: format!("moescope{credit}"),
            },
        ];
        Self { scene, frame, size }
    }

    /// As a file; `style` brings the fonts.
    pub fn svg(&self, style: &str, theme: Theme) -> String {
        svg::sheet(&self.scene, (&self.frame, EDGES.0, self.size), style, theme)
    }
}

/// The beginning of a text in quotes, whole words on one line.
fn excerpt(text: &str) -> String {
    // White space may be long, but not everything.
    let start: String = text.chars().take(EXCERPT * 8).collect();
    let line = start.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = |c: char| if c.is_control() { words::visible(&c.to_string()) } else { c.to_string() };
    if line.chars().map(words::wide).sum::<usize>() <= EXCERPT {
        return format!("“{}”", line.chars().map(shown).collect::<String>());
    }
    let mut left = EXCERPT - 1;
    let fits = |c: &char| left.checked_sub(words::wide(*c)).map(|rest| left = rest).is_some();
    let cut: String = line.chars().take_while(fits).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("“{}…”", whole.chars().map(shown).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::sample;

    #[test]
    fn excerpts_end_with_a_word() {
        assert_eq!(excerpt(" a\n b\u{0}"), "“a b\\x00”");
        let long = excerpt(&"word and ".repeat(40));
        assert!(long.ends_with(" and…”") || long.ends_with("word…”"), "{long}");
        assert!(long.chars().count() <= EXCERPT + 2);
        assert_eq!(excerpt(&"x".repeat(200)).chars().count(), EXCERPT + 2);
        assert_eq!(excerpt(&"東".repeat(200)).chars().count(), 44 + 3);
    }

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
