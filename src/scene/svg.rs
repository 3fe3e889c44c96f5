//! A scene as a standalone SVG file, the same shapes that the canvas paints.

use super::{
    shape::{Anchor, Font, Point, Role, Scene, Shape, Size, Stroke},
    theme::{self, Theme},
};
use crate::messages::scene;
use std::fmt::{self, Write as _};

/// Width of the rim of paper around a text with a halo.
pub const HALO: f32 = 3.5;

/// The scene as SVG.
pub fn svg(scene: &Scene, theme: Theme) -> String {
    sheet(scene, (&[], 0.0, scene.size), "", theme)
}

/// The scene as SVG, moved down by `top` on a larger sheet of a size, over what else is on the sheet, with a style sheet.
pub fn sheet(scene: &Scene, (frame, top, size): (&[Shape], f32, Size), style: &str, theme: Theme) -> String {
    let mut inner = String::with_capacity(scene.shapes.len() * 140 + 64);
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(inner, "<g transform=\"translate(0 {})\">", number(top));
    let _ = Writer { out: &mut inner, theme }.shapes(&scene.shapes);
    inner.push_str("</g>\n");
    framed((&scene.title, &scene.description), (frame, &inner), size, style, theme)
}

/// A file of a size with shapes, and over them SVG elements that are written already; with a title, a description and a
/// style sheet.
pub fn framed(
    (title, description): (&str, &str),
    (frame, inner): (&[Shape], &str),
    size: Size,
    style: &str,
    theme: Theme,
) -> String {
    let mut out = String::with_capacity(inner.len() + style.len() + 4096);
    let (w, h) = (number(size.width), number(size.height));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
         aria-labelledby=\"title desc\" font-family=\"{}\" style=\"font-variant-numeric:tabular-nums\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        theme::SANS,
        escape(title),
        escape(description)
    );
    if !style.is_empty() {
        let _ = writeln!(out, "<style>{style}</style>");
    }
    let _ = Writer { out: &mut out, theme }.shapes(frame);
    out.push_str(inner);
    out.push_str("</svg>\n");
    out
}

/// A scene, whose shapes begin `top` below its upper edge, as an element at a place of another picture, which cuts off what
/// lies outside of it.
pub fn placed(scene: &Scene, at: Point, top: f32, theme: Theme) -> String {
    let mut out = String::with_capacity(scene.shapes.len() * 140 + 128);
    let [x, y, w, h, top] = [at.x, at.y, scene.size.width, scene.size.height, top].map(number);
    let _ = writeln!(out, "<svg x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" viewBox=\"0 {top} {w} {h}\">");
    let _ = Writer { out: &mut out, theme }.shapes(&scene.shapes);
    out.push_str("</svg>\n");
    out
}

/// The scene as SVG to be part of a page: without identifiers, of which a page may have each only once, and without styles,
/// which the page's security policy forbids.
pub fn inline(scene: &Scene, theme: Theme) -> String {
    let mut out = String::with_capacity(scene.shapes.len() * 140 + 1024);
    let (w, h) = (number(scene.size.width), number(scene.size.height));
    let label = escape(&scene::titled(&scene.title, &scene.description));
    let mut writer = Writer { out: &mut out, theme };
    // Writing to a string cannot fail.
    let _ = write!(
        writer.out,
        "<svg width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" translate=\"no\" aria-label=\"{label}\" font-family=\"{}\">",
        theme::SANS
    );
    let _ = writer.shapes(&scene.shapes);
    out.push_str("</svg>");
    out
}

struct Writer<'a> {
    out: &'a mut String,
    theme: Theme,
}

