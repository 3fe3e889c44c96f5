//! Tables that may be wider than their place: whoever looks at one must see that it goes on to the right, wherever on it they
//! look, and also where scroll bars are hidden until they move.

use crate::messages::explore;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// What [`Wide`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct WideProps {
    /// What it is, for those who cannot see it.
    pub label: AttrValue,
    /// Style class of what scrolls.
    #[prop_or(AttrValue::Static("wide-table"))]
    pub class: AttrValue,
    /// The table.
    pub children: Html,
}

/// Where a pane goes on beyond its edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct More {
    left: bool,
    right: bool,
}

impl More {
    fn of(pane: &Element) -> Self {
        let (at, rest) = (pane.scroll_left(), pane.scroll_width() - pane.client_width());
        // Browsers round each of them by itself.
        Self { left: rest > 1 && at > 1, right: rest > 1 && at < rest - 1 }
    }
}

/// A pane that scrolls sideways and says so.
#[component]
pub fn Wide(props: &WideProps) -> Html {
    let pane = use_node_ref();
    let more = use_state_eq(More::default);
    let look = {
        let (pane, more) = (pane.clone(), more.setter());
        move || {
            if let Some(pane) = pane.cast::<Element>() {
                more.set(More::of(&pane));
            }
        }
    };
    // Another table may have another width.
    use_effect(look.clone());
    {
        let (pane, look) = (pane.clone(), look.clone());
        use_effect_with((), move |()| {
            let resized = Closure::<dyn FnMut()>::new(look);
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(pane)) = (&observer, pane.cast::<Element>()) {
                observer.observe(&pane);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(resized);
            }
        });
    }
    let class = classes!("wide", more.left.then_some("wide-left"), more.right.then_some("wide-right"));
    let sign = match *more {
        More { left: false, right: false } => None,
        More { right: true, .. } => Some(explore::wide_right()),
        More { right: false, .. } => Some(explore::wide_left()),
    };
    html! {
        <div {class} data-testid="wide">
            <p class="wide-sign" data-testid="wide-sign" hidden={sign.is_none()}>{ sign.unwrap_or_default() }</p>
            <div ref={pane} class={props.class.clone()} tabindex="0" role="region"
                aria-label={props.label.clone()} onscroll={move |_: Event| look()}>{ props.children.clone() }</div>
        </div>
    }
}
