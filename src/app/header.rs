//! The header: what model, what device, and the few things one does with the whole page.

use super::action::Action;
use super::browser;
use super::card::ModelCard;
use super::context::{Dispatch, use_dispatch};
use super::device::DeviceChip;
use super::gate_words;
use super::icon::Icon;
use super::menu::Menu;
use super::models::{Entry, Model, ModelList, catalog};
use super::settings::{Look, PageSettings, Screen, ThemeChoice};
use super::shared::Shared;
use super::state::{Engine, TraceSource};
use super::translate::prose;
use crate::messages::{explore, scene};
use crate::methods::{GateKind, Method};
use crate::trace::{ModelInfo, RunInfo, Trace};
use std::rc::Rc;
use yew::prelude::*;

/// What [`Header`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// The trace.
    pub trace: Option<Shared<Trace>>,
    /// Where it comes from.
    pub source: TraceSource,
    /// Whether the text could not be routed though the engine answers.
    pub unrouted: bool,
    /// The engine.
    pub engine: Engine,
    /// The model's card.
    pub card: Option<Rc<String>>,
    /// What is set.
    pub settings: PageSettings,
    /// The model that is wanted.
    pub model: Model,
    /// The models that exist.
    pub models: Option<Shared<Vec<Entry>>>,
    /// The save menu.
    pub save: Html,
}

/// The header.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let dispatch = use_dispatch();
    let run: Option<RunInfo> = props.trace.as_ref().and_then(|trace| trace.device.clone());
    let (icon, theme_name, next) = match props.settings.theme {
        ThemeChoice::System => ("system", explore::theme_system(), ThemeChoice::Light),
        ThemeChoice::Light => ("sun", explore::theme_light(), ThemeChoice::Dark),
        ThemeChoice::Dark => ("moon", explore::theme_dark(), ThemeChoice::System),
    };
    let settings = props.settings;
    let theme = dispatch.reform(move |_| Action::Set(PageSettings { theme: next, ..settings }));
    let tour = dispatch.reform(|_| Action::Tour(Some(0)));
    let help = dispatch.reform(|_| Action::Help(true));
    let share = dispatch.reform(|_| Action::Share);
    let shares = settings.screen != Screen::Train;
    html! {
        <header class="header" data-testid="header">
            { skip(&props.settings) }
            { loading(&props.engine) }
            <h1 class="wordmark" translate="no">{ "moescope" }</h1>
            <ScreenSwitch {settings} />
            if props.settings.screen == Screen::Explore { { model(props) } }
            <div class="header-right">
                <DeviceChip unrouted={props.unrouted} engine={props.engine.clone()} source={props.source.clone()} {run}
                    choice={settings.device} />
                // The train screen has its own, which also says what the link cannot hold.
                if shares {
                    <button type="button" class="quiet" data-testid="share" title={explore::share_what()}
                        onclick={share}>{ explore::share() }</button>
                }
                { props.save.clone() }
                <button type="button" class="quiet" data-testid="tour-start" title={explore::tour_what()}
                    onclick={tour}>{ explore::tour() }</button>
                <button type="button" class="quiet wide-only" data-testid="help" aria-label={explore::keys()} title={explore::keys_what()}
                    onclick={help}>{ "?" }</button>
                { more(props, &dispatch) }
                <button type="button" class="quiet" data-testid="theme" aria-label={theme_name} title={theme_name} onclick={theme}>
                    <Icon name={icon} /></button>
            </div>
        </header>
    }
}

/// The first stop of the keyboard: past the controls to what the screen shows. The train screen has its own.
fn skip(settings: &PageSettings) -> Html {
    let comparing = settings.screen == Screen::Compare;
    let name = match settings.look {
        _ if settings.screen == Screen::Train => return html! {},
        Look::Table => explore::skip_to_table(),
        Look::Method if !comparing => explore::skip_to_method(),
        Look::Flow | Look::Method => explore::skip_to_picture(),
    };
    let first = if comparing { "main canvas, main .wide-table" } else { "main [tabindex=\"0\"], main button" };
    let onclick = move |_: MouseEvent| browser::focus(first);
    html! { <button type="button" class="button skip" data-testid="skip" {onclick}>{ name }</button> }
}

/// How far loading is, as a line below the header.
fn loading(engine: &Engine) -> Html {
    match engine {
        Engine::Loading { done, total: Some(total), what } if *total > 0 => {
            let share = (*done as f64 / *total as f64).min(1.0) * 100.0;
            let (width, now) = (format!("{share:.1}%"), format!("{share:.0}"));
            html! {
                <div class="loading" role="progressbar" aria-label={what.clone()} aria-valuenow={now} aria-valuemin="0"
                    aria-valuemax="100" data-testid="loading">
                    <svg aria-hidden="true"><rect {width} height="100%" /></svg></div>
            }
        }
        _ => html! {},
    }
}

