//! The curves in numbers: the picture's twin for who reads rather than looks.

use super::act::Act;
use super::state::State;
use crate::app::format::{count, expert};
use crate::lab::record::StepRecord;
use crate::scene::lab::words::{busiest, loss};
use yew::prelude::*;

/// Rows at most: spread over the whole run.
const ROWS: usize = 100;

/// The table.
pub fn view(state: &State, on: &Callback<Act>) -> Html {
    let Some(run) = &state.run else { return html! {} };
    let curve = run.curve(state.selected);
    let total = curve.records().count();
    let every = total.div_ceil(ROWS).max(1);
    let now = curve.at(state.step()).map(|record| record.step);
    let rows: Vec<&StepRecord> = curve
        .records()
        .enumerate()
        .filter(|(at, record)| (total - 1 - at) % every == 0 || Some(record.step) == now)
        .map(|(_, record)| record)
        .collect();
    let layers = rows.first().map_or(0, |record| record.layers.len());
    let row = |record: &&StepRecord| {
        let step = record.step;
        let held =
            curve.measured_at(step).filter(|e| e.step == step).map_or_else(|| "–".to_owned(), |e| loss(e.loss, 3));
        let layer = |layer: &crate::lab::LayerRecord| {
            let top = busiest(&layer.load)
                .map_or_else(String::new, |(e, share)| format!("{} {:.0} %", expert(e), share * 100.0));
            html! { <><td>{ format!("{:.2}", layer.max_over_mean) }</td><td>{ format!("{:.2}", layer.load_entropy) }</td><td>{ layer.router_entropy.map_or_else(|| "fixed".to_owned(), |value| format!("{value:.2}")) }</td><td>{ top }</td></> }
        };
        let on_it = Some(step) == now;
        html! {
            <tr key={step} class={on_it.then_some("row-on")}><th scope="row"><button type="button" aria-pressed={on_it.to_string()} onclick={on.reform(move |_| Act::Seek(Some(step)))}>{ count(step as usize) }</button></th>
                <td>{ loss(record.loss, 3) }</td><td>{ held }</td>{ for record.layers.iter().map(layer) }</tr>
        }
    };
    let heads = (1..=layers).map(|l| html! { <><th scope="col">{ format!("L{l} max/mean") }</th><th scope="col">{ "load H" }</th><th scope="col">{ "router H" }</th><th scope="col">{ "busiest" }</th></> });
    html! {
        <div class="lab-table table-view" data-testid="lab-table">
            <div class="table-scroll" tabindex="0" role="region" aria-label="Curves in numbers">
                <table>
                    <caption>{ format!("{}: {} of {} recorded steps. Loss in nats per token; H is entropy over ln E. All numbers are in the export.", curve.name, count(rows.len()), count(total)) }</caption>
                    <thead><tr><th scope="col">{ "Step" }</th><th scope="col">{ "Train" }</th><th scope="col">{ "Held-out" }</th>{ for heads }</tr></thead>
                    <tbody>{ for rows.iter().rev().map(row) }</tbody>
                </table>
            </div>
        </div>
    }
}
