//! What the canvas shows, kept from frame to frame: layout, motion and the still picture in a canvas of its own.

use super::canvas::Painter;
use crate::{
    scene::{
        ViewState, flow,
        hit::{self, Target},
        layout::Layout,
        motion::{Dot, Motion},
        shape::{Point, Size},
        theme::Theme,
    },
    trace::Trace,
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Most pixels that a canvas gets for one of the page's, so that a zoomed page does not ask for gigabytes.
const MOST_RATIO: f64 = 3.0;

/// A picture ready to be copied, with the places of everything in it.
pub(super) struct Stage {
    pub(super) layout: Layout,
    pub(super) motion: Motion,
    still: HtmlCanvasElement,
    theme: Theme,
    selected: usize,
    ratio: f64,
    dots: Vec<Dot>,
}

impl Stage {
    /// Lays out and paints the still picture.
    ///
    /// # Errors
    /// If the browser gives no canvas.
    pub(super) fn new(trace: &Trace, view: &ViewState, size: Size, theme: Theme) -> Result<Self, JsValue> {
        let layout = Layout::new(trace, view, size);
        let window = web_sys::window().ok_or("no window")?;
        let ratio = window.device_pixel_ratio().clamp(1.0, MOST_RATIO);
        let document = window.document().ok_or("no document")?;
        let still: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
        fit(&still, layout.size, ratio);
        let context = context(&still)?;
        context.scale(ratio, ratio)?;
        Painter::new(&context, theme).scene(&flow::paint(trace, view, &layout))?;
        let motion = Motion::new(trace, &layout);
        Ok(Self { layout, motion, still, theme, selected: view.token, ratio, dots: Vec::new() })
    }

    /// Gives the canvas on the page its size.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub(super) fn fit(&self, canvas: &HtmlCanvasElement) -> Result<(), JsValue> {
        let Size { width, height } = self.layout.size;
        fit(canvas, self.layout.size, self.ratio);
        canvas.style().set_property("width", &format!("{width}px"))?;
        canvas.style().set_property("height", &format!("{height}px"))
    }

    /// Paints a frame: the still picture, the token under the pointer, and the dots if there is a playhead.
    ///
    /// # Errors
    /// Those of the canvas.
    pub(super) fn frame(
        &mut self,
        canvas: &HtmlCanvasElement,
        trace: &Trace,
        hover: Option<Target>,
        playhead: Option<f32>,
    ) -> Result<(), JsValue> {
        let context = context(canvas)?;
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
        context.draw_image_with_html_canvas_element(&self.still, 0.0, 0.0)?;
        context.scale(self.ratio, self.ratio)?;
        let mut painter = Painter::new(&context, self.theme);
        if let Some(Target::Token { token, .. }) = hover {
            painter.shapes(&flow::way(trace, token, &self.layout))?;
        }
        if let Some(playhead) = playhead {
            self.motion.dots(playhead, &mut self.dots);
            painter.dots(&self.dots, self.selected)?;
        }
        Ok(())
    }

    /// What lies at a place of the canvas.
    pub(super) fn hit(&self, trace: &Trace, at: Point) -> Option<Target> {
        hit::hit(trace, &self.layout, at)
    }
}

/// Sets the number of pixels; doing so clears the canvas, so only where it changes.
fn fit(canvas: &HtmlCanvasElement, size: Size, ratio: f64) {
    let [width, height] = [size.width, size.height].map(|side| (f64::from(side) * ratio).round().max(1.0) as u32);
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    let context = canvas.get_context("2d")?.ok_or("this browser cannot draw on a canvas")?;
    context.dyn_into().map_err(JsValue::from)
}
