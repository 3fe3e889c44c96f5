//! What is seen in a part of the page, as a file: its pictures as they stand there, or its tables.
//!
//! The parts of the compare screen and of the view “Method” draw their pictures as SVG elements, so these are taken from the
//! page itself: what is saved cannot be another thing than what is seen.

use crate::csv;
use crate::scene::frame::Caption;
use crate::scene::shape::{Size, point};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, NodeList, XmlSerializer};

/// Pictures, each at its place.
pub struct Seen {
    /// SVG elements.
    pub inner: String,
    /// What stands above some of them.
    pub captions: Vec<Caption>,
    /// The room that all take.
    pub size: Size,
}

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let list = |found: NodeList| (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    root.query_selector_all(selector).map(list).unwrap_or_default()
}

fn part(selector: &str) -> Option<Element> {
    gloo::utils::document().query_selector(selector).ok().flatten()
}

/// The pictures in a part of the page; `None` if it shows none now.
pub fn pictures(selector: &str) -> Option<Seen> {
    let pictures = all(&part(selector)?, "svg[role=img]");
    let captions: Vec<Element> = pictures
        .iter()
        .filter_map(|svg| svg.closest("figure").ok().flatten()?.query_selector("figcaption").ok().flatten())
        .collect();
    let boxes = || pictures.iter().chain(&captions).map(Element::get_bounding_client_rect);
    let left = boxes().map(|at| at.left()).fold(f64::INFINITY, f64::min);
    let top = boxes().map(|at| at.top()).fold(f64::INFINITY, f64::min);
    let right = boxes().map(|at| at.right()).fold(f64::NEG_INFINITY, f64::max);
    let bottom = boxes().map(|at| at.bottom()).fold(f64::NEG_INFINITY, f64::max);
    let size = Size { width: (right - left) as f32, height: (bottom - top) as f32 };
    let writer = XmlSerializer::new().ok()?;
    let mut inner = String::new();
    for svg in &pictures {
        let at = svg.get_bounding_client_rect();
        let copy: Element = svg.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        let places = [("x", at.left() - left), ("y", at.top() - top), ("width", at.width()), ("height", at.height())];
        for (name, value) in places {
            copy.set_attribute(name, &format!("{value:.1}")).ok()?;
        }
        inner.push_str(&writer.serialize_to_string(&copy).ok()?);
        inner.push('\n');
    }
    let caption = |one: &Element| {
        let at = one.get_bounding_client_rect();
        let place = point((at.left() - left) as f32, (at.top() - top) as f32);
        let children = one.children();
        let words: Vec<String> = (0..children.length())
            .filter_map(|at| children.item(at)?.text_content())
            .map(|words| tidy(&words))
            .collect();
        let words = if words.is_empty() { tidy(&one.text_content().unwrap_or_default()) } else { words.join(" · ") };
        Caption { at: place, width: at.width() as f32, words }
    };
    Some(Seen { inner, captions: captions.iter().map(caption).collect(), size }).filter(|_| !pictures.is_empty())
}

/// The tables in a part of the page as CSV, each below its title where there are several; `None` if it shows none now.
pub fn tables(selector: &str) -> Option<String> {
    let root = part(selector)?;
    let tables = all(&root, "table");
    let mut out = csv::MARK.to_owned();
    for (at, table) in tables.iter().enumerate() {
        if at > 0 {
            out.push_str("\r\n");
        }
        let region = table.closest("[role=region][aria-label]").ok().flatten();
        let title = region.and_then(|region| region.get_attribute("aria-label"));
        if let Some(title) = title.filter(|_| tables.len() > 1) {
            out.push_str(&csv::line([title]));
        }
        for row in all(table, "tr") {
            let cells = all(&row, "th, td").into_iter().map(|cell| tidy(&cell.text_content().unwrap_or_default()));
            out.push_str(&csv::line(cells));
        }
    }
    Some(out).filter(|_| !tables.is_empty())
}

/// Words on one line.
fn tidy(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
