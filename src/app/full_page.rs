//! The page comes in two binaries, so that what paints first stays small: a light one with the Explore screen, and the
//! whole one (feature `studio`), which takes its place when a visitor goes further, or from the start where the address
//! says so (`www/start.js`). What is on the screen goes over: in the address, and what that does not hold beside it, so that
//! nothing else is seen meanwhile; and files that are to be opened, which only the whole page can.

use super::continuation::Continuation;
use super::field::Held;
use super::hooks;
use super::settings::{Look, Screen};
use super::shared::Shared;
use super::state::{State, TraceSource};
use super::undo::{Journal, Texts};
use crate::messages::files;
use crate::protocol::{self, Cut};
use crate::scene::ViewState;
use crate::trace::Trace;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

/// Where `www/start.js` leaves what one page hands to the next.
const HANDED: &str = "moescopeHanded";

/// Whether the state needs the whole page, and this is the light one.
pub(super) fn is_missing(state: &State) -> bool {
    let settings = &state.settings;
    let further = settings.screen != Screen::Explore
        || settings.look == Look::Method
        || !state.files.is_empty()
        || state.coming.is_some();
    further && cfg!(not(feature = "studio"))
}

/// That what the state asks for first of the whole page cannot be had, for that reason.
pub(super) fn missing(state: &State, why: &str) -> String {
    match state.settings.screen {
        _ if !state.files.is_empty() || state.coming.is_some() => files::no_opener(why),
        Screen::Compare => files::no_compare(why),
        Screen::Train => files::no_train(why),
        Screen::Explore => files::no_method(why),
    }
}

/// What is on the screen and not in the address.
#[derive(Serialize, Deserialize)]
struct Handed {
    trace: Option<Trace>,
    source: TraceSource,
    text: String,
    own_text: bool,
    textless: bool,
    first_text: Option<String>,
    generated: Option<usize>,
    drawn: Option<Continuation>,
    cut: Option<Cut>,
    card: Option<String>,
    texts: Texts,
    /// The checkpoint of a link, which Compare's address has for other models, and whether it was said to be another.
    linked: (Option<String>, bool),
    /// The Train screen's address has no token.
    view: ViewState,
}

impl Handed {
    fn of(state: &State, journal: &Journal) -> Self {
        Self {
            trace: state.trace.as_deref().cloned(),
            source: state.source.clone(),
            text: (*state.text).clone(),
            own_text: state.own_text,
            textless: state.textless,
            first_text: state.first_text.as_deref().cloned(),
            generated: state.generated,
            drawn: state.drawn.clone(),
            cut: state.cut,
            card: state.card.as_deref().cloned(),
            texts: journal.into(),
            linked: (state.linked.clone(), state.linked_told),
            view: state.view,
        }
    }

    /// The state as it goes on: what is seen stays until the engine, which starts anew, has routed the text again.
    fn restored(self, state: State) -> (State, Journal) {
        let Self { source, own_text, textless, generated, drawn, cut, texts, view, .. } = self;
        let (linked, linked_told) = self.linked;
        let [first_text, card] = [self.first_text, self.card].map(|text| text.map(Rc::new));
        let (trace, text) = (self.trace.map(Shared::new), Rc::new(self.text));
        let state = State {
            trace,
            source,
            text,
            own_text,
            textless,
            first_text,
            generated,
            drawn,
            cut,
            card,
            view,
            linked,
            linked_told,
            ..state
        };
        (state, texts.into())
    }
}

/// Lets the whole page take over with what is there once it is here: until then somebody may type.
///
/// # Errors
/// Why it cannot be had.
pub(super) async fn take_over(now: Rc<dyn Fn() -> Option<Shared<State>>>, held: Shared<Held>) -> Result<(), JsValue> {
    let moescope = moescope()?;
    let whole: Function = Reflect::get(&moescope, &"whole".into())?.dyn_into()?;
    let give = Closure::once_into_js(move || -> JsValue {
        let Some(state) = now() else { return JsValue::UNDEFINED }; // The page is gone, and nobody asks.
        let files: Array = state.files.iter().collect();
        let handed = Handed::of(&state, &held.journal.borrow());
        let bytes = protocol::encode(&handed).unwrap_or_default(); // None of the types in it can fail.
        Array::of2(&files, &Uint8Array::from(bytes.as_slice())).into()
    });
    let promise: Promise = whole.call1(&moescope, &give)?.dyn_into()?;
    JsFuture::from(promise).await?;
    hooks::hand_over();
    Ok(())
}

