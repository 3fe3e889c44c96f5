//! Scenes in the page: drawn as wide as there is room, and asked what lies under the pointer.

use crate::scene::{
    shape::{Point, Scene, point},
    svg,
    theme::Theme,
};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The width of an element, now and later; 0 until it is known.
#[hook]
pub fn use_width(node: &NodeRef) -> f32 {
    let width = use_state(|| 0.0_f32);
    {
        let (node, width) = (node.clone(), width.clone());
        use_effect_with((), move |()| {
            let element = node.cast::<Element>();
            let measured = element.clone();
            let resized = Closure::<dyn FnMut()>::new(move || {
                if let Some(element) = &measured {
                    width.set(element.client_width() as f32);
                }
            });
            // Without an observer the first width stays.
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
            if let Some((observer, element)) = observer.as_ref().zip(element.as_ref()) {
                observer.observe(element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(resized);
            }
        });
    }
    *width
}

/// A scene as it is. Its words are escaped by the writer.
pub fn drawn(scene: &Scene, theme: Theme) -> Html {
    Html::from_html_unchecked(svg::inline(scene, theme).into())
}

/// Where in the scene that lies in the element which hears the event the pointer is.
pub fn place(event: &MouseEvent) -> Option<Point> {
    let element: Element = event.current_target()?.dyn_into().ok()?;
    let outer = element.get_bounding_client_rect();
    Some(point(event.client_x() as f32 - outer.left() as f32, event.client_y() as f32 - outer.top() as f32))
}
