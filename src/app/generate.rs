//! Continuing the text: the button beside the text, and how the next token is chosen.

use super::action::Action;
use super::context::use_dispatch;
use super::icon::Icon;
use super::menu::Menu;
use super::settings::{MAX_NEW_TOKENS, PageSettings};
use super::state::Running;
use super::translate::prose;
use crate::messages::explore;
use crate::protocol::Sampling;
use gloo::timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Milliseconds after the end of a generation in which nothing new is begun: “Stop” and “Continue” share a place, and a
/// click that meant the one may come when the other is there.
const HELD: u32 = 600;

/// What [`Generate`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct GenerateProps {
    /// What is set.
    pub settings: PageSettings,
    /// The generation under way.
    pub running: Option<Running>,
    /// Why there can be none now, if so.
    pub blocked: Option<AttrValue>,
    /// Whether the reason stands beside the button and not only in its description.
    pub said: bool,
    /// What people call the model that writes, which need not be one that is seen.
    pub writer: AttrValue,
    /// In which order the method writes, where that needs saying.
    pub order: Option<&'static str>,
}

/// The button and its settings.
#[component]
pub fn Generate(props: &GenerateProps) -> Html {
    let dispatch = use_dispatch();
    let held = use_state_eq(|| false);
    {
        let (held, was) = (held.clone(), use_mut_ref(|| false));
        use_effect_with(props.running.is_some(), move |&runs| {
            let ended = was.replace(runs) && !runs;
            held.set(ended);
            let timer = ended.then(|| Timeout::new(HELD, move || held.set(false)));
            move || drop(timer)
        });
    }
    let held = *held;
    let button = match props.running {
        Some(running) => html! {
            <button type="button" class="button loud" data-testid="stop" onclick={dispatch.reform(|_| Action::Generate(false))}>
                <Icon name="stop" /><span>{ prose(&explore::generate_stop(running.made, running.wanted)) }</span></button>
        },
        None => {
            let continues = || explore::generate_what(&props.writer).into();
            let title = props.blocked.clone().unwrap_or_else(continues);
            let dispatch = dispatch.clone();
            let start = move |_: MouseEvent| {
                if !held {
                    dispatch.emit(Action::Generate(true));
                }
            };
            html! {
                <>
                if let Some(why) = props.blocked.as_ref().filter(|_| props.said) {
                    <small class="soft generate-why" id="generate-why" data-testid="generate-why">{ why }</small>
                }
                <button type="button" class="button loud" data-testid="generate" aria-describedby="generate-why" {title}
                    disabled={props.blocked.is_some()} aria-disabled={held.then_some("true")} onclick={start}>
                    <span>{ explore::generate() }{ " " }</span>
                        <span class="generate-writer" translate="no">{ &props.writer }</span></button>
                </>
            }
        }
    };
    let (set, s) = (props.settings, props.settings.sampling);
    let change = |apply: fn(&mut PageSettings, f64)| {
        dispatch.reform(move |value: f64| {
            let mut next = set;
            apply(&mut next, value);
            Action::Set(next)
        })
    };
    let usual = dispatch.reform(move |_| {
        Action::Set(PageSettings {
            sampling: Sampling::default(),
            max_tokens: PageSettings::default().max_tokens,
            ..set
        })
    });
    html! {
        <div class="generate" data-testid="generate-panel">
            { button }
            <Menu testid="sampling" class="quiet" name={explore::sampling_what()} label={html! { { explore::sampling() } }} closes={false}>
                if let Some(words) = props.order { <p class="menu-text soft" data-testid="writing-order">{ words }</p> }
                <Slider name={explore::sampling_temperature()} testid="temperature"
                    value={f64::from(s.temperature)} low={0.0} high={2.0} step={0.05}
                    what={explore::sampling_temperature_what()} on_value={change(|n, v| n.sampling.temperature = v as f32)} />
                <Slider name={explore::sampling_top_k()} testid="top-k" value={s.top_k as f64} low={0.0} high={200.0} step={1.0}
                    what={explore::sampling_top_k_what()} on_value={change(|n, v| n.sampling.top_k = v as usize)} />
                <Slider name={explore::sampling_top_p()} testid="top-p" value={f64::from(s.top_p)} low={0.05} high={1.0} step={0.01}
                    what={explore::sampling_top_p_what()} on_value={change(|n, v| n.sampling.top_p = v as f32)} />
                <Slider name={explore::sampling_tokens()} testid="max-tokens" value={set.max_tokens as f64}
                    low={1.0} high={MAX_NEW_TOKENS as f64} step={1.0}
                    what={explore::sampling_tokens_what()} on_value={change(|n, v| n.max_tokens = v as usize)} />
                <Slider name={explore::sampling_seed()} testid="seed" value={s.seed as f64} low={0.0} high={999.0} step={1.0}
                    what={explore::sampling_seed_what()} on_value={change(|n, v| n.sampling.seed = v as u64)} />
                <button type="button" class="link" data-testid="sampling-reset" onclick={usual}>{ explore::sampling_usual() }</button>
            </Menu>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SliderProps {
    name: &'static str,
    testid: &'static str,
    what: &'static str,
    value: f64,
    low: f64,
    high: f64,
    step: f64,
    on_value: Callback<f64>,
}

/// A number with a slider and what it means.
#[component]
fn Slider(props: &SliderProps) -> Html {
    let set = {
        let on_value = props.on_value.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let value = input.value_as_number();
                if value.is_finite() {
                    on_value.emit(value);
                }
            }
        })
    };
    let shown = (props.value * 100.0).round() / 100.0;
    html! {
        <label class="slider">
            <span>{ prose(props.name) }</span><output translate="no">{ shown }</output>
            <input type="range" aria-label={props.name} data-testid={props.testid} min={props.low.to_string()}
                max={props.high.to_string()} step={props.step.to_string()} value={shown.to_string()} oninput={set} />
            <small>{ prose(props.what) }</small>
        </label>
    }
}
