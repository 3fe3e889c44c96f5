//! The shell: owns the store, hands it to the panels as a context, and lays them out.

use super::action::Action;
use super::browser::{self, Dropped};
use super::context::Dispatch;
use super::deferred::Deferred;
use super::flow::Clock;
use super::generate::Generate;
use super::header::Header;
use super::help::Help;
use super::inspector::Inspector;
use super::models::{self, catalog};
use super::notice::{Notices, Tone, Topic};
use super::samples::Samples;
use super::save::SaveMenu;
use super::settings::Screen;
use super::shared::Shared;
use super::stage::Stage;
use super::state::{Docked, Engine, State};
use super::store::Store;
use super::text_controls::TextControls;
use super::text_strip::TextStrip;
use super::tour::Tour;
use super::tour_step::TourStep;
#[cfg(feature = "studio")]
use super::{compare::Compare, lab::Lab};
use super::{full_page, history, hooks, saved_texts, tour_steps};
use crate::scene::{method::order, theme::Theme};
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let reduced_motion = browser::use_media("(prefers-reduced-motion: reduce)");
    let system_is_dark = browser::use_media("(prefers-color-scheme: dark)");
    let start = use_memo((), |()| {
        let state = State::from_address(history::read_address(), !reduced_motion).showing(saved_texts::file());
        full_page::start(State { tour_seen: saved_texts::tour_seen(), ..state })
    });
    let (held, clock, redraw) = (start.held.clone(), use_memo((), |()| Clock::default()), use_force_update());
    let store = use_memo((), |()| {
        Store::new(start.state.clone(), held.clone(), Callback::from(move |()| redraw.force_update()))
    });
    let (state, dispatch) = (store.state(), store.dispatch().clone());
    {
        let dispatch = dispatch.clone();
        use_effect_with((), move |()| dispatch.emit(Action::Begin));
    }
    let theme = state.settings.theme.resolve(system_is_dark);
    browser::use_theme(theme);
    let theme = if browser::use_media("(forced-colors: active)") { Theme::Forced } else { theme };
    history::use_address(&state, &store);
    browser::use_keys(&store, &clock);
    hooks::show(state.trace.as_ref(), &state.source, state.device.as_ref().is_some_and(|device| device.gpu));
    let dropping = browser::use_drop(dispatch.reform(|dropped: Dropped| match dropped {
        Ok(files) => Action::Files(files),
        Err(name) => Action::SayAbout(Topic::File, Tone::Fault, browser::of_folder(&name)),
    }));
    let trains = state.settings.screen == Screen::Train;
    let tour = state.tour.and_then(|index| tour_steps::now(index, &state));
    let touring = tour.is_some().then_some("touring");
    let class = classes!("page", trains.then_some("page-train"), touring, dropping.then_some("dropping"));
    html! {
        <ContextProvider<Dispatch> context={dispatch.clone()}>
            <ContextProvider<Shared<State>> context={state.clone()}>
                <div {class} data-testid="page">
                    { header(&state, theme) }
                    { docks(&state, &dispatch, tour, reduced_motion) }
                    if !trains { { text(&state, &held) } }
                    { screen(&state, (*clock).clone(), theme, reduced_motion) }
                    { lab(&state, dispatch, theme, reduced_motion) }
                </div>
            </ContextProvider<Shared<State>>>
        </ContextProvider<Dispatch>>
    }
}

fn header(state: &State, theme: Theme) -> Html {
    // The train screen has a menu of its own for what is seen there.
    let saves = state.settings.screen != Screen::Train;
    let save = if saves {
        html! { <SaveMenu {theme} /> }
    } else {
        html! {}
    };
    html! {
        <Header unrouted={state.unrouted().is_some()} trace={state.trace.clone()} source={state.source.clone()}
            engine={state.engine.clone()} card={state.card.clone()} settings={state.settings} model={state.model.clone()}
            models={state.models.clone()} {save} />
    }
}

/// What lies over the inspector's place: one thing at a time.
fn docks(state: &State, dispatch: &Dispatch, step: Option<TourStep>, reduced_motion: bool) -> Html {
    let docked = state.docked(step.is_some());
    // The tour keeps out of the inspector while it speaks of it, and likewise of what is a sheet on a phone.
    let told = step.as_ref().filter(|_| docked == Docked::Tour);
    let class = classes!(
        "docks",
        (docked != Docked::Nothing).then_some("docks-on"),
        told.is_some_and(TourStep::is_inspected).then_some("docks-foot"),
        told.is_some_and(TourStep::is_in_sheet).then_some("docks-sheet")
    );
    let notices = if docked == Docked::Notice { state.notices.clone() } else { Vec::new() };
    let (failed, device) = (matches!(state.engine, Engine::Failed(_)), state.settings.device);
    let on_retry = failed.then(|| dispatch.reform(move |()| Action::Device(device)));
    let (index, of) = (state.tour.unwrap_or_default(), tour_steps::steps(state.settings.screen));
    html! {
        <div {class} data-testid="docks">
            <Notices {notices} on_dismiss={dispatch.reform(Action::Dismiss)} {on_retry} on_mend={dispatch.reform(Action::Mend)} />
            if docked == Docked::Help { <Help screen={state.settings.screen} /> }
            <div hidden={docked != Docked::Tour}>
                <Tour {index} {step} {of} moves={state.tour_moves} {reduced_motion} /></div>
        </div>
    }
}

/// The text and what is done with it.
fn text(state: &State, held: &Shared<super::field::Held>) -> Html {
    let (settings, view) = (state.settings, state.view);
    let writer = catalog::title(models::name(&state.model)).to_owned();
    let order = state.trace.as_ref().and_then(|trace| order::writing(&trace.model));
    html! {
        <Deferred frames={1}>
            <TextStrip text={state.text.clone()} trace={state.underlined()} layer={view.layer} token={view.token}
                expert={view.expert} generated={state.generated} {settings} cut={state.cut} running={state.running.is_some()}
                held={held.clone()}>
                <Samples />
                <TextControls {settings} empty={state.text.is_empty()} />
                <Generate {settings} running={state.running} {writer} blocked={state.blocked().map(AttrValue::from)}
                    said={state.ready() && !state.text.is_empty()} {order} />
            </TextStrip>
        </Deferred>
    }
}

/// What the screen shows below the text, but for the train screen, which stays once it was opened.
fn screen(state: &State, clock: Clock, theme: Theme, reduced_motion: bool) -> Html {
    match state.settings.screen {
        #[cfg(not(feature = "studio"))]
        Screen::Compare | Screen::Train => html! { <main class="screen">{ super::deferred::coming() }</main> },
        #[cfg(feature = "studio")]
        Screen::Compare => html! { <Compare {theme} {reduced_motion} /> },
        #[cfg(feature = "studio")]
        Screen::Train => html! {},
        Screen::Explore => html! {
            <>
                <Deferred frames={3}><Stage {clock} {theme} {reduced_motion} /></Deferred>
                <Deferred frames={2}><Inspector /></Deferred>
            </>
        },
    }
}

#[cfg(feature = "studio")]
fn lab(state: &State, dispatch: Dispatch, theme: Theme, reduced_motion: bool) -> Html {
    let shown = state.settings.screen == Screen::Train;
    html! {
        if state.lab {
            <Lab {shown} link={state.run.clone()} device={state.settings.device} {theme} {reduced_motion}
                given={state.for_train.clone()} {dispatch} />
        }
    }
}

#[cfg(not(feature = "studio"))]
fn lab(_: &State, _: Dispatch, _: Theme, _: bool) -> Html {
    html! {}
}
