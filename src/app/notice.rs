//! What the page has to say: one notice at a time, the newest, over the inspector's place, so that nothing moves when it comes
//! or goes. It is read out to those who cannot see it. What only says that something happened goes by itself.

use super::icon::Icon;
use super::translate::prose;
use crate::messages::files;
use gloo::timers::callback::Interval;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// Milliseconds between two looks at a notice that goes by itself.
const LOOK: u32 = 500;

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something could not be done.
    Fault,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Something by itself.
    Other,
    /// Whether the engine runs.
    Engine,
    /// A model that could not be had.
    Model,
    /// What was cut off the text.
    Cut,
    /// Another device that could not be had.
    Device,
    /// A text that could not be routed or continued.
    Route,
    /// A text that could not be routed as published on a GPU: on the CPU, or left to right, it can.
    Published,
    /// Something in the text that is no text and was replaced.
    Replaced,
    /// A link that lacks its text.
    Link,
    /// The bundled recording.
    Recording,
    /// How a generation ended.
    End,
    /// A file that is being opened, or could not be.
    File,
}

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Tells it from the others.
    pub id: u32,
    /// What it is about: a newer one about the same takes its place.
    pub topic: Topic,
    /// How serious.
    pub tone: Tone,
    /// What was wrong, where, and what to do.
    pub text: String,
}

/// What mends a fault of [`Topic::Published`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// The CPU.
    Cpu,
    /// Routing left to right.
    LeftToRight,
}

/// What [`Notices`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct NoticesProps {
    /// In the order they were said.
    pub notices: Vec<Notice>,
    /// Called with the number of a notice that was read.
    pub on_dismiss: Callback<u32>,
    /// Opens the engine again, where it failed.
    #[prop_or_default]
    pub on_retry: Option<Callback<()>>,
    /// Called with what is to mend a text that could not be routed as published.
    #[prop_or_default]
    pub on_mend: Callback<Mend>,
}

/// Milliseconds that a notice stays: to find it, and to read it at twelve letters a second.
fn stay(words: &str) -> u32 {
    u32::try_from(words.chars().count()).unwrap_or(u32::MAX).saturating_mul(1000 / 12).saturating_add(5000)
}

/// Lets the newest notice go once its time is over, which stands still while somebody points at it or another tab is shown.
#[hook]
fn use_stay(props: &NoticesProps) -> Rc<Cell<bool>> {
    let held = use_memo((), |()| Cell::new(false));
    let newest = props.notices.last().filter(|notice| notice.tone == Tone::Info).cloned();
    let (on_dismiss, holds) = (props.on_dismiss.clone(), held.clone());
    use_effect_with(newest, move |newest| {
        let watch = newest.as_ref().map(|notice| {
            let (id, left) = (notice.id, Cell::new(stay(&notice.text)));
            holds.set(false);
            Interval::new(LOOK, move || {
                if holds.get() || gloo::utils::document().hidden() {
                    return;
                }
                left.set(left.get().saturating_sub(LOOK));
                if left.get() == 0 {
                    on_dismiss.emit(id);
                }
            })
        });
        move || drop(watch)
    });
    held
}

/// The newest notice.
#[component]
pub fn Notices(props: &NoticesProps) -> Html {
    let held = use_stay(props);
    let hold = |on: bool| {
        let held = held.clone();
        move |_: PointerEvent| held.set(on)
    };
    let hold_focus = |on: bool| {
        let held = held.clone();
        move |_: FocusEvent| held.set(on)
    };
    let behind = props.notices.len().saturating_sub(1);
    let line = |notice: &Notice| {
        let failed = notice.topic == Topic::Engine && notice.tone == Tone::Fault;
        let retry = props.on_retry.clone().filter(|_| failed);
        let mend = |mend: Mend, name: &'static str, testid: &'static str| {
            let onclick = props.on_mend.reform(move |_| mend);
            html! { <>{ " " }<button type="button" class="link" data-testid={testid} {onclick}>{ name }</button></> }
        };
        let (id, on_dismiss) = (notice.id, props.on_dismiss.clone());
        let (tone, testid) = match notice.tone {
            Tone::Info => ("notice", "notice"),
            Tone::Fault => ("notice notice-fault", "fault"),
        };
        html! {
            <p key={id} class={tone} data-testid={testid} onpointerenter={hold(true)} onpointerleave={hold(false)}
                onfocusin={hold_focus(true)} onfocusout={hold_focus(false)}>
                <span>{ prose(&notice.text) }
                    if behind > 0 { { " " }<small>{ prose(&files::notices_behind(behind)) }</small> }
                    if let Some(retry) = retry {
                        { " " }<button type="button" class="link" data-testid="try-again"
                            onclick={retry.reform(|_| ())}>{ files::try_again() }</button>
                    }
                    if notice.topic == Topic::Published {
                        { mend(Mend::Cpu, files::use_cpu(), "mend-cpu") }
                        { mend(Mend::LeftToRight, files::route_left_to_right(), "mend-order") }
                    }</span>
                <button type="button" class="quiet" aria-label={files::dismiss()} data-testid="dismiss"
                    onclick={move |_| on_dismiss.emit(id)}>
                    <Icon name="close" />
                </button>
            </p>
        }
    };
    html! { <div class="notices" role="status" aria-live="polite">{ for props.notices.last().map(line) }</div> }
}
