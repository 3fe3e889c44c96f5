//! Paints a scene on a canvas: the same shapes that [`crate::scene::svg`] writes, in the same order.

use crate::scene::{
    motion::Dot,
    shape::{Anchor, Font, Point, Role, Shape, Stroke},
    svg::HALO,
    theme::{self, HUES, Theme},
};
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// From this many dots on they are squares, which cost a call less each and look the same at their size.
const MANY: usize = 1_600;
/// Dots smaller than this have no rim, which would be all that one sees.
const RIMMED: f32 = 2.0;

/// A canvas with a theme. Remembers what was set last, because setting a colour is what costs.
pub(crate) struct Painter<'a> {
    context: &'a CanvasRenderingContext2d,
    theme: Theme,
    plain: JsValue,
    last: Option<Stroke>,
}

impl<'a> Painter<'a> {
    pub(crate) fn new(context: &'a CanvasRenderingContext2d, theme: Theme) -> Self {
        Self { context, theme, plain: js_sys::Array::new().into(), last: None }
    }

    /// # Errors
    /// Those of the canvas.
    pub(crate) fn shapes(&mut self, shapes: &[Shape]) -> Result<(), JsValue> {
        shapes.iter().try_for_each(|shape| self.shape(shape))
    }

    fn shape(&mut self, shape: &Shape) -> Result<(), JsValue> {
        let context = self.context;
        if let Shape::Text { at, anchor, font, role, halo, text } = shape {
            return self.text((*at, *anchor, *font), (*role, *halo), text);
        }
        context.begin_path();
        match shape {
            Shape::Rect { at, size, radius, fill, stroke } => {
                let [x, y, w, h, r] = [at.x, at.y, size.width, size.height, *radius].map(f64::from);
                context.round_rect_with_f64(x, y, w, h, r)?;
                if let Some(fill) = fill {
                    self.fill(*fill);
                }
                self.theme.edge(*fill, *stroke).iter().try_for_each(|stroke| self.stroke(stroke))
            }
            Shape::Ribbon { from, to, stroke } => {
                let middle = f64::from((from.x + to.x) / 2.0);
                let [x0, y0, x1, y1] = [from.x, from.y, to.x, to.y].map(f64::from);
                context.move_to(x0, y0);
                context.bezier_curve_to(middle, y0, middle, y1, x1, y1);
                self.stroke(stroke)
            }
            Shape::Line { from, to, stroke } => {
                context.move_to(from.x.into(), from.y.into());
                context.line_to(to.x.into(), to.y.into());
                self.stroke(stroke)
            }
            Shape::Curve { points, stroke } => {
                through(context, points);
                self.stroke(stroke)
            }
            Shape::Area { points, fill } => {
                through(context, points);
                self.fill(*fill);
                Ok(())
            }
            Shape::Circle { at, radius, fill, stroke } => {
                disc(context, *at, *radius)?;
                self.fill(*fill);
                stroke.iter().try_for_each(|stroke| self.stroke(stroke))
            }
            Shape::Text { .. } => Ok(()),
        }
    }

    fn fill(&self, role: Role) {
        self.context.set_fill_style_str(&self.theme.color(role).css());
        self.context.fill();
    }

    fn stroke(&mut self, stroke: &Stroke) -> Result<(), JsValue> {
        let last = self.last.replace(*stroke);
        if last.map(|last| last.role) != Some(stroke.role) {
            self.context.set_stroke_style_str(&self.theme.color(stroke.role).css());
        }
        if last.map(|last| last.width) != Some(stroke.width) {
            self.context.set_line_width(stroke.width.into());
        }
        if last.map(|last| last.dash) != Some(stroke.dash) {
            let lengths =
                stroke.dash.lengths().map(|[piece, gap]| js_sys::Array::of2(&piece.into(), &gap.into()).into());
            self.context.set_line_dash(lengths.as_ref().unwrap_or(&self.plain))?;
        }
        self.context.stroke();
        Ok(())
    }

    fn text(
        &mut self,
        (at, anchor, font): (Point, Anchor, Font),
        (role, halo): (Role, bool),
        text: &str,
    ) -> Result<(), JsValue> {
        let context = self.context;
        let family = if font.serif { theme::SERIF } else { theme::SANS };
        context.set_font(&format!("{} {}px {family}", if font.bold { 600 } else { 400 }, font.size));
        context.set_text_align(match anchor {
            Anchor::Start => "left",
            Anchor::Middle => "center",
            Anchor::End => "right",
        });
        let (x, y) = (f64::from(at.x), f64::from(at.y));
        if halo {
            self.last = None;
            context.set_line_dash(&self.plain)?;
            context.set_line_join("round");
            context.set_line_width(HALO.into());
            context.set_stroke_style_str(&self.theme.color(Role::Paper).css());
            context.stroke_text(text, x, y)?;
        }
        context.set_fill_style_str(&self.theme.color(role).css());
        context.fill_text(text, x, y)
    }

    /// Dots, all of a hue at once, but for those inside a cell; those of the selected token last, larger, in ink and inside
    /// cells too.
    ///
    /// # Errors
    /// Those of the canvas.
    pub(super) fn dots(&mut self, dots: &[Dot], selected: usize) -> Result<(), JsValue> {
        let context = self.context;
        let many = dots.len() > MANY;
        let rimmed = dots.iter().all(|dot| dot.radius >= RIMMED);
        self.last = None;
        context.set_line_dash(&self.plain)?;
        context.set_stroke_style_str(&self.theme.color(Role::Paper).css());
        context.set_line_width(1.2);
        for hue in 0..HUES as u8 {
            context.begin_path();
            let mut any = false;
            for dot in dots.iter().filter(|dot| dot.hue == hue && !dot.inside && dot.token != selected) {
                any = true;
                if many {
                    let side = f64::from(dot.radius * 1.8);
                    context.rect(f64::from(dot.at.x) - side / 2.0, f64::from(dot.at.y) - side / 2.0, side, side);
                } else {
                    disc(context, dot.at, dot.radius)?;
                }
            }
            if any {
                self.fill(Role::Dot(hue));
                if rimmed {
                    context.stroke();
                }
            }
        }
        context.begin_path();
        for dot in dots.iter().filter(|dot| dot.token == selected) {
            disc(context, dot.at, dot.radius + 2.0)?;
        }
        self.fill(Role::Selected);
        context.stroke();
        Ok(())
    }
}

/// Adds a line through points to the path.
fn through(context: &CanvasRenderingContext2d, points: &[Point]) {
    for (at, point) in points.iter().enumerate() {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        if at == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
    }
}

/// Adds a disc to the path.
fn disc(context: &CanvasRenderingContext2d, at: Point, radius: f32) -> Result<(), JsValue> {
    let [x, y, r] = [at.x, at.y, radius].map(f64::from);
    context.move_to(x + r, y);
    context.arc(x, y, r, 0.0, std::f64::consts::TAU)
}
