//! The device chip: where the numbers on the screen come from, and how to have them from somewhere else.

use super::action::Action;
use super::context::use_dispatch;
use super::format::{bytes, millis};
use super::menu::Menu;
use super::state::{Engine, TraceSource};
use super::translate::prose;
use crate::messages::{app, files};
use crate::protocol::DeviceChoice;
use crate::trace::RunInfo;
use yew::prelude::*;

/// What [`DeviceChip`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct DeviceProps {
    /// The engine.
    pub engine: Engine,
    /// Where the trace comes from.
    pub source: TraceSource,
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
    let Told { words, dot, short, more } = summary(props);
    let dispatch = use_dispatch();
    let choices = [
        (DeviceChoice::Auto, app::device_auto(), app::device_auto_note()),
        (DeviceChoice::Gpu, "WebGPU", app::device_gpu_note()),
        (DeviceChoice::Cpu, "CPU", app::device_cpu_note()),
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
            <p class="menu-text" data-testid="device-why">{ prose(&words) }</p>
            if matches!(props.engine, Engine::Failed(_)) {
                <button type="button" class="button" data-testid="retry" onclick={retry}>{ files::try_again() }</button>
            }
            <fieldset><legend>{ app::device_choose() }</legend>{ for choices.into_iter().map(radio) }</fieldset>
            <p class="menu-text soft">{ app::device_private() }</p>
        </Menu>
    }
}

/// What the chip and its menu say.
struct Told {
    /// In sentences.
    words: String,
    /// As a dot.
    dot: &'static str,
    /// In a word.
    short: String,
    /// What stands after that where there is room.
    more: String,
}

/// How far the engine is.
fn of_engine(engine: &Engine) -> Told {
    let told = |words: String, dot, short: &str| Told { words, dot, short: short.to_owned(), more: String::new() };
    match engine {
        Engine::Starting => told(app::device_starting().to_owned(), "dot-busy", app::chip_starting()),
        Engine::Loading { what, done, total } => match (bytes(*done), total.map(bytes)) {
            (done, Some(total)) => {
                let words = app::device_of(what, &done, &total);
                Told { words, dot: "dot-busy", short: done, more: format!(" / {total}") }
            }
            (far, None) if *done > 0 => told(app::device_so_far(what, &far), "dot-busy", &far),
            (_, None) => told(app::device_loading(what), "dot-busy", app::chip_loading()),
        },
        Engine::Ready(device) => {
            let short = if device.gpu { "WebGPU" } else { "CPU" };
            told(app::device_in_use(&device.name, &device.why), "dot-ready", short)
        }
        Engine::Failed(why) => told(why.clone(), "dot-fault", app::chip_no_engine()),
    }
}

/// How far the engine is, and where the numbers on the screen come from.
fn summary(props: &DeviceProps) -> Told {
    let time = props.run.as_ref().map(|run| millis(run.forward_ms));
    let engine = of_engine(&props.engine);
    let failed = matches!(props.engine, Engine::Failed(_));
    match &props.source {
        TraceSource::Live => match time.filter(|_| !failed) {
            Some(time) => Told { more: format!(" · {time}"), ..engine },
            None => engine,
        },
        TraceSource::File(name) => Told {
            words: format!("{} {}", app::device_file(name), engine.words),
            short: app::chip_file().to_owned(),
            more: format!(" · {}{}", engine.short, engine.more),
            dot: engine.dot,
        },
        TraceSource::Recording => {
            let made = props.run.as_ref();
            let from =
                made.map_or_else(|| app::device_recording().to_owned(), |run| app::device_recording_on(&run.device));
            let until = match props.engine {
                Engine::Failed(_) => app::device_not_routed(),
                Engine::Ready(_) if props.unrouted => app::device_not_routed(),
                _ => app::device_recording_stays(),
            };
            Told {
                words: format!("{from} {until} {}", engine.words),
                short: app::chip_recording().to_owned(),
                // Nothing of what is shown was computed on a device here.
                more: if props.unrouted { String::new() } else { format!(" · {}{}", engine.short, engine.more) },
                dot: engine.dot,
            }
        }
    }
}
