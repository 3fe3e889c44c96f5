//! The header: what model, what device, and the few things one does with the whole page.

use super::card::ModelCard;
use super::device::DeviceChip;
use super::effects;
use super::format::plural;
use super::gate_words;
use super::icon::Icon;
use super::menu::Menu;
use super::models::{Entry, Model, ModelList, catalog};
use super::settings::{Look, Screen, Settings, ThemeChoice};
use super::shared::Shared;
use super::state::{Engine, Source};
use super::translate::prose;
use crate::protocol::DeviceChoice;
use crate::scene::method::Kind;
use crate::scene::words::NOT_RECORDED;
use crate::trace::{ModelInfo, RunInfo, Trace};
use std::rc::Rc;
use yew::prelude::*;

/// What [`Header`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// The trace.
    pub trace: Option<Shared<Trace>>,
    /// Where it comes from.
    pub source: Source,
    /// Whether the text could not be routed though the engine answers.
    pub unrouted: bool,
    /// The engine.
    pub engine: Engine,
    /// The model's card.
    pub card: Option<Rc<String>>,
    /// What is set.
    pub settings: Settings,
    /// The model that is wanted.
    pub model: Model,
    /// The models that exist.
    pub models: Option<Shared<Vec<Entry>>>,
    /// Called with a model.
    pub on_choose: Callback<Model>,
    /// The save menu.
    pub save: Html,
    /// Called with new settings.
    pub on_set: Callback<Settings>,
    /// Called with a device to open.
    pub on_device: Callback<DeviceChoice>,
    /// Copies the link.
    pub on_share: Callback<()>,
    /// Starts the tour.
    pub on_tour: Callback<()>,
    /// Explains the keys.
    pub on_help: Callback<()>,
}

/// The header.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let run: Option<RunInfo> = props.trace.as_ref().and_then(|trace| trace.device.clone());
    let (icon, theme_name, next) = match props.settings.theme {
        ThemeChoice::System => ("system", "Theme: as the system", ThemeChoice::Light),
        ThemeChoice::Light => ("sun", "Theme: light", ThemeChoice::Dark),
        ThemeChoice::Dark => ("moon", "Theme: dark", ThemeChoice::System),
    };
    let theme = {
        let (settings, on_set) = (props.settings, props.on_set.clone());
        move |_| on_set.emit(Settings { theme: next, ..settings })
    };
    let shares = props.settings.screen != Screen::Train;
    html! {
        <header class="header" data-testid="header">
            { skip(&props.settings) }
            { loading(&props.engine) }
            <h1 class="wordmark" translate="no">{ "moescope" }</h1>
            <ScreenSwitch settings={props.settings} on_set={props.on_set.clone()} />
            if props.settings.screen == Screen::Explore { { model(props) } }
            <div class="header-right">
                <DeviceChip unrouted={props.unrouted} engine={props.engine.clone()} source={props.source.clone()} {run} choice={props.settings.device} on_device={props.on_device.clone()} />
                // The train screen has its own, which also says what the link cannot hold.
                if shares { <button type="button" class="quiet" data-testid="share" title="Copy a link to this text, model and selection" onclick={props.on_share.reform(|_| ())}>{ "Share" }</button> }
                { props.save.clone() }
                <button type="button" class="quiet" data-testid="tour-start" title="What is where on this screen" onclick={props.on_tour.reform(|_| ())}>{ "Tour" }</button>
                <button type="button" class="quiet wide-only" data-testid="help" aria-label="Keys" title="Keys (?)" onclick={props.on_help.reform(|_| ())}>{ "?" }</button>
                { more(props) }
                <button type="button" class="quiet" data-testid="theme" aria-label={theme_name} title={theme_name} onclick={theme}><Icon name={icon} /></button>
            </div>
        </header>
    }
}

/// The first stop of the keyboard: past the controls to what the screen shows. The train screen has its own.
fn skip(settings: &Settings) -> Html {
    let comparing = settings.screen == Screen::Compare;
    let name = match settings.look {
        _ if settings.screen == Screen::Train => return html! {},
        Look::Table => "Skip to the table",
        Look::Method if !comparing => "Skip to the method",
        Look::Flow | Look::Method => "Skip to the picture",
    };
    let first = if comparing { "main canvas, main .wide-table" } else { "main [tabindex=\"0\"], main button" };
    html! { <button type="button" class="button skip" data-testid="skip" onclick={move |_| effects::focus(first)}>{ name }</button> }
}

/// How far loading is, as a line below the header.
fn loading(engine: &Engine) -> Html {
    match engine {
        Engine::Loading { done, total: Some(total), what } if *total > 0 => {
            let share = (*done as f64 / *total as f64).min(1.0) * 100.0;
            let (width, now) = (format!("{share:.1}%"), format!("{share:.0}"));
            html! {
                <div class="loading" role="progressbar" aria-label={what.clone()} aria-valuenow={now} aria-valuemin="0" aria-valuemax="100" data-testid="loading">
                    <svg aria-hidden="true"><rect {width} height="100%" /></svg></div>
            }
        }
        _ => html! {},
    }
}

