//! The method view: how the method decides in the selected layer, taught with the numbers of the selected token.

mod bias;
mod conventions;
mod cost;
mod dense;
mod maths;
mod painted;

use super::action::Action;
use super::context::{Dispatch, use_dispatch, use_page};
use super::domain_select::domains;
use super::samples;
use super::settings::PageSettings;
use super::translate::prose;
use crate::app::shared::Shared;
use crate::messages::method as words;
use crate::methods::{self, Ahead, Lesson, Method};
use crate::scene::method::{Picture, Place, arithmetic, order, picture, queues};
use crate::scene::{ViewState, theme::Theme};
use crate::trace::Trace;
use conventions::Conventions;
use dense::DenseBlock;
use gloo::events::EventListener;
use maths::maths;
use painted::{Painted, TableTwin};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Width of a picture before its room is known.
const WIDTH: f32 = 640.0;

/// What [`MethodView`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct MethodProps {
    /// The trace.
    pub trace: Shared<Trace>,
    /// The model's card.
    pub card: Option<Rc<String>>,
    /// The selected layer.
    pub layer: usize,
    /// The selected token.
    pub token: usize,
    /// What is set.
    pub settings: PageSettings,
    /// Whether the engine computes on a GPU.
    pub gpu: bool,
    /// Whether a part of the text was generated.
    pub generated: bool,
    /// Light or dark.
    pub theme: Theme,
}

/// The view.
#[component]
pub fn MethodView(props: &MethodProps) -> Html {
    let ((room, width), dispatch) = (use_width(), use_dispatch());
    let (trace, card) = (&props.trace, props.card.as_deref());
    let view = ViewState { layer: props.layer, token: props.token, ..ViewState::default() };
    let Some(at) = Place::of(trace, &view) else { return unrecorded(trace) };
    let taught = trace.model.method().and_then(|method| Some((method, methods::lesson(method)?)));
    let shown = picture(trace, &view, width, &domains(card));
    let own = |card: &serde_json::Value| card.get("name").and_then(|name| name.as_str()) == Some(&trace.model.name);
    let card: Option<serde_json::Value> = card.and_then(|card| serde_json::from_str(card).ok()).filter(own);
    let looks = trace.model.method().and_then(|method| Some((method, method.ahead?)));
    let steps = arithmetic::steps(&at, false).into_iter().map(|step| html! { <li>{ maths(&step) }</li> });
    html! {
        <div class="method" data-testid="method" tabindex="0" role="region" aria-label={words::view()}>
            <section class="method-picture" ref={room}>
                <h2>{ prose(&words::head(props.layer + 1)) }</h2>
                if let Some(looks) = looks { { ahead(props, &dispatch, looks) } }
                if trace.model.method() == Some(&methods::DENSE) {
                    <DenseBlock trace={trace.clone()} at={(props.layer, props.token)} {width} theme={props.theme} />
                } else {
                    <>if queues::are_empty(at.layer) { <Longer /> }{ drawn(shown, props.theme) }</>
                }
                if let Some(own) = trace.model.method().and_then(|method| method.order) {
                    <Conventions key={trace.model.name.clone()} {own} logits={at.logits.row(at.token).to_vec()}
                        learnt={at.layer.extra.row(0).to_vec()} k={trace.model.top_k} />
                }
            </section>
            <section class="method-lesson" data-testid="method-lesson">
                if let Some((method, lesson)) = taught { { teach(method, &lesson) } }
                <h3>{ words::token() }</h3>
                <ol class="method-steps" data-testid="method-steps">{ for steps }</ol>
                if let Some((_, lesson)) = taught { { limits(&lesson) } }
                { cost::facts(card.as_ref(), trace) }
            </section>
        </div>
    }
}

/// Where a layer's numbers are not all recorded, or there is no token: that, and what the method is where that is known.
fn unrecorded(trace: &Trace) -> Html {
    let lack = match trace.is_empty() {
        true => words::no_token(),
        false => words::not_recorded(),
    };
    let taught = trace.model.method().and_then(|method| Some((method, methods::lesson(method)?)));
    html! {
        <div class="method" data-testid="method" tabindex="0" role="region" aria-label={words::view()}>
            <section class="method-picture"><p class="soft" data-testid="method-none">{ lack }</p></section>
            if let Some((method, lesson)) = taught {
                <section class="method-lesson" data-testid="method-lesson">
                    { teach(method, &lesson) }{ limits(&lesson) }</section>
            }
        </div>
    }
}

