//! What stands around pictures that are handed on, for a slide or a paper: what they show, of which text, and who made them.

use super::{
    shape::{Anchor, Font, Point, Role, Shape, Size, point},
    svg,
    theme::Theme,
    words,
};
use crate::messages::scene;

/// Room above for the title, and below for the credit.
pub const EDGES: (f32, f32) = (98.0, 26.0);
/// Distance of words from the edges.
pub const MARGIN: f32 = 28.0;
/// Letters of the text that are quoted; wide scripts count double.
const EXCERPT: usize = 90;
/// Least width, so that a title finds room.
const LEAST: f32 = 760.0;
/// Width of a letter of a caption, about, and height of its lines.
const LETTER: (f32, f32) = (6.3, 15.0);

/// The words around.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// What is shown.
    pub title: String,
    /// The text that was routed; empty where none was.
    pub text: String,
    /// What is selected.
    pub about: String,
    /// How and where it was computed, if known: `routed on CPU`.
    pub made: Option<String>,
}

impl Frame {
    /// The words and the ground of a sheet of a size.
    pub fn shapes(&self, size: Size) -> Vec<Shape> {
        let text = |y: f32, (size, bold, serif): (f32, bool, bool), role, text| Shape::Text {
            at: point(MARGIN, y),
            anchor: Anchor::Start,
            font: Font { size, bold, serif },
            role,
            halo: false,
            text,
        };
        let credit = self.made.as_ref().map_or_else(String::new, |made| format!(" · {made}"));
        vec![
            Shape::Rect { at: Point::default(), size, radius: 0.0, fill: Some(Role::Paper), stroke: None },
            text(40.0, (25.0, true, true), Role::Ink, self.title.clone()),
            text(
                66.0,
                (16.0, false, true),
                Role::Ink,
                if self.text.is_empty() { String::new() } else { excerpt(&self.text) },
            ),
            text(if self.text.is_empty() { 66.0 } else { 88.0 }, (12.0, false, false), Role::Soft, self.about.clone()),
            Shape::Text {
                at: point(size.width - MARGIN, size.height - 13.0),
                anchor: Anchor::End,
                font: Font { size: 11.0, bold: false, serif: false },
                role: Role::Soft,
                halo: false,
                text: format!("moescope{credit}"),
            },
        ]
    }

    /// A file with pictures that are SVG elements already and take `size` together, below captions at their places; and how
    /// large it is.
    pub fn around(&self, inner: &str, captions: &[Caption], size: Size, style: &str, theme: Theme) -> (String, Size) {
        let sheet = Size { width: (size.width + 2.0 * MARGIN).max(LEAST), height: size.height + EDGES.0 + EDGES.1 };
        let mut shapes = self.shapes(sheet);
        shapes.extend(captions.iter().flat_map(Caption::shapes));
        let inner = format!("<g transform=\"translate({} {})\">\n{inner}</g>\n", MARGIN.round(), EDGES.0.round());
        let title = match self.about.is_empty() {
            true => self.title.clone(),
            false => scene::titled(&self.title, &self.about),
        };
        (svg::framed((&title, &self.text), (&shapes, &inner), sheet, style, theme), sheet)
    }
}

/// Words above a picture, from its upper left corner among the pictures on.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// Where.
    pub at: Point,
    /// Room to the right.
    pub width: f32,
    /// What.
    pub words: String,
}

impl Caption {
    fn shapes(&self) -> Vec<Shape> {
        let line = |(at, text): (usize, String)| Shape::Text {
            at: point(MARGIN + self.at.x, EDGES.0 + self.at.y + 12.0 + at as f32 * LETTER.1),
            anchor: Anchor::Start,
            font: Font { size: 12.0, bold: false, serif: false },
            role: Role::Ink,
            halo: false,
            text,
        };
        lines(&self.words, (self.width / LETTER.0) as usize).into_iter().enumerate().map(line).collect()
    }
}

/// Words in lines of so many letters at most; a longer word has a line of its own.
fn lines(words: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let length = |text: &str| text.chars().map(super::words::wide).sum::<usize>();
    for word in words.split_whitespace() {
        match lines.last_mut().filter(|line| length(line) + 1 + length(word) <= most) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
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

    #[test]
    fn excerpts_end_with_a_word() {
        assert_eq!(excerpt(" a\n b\u{0}"), "“a b\\x00”");
        let long = excerpt(&"word and ".repeat(40));
        assert!(long.ends_with(" and…”") || long.ends_with("word…”"), "{long}");
        assert!(long.chars().count() <= EXCERPT + 2);
        assert_eq!(excerpt(&"x".repeat(200)).chars().count(), EXCERPT + 2);
        assert_eq!(excerpt(&"東".repeat(200)).chars().count(), 44 + 3);
    }

    #[test]
    fn captions_break_between_words() {
        assert_eq!(lines("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(lines("東京 is", 6), ["東京", "is"]);
        assert_eq!(lines("unbreakable", 4), ["unbreakable"]);
        assert!(lines(" ", 4).is_empty());
    }

    #[test]
    fn pictures_stand_below_their_words_and_what_is_inside_is_kept() {
        let frame = Frame { title: "A < B".into(), text: "text".into(), about: "here".into(), made: None };
        let caption = Caption { at: point(0.0, 0.0), width: 200.0, words: "A caption".into() };
        let (file, size) =
            frame.around("<svg id=\"x\"/>\n", &[caption], Size { width: 900.0, height: 100.0 }, "", Theme::Light);
        assert_eq!((size.width, size.height), (956.0, 224.0));
        for part in ["A &lt; B</text>", ">A caption</text>", "translate(28 98)\">\n<svg id=\"x\"/>", ">moescope</text>"]
        {
            assert!(file.contains(part), "{part} is missing in {file}");
        }
    }
}
