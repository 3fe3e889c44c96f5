//! How the losses of the chosen models fell: against steps, operations and seconds.

use super::flows::order;
use super::results::{made, sheet};
use super::{Look, Publish, Published};
use crate::app::action::Action;
use crate::app::format::count;
use crate::app::models::catalog;
use crate::app::scene_view::{drawn, place};
use crate::app::translate::prose;
use crate::messages::compare as words;
use crate::results::shown::{LearningCurve, Report, ReportTable};
use crate::scene::{
    curves::{Chart, CurveLine},
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
    way: &'a LearningCurve,
    moments: Vec<Moment>,
}

/// The section.
pub fn section(look: &Look<'_>, shown: &Report, published: &Published) -> Html {
    let (width, held_out) = (look.width, !published.training);
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
    let step = published.step.and_then(|at| steps.iter().copied().min_by_key(|step| step.abs_diff(at))).unwrap_or(last);
    let unit = if held_out { words::curves_bits() } else { words::curves_loss() };
    let losses = || ways.iter().flat_map(|way| way.moments.iter().map(|moment| moment.loss));
    let (low, high) = (losses().fold(f64::INFINITY, f64::min), losses().fold(0.0, f64::max));
    let range = ((low * 4.0).floor() / 4.0, (high * 4.0).ceil() / 4.0);
    let columns = if width >= 3.0 * LEAST { 3 } else { 1 };
    let size = Size { width: ((width - (columns - 1) as f32 * GAP) / columns as f32).max(260.0), height: HEIGHT };
    let axes: [Axis; 3] = [
        (words::axis_steps(), |moment| moment.step as f64),
        (words::axis_operations(), |moment| moment.tera),
        (
            if ways.iter().all(|way| way.way.measured) { words::axis_seconds() } else { words::axis_logged() },
            |moment| moment.seconds,
        ),
    ];
    let short = ways.iter().all(|way| catalog::title(&way.way.preset).chars().count() <= TITLE);
    let chart = |(title, along): Axis| {
        let line = |way: &Traced<'_>| CurveLine {
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
        let dispatch = look.dispatch.clone();
        let onpointermove = move |event: PointerEvent| {
            let found = place(&event).and_then(|pointer| chart.nearest(pointer.x, size));
            let found = found.and_then(|x| back.iter().find(|(along, _)| *along == x));
            if let Some((_, step)) = found {
                dispatch.emit(Action::Published(Publish::Step(*step)));
            }
        };
        html! { <div key={title} class="scene" {onpointermove}>{ svg }</div> }
    };
    let oninput = {
        let (dispatch, steps) = (look.dispatch.clone(), steps.clone());
        move |event: InputEvent| {
            let index = event.target_dyn_into::<HtmlInputElement>().map_or(0.0, |input| input.value_as_number());
            if let Some(step) = steps.get(index as usize) {
                dispatch.emit(Action::Published(Publish::Step(*step)));
            }
        }
    };
    let index = steps.iter().position(|one| *one == step).unwrap_or(0);
    let said = ways.iter().filter_map(|way| {
        let moment = way.moments.iter().find(|moment| moment.step == step)?;
        let Moment { tera, seconds, loss, .. } = moment;
        let told = format!(" {} {loss:.3} · {tera:.2} TFLOP · {seconds:.0} s", catalog::title(&way.way.preset));
        Some(html! { <li><b translate="no">{ letter(way.place) }</b>{ prose(&told) }</li> })
    });
    let choice = |on: bool, name: &'static str, testid: &'static str| {
        let dispatch = look.dispatch.clone();
        let pressed = held_out == on;
        html! {
            <button type="button" class={if pressed { "on" } else { "" }} aria-pressed={pressed.to_string()}
                data-testid={testid} onclick={move |_| dispatch.emit(Action::Published(Publish::Training(!on)))}>{ name }</button>
        }
    };
    let seeds = ways.iter().map(|way| way.way.seeds).max().unwrap_or(0);
    let forward: Vec<&str> = look
        .routed
        .iter()
        .filter(|one| order(&one.trace).is_some() && ways.iter().any(|way| way.way.preset == one.name))
        .map(|one| catalog::title(&one.name))
        .collect();
    let notes = [
        (!missing.is_empty()).then(|| words::note_missing(missing.join(", "))),
        (held_out && !forward.is_empty()).then(|| words::note_causal(forward.join(", "))),
        Some(words::note_operations(shown.window)),
        (seeds > 1).then(|| words::note_seeds(seeds)),
        Some(seconds(&ways)),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    html! {
        <section class="part" data-testid="curves" tabindex="-1" aria-label={words::curves()}>
            <div class="part-head"><h2>{ words::curves_head() }</h2>
                <div class="segments segments-small" role="group" aria-label={words::curves_which()}>
                    { choice(true, words::curves_held_out(), "curves-held-out") }
                    { choice(false, words::curves_training(), "curves-training") }</div></div>
            <p class="part-lead">{ words::curves_lead() }</p>
            <div class="part-body charts">
                if ways.is_empty() { <p class="soft">{ words::curves_none() }</p> }
                else if look.table { { sheet(&table(&ways, unit), look.with) } }
                else if width > 0.0 { { for axes.into_iter().map(chart) } }
            </div>
            if !ways.is_empty() {
                <div class="readout"><label>{ words::curves_scrub() }
                    <input type="range" class="playback-scrub" data-testid="curves-step" min="0"
                        max={steps.len().saturating_sub(1).to_string()} value={index.to_string()}
                        aria-valuetext={words::step(step)} {oninput} /></label>
                    <output data-testid="curves-readout">
                        <b>{ prose(&words::step(step)) }</b><ul>{ for said }</ul></output></div>
            }
            <p class="part-note">{ prose(&notes.join(" ")) }</p>
        </section>
    }
}

/// Where the seconds come from.
fn seconds(ways: &[Traced<'_>]) -> String {
    let named = |wanted: fn(&LearningCurve) -> bool| {
        ways.iter()
            .filter(|way| wanted(way.way))
            .map(|way| catalog::title(&way.way.preset))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (logged, shared) = (named(|way| !way.measured), named(|way| way.shared));
    let speed = match logged.is_empty() {
        true => words::note_measured().to_owned(),
        false => words::note_logged(logged),
    };
    if shared.is_empty() { speed } else { format!("{speed} {}", words::note_shared(shared)) }
}

/// The same in numbers.
fn table(ways: &[Traced<'_>], unit: &str) -> ReportTable {
    let rows = ways.iter().flat_map(|way| {
        way.moments.iter().map(|moment| {
            let numbers = [moment.tera, moment.seconds, moment.loss];
            let cells = numbers.iter().zip([2, 0, 3]).map(|(number, digits)| format!("{number:.digits$}"));
            let words = [way.way.preset.clone(), count(moment.step)];
            (way.way.preset.as_str(), words.into_iter().chain(cells).collect())
        })
    });
    let heads = [words::column_model(), words::column_step(), words::axis_operations(), words::column_seconds(), unit];
    made("curve", words::curves_table(), heads.map(str::to_owned).to_vec(), rows.collect())
}
