//! The shell: owns the state and the wire to the engine, and lays out the panels.

use super::action::Action;
use super::engine_client::{EngineClient, Signal};
use super::flow::Clock;
use super::header::Header;
use super::help::Help;
use super::later::Later;
use super::models::{self, catalog};
use super::notice::{Mend, Notices, Tone, Topic};
use super::save::SaveMenu;
use super::settings::Screen;
use super::stage::Stage;
use super::state::{Docked, Engine, State};
use super::text_strip::TextStrip;
use super::tour::Tour;
#[cfg(feature = "studio")]
use super::{compare::Compare, lab::Lab};
use super::{
    effects, generate::Generate, history, hooks, inspector::Inspector, kept, samples::Samples, share, tour_steps,
};
use super::{settings::Settings, text_controls::TextControls, whole, wiring};
use crate::protocol::DeviceChoice;
use crate::scene::{ViewState, method::order, theme::Theme};
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let reduced_motion = effects::use_media("(prefers-reduced-motion: reduce)");
    let system_is_dark = effects::use_media("(prefers-color-scheme: dark)");
    let start = use_memo((), |()| {
        whole::start(State::from_address(history::read_address(), !reduced_motion).showing(kept::file()))
    });
    let state = use_reducer(|| start.state.clone());
    let held = start.held.clone();
    let clock = use_memo((), |()| Clock::default());
    let client = {
        let (dispatch, device) = (state.dispatcher(), state.settings.device);
        use_memo((), move |()| {
            EngineClient::new(
                wiring::model_address(),
                device,
                Callback::from(move |signal: Signal| dispatch.dispatch(signal.into())),
            )
        })
    };
    let theme = state.settings.theme.resolve(system_is_dark);
    effects::use_theme(theme);
    let theme = if effects::use_media("(forced-colors: active)") { Theme::Forced } else { theme };
    history::use_address(&state);
    whole::use_whole(&state, &held);
    wiring::use_model(&state, &client);
    wiring::use_start(&state, &client);
    wiring::use_routing(&state, &client);
    let models = wiring::use_models(&state);
    wiring::use_comparing(&state, &client);
    hooks::show(state.trace.as_ref(), &state.source, state.device.as_ref().is_some_and(|device| device.gpu));
    use_effect_with(state.engine.clone(), |engine| {
        if let Engine::Failed(why) = engine {
            hooks::fail(why);
        }
    });
    use_effect_with(state.unrouted(), |unrouted| {
        if let Some((_, why)) = unrouted {
            hooks::fail(why);
        }
    });

    let act = |make: fn() -> Action| {
        let dispatch = state.dispatcher();
        Callback::from(move |()| dispatch.dispatch(make()))
    };
    let on_view = to(&state, Action::View);
    let on_set = to(&state, Action::Set);
    let on_say = to(&state, |(tone, text): (Tone, String)| Action::Say(tone, text));
    let on_files = to(&state, Action::Files);
    #[cfg(feature = "studio")]
    let given = super::opening::use_opening(&state, &client);
    let dropping = effects::use_drop(to(&state, |dropped: effects::Dropped| match dropped {
        Ok(files) => Action::Files(files),
        Err(name) => Action::SayAbout(Topic::File, Tone::Fault, effects::of_folder(&name)),
    }));
    let on_play = {
        let (on_view, view, clock) = (on_view.clone(), state.view, clock.clone());
        Callback::from(move |()| on_view.emit(ViewState { playing: !view.playing, playhead: clock.get(), ..view }))
    };
    effects::use_keys(&state, on_play);
    let on_device = {
        let (state, client) = (state.clone(), client.clone());
        Callback::from(move |device: DeviceChoice| {
            state.dispatch(Action::Set(Settings { device, ..state.settings }));
            state.dispatch(Action::Reopening);
            client.reopen(device);
        })
    };
    let on_mend = {
        let (on_device, on_set, settings) = (on_device.clone(), on_set.clone(), state.settings);
        Callback::from(move |mend: Mend| match mend {
            Mend::Cpu => on_device.emit(DeviceChoice::Cpu),
            Mend::LeftToRight => on_set.emit(Settings { ahead: false, ..settings }),
        })
    };
    let on_run = wiring::on_run(&state, &client);
    let on_halt = wiring::on_halt(&state, &client);
    let on_tour = to(&state, Action::Tour);
    let on_step = wiring::on_tour_step(&state);
    let save_menu = if state.settings.screen == Screen::Train {
        html! {} // It has a menu of its own for what is seen there.
    } else {
        html! { <SaveMenu state={Rc::new((*state).clone())} {theme} on_say={on_say.clone()} on_files={on_files.clone()} /> }
    };
    let of = tour_steps::steps(state.settings.screen);
    let step = state.tour.and_then(|index| Some((index, tour_steps::now(index, &state)?)));
    // The tour keeps out of the inspector while it speaks of it.
    let beside = step.as_ref().is_some_and(|(_, step)| step.is_inspected());
    let above = step.as_ref().is_some_and(|(_, step)| step.is_in_sheet());
    let tour =
        step.map(|(index, step)| html! { <Tour {index} {step} {of} {reduced_motion} on_step={on_step.clone()} /> });
    #[cfg(not(feature = "studio"))]
    let lab = html! {};
    #[cfg(feature = "studio")]
    let lab = html! {
        if state.lab {
            <Lab shown={state.settings.screen == Screen::Train} link={state.run.clone()} device={state.settings.device} {theme} {reduced_motion} {given} {on_files}
                on_link={to(&state, Action::Run)} on_share={share::on_share(&state)} on_explore={wiring::on_explore(&state, &client)} />
        }
    };
    let (stage_set, device) = (on_set.clone(), state.settings.device);
    let failed = matches!(state.engine, Engine::Failed(_));
    let shown_tour = tour.is_some();
    let docked = state.docked(shown_tour);
    let (beside, above) = (docked == Docked::Tour && beside, docked == Docked::Tour && above);
    html! {
        <div class={classes!("page", (state.settings.screen == Screen::Train).then_some("page-train"), shown_tour.then_some("touring"), dropping.then_some("dropping"))} data-testid="page">
            <Header unrouted={state.unrouted().is_some()} trace={state.trace.clone()} source={state.source.clone()} engine={state.engine.clone()} card={state.card.clone()} settings={state.settings}
                model={state.model.clone()} {models} on_choose={to(&state, Action::Choose)} save={save_menu} on_set={on_set.clone()} on_device={on_device.clone()} on_share={share::on_share(&state)} on_tour={on_tour.reform(|()| Some(0))} on_help={act(|| Action::Help(true))} />
            <div class={classes!("docks", (docked != Docked::Nothing).then_some("docks-on"), beside.then_some("docks-foot"), above.then_some("docks-sheet"))} data-testid="docks">
                <Notices notices={if docked == Docked::Notice { state.notices.clone() } else { Vec::new() }} on_dismiss={to(&state, Action::Dismiss)} on_retry={failed.then(|| on_device.reform(move |()| device))} {on_mend} />
                if docked == Docked::Help { <Help screen={state.settings.screen} on_close={act(|| Action::Help(false))} /> }
                <div hidden={docked != Docked::Tour}>{ for tour }</div>
            </div>
            if state.settings.screen != Screen::Train {
            <Later frames={1}><TextStrip text={state.text.clone()} trace={state.underlined()} layer={state.view.layer} token={state.view.token} expert={state.view.expert}
                generated={state.generated} settings={state.settings} cut={state.cut} running={state.running.is_some()} held={held.clone()}
                on_edit={to(&state, |(text, caret, replaced)| Action::Edit(text, caret, replaced))} {on_halt} on_token={to(&state, Action::Token)}>
                <Samples on_load={to(&state, Action::Load)} />
                <TextControls settings={state.settings} empty={state.text.is_empty()} on_set={on_set.clone()} on_clear={act(|| Action::Load(String::new()))} />
                <Generate settings={state.settings} running={state.running} writer={catalog::title(models::name(&state.model)).to_owned()} blocked={state.blocked().map(AttrValue::from)} said={state.ready() && !state.text.is_empty()} order={state.trace.as_ref().and_then(|trace| order::writing(&trace.model))} {on_set} {on_run} />
            </TextStrip></Later>
            }
            { match state.settings.screen {
                #[cfg(not(feature = "studio"))]
                Screen::Compare | Screen::Train => html! { <main class="screen">{ super::later::coming() }</main> },
                #[cfg(feature = "studio")]
                Screen::Compare => html! { <Compare state={Rc::new((*state).clone())} {theme} {reduced_motion} on_with={to(&state, Action::With)} {on_view} on_set={stage_set}
                    on_layer_token={to(&state, |(layer, token)| Action::Place(layer, token))} /> },
                #[cfg(feature = "studio")]
                Screen::Train => html! {},
                Screen::Explore => html! { <>
            <Later frames={3}><Stage state={Rc::new((*state).clone())} clock={(*clock).clone()} {theme} {reduced_motion} {on_view} on_set={stage_set} on_with={to(&state, Action::With)}
                on_layer_token={to(&state, |(layer, token)| Action::Place(layer, token))} on_load={to(&state, Action::Load)} on_live={act(|| Action::Live)} /></Later>
            <Later frames={2}><Inspector state={Rc::new((*state).clone())} on_expert={to(&state, |(layer, expert)| Action::Expert(layer, expert))} on_layer={to(&state, Action::Layer)} /></Later>
                </> },
            } }
            { lab }
        </div>
    }
}

/// A callback that turns its argument into an action.
fn to<T: 'static>(state: &UseReducerHandle<State>, make: impl Fn(T) -> Action + 'static) -> Callback<T> {
    let dispatch = state.dispatcher();
    Callback::from(move |value| dispatch.dispatch(make(value)))
}
