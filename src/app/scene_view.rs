//! Scenes in the page: drawn as wide as there is room, and asked what lies under the pointer.

use super::printing::light;
use crate::scene::{
    shape::{Point, Scene, point},
    svg,
    theme::Theme,
};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Tells an element's width, now and whenever it changes, for as long as it is kept.
pub struct Watch {
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

impl Watch {
    /// Of the element that the reference is to; `None` if there is none or the browser cannot watch it.
    pub fn new(node: &NodeRef, on_width: impl Fn(f32) + 'static) -> Option<Self> {
        let element = node.cast::<Element>()?;
        let measured = element.clone();
        let resized = Closure::<dyn FnMut()>::new(move || on_width(measured.client_width() as f32));
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _resized: resized })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A scene as it is, and for paper in light colours. Its words are escaped by the writer.
pub fn drawn(scene: &Scene, theme: Theme) -> Html {
    let svg = Html::from_html_unchecked(svg::inline(scene, theme).into());
    html! { <><div class="on-screen">{ svg }</div>{ light(scene) }</> }
}

/// Where in the scene that lies in the element which hears the event the pointer is.
pub fn place(event: &MouseEvent) -> Option<Point> {
    let element: Element = event.current_target()?.dyn_into().ok()?;
    let outer = element.get_bounding_client_rect();
    Some(point(event.client_x() as f32 - outer.left() as f32, event.client_y() as f32 - outer.top() as f32))
}