fn moescope() -> Result<JsValue, JsValue> {
    Reflect::get(&gloo::utils::window(), &"moescope".into())
}

/// Lets `www/start.js` end this page: `moescope.leave()`.
pub fn allow_leaving(handle: AppHandle<impl BaseComponent>) {
    let leave = Closure::once_into_js(move || handle.destroy());
    if let Ok(moescope) = moescope() {
        let _ = Reflect::set(&moescope, &"leave".into(), &leave); // A plain object's property can be set.
    }
}

/// What a page begins with.
pub struct Start {
    /// The state.
    pub state: State,
    /// What the text field holds, and the texts before.
    pub held: Shared<Held>,
}

/// The state that the address asks for, with what the page before this one handed over, if there was one.
pub fn start(state: State) -> Start {
    let window = gloo::utils::window();
    let handed = Reflect::get(&window, &HANDED.into()).ok().and_then(|handed| handed.dyn_into::<Array>().ok());
    let _ = Reflect::delete_property(&window, &HANDED.into()); // Where there is none there is nothing to delete.
    let Some(handed) = handed else { return Start { state, held: Shared::new(Held::default()) } };
    let files: Vec<JsValue> = handed.get(0).dyn_into::<Array>().map(|files| files.to_vec()).unwrap_or_default();
    let files = files.into_iter().filter_map(|file| file.dyn_into().ok()).collect();
    let bytes = handed.get(1).dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
    // Both pages are of one version: what cannot be read is only what nobody handed over.
    let (state, journal) = match protocol::decode::<Handed>(&bytes) {
        Ok(handed) => handed.restored(state),
        Err(_) => (state, Journal::default()),
    };
    Start { state: State { files, ..state }, held: Shared::new(Held::with(journal)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::address::Address;
    use crate::app::settings::PageSettings;
    use crate::trace::sample;

    #[test]
    fn the_whole_page_goes_on_with_what_is_seen() {
        let mut trace = sample::trace(6, 2, 4, 2);
        trace.model.name = "switch".into();
        let sampling = crate::trace::Sampling::default();
        let drawn = Some(Continuation { sampling, model: "switch".into(), checkpoint: None });
        let light = State {
            text: Rc::new("typed since".into()),
            own_text: true,
            source: TraceSource::Live,
            generated: Some(3),
            drawn: drawn.clone(),
            trace: Some(Shared::new(trace)),
            card: Some(Rc::new("{}".into())),
            linked: Some("0123456789ab".into()),
            linked_told: true,
            view: ViewState { layer: 1, token: 4, ..ViewState::default() },
            settings: PageSettings { screen: Screen::Train, ..PageSettings::default() },
            ..State::default()
        };
        let bytes = protocol::encode(&Handed::of(&light, &Journal::default())).unwrap();
        let address = Address { model: Some("switch".into()), ..light.address() };
        let handed: Handed = protocol::decode(&bytes).unwrap();
        let (whole, _) = handed.restored(State::from_address(address, false));
        assert_eq!((&whole.text, &whole.card), (&light.text, &light.card));
        assert_eq!(whole.trace.as_deref(), light.trace.as_deref());
        assert_eq!((&whole.source, whole.own_text, whole.generated), (&TraceSource::Live, true, Some(3)));
        assert_eq!(whole.drawn, drawn);
        assert_eq!((whole.view.layer, whole.view.token), (1, 4), "the Train screen’s address has neither");
        assert!(!whole.ready() && whole.awaited().is_none());
        assert_eq!((whole.linked, whole.linked_told), (light.linked, true));
    }
}