/// What a narrow header has no room for.
fn more(props: &HeaderProps, dispatch: &Dispatch) -> Html {
    let settings = props.settings;
    let item = |name: &'static str, what: &'static str, testid: &'static str, act: fn(PageSettings) -> Action| {
        let onclick = dispatch.reform(move |_: MouseEvent| act(settings));
        html! {
            <button type="button" class="menu-item" data-testid={testid} {onclick}>{ name }<small>{ what }</small></button>
        }
    };
    let view = |look: Look| {
        let set: fn(PageSettings) -> Action = match look {
            Look::Flow => {
                |settings| Action::Set(PageSettings { look: Look::Flow, screen: Screen::Explore, ..settings })
            }
            Look::Table => {
                |settings| Action::Set(PageSettings { look: Look::Table, screen: Screen::Explore, ..settings })
            }
            Look::Method => {
                |settings| Action::Set(PageSettings { look: Look::Method, screen: Screen::Explore, ..settings })
            }
        };
        let (what, testid) = match look {
            Look::Flow => (explore::more_flow(), "more-flow"),
            Look::Table => (explore::more_table(), "more-table"),
            Look::Method => (explore::more_method(), "more-method"),
        };
        item(look.title(), what, testid, set)
    };
    let explores = settings.screen == Screen::Explore;
    // The other screens have views of their own; how a token's choice is made is a tap away from them too.
    let offered = |look: Look| if explores { look != settings.look } else { look == Look::Method };
    html! {
        <div class="narrow-only">
            <Menu testid="more" class="quiet" label={html! { { explore::more() } }}>
                { for Look::ALL.into_iter().filter(|look| offered(*look)).map(view) }
                if settings.screen != Screen::Train {
                    { item(explore::share(), explore::more_share(), "more-share", |_| Action::Share) }
                }
                { item(explore::tour(), explore::more_tour(), "more-tour", |_| Action::Tour(Some(0))) }
                if explores && props.trace.is_some() {
                    <details class="menu-more"><summary class="menu-item" data-testid="more-model">{ explore::more_model() }
                        <small>{ explore::more_model_what() }</small></summary>{ about(props) }</details>
                }
            </Menu>
        </div>
    }
}

/// What the two switches show.
#[derive(Clone, PartialEq, Properties)]
pub struct SwitchProps {
    /// What is set.
    pub settings: PageSettings,
}

/// Explore, compare or train.
#[component]
fn ScreenSwitch(props: &SwitchProps) -> Html {
    let dispatch = use_dispatch();
    let choice = |screen: Screen| {
        let on = props.settings.screen == screen;
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} title={screen.purpose()}
                data-testid={format!("screen-{}", screen.name())} onclick={dispatch.reform(move |_| Action::Go(screen))}>
                { screen.title() }</button>
        }
    };
    html! { <nav class="segments" aria-label={explore::screens()}>{ for Screen::ALL.into_iter().map(choice) }</nav> }
}

/// Picture, table or method; several models have no method in common.
#[component]
pub fn ViewSwitch(props: &SwitchProps) -> Html {
    let dispatch = use_dispatch();
    let comparing = props.settings.screen == Screen::Compare;
    let choice = |look: Look| {
        let settings = props.settings;
        let onclick = dispatch.reform(move |_| Action::Set(PageSettings { look, ..settings }));
        let on = settings.look == look || (comparing && look == Look::Flow && settings.look == Look::Method);
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()}
                data-testid={format!("view-{}", look.name())} {onclick}>{ look.title() }</button>
        }
    };
    html! {
        <div class="segments segments-small" role="group" aria-label={explore::views()}>
            { for Look::ALL.into_iter().filter(|look| !comparing || *look != Look::Method).map(choice) }
        </div>
    }
}

/// The model's name and shape, and what its card says.
fn model(props: &HeaderProps) -> Html {
    let Some(trace) = &props.trace else {
        return html! { <span class="model soft">{ explore::model_loading() }</span> };
    };
    let model = &trace.model;
    let name = catalog::title(&model.name);
    let [shape, layers] = [shape(model), explore::shape_layers(model.layers)].map(|words| format!(" · {words}"));
    let label = html! {
        <span><b class="model-name" translate="no" title={name.to_owned()}>{ name }</b>
            <span class="model-shape">{ prose(&shape) }</span><span class="model-layers">{ prose(&layers) }</span></span>
    };
    html! {
        <Menu testid="model" class="model" {label} closes={false}>
            <ModelList entries={props.models.clone()} model={props.model.clone()} />
            <details class="model-about" data-testid="model-about">
                <summary>{ explore::about(name) }</summary>{ about(props) }</details>
        </Menu>
    }
}

/// How many experts a token has of how many, beside a model's name.
pub fn shape(model: &ModelInfo) -> String {
    let method = model.method();
    let is = |what: fn(&Method) -> bool| method.is_some_and(what);
    match model.experts {
        1 => explore::shape_network().to_owned(),
        experts if is(|method| method.gate == GateKind::Policy) => explore::shape_policy(experts.saturating_sub(1)),
        experts if is(Method::picks) => explore::shape_experts_pick(experts),
        experts if is(Method::varies) => explore::shape_varies(experts),
        experts if is(|method| method.blends) => explore::shape_all(experts),
        experts if model.constants.shared > 0 => explore::shape_shared(model.top_k, experts, model.constants.shared),
        experts => explore::shape_top(model.top_k, experts),
    }
}

/// What the model is, from the trace and its card.
fn about(props: &HeaderProps) -> Html {
    let Some(trace) = &props.trace else { return html! {} };
    let model = &trace.model;
    let fact = |name: &'static str, value: String| html! { <><dt>{ name }</dt><dd>{ prose(&value) }</dd></> };
    let recorded = Some(&model.convention).filter(|convention| !convention.is_empty());
    let convention = recorded.map_or_else(|| scene::not_recorded().to_owned(), Clone::clone);
    let recorded = props.source == TraceSource::Recording;
    let made = if recorded { explore::about_recorded() } else { explore::about_computed() };
    html! {
        <>
            <dl class="facts">
                { fact(explore::about_model(), model.name.clone()) }
                { fact(explore::about_gate(), gate_words::gate(trace)) }
                { fact(explore::about_weights(), convention) }
                { fact(made, super::scores::computed(trace, 0)) }
            </dl>
            if let Some(card) = &props.card { <ModelCard card={card.clone()} /> }
        </>
    }
}
