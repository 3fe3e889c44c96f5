//! The page comes in two binaries, so that what paints first stays small: a light one with the Explore screen, and the
//! whole one (feature `studio`), which takes its place when a visitor goes further, or from the start where the address
//! says so (`www/start.js`). What is on the screen goes over in the address, and an opened trace as JSON.

use super::action::Action;
use super::download::words;
use super::notice::Tone;
use super::settings::{Look, Screen, Settings};
use super::state::{Source, State};
use crate::trace::{SavedView, from_json, to_json_with};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

/// Milliseconds after which the address bar has what was chosen.
const REST: u32 = 200;

/// Whether these settings need the whole page, and this is the light one.
pub fn is_missing(settings: &Settings) -> bool {
    let further = settings.screen != Screen::Explore || settings.look == Look::Method;
    further && cfg!(not(feature = "studio"))
}

/// What of the whole page these settings ask for first.
fn part(settings: &Settings) -> &'static str {
    match settings.screen {
        Screen::Compare => "The Compare screen",
        Screen::Train => "The Train screen",
        Screen::Explore => "The view “Method”",
    }
}

/// What stands where the whole page will be.
#[cfg(not(feature = "studio"))]
pub fn coming() -> Html {
    html! { <p class="stage-empty" role="status" data-testid="coming">{ "Fetching this part of the page…" }</p> }
}

/// Lets the whole page take over as soon as it is needed.
#[hook]
pub fn use_whole(state: &UseReducerHandle<State>) {
    let state = state.clone();
    use_effect_with(is_missing(&state.settings), move |&missing| {
        let timer = missing.then(|| {
            Timeout::new(REST, move || {
                spawn_local(async move {
                    if let Err(why) = take_over(&state).await {
                        // The handle reads what is now: what was asked for must be known before it is changed.
                        let (part, why) = (part(&state.settings), words(why));
                        let settings = Settings { screen: Screen::Explore, look: Look::Flow, ..state.settings };
                        state.dispatch(Action::Set(settings));
                        let why = why.trim_end_matches('.');
                        state.dispatch(Action::Say(
                            Tone::Fault,
                            format!("{part} could not be fetched ({why}). Check the connection, then choose it again."),
                        ));
                    }
                });
            })
        });
        move || drop(timer)
    });
}

async fn take_over(state: &State) -> Result<(), JsValue> {
    let opened = match (&state.source, &state.trace) {
        (Source::File(name), Some(trace)) if state.held => {
            let (layer, token, expert) = (state.view.layer, state.view.token, state.view.expert);
            let saved = SavedView { layer, token, expert, generated: state.generated };
            let json = to_json_with(trace, &saved).map_err(|error| JsValue::from(error.to_string()))?;
            Array::of2(&name.as_str().into(), &json.into()).into()
        }
        _ => JsValue::UNDEFINED,
    };
    let moescope = moescope()?;
    let whole: Function = Reflect::get(&moescope, &"whole".into())?.dyn_into()?;
    let promise: Promise = whole.call1(&moescope, &opened)?.dyn_into()?;
    JsFuture::from(promise).await.map(drop)
}

fn moescope() -> Result<JsValue, JsValue> {
    Reflect::get(&gloo::utils::window(), &"moescope".into())
}

/// Lets `www/start.js` end this page: `moescope.leave()`.
pub fn allow_leaving(handle: AppHandle<super::shell::App>) {
    let leave = Closure::once_into_js(move || handle.destroy());
    if let Ok(moescope) = moescope() {
        let _ = Reflect::set(&moescope, &"leave".into(), &leave); // A plain object's property can be set.
    }
}

/// What the page before this one had opened: its action, if there is one.
pub fn handed_over() -> Option<Action> {
    let window = gloo::utils::window();
    let opened: Array = Reflect::get(&window, &"moescopeOpened".into()).ok()?.dyn_into().ok()?;
    let _ = Reflect::delete_property(&window, &"moescopeOpened".into());
    let (name, json) = (opened.get(0).as_string()?, opened.get(1).as_string()?);
    let trace = from_json(&json).ok()?;
    Some(Action::Opened(name, Rc::new(trace), SavedView::from_json(&json)))
}
