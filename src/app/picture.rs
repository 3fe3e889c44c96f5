//! Pictures as files.
//!
//! An SVG that is opened elsewhere, or drawn through an image, has no fonts but those inside it: so it brings the page's.

use super::download::{Local, fetch_bytes, save_url, words};
use super::header::shape;
use super::models::catalog;
use super::notice::Tone;
use crate::error::FetchFault;
use crate::messages::explore;
use crate::scene::{
    ViewState,
    flow::Sheet,
    frame::{Caption, Frame},
    shape::Size,
    theme::Theme,
};
use crate::trace::Trace;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};
use yew::Callback;

/// Pixels of a PNG for each of the picture's.
const SCALE: f32 = 2.0;
/// Most pixels that browsers let a canvas be wide or high.
const MOST: f32 = 16_000.0;
/// Families and files of the page's fonts.
const FONTS: [(&str, &str); 2] = [("Inter", "inter"), ("Source Serif 4", "source-serif-4")];

/// A picture to save.
pub struct SavedPicture {
    /// As SVG.
    pub svg: String,
    size: Size,
    /// Why the page's fonts are not in it, if they are not.
    pub without: Option<FetchFault>,
}

/// The theme of a file: colours that a system forces mean nothing elsewhere.
pub fn lasting(theme: Theme) -> Theme {
    if theme == Theme::Forced { Theme::Light } else { theme }
}

/// What people call a model, and how it routes.
pub fn model(trace: &Trace) -> String {
    format!("{} · {}", catalog::title(&trace.model.name), shape(&trace.model))
}

/// The still picture of a trace's flow, with title and credit.
pub async fn flow(trace: &Trace, view: &ViewState, title: &str, theme: Theme) -> SavedPicture {
    let (style, without) = styled().await;
    let sheet = Sheet::new(trace, view, title);
    SavedPicture { svg: sheet.svg(&style, lasting(theme)), size: sheet.size, without }
}

/// Pictures that are SVG elements already and take `size` together, below their captions, with what they show.
pub async fn framed(frame: &Frame, inner: &str, captions: &[Caption], size: Size, theme: Theme) -> SavedPicture {
    let (style, without) = styled().await;
    let (svg, size) = frame.around(inner, captions, size, &style, lasting(theme));
    SavedPicture { svg, size, without }
}

/// Hands a picture to the browser to save, as pixels where the name ends so, and says what is wrong with it or with that.
pub async fn save(name: &str, picture: &SavedPicture, on_say: &Callback<(Tone, String)>) {
    if let Some(fault) = &picture.without {
        on_say.emit((Tone::Info, format!("{} {fault}", explore::picture_without_fonts())));
    }
    let done = match name.ends_with(".png") {
        true => save_png(name, picture).await,
        false => super::download::save(name, "image/svg+xml", &picture.svg),
    };
    if let Err(why) = done {
        on_say.emit((Tone::Fault, explore::picture_unsaved(why)));
    }
}

/// The fonts' style sheet, or why there is none.
async fn styled() -> (String, Option<FetchFault>) {
    match fonts().await {
        Ok(style) => (style, None),
        Err(why) => (String::new(), Some(why)),
    }
}

/// A style sheet with the page's fonts in it.
async fn fonts() -> Result<String, FetchFault> {
    let mut style = String::new();
    for (family, file) in FONTS {
        let address = format!("www/fonts/{file}.woff2");
        let bytes = fetch_bytes(&address).await?;
        let face = format!("@font-face{{font-family:\"{family}\";font-weight:100 900;src:url(data:font/woff2;base64,");
        style.push_str(&face);
        let binary: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        let base64 = gloo::utils::window().btoa(&binary);
        style.push_str(&base64.map_err(|error| FetchFault::Unreachable { address, detail: words(error) })?);
        style.push_str(") format(\"woff2\")}");
    }
    Ok(style)
}

/// Draws a picture at twice its size and saves the pixels.
///
/// # Errors
/// If the browser cannot draw it.
async fn save_png(name: &str, picture: &SavedPicture) -> Result<(), String> {
    let url = Local::new("image/svg+xml", &picture.svg)?;
    let image = HtmlImageElement::new().map_err(words)?;
    image.set_src(url.url());
    JsFuture::from(image.decode()).await.map_err(words)?;
    let canvas = gloo::utils::document().create_element("canvas").map_err(words)?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().map_err(|other| words(other.into()))?;
    let Size { width, height } = picture.size;
    let scale = SCALE.min(MOST / width.max(height));
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context = canvas.get_context("2d").map_err(words)?.ok_or_else(|| words(JsValue::NULL))?;
    let context: CanvasRenderingContext2d = context.dyn_into().map_err(|other| words(other.into()))?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).map_err(words)?;
    save_url(name, &canvas.to_data_url().map_err(words)?)
}
