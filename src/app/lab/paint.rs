//! The curves on their two canvases: the ruler, which stays in sight, and everything below it.

use super::state::State;
use crate::app::flow::canvas::Painter;
use crate::scene::lab::{Plan, plot, ruler};
use crate::scene::shape::{Scene, Size};
use crate::scene::theme::Theme;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Height of the ruler, in CSS pixels.
pub const RULER: f32 = 44.0;
/// Most pixels that a canvas gets for one of the page's.
const MOST_RATIO: f64 = 3.0;

/// Paints what the state shows into a place of that size. Returns where everything is.
///
/// # Errors
/// Those of the canvas.
pub fn paint(
    state: &State,
    canvases: (&HtmlCanvasElement, &HtmlCanvasElement),
    size: Size,
    theme: Theme,
) -> Result<Plan, JsValue> {
    let look = state.look();
    let plan = Plan::new(&look, size.width, size.height - RULER);
    put(canvases.0, &ruler(&look, &plan, RULER), theme)?;
    put(canvases.1, &plot(&look, &plan), theme)?;
    Ok(plan)
}

fn put(canvas: &HtmlCanvasElement, scene: &Scene, theme: Theme) -> Result<(), JsValue> {
    let ratio = gloo::utils::window().device_pixel_ratio().clamp(1.0, MOST_RATIO);
    let Size { width, height } = scene.size;
    let pixels = |length: f32| (f64::from(length) * ratio).round() as u32;
    if (canvas.width(), canvas.height()) != (pixels(width), pixels(height)) {
        canvas.set_width(pixels(width));
        canvas.set_height(pixels(height));
        canvas.style().set_property("width", &format!("{width}px"))?;
        canvas.style().set_property("height", &format!("{height}px"))?;
    }
    let context = canvas.get_context("2d")?.ok_or("no canvas")?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| "no canvas")?;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)?;
    context.clear_rect(0.0, 0.0, width.into(), height.into());
    Painter::new(&context, theme).shapes(&scene.shapes)
}
