//! A field that one can type into while a run redraws the page many times a second: what is typed stays as it is until it
//! is done.

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What [`Typed`] holds.
#[derive(Clone, PartialEq, Properties)]
pub struct TypedProps {
    /// The value in force.
    pub value: String,
    /// Called with what was typed, once it is done.
    pub on_done: Callback<String>,
    /// A sentence instead of a number.
    #[prop_or_default]
    pub sentence: bool,
    /// The element's id.
    #[prop_or_default]
    pub id: Option<String>,
    /// For screen readers, where no label has the id.
    #[prop_or_default]
    pub label: Option<&'static str>,
    /// Whether the value is wrong.
    #[prop_or_default]
    pub invalid: bool,
    /// The id of the message that says why.
    #[prop_or_default]
    pub described: Option<String>,
    /// For tests.
    pub testid: String,
}

/// How long typing must rest before a sentence holds, in milliseconds.
const REST: u32 = 500;

/// The field. Typing ends with Enter, where that makes no new line, or when another control gets the keyboard; a sentence
/// holds as soon as typing rests.
#[component]
pub fn Typed(props: &TypedProps) -> Html {
    let draft = use_state(|| None::<String>);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let value = (*draft).clone().unwrap_or_else(|| props.value.clone());
    let oninput = {
        let (draft, waiting, sentence) = (draft.clone(), waiting.clone(), props.sentence);
        let on_done = props.on_done.clone();
        move |event: InputEvent| {
            let typed = event.target().and_then(|target| text(&target));
            let wanted = typed.clone().filter(|text| sentence && !text.is_empty());
            let on_done = on_done.clone();
            waiting.replace(wanted.map(|text| Timeout::new(REST, move || on_done.emit(text))));
            draft.set(typed);
        }
    };
    let onchange = {
        let (draft, on_done) = (draft.clone(), props.on_done.clone());
        move |event: Event| {
            waiting.replace(None);
            if let Some(text) = event.target().and_then(|target| text(&target)) {
                on_done.emit(text);
            }
            draft.set(None);
        }
    };
    // What was typed and taken back again ends without a change.
    let onblur = move |_: FocusEvent| draft.set(None);
    let TypedProps { id, label, testid, .. } = props.clone();
    if props.sentence {
        return html! {
            <textarea class="lab-probe-text" rows="2" {id} aria-label={label} maxlength="400" {value}
                data-testid={testid} {oninput} {onchange} {onblur} />
        };
    }
    html! {
        <input {id} class="lab-number" type="number" step="any" aria-label={label} data-testid={testid} {value}
            aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()} {oninput} {onchange} {onblur} />
    }
}

fn text(target: &web_sys::EventTarget) -> Option<String> {
    let input = target.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    input.or_else(|| target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
}
