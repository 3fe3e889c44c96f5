//! How the losses of the chosen models fell: against steps, operations and seconds.

use super::flows::order;
use super::results::{made, sheet};
use super::{Look, shelf::Put, shelf::Shelf};
use crate::app::format::count;
use crate::app::models::catalog;
use crate::app::scene_view::{drawn, place};
use crate::app::translate::prose;
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
/// Longest title that leaves a chart its room; where one is longer, lines go by their letters.
const TITLE: usize = 20;

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
    let missing: Vec<&str> = names
        .iter()
        .filter(|name| ways.iter().all(|way| way.way.preset != **name))
        .map(|name| catalog::title(name))
        .collect();
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
        (
            if ways.iter().all(|way| way.way.measured) { "seconds at measured speed" } else { "seconds, as logged" },
            |moment| moment.seconds,
        ),
    ];
    let short = ways.iter().all(|way| catalog::title(&way.way.preset).chars().count() <= TITLE);
    let chart = |(title, along): Axis| {
        let line = |way: &Traced<'_>| Line {
            name: if short {
                format!("{} {}", letter(way.place), catalog::title(&way.way.preset))
            } else {
                letter(way.place).to_string()
            },
            place: way.place,
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
        Some(html! { <li><b translate="no">{ letter(way.place) }</b>{ prose(&format!(" {} {:.3} · {:.2} TFLOP · {:.0} s", catalog::title(&way.way.preset), moment.loss, moment.tera, moment.seconds)) }</li> })
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
        .map(|one| catalog::title(&one.name))
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
                    <output data-testid="curves-readout"><b>{ prose(&format!("step {}", count(step))) }</b><ul>{ for said }</ul></output></div>
            }
            <p class="part-note">
                if !missing.is_empty() { { format!("No log among the results: {}. ", missing.join(", ")) } }
                if held_out && !forward.is_empty() { { format!("Trained as published and measured here left to right, without later tokens, as it has to write: {}. What was never trained so can get worse while the published form, in brackets in the results below, gets better. ", forward.join(", ")) } }
                { prose(&format!("Training operations are three times those of the forward pass, for every token. Training losses are means over {} steps. ", shown.window)) }
                if seeds > 1 { { prose(&format!("Means over up to {seeds} seeds. ")) } }
                { seconds(&ways) }
            </p>
        </section>
    }
}

/// Where the seconds come from.
fn seconds(ways: &[Traced<'_>]) -> String {
    let named = |wanted: fn(&Way) -> bool| {
        ways.iter()
            .filter(|way| wanted(way.way))
            .map(|way| catalog::title(&way.way.preset))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (logged, shared) = (named(|way| !way.measured), named(|way| way.shared));
    let mut words = match logged.is_empty() {
        true => {
            "Seconds at each method’s own speed, which was measured by turns with the others on one machine.".to_owned()
        }
        false => format!("Seconds as the runs logged them, each in its own hour: {logged}."),
    };
    if !shared.is_empty() {
        words.push_str(&format!(" By the unevenness of their speed these shared the machine: {shared}. Their third curve says nothing about the method."));
    }
    words
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