/// The method's picture with its twin, or that it has none.
fn drawn(shown: Option<Picture>, theme: Theme) -> Html {
    match shown {
        Some(Picture { scene, table }) => html! {
            <figure class="method-figure">
                <figcaption><b data-testid="method-title">{ prose(&scene.title) }</b>
                    <span data-testid="method-caption">{ prose(&scene.description) }</span></figcaption>
                <div class="method-scroll"><Painted {scene} {theme} /></div>
                <TableTwin {table} />
            </figure>
        },
        None => {
            html! { <p class="soft" data-testid="method-none">{ words::no_picture() }</p> }
        }
    }
}

/// Where no expert is full on this text, so that its queues show nothing: the way to a text on which some are.
#[component]
fn Longer() -> Html {
    let (state, dispatch) = (use_page(), use_dispatch());
    let Some(long) = samples::longest().filter(|long| long.text != *state.text) else { return html! {} };
    let load = dispatch.reform(move |_| Action::Load(long.text.clone()));
    html! {
        <p class="soft method-longer">{ words::nobody_queues() }{ " " }
            <button type="button" class="button" data-testid="load-long" onclick={load}>{ words::load_long() }</button></p>
    }
}

/// The switch between the published form and the causal one.
fn ahead(props: &MethodProps, dispatch: &Dispatch, (method, how): (&Method, Ahead)) -> Html {
    let settings = props.settings;
    let disabled = method.on_host && props.gpu && !settings.ahead;
    let now = order::routed(&props.trace, props.generated).unwrap_or_default();
    let change = dispatch.reform(move |_| Action::Set(PageSettings { ahead: !settings.ahead, ..settings }));
    let name = match how {
        Ahead::Published => words::ahead_published(),
        Ahead::Training => words::ahead_training(),
    };
    html! {
        <div class="method-ahead">
            <label class="choice">
                <input type="checkbox" data-testid="ahead" checked={settings.ahead} {disabled} onchange={change} />
                <span>{ name }<small>{ words::ahead_note() }</small></span></label>
            <p class="soft small" data-testid="ahead-now">{ prose(&now) }
                if disabled { { " " }{ words::ahead_on_host() } }</p>
        </div>
    }
}

fn teach(method: &'static Method, lesson: &Lesson) -> Html {
    let row = |name: &'static str, value: &'static str| html! { <><dt>{ name }</dt><dd>{ maths(value) }</dd></> };
    html! {
        <>
            <h2>{ method.title }</h2>
            <p class="soft small" data-testid="method-source" translate="no">{ method.paper }</p>
            <p>{ maths(lesson.what) }</p>
            <p class="formula" translate="no" data-testid="method-formula">{ maths(lesson.formula) }</p>
            <dl class="method-convention" data-testid="method-convention">
                { row(words::score(), lesson.score) }{ row(words::choice(), lesson.selection) }
                { row(words::weight(), lesson.weight) }{ row(words::balance(), lesson.balance) }
            </dl>
        </>
    }
}

fn limits(lesson: &Lesson) -> Html {
    let part = |name: &'static str, said: &'static str| html! { <><h3>{ name }</h3><p>{ said }</p></> };
    html! {
        <>
            { part(words::look(), lesson.look) }
            { part(words::cannot(), lesson.cannot) }
            if !lesson.ahead.is_empty() { { part(words::looks_ahead(), lesson.ahead) } }
        </>
    }
}

/// The room that an element has for a picture, now and after the window changes.
#[hook]
fn use_width() -> (NodeRef, f32) {
    let (room, width) = (use_node_ref(), use_state(|| WIDTH));
    {
        let (room, width) = (room.clone(), width.setter());
        use_effect_with((), move |()| {
            let measure = move || {
                if let Some(element) = room.cast::<HtmlElement>() {
                    width.set((element.client_width() as f32 - 34.0).max(280.0));
                }
            };
            measure();
            let listener = EventListener::new(&gloo::utils::window(), "resize", move |_| measure());
            move || drop(listener)
        });
    }
    (room, *width)
}
