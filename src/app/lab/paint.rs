//! The curves on their canvases: the ruler, which stays in sight, and below it the picture's strips.
//!
//! A browser without a GPU fills areas on the page's own thread, when the frame is over. So the picture is painted strip
//! by strip, one in a frame; but at once where the visitor moves the line or the edges, or they would break.

use super::state::TrainState;
use crate::app::flow::canvas::Painter;
use crate::messages::lab;
use crate::scene::lab::{PlotPlan, RunView, plot, ruler};
use crate::scene::shape::{Point, Scene, Size, point};
use crate::scene::svg;
use crate::scene::theme::Theme;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Canvases: the ruler's and one for each strip.
pub const SHEETS: usize = 5;
/// Height of the ruler, in CSS pixels.
const RULER: f32 = 44.0;
/// Most pixels that a canvas gets for one of the page's.
const MOST_RATIO: f64 = 3.0;

/// What is to be painted, and where everything is.
#[derive(Debug, Default)]
pub struct Painting {
    plan: Option<PlotPlan>,
    /// The place that it was drawn for.
    size: Size,
    /// For each canvas its picture, until it is painted, and how far it is below the whole picture's top.
    due: [Option<(Scene, f32)>; SHEETS],
    /// Whether all is painted in one frame.
    whole: bool,
}

impl Painting {
    /// Draws what the state shows, for a place of that size. All canvases show the same steps, whenever they are painted.
    pub fn draw(&mut self, state: &TrainState, size: Size) {
        let look = state.look();
        let plan = PlotPlan::new(&look, size.width, size.height - RULER);
        let strips = plan.strips().into_iter().map(|strip| (plot(&look, &plan, strip), strip.top));
        let mut sheets = std::iter::once((ruler(&look, &plan, RULER), 0.0)).chain(strips);
        self.due = std::array::from_fn(|_| Some(sheets.next().unwrap_or_default()));
        self.whole |= self.plan.is_some() && size != self.size;
        (self.plan, self.size) = (Some(plan), size);
    }

    /// The step at a place of the picture, once there is one.
    pub fn step(&self, x: f32) -> Option<u64> {
        self.plan.as_ref().map(|plan| plan.axis.step(x))
    }

    /// Whether the picture was drawn for a place of that size.
    pub fn fits(&self, size: Size) -> bool {
        self.plan.is_some() && size == self.size
    }

    /// The next picture is painted in one frame.
    pub fn at_once(&mut self) {
        self.whole = true;
    }

    /// Whether there is more to paint.
    pub fn unfinished(&self) -> bool {
        self.due.iter().any(Option::is_some)
    }

    /// Paints what belongs into this frame.
    ///
    /// # Errors
    /// Those of the canvas.
    pub fn paint(&mut self, sheets: &[HtmlCanvasElement; SHEETS], theme: Theme) -> Result<(), JsValue> {
        for (at, (due, sheet)) in self.due.iter_mut().zip(sheets).enumerate() {
            let Some((scene, top)) = due.take() else { continue };
            let sized = put(sheet, &scene, top, theme)?;
            // The ruler is little, once it has its size.
            if (sized || at > 0) && !self.whole {
                return Ok(());
            }
        }
        self.whole = false;
        Ok(())
    }
}

/// The same as SVG elements, and the room that they take.
pub fn drawn(look: &RunView, size: Size, theme: Theme) -> (String, Size) {
    let plan = PlotPlan::new(look, size.width, size.height - RULER);
    let mut out = svg::placed(&ruler(look, &plan, RULER), Point::default(), 0.0, theme);
    for strip in plan.strips() {
        out.push_str(&svg::placed(&plot(look, &plan, strip), point(0.0, RULER + strip.top), strip.top, theme));
    }
    (out, Size { width: plan.size.width, height: RULER + plan.size.height })
}

/// Paints a picture. Whether the canvas had another size before.
fn put(canvas: &HtmlCanvasElement, scene: &Scene, top: f32, theme: Theme) -> Result<bool, JsValue> {
    let ratio = gloo::utils::window().device_pixel_ratio().clamp(1.0, MOST_RATIO);
    let Size { width, height } = scene.size;
    let pixels = |length: f32| (f64::from(length) * ratio).round() as u32;
    let sized = (canvas.width(), canvas.height()) != (pixels(width), pixels(height));
    if sized {
        canvas.set_width(pixels(width));
        canvas.set_height(pixels(height));
        canvas.style().set_property("width", &format!("{width}px"))?;
        canvas.style().set_property("height", &format!("{height}px"))?;
    }
    let context = canvas.get_context("2d")?.ok_or(lab::no_canvas())?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| lab::no_canvas())?;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, -f64::from(top) * ratio)?;
    context.clear_rect(0.0, top.into(), width.into(), height.into());
    Painter::new(&context, theme).shapes(&scene.shapes)?;
    Ok(sized)
}
