//! The page comes in two binaries, so that what paints first stays small: a light one with the Explore screen, and the
//! whole one (feature `studio`), which takes its place when a visitor goes further, or from the start where the address
//! says so (`www/start.js`). What is on the screen goes over in the address, and files
//! that are to be opened, which only the whole page can, as they are.

use super::action::Action;
use super::download::words;
use super::notice::{Tone, Topic};
use super::settings::{Look, Screen, Settings};
use super::state::State;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;
use yew::prelude::*;

/// Milliseconds after which the address bar has what was chosen.
const REST: u32 = 200;

/// Whether the state needs the whole page, and this is the light one.
fn is_missing(state: &State) -> bool {
    let settings = &state.settings;
    let further = settings.screen != Screen::Explore || settings.look == Look::Method || !state.files.is_empty();
    further && cfg!(not(feature = "studio"))
}

/// What of the whole page the state asks for first.
fn part(state: &State) -> &'static str {
    match state.settings.screen {
        _ if !state.files.is_empty() => "What opens files",
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
    use_effect_with(is_missing(&state), move |&missing| {
        let timer = missing.then(|| {
            Timeout::new(REST, move || {
                spawn_local(async move {
                    if let Some(file) = state.files.first() {
                        let words = format!("Fetching what opens {}…", file.name());
                        state.dispatch(Action::SayAbout(Topic::File, Tone::Info, words));
                    }
                    if let Err(why) = take_over(&state).await {
                        // The handle reads what is now: what was asked for must be known before it is changed.
                        let (part, why) = (part(&state), words(why));
                        let settings = Settings { screen: Screen::Explore, look: Look::Flow, ..state.settings };
                        state.dispatch(Action::Set(settings));
                        state.dispatch(Action::Files(Vec::new()));
                        let why = why.trim_end_matches('.');
                        state.dispatch(Action::SayAbout(
                            Topic::File,
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
    let files: Array = state.files.iter().collect();
    let moescope = moescope()?;
    let whole: Function = Reflect::get(&moescope, &"whole".into())?.dyn_into()?;
    let promise: Promise = whole.call1(&moescope, &files)?.dyn_into()?;
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

/// What the page before this one was to open.
pub fn handed_over() -> Vec<File> {
    let window = gloo::utils::window();
    let files = Reflect::get(&window, &"moescopeOpened".into()).ok().and_then(|files| files.dyn_into::<Array>().ok());
    let _ = Reflect::delete_property(&window, &"moescopeOpened".into());
    files.into_iter().flat_map(|files| files.to_vec()).filter_map(|file| file.dyn_into().ok()).collect()
}