/// What a narrow header has no room for.
fn more(props: &HeaderProps) -> Html {
    let (settings, on_set) = (props.settings, props.on_set.clone());
    let item = |name: &'static str, what: &'static str, testid: &'static str, on: Callback<()>| {
        html! { <button type="button" class="menu-item" data-testid={testid} onclick={on.reform(|_: MouseEvent| ())}>{ name }<small>{ what }</small></button> }
    };
    let view = |(look, name): (Look, &'static str)| {
        let (what, testid) = match look {
            Look::Flow => ("the picture", "more-flow"),
            Look::Table => ("the same in numbers", "more-table"),
            Look::Method => ("how it decides", "more-method"),
        };
        let on_set = on_set.clone();
        item(name, what, testid, Callback::from(move |()| on_set.emit(Settings { look, ..settings })))
    };
    html! {
        <div class="narrow-only">
            <Menu testid="more" class="quiet" label={html! { "More" }}>
                if settings.screen == Screen::Explore { { for Look::ALL.into_iter().filter(|(look, _)| *look != settings.look).map(view) } }
                if props.settings.screen != Screen::Train { { item("Share", "a link to this text, model and selection", "more-share", props.on_share.clone()) } }
                { item("Tour", "what is where on this screen", "more-tour", props.on_tour.clone()) }
                if props.settings.screen == Screen::Explore && props.trace.is_some() {
                    <details class="menu-more"><summary class="menu-item" data-testid="more-model">{ "The model" }<small>{ "what it is and what was measured" }</small></summary>{ about(props) }</details>
                }
            </Menu>
        </div>
    }
}

/// What the two switches show.
#[derive(Clone, PartialEq, Properties)]
pub struct SwitchProps {
    /// What is set.
    pub settings: Settings,
    /// Called with new settings.
    pub on_set: Callback<Settings>,
}

/// Explore, compare or train.
#[component]
fn ScreenSwitch(props: &SwitchProps) -> Html {
    let choice = |(screen, name): (Screen, &'static str)| {
        let (settings, on_set) = (props.settings, props.on_set.clone());
        let on = settings.screen == screen;
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} title={screen.purpose()} data-testid={format!("screen-{}", screen.name())}
                onclick={move |_| on_set.emit(Settings { screen, ..settings })}>{ name }</button>
        }
    };
    html! { <nav class="segments" aria-label="Screen">{ for Screen::ALL.into_iter().map(choice) }</nav> }
}

/// Picture, table or method; several models have no method in common.
#[component]
pub fn ViewSwitch(props: &SwitchProps) -> Html {
    let comparing = props.settings.screen == Screen::Compare;
    let choice = |(look, name): (Look, &'static str)| {
        let (settings, on_set) = (props.settings, props.on_set.clone());
        let on = settings.look == look || (comparing && look == Look::Flow && settings.look == Look::Method);
        html! {
            <button type="button" class={if on { "on" } else { "" }} aria-pressed={on.to_string()} data-testid={format!("view-{}", look.name())}
                onclick={move |_| on_set.emit(Settings { look, ..settings })}>{ name }</button>
        }
    };
    html! {
        <div class="segments segments-small" role="group" aria-label="View">
            { for Look::ALL.into_iter().filter(|(look, _)| !comparing || *look != Look::Method).map(choice) }
        </div>
    }
}

/// The model's name and shape, and what its card says.
fn model(props: &HeaderProps) -> Html {
    let Some(trace) = &props.trace else {
        return html! { <span class="model soft">{ "loading the recording" }</span> };
    };
    let model = &trace.model;
    let (name, shape) = (catalog::title(&model.name), shape(model));
    html! {
        <Menu testid="model" class="model" label={html! { <span><b class="model-name" translate="no" title={name.to_owned()}>{ name }</b><span class="model-shape">{ prose(&shape) }</span><span class="model-layers">{ prose(&format!(" · {}", plural(model.layers, "layer", "layers"))) }</span></span> }} closes={false}>
            <ModelList entries={props.models.clone()} model={props.model.clone()} on_choose={props.on_choose.clone()} />
            <details class="model-about" data-testid="model-about"><summary>{ format!("About {name}") }</summary>{ about(props) }</details>
        </Menu>
    }
}

/// How many experts a token has of how many, after a model's name.
pub fn shape(model: &ModelInfo) -> String {
    let kind = Kind::of(model);
    match model.experts {
        1 => " · 1 network".to_owned(),
        experts if kind == Kind::Policy => format!(" · 1 of {} blocks or pass", experts - 1),
        experts if kind == Kind::ExpertChoice => format!(" · {experts} experts pick"),
        experts if model.method().is_some_and(|method| method.blends) => format!(" · all of {experts}"),
        experts if model.constants.shared > 0 => {
            format!(" · top {} of {experts} + {} shared", model.top_k, model.constants.shared)
        }
        experts => format!(" · top {} of {experts}", model.top_k),
    }
}

/// What the model is, from the trace and its card.
fn about(props: &HeaderProps) -> Html {
    let Some(trace) = &props.trace else { return html! {} };
    let model = &trace.model;
    let fact = |name: &'static str, value: String| html! { <><dt>{ name }</dt><dd>{ prose(&value) }</dd></> };
    html! {
        <>
            <dl class="facts">
                { fact("Model", model.name.clone()) }
                { fact("Gate", gate_words::gate(trace)) }
                { fact("Weights", if model.convention.is_empty() { NOT_RECORDED.to_owned() } else { model.convention.clone() }) }
                { fact(if props.source == Source::Recording { "Recorded" } else { "Computed" }, super::scores::computed(trace, 0)) }
            </dl>
            if let Some(card) = &props.card { <ModelCard card={card.clone()} /> }
        </>
    }
}
