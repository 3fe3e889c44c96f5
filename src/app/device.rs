//! The device chip: where the numbers on the screen come from, and how to have them from somewhere else.

use super::action::Action;
use super::context::use_dispatch;
use super::format::{bytes, millis};
use super::menu::Menu;
use super::state::{Engine, Source};
use super::translate::prose;
use crate::protocol::DeviceChoice;
use crate::trace::RunInfo;
use yew::prelude::*;

/// What [`DeviceChip`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DeviceProps {
    /// The engine.
    pub engine: Engine,
    /// Where the trace comes from.
    pub source: Source,
    /// Whether the text could not be routed though the engine answers.
    pub unrouted: bool,
    /// What the trace says about its device.
    pub run: Option<RunInfo>,
    /// The wanted device.
    pub choice: DeviceChoice,
}

/// The chip and its panel.
#[component]
pub fn DeviceChip(props: &DeviceProps) -> Html {
    let (state, dot, (short, more)) = summary(props);
    let dispatch = use_dispatch();
    let choices = [
        (DeviceChoice::Auto, "Automatic", "WebGPU where it is safe and real, else the CPU"),
        (DeviceChoice::Gpu, "WebGPU", "Compute shaders on the graphics card"),
        (DeviceChoice::Cpu, "CPU", "Works everywhere"),
    ];
    let radio = |(choice, name, what): (DeviceChoice, &'static str, &'static str)| {
        let open = dispatch.reform(move |_: Event| Action::Device(choice));
        let testid = format!("device-{}", choice.name());
        html! {
            <label class="choice">
                <input type="radio" name="device" data-testid={testid} checked={props.choice == choice} onchange={open} />
                <span>{ name }<small>{ what }</small></span>
            </label>
        }
    };
    let choice = props.choice;
    let retry = dispatch.reform(move |_| Action::Device(choice));
    let label = html! {
        <><i class={classes!("dot", dot)} />
            <span data-testid="device-summary">{ prose(&short) }<span class="device-more">{ prose(&more) }</span></span></>
    };
    html! {
        <Menu testid="device" class="device" {label}>
            <p class="menu-text" data-testid="device-why">{ prose(&state) }</p>
            if matches!(props.engine, Engine::Failed(_)) {
                <button type="button" class="button" data-testid="retry" onclick={retry}>{ "Try again" }</button>
            }
            <fieldset><legend>{ "Compute on" }</legend>{ for choices.into_iter().map(radio) }</fieldset>
            <p class="menu-text soft">{ "Your text stays on this machine. Nothing is sent anywhere." }</p>
        </Menu>
    }
}

/// In a sentence, as a dot, and in a word, with what a narrow header leaves out after it.
fn summary(props: &DeviceProps) -> (String, &'static str, (String, String)) {
    let time = props.run.as_ref().map(|run| millis(run.forward_ms)).unwrap_or_default();
    let engine = match &props.engine {
        Engine::Starting => ("The engine is starting.".to_owned(), "dot-busy", ("starting".to_owned(), String::new())),
        Engine::Loading { what, done, total } => {
            let so_far = match total {
                Some(total) => (bytes(*done), format!(" of {}", bytes(*total))),
                None if *done > 0 => (bytes(*done), String::new()),
                None => ("loading".to_owned(), String::new()),
            };
            (format!("{what} {}{}", so_far.0, so_far.1), "dot-busy", so_far)
        }
        Engine::Ready(device) => {
            let short = if device.gpu { "WebGPU" } else { "CPU" };
            (format!("{}. {}", device.name, device.why), "dot-ready", (short.to_owned(), String::new()))
        }
        Engine::Failed(why) => (why.clone(), "dot-fault", ("no engine".to_owned(), String::new())),
    };
    match &props.source {
        Source::Live if time.is_empty() || matches!(props.engine, Engine::Failed(_)) => engine,
        Source::Live => (engine.0, engine.1, (engine.2.0, format!(" · {time}"))),
        Source::File(name) => (
            format!("Opened file {name}. {}", engine.0),
            engine.1,
            ("file".to_owned(), format!(" · {}{}", engine.2.0, engine.2.1)),
        ),
        Source::Recording => {
            let from = props.run.as_ref().map(|run| format!(", made on {}", run.device)).unwrap_or_default();
            let until = match props.engine {
                Engine::Failed(_) => "Your text is not routed",
                Engine::Ready(_) if props.unrouted => "Your text is not routed",
                _ => "It stays until your text is routed here",
            };
            (
                format!("A recording of Mixtral{from}. {until}. {}", engine.0),
                engine.1,
                // Nothing of what is shown was computed on a device here.
                (
                    "recording".to_owned(),
                    if props.unrouted { String::new() } else { format!(" · {}{}", engine.2.0, engine.2.1) },
                ),
            )
        }
    }
}
