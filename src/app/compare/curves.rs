//! How the losses of the chosen models fell: against steps, operations and seconds.

use super::flows::order;
use super::results::{made, sheet};
use super::{Look, shelf::Put, shelf::Shelf};
use crate::app::format::count;
use crate::app::scene_view::{drawn, place};
use crate::results::shown::{Shown, Table, Way};
use crate::scene::{
    curves::{Chart, Line},
    difference::letter,
    shape::Size,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

const HEIGHT: f32 = 250.0;
const GAP: f32 = 28.0;
const LEAST: f32 = 320.0;
/// Hues of the three models: far apart in tone as well.
const HUES: [u8; 3] = [0, 3, 2];

/// A moment of a model's training.
#[derive(Clone, Copy)]
struct Moment {
    step: usize,
    tera: f64,
    seconds: f64,
    loss: f64,
}

/// What is along a chart: its name, and how far a moment is.
type Axis = (&'static str, fn(&Moment) -> f64);

/// One model's line.
struct Traced<'a> {
    place: usize,
    way: &'a Way,
    moments: Vec<Moment>,
}

/// The section.
pub fn section(look: &Look<'_>, shown: &Shown, shelf: &UseReducerHandle<Shelf>) -> Html {
    let (width, held_out) = (look.width, !shelf.training);
    let names = look.with.names();
    let line = |(place, name): (usize, &String)| {
        let way = shown.ways.iter().find(|way| way.preset == *name)?;
        let points = if held_out { &way.held_out } else { &way.trained };
        let moment =
            |&(step, seconds, loss): &(usize, f64, f64)| Moment { step, tera: way.tera * step as f64, seconds, loss };
        Some(Traced { place, way, moments: points.iter().map(moment).collect() })
    };
    let ways: Vec<Traced<'_>> = names.iter().enumerate().filter_map(line).collect();
    let missing: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| ways.iter().all(|way| way.way.preset != *name)).collect();
    let steps: Vec<usize> =
        ways.first().map(|way| way.moments.iter().map(|moment| moment.step).collect()).unwrap_or_default();
    let last = steps.last().copied().unwrap_or(0);
    let step = shelf.step.and_then(|at| steps.iter().copied().min_by_key(|step| step.abs_diff(at))).unwrap_or(last);
    let unit = if held_out { "bits per byte, held-out text" } else { "training loss, nats per token" };
    let losses = || ways.iter().flat_map(|way| way.moments.iter().map(|moment| moment.loss));
    let (low, high) = (losses().fold(f64::INFINITY, f64::min), losses().fold(0.0, f64::max));
    let range = ((low * 4.0).floor() / 4.0, (high * 4.0).ceil() / 4.0);
    let columns = if width >= 3.0 * LEAST { 3 } else { 1 };
    let size = Size { width: ((width - (columns - 1) as f32 * GAP) / columns as f32).max(260.0), height: HEIGHT };
    let axes: [Axis; 3] = [
        ("steps", |moment| moment.step as f64),
        ("training TFLOP", |moment| moment.tera),
        ("seconds at measured speed", |moment| moment.seconds),
    ];
    let chart = |(title, along): Axis| {
        let line = |way: &Traced<'_>| Line {
            name: format!("{} {}", letter(way.place), way.way.preset),
            hue: HUES[way.place % HUES.len()],
            points: way.moments.iter().map(|moment| (along(moment), moment.loss)).collect(),
            at: way.moments.iter().find(|moment| moment.step == step).map(|moment| (along(moment), moment.loss)),
        };
        let chart = Chart { title: title.into(), upwards: unit.into(), lines: ways.iter().map(line).collect(), range };
        let svg = drawn(&chart.scene(size), look.theme);
        let back: Vec<(f64, usize)> =
            ways.iter().flat_map(|way| way.moments.iter().map(|moment| (along(moment), moment.step))).collect();
        let shelf = shelf.clone();
        let onpointermove = move |event: PointerEvent| {
            let found = place(&event).and_then(|pointer| chart.nearest(pointer.x, size));
            let found = found.and_then(|x| back.iter().find(|(along, _)| *along == x));
            if let Some((_, step)) = found {
                shelf.dispatch(Put::Step(*step));
            }
        };
        html! { <div key={title} class="scene" {onpointermove}>{ svg }</div> }
    };
    let oninput = {
        let (shelf, steps) = (shelf.clone(), steps.clone());
        move |event: InputEvent| {
            let index = event.target_dyn_into::<HtmlInputElement>().map_or(0.0, |input| input.value_as_number());
            if let Some(step) = steps.get(index as usize) {
                shelf.dispatch(Put::Step(*step));
            }
        }
    };
    let index = steps.iter().position(|one| *one == step).unwrap_or(0);
    let said = ways.iter().filter_map(|way| {
        let moment = way.moments.iter().find(|moment| moment.step == step)?;
        Some(html! { <li><b>{ letter(way.place) }</b>{ format!(" {} {:.3} · {:.2} TFLOP · {:.0} s", way.way.preset, moment.loss, moment.tera, moment.seconds) }</li> })
    });
    let choice = |on: bool, name: &'static str, testid: &'static str| {
        let shelf = shelf.clone();
        let pressed = held_out == on;
        html! { <button type="button" class={if pressed { "on" } else { "" }} aria-pressed={pressed.to_string()} data-testid={testid} onclick={move |_| shelf.dispatch(Put::Training(!on))}>{ name }</button> }
    };
    let seeds = ways.iter().map(|way| way.way.seeds).max().unwrap_or(0);
    let forward: Vec<&str> = look
        .routed
        .iter()
        .filter(|one| order(&one.trace).is_some() && ways.iter().any(|way| way.way.preset == one.name))
        .map(|one| one.name.as_str())
        .collect();
    html! {
        <section class="part" data-testid="curves" tabindex="-1" aria-label="Curves">
            <div class="part-head"><h2>{ "Better per step, per operation, per second?" }</h2>
                <div class="segments segments-small" role="group" aria-label="Which loss">{ choice(true, "Held-out text", "curves-held-out") }{ choice(false, "Training", "curves-training") }</div></div>
            <p class="part-lead">{ "The same runs three times. What wins per step need not win per operation or per second: that is why all three are drawn." }</p>
            <div class="part-body charts">
                if ways.is_empty() { <p class="soft">{ "None of these models has a log among the results." }</p> }
                else if look.table { { sheet(&table(&ways, unit), look.with) } }
                else if width > 0.0 { { for axes.into_iter().map(chart) } }
            </div>
            if !ways.is_empty() {
                <div class="readout"><label>{ "Step" }<input type="range" class="playback-scrub" data-testid="curves-step" min="0" max={steps.len().saturating_sub(1).to_string()} value={index.to_string()}
                        aria-valuetext={format!("step {}", count(step))} {oninput} /></label>
                    <output data-testid="curves-readout"><b>{ format!("step {}", count(step)) }</b><ul>{ for said }</ul></output></div>
            }
            <p class="part-note">
                if !missing.is_empty() { { format!("No log among the results: {}. ", missing.join(", ")) } }
                if held_out && !forward.is_empty() { { format!("Trained as published and measured here left to right, without later tokens, as it has to write: {}. What was never trained so can get worse while the published form, in brackets in the results below, gets better. ", forward.join(", ")) } }
                { format!("Training operations are three times those of the forward pass, for every token. Training losses are means over {} steps. ", shown.window) }
                if seeds > 1 { { format!("Means over up to {seeds} seeds. ") } }
                { match ways.iter().filter(|way| way.way.shared).map(|way| way.way.preset.as_str()).collect::<Vec<_>>().join(", ") {
                    names if names.is_empty() => "Seconds at each method’s own speed, measured by turns on the same idle machine.".to_owned(),
                    names => format!("Seconds as logged; by the unevenness of their speed these runs shared the machine: {names}. Their third curve says nothing about the method."),
                } }
            </p>
        </section>
    }
}

/// The same in numbers.
fn table(ways: &[Traced<'_>], unit: &str) -> Table {
    let rows = ways.iter().flat_map(|way| {
        way.moments.iter().map(|moment| {
            let numbers = [moment.tera, moment.seconds, moment.loss];
            let cells = numbers.iter().zip([2, 0, 3]).map(|(number, digits)| format!("{number:.digits$}"));
            let words = [way.way.preset.clone(), count(moment.step)];
            (way.way.preset.as_str(), words.into_iter().chain(cells).collect())
        })
    });
    let heads = ["model", "step", "training TFLOP", "seconds", unit].map(str::to_owned).to_vec();
    made("curve", "Curves in numbers", heads, rows.collect())
}
