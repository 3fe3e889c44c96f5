//! The flow picture as a file.

use super::download::{Local, save_url, words};
use crate::scene::{self, ViewState, shape::Size, theme::Theme};
use crate::trace::Trace;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// Width and height of a saved picture.
const SIZE: (f32, f32) = (1440.0, 810.0);
/// Pixels of a PNG for each of these.
const SCALE: f32 = 2.0;

/// The still picture as SVG.
pub fn svg(trace: &Trace, view: &ViewState, theme: Theme) -> String {
    scene::svg::svg(&scene::flow::still(trace, view, Size { width: SIZE.0, height: SIZE.1 }), theme)
}

/// Draws an SVG at twice its size and saves the pixels.
///
/// # Errors
/// If the browser cannot draw it.
pub async fn save_png(name: &str, svg: &str) -> Result<(), String> {
    let url = Local::new("image/svg+xml", svg)?;
    let image = HtmlImageElement::new().map_err(words)?;
    image.set_src(url.url());
    JsFuture::from(image.decode()).await.map_err(words)?;
    let canvas: HtmlCanvasElement =
        gloo::utils::document().create_element("canvas").map_err(words)?.dyn_into().map_err(|_| "no canvas")?;
    canvas.set_width((SIZE.0 * SCALE) as u32);
    canvas.set_height((SIZE.1 * SCALE) as u32);
    let context = canvas.get_context("2d").map_err(words)?.ok_or("no canvas")?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| "no canvas")?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).map_err(words)?;
    save_url(name, &canvas.to_data_url().map_err(words)?)
}
