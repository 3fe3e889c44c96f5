//! The shell: owns the state and the wire to the engine, and lays out the panels.

use super::action::Action;
use super::flow::Clock;
use super::header::Header;
use super::help::Help;
use super::later::Later;
use super::models::{self, catalog};
use super::notice::{Notices, Tone, Topic};
use super::save::SaveMenu;
use super::settings::Screen;
use super::stage::Stage;
use super::state::{Docked, Engine, State};
use super::store::Store;
use super::text_strip::TextStrip;
use super::tour::Tour;
#[cfg(feature = "studio")]
use super::{compare::Compare, lab::Lab};
use super::{effects, generate::Generate, history, hooks, inspector::Inspector, kept, samples::Samples, tour_steps};
use super::{text_controls::TextControls, whole};
use crate::scene::{method::order, theme::Theme};
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let reduced_motion = effects::use_media("(prefers-reduced-motion: reduce)");
    let system_is_dark = effects::use_media("(prefers-color-scheme: dark)");
    let start = use_memo((), |()| {
        let state = State::from_address(history::read_address(), !reduced_motion).showing(kept::file());
        whole::start(State { tour_seen: kept::tour_seen(), ..state })
    });
    let held = start.held.clone();
    let (clock, redraw) = (use_memo((), |()| Clock::default()), use_force_update());
    let store = use_memo((), |()| {
        Store::new(start.state.clone(), held.clone(), Callback::from(move |()| redraw.force_update()))
    });
    let (state, dispatch) = (store.state(), store.dispatch().clone());
    {
        let dispatch = dispatch.clone();
        use_effect_with((), move |()| dispatch.emit(Action::Begin));
    }
    let theme = state.settings.theme.resolve(system_is_dark);
    effects::use_theme(theme);
    let theme = if effects::use_media("(forced-colors: active)") { Theme::Forced } else { theme };
    history::use_address(&state, &store);
    hooks::show(state.trace.as_ref(), &state.source, state.device.as_ref().is_some_and(|device| device.gpu));

    let act = |make: fn() -> Action| dispatch.reform(move |()| make());
    let on_view = dispatch.reform(Action::View);
    let on_set = dispatch.reform(Action::Set);
    let on_say = dispatch.reform(|(tone, text): (Tone, String)| Action::Say(tone, text));
    let on_files = dispatch.reform(Action::Files);
    let dropping = effects::use_drop(dispatch.reform(|dropped: effects::Dropped| match dropped {
        Ok(files) => Action::Files(files),
        Err(name) => Action::SayAbout(Topic::File, Tone::Fault, effects::of_folder(&name)),
    }));
    effects::use_keys(&store, &clock);
    let on_device = dispatch.reform(Action::Device);
    let on_mend = dispatch.reform(Action::Mend);
    let (on_run, on_halt) = (dispatch.reform(Action::Generate), act(|| Action::Halt));
    let on_step = dispatch.reform(Action::Tour);
    let on_share = act(|| Action::Share);
    let save_menu = if state.settings.screen == Screen::Train {
        html! {} // It has a menu of its own for what is seen there.
    } else {
        html! { <SaveMenu state={state.clone()} {theme} on_say={on_say.clone()} on_files={on_files.clone()} /> }
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
            <Lab shown={state.settings.screen == Screen::Train} link={state.run.clone()} device={state.settings.device} {theme} {reduced_motion}
                given={state.for_train.clone()} dispatch={dispatch.clone()} />
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
                model={state.model.clone()} models={state.models.clone()} on_choose={dispatch.reform(Action::Choose)} save={save_menu} on_set={on_set.clone()} on_device={on_device.clone()} on_share={on_share.clone()} on_tour={act(|| Action::Tour(Some(0)))} on_help={act(|| Action::Help(true))} />
            <div class={classes!("docks", (docked != Docked::Nothing).then_some("docks-on"), beside.then_some("docks-foot"), above.then_some("docks-sheet"))} data-testid="docks">
                <Notices notices={if docked == Docked::Notice { state.notices.clone() } else { Vec::new() }} on_dismiss={dispatch.reform(Action::Dismiss)} on_retry={failed.then(|| on_device.reform(move |()| device))} {on_mend} />
                if docked == Docked::Help { <Help screen={state.settings.screen} on_close={act(|| Action::Help(false))} /> }
                <div hidden={docked != Docked::Tour}>{ for tour }</div>
            </div>
            if state.settings.screen != Screen::Train {
            <Later frames={1}><TextStrip text={state.text.clone()} trace={state.underlined()} layer={state.view.layer} token={state.view.token} expert={state.view.expert}
                generated={state.generated} settings={state.settings} cut={state.cut} running={state.running.is_some()} held={held.clone()}
                on_edit={dispatch.reform(|(text, caret, replaced)| Action::Edit(text, caret, replaced))} {on_halt} on_token={dispatch.reform(Action::Token)}>
                <Samples on_load={dispatch.reform(Action::Load)} />
                <TextControls settings={state.settings} empty={state.text.is_empty()} on_set={on_set.clone()} on_clear={act(|| Action::Load(String::new()))} />
                <Generate settings={state.settings} running={state.running} writer={catalog::title(models::name(&state.model)).to_owned()} blocked={state.blocked().map(AttrValue::from)} said={state.ready() && !state.text.is_empty()} order={state.trace.as_ref().and_then(|trace| order::writing(&trace.model))} {on_set} {on_run} />
            </TextStrip></Later>
            }
            { match state.settings.screen {
                #[cfg(not(feature = "studio"))]
                Screen::Compare | Screen::Train => html! { <main class="screen">{ super::later::coming() }</main> },
                #[cfg(feature = "studio")]
                Screen::Compare => html! { <Compare state={state.clone()} {theme} {reduced_motion} on_with={dispatch.reform(Action::With)} {on_view} on_set={stage_set}
                    on_layer_token={dispatch.reform(|(layer, token)| Action::Place(layer, token))} /> },
                #[cfg(feature = "studio")]
                Screen::Train => html! {},
                Screen::Explore => html! { <>
            <Later frames={3}><Stage state={state.clone()} clock={(*clock).clone()} {theme} {reduced_motion} {on_view} on_set={stage_set} on_with={dispatch.reform(Action::With)}
                on_layer_token={dispatch.reform(|(layer, token)| Action::Place(layer, token))} on_load={dispatch.reform(Action::Load)} on_live={act(|| Action::Live)} /></Later>
            <Later frames={2}><Inspector state={state.clone()} on_expert={dispatch.reform(|(layer, expert)| Action::Expert(layer, expert))} on_layer={dispatch.reform(Action::Layer)} /></Later>
                </> },
            } }
            { lab }
        </div>
    }
}
