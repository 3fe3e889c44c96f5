//! The settings as controls: a number with a slider each, what it means, and what is wrong with it.

use super::act::Act;
use super::state::State;
use super::typed::Typed;
use crate::app::translate::prose;
use crate::methods::{Choices, Coefficient};
use crate::run::{Method, Settings, bounds};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A number that can be set.
pub struct Field {
    /// Its name in links.
    name: &'static str,
    label: &'static str,
    what: &'static str,
    /// Where the slider stops.
    stops: &'static [f64],
    applies: fn(&Settings) -> bool,
}

const RATES: &[f64] = &[0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0];
const WEIGHTS: &[f64] = &[0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0];
const SPEEDS: &[f64] = &[0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0];

/// What may change while it runs.
pub const LIVE: [Field; 6] = [
    Field {
        name: "lr",
        label: "Learning rate",
        what: "How far AdamW moves the weights in a step.",
        stops: RATES,
        applies: |_| true,
    },
    Field {
        name: "balance",
        label: "Balancing coefficient α",
        what: "Weight of the loss that punishes uneven load.",
        stops: WEIGHTS,
        applies: |s| s.method.has(Coefficient::Balance),
    },
    Field {
        name: "z",
        label: "Router z-loss",
        what: "Weight of the loss that keeps the router’s outputs small.",
        stops: WEIGHTS,
        applies: |s| s.method.has(Coefficient::Z),
    },
    Field {
        name: "noise",
        label: "Router noise",
        what: "Times the method’s own noise; 1 is as published.",
        stops: &[0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0],
        applies: |s| s.method.has(Coefficient::Noise),
    },
    Field {
        name: "capacity",
        label: "Capacity factor",
        what: "How many tokens an expert takes, over its even share.",
        stops: &[0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0],
        applies: |s| s.method.has(Coefficient::Capacity),
    },
    Field {
        name: "bias",
        label: "Bias-update speed",
        what: "How far the bias of an over- or underloaded expert moves in a step.",
        stops: SPEEDS,
        applies: |s| s.method.has(Coefficient::Bias),
    },
];

/// What a model is made of.
pub const SHAPE: [Field; 5] = [
    Field {
        name: "experts",
        label: "Experts",
        what: "In every layer, E.",
        stops: &[2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0],
        applies: |_| true,
    },
    Field {
        name: "k",
        label: "Chosen per token",
        what: "k of the E experts.",
        stops: &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0],
        applies: |s| matches!(s.method.choices(), Choices::Any | Choices::Pairs),
    },
    Field {
        name: "layers",
        label: "Layers",
        what: "Blocks.",
        stops: &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0],
        applies: |_| true,
    },
    Field {
        name: "width",
        label: "Width",
        what: "Numbers that a token carries; a multiple of 16.",
        stops: &[16.0, 32.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0],
        applies: |_| true,
    },
    Field {
        name: "inner",
        label: "Width inside an expert",
        what: "",
        stops: &[16.0, 32.0, 48.0, 64.0, 96.0, 128.0, 256.0, 512.0, 1024.0, 2048.0],
        applies: |_| true,
    },
];

/// What is read, and how much of it in a step.
pub const READING: [Field; 4] = [
    Field {
        name: "batch",
        label: "Sequences a step",
        what: "",
        stops: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
        applies: |_| true,
    },
    Field {
        name: "len",
        label: "Tokens a sequence",
        what: "Also the window that a token sees, and the group that shares a capacity.",
        stops: &[8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0],
        applies: |_| true,
    },
    Field {
        name: "vocabulary",
        label: "Vocabulary",
        what: "At most so many tokens, learned from the text.",
        stops: &[257.0, 320.0, 512.0, 1024.0, 2048.0, 4096.0],
        applies: |_| true,
    },
    Field {
        name: "seed",
        label: "Seed",
        what: "The same seed and settings give the same run.",
        stops: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
        applies: |_| true,
    },
];

/// The controls of some fields.
pub fn fields(state: &State, on: &Callback<Act>, fields: &'static [Field]) -> Html {
    let values = state.draft.fields();
    let of =
        |name: &str| values.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let one = |field: &'static Field| {
        let typo = state.typos.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.clone());
        control(field, &typo.unwrap_or_else(|| of(field.name)), state.wrong(field.name), on)
    };
    fields.iter().filter(|field| (field.applies)(&state.draft)).map(one).collect()
}

fn control(field: &'static Field, value: &str, wrong: Option<String>, on: &Callback<Act>) -> Html {
    let Field { name, label, what, stops, .. } = *field;
    let number: f64 = value.parse().unwrap_or(0.0);
    let distance = |stop: &f64| (stop - number).abs();
    let at = (0..stops.len()).min_by(|&a, &b| {
        let of = |at: usize| stops.get(at).map_or(f64::MAX, distance);
        of(a).total_cmp(&of(b))
    });
    let typed = on.reform(move |value: String| Act::Set(name, value));
    let slid = on.reform(move |event: InputEvent| {
        let at = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Act::Set(name, stops.get(at as usize).copied().unwrap_or_default().to_string())
    });
    let may = bounds::bounds(name).map_or_else(String::new, |may| format!(" It is {may}."));
    html! {
        <div class="lab-field" key={name} title={format!("{what}{may}").trim().to_owned()}>
            <label for={format!("lab-{name}")}>{ prose(label) }</label>
            <Typed id={format!("lab-{name}")} testid={format!("lab-{name}")} value={value.to_owned()} invalid={wrong.is_some()}
                described={wrong.is_some().then(|| format!("lab-{name}-error"))} on_done={typed} />
            <input class="lab-range" type="range" aria-label={label} aria-valuetext={value.to_owned()} min="0" max={(stops.len() - 1).to_string()} step="1"
                value={at.unwrap_or(0).to_string()} oninput={slid} />
            if let Some(wrong) = wrong { <small id={format!("lab-{name}-error")} class="lab-error" data-testid="lab-error">{ prose(&wrong) }</small> }
        </div>
    }
}

/// A choice of a few names.
pub fn choice(
    (name, label): (&'static str, &'static str),
    value: &str,
    options: Vec<(&'static str, String)>,
    on: &Callback<Act>,
) -> Html {
    let set = on.reform(move |event: Event| Act::Set(name, event.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |(own, title): (&'static str, String)| html! { <option key={own} value={own} selected={own == value}>{ title }</option> };
    html! {
        <div class="lab-field">
            <label for={format!("lab-{name}")}>{ prose(label) }</label>
            <select id={format!("lab-{name}")} data-testid={format!("lab-{name}")} onchange={set}>{ for options.into_iter().map(option) }</select>
        </div>
    }
}

/// All methods, with what nothing is called in front if that is a choice.
pub fn methods(nothing: Option<&str>) -> Vec<(&'static str, String)> {
    let nothing = nothing.map(|title| ("none", title.to_owned()));
    nothing.into_iter().chain(Method::ALL.into_iter().map(|method| (method.name(), method.title()))).collect()
}
