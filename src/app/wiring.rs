//! When the engine is started and asked, and when the tour is offered.

use super::action::Action;
use super::engine_client::EngineClient;
use super::kept_model;
use super::models::{self, GivenModel, Model};
use super::notice::Tone;
use super::recording;
use super::settings::{Screen, Settings};
use super::shared::Shared;
use super::state::{Source, State};
use super::tour_steps;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Typing rests for this long, in milliseconds, before the text is routed.
const REST: u32 = 30;
/// Where the browser remembers that the tour was offered.
const OFFERED: &str = "moescope.tour";

/// The shipped checkpoint's address, as the page's head names it.
pub fn model_address() -> String {
    let document = gloo::utils::document();
    let named = document
        .query_selector("meta[name=\"moescope-model\"]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    let relative = named.unwrap_or_default();
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(&relative, &base).map(|url| url.href()).unwrap_or(relative)
}

/// The address of a checkpoint beside the shipped one.
pub fn sibling(name: &str) -> String {
    let first = model_address();
    web_sys::Url::new_with_base(&format!("../{name}/"), &first).map(|url| url.href()).unwrap_or(first)
}

/// Lets the compared models route the text: once the shown model has, since a text that waits interrupts them.
#[hook]
pub fn use_comparing(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) {
    let routed = state.held || (state.source == Source::Live && state.in_step());
    let wanted = state.settings.screen == Screen::Compare && state.ready() && state.running.is_none() && routed;
    let trace = state.trace.clone();
    let wish = wanted.then(|| (state.text.clone(), state.comparison.with.clone(), state.settings.manner(), trace));
    let (dispatch, client) = (state.dispatcher(), client.clone());
    use_effect_with(wish, move |wish| {
        if let Some((text, with, manner, _)) = wish {
            dispatch.dispatch(Action::Comparing);
            client.compare((**text).clone(), with.names().iter().map(|name| sibling(name)).collect(), *manner);
        }
    });
}

/// First the recording, so that something moves at once; then the engine.
#[hook]
pub fn use_start(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) {
    let (dispatch, client) = (state.dispatcher(), client.clone());
    // The tour is of the first screen.
    let (explores, model) = (state.settings.screen == Screen::Explore, state.model.clone());
    use_effect_with((), move |()| {
        spawn_local(async move {
            recording::play(dispatch.clone()).await;
            bring(&client, &model).await;
            client.start();
            if explores && !offered() {
                dispatch.dispatch(Action::OfferTour);
            }
        });
    });
}

/// Opens the model that is wanted.
#[hook]
pub fn use_model(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) {
    let (client, newest) = (client.clone(), use_mut_ref(|| 0_u32));
    use_effect_with(state.model.clone(), move |model| {
        *newest.borrow_mut() += 1;
        if lacking(&client, model).is_none() || !client.is_started() {
            return client.choose(model);
        }
        let (number, model) = (*newest.borrow(), model.clone());
        spawn_local(async move {
            bring(&client, &model).await;
            if *newest.borrow() == number {
                client.choose(&model);
            }
        });
    });
}

/// The name of a model from files that the engine could not open, because nobody gave it those.
fn lacking<'a>(client: &EngineClient, model: &'a Model) -> Option<&'a str> {
    model.as_deref().filter(|name| models::opened_here(name) && !client.holds(name))
}

/// Gives the engine the files of a model that it lacks and this tab keeps. Where they cannot be had, the engine says so.
async fn bring(client: &EngineClient, model: &Model) {
    if let Some(name) = lacking(client, model)
        && let Ok(given) = kept_model::get(name).await
    {
        client.give(given);
    }
}

/// The models that exist, as soon as their list is here.
#[hook]
pub fn use_models(state: &UseReducerHandle<State>) -> Option<Shared<Vec<models::Entry>>> {
    let (entries, dispatch) = (use_state(|| None), state.dispatcher());
    let set = entries.setter();
    use_effect_with((), move |()| {
        spawn_local(async move {
            match models::fetch(&model_address()).await {
                Ok(entries) => set.set(Some(Shared::new(entries))),
                Err(why) => dispatch.dispatch(Action::Say(Tone::Info, why)),
            }
        });
    });
    (*entries).clone()
}

/// Routes the text whenever somebody wants it and the engine answers; a text without a token needs no engine.
#[hook]
pub fn use_routing(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) {
    let (text, client) = (state.text.clone(), client.clone());
    let waiting = use_mut_ref(|| None::<Timeout>);
    let (idle, manner) = (state.running.is_none(), state.settings.manner());
    use_effect_with((state.wanted, state.ready()), move |&(wanted, ready)| {
        if ready && wanted > 0 && idle {
            waiting.replace(Some(Timeout::new(REST, move || client.route((*text).clone(), manner))));
        }
    });
}

/// Starts or stops a generation.
pub fn on_run(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) -> Callback<bool> {
    let (state, client) = (state.clone(), client.clone());
    Callback::from(move |start: bool| {
        if !start {
            client.stop();
        } else if state.ready() {
            let Settings { sampling, max_tokens, task, .. } = state.settings;
            let ticket = client.generate((*state.text).clone(), task, sampling, max_tokens);
            state.dispatch(Action::Generating(ticket));
        } else {
            state.dispatch(Action::Say(
                Tone::Info,
                "The engine is not ready yet; the device menu says how far it is.".into(),
            ));
        }
    })
}

/// Opens a model that lies at no address in the explorer: one that was trained here, or that came as files.
pub fn on_explore(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) -> Callback<GivenModel> {
    let (state, client) = (state.clone(), client.clone());
    Callback::from(move |given: GivenModel| {
        let name = given.name.clone();
        client.give(given);
        state.dispatch(Action::Go(Screen::Explore));
        state.dispatch(Action::Choose(Some(name)));
    })
}

/// Breaks a generation off at once, so that nothing more is added to a text that somebody writes into.
pub fn on_halt(state: &UseReducerHandle<State>, client: &Rc<EngineClient>) -> Callback<()> {
    let (dispatch, client) = (state.dispatcher(), client.clone());
    Callback::from(move |()| {
        client.stop();
        dispatch.dispatch(Action::Halt);
    })
}

/// What this browser keeps for the page; nothing where the visitor lets no site keep anything.
fn storage() -> Option<web_sys::Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}

/// Whether the tour was seen before.
fn offered() -> bool {
    storage().and_then(|storage| storage.get_item(OFFERED).ok().flatten()).is_some()
}

/// Takes the tour a step on; once it was seen it is not offered again.
pub fn on_tour_step(state: &UseReducerHandle<State>) -> Callback<Option<usize>> {
    let (dispatch, screen) = (state.dispatcher(), state.settings.screen);
    Callback::from(move |step: Option<usize>| {
        if step.is_none_or(|step| step >= tour_steps::steps(screen))
            && screen == Screen::Explore
            && let Some(storage) = storage()
        {
            let _ = storage.set_item(OFFERED, "true"); // a browser that forgets offers the tour again: no harm
        }
        dispatch.dispatch(Action::Tour(step));
    })
}
