//! Spreads a screen over frames: one that is put into the document in one piece holds up the page, and a training run that
//! it shows, for as long as all its parts take together.

use gloo::render::request_animation_frame;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// What [`Deferred`] holds.
#[derive(Clone, PartialEq, Properties)]
pub struct DeferredProps {
    /// Frames that come first. Whoever is lower on the screen has more, so that nothing moves once it is there.
    pub frames: u32,
    /// The part.
    pub children: Html,
}

/// A part of a screen, a few frames after the screen itself. Once there it stays.
#[component]
pub fn Deferred(props: &DeferredProps) -> Html {
    let left = use_state(|| props.frames);
    {
        let now = left.clone();
        use_effect_with(*left, move |&frames| {
            let wait = (frames > 0).then(|| next(move || now.set(frames - 1)));
            move || drop(wait)
        });
    }
    if *left == 0 { props.children.clone() } else { Html::default() }
}

/// Runs in the next frame, or soon where nothing is shown, for a hidden page has no frames.
fn next(run: impl FnOnce() + 'static) -> Box<dyn std::any::Any> {
    if gloo::utils::document().hidden() {
        Box::new(Timeout::new(0, run))
    } else {
        Box::new(request_animation_frame(move |_| run()))
    }
}

/// What stands where the whole page will be.
#[cfg(not(feature = "studio"))]
pub fn coming() -> Html {
    html! { <p class="stage-empty" role="status" data-testid="coming">{ crate::messages::files::coming() }</p> }
}