impl Writer<'_> {
    fn shapes(&mut self, shapes: &[Shape]) -> fmt::Result {
        for shape in shapes {
            self.shape(shape)?;
            self.out.push_str(if matches!(shape, Shape::Text { .. }) { "</text>\n" } else { "/>\n" });
        }
        Ok(())
    }

    fn shape(&mut self, shape: &Shape) -> fmt::Result {
        match shape {
            Shape::Rect { at, size, radius, fill, stroke } => {
                let (w, h) = (number(size.width), number(size.height));
                write!(self.out, "<rect x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\"", number(at.x), number(at.y))?;
                if *radius > 0.0 {
                    write!(self.out, " rx=\"{}\"", number(*radius))?;
                }
                self.fill(*fill)?;
                self.stroke(self.theme.edge(*fill, *stroke).as_ref())
            }
            Shape::Ribbon { from, to, stroke } => {
                let middle = number((from.x + to.x) / 2.0);
                let [x0, y0, x1, y1] = [from.x, from.y, to.x, to.y].map(number);
                write!(self.out, "<path d=\"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}\"")?;
                self.fill(None)?;
                self.stroke(Some(stroke))
            }
            Shape::Line { from, to, stroke } => {
                let [x0, y0, x1, y1] = [from.x, from.y, to.x, to.y].map(number);
                write!(self.out, "<line x1=\"{x0}\" y1=\"{y0}\" x2=\"{x1}\" y2=\"{y1}\"")?;
                self.stroke(Some(stroke))
            }
            Shape::Curve { points, stroke } => {
                write!(self.out, "<polyline points=\"{}\" stroke-linejoin=\"round\"", places(points))?;
                self.fill(None)?;
                self.stroke(Some(stroke))
            }
            Shape::Area { points, fill } => {
                write!(self.out, "<polygon points=\"{}\"", places(points))?;
                self.fill(Some(*fill))
            }
            Shape::Circle { at, radius, fill, stroke } => {
                let [x, y, r] = [at.x, at.y, *radius].map(number);
                write!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"")?;
                self.fill(Some(*fill))?;
                self.stroke(stroke.as_ref())
            }
            Shape::Text { at, anchor, font, role, halo, text } => {
                self.text((*at, *anchor, *font), (*role, *halo), text)
            }
        }
    }

    fn text(
        &mut self,
        (at, anchor, font): (Point, Anchor, Font),
        (role, halo): (Role, bool),
        text: &str,
    ) -> fmt::Result {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, size) = (number(at.x), number(at.y), number(font.size));
        write!(self.out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"")?;
        if font.bold {
            self.out.push_str(" font-weight=\"600\"");
        }
        if font.serif {
            write!(self.out, " font-family=\"{}\"", theme::SERIF)?;
        }
        self.fill(Some(role))?;
        if halo {
            let paper = self.theme.color(Role::Paper).hex();
            write!(
                self.out,
                " stroke=\"{paper}\" stroke-width=\"{HALO}\" stroke-linejoin=\"round\" paint-order=\"stroke\""
            )?;
        }
        // Right-to-left words keep their order inside, and the anchor keeps its side.
        write!(self.out, " direction=\"ltr\" unicode-bidi=\"isolate\">{}", escape(text))
    }

    fn fill(&mut self, role: Option<Role>) -> fmt::Result {
        let Some(color) = role.map(|role| self.theme.color(role)) else {
            self.out.push_str(" fill=\"none\"");
            return Ok(());
        };
        write!(self.out, " fill=\"{}\"", color.hex())?;
        if color.alpha < 1.0 { write!(self.out, " fill-opacity=\"{}\"", color.alpha) } else { Ok(()) }
    }

    fn stroke(&mut self, stroke: Option<&Stroke>) -> fmt::Result {
        let Some(stroke) = stroke else { return Ok(()) };
        let color = self.theme.color(stroke.role);
        write!(self.out, " stroke=\"{}\" stroke-width=\"{}\"", color.hex(), number(stroke.width))?;
        if color.alpha < 1.0 {
            write!(self.out, " stroke-opacity=\"{}\"", color.alpha)?;
        }
        if let Some([piece, gap]) = stroke.dash.lengths() {
            write!(self.out, " stroke-dasharray=\"{piece} {gap}\"")?;
        }
        Ok(())
    }
}

/// Points as SVG lists them.
fn places(points: &[Point]) -> String {
    points.iter().map(|point| format!("{},{}", number(point.x), number(point.y))).collect::<Vec<_>>().join(" ")
}

/// Two digits behind the point, without idle zeros.
fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for XML 1.0, which cannot hold control characters at all.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::point;

    fn text(text: &str) -> Scene {
        let font = Font { size: 12.0, bold: true, serif: true };
        let shape = Shape::Text {
            at: point(1.0, 2.5),
            anchor: Anchor::End,
            font,
            role: Role::Ink,
            halo: true,
            text: text.to_owned(),
        };
        Scene {
            size: Size { width: 10.0, height: 5.0 },
            shapes: vec![shape],
            title: "T".to_owned(),
            description: "D".to_owned(),
        }
    }

    #[test]
    fn words_cannot_break_out_of_their_element() {
        let file = svg(&text("</text><script>\"&'\u{0}\u{1b}\u{ffff}"), Theme::Light);
        assert!(file.contains("&lt;/text&gt;&lt;script&gt;&quot;&amp;'\u{fffd}\u{fffd}\u{fffd}</text>"));
        assert!(!file.contains("<script") && !file.contains('\u{0}'));
    }

    #[test]
    fn inside_a_page_there_are_no_identifiers_and_no_styles() {
        let part = inline(&text("a\"b"), Theme::Light);
        assert!(
            part.starts_with("<svg width=\"10\"") && part.contains("aria-label=\"T. D\"") && part.ends_with("</svg>")
        );
        assert!(!part.contains(" id=") && !part.contains(" style="));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([1.0, 2.5, 0.126, -0.001, 100.0].map(number), ["1", "2.5", "0.13", "0", "100"]);
    }

    #[test]
    fn title_and_description_lead() {
        let file = svg(&text("x"), Theme::Dark);
        assert!(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"5\""));
        assert!(file.contains("<title id=\"title\">T</title>\n<desc id=\"desc\">D</desc>"));
        assert!(file.ends_with("</svg>\n"));
    }
}
