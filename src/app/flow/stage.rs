//! What the canvas shows, kept from frame to frame.
//!
//! Three canvases, so that no frame has to do much: the rivers, which are thousands of ribbons and the same whatever is
//! selected, painted in as many frames as they need; the still picture, rivers and selection together; and the one on
//! the page, which gets a copy of the still picture and the dots. While a text grows, the rivers of a moment ago stay until
//! the new ones are whole: all layers are always there.

use super::canvas::Painter;
use crate::{
    scene::{
        ViewState, flow,
        hit::{self, Target},
        layout::Layout,
        motion::{Dot, Motion},
        shape::{Point, Shape, Size},
        theme::Theme,
    },
    trace::Trace,
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Window};

/// Most pixels that a canvas gets for one of the page's, so that a zoomed page does not ask for gigabytes.
const MOST_RATIO: f64 = 3.0;
/// Ribbons painted between two looks at the clock.
const PART: usize = 100;
/// Milliseconds that a frame may spend on ribbons.
const BUDGET: f64 = 8.0;

/// A picture with the places of everything in it.
pub(super) struct Stage {
    pub(super) layout: Layout,
    pub(super) motion: Motion,
    rivers: Vec<Shape>,
    painted: usize,
    back: HtmlCanvasElement,
    /// The rivers of the same text when it was shorter, until there are those of now.
    before: Option<HtmlCanvasElement>,
    still: HtmlCanvasElement,
    theme: Theme,
    view: ViewState,
    size: Size,
    ratio: f64,
    stale: bool,
    dots: Vec<Dot>,
}

impl Stage {
    /// Lays out a picture of about `size`; frames will paint it.
    ///
    /// # Errors
    /// If the browser gives no canvas.
    pub(super) fn new(trace: &Trace, view: &ViewState, size: Size, theme: Theme) -> Result<Self, JsValue> {
        let layout = Layout::new(trace, view, size);
        let window = web_sys::window().ok_or("no window")?;
        let ratio = window.device_pixel_ratio().clamp(1.0, MOST_RATIO);
        let motion = Motion::new(trace, &layout);
        let rivers = flow::rivers(trace, &layout);
        let (back, still) = (canvas(&window, layout.size, ratio)?, canvas(&window, layout.size, ratio)?);
        let (view, dots) = (*view, Vec::new());
        let before = None;
        Ok(Self {
            layout,
            motion,
            rivers,
            painted: 0,
            back,
            before,
            still,
            theme,
            view,
            size,
            ratio,
            stale: true,
            dots,
        })
    }

    /// A picture of a text that has grown since `old` was painted.
    ///
    /// # Errors
    /// If the browser gives no canvas.
    pub(super) fn grown(old: Self, trace: &Trace, view: &ViewState, size: Size) -> Result<Self, JsValue> {
        let before = if old.unfinished() { old.before } else { Some(old.back) };
        Ok(Self { before, ..Self::new(trace, view, size, old.theme)? })
    }

    /// Takes over another selection.
    ///
    /// # Errors
    /// If the browser gives no canvas.
    pub(super) fn select(&mut self, trace: &Trace, view: &ViewState) -> Result<(), JsValue> {
        let selection = |view: &ViewState| (view.layer, view.token, view.expert);
        if selection(view) != selection(&self.view) {
            if self.layout.lensed() {
                *self = Self::new(trace, view, self.size, self.theme)?;
            }
            self.view = *view;
            self.stale = true;
        }
        Ok(())
    }

    /// Whether there is more to paint than has been.
    pub(super) fn unfinished(&self) -> bool {
        self.painted < self.rivers.len()
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

    /// Paints as many rivers as a frame has time for, if there are any left.
    ///
    /// # Errors
    /// Those of the canvas.
    pub(super) fn rivers(&mut self) -> Result<(), JsValue> {
        if !self.unfinished() {
            return Ok(());
        }
        let context = self.scaled(&self.back)?;
        let mut painter = Painter::new(&context, self.theme);
        let clock = web_sys::window().and_then(|window| window.performance());
        let now = || clock.as_ref().map_or(f64::INFINITY, web_sys::Performance::now);
        let until = now() + BUDGET;
        loop {
            let end = self.rivers.len().min(self.painted + PART);
            painter.shapes(self.rivers.get(self.painted..end).unwrap_or_default())?;
            self.painted = end;
            if !self.unfinished() || now() >= until {
                break;
            }
        }
        if !self.unfinished() {
            self.before = None;
        }
        self.stale = true;
        Ok(())
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
        if self.stale {
            self.compose(trace)?;
            self.stale = false;
        }
        let context = copy(&self.still, canvas)?;
        context.scale(self.ratio, self.ratio)?;
        let mut painter = Painter::new(&context, self.theme);
        if let Some(Target::Token { token, .. }) = hover {
            painter.shapes(&flow::way(trace, token, &self.layout))?;
        }
        if let Some(playhead) = playhead {
            self.motion.dots(playhead, &mut self.dots);
            painter.dots(&self.dots, self.view.token)?;
            painter.shapes(&flow::top(trace, &self.view, &self.layout))?;
        }
        Ok(())
    }

    /// Puts the still picture together.
    fn compose(&self, trace: &Trace) -> Result<(), JsValue> {
        let context = self.scaled(&self.still)?;
        Painter::new(&context, self.theme).shapes(&flow::ground(trace, &self.view, &self.layout))?;
        copy(self.before.as_ref().unwrap_or(&self.back), &self.still)?;
        let context = self.scaled(&self.still)?;
        Painter::new(&context, self.theme).shapes(&flow::front(trace, &self.view, &self.layout))
    }

    /// What lies at a place of the canvas.
    pub(super) fn hit(&self, trace: &Trace, at: Point) -> Option<Target> {
        hit::hit(trace, &self.layout, at)
    }

    /// A canvas' context in the page's pixels.
    fn scaled(&self, canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
        let context = context(canvas)?;
        context.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0)?;
        Ok(context)
    }
}

/// Copies all pixels; the context is left in the canvas' own pixels.
fn copy(from: &HtmlCanvasElement, to: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    let context = context(to)?;
    context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)?;
    context.draw_image_with_html_canvas_element(from, 0.0, 0.0)?;
    Ok(context)
}

fn canvas(window: &Window, size: Size, ratio: f64) -> Result<HtmlCanvasElement, JsValue> {
    let document = window.document().ok_or("no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    fit(&canvas, size, ratio);
    Ok(canvas)
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
    let context = canvas.get_context("2d")?.ok_or("no context of the canvas")?;
    context.dyn_into().map_err(JsValue::from)
}
